#include "run/reading/header_names.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "table/issue.h"

namespace homeroom::run {
namespace {

// `index` is that of the column, from 0.
Issue header_issue(const Dialect& dialect, std::size_t index, std::string rule, std::string message,
                   std::string suggestion) {
  return {.line = dialect.preamble_lines + 1,
          .field = static_cast<std::uint32_t>(index + 1),
          .column = {},
          .rule = std::move(rule),
          .severity = Severity::kWarning,
          .message = std::move(message),
          .suggestion = std::move(suggestion)};
}

void report_repeated(std::span<const std::string> header, const Dialect& dialect,
                     FileReport& report) {
  std::unordered_map<std::string_view, std::size_t> first_with;
  std::size_t num_repeated = 0;
  std::pair<std::size_t, std::size_t> shown;  // a column, and the one before it with its name
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string_view name = trim(header[i]);
    if (name.empty()) continue;
    const auto [found, is_new] = first_with.emplace(name, i);
    if (!is_new && num_repeated++ == 0) shown = {i, found->second};
  }
  if (num_repeated == 0) return;
  const std::string columns = fmt::format("columns {} and {}", shown.second + 1, shown.first + 1);
  report.add_issue(header_issue(
      dialect, shown.first, "repeated_name",
      num_repeated == 1 ? columns + " have the same name in the header"
                        : fmt::format("{} columns have the name of one before them in the header, "
                                      "the first are {}",
                                      num_repeated, columns),
      "the first one is taken for what the name means; give each column its own name"));
}

void report_unnamed(std::span<const std::string> header,
                    std::span<const clean::ColumnProfile> profiles, const Dialect& dialect,
                    FileReport& report) {
  std::size_t num_unnamed = 0;
  std::size_t first = 0;
  for (std::size_t i = 0; i < header.size() && i < profiles.size(); ++i) {
    const bool has_values = profiles[i].num_values + profiles[i].num_suppressed > 0;
    if (has_values && trim(header[i]).empty() && num_unnamed++ == 0) first = i;
  }
  if (num_unnamed == 0) return;
  report.add_issue(header_issue(
      dialect, first, "missing_name",
      num_unnamed == 1 ? fmt::format("column {} has values and no name in the header", first + 1)
                       : fmt::format("{} columns have values and no name in the header, the first "
                                     "is column {}",
                                     num_unnamed, first + 1),
      "name it in the header: no contract can say what it means"));
}

}  // namespace

void report_header_names(std::span<const std::string> header,
                         std::span<const clean::ColumnProfile> profiles, const Dialect& dialect,
                         FileReport& report) {
  report_repeated(header, dialect, report);
  report_unnamed(header, profiles, dialect, report);
}

}  // namespace homeroom::run
