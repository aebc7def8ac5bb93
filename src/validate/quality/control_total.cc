#include <algorithm>
#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "validate/exact_sum.h"
#include "validate/footer_number.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

class TotalChecker : public FileChecker {
 public:
  TotalChecker(const contract::Quality& quality, const CheckedColumn& column, FooterPlace place,
               bool is_optional)
      : quality_(&quality),
        column_(column.index),
        name_(column.table->name),
        place_(std::move(place)),
        is_optional_(is_optional) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> /*lines*/) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row)) continue;
      if (cells[row].state == CellState::kNull) continue;
      const bool is_added = cells[row].has_value() && sum_.add(cells[row].text());
      if (!is_added) ++num_unread_;
    }
    return {};
  }

  void note_end(const FileEnd& end) override { stated_ = find_number(end.footers, place_); }

  Status finish(FileVerdict& out) override {
    if (!stated_) {
      if (!is_optional_)
        add(0, fmt::format("no line behind the rows states the total of {}", name_), out);
      return {};
    }
    ExactSum apart = sum_;
    if (!apart.add(stated_->text, true)) {
      add(stated_->line, fmt::format("the total of {} has too many digits", name_), out);
      return {};
    }
    std::string difference = apart.text();
    if (difference.starts_with('-')) difference.erase(0, 1);
    if (quality_->bound ? fits(*quality_->bound, figure(difference)) : difference == "0") return {};
    std::string message = fmt::format("the file says that {} adds up to {}, its rows to {}", name_,
                                      stated_->text, sum_.text());
    if (num_unread_ > 0) {
      message += fmt::format(", without {} that are hidden or cannot be read",
                             counted(num_unread_, "value"));
    }
    if (quality_->bound)
      message += fmt::format("; the difference must be {}", quality_->bound->words());
    add(stated_->line, std::move(message), out);
    return {};
  }

 private:
  // The difference itself, or what it is of the total in percent.
  [[nodiscard]] std::string figure(const std::string& difference) const {
    if (!quality_->bound->is_percent) return difference;
    ExactSum part;
    ExactSum total;
    part.add(difference);
    total.add(stated_->text);
    if (total.approximate() == 0) return difference == "0" ? "0" : "100";
    const double percent = 100 * part.approximate() / total.approximate();
    return fmt::format("{:.9f}", percent < 0 ? -percent : percent);
  }

  void add(LineNumber line, std::string message, FileVerdict& out) const {
    out.findings.push_back(
        {.line = line, .column = column_, .message = with_why(std::move(message), *quality_)});
  }

  const contract::Quality* quality_;
  std::uint32_t column_;
  std::string name_;
  FooterPlace place_;
  bool is_optional_;
  ExactSum sum_;
  std::uint64_t num_unread_ = 0;
  std::optional<FooterNumber> stated_;
};

// Where the column stands in the file, from 1; 0: in no one place.
std::size_t position_of(const CheckedTable& table, const CheckFacts& facts,
                        const CheckedColumn& column) {
  const int index = table.contract == nullptr ? -1 : table.contract->find(column.table->name);
  const auto at = std::ranges::find(facts.header_columns, index);
  if (index < 0 || at == facts.header_columns.end()) return 0;
  return static_cast<std::size_t>(at - facts.header_columns.begin()) + 1;
}

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  FooterPlace place = HOMEROOM_TRY(footer_place(quality));
  const bool optional = HOMEROOM_TRY(is_optional(quality));
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  const SqlType type = column->table->type;
  if (type != SqlType::kBigint && type != SqlType::kNumeric) {
    return fail_quality(quality, "only numbers add up", "declare the column as a number");
  }
  if (place.field == 0) place.field = position_of(table, facts, *column);
  return BoundQuality{
      .file = std::make_unique<TotalChecker>(quality, *column, std::move(place), optional)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: control_total}}",
     .columns = "fee:decimal club:text room:text",
     .rows = "0.10|Chess|12 / 0.20|Choir|14",
     .says = "",
     .footer = "$0.30|Total"},
    {.yaml = "{type: custom, engine: homeroom, description: The ledger is closed by it., "
             "implementation: {check: control_total, marked: TRL, field: 3}}",
     .columns = "fee:decimal club:text room:text day:date",
     .rows = "1200|Chess|12| / 4.5|Choir|14|",
     .says = "error: the file says that fee adds up to 1205.5, its rows to 1204.5 (The ledger is "
             "closed by it), first at line 4",
     .footer = "TRL|2|1,205.5"},
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "control_total, mustBeLessThan: 1, unit: percent}}",
     .columns = "fee:integer club:text",
     .rows = "100|Chess / 101|Choir",
     .says = "",
     .footer = "200|Total"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: control_total}}",
     .columns = "fee:integer club:text",
     .rows = "100|Chess",
     .says = "error: no line behind the rows states the total of fee"},
};

}  // namespace

extern const QualityCheck check_control_total = {
    .name = "control_total",
    .summary =
        "The column adds up to the total that a line behind the rows states, under the column or "
        "in field `field` of the line that begins with `marked`; a bound holds the difference, "
        "`optional: true` lets files without such a line pass",
    .arguments = "column marked field optional",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
