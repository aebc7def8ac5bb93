#include "sniff/header.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <optional>
#include <set>
#include <system_error>

#include <fmt/format.h>

#include "base/text.h"
#include "sniff/units_row.h"
#include "sniff/value_type.h"

namespace homeroom::sniff {
namespace {

constexpr std::size_t kRows = 150;  // rows that are looked at
constexpr std::size_t kMaxHeaderRows = 3;
constexpr std::array<std::string_view, 5> kHeaderDelimiters = {",", ";", "\t", "|", " "};
constexpr std::size_t kMaxShapeBytes = 60;
constexpr std::size_t kMaxNameBytes = 150;
constexpr std::size_t kMaxPreamble = 40;  // rows that may stand before the header

bool is_filled(const SampleCell& cell) {
  return !trim(cell.text).empty();
}

std::size_t num_filled(const SampleRow& row) {
  return static_cast<std::size_t>(std::ranges::count_if(row.cells, is_filled));
}

bool is_numeric(ValueType type) {
  return type == ValueType::kInteger || type == ValueType::kDecimal;
}

bool are_alike(ValueType left, ValueType right) {
  return left == right || (is_numeric(left) && is_numeric(right));
}

// The values of one column below a row that may be its heading.
struct Below {
  std::vector<std::string_view> values;  ///< those that are not empty
  ValueType type = ValueType::kEmpty;    ///< of most of them
  double share = 0;                      ///< that has this type, or a like one
  bool has_one_size = false;             ///< all are equally long
  std::size_t num_distinct = 0;
};

Below look_below(std::span<const SampleRow> rows, std::size_t column) {
  Below below;
  std::array<std::size_t, 16> counts{};
  for (const SampleRow& row : rows) {
    if (column >= row.cells.size()) continue;
    const std::string_view text = trim(row.cells[column].text);
    const ValueType type = value_type(text);
    if (type == ValueType::kEmpty) continue;
    below.values.push_back(text);
    ++counts[static_cast<std::size_t>(type)];
  }
  if (below.values.empty()) return below;
  const auto most = std::ranges::max_element(counts);
  below.type = static_cast<ValueType>(most - counts.begin());
  std::size_t num_alike = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    if (are_alike(static_cast<ValueType>(i), below.type)) num_alike += counts[i];
  }
  below.share = static_cast<double>(num_alike) / static_cast<double>(below.values.size());
  below.has_one_size = std::ranges::all_of(
      below.values, [&](std::string_view value) { return value.size() == below.values[0].size(); });
  below.num_distinct = std::set<std::string_view>(below.values.begin(), below.values.end()).size();
  return below;
}

// "AB-12" and "C-345" have the shape "A-0". Empty: no digits, so that words have no shape.
std::string shape_of(std::string_view text) {
  std::string shape;
  bool has_digit = false;
  for (const char c : text.substr(0, kMaxShapeBytes)) {
    const bool is_digit = c >= '0' && c <= '9';
    const bool is_upper = c >= 'A' && c <= 'Z';
    const bool is_lower = (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
    const char kind = is_digit ? '0' : is_upper ? 'A' : is_lower ? 'a' : c;
    has_digit = has_digit || is_digit;
    if (shape.empty() || shape.back() != kind) shape += kind;
  }
  return has_digit ? shape : std::string();
}

// It is written as all values below it are.
bool has_shape_of(std::string_view text, const Below& below) {
  const std::string shape = shape_of(text);
  return !shape.empty() && std::ranges::all_of(below.values, [&](std::string_view value) {
    return shape_of(value) == shape;
  });
}

// Too long for a name, a sentence, or something enclosed in brackets.
bool is_no_name(std::string_view text) {
  const bool is_enclosed = text.size() > 2 && (text[0] == '{' || text[0] == '<') &&
                           (text.back() == '}' || text.back() == '>') &&
                           text.find('"') != text.npos;
  const bool is_sentence =
      text.size() > 30 && (text.back() == '.' || text.back() == '!' || text.back() == '?');
  return text.size() > kMaxNameBytes || is_enclosed || is_sentence;
}

// A form's columns are named by what it asks.
bool is_question_above_answers(std::string_view text, const Below& below) {
  const auto is_question = [](std::string_view value) { return value.find('?') != value.npos; };
  return is_question(text) && std::ranges::none_of(below.values, is_question);
}

// What speaks for and against a row being the header of the rows below it.
struct Evidence {
  double score = 0;
  int num_for = 0;      ///< columns of numbers or dates that it gives a word to
  int num_against = 0;  ///< columns where it has a value as those below
  int num_data = 0;     ///< its own numbers, dates, times
};

// 1900 to 2100; 0: no year.
int year_of(std::string_view text) {
  int year = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), year);
  const bool is_whole = error == std::errc() && end == text.data() + text.size();
  return is_whole && text.size() == 4 && year >= 1900 && year <= 2100 ? year : 0;
}

// Years that follow one another name the columns of a table over time.
bool names_years(const SampleRow& row) {
  int last = 0;
  int step = 0;
  std::size_t number = 0;
  for (const SampleCell& cell : row.cells) {
    const int year = year_of(trim(cell.text));
    if (year == 0) {
      if (last != 0) break;
      continue;
    }
    if (number == 1) step = year - last;
    if (number >= 1 && (year - last != step || step == 0)) return false;
    last = year;
    ++number;
  }
  return number >= 2 && std::abs(step) <= 10;
}

bool has_years(const Below& below) {
  return std::ranges::any_of(below.values, [](auto value) { return year_of(value) != 0; });
}

void weigh_data_column(ValueType heading, const Below& below, Evidence& evidence) {
  if (are_alike(heading, below.type)) {
    evidence.score -= 1;
    ++evidence.num_against;
  } else if (is_data_type(heading)) {
    evidence.score += 0.3;
  } else if (heading != ValueType::kEmpty) {
    evidence.score += 1;
    ++evidence.num_for;
  }
}

void weigh_text_column(std::string_view text, ValueType heading, const Below& below,
                       Evidence& evidence) {
  const bool is_value_below = std::ranges::find(below.values, text) != below.values.end();
  if (is_value_below || has_shape_of(text, below)) {
    evidence.score -= 0.5;
    ++evidence.num_against;
    return;
  }
  if (is_question_above_answers(text, below)) {
    evidence.score += 0.2;
    return;
  }
  if (is_data_type(heading) || is_no_name(text)) {
    evidence.score -= 0.5;
    return;
  }
  if (heading == ValueType::kEmpty) return;
  const std::size_t num_values = below.values.size();
  if (num_values >= 3 && below.has_one_size && text.size() != below.values[0].size()) {
    evidence.score += 0.4;
  }
  if (num_values >= 5 && below.num_distinct * 5 <= num_values) evidence.score += 0.3;
  evidence.score += 0.05;
}

Evidence weigh(const SampleRow& row, std::span<const SampleRow> below) {
  Evidence evidence;
  std::set<std::string_view> seen;
  const bool has_year_names = names_years(row);
  for (std::size_t column = 0; column < row.cells.size(); ++column) {
    const std::string_view text = trim(row.cells[column].text);
    const ValueType heading = value_type(text);
    if (heading != ValueType::kEmpty && !seen.insert(text).second) evidence.score -= 0.1;
    evidence.num_data += is_data_type(heading) ? 1 : 0;
    const Below values = look_below(below, column);
    if (has_year_names && year_of(text) != 0 && !has_years(values)) {
      evidence.score += 1;
      continue;
    }
    if (values.values.empty()) {
      evidence.score += heading == ValueType::kEmpty ? 0 : is_data_type(heading) ? -0.5 : 0.1;
    } else if (is_data_type(values.type) && values.share >= 0.75) {
      weigh_data_column(heading, values, evidence);
    } else {
      weigh_text_column(text, heading, values, evidence);
    }
  }
  return evidence;
}

std::vector<SampleRow> first_rows(std::string_view text, const Supposed& supposed,
                                  std::size_t width) {
  std::vector<SampleRow> rows;
  SampleCutter cutter(text, supposed);
  SampleRow row;
  while (rows.size() < kRows && cutter.next(row, width)) rows.push_back(row);
  return rows;
}

// Blank, a comment, a title over the table, or the names of groups of columns.
bool is_above_header(const SampleRow& row, std::size_t width) {
  if (row.is_blank()) return true;
  const std::string_view first = row.cells[0].text;
  if (first == "#" || (first.starts_with('#') && row.cells.size() != width)) return true;
  if (width == 2 && row.cells.size() == 1) return value_type(first) != ValueType::kMixed;
  return width > 1 && num_filled(row) * 2 < width;
}

// Rows at the top that may name columns, as far down as the first row of data.
struct Search {
  std::optional<std::size_t> top;     ///< the first row of the header
  std::optional<std::size_t> header;  ///< its last row
  std::size_t first_row = 0;          ///< the first row that is not above the table
  bool has_units = false;             ///< the row below the header says units
  Evidence evidence;
};

// Below a header, only a row without data of its own is one more.
bool is_second_header(const Evidence& evidence) {
  return evidence.num_for >= 2 && evidence.num_against == 0 && evidence.num_data == 0;
}

// A full row of names right above the last row of the header is part of it; a title is not.
bool goes_on_below(const SampleRow& row, const SampleRow& below) {
  const bool is_next = row.line + row.num_lines == below.line;
  const auto is_name = [](const SampleCell& cell) {
    return is_filled(cell) && !is_data_type(value_type(cell.text));
  };
  return is_next && row.cells.size() == below.cells.size() &&
         std::ranges::all_of(row.cells, is_name);
}

bool is_same(const SampleRow& left, const SampleRow& right) {
  return std::ranges::equal(left.cells, right.cells, {}, &SampleCell::text, &SampleCell::text);
}

// The row below the header says what the numbers and dates below it are measured in.
bool are_units_below(std::span<const SampleRow> rows, std::size_t header) {
  return header + 1 < rows.size() && is_units_row(rows[header + 1], rows.subspan(header + 2));
}

// A header that is written twice says nothing against itself, and units are no values.
Evidence weigh_repeated(std::span<const SampleRow> rows, std::size_t at) {
  std::size_t next = at + 1;
  if (are_units_below(rows, at)) return weigh(rows[at], rows.subspan(at + 2));
  while (next < rows.size() && is_same(rows[next], rows[at])) ++next;
  const Evidence without = weigh(rows[at], rows.subspan(next));
  if (next == at + 1 || is_second_header(without)) return without;
  return weigh(rows[at], rows.subspan(at + 1));
}

Search search(std::span<const SampleRow> rows, std::size_t width) {
  Search found;
  bool is_in_table = false;
  for (std::size_t at = 0; at < std::min(rows.size(), kMaxPreamble); ++at) {
    if (is_above_header(rows[at], width)) continue;
    if (!is_in_table) found.first_row = at;
    is_in_table = true;
    if (found.header && are_units_below(rows, *found.header)) break;
    const Evidence evidence = weigh_repeated(rows, at);
    if (evidence.score <= 0 || (found.header && !is_second_header(evidence))) break;
    found.header = at;
    found.evidence = evidence;
  }
  if (found.header) found.has_units = are_units_below(rows, *found.header);
  found.top = found.header;
  while (found.top && *found.top > 0 && *found.header - *found.top < kMaxHeaderRows - 1 &&
         goes_on_below(rows[*found.top - 1], rows[*found.top])) {
    --*found.top;
  }
  return found;
}

// The delimiter that cuts a line of one cell into `width` cells, with the cells it gives.
std::string delimiter_of(const SampleRow& row, const Supposed& supposed, std::size_t width,
                         SampleRow& names) {
  if (row.cells.size() != 1 || width < 3) return {};
  for (const std::string_view delimiter : kHeaderDelimiters) {
    SampleCutter cutter(row.cells[0].text,
                        {.delimiter = std::string(delimiter), .quote = supposed.quote});
    if (cutter.next(names) && names.cells.size() == width) return std::string(delimiter);
  }
  return {};
}

// A line of names right above rows without a header, written with another delimiter than they.
std::string find_odd_header(std::span<const SampleRow> rows, const Search& found,
                            const Supposed& supposed, std::size_t width) {
  if (found.first_row == 0) return {};
  const SampleRow& row = rows[found.first_row - 1];
  if (row.line + row.num_lines != rows[found.first_row].line) return {};
  SampleRow names;
  std::string delimiter = delimiter_of(row, supposed, width, names);
  const bool is_header =
      !delimiter.empty() && weigh(names, rows.subspan(found.first_row)).num_for > 0;
  return is_header ? delimiter : std::string();
}

}  // namespace

HeaderGuess guess_header(std::string_view text, const Supposed& supposed, std::size_t width) {
  const std::vector<SampleRow> rows = first_rows(text, supposed, width);
  const Search found = search(rows, width);
  HeaderGuess guess{.num_columns = width};
  if (!found.header) {
    guess.preamble_lines = rows.empty() ? 0 : rows[found.first_row].line;
    guess.delimiter = find_odd_header(rows, found, supposed, width);
    if (!guess.delimiter.empty()) {
      const SampleRow& row = rows[found.first_row - 1];
      guess.preamble_lines = row.line;
      guess.header_lines = row.num_lines;
      guess.confidence = 0.6;
      guess.runner_up = "none";
      guess.reason = "the line above the rows names them, with another delimiter";
      return guess;
    }
    guess.confidence = 0.8;
    guess.runner_up = "1 line";
    guess.reason = "the first row has the same kinds of values as the rows below it";
    return guess;
  }
  const SampleRow& header = rows[*found.header];
  const SampleRow& top = rows[*found.top];
  guess.preamble_lines = top.line;
  guess.header_lines = header.line + header.num_lines - top.line;
  guess.num_columns = header.cells.size();
  if (found.has_units) guess.units_lines = rows[*found.header + 1].num_lines;
  const double columns = static_cast<double>(header.cells.size());
  guess.confidence = 0.5 + 0.5 * std::clamp(found.evidence.score / columns, 0.0, 1.0);
  guess.runner_up = found.top != found.header ? fmt::format("line {}", header.line + 1) : "none";
  guess.reason =
      fmt::format("line {} names {}{}", top.line + 1, counted(header.cells.size(), "column"),
                  found.evidence.num_for > 0
                      ? fmt::format(", {} of them of numbers or dates", found.evidence.num_for)
                      : std::string());
  return guess;
}

std::string guess_header_delimiter(std::string_view text, const Supposed& supposed,
                                   std::size_t width, std::size_t line) {
  SampleCutter cutter(text, supposed);
  SampleRow row;
  SampleRow names;
  while (cutter.next(row, width)) {
    if (row.line >= line) return delimiter_of(row, supposed, width, names);
  }
  return {};
}

}  // namespace homeroom::sniff
