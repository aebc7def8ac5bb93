#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "base/date.h"
#include "base/text.h"
#include "validate/quality_check.h"

namespace homeroom::validate {
namespace {

// A day or number more than so many steps from the others makes no sequence: 2 MiB of bits.
constexpr std::uint64_t kWidest = std::uint64_t{1} << 24U;
constexpr int kSunday = 0;
constexpr int kSaturday = 6;

// Day 0 is 1970-01-01, a Thursday.
int weekday(std::int64_t day) {
  return static_cast<int>(((day + 4) % 7 + 7) % 7);
}

class SequenceChecker : public FileChecker {
 public:
  SequenceChecker(const contract::Quality& quality, const CheckedColumn& column, bool is_date,
                  bool has_weekends)
      : quality_(&quality), column_(column.index), is_date_(is_date), has_weekends_(has_weekends) {}

  Status observe(const CheckedRows& rows, std::span<const LineNumber> /*lines*/) override {
    const auto cells = rows.cells(column_);
    for (RowIndex row = 0; row < rows.num_rows; ++row) {
      if (rows.is_left_out(row) || !cells[row].has_value()) continue;
      if (const auto step = read(cells[row].text())) note(*step);
    }
    return {};
  }

  Status finish(FileVerdict& out) override {
    if (is_too_wide_) return say("its values lie too far apart to be a sequence", out);
    std::uint64_t num_missing = 0;
    std::int64_t first_missing = 0;
    const std::uint64_t num_steps = seen_.empty() ? 0 : distance(first_, last_) + 1;
    for (std::uint64_t i = 0; i < num_steps; ++i) {
      const std::int64_t step = first_ + static_cast<std::int64_t>(i);
      const bool is_weekend = weekday(step) == kSunday || weekday(step) == kSaturday;
      if (has(step) || (is_date_ && !has_weekends_ && is_weekend)) continue;
      if (num_missing++ == 0) first_missing = step;
    }
    if (quality_->bound ? fits(*quality_->bound, std::to_string(num_missing)) : num_missing == 0) {
      return {};
    }
    const std::string bound =
        quality_->bound ? fmt::format("; must be {}", quality_->bound->words()) : "";
    return say(fmt::format("{} missing between {} and {}, the first {}{}",
                           counted(num_missing, is_date_ ? "day" : "number"), words(first_),
                           words(last_), words(first_missing), bound),
               out);
  }

 private:
  Status say(std::string what, FileVerdict& out) const {
    out.findings.push_back({.column = column_, .message = with_why(std::move(what), *quality_)});
    return {};
  }

  [[nodiscard]] std::optional<std::int64_t> read(std::string_view text) const {
    if (is_date_) {
      const auto date = parse_iso_date(text.substr(0, 10));
      return date ? std::optional<std::int64_t>(to_day_number(*date)) : std::nullopt;
    }
    std::int64_t number = 0;
    const char* const end = text.data() + text.size();
    const auto [stopped, error] = std::from_chars(text.data(), end, number);
    if (error != std::errc() || stopped != end) return std::nullopt;
    return number;
  }

  // Of any two numbers, `low` not above `high`.
  [[nodiscard]] static std::uint64_t distance(std::int64_t low, std::int64_t high) {
    return static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  }

  // The bits grow to both sides of the first value, each at its end.
  void note(std::int64_t step) {
    if (seen_.empty()) {
      start_ = first_ = last_ = step;
      seen_.push_back(true);
      return;
    }
    first_ = std::min(first_, step);
    last_ = std::max(last_, step);
    is_too_wide_ = is_too_wide_ || distance(first_, last_) > kWidest;
    if (is_too_wide_) return;
    std::vector<bool>& bits = step < start_ ? seen_before_ : seen_;
    const std::size_t at = position(step);
    if (at >= bits.size()) bits.resize(at + 1);
    bits[at] = true;
  }

  [[nodiscard]] std::size_t position(std::int64_t step) const {
    return step < start_ ? distance(step, start_) - 1 : distance(start_, step);
  }

  [[nodiscard]] bool has(std::int64_t step) const {
    return (step < start_ ? seen_before_ : seen_)[position(step)];
  }

  [[nodiscard]] std::string words(std::int64_t step) const {
    if (!is_date_) return std::to_string(step);
    std::string day(10, ' ');
    write_iso_date(to_civil_date(static_cast<DayNumber>(step)), day.data());
    return day;
  }

  const contract::Quality* quality_;
  std::uint32_t column_;
  bool is_date_;
  bool has_weekends_;
  std::vector<bool> seen_;         ///< from `start_` on
  std::vector<bool> seen_before_;  ///< from the one before `start_` downwards
  std::int64_t start_ = 0;
  std::int64_t first_ = 0;
  std::int64_t last_ = -1;
  bool is_too_wide_ = false;
};

Result<BoundQuality> bind(const contract::Quality& quality, const CheckedTable& table,
                          const CheckFacts& facts) {
  const std::string* weekends = quality.find("weekends");
  const bool has_weekends = weekends != nullptr && *weekends == "true";
  if (weekends != nullptr && !has_weekends && *weekends != "false") {
    return fail_quality(quality, "weekends is neither true nor false", "write weekends: true");
  }
  const CheckedColumn* column = HOMEROOM_TRY(own_column(quality, table, facts));
  if (column == nullptr) return BoundQuality{};
  const bool is_date = column->table->type == SqlType::kDate;
  if (!is_date && column->table->type != SqlType::kBigint) {
    return fail_quality(quality, "only dates and whole numbers follow one another",
                        "declare the column as a date or an integer");
  }
  return BoundQuality{
      .file = std::make_unique<SequenceChecker>(quality, *column, is_date, has_weekends)};
}

constexpr QualityExample kExamples[] = {
    {.yaml = "{type: custom, engine: homeroom, severity: warning, implementation: {check: "
             "sequence}}",
     .columns = "day:date",
     .rows = "2025-11-03 / 2025-11-07 / 2025-11-04 / 2025-11-10 / 2025-11-05 / 2025-11-03",
     .says = "warning: 1 day missing between 2025-11-03 and 2025-11-10, the first 2025-11-06"},
    {.yaml = "{type: custom, engine: homeroom, description: Numbers are given in turn., "
             "implementation: {check: sequence}}",
     .columns = "number:integer",
     .rows = "7 / 4 / 5 /  / 9",
     .says = "error: 2 numbers missing between 4 and 9, the first 6 (Numbers are given in turn)"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: sequence, weekends: true, "
             "mustBeLessThan: 3}}",
     .columns = "day:date",
     .rows = "2025-11-07 / 2025-11-10",
     .says = ""},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: sequence}}",
     .columns = "number:integer",
     .rows = "9 / 8 / 6 / 5",
     .says = "error: 1 number missing between 5 and 9, the first 7"},
    {.yaml = "{type: custom, engine: homeroom, implementation: {check: sequence}}",
     .columns = "number:integer",
     .rows = "9223372036854775807 / -9223372036854775808 / 1",
     .says = "error: its values lie too far apart to be a sequence"},
};

}  // namespace

extern const QualityCheck check_sequence = {
    .name = "sequence",
    .summary =
        "No day or whole number is missing between the column's first and last; Saturdays "
        "and Sundays count only with `weekends: true`",
    .arguments = "weekends column",
    .bind = bind,
    .examples = kExamples,
};

}  // namespace homeroom::validate
