#include "validate/plain_quality.h"

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include <fmt/format.h>

namespace homeroom::validate {
namespace {

// Runs a check of one column's cells as one of rows.
class CellsOfRows : public RowChecker {
 public:
  CellsOfRows(const contract::Quality& quality, std::uint32_t column,
              std::unique_ptr<ColumnChecker> cells)
      : quality_(&quality), column_(column), cells_(std::move(cells)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    const std::size_t first = out.size();
    cells_->check(rows.cells(column_), out);
    for (std::size_t i = first; i < out.size(); ++i) {
      out[i].column = column_;
      if (!quality_->why.empty()) out[i].reason = explained(out[i].reason);
    }
  }

 private:
  // A check has a few reasons, whatever the file.
  std::string_view explained(std::string_view reason) {
    auto known = explained_.find(reason);
    if (known == explained_.end()) {
      known = explained_.emplace(reason, with_why(std::string(reason), *quality_)).first;
    }
    return known->second;
  }

  const contract::Quality* quality_;
  std::uint32_t column_;
  std::unique_ptr<ColumnChecker> cells_;
  std::map<std::string, std::string, std::less<>> explained_;
};

}  // namespace

// A value that its column cannot hold is not loaded, whatever a contract says.
const Check* find_plain_check(std::string_view name) {
  for (const Check* check : all_checks()) {
    if (check->bind_column != nullptr && check->name == name && name != "type") return check;
  }
  return nullptr;
}

std::vector<std::string_view> plain_checks() {
  std::vector<std::string_view> names;
  for (const Check* check : all_checks()) {
    if (find_plain_check(check->name) != nullptr) names.push_back(check->name);
  }
  return names;
}

Result<BoundQuality> bind_plain_check(const contract::Quality& quality, const Check& check,
                                      const CheckedTable& table, const CheckFacts& facts) {
  if (!quality.arguments.empty()) {
    return fail_quality(quality,
                        fmt::format("it has no argument {}", quality.arguments.begin()->first),
                        "what it checks stands at the column itself: required, "
                        "logicalTypeOptions");
  }
  if (quality.column.empty()) {
    return fail_quality(quality, "it stands at no column", "write it under a column");
  }
  const CheckedColumn* column = HOMEROOM_TRY(find_column(quality, table, facts, quality.column));
  if (column == nullptr) return BoundQuality{};
  auto cells = HOMEROOM_TRY(check.bind_column(*column));
  if (cells == nullptr) {
    return fail_quality(quality, fmt::format("the column {} does not ask for it", quality.column),
                        "state what is checked at the column: required, logicalTypeOptions");
  }
  return BoundQuality{.rows =
                          std::make_unique<CellsOfRows>(quality, column->index, std::move(cells))};
}

}  // namespace homeroom::validate
