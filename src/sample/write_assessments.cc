// The vendor's wide score files, one a window, and the district's own summary of them.

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "sample/attendance.h"
#include "sample/district.h"
#include "sample/faults.h"
#include "sample/scores.h"
#include "sample/spelling.h"
#include "sample/table_writer.h"

namespace homeroom::sample {
namespace {

constexpr int kFirstScoresFile = 300;
constexpr int kDaysOfWindow = 15;
constexpr std::array kFirstDays = {15, 88, 156};
constexpr std::array<std::string_view, kNumWindows> kSeasons = {"Fall", "Winter", "Spring"};
constexpr std::array kDateForms = {DateForm::kUs, DateForm::kDayMonthName, DateForm::kIso};

class WindowWriter {
 public:
  WindowWriter(const District& district, int window, TableWriter& out)
      : district_(district),
        window_(window),
        school_year_(spell_school_year(district.calendar.school_year())),
        attendance_(district.seed, district.students, district.calendar, district.behavior),
        out_(out),
        random_(random_for(district.seed, Topic::kSpelling, kFirstScoresFile,
                           static_cast<std::uint64_t>(window))),
        repeat_(one_in(0, 450)),
        bad_date_(one_in(1, 900)),
        no_number_(one_in(2, 800)),
        no_student_(one_in(3, 1100)),
        torn_(one_in(4, 1600)),
        conflict_(one_in(5, 1300)) {}

  void write() {
    out_.header({"Student ID", "Student Name", "School ID", "Assessment Grade", "School Year",
                 "Season", "Assessment", "Test Date", "Math RIT", "Math Percentile", "Reading RIT",
                 "Reading Percentile"});
    for (const Stint& stint : district_.stints) {
      if (district_.student_of(stint).grade > kLastTestedGrade) continue;
      const int day = test_day(stint);
      if (day >= 0) write_student(stint, day);
    }
  }

 private:
  [[nodiscard]] OneIn one_in(int fault, int period) const {
    return OneIn(district_.seed, kFirstScoresFile + window_, fault, period);
  }

  // The day the class was tested, or, for who missed it, a later one of the window; -1 for never.
  int test_day(const Stint& stint) {
    const int first = kFirstDays[static_cast<std::size_t>(window_)];
    for (int day = first + random_.below(kDaysOfWindow); day < first + kDaysOfWindow; ++day) {
      if (!stint.covers(day)) continue;
      if (attendance_.record(stint, day).presence <= Presence::kTardy) return day;
    }
    return -1;
  }

  void write_student(const Stint& stint, int day) {
    const Student& student = district_.student_of(stint);
    const School& school = school_at(stint.school);
    const auto of = [&](TestSubject subject) {
      return score_of(district_.seed, student, school, window_, subject);
    };
    const Score math = of(TestSubject::kMath);
    const Score reading = of(TestSubject::kReading);
    cells_ = {
        spell_student(student),
        last_first(student.name),
        std::string(school.id),
        spell_grade(student.grade, student.grade == 0 ? Habit::kPadded : Habit::kWords),
        school_year_,
        std::string(kSeasons[static_cast<std::size_t>(window_)]),
        "Benchmark Growth",
        spell_date(district_.calendar.date(day), kDateForms[static_cast<std::size_t>(window_)]),
        fmt::format("{}", math.rit),
        fmt::format("{}", math.percentile),
        fmt::format("{}", reading.rit),
        fmt::format("{}", reading.percentile)};
    leave_out_subjects();
    if (!spoil()) {
      put(Kind::kGood);
      if (repeat_.hits()) out_.repeat_later();
    }
  }

  // One in fifty took one of the two tests only.
  void leave_out_subjects() {
    constexpr std::array<std::string_view, 4> kNotTested = {"", "N/A", "-", "NULL"};
    const int draw = random_.below(1000);
    if (draw >= 20) return;
    const std::string_view nothing = random_.pick(kNotTested);
    const std::size_t subject = draw < 10 ? 8 : 10;
    cells_[subject] = nothing;
    cells_[subject + 1] = nothing;
  }

  // What nobody can repair. False when the row is as it should be.
  bool spoil() {
    if (bad_date_.hits()) {
      cells_[7] = window_ == 0   ? "9/31/" + cells_[7].substr(cells_[7].size() - 4)
                  : window_ == 1 ? "31-Feb-" + cells_[7].substr(cells_[7].size() - 4)
                                 : cells_[7].substr(0, 4) + "-13-45";
      put(Kind::kBad);
    } else if (no_number_.hits()) {
      cells_[8] = "2O4";  // a letter O
      put(Kind::kBad);
    } else if (no_student_.hits()) {
      cells_[0] = random_.chance(5000) ? "" : "N/A";
      put(Kind::kBad);
    } else if (torn_.hits()) {
      cells_.resize(9);
      put(Kind::kBad);
    } else if (conflict_.hits()) {
      put(Kind::kBad);
      cells_[8] = fmt::format("{}", random_.between(140, 230));
      cells_[10] = fmt::format("{}", random_.between(140, 230));
      put(Kind::kBad);
    } else {
      return false;
    }
    return true;
  }

  void put(Kind kind) {
    const std::vector<std::string_view> views(cells_.begin(), cells_.end());
    out_.row(views, kind);
  }

  const District& district_;
  int window_;
  std::string school_year_;
  Attendance attendance_;
  TableWriter& out_;
  Random random_;
  OneIn repeat_;
  OneIn bad_date_;
  OneIn no_number_;
  OneIn no_student_;
  OneIn torn_;
  OneIn conflict_;
  std::vector<std::string> cells_;
};

struct Group {
  std::string_view name;
  bool (*has)(const Student&);
};

constexpr std::array kGroups = {
    Group{"All Students", [](const Student&) { return true; }},
    Group{"Economically Disadvantaged", [](const Student& s) { return s.meal != Meal::kPaid; }},
    Group{"English Learners", [](const Student& s) { return s.english_learner; }},
    Group{"Students with Disabilities", [](const Student& s) { return s.special_education; }},
    Group{"Hispanic or Latino", [](const Student& s) { return s.race == Race::kHispanic; }},
    Group{"White", [](const Student& s) { return s.race == Race::kWhite; }},
    Group{"Black or African American", [](const Student& s) { return s.race == Race::kBlack; }},
    Group{"Asian", [](const Student& s) { return s.race == Race::kAsian; }},
    Group{"American Indian or Alaska Native",
          [](const Student& s) { return s.race == Race::kAmericanIndian; }},
    Group{"Native Hawaiian or Other Pacific Islander",
          [](const Student& s) { return s.race == Race::kPacificIslander; }},
};

struct Tested {
  int num_tested = 0;
  int num_proficient = 0;
};

Tested count_spring(const District& district, int school, const Group& group, TestSubject subject) {
  Tested tested;
  for (const Stint& stint : district.stints) {
    const Student& student = district.student_of(stint);
    if (stint.school != school || student.grade > kLastTestedGrade || !group.has(student)) continue;
    if (!stint.covers(kFirstDays[2])) continue;
    ++tested.num_tested;
    const Score score =
        score_of(district.seed, student, school_at(school), kNumWindows - 1, subject);
    if (score.percentile >= kProficientPercentile) ++tested.num_proficient;
  }
  return tested;
}

void write_group(TableWriter& out, const District& district, int school, const Group& group,
                 TestSubject subject) {
  constexpr int kSmallestShown = 10;
  const Tested tested = count_spring(district, school, group, subject);
  if (tested.num_tested == 0) return;
  const std::string_view name = subject == TestSubject::kMath ? "Math" : "Reading";
  if (tested.num_tested < kSmallestShown) {
    out.row({school_at(school).name, group.name, name, "*", "*"});
    return;
  }
  const int tenths = (tested.num_proficient * 2000 / tested.num_tested + 1) / 2;
  out.row({school_at(school).name, group.name, name, fmt::format("{}", tested.num_tested),
           fmt::format("{}.{}", tenths / 10, tenths % 10)});
}

}  // namespace

Status write_assessments(const District& district, DropFolder& drop) {
  for (int window = 0; window < kNumWindows; ++window) {
    const int last = kFirstDays[static_cast<std::size_t>(window)] + kDaysOfWindow - 1;
    const std::string path =
        fmt::format("assessments/benchmark_growth_{}_{}.csv",
                    window == 0   ? "fall"
                    : window == 1 ? "winter"
                                  : "spring",
                    spell_date(friday_on_or_after(district.calendar.date(last)), DateForm::kIso));
    TableWriter out = HOMEROOM_TRY(
        TableWriter::create(drop.root, path, {.newline = "\r\n", .quoting = Quoting::kAlways}));
    WindowWriter(district, window, out).write();
    drop.files.push_back(HOMEROOM_TRY(out.finish(fmt::format(
        "wide (two subjects side by side), every field quoted, CRLF, dates in the {} form, N/A, - "
        "and NULL for tests not taken, rows listed twice, impossible dates, a letter O in a score, "
        "no student, rows cut short, two results of one day",
        window == 0   ? "9/15/2025"
        : window == 1 ? "15-Jan-2026"
                      : "ISO"))));
  }
  return {};
}

Status write_proficiency_summary(const District& district, DropFolder& drop) {
  const DayNumber run =
      friday_on_or_after(district.calendar.date(kFirstDays[2] + kDaysOfWindow) + 3);
  const std::string path =
      fmt::format("assessments/proficiency_summary_spring_{}.csv", spell_date(run, DateForm::kIso));
  TableWriter out = HOMEROOM_TRY(TableWriter::create(drop.root, path, {.newline = "\r\n"}));
  out.line(fmt::format("{},,,,", kDistrictName));
  out.line(fmt::format("Spring proficiency by school and group (* = fewer than 10 tested),,,,"));
  out.line(",,,,");
  out.header({"School", "Student Group", "Subject", "Tested", "Percent Proficient"});
  for (int school = 0; school < static_cast<int>(schools().size()); ++school) {
    for (const Group& group : kGroups) {
      for (const TestSubject subject : {TestSubject::kMath, TestSubject::kReading}) {
        write_group(out, district, school, group, subject);
      }
    }
  }
  drop.files.push_back(HOMEROOM_TRY(
      out.finish("fits no data set: a table of its own; two title lines and an empty row above the "
                 "header, * where a group is too small to show")));
  return {};
}

}  // namespace homeroom::sample
