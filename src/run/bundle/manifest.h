#pragma once

// manifest.csv beside the files that it speaks of. Of a OneRoster bundle: which version it is, and
// for each file whether it is there and holds everything (bulk) or changes (delta). Of any others:
// how many rows each file has.

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "run/report.h"
#include "run/settings.h"
#include "table/dialect.h"
#include "table/issue.h"

namespace homeroom::run {

struct Manifest {
  struct Property {
    LineNumber line = 0;
    std::string name;
    std::string value;
  };

  /// What it says of one file.
  struct Count {
    LineNumber line = 0;
    std::string file;                       ///< its name, with or without extension
    std::optional<std::uint64_t> num_rows;  ///< nothing: it is no number
  };

  std::vector<Property> properties;  ///< of OneRoster
  std::vector<Count> counts;         ///< of others
  Dialect dialect;

  /// The first property of that name, whatever its capitals; null when there is none.
  [[nodiscard]] const Property* find(std::string_view name) const;
  /// The count of a file of that name; null when there is none.
  [[nodiscard]] const Count* count_of(const std::filesystem::path& file) const;
  /// What it says of the file ("users"): bulk, delta, absent, other words, or nothing.
  [[nodiscard]] std::string_view says_of(std::string_view stem) const;
  /// "1.1" or "1.2"; empty for any other version, and for none.
  [[nodiscard]] std::string_view version() const;
};

/// The manifest at `path`; nothing when the file is something else.
[[nodiscard]] std::optional<Manifest> read_manifest(const std::filesystem::path& path,
                                                    const Settings& settings);

/// The report of one that counts: each file that is not there, each count that is none. `files` are
/// those beside it.
[[nodiscard]] FileReport report_counts(const Manifest& manifest, const std::filesystem::path& path,
                                       std::span<const std::filesystem::path> files);

/// The report of OneRoster's: the version, and each file that is not as it says. `stems` are the
/// files beside it.
[[nodiscard]] FileReport report_manifest(const Manifest& manifest,
                                         const std::filesystem::path& path,
                                         std::span<const std::string> stems);

}  // namespace homeroom::run
