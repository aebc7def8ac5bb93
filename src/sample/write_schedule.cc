// The scheduling program's files: courses, sections, who sits in them.

#include <algorithm>
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

constexpr int kCoursesFile = 5;
constexpr int kRosterFile = 7;

std::string_view spell_subject(Subject subject) {
  constexpr std::array<std::string_view, 8> kNames = {
      "English", "Math", "Science", "Social Studies", "World Language", "Fine and Performing Arts",
      "PE",      "CTE"};
  return kNames[static_cast<std::size_t>(subject)];
}

std::string_view spell_level(CourseLevel level, Random& random) {
  switch (level) {
    case CourseLevel::kHonors:
      return random.chance(5000) ? "Honors" : "HN";
    case CourseLevel::kAdvancedPlacement:
      return "AP";
    case CourseLevel::kRemedial:
      return "Remedial";
    case CourseLevel::kGeneral:
      break;
  }
  return random.chance(7500) ? "General" : "REG";
}

std::string_view spell_flag(bool value, Random& random) {
  constexpr std::array<std::string_view, 3> kTrue = {"1", "Y", "True"};
  constexpr std::array<std::string_view, 3> kFalse = {"0", "N", "False"};
  return random.pick(value ? kTrue : kFalse);
}

std::string_view spell_term(Term term) {
  constexpr std::array<std::string_view, 3> kNames = {"FY", "S1", "S2"};
  return kNames[static_cast<std::size_t>(term)];
}

std::string school_years(const District& district) {
  return fmt::format("{}-{:02}", district.calendar.school_year() - 1,
                     district.calendar.school_year() % 100);
}

}  // namespace

Status write_courses(const District& district, DropFolder& drop) {
  const std::string path = fmt::format("sis/courses_{}.csv", school_years(district));
  TableWriter out = HOMEROOM_TRY(TableWriter::create(drop.root, path, {.delimiter = ';'}));
  out.header({"course_number", "course_name", "credit_type", "credit_hours", "course_level",
              "add_to_gpa"});
  for (std::size_t i = 0; i < district.catalog.size(); ++i) {
    const Course& course = district.catalog[i];
    Random random = random_for(district.seed, Topic::kSpelling, kCoursesFile, i);
    const std::string credits =
        fmt::format("{}.{:02}", course.credits_hundredths / 100, course.credits_hundredths % 100);
    const std::string name =
        random.chance(500) ? with_outer_blank(course.title, random) : course.title;
    out.row({course.id, name, spell_subject(course.subject), credits,
             spell_level(course.level, random), spell_flag(course.counts_for_gpa, random)});
  }
  drop.files.push_back(HOMEROOM_TRY(out.finish(
      "semicolon-separated, semicolons inside quoted names, flags as 1/0, Y/N and True/False")));
  return {};
}

Status write_sections(const District& district, DropFolder& drop) {
  const std::string path = fmt::format("sis/sections_{}.csv", school_years(district));
  TableWriter out = HOMEROOM_TRY(TableWriter::create(drop.root, path, {.newline = "\r\n"}));
  out.line(kDistrictName);
  out.line(fmt::format("Master Schedule {}", school_years(district)));
  out.line(fmt::format("Report run: {} 07:14 AM",
                       spell_date(district.calendar.export_date(), DateForm::kUsPadded)));
  out.line("");
  out.header({"Section_id", "Course_Number", "School_id", "Section_name", "Term_name", "Term_start",
              "Term_end", "Teacher_id", "Period", "room"});
  for (const Section& section : district.schedule.sections) {
    const Course& course = district.catalog[static_cast<std::size_t>(section.course)];
    const StaffMember& teacher = district.staff_member(section.teacher);
    const DayRange days = days_of(section.term, district.calendar);
    out.row({fmt::format("{}", section.number), course.id, school_at(section.school).id,
             fmt::format("{} ({})", course.title, section.count), spell_term(section.term),
             spell_date(district.calendar.date(days.first), DateForm::kDayMonthName),
             spell_date(district.calendar.date(days.last), DateForm::kDayMonthName),
             fmt::format("{:05}", teacher.number), fmt::format("{}", section.period),
             fmt::format("{}", teacher.room)});
  }
  out.footer(fmt::format("Total sections: {},,,,,,,,,", district.schedule.sections.size()));
  drop.files.push_back(HOMEROOM_TRY(
      out.finish("three title lines and a blank one above the header, a totals line at the end, "
                 "CRLF, dates such as 18-Aug-2025")));
  return {};
}

Status write_section_enrollments(const District& district, DropFolder& drop) {
  const std::string path = fmt::format("sis/section_enrollments_{}.csv",
                                       spell_date(district.calendar.export_date(), DateForm::kIso));
  TableWriter out = HOMEROOM_TRY(TableWriter::create(drop.root, path, {}));
  out.header({"Student_Number", "SchoolID", "Course_Number", "Section_ID", "TermID", "DateEnrolled",
              "DateLeft"});
  const auto one_in = [&](int fault, int period) {
    return OneIn(district.seed, kRosterFile, fault, period);
  };
  OneIn repeat = one_in(0, 1100);
  OneIn no_student = one_in(1, 1100);
  OneIn bad_date = one_in(2, 1200);
  OneIn torn = one_in(3, 1300);
  OneIn conflict = one_in(4, 1300);
  Random random = random_for(district.seed, Topic::kSpelling, kRosterFile);
  const auto date = [&](int day) {
    return spell_date(district.calendar.date(day), DateForm::kUsPadded);
  };
  for (const Seat& seat : district.schedule.seats) {
    const Stint& stint = district.stints[static_cast<std::size_t>(seat.stint)];
    const Section& section = district.schedule.sections[static_cast<std::size_t>(seat.section)];
    std::string student = spell_student(district.student_of(stint));
    if (random.chance(80)) student = with_outer_blank(student, random);
    const std::string number = fmt::format("{}", section.number);
    const std::string first = date(seat.first_day);
    const std::string last = date(seat.last_day);
    std::array<std::string_view, 7> cells = {
        student,
        school_at(section.school).id,
        district.catalog[static_cast<std::size_t>(section.course)].id,
        number,
        spell_term(section.term),
        first,
        last};
    if (no_student.hits()) {
      cells[0] = spell_nothing(random);
      out.row(cells, Kind::kBad);
    } else if (bad_date.hits()) {
      const std::string impossible = "02/31/" + first.substr(6);
      cells[5] = impossible;
      out.row(cells, Kind::kBad);
    } else if (torn.hits()) {
      out.row(Cells(cells).first(4), Kind::kBad);
    } else if (conflict.hits()) {
      const std::string other = date(std::max(std::min(seat.first_day + 4, seat.last_day - 1), 0));
      out.row(cells, Kind::kBad);
      cells[6] = other;
      out.row(cells, Kind::kBad);
    } else {
      out.row(cells);
      if (repeat.hits()) out.repeat_later();
    }
  }
  drop.files.push_back(HOMEROOM_TRY(out.finish(
      "rows listed twice, rows without a student, 31 February, rows cut short, one seat with two "
      "end dates")));
  return {};
}

}  // namespace homeroom::sample
