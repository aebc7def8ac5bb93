// Who was enrolled where and when: a tab-separated export.

#include <array>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sample/district.h"
#include "sample/faults.h"
#include "sample/spelling.h"
#include "sample/table_writer.h"

namespace homeroom::sample {
namespace {

constexpr int kEnrollmentsFile = 4;
constexpr int kFewestForFaults = 200;

std::string_view spell_entry(Entry entry) {
  constexpr std::array<std::string_view, 4> kCodes = {"E1", "E2", "E3", "R1"};
  return kCodes[static_cast<std::size_t>(entry)];
}

std::string_view spell_exit(Exit exit) {
  constexpr std::array<std::string_view, 5> kCodes = {"", "Transferred", "Transferred", "Dropout",
                                                      "Graduated"};
  return kCodes[static_cast<std::size_t>(exit)];
}

std::string_view spell_status(const Stint& stint, Random& random) {
  switch (stint.exit) {
    case Exit::kMovedAway:
    case Exit::kToOurSchool:
      return "Transferred";
    case Exit::kDropout:
      return "Withdrawn";
    case Exit::kGraduated:
      return "Graduated";
    case Exit::kNone:
      break;
  }
  return random.chance(500) ? "ACTIVE" : "Active";
}

// Most offices pad, one writes ISO dates; a change in mid-year is typed by hand.
DateForm form_of(const Stint& stint, Random& random) {
  const bool by_hand = stint.entry != Entry::kFirstDay && random.chance(3500);
  if (by_hand) return DateForm::kDayMonthName;
  return stint.school == 4 ? DateForm::kIso : DateForm::kUsPadded;
}

std::vector<std::string> spell_row(const District& district, int stint_index) {
  const Stint& stint = district.stints[static_cast<std::size_t>(stint_index)];
  const Student& student = district.student_of(stint);
  Random random = random_for(district.seed, Topic::kSpelling, kEnrollmentsFile,
                             static_cast<std::uint64_t>(stint_index));
  const DateForm form = form_of(stint, random);
  const int teacher = district.schedule.homeroom_teachers[static_cast<std::size_t>(stint_index)];
  return {
      random.chance(90) ? with_outer_blank(spell_student(student), random) : spell_student(student),
      std::string(school_at(stint.school).id),
      fmt::format("{}-{:02}", district.calendar.school_year() - 1,
                  district.calendar.school_year() % 100),
      spell_grade(student.grade, school_at(stint.school).habit),
      spell_date(district.calendar.date(stint.first_day), form),
      std::string(spell_entry(stint.entry)),
      stint.exit == Exit::kNone ? std::string(spell_nothing(random))
                                : spell_date(district.calendar.date(stint.last_day), form),
      std::string(spell_exit(stint.exit)),
      std::string(spell_status(stint, random)),
      teacher < 0 ? std::string(spell_nothing(random))
                  : last_first(district.staff_member(teacher).name),
  };
}

void write_row(TableWriter& out, const std::vector<std::string>& cells, Kind kind) {
  const std::vector<std::string_view> views(cells.begin(), cells.end());
  out.row(views, kind);
}

// Rows for children of next year's kindergarten that were entered into this year.
void write_mistaken_entries(const District& district, TableWriter& out) {
  const int spring = district.calendar.school_year();
  std::vector<std::string> cells = spell_row(district, 0);
  const int count = 1 + static_cast<int>(district.students.size()) / 1200;
  for (int i = 0; i < count; ++i) {
    cells[0] = fmt::format("{:07}", district.students.back().number + 1 + i);
    cells[4] = fmt::format("{}-13-{}", spring, 40 + i);
    write_row(out, cells, Kind::kBad);
    cells[0].clear();
    cells[4] = fmt::format("05/{}/{}", 14 + i, spring);
    write_row(out, cells, Kind::kBad);
  }
  cells[0] = fmt::format("{:07}", district.students.back().number + count + 1);
  cells.resize(4);
  write_row(out, cells, Kind::kBad);
}

}  // namespace

Status write_enrollments(const District& district, DropFolder& drop) {
  const std::string path = fmt::format("sis/enrollments_{}.txt",
                                       spell_date(district.calendar.export_date(), DateForm::kIso));
  TableWriter out = HOMEROOM_TRY(TableWriter::create(drop.root, path, {.delimiter = '\t'}));
  out.header({"Student_Number", "SchoolID", "School Year", "Grade_Level", "EntryDate", "EntryCode",
              "ExitDate", "ExitCode", "Enroll_Status", "HomeroomTeacher"});
  const int num_students = static_cast<int>(district.students.size());
  OneIn repeats(district.seed, kEnrollmentsFile, 0, num_students < 800 ? num_students : 800);
  for (int i = 0; i < static_cast<int>(district.stints.size()); ++i) {
    write_row(out, spell_row(district, i), Kind::kGood);
    if (repeats.hits()) out.repeat_later();
  }
  if (num_students >= kFewestForFaults) write_mistaken_entries(district, out);
  drop.files.push_back(HOMEROOM_TRY(out.finish(
      "tab-separated, three date forms in one column, four ways to write a grade, teachers as "
      "Last, First, rows listed twice; at the end entries without a student, in month 13, and one "
      "cut short")));
  return {};
}

}  // namespace homeroom::sample
