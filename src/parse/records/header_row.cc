#include "parse/records/header_row.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

namespace homeroom::parse {
namespace {

bool is_wrapped(std::string_view name) {
  return name.size() >= 2 && name.front() == '\'' && name.back() == '\'';
}

}  // namespace

void add_header_record(std::span<const Cell> cells, std::vector<std::string>& names) {
  if (cells.size() > names.size()) names.resize(cells.size());
  for (std::size_t i = 0; i < cells.size(); ++i) {
    const std::string_view text = cells[i].text();
    if (!names[i].empty() && !text.empty()) names[i] += ' ';
    names[i] += text;
  }
}

void unwrap_apostrophes(std::vector<std::string>& names) {
  const bool has_names = std::ranges::any_of(names, [](const auto& name) { return !name.empty(); });
  const bool all_wrapped =
      std::ranges::all_of(names, [](const auto& name) { return name.empty() || is_wrapped(name); });
  if (!has_names || !all_wrapped) return;
  for (std::string& name : names) {
    if (!name.empty()) name = name.substr(1, name.size() - 2);
  }
}

bool drop_empty_names(std::size_t width, std::vector<std::string>& names) {
  const auto num_empty =
      std::ranges::count_if(names, [](const auto& name) { return name.empty(); });
  if (names.size() <= width || names.size() - static_cast<std::size_t>(num_empty) != width) {
    return false;
  }
  std::erase_if(names, [](const auto& name) { return name.empty(); });
  return true;
}

std::vector<std::string> numbered_columns(std::size_t count) {
  std::vector<std::string> names;
  for (std::size_t i = 1; i <= count; ++i) names.push_back(fmt::format("column_{}", i));
  return names;
}

}  // namespace homeroom::parse
