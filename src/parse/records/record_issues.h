#pragma once

// What was odd about records -> issues for a person.

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "parse/records/footer.h"
#include "parse/records/record_cutter.h"
#include "table/issue.h"

namespace homeroom::parse {

/// At most this many are kept for a file.
inline constexpr std::size_t kMaxIssues = 1000;

/// Appends an issue for each oddity of the record that starts `at`.
void add_issues(std::span<const OddField> oddities, const Position& at,
                std::span<const std::string> header, std::vector<Issue>& issues);

/// A row whose surplus fields are empty was kept.
[[nodiscard]] Issue padded_row_issue(const Position& at, std::size_t num_fields,
                                     std::size_t num_columns);

/// A second table starts `at`.
[[nodiscard]] Issue other_table_issue(const Position& at);

/// The header `at` has `num_fields`, most rows have `width`. `is_mended`: the names without
/// text were taken away.
[[nodiscard]] Issue header_width_issue(const Position& at, std::size_t num_fields,
                                       std::size_t width, bool is_mended);

/// The header `at` has another delimiter than the rows.
[[nodiscard]] Issue header_delimiter_issue(const Position& at);

/// Adds an issue when a footer says other than that the file has `num_rows` rows.
void add_stated_rows_issue(const std::optional<StatedRows>& stated, std::uint64_t num_rows,
                           std::vector<Issue>& issues);

/// Why a record could not be cut, at `position`.
[[nodiscard]] Error limit_error(CutStatus status, const Limits& limits, const Position& position);

}  // namespace homeroom::parse
