#include "sample/sample.h"

#include <filesystem>
#include <system_error>
#include <utility>
#include <vector>

#include "sample/district.h"

namespace homeroom::sample {
namespace {

constexpr int kFewestStudents = 50;
constexpr int kMostStudents = 200'000;
constexpr int kFirstSchoolYear = 2001;
constexpr int kLastSchoolYear = 2099;

using WriteFile = Status (*)(const District&, DropFolder&);

constexpr WriteFile kFiles[] = {
    write_schools,
    write_calendar,
    write_students,
    write_enrollments,
    write_staff,
    write_courses,
    write_sections,
    write_section_enrollments,
    write_attendance,
    write_marks,
    write_assessments,
    write_proficiency_summary,
    write_incidents,
    write_incident_students,
    write_discipline_actions,
    write_bus_routes,
};

}  // namespace

Status Options::validate() const {
  if (students < kFewestStudents || students > kMostStudents) {
    return fail(ErrorCode::kConfig, "A sample district has 50 to 200,000 students",
                "Give a number in that range, such as 3200");
  }
  if (school_year < kFirstSchoolYear || school_year > kLastSchoolYear) {
    return fail(ErrorCode::kConfig, "The school year of a sample district ends in 2001 to 2099",
                "Give the year in which it ends: 2026 for 2025-26");
  }
  return {};
}

District make_district(const Options& options) {
  District district{.seed = options.seed,
                    .calendar = SchoolCalendar(options.school_year),
                    .students = make_students(options.seed, options.students, options.school_year),
                    .stints = {},
                    .catalog = make_catalog(),
                    .schedule = {},
                    .behavior = {}};
  district.stints = make_stints(options.seed, district.students);
  district.schedule = make_schedule(options.seed, district.students, district.stints,
                                    district.catalog, district.calendar);
  district.behavior =
      make_behavior(options.seed, district.students, district.stints, district.schedule.staff);
  return district;
}

Result<std::vector<WrittenFile>> write_district(const std::filesystem::path& out,
                                                const Options& options) {
  HOMEROOM_TRY(options.validate());
  std::error_code error;
  std::filesystem::create_directories(out, error);
  if (error) {
    return fail_with_detail(ErrorCode::kIo, "Cannot create the folder of the sample district",
                            "Choose a folder that does not exist, or one that you may write to",
                            error.message());
  }
  const District district = make_district(options);
  DropFolder drop{.root = out, .files = {}};
  for (const WriteFile write : kFiles) HOMEROOM_TRY(write(district, drop));
  return std::move(drop.files);
}

}  // namespace homeroom::sample
