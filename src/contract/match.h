#pragma once

// Which data set a file is, and which column goes where: decided by its header, folder and name,
// scored against every contract, with the runner-up named.

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/contract.h"

namespace homeroom::contract {

/// Where a file came from, as far as its name tells.
struct FileName {
  std::string path;    ///< as given by the user
  std::string folder;  ///< name of the folder it lies in; "" when unknown
  std::string stem;    ///< file name without folder and extensions (.csv, .csv.gz, .txt)
};

/// Splits a path; `absolute_folder` is the name of the parent folder of the absolute path.
[[nodiscard]] FileName split_file_name(std::string_view path, std::string_view absolute_folder);

/// A table's name made from a file's: folded, without dates, copies "(1)" and numbers of parts;
/// never empty, at most 63 bytes, never a name of a shipped data set's table by accident
/// (prefixed `file_` then), never a PostgreSQL keyword problem (names are always quoted).
///
///     table_name("Bus Routes 2025-09-01 (1)") == "bus_routes"
[[nodiscard]] std::string table_name(const FileName& name, const ContractSet& contracts);

/// The year a school year ends in, when the name says it: "grades_2024-25" is 2025,
/// "SY2026" is 2026, "attendance_2025-11" is 2026, "fall_2023" is 2024. Nothing otherwise.
[[nodiscard]] std::optional<int> school_year_in_name(const FileName& name);

enum class MatchReason : std::uint8_t { kNone, kName, kSynonym, kAffix, kUnpivot };

/// One column of the file.
struct ColumnMatch {
  int column = -1;  ///< index in the contract's columns; -1: the contract does not know it
  MatchReason reason = MatchReason::kNone;
  /// For kUnpivot: `column` is the measure; one code for each of the contract's dimensions,
  /// empty where the header does not name that dimension.
  std::vector<std::string> dimension_codes;
  std::uint32_t group = 0;  ///< for kUnpivot: columns of one group become one row

  bool operator==(const ColumnMatch&) const = default;
};

/// A data set that fits.
struct Match {
  const Contract* contract = nullptr;
  std::vector<ColumnMatch> columns;  ///< one for each column of the file, in its order
  double score = 0;                  ///< 0 to 1
  std::string runner_up;             ///< data set that came second; empty: none fits
  double runner_up_score = 0;
  std::string reason;  ///< one sentence: "8 of 9 columns known (student_id, date, status, ...)"
};

/// Nothing when no contract fits: the file becomes a table of its own.
/// `header`: the file's column names in order; may hold blanks and repeats.
/// `is_empty`: one for each column, not 0 where the whole file has no value in it (such a column
/// is no evidence); may be left out. Only headers and these flags decide, never values.
[[nodiscard]] std::optional<Match> match_file(const ContractSet& contracts,
                                              std::span<const std::string> header,
                                              const FileName& name,
                                              std::span<const char> is_empty = {});

/// The same, held to one data set (the user said which). Errors: kContract when a required
/// column has no header, naming it and the nearest header.
[[nodiscard]] Result<Match> match_to(const ContractSet& contracts, std::string_view dataset,
                                     std::span<const std::string> header, const FileName& name,
                                     std::span<const char> is_empty = {});

}  // namespace homeroom::contract
