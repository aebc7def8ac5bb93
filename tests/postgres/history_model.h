#pragma once

// What the tables must hold, worked out the plain way: all files that count, one after another,
// from nothing. Students, and attendance that waits for them.

#include <cstdint>
#include <iosfwd>
#include <string>
#include <vector>

namespace homeroom {

enum class Data : std::uint8_t { kStudents, kAttendance };

/// A row of a file. `key`: the student; the student, school and day.
struct ModelLine {
  std::string student;
  std::string key;
  std::string value;
  std::string more;  ///< of the column that only some files have
  bool has_more = false;
};

/// A file that was loaded. Lines count from 2.
struct ModelFile {
  std::int64_t run = 0;
  Data data = Data::kStudents;
  std::vector<ModelLine> lines;
  bool counts = true;     ///< false: taken back
  bool is_judged = true;  ///< there were students when it came, so rows of others waited
};

/// "key|value|more|run|line" in order.
using ModelTable = std::vector<std::string>;

struct ModelTables {
  ModelTable students;
  ModelTable attendance;
  std::uint64_t num_waiting = 0;

  bool operator==(const ModelTables&) const = default;
};

std::ostream& operator<<(std::ostream& out, const ModelTables& tables);

/// The tables after the files that count, in the order in which they were committed.
[[nodiscard]] ModelTables work_out(const std::vector<ModelFile>& files);

}  // namespace homeroom
