#pragma once

// Which staged rows name rows of other tables that are not there.

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "io/postgres/postgres.h"
#include "load/merge.h"
#include "table/batch.h"
#include "table/reference.h"

namespace homeroom::load {

/// What the staged lines came to by one reference.
struct ReferenceCount {
  bool is_judged = false;         ///< the other table has rows, and the file has the columns
  std::uint64_t num_lines = 0;    ///< that name something
  std::uint64_t num_unknown = 0;  ///< of them, those that name no row
  std::vector<LineNumber> first_unknown;  ///< in order, at most kMaxUnknownShown
};

inline constexpr std::size_t kMaxUnknownShown = 200;

/// "(not (...))": true for a row that names something by the reference, and no row has it.
/// `value_of` gives the SQL of a column's value; a path it has no value for is left out.
/// Empty when no path is left.
template <class ValueOf>
[[nodiscard]] std::string unknown_sql(const Reference& reference, ValueOf&& value_of);

/// Judges the staged rows by each reference, and keeps the lines that name no row in
/// pg_temp."table__unknown" (_line, reference) until the transaction ends.
[[nodiscard]] Result<std::vector<ReferenceCount>> judge_references(
    io::Connection& connection, const MergeInput& input, std::span<const Reference> references);

template <class ValueOf>
std::string unknown_sql(const Reference& reference, ValueOf&& value_of) {
  std::string names_something;
  std::string is_nowhere;
  for (const ReferencePath& path : reference.paths) {
    std::string has_values;
    std::string equals;
    bool is_whole = true;
    for (std::size_t i = 0; i < path.columns.size(); ++i) {
      const std::string value = value_of(path.columns[i]);
      is_whole = is_whole && !value.empty();
      const std::string_view glue = i == 0 ? "" : " and ";
      has_values.append(glue).append(value).append(" is not null");
      equals.append(glue)
          .append("o.")
          .append(io::quote_identifier(path.targets[i]))
          .append(" = ")
          .append(value);
    }
    if (!is_whole) continue;
    names_something.append(names_something.empty() ? "(" : " or ").append(has_values);
    is_nowhere.append("\n    and not exists (select from data.")
        .append(io::quote_identifier(reference.table))
        .append(" as o where ")
        .append(equals)
        .append(")");
  }
  if (names_something.empty()) return {};
  return names_something + ")" + is_nowhere;
}

}  // namespace homeroom::load
