#include "validate/check.h"

namespace homeroom::validate {
namespace {

// Bits tell whether a column has a null at all: of the states, only kNull and kBad are odd.
static_assert(static_cast<int>(CellState::kValue) == 0 && static_cast<int>(CellState::kNull) == 1 &&
              static_cast<int>(CellState::kSuppressed) == 2);

class RequiredChecker : public ColumnChecker {
 public:
  explicit RequiredChecker(std::string reason) : reason_(std::move(reason)) {}

  void check(std::span<const Cell> cells, std::vector<RowProblem>& out) override {
    unsigned states = 0;
    for (const Cell& cell : cells) states |= static_cast<unsigned>(cell.state);
    if ((states & static_cast<unsigned>(CellState::kNull)) == 0) return;
    for (std::size_t row = 0; row < cells.size(); ++row) {
      if (cells[row].state != CellState::kNull) continue;
      add_problem(out, row, reason_);
    }
  }

 private:
  std::string reason_;
};

Result<std::unique_ptr<ColumnChecker>> bind(const CheckedColumn& column) {
  const bool is_required =
      column.table->is_required || (column.declared != nullptr && column.declared->is_required);
  if (!is_required) return nullptr;
  const char* what = column.is_key ? "is empty, and the key needs it" : "is empty";
  return std::make_unique<RequiredChecker>(with_why(what, column.declared));
}

constexpr Example kExamples[] = {
    {.in = "", .reason = "is empty", .is_required = true},
    {.in = "0012345", .reason = "", .is_required = true},
    {.in = "*", .reason = "", .is_required = true},
    {.in = "", .reason = "", .is_required = false},
    {.in = "",
     .reason = "is empty (rosters are joined by it)",
     .is_required = true,
     .why = "rosters are joined by it."},
};

}  // namespace

extern const Check check_required = {
    .name = "required",
    .summary = "A column that must have a value has one; a suppressed value counts",
    .bind_column = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
