#include "validate/check.h"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "contract/quality/tolerated.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
CheckedTable describe(const TableSchema& table, const contract::Contract* contract,
                      std::span<const int> contract_columns) {
  CheckedTable checked{.contract = contract, .columns = {}};
  checked.columns.reserve(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    const int declared = i < contract_columns.size() ? contract_columns[i] : -1;
    const bool is_declared = contract != nullptr && declared >= 0;
    checked.columns.push_back(
        {.index = static_cast<std::uint32_t>(i),
         .table = &table.columns[i],
         .declared = is_declared ? &contract->columns[static_cast<std::size_t>(declared)] : nullptr,
         .is_key = std::ranges::find(table.key, table.columns[i].name) != table.key.end()});
  }
  return checked;
}

const CheckedColumn* CheckedTable::find(std::string_view name) const {
  const auto found = std::ranges::find_if(
      columns, [&](const CheckedColumn& column) { return column.table->name == name; });
  return found == columns.end() ? nullptr : &*found;
}

std::string with_why(std::string what, const contract::Column* declared) {
  if (declared == nullptr || declared->why.empty()) return what;
  std::string_view why = declared->why;
  if (why.ends_with('.')) why.remove_suffix(1);
  return fmt::format("{} ({})", what, why);
}

tl::unexpected<Error> fail_declaration(const contract::Column& declared, std::string_view what,
                                       std::string hint) {
  auto error = fail(
      ErrorCode::kConfig,
      fmt::format("{}, line {}: column {}: {}", declared.file, declared.line, declared.name, what),
      std::move(hint));
  error.value().position.line = declared.line;
  return error;
}

Result<RowValidator> RowValidator::create(const TableSchema& table,
                                          const contract::Contract* contract,
                                          std::span<const int> contract_columns,
                                          const CheckFacts* facts) {
  RowValidator validator;
  const CheckedTable checked = describe(table, contract, contract_columns);
  for (const Check* check : all_checks()) HOMEROOM_TRY(validator.bind(*check, checked));
  HOMEROOM_TRY(validator.bind_quality_of_rows(checked, facts == nullptr ? CheckFacts{} : *facts));
  std::ranges::stable_sort(validator.column_checks_, {}, &BoundColumnCheck::column);
  return validator;
}

bool is_of_rows(const contract::Quality& quality) {
  return quality.severity == Severity::kError && quality.tolerates_nothing();
}

Status RowValidator::bind_quality_of_rows(const CheckedTable& table, const CheckFacts& facts) {
  if (table.contract == nullptr) return {};
  for (const contract::Quality& quality : table.contract->quality) {
    if (!is_of_rows(quality)) continue;
    BoundQuality bound = HOMEROOM_TRY(bind_quality(quality, table, facts));
    if (bound.rows != nullptr) row_checks_.push_back({quality.check, std::move(bound.rows)});
  }
  return {};
}

Status RowValidator::bind(const Check& check, const CheckedTable& table) {
  if (check.bind_table != nullptr) {
    auto checker = HOMEROOM_TRY(check.bind_table(table));
    if (checker != nullptr) row_checks_.push_back({check.name, std::move(checker)});
    return {};
  }
  for (const CheckedColumn& column : table.columns) {
    const bool is_said_elsewhere =
        table.contract != nullptr && column.declared != nullptr &&
        contract::find_check(*table.contract, check.name, column.declared->name) != nullptr;
    if (is_said_elsewhere) continue;  // `quality` says how loud it is
    auto checker = HOMEROOM_TRY(check.bind_column(column));
    if (checker == nullptr) continue;
    column_checks_.push_back({check.name, column.index, std::move(checker)});
  }
  return {};
}

// `checks` are those of one column.
void RowValidator::check_column(std::span<const BoundColumnCheck> checks,
                                std::span<const Cell> cells, const std::vector<RowIndex>* open,
                                std::vector<RowProblem>& out) {
  if (open != nullptr) {
    open_cells_.clear();
    for (const RowIndex row : *open) open_cells_.push_back(cells[row]);
    cells = open_cells_;
  }
  for (const BoundColumnCheck& bound : checks) {
    const std::size_t first = out.size();
    bound.checker->check(cells, out);
    for (std::size_t i = first; i < out.size(); ++i) {
      if (open != nullptr) out[i].row = (*open)[out[i].row];
      out[i].column = bound.column;
      out[i].rule = bound.rule;
    }
  }
}

void RowValidator::check(std::span<const std::vector<Cell>* const> columns, RowIndex num_rows,
                         std::vector<RowProblem>& out,
                         std::span<const std::vector<RowIndex>* const> open,
                         const FileCell* file_cell) {
  out.clear();
  const CheckedRows rows{.columns = columns, .num_rows = num_rows, .file_cell = file_cell};
  std::span<const BoundColumnCheck> left = column_checks_;
  while (!left.empty()) {
    const std::uint32_t column = left.front().column;
    const auto end = std::ranges::find_if(
        left, [&](const BoundColumnCheck& bound) { return bound.column != column; });
    const auto number = static_cast<std::size_t>(end - left.begin());
    check_column(left.first(number), rows.cells(column),
                 column < open.size() ? open[column] : nullptr, out);
    left = left.subspan(number);
  }
  for (const BoundRowCheck& bound : row_checks_) {
    const std::size_t first = out.size();
    bound.checker->check(rows, out);
    for (std::size_t i = first; i < out.size(); ++i) out[i].rule = bound.rule;
  }
  std::ranges::stable_sort(
      out, {}, [](const RowProblem& problem) { return std::pair(problem.row, problem.column); });
}

}  // namespace homeroom::validate
