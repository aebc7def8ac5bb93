#pragma once

// What the values of a file's columns show, for the contract that is written from them.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "clean/profile.h"
#include "contract/contract.h"
#include "run/reading/prepare.h"
#include "run/settings.h"

namespace homeroom::run {

/// A text and how often it stands in a column.
struct CountedText {
  std::string text;
  std::uint64_t count = 0;
};

/// One column of the table that the file would become.
struct ColumnStudy {
  std::size_t source = 0;  ///< column of the file
  std::string name;        ///< in the table
  std::string header;
  clean::ColumnProfile profile;
  contract::Kind kind = contract::Kind::kText;
  std::string kind_reason;              ///< "all 24 values can be read so"
  std::vector<std::string> runner_ups;  ///< other kinds under which every value can be read
  std::string sensitive_reason;         ///< empty: nothing says that it is
  std::vector<CountedText> nulls;       ///< tokens taken as no value
  /// The values when they are few, as they stand; empty when they are many.
  std::vector<CountedText> values;
  std::uint64_t num_empty = 0;  ///< cells without a value, tokens included
  bool has_leading_zero = false;
};

/// Reads the file as often as there are kinds to try. `file` was prepared without a contract.
/// Errors: those of reading. Memory: some kilobytes a column.
[[nodiscard]] Result<std::vector<ColumnStudy>> study_columns(const PreparedFile& file,
                                                             const Settings& settings);

/// The columns that make a row one of its own: one, two or three that are never empty, identifiers
/// and dates before others. Empty when none do, in the first `*num_rows` rows, which it sets.
/// Errors: those of reading. Memory: some 40 bytes for each of 200,000 rows and twelve tries.
[[nodiscard]] Result<std::vector<std::size_t>> find_key(const PreparedFile& file,
                                                        const Settings& settings,
                                                        const std::vector<ColumnStudy>& columns,
                                                        std::uint64_t* num_rows);

}  // namespace homeroom::run
