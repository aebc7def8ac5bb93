#include "sniff/units_row.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

#include "base/text.h"
#include "sniff/value_type.h"

namespace homeroom::sniff {
namespace {

// None that names a column as well: "number", "date", "score".
constexpr std::array<std::string_view, 44> kUnits = {
    "%",       "percent", "pct",     "#",     "n",   "points",  "pts",     "days",   "hours",
    "hrs",     "h",       "minutes", "mins",  "min", "seconds", "secs",    "sec",    "s",
    "ms",      "weeks",   "months",  "years", "yrs", "usd",     "$",       "eur",    "gbp",
    "dollars", "cents",   "kg",      "g",     "lb",  "lbs",     "cm",      "mm",     "m",
    "km",      "mi",      "miles",   "in",    "ft",  "credits", "integer", "decimal"};
// What a row of types says over text.
constexpr std::array<std::string_view, 6> kTextTypes = {"text",    "string", "char",
                                                        "varchar", "code",   "id"};
constexpr std::size_t kMaxUnitBytes = 16;

bool is_wrapped(std::string_view text) {
  return text.size() > 2 && ((text.front() == '(' && text.back() == ')') ||
                             (text.front() == '[' && text.back() == ']'));
}

// "YYYY-MM-DD", "mm/dd/yy", "hh:mm".
bool is_date_form(std::string_view folded) {
  const bool is_of_letters = std::ranges::all_of(folded, [](char c) {
    return std::string_view("ymdhs-/.: ").find(c) != std::string_view::npos;
  });
  return is_of_letters && folded.size() >= 5 &&
         folded.find_first_of("-/.:") != std::string_view::npos;
}

template <class Words>
bool holds(const Words& words, std::string_view word) {
  return std::ranges::find(words, word) != words.end();
}

bool is_unit(std::string_view text) {
  if (text.size() > kMaxUnitBytes) return false;
  if (is_wrapped(text)) return !is_data_type(value_type(text.substr(1, text.size() - 2)));
  const std::string folded = to_lower(text);
  return holds(kUnits, folded) || is_date_form(folded);
}

// Most values of a column are numbers or dates, and none of them is `text`.
bool is_data_below(std::span<const SampleRow> below, std::size_t column, std::string_view text) {
  std::size_t num_values = 0;
  std::size_t num_data = 0;
  for (const SampleRow& row : below) {
    if (column >= row.cells.size()) continue;
    const std::string_view value = trim(row.cells[column].text);
    if (value.empty()) continue;
    if (value == text) return false;
    ++num_values;
    num_data += is_data_type(value_type(value)) ? 1 : 0;
  }
  return num_values > 0 && num_data * 4 >= num_values * 3;
}

}  // namespace

bool is_units_row(const SampleRow& row, std::span<const SampleRow> below) {
  std::size_t num_units = 0;
  std::size_t num_data_columns = 0;
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const std::string_view text = trim(row.cells[column].text);
    const bool is_data = is_data_below(below, column, text);
    num_data_columns += is_data ? 1 : 0;
    if (text.empty() || (!is_data && holds(kTextTypes, to_lower(text)))) continue;
    if (!is_data || !is_unit(text)) return false;
    ++num_units;
  }
  return num_units >= 2 || (num_units == 1 && num_data_columns == 1);
}

}  // namespace homeroom::sniff
