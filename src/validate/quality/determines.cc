#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/group_ledger.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class DependencyChecker : public FileChecker {
 public:
  DependencyChecker(const contract::Quality& quality, const CheckFacts& facts,
                    std::vector<std::uint32_t> columns, std::uint32_t dependent, std::string names)
      : quality_(&quality),
        columns_(std::move(columns)),
        dependent_(dependent),
        names_(std::move(names)),
        ledger_(facts.scratch, facts.memory_bytes, facts.hash_secret) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> lines) override {
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      const Cell& content = rows.cells(dependent_)[row];
      if (rows.is_left_out(row) || !content.has_value()) continue;
      group_.clear();
      for (const std::uint32_t column : columns_) group_.push_back(rows.cells(column)[row]);
      if (!std::ranges::all_of(group_, &Cell::has_value)) continue;
      HOMEROOM_TRY(ledger_.add(lines[row], group_, {&content, 1}));
    }
    return {};
  }

  // What most rows say is taken for right; where none is commonest, no row is.
  Status finish(FileVerdict& out) override {
    const std::string differs =
        with_why(fmt::format("is not what most rows with the same {} have", names_), *quality_);
    const std::string varies =
        with_why(fmt::format("differs among the rows with the same {}", names_), *quality_);
    return ledger_.each([&](const GroupedRow& row, std::uint64_t num_same,
                            const GroupLedger::Group& group) -> Status {
      if (group.num_contents == 1 || (!group.is_tied && num_same == group.most)) return {};
      out.add_line(
          {.line = row.line, .column = dependent_, .reason = group.is_tied ? varies : differs});
      return {};
    });
  }

  [[nodiscard]] bool finds_lines() const override { return true; }

 private:
  const contract::Quality* quality_;
  std::vector<std::uint32_t> columns_;
  std::uint32_t dependent_;
  std::string names_;
  GroupLedger ledger_;
  std::vector<Cell> group_;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  std::vector<std::uint32_t> columns = HOMEROOM_TRY(columns_of(quality, table, facts, "columns"));
  const CheckedColumn* dependent = HOMEROOM_TRY(own_column(quality, table, facts));
  if (columns.empty() || dependent == nullptr) return BoundQuality{};
  return BoundQuality{.file = std::make_unique<DependencyChecker>(
                          quality, facts, std::move(columns), dependent->index,
                          join(quality.arguments.at("columns"), ", "))};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: determines, columns: "
             "[zip]}}",
     .columns = "city:text zip:text",
     .rows = "Swampscott|01907 / Swampscot|01907 / Swampscott|01907 / Lynn|01901 / |01901",
     .says = "line 3, city: is not what most rows with the same zip have"},
    {.yaml = "{type: custom, engine: homeroom, description: A ZIP code lies in one state., "
             "implementation: {check: determines, columns: [zip]}}",
     .columns = "state:text zip:text",
     .rows = "MA|01907 / NH|01907",
     .says = "line 2, state: differs among the rows with the same zip (A ZIP code lies in one "
             "state); line 3, state: differs among the rows with the same zip (A ZIP code lies in "
             "one state)"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "determines, columns: [zip]}}",
     .columns = "city:text zip:text",
     .rows = "Lynn|01901 / Lynn|01901",
     .says = ""},
};

}  // namespace

extern const QualityCheck check_determines = {
    .name = "determines",
    .summary =
        "Rows that agree in `columns` agree in this column; those that differ from most "
        "others are found, or all where none is commonest",
    .arguments = "columns column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
