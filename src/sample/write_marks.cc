// One file a quarter; from the third on in the form of the new version.

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sample/district.h"
#include "sample/faults.h"
#include "sample/marks.h"
#include "sample/spelling.h"
#include "sample/table_writer.h"

namespace homeroom::sample {
namespace {

constexpr int kFirstMarksFile = 200;
constexpr int kFewestDays = 10;  // who was in the class for less gets no mark

/// The cells of a row by their meaning; a file's version gives the order.
struct MarkRow {
  std::string student;
  std::string section;
  std::string_view course;
  std::string_view school;
  std::string percent;
  std::string_view letter;  // of middle and high school
  std::string mark;         // as the report card has it
  std::string_view citizenship;
  std::string teacher;
};

class QuarterWriter {
 public:
  QuarterWriter(const District& district, int quarter, TableWriter& out)
      : district_(district),
        quarter_(quarter),
        term_(fmt::format("Q{}", quarter + 1)),
        school_year_(spell_school_year(district.calendar.school_year())),
        out_(out),
        random_(random_for(district.seed, Topic::kSpelling, kFirstMarksFile,
                           static_cast<std::uint64_t>(quarter))),
        repeat_(one_in(0, 1200)),
        no_student_(one_in(1, 1300)),
        no_number_(one_in(2, 500)),
        too_high_(one_in(3, 700)),
        torn_(one_in(4, 1500)),
        stray_comma_(one_in(5, 1500)),
        conflict_(one_in(6, 1500)) {}

  void write_header() {
    if (is_new_version()) {
      out_.header({"Student Number", "Term", "Section ID", "Course Number", "School ID",
                   "School Year", "GradeType", "Mark", "Letter Grade", "Percent", "Citizenship",
                   "Teacher"});
    } else {
      out_.header({"Student Number", "School ID", "School Year", "Section ID", "Course Number",
                   "Term", "GradeType", "Percent", "Letter Grade", "Mark", "Teacher"});
    }
  }

  void write() {
    const int first = district_.calendar.first_day_of(quarter_);
    const int last = district_.calendar.last_day_of(quarter_);
    for (const Seat& seat : district_.schedule.seats) {
      const bool to_the_end = seat.first_day <= last && seat.last_day >= last;
      if (to_the_end && last - std::max(seat.first_day, first) >= kFewestDays) write_seat(seat);
    }
  }

 private:
  [[nodiscard]] OneIn one_in(int fault, int period) const {
    return OneIn(district_.seed, kFirstMarksFile + quarter_, fault, period);
  }

  [[nodiscard]] bool is_new_version() const { return quarter_ >= 2; }

  void write_seat(const Seat& seat) {
    const Stint& stint = district_.stints[static_cast<std::size_t>(seat.stint)];
    const Section& section = district_.schedule.sections[static_cast<std::size_t>(seat.section)];
    const Course& course = district_.catalog[static_cast<std::size_t>(section.course)];
    const Student& student = district_.student_of(stint);
    const Mark mark = mark_of(district_.seed, student, course, section.course, quarter_);
    const bool by_percent = school_at(stint.school).first_grade >= 6 && !mark.is_incomplete;
    MarkRow row{.student = spell_student(student),
                .section = fmt::format("{}", section.number),
                .course = course.id,
                .school = school_at(stint.school).id,
                .percent = {},
                .letter = {},
                .mark = {},
                .citizenship = spell_citizenship(student),
                .teacher = last_first(district_.staff_member(section.teacher).name)};
    row.letter = spell_letter(stint, mark);
    row.mark = row.letter.empty() ? standard_of(mark.percent_tenths) : row.letter;
    if (random_.chance(40)) row.mark += ' ';
    row.percent = by_percent ? spell_percent(mark) : std::string(spell_nothing(random_));
    if (random_.chance(50)) row.student = with_outer_blank(row.student, random_);
    if (!spoil(row, by_percent)) {
      put(row, Kind::kGood);
      if (repeat_.hits()) out_.repeat_later();
    }
  }

  static std::string_view spell_letter(const Stint& stint, const Mark& mark) {
    if (mark.is_incomplete) return "INC";
    if (school_at(stint.school).last_grade < 6) return {};
    return letter_of(mark.percent_tenths);
  }

  // The second quarter was exported from the gradebook, which adds a sign at times.
  std::string spell_percent(const Mark& mark) {
    std::string percent = spell_tenths(mark.percent_tenths);
    if (quarter_ == 1 && random_.chance(80)) percent += '%';
    return percent;
  }

  std::string_view spell_citizenship(const Student& student) {
    constexpr std::array<std::string_view, 3> kWords = {"Outstanding", "Satisfactory",
                                                        "Needs Improvement"};
    const int trouble = student.incident_weight > 60 ? 40 : student.incident_weight > 0 ? 8 : 3;
    const int draw = random_.below(100);
    return kWords[draw < trouble ? 2 : draw < 68 ? 1 : 0];
  }

  // What nobody can repair. False when the row is as it should be.
  bool spoil(MarkRow& row, bool by_percent) {
    if (no_student_.hits()) {
      row.student = spell_nothing(random_);
      put(row, Kind::kBad);
    } else if (by_percent && no_number_.hits()) {
      row.percent = fmt::format("8O.{}", random_.below(10));  // a letter O
      put(row, Kind::kBad);
    } else if (by_percent && too_high_.hits()) {
      row.percent = fmt::format("{}", random_.between(610, 990));  // the point is missing
      put(row, Kind::kBad);
    } else if (torn_.hits()) {
      put_torn(row);
    } else if (stray_comma_.hits()) {
      put(row, Kind::kBad, Teacher::kTwoCells);
    } else if (by_percent && conflict_.hits()) {
      put(row, Kind::kBad);
      row.percent = std::string("59");
      row.letter = letter_of(590);
      row.mark = std::string(row.letter);
      put(row, Kind::kBad);
    } else {
      return false;
    }
    return true;
  }

  // "Ortiz, Maria" in quotes, or, in a row that somebody edited, without them.
  enum class Teacher : unsigned char { kOneCell, kTwoCells };

  void put(const MarkRow& row, Kind kind, Teacher teacher = Teacher::kOneCell) {
    constexpr std::string_view kType = "Grading Period";
    if (is_new_version()) {
      cells_ = {row.student, term_,    row.section, row.course,  row.school,     school_year_,
                kType,       row.mark, row.letter,  row.percent, row.citizenship};
    } else {
      cells_ = {row.student, row.school, school_year_, row.section, row.course,
                term_,       kType,      row.percent,  row.letter,  row.mark};
    }
    const std::string_view name = row.teacher;
    if (teacher == Teacher::kTwoCells) {
      const std::size_t comma = name.find(',');
      cells_.push_back(name.substr(0, comma));
      cells_.push_back(name.substr(comma + 1));
    } else {
      cells_.push_back(name);
    }
    out_.row(cells_, kind);
  }

  void put_torn(const MarkRow& row) {
    if (is_new_version()) {
      out_.row({row.student, term_, row.section}, Kind::kBad);
    } else {
      out_.row({row.student, row.school, school_year_, row.section}, Kind::kBad);
    }
  }

  const District& district_;
  int quarter_;
  std::string term_;
  std::string school_year_;
  TableWriter& out_;
  Random random_;
  OneIn repeat_;
  OneIn no_student_;
  OneIn no_number_;
  OneIn too_high_;
  OneIn torn_;
  OneIn stray_comma_;
  OneIn conflict_;
  std::vector<std::string_view> cells_;
};

std::string dirt_of(int quarter) {
  std::string dirt =
      "letters and percents beside the 1 to 4 of elementary school, words for nothing, teachers as "
      "quoted Last, "
      "First, rows listed twice, no student, a letter O in a number, a lost decimal point, too few "
      "and too many fields, two marks for one course";
  if (quarter == 0) dirt += "; CRLF";
  if (quarter == 1) dirt += "; percent signs at times";
  if (quarter >= 2) dirt += "; new since January: another order and a column Citizenship";
  return dirt;
}

}  // namespace

Status write_marks(const District& district, DropFolder& drop) {
  for (int quarter = 0; quarter < SchoolCalendar::kNumQuarters; ++quarter) {
    const DayNumber last = district.calendar.date(district.calendar.last_day_of(quarter));
    const std::string path = fmt::format("grades/marks_Q{}_{}.csv", quarter + 1,
                                         spell_date(friday_on_or_after(last + 2), DateForm::kIso));
    TableWriter out = HOMEROOM_TRY(
        TableWriter::create(drop.root, path, {.newline = quarter == 0 ? "\r\n" : "\n"}));
    QuarterWriter writer(district, quarter, out);
    writer.write_header();
    writer.write();
    drop.files.push_back(HOMEROOM_TRY(out.finish(dirt_of(quarter))));
  }
  return {};
}

}  // namespace homeroom::sample
