#pragma once

// The whole made-up district in memory, and the functions that write it file by file.

#include <cstdint>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "sample/behavior.h"
#include "sample/courses.h"
#include "sample/people.h"
#include "sample/sample.h"
#include "sample/schedule.h"
#include "sample/school_calendar.h"

namespace homeroom::sample {

struct District {
  std::uint64_t seed;
  SchoolCalendar calendar;
  std::vector<Student> students;
  std::vector<Stint> stints;
  std::vector<Course> catalog;
  Schedule schedule;
  Behavior behavior;

  [[nodiscard]] const Student& student_of(const Stint& stint) const {
    return students[static_cast<std::size_t>(stint.student)];
  }

  [[nodiscard]] const StaffMember& staff_member(int index) const {
    return schedule.staff[static_cast<std::size_t>(index)];
  }
};

/// `options` were found valid.
[[nodiscard]] District make_district(const Options& options);

/// Where the files go, and the list of those written.
struct DropFolder {
  std::filesystem::path root;
  std::vector<WrittenFile> files;
};

[[nodiscard]] inline const School& school_at(int index) {
  return schools()[static_cast<std::size_t>(index)];
}

// One a file or family of files. Each appends what it wrote to `drop.files`.
[[nodiscard]] Status write_schools(const District& district, DropFolder& drop);
[[nodiscard]] Status write_calendar(const District& district, DropFolder& drop);
[[nodiscard]] Status write_students(const District& district, DropFolder& drop);
[[nodiscard]] Status write_enrollments(const District& district, DropFolder& drop);
[[nodiscard]] Status write_staff(const District& district, DropFolder& drop);
[[nodiscard]] Status write_courses(const District& district, DropFolder& drop);
[[nodiscard]] Status write_sections(const District& district, DropFolder& drop);
[[nodiscard]] Status write_section_enrollments(const District& district, DropFolder& drop);
[[nodiscard]] Status write_attendance(const District& district, DropFolder& drop);
[[nodiscard]] Status write_marks(const District& district, DropFolder& drop);
[[nodiscard]] Status write_assessments(const District& district, DropFolder& drop);
[[nodiscard]] Status write_proficiency_summary(const District& district, DropFolder& drop);
[[nodiscard]] Status write_incidents(const District& district, DropFolder& drop);
[[nodiscard]] Status write_incident_students(const District& district, DropFolder& drop);
[[nodiscard]] Status write_discipline_actions(const District& district, DropFolder& drop);
[[nodiscard]] Status write_bus_routes(const District& district, DropFolder& drop);

}  // namespace homeroom::sample
