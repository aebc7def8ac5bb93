#pragma once

// A school district that does not exist, as the folder of files it would send.
// Every person, school and event is made up.

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"

namespace homeroom::sample {

/// What the district looks like.
struct Options {
  int students = 3200;     ///< students enrolled at any time in the year, 50 to 200,000
  std::uint64_t seed = 1;  ///< another seed, another district of the same kind
  int school_year = 2026;  ///< the year it ends in (2026: August 2025 to June 2026), 2001 to 2099

  [[nodiscard]] Status validate() const;
};

/// One file of the drop folder, and what a right reading of it must find.
struct WrittenFile {
  std::string path;            ///< relative to the folder, with slashes
  std::uint64_t num_rows = 0;  ///< records below the header, all the next two counted; no footer
  std::uint64_t num_duplicate_rows = 0;  ///< rows equal to an earlier one, cell by cell
  std::uint64_t num_bad_rows = 0;        ///< a cell or width that cannot be right, or the key of
                                         ///< another row with other content (both rows count)
  std::string dirt;                      ///< what is wrong with the file on purpose
};

/// Writes the drop folder of a made-up district below `out`, which is created if missing; files
/// of the same names are replaced.
///
/// Out:     the files in the order written: first what others refer to (schools, students).
///          The same options give the same bytes on every machine.
/// Errors:  kConfig for options out of range; kIo when the folder or a file cannot be written.
/// Memory:  8 MB at the default size. Disk: 26 MB at the default size, in proportion to students.
///
///     const auto files = HOMEROOM_TRY(write_district("drop", {.students = 500}));
[[nodiscard]] Result<std::vector<WrittenFile>> write_district(const std::filesystem::path& out,
                                                              const Options& options);

}  // namespace homeroom::sample
