#pragma once

// manifest.csv of a OneRoster bundle: which version it is, and for each file whether it is there
// and holds everything (bulk) or changes (delta).

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

  std::vector<Property> properties;
  Dialect dialect;

  /// The first property of that name, whatever its capitals; null when there is none.
  [[nodiscard]] const Property* find(std::string_view name) const;
  /// What it says of the file ("users"): bulk, delta, absent, other words, or nothing.
  [[nodiscard]] std::string_view says_of(std::string_view stem) const;
  /// "1.1" or "1.2"; empty for any other version, and for none.
  [[nodiscard]] std::string_view version() const;
};

/// The manifest at `path`; nothing when the file is something else.
[[nodiscard]] std::optional<Manifest> read_manifest(const std::filesystem::path& path,
                                                    const Settings& settings);

/// Its report: the version, and each file that is not as it says. `stems` are the files beside it.
[[nodiscard]] FileReport report_manifest(const Manifest& manifest,
                                         const std::filesystem::path& path,
                                         std::span<const std::string> stems);

}  // namespace homeroom::run
