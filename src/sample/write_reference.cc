// The files that others refer to: schools, the calendar, staff.

#include <string>
#include <string_view>

#include <fmt/format.h>

#include "base/date.h"
#include "sample/district.h"
#include "sample/faults.h"
#include "sample/spelling.h"
#include "sample/table_writer.h"

namespace homeroom::sample {
namespace {

constexpr int kStaffFile = 3;

std::string_view spell_role(StaffRole role) {
  switch (role) {
    case StaffRole::kPrincipal:
      return "Principal";
    case StaffRole::kAssistantPrincipal:
      return "Assistant Principal";
    case StaffRole::kCounselor:
      return "School Counselor";
    case StaffRole::kAide:
      return "Paraprofessional/Instructional Aide";
    case StaffRole::kTeacher:
      break;
  }
  return "Teacher";
}

}  // namespace

Status write_schools(const District& district, DropFolder& drop) {
  const std::string path =
      fmt::format("sis/schools_{}-08-04.csv", district.calendar.school_year() - 1);
  TableWriter out = HOMEROOM_TRY(TableWriter::create(drop.root, path, {}));
  out.header({"School Number", "School Name", "District Number", "District Name", "School Level",
              "Low Grade", "High Grade", "Status"});
  for (const School& school : schools()) {
    out.row({school.id, school.name, kDistrictId, kDistrictName, school.level,
             spell_grade(school.first_grade, Habit::kLetters),
             spell_grade(school.last_grade, Habit::kLetters), "Active"});
  }
  drop.files.push_back(HOMEROOM_TRY(out.finish("nothing but ids with leading zeros")));
  return {};
}

Status write_calendar(const District& district, DropFolder& drop) {
  const SchoolCalendar& calendar = district.calendar;
  const std::string path = fmt::format("sis/calendar_{}-{:02}.csv", calendar.school_year() - 1,
                                       calendar.school_year() % 100);
  TableWriter out = HOMEROOM_TRY(TableWriter::create(drop.root, path, {.newline = "\r\n"}));
  out.header(
      {"SchoolID", "DateValue", "InSession", "MembershipValue", "TermID", "SchoolYear", "Note"});
  const std::string school_year = spell_school_year(calendar.school_year());
  const DayNumber boiler_date = calendar.date(calendar.boiler_day());
  for (int school = 0; school < static_cast<int>(schools().size()); ++school) {
    for (const CalendarDay& day : calendar.all_days()) {
      const bool boiler = school == kBoilerSchool && day.date == boiler_date;
      const std::string_view flag = day.in_session && !boiler ? "1" : "0";
      const std::string term =
          fmt::format("Q{}", 1 + calendar.quarter_of(calendar.day_on_or_after(day.date)));
      out.row({school_at(school).id, spell_date(day.date, DateForm::kIso), flag, flag, term,
               school_year, boiler ? "Closed: boiler failure" : day.note});
    }
  }
  drop.files.push_back(HOMEROOM_TRY(out.finish("CRLF line ends, weekends listed as days off")));
  return {};
}

Status write_staff(const District& district, DropFolder& drop) {
  const std::string path =
      fmt::format("sis/staff_{}-09-02.csv", district.calendar.school_year() - 1);
  TableWriter out =
      HOMEROOM_TRY(TableWriter::create(drop.root, path, {.encoding = Encoding::kUtf8WithMark}));
  out.header({"Teacher_id", "First_name", "Last_name", "Teacher_email", "Role", "School_id"});
  OneIn repeats(district.seed, kStaffFile, 0, 60);
  for (std::size_t i = 0; i < district.schedule.staff.size(); ++i) {
    const StaffMember& member = district.schedule.staff[i];
    Random random = random_for(district.seed, Topic::kSpelling, kStaffFile, i);
    const std::string number = fmt::format("{:05}", member.number);
    std::string email = fmt::format("t{}@harlowbend.example", number);
    if (random.chance(300)) email = fmt::format("T{}@HARLOWBEND.EXAMPLE", number);
    if (random.chance(200)) email = spell_nothing(random);
    const std::string last =
        random.chance(300) ? with_outer_blank(member.name.last, random) : member.name.last;
    out.row({number, member.name.first, last, email, spell_role(member.role),
             school_at(member.school).id});
    if (repeats.hits()) out.repeat_later();
  }
  drop.files.push_back(HOMEROOM_TRY(
      out.finish("UTF-8 with a byte order mark, blanks around names, emails missing or in "
                 "capitals, people listed twice")));
  return {};
}

}  // namespace homeroom::sample
