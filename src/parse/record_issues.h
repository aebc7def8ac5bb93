#pragma once

// What was odd about records -> issues for a person.

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "parse/record_cutter.h"
#include "table/issue.h"

namespace homeroom::parse {

/// At most this many are kept for a file.
inline constexpr std::size_t kMaxIssues = 1000;

/// Appends an issue for each oddity of the record that starts on `line`.
void add_issues(std::span<const OddField> oddities, LineNumber line,
                std::span<const std::string> header, std::vector<Issue>& issues);

/// A row whose surplus fields are empty was kept.
[[nodiscard]] Issue padded_row_issue(LineNumber line, std::size_t num_fields,
                                     std::size_t num_columns);

/// A second table starts on `line`.
[[nodiscard]] Issue other_table_issue(LineNumber line);

/// The header on `line` has `num_fields`, most rows have `width`. `is_mended`: the names without
/// text were taken away.
[[nodiscard]] Issue header_width_issue(LineNumber line, std::size_t num_fields, std::size_t width,
                                       bool is_mended);

/// The header on `line` has another delimiter than the rows.
[[nodiscard]] Issue header_delimiter_issue(LineNumber line);

/// Why a record could not be cut, at `position`.
[[nodiscard]] Error limit_error(CutStatus status, const Limits& limits, const Position& position);

}  // namespace homeroom::parse
