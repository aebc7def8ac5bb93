#include <string>

#include <fmt/format.h>

#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// True when `text` has the form at `at`, 'd' standing for a digit, and no digit before or after.
bool has_form(std::string_view text, std::size_t at, std::string_view form) {
  if (text.size() - at < form.size()) return false;
  if (at > 0 && (is_digit(text[at - 1]) || text[at - 1] == '-')) return false;
  for (std::size_t i = 0; i < form.size(); ++i) {
    const char c = text[at + i];
    if (form[i] == 'd' ? !is_digit(c) : c != form[i]) return false;
  }
  const std::size_t end = at + form.size();
  return end == text.size() || (!is_digit(text[end]) && text[end] != '-');
}

// 000, 666 and 900 to 999 never begin a social security number, nor has a part only zeros.
// Source: Social Security Administration, POMS RM 10201.035.
bool is_social_security(std::string_view text, std::size_t at) {
  if (!has_form(text, at, "ddd-dd-dddd") && !has_form(text, at, "ddd dd dddd")) return false;
  const std::string_view area = text.substr(at, 3);
  return area != "000" && area != "666" && area[0] != '9' && text.substr(at + 4, 2) != "00" &&
         text.substr(at + 7, 4) != "0000";
}

bool is_phone(std::string_view text, std::size_t at) {
  return has_form(text, at, "ddd-ddd-dddd") || has_form(text, at, "ddd.ddd.dddd") ||
         has_form(text, at, "(ddd) ddd-dddd") || has_form(text, at, "(ddd)ddd-dddd");
}

class HiddenNumberChecker : public RowChecker {
 public:
  HiddenNumberChecker(std::vector<std::uint32_t> columns, const contract::Quality& quality)
      : columns_(std::move(columns)),
        social_security_(with_why("holds what looks like a social security number", quality)),
        phone_(with_why("holds what looks like a telephone number", quality)) {}

  void check(const CheckedRows& rows, std::vector<RowProblem>& out) override {
    for (const std::uint32_t column : columns_) {
      const auto cells = rows.cells(column);
      for (RowIndex row = 0; row < rows.num_rows; ++row) {
        if (!cells[row].has_value()) continue;
        const std::string_view found = find(cells[row].text());
        if (!found.empty()) out.push_back({.row = row, .column = column, .reason = found});
      }
    }
  }

 private:
  [[nodiscard]] std::string_view find(std::string_view text) const {
    constexpr std::size_t kShortest = 11;
    for (std::size_t at = 0; at + kShortest <= text.size(); ++at) {
      if (is_digit(text[at]) && is_social_security(text, at)) return social_security_;
      if ((is_digit(text[at]) || text[at] == '(') && is_phone(text, at)) return phone_;
    }
    return {};
  }

  std::vector<std::uint32_t> columns_;
  std::string social_security_;
  std::string phone_;
};

// At a column, or of a data set every text that the contract does not call restricted.
Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  std::vector<std::uint32_t> columns;
  if (!quality.column.empty() || quality.find("column") != nullptr) {
    const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
    if (column != nullptr) columns.push_back(column->index);
  } else {
    for (const CheckedColumn& column : table.columns) {
      const contract::Column* declared = column.declared;
      const bool is_free = declared == nullptr || (declared->kind == contract::Kind::kText &&
                                                   declared->classification != "restricted");
      if (column.table->type == SqlType::kText && is_free) columns.push_back(column.index);
    }
  }
  if (columns.empty()) return BoundQuality{};
  return BoundQuality{.rows = std::make_unique<HiddenNumberChecker>(std::move(columns), quality)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "hidden_numbers}}",
     .columns = "note:text",
     .rows = "met mother / SSN 123-45-6789 / call (555) 555-0100 / 2025-11-03 / 900-12-3456",
     .says = "warning: 2 rows (40 %): holds what looks like a social security number, first at "
             "line 3"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: hidden_numbers}}",
     .columns = "note:text",
     .rows = "0123-45-67890 / 555.555.0100",
     .says = "line 3, note: holds what looks like a telephone number"},
};

}  // namespace

extern const QualityCheck check_hidden_numbers = {
    .name = "hidden_numbers",
    .summary =
        "Texts hold no social security or telephone numbers; of a data set, every text "
        "column that is not restricted is looked at",
    .arguments = "column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
