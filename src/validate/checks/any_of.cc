#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/check.h"

namespace homeroom::validate {
namespace {

class AnyOfChecker : public RowChecker {
 public:
  AnyOfChecker(std::vector<std::uint32_t> columns, std::string reason)
      : columns_(std::move(columns)), reason_(std::move(reason)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      const bool has_one = std::ranges::any_of(columns_, [&](std::uint32_t column) {
        return (*rows.columns[column])[row].state != CellState::kNull;
      });
      if (!has_one) out.push_back({.row = row, .column = kWholeRow, .reason = reason_});
    }
  }

 private:
  std::vector<std::uint32_t> columns_;
  std::string reason_;
};

// A column that the table does not have has no value in any row.
Result<std::unique_ptr<RowChecker>> bind(const CheckedTable& table) {
  if (table.contract == nullptr || table.contract->any_of.empty()) return nullptr;
  const std::vector<std::string>& names = table.contract->any_of;
  std::vector<std::uint32_t> columns;
  for (const std::string& name : names) {
    if (const CheckedColumn* column = table.find(name)) columns.push_back(column->index);
  }
  std::string reason = names.size() == 1 ? fmt::format("has no {}", names.front())
                                         : fmt::format("has none of {}", join(names, ", "));
  return std::make_unique<AnyOfChecker>(std::move(columns), std::move(reason));
}

constexpr std::string_view kIds = "student_id|state_student_id";
constexpr Example kExamples[] = {
    {.in = "0012345|", .reason = "", .columns = kIds, .any_of = kIds},
    {.in = "|9000012345", .reason = "", .columns = kIds, .any_of = kIds},
    {.in = "*|", .reason = "", .columns = kIds, .any_of = kIds},
    {.in = "|",
     .reason = "has none of student_id, state_student_id",
     .columns = kIds,
     .any_of = kIds},
    {.in = "", .reason = "has no student_id", .columns = "student_id", .any_of = "student_id"},
    {.in = "", .reason = "has none of student_id, state_student_id", .any_of = kIds},
    {.in = "|", .reason = "", .columns = kIds},
};

}  // namespace

extern const Check check_any_of = {
    .name = "any_of",
    .summary = "A row has at least one of the columns of which its contract wants one",
    .bind_table = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
