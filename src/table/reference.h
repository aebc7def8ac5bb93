#pragma once

// What a row says of rows elsewhere: an attendance row names a student. Declared by contracts,
// judged at load, where the other table is.

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace homeroom {

/// What becomes of a row when the other table has no such row.
enum class WhenUnknown : std::uint8_t {
  kWarn,        ///< it is loaded, and the file's report says so
  kPending,     ///< it is kept, and loaded when the other row comes
  kQuarantine,  ///< it is set aside for a person
};

/// Columns of a row, and those of the other table that they equal, in this order.
struct ReferencePath {
  std::vector<std::string> columns;
  std::vector<std::string> targets;

  bool operator==(const ReferencePath&) const = default;
};

/// A row is known when one of the paths leads to a row of `table`. A path whose columns are not
/// all there, or have no value, leads nowhere; a row that has no path at all is not judged.
struct Reference {
  std::string table;
  std::vector<ReferencePath> paths;
  WhenUnknown when_unknown = WhenUnknown::kPending;
  /// Below this share of known rows the file is another district's or was exported wrong: held.
  double min_known_fraction = 0.5;
  std::string stated_at;  ///< column whose contract says so; empty: the data set's
  std::string file;       ///< for messages
  std::size_t line = 0;

  bool operator==(const Reference&) const = default;
};

}  // namespace homeroom
