#include "parse/records/footer.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <vector>

#include "base/count_text.h"
#include "base/text.h"

namespace homeroom::parse {
namespace {

constexpr std::array<std::string_view, 18> kSums = {
    "total",        "totals",        "grand total",       "grand totals",   "subtotal",
    "end of data",  "eof",           "end of file",       "end of report",  "end of export",
    "record count", "row count",     "number of records", "number of rows", "trl",
    "trailer",      "control total", "control totals"};

// Words that start a note. A record might start so too, but not one of a single field.
constexpr std::array<std::string_view, 10> kNotes = {
    "note",     "notes",   "source", "sources",     "generated", "report generated",
    "exported", "printed", "page",   "confidential"};

constexpr std::array<std::string_view, 6> kCounted = {"row",     "rows",          "record",
                                                      "records", "rows selected", "record(s)"};

bool is_word_end(std::string_view text, std::size_t at) {
  if (at >= text.size()) return true;
  const char c = text[at];
  return c == ' ' || c == ':' || c == '=' || c == ',' || c == '.' || c == '*' || c == '-';
}

bool starts_with_any(std::string_view text, std::span<const std::string_view> words) {
  return std::ranges::any_of(words, [text](std::string_view word) {
    return text.starts_with(word) && is_word_end(text, word.size());
  });
}

// "57 rows", "(1,204 records)"
bool is_count(std::string_view text) {
  if (text.starts_with('(') && text.ends_with(')')) text = text.substr(1, text.size() - 2);
  const std::size_t digits = text.find_first_not_of("0123456789,");
  if (digits == 0 || digits == std::string_view::npos || text[digits] != ' ') return false;
  return std::ranges::find(kCounted, trim(text.substr(digits))) != kCounted.end();
}

constexpr std::array<std::string_view, 10> kRowCounts = {"total number of records",
                                                         "total number of rows",
                                                         "total record count",
                                                         "total row count",
                                                         "total records",
                                                         "total rows",
                                                         "number of records",
                                                         "number of rows",
                                                         "record count",
                                                         "row count"};

std::string folded(std::string_view text) {
  std::string out = to_lower(trim(text));
  out.erase(0, std::min(out.size(), out.find_first_not_of("*-=# ")));
  return out;
}

bool has_text(const Cell& cell) {
  return !trim(cell.text()).empty();
}

}  // namespace

std::optional<std::uint64_t> rows_stated_by(std::span<const Cell> cells) {
  std::vector<std::string_view> texts;
  for (const Cell& cell : cells) {
    if (!trim(cell.text()).empty()) texts.push_back(cell.text());
  }
  if (texts.empty() || texts.size() > 2) return std::nullopt;
  const std::string text = folded(texts.front());
  if (texts.size() == 1 && is_count(text)) {
    const std::size_t begin = text.starts_with('(') ? 1 : 0;
    return count_in(std::string_view(text).substr(begin, text.find(' ') - begin));
  }
  for (const std::string_view words : kRowCounts) {
    if (!text.starts_with(words)) continue;
    std::string_view rest = std::string_view(text).substr(words.size());
    rest.remove_prefix(std::min(rest.size(), rest.find_first_not_of(" :=")));
    if (texts.size() == 1) return count_in(rest);
    return rest.empty() ? count_in(texts.back()) : std::nullopt;
  }
  return std::nullopt;
}

bool is_total_row(std::span<const Cell> cells, std::span<const std::string> row) {
  if (row.size() < 2 || cells.size() > row.size()) return false;
  const auto first = std::ranges::find_if(cells, has_text);
  if (first == cells.end() || !starts_with_any(folded(first->text()), kSums)) return false;
  const std::string& usual = row[static_cast<std::size_t>(first - cells.begin())];
  return usual.find_first_of("0123456789") != std::string::npos;
}

bool is_footer_row(std::span<const Cell> cells, std::size_t num_columns) {
  if (num_columns < 2) return false;
  const auto first = std::ranges::find_if(cells, has_text);
  if (first == cells.end()) return false;
  const auto num_filled = static_cast<std::size_t>(std::ranges::count_if(cells, has_text));
  const bool is_sparse = cells.size() < num_columns || num_filled * 2 <= num_columns;
  if (!is_sparse) return false;
  const std::string text = folded(first->text());
  if (starts_with_any(text, kSums) || is_count(text)) return true;
  const bool is_single = num_filled == 1 && first == cells.begin() && num_columns > 2;
  return is_single && starts_with_any(text, kNotes);
}

}  // namespace homeroom::parse
