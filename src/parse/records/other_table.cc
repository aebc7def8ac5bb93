#include "parse/records/other_table.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string_view>

namespace homeroom::parse {
namespace {

constexpr std::size_t kMaxNameBytes = 100;
constexpr std::string_view kSigns = "+-.$(<#";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

// A number, date, time or amount of money, as far as its first characters tell.
bool is_like_number(std::string_view text) {
  const std::size_t first = text.find_first_not_of(' ');
  if (first == std::string_view::npos) return false;
  if (is_digit(text[first])) return true;
  const bool is_sign = kSigns.find(text[first]) != std::string_view::npos;
  return is_sign && first + 1 < text.size() && is_digit(text[first + 1]);
}

bool is_like_name(std::string_view text) {
  if (text.empty() || text.size() > kMaxNameBytes) return false;
  const auto first = static_cast<unsigned char>(text[0]);
  const bool is_letter = (first | 0x20U) >= 'a' && (first | 0x20U) <= 'z';
  return (is_letter || first == '_' || first >= 0x80) &&
         text.find_first_of("\r\n") == std::string_view::npos;
}

std::size_t count_numbers(std::span<const Cell> cells) {
  return static_cast<std::size_t>(
      std::ranges::count_if(cells, [](const Cell& cell) { return is_like_number(cell.text()); }));
}

std::size_t count_numbers(std::span<const std::string> cells) {
  return static_cast<std::size_t>(std::ranges::count_if(cells, is_like_number));
}

bool has_numbers_elsewhere(std::span<const Cell> row, std::span<const std::string> pattern_row) {
  for (std::size_t i = 0; i < row.size(); ++i) {
    if (row[i].size == 0 || pattern_row[i].empty()) continue;
    if (is_like_number(row[i].text()) != is_like_number(pattern_row[i])) return true;
  }
  return false;
}

}  // namespace

bool may_be_header(std::span<const Cell> cells, std::span<const std::string> header) {
  if (cells.size() < 2) return false;
  if (!std::ranges::all_of(cells, [](const Cell& cell) { return is_like_name(cell.text()); })) {
    return false;
  }
  std::set<std::string_view> names;
  for (const Cell& cell : cells) names.insert(cell.text());
  return names.size() == cells.size() && !std::ranges::equal(cells, header, {}, &Cell::text);
}

bool starts_other_table(std::span<const Cell> cells, std::span<const Cell> row,
                        std::span<const std::string> header,
                        std::span<const std::string> pattern_row) {
  if (row.size() != cells.size()) return false;
  for (std::size_t i = 0; i < std::min(cells.size(), header.size()); ++i) {
    if (cells[i].text() == header[i]) return true;
  }
  const std::size_t num_numbers = count_numbers(row);
  if (num_numbers == 0) return false;
  if (cells.size() != header.size()) return true;
  if (pattern_row.size() != row.size() || count_numbers(pattern_row) == 0) return false;
  // A bad row ("Bo,absent") has words where numbers stand too, but not in the first column.
  return has_numbers_elsewhere(row, pattern_row) || is_like_number(row[0].text());
}

}  // namespace homeroom::parse
