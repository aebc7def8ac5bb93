#include "clean/column_profiler.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "base/text.h"
#include "clean/canonical.h"
#include "clean/date_text.h"
#include "clean/number_text.h"
#include "clean/spreadsheet_text.h"
#include "clean/time_text.h"
#include "clean/tokens.h"
#include "clean/unicode_text.h"

namespace homeroom::clean {
namespace {

// Types a column may still have.
constexpr std::uint8_t kBigint = 1;
constexpr std::uint8_t kNumeric = 2;
constexpr std::uint8_t kDate = 4;
constexpr std::uint8_t kBoolean = 8;
constexpr std::uint8_t kNoType = 0;
constexpr std::uint8_t kWholeNumber = kBigint | kNumeric;
constexpr std::uint8_t kSomeType = kBigint | kNumeric | kDate | kBoolean;

constexpr std::size_t kLongestSmall = 18;  // digits

// After this many texts half of them must have been known.
constexpr std::uint64_t kFairTrial = 8192;

constexpr std::size_t kShortestDate = 6;  // 1/1/25
constexpr std::size_t kLongestDate = 48;  // with weekday, time and zone

// A column is of two orders when so many of its telling dates contradict the rest. Below this,
// they are single errors: see docs/decisions/date-order.md.
constexpr std::uint64_t kFewTelling = 100;
constexpr std::uint64_t kMixedOfFew = 3;
constexpr std::uint64_t kMajorityOfFew = 10;
constexpr std::uint64_t kMajority = 99;

bool is_mixed(std::uint64_t fewer, std::uint64_t more) {
  if (fewer + more < kFewTelling) return fewer >= kMixedOfFew || fewer * kMajorityOfFew > more;
  return fewer * kMajority > more;
}

DateOrder order_of(const ColumnProfile& facts) {
  const std::uint64_t fewer = std::min(facts.num_month_first, facts.num_day_first);
  const std::uint64_t more = std::max(facts.num_month_first, facts.num_day_first);
  if (more == 0) {
    return facts.first_ambiguous_line == 0 ? DateOrder::kNone : DateOrder::kAmbiguous;
  }
  if (fewer > 0 && is_mixed(fewer, more)) return DateOrder::kMixed;
  return facts.num_month_first > facts.num_day_first ? DateOrder::kMonthFirst
                                                     : DateOrder::kDayFirst;
}

// True when nothing about `text` needs setting aside before it is looked at.
bool is_bare(std::string_view text) {
  const auto first = static_cast<unsigned char>(text.front());
  const auto last = static_cast<unsigned char>(text.back());
  return first > ' ' && first != '=' && last > ' ' && first < 0x80 && last < 0x80;
}

std::string_view bare_text(std::string_view text) {
  text = trim_blanks(text);
  if (const auto wrapped = drop_formula_wrapper(text)) return trim_blanks(*wrapped);
  return text;
}

// Not 2025-09-111.
bool begins_with_iso_date(std::string_view text) {
  return is_canonical_date(text.substr(0, 10)) && (text.size() == 10 || !is_digit(text[10]));
}

bool is_century(std::string_view text) {
  return text == "19" || text == "20" || text == "21";
}

// Seven or eight digits that begin or end with a year of a date; most numbers are not, and digits
// alone are no other date.
bool may_be_compact_date(std::string_view digits) {
  const std::size_t size = digits.size();
  if (size != 7 && size != 8) return false;
  return is_century(digits.substr(size - 4, 2)) || (size == 8 && is_century(digits.substr(0, 2)));
}

}  // namespace

void ColumnProfiler::observe(std::span<const Cell> cells, std::span<const LineNumber> lines,
                             std::span<const RaggedRow> ragged, const OpenRows& open) {
  if (wanted_ == Wanted::kPresence && has_values()) return;
  auto next = ragged.begin();
  const bool has_memory = remembers();
  const auto observe_row = [&](RowIndex row) {
    while (next != ragged.end() && next->row < row) ++next;
    const bool is_ragged = next != ragged.end() && next->row == row;
    if (!is_ragged) observe_cell(cells[row], lines[row], has_memory);
  };
  if (open.is_all) {
    for (std::size_t row = 0; row < cells.size(); ++row) observe_row(static_cast<RowIndex>(row));
    return;
  }
  for (const RowIndex row : open.rows) observe_row(row);
  facts_.num_values += open.num_values;
  facts_.num_nulls += open.num_nulls;
}

void ColumnProfiler::observe_cell(const Cell& cell, LineNumber line, bool has_memory) {
  if (cell.size == 0 || !cell.has_value()) {
    ++facts_.num_nulls;
  } else if (wanted_ == Wanted::kDates && begins_with_iso_date(cell.text())) {
    ++facts_.num_values;
    facts_.has_date = true;
  } else if (has_memory && cell.size <= kMaxShortText) {
    count(cell.text(), line);
  } else {
    add(cell.text(), line);
  }
}

bool ColumnProfiler::has_values() const {
  std::uint64_t num_values = facts_.num_values + facts_.num_suppressed;
  for (const std::uint64_t number : num_met_) num_values += number;
  return num_values > num_met_[static_cast<std::size_t>(Adds::kNull)];
}

// Until the values have turned out not to repeat.
bool ColumnProfiler::remembers() const {
  std::uint64_t num_found = 0;
  for (const std::uint64_t number : num_met_) num_found += number;
  return num_asked_ < kFairTrial || num_found * 2 >= num_asked_;
}

void ColumnProfiler::count(std::string_view text, LineNumber line) {
  if (slots_.empty()) slots_.resize(num_slots_);
  ++num_asked_;
  const ShortText key = short_text(text);
  Met& met = slots_[key.hash() & (num_slots_ - 1)];
  if (met.text == key) [[likely]] {
    ++num_met_[static_cast<std::size_t>(met.adds)];
    return;
  }
  met = {.text = key, .adds = learn(text, line)};
}

ColumnProfiler::Adds ColumnProfiler::learn(std::string_view text, LineNumber line) {
  const std::uint64_t num_nulls = facts_.num_nulls;
  const std::uint64_t num_suppressed = facts_.num_suppressed;
  const std::uint64_t num_month_first = facts_.num_month_first;
  const std::uint64_t num_day_first = facts_.num_day_first;
  add(text, line);
  if (facts_.num_nulls > num_nulls) return Adds::kNull;
  if (facts_.num_suppressed > num_suppressed) return Adds::kSuppressed;
  if (facts_.num_month_first > num_month_first) return Adds::kMonthFirst;
  if (facts_.num_day_first > num_day_first) return Adds::kDayFirst;
  return Adds::kValue;
}

void ColumnProfiler::add(std::string_view text, LineNumber line) {
  if (text.size() <= kLongestSmall && is_all_digits(text)) return add_digits(text, line);
  if (!is_bare(text)) text = bare_text(text);
  if (text.empty() || (has_token_form(text) && is_undeclared_null_token(text))) {
    ++facts_.num_nulls;
  } else if (text == "*") {
    ++facts_.num_suppressed;
    note_size(text);
  } else {
    add_value(text, line);
  }
}

void ColumnProfiler::note_size(std::string_view text) {
  facts_.max_length = std::max(facts_.max_length, static_cast<std::uint32_t>(text.size()));
}

// At most 18 digits, perhaps with zeros before them.
void ColumnProfiler::add_digits(std::string_view text, LineNumber line) {
  ++facts_.num_values;
  note_size(text);
  const bool is_number = text[0] != '0' || text.size() == 1;
  may_be_ &= is_number ? kWholeNumber : kNoType;
  has_plain_number_ = true;
  const std::size_t significant = text.find_first_not_of('0');
  is_above_one_ |=
      significant < text.size() && (significant + 1 < text.size() || text.back() > '1');
  is_all_point_zero_ = false;
  if (may_be_compact_date(text)) add_date(text, line);
}

void ColumnProfiler::add_value(std::string_view text, LineNumber line) {
  ++facts_.num_values;
  note_size(text);
  if ((may_be_ & kSomeType) != 0) {
    if ((may_be_ & kBigint) != 0 && !is_canonical_integer(text)) may_be_ &= ~kBigint;
    if ((may_be_ & kNumeric) != 0 && !is_canonical_decimal(text)) may_be_ &= ~kNumeric;
    if ((may_be_ & kDate) != 0 && !is_canonical_date(text)) may_be_ &= ~kDate;
    if ((may_be_ & kBoolean) != 0 && !is_canonical_boolean(text)) may_be_ &= ~kBoolean;
  }
  is_all_point_zero_ = is_all_point_zero_ && drop_point_zero(text).has_value();
  if (is_letter(text.front())) {
    if (!facts_.has_date && is_digit(text.back())) add_date(text, line);  // September 5, 2025
    return;
  }
  if (begins_with_iso_date(text)) {
    facts_.has_date = true;
    return;  // nothing more to learn
  }
  add_number(text);
  const bool may_be_date =
      is_digit(text.front()) && text.size() >= kShortestDate && text.size() <= kLongestDate;
  if (may_be_date) add_date(text, line);
}

void ColumnProfiler::add_number(std::string_view text) {
  const bool has_sign = text.ends_with('%');
  if (has_sign) text = trim(text.substr(0, text.size() - 1));
  const auto number = read_number(text);
  if (!number) return;
  facts_.uses_decimal_comma |= number->decimal_mark == ',';
  facts_.uses_thousands_comma |= number->group_mark == ',' && !number->has_two_readings;
  if (has_sign) {
    facts_.has_percent_sign = true;
    return;
  }
  has_plain_number_ = true;
  const std::size_t significant = number->whole.find_first_not_of('0');
  const bool is_zero_whole = significant == std::string_view::npos;
  const bool has_fraction = number->fraction.find_first_not_of('0') != std::string_view::npos;
  const bool is_one = !is_zero_whole && number->whole.substr(significant) == "1";
  has_proper_fraction_ |= is_zero_whole && has_fraction;
  is_above_one_ |= number->is_negative || number->exponent > 0 || (!is_zero_whole && !is_one) ||
                   (is_one && has_fraction);
}

void ColumnProfiler::add_date(std::string_view text, LineNumber line) {
  const auto date = read_date(text);
  if (!date || (!date->rest.empty() && !read_time(date->rest))) return;
  facts_.has_date = true;
  facts_.has_year_first_compact |= date->compact == Compact::kYearFirst;
  const auto note = [&](std::uint64_t& count, LineNumber& first_line) {
    ++count;
    if (first_line == 0) first_line = line;
  };
  switch (order_evidence(*date)) {
    case OrderEvidence::kNone:
      return;
    case OrderEvidence::kMonthFirst:
      return note(facts_.num_month_first, facts_.first_month_first_line);
    case OrderEvidence::kDayFirst:
      return note(facts_.num_day_first, facts_.first_day_first_line);
    case OrderEvidence::kEither:
      if (facts_.first_ambiguous_line == 0) facts_.first_ambiguous_line = line;
      return;
  }
}

ColumnProfile ColumnProfiler::finish() const {
  const auto num_met = [&](Adds adds) { return num_met_[static_cast<std::size_t>(adds)]; };
  ColumnProfile profile = facts_;
  profile.num_nulls += num_met(Adds::kNull);
  profile.num_suppressed += num_met(Adds::kSuppressed);
  profile.num_month_first += num_met(Adds::kMonthFirst);
  profile.num_day_first += num_met(Adds::kDayFirst);
  profile.num_values +=
      num_met(Adds::kValue) + num_met(Adds::kMonthFirst) + num_met(Adds::kDayFirst);
  profile.date_order = order_of(profile);
  if (profile.num_values == 0) return profile;
  if ((may_be_ & kBigint) != 0) {
    profile.type = SqlType::kBigint;
  } else if ((may_be_ & kNumeric) != 0) {
    profile.type = SqlType::kNumeric;
  } else if (profile.num_suppressed == 0 && (may_be_ & kDate) != 0) {
    profile.type = SqlType::kDate;
  } else if (profile.num_suppressed == 0 && (may_be_ & kBoolean) != 0) {
    profile.type = SqlType::kBoolean;
  }
  const bool is_all_small = has_plain_number_ && !is_above_one_;
  profile.is_fraction = is_all_small && !profile.has_percent_sign;
  profile.mixes_percent_and_fraction =
      profile.has_percent_sign && is_all_small && has_proper_fraction_;
  profile.all_end_in_point_zero = is_all_point_zero_;
  return profile;
}

}  // namespace homeroom::clean
