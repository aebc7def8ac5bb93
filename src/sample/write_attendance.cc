// One file a month, every student and day of it. In January the vendor's new version arrives.

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "sample/attendance.h"
#include "sample/district.h"
#include "sample/faults.h"
#include "sample/spelling.h"
#include "sample/table_writer.h"

namespace homeroom::sample {
namespace {

constexpr int kFirstAttendanceFile = 100;
constexpr std::size_t kNumPresences = 7;
using Codes = std::array<std::string_view, kNumPresences>;

// Each office writes the codes of the system that it had before.
const Codes& codes_of(Habit habit) {
  static constexpr Codes kLetters = {"P", "T", "E", "U", "A", "ISS", "OSS"};
  static constexpr Codes kShort = {"PRES", "TDY", "EX", "UX", "ABS", "ISS", "OSS"};
  static constexpr Codes kPairs = {"P", "L", "AE", "AU", "A", "ISS", "OSS"};
  static constexpr Codes kWords = {
      "Present", "Tardy", "Excused Absence", "Unexcused Absence", "Absent", "ISS", "OSS"};
  switch (habit) {
    case Habit::kPadded:
      return kShort;
    case Habit::kOrdinals:
      return kPairs;
    case Habit::kWords:
      return kWords;
    case Habit::kLetters:
      break;
  }
  return kLetters;
}

std::string_view spell_reason(Reason reason) {
  constexpr std::array<std::string_view, 6> kNames = {
      "", "Illness", "Medical appointment", "Family", "Transportation", "Truancy"};
  return kNames[static_cast<std::size_t>(reason)];
}

/// The days of one month and the form of its file.
struct Month {
  int index = 0;  // 0 is August
  int first_day = 0;
  int last_day = 0;
  bool is_new_version = false;
  bool has_footer = false;
};

std::vector<Month> months_of(const SchoolCalendar& calendar) {
  std::vector<Month> months;
  int month_before = 0;
  for (int day = 0; day < SchoolCalendar::kNumDays; ++day) {
    const int month = to_civil_date(calendar.date(day)).month;
    if (month != month_before) {
      months.push_back({.index = static_cast<int>(months.size()),
                        .first_day = day,
                        .last_day = day,
                        .is_new_version = month < 8,
                        .has_footer = month == 10});
    }
    months.back().last_day = day;
    month_before = month;
  }
  return months;
}

class MonthWriter {
 public:
  MonthWriter(const District& district, const Month& month, std::span<const std::string> ids,
              TableWriter& out)
      : district_(district),
        month_(month),
        ids_(ids),
        attendance_(district.seed, district.students, district.calendar, district.behavior),
        out_(out),
        random_(random_for(district.seed, Topic::kSpelling, kFirstAttendanceFile,
                           static_cast<std::uint64_t>(month.index))),
        repeat_(one_in(0, 1900)),
        unknown_code_(one_in(1, 1200)),
        no_student_(one_in(2, 1700)),
        bad_date_(one_in(3, 1800)),
        torn_(one_in(4, 3000)),
        stray_comma_(one_in(5, 3000)),
        conflict_(one_in(6, 2900)),
        no_number_(one_in(7, 3300)) {}

  void write() {
    for (int day = month_.first_day; day <= month_.last_day; ++day) {
      day_ = day;
      date_ = spell_date(district_.calendar.date(day),
                         month_.is_new_version ? DateForm::kIso : DateForm::kUs);
      for (const Stint& stint : district_.stints) {
        const bool closed = stint.school == kBoilerSchool && day == district_.calendar.boiler_day();
        if (stint.covers(day) && !closed) write_row(stint, day);
      }
    }
  }

 private:
  [[nodiscard]] OneIn one_in(int fault, int period) const {
    return OneIn(district_.seed, kFirstAttendanceFile + month_.index, fault, period);
  }

  void write_row(const Stint& stint, int day) {
    const DayRecord record = attendance_.record(stint, day);
    const Codes& codes = codes_of(school_at(stint.school).habit);
    student_ = ids_[static_cast<std::size_t>(stint.student)];
    school_ = school_at(stint.school).id;
    status_ = codes[static_cast<std::size_t>(record.presence)];
    reason_ = spell_reason(record.reason);
    if (reason_.empty() && record.presence >= Presence::kExcused) reason_ = spell_nothing(random_);
    minutes_ = record.minutes_late > 0 ? fmt::format("{}", record.minutes_late) : std::string();
    spoil_lightly(record);
    if (!spoil(codes)) {
      put(Kind::kGood);
      if (repeat_.hits()) out_.repeat_later();
    }
  }

  // What a careful reader repairs: blanks around a value, lower case.
  void spoil_lightly(const DayRecord& record) {
    const int draw = random_.below(1000);
    if (draw == 0) student_ = scratch_ = with_outer_blank(student_, random_);
    if (draw == 1) status_ = scratch_ = with_outer_blank(status_, random_);
    if (draw == 2 && status_ == "Present") status_ = "present";
    if (draw == 3 && record.presence == Presence::kPresent) reason_ = "-";
  }

  // What nobody can repair. False when the row is as it should be.
  bool spoil(const Codes& codes) {
    if (unknown_code_.hits()) {
      status_ = "ZZ";
      put(Kind::kBad);
    } else if (no_student_.hits()) {
      student_ = {};
      card_ = fmt::format("ID pending, card {}", ++num_cards_);
      reason_ = card_;
      put(Kind::kBad);
    } else if (bad_date_.hits()) {
      put_with_impossible_date();
    } else if (torn_.hits()) {
      out_.row({student_, school_, date_}, Kind::kBad);
    } else if (stray_comma_.hits()) {
      status_ = codes[2];
      put_with_stray_comma();
    } else if (month_.is_new_version && no_number_.hits()) {
      status_ = codes[1];
      minutes_ = std::string("1O");  // a letter O
      put(Kind::kBad);
    } else if (conflict_.hits()) {
      put(Kind::kBad);
      status_ = status_ == codes[0] ? codes[1] : codes[0];
      minutes_.clear();
      put(Kind::kBad);
    } else {
      return false;
    }
    return true;
  }

  void put(Kind kind) {
    if (month_.is_new_version) {
      out_.row({student_, school_, date_, status_, minutes_, reason_}, kind);
    } else {
      out_.row({student_, school_, date_, status_, reason_}, kind);
    }
  }

  // 9/14/2025 as 13/45/2025: in no order a day, and another one for each day.
  void put_with_impossible_date() {
    const CivilDate right = to_civil_date(district_.calendar.date(day_));
    const std::string impossible = month_.is_new_version
                                       ? fmt::format("{}-13-{}", right.year, right.day + 31)
                                       : fmt::format("13/{}/{}", right.day + 31, right.year);
    const std::string date = std::exchange(date_, impossible);
    put(Kind::kBad);
    date_ = date;
  }

  // A comment typed after the reason, with a comma that nobody quoted.
  void put_with_stray_comma() {
    if (month_.is_new_version) {
      out_.row({student_, school_, date_, status_, minutes_, "Illness", " see nurse"}, Kind::kBad);
    } else {
      out_.row({student_, school_, date_, status_, "Illness", " see nurse"}, Kind::kBad);
    }
  }

  const District& district_;
  const Month& month_;
  std::span<const std::string> ids_;
  Attendance attendance_;
  TableWriter& out_;
  Random random_;
  OneIn repeat_;
  OneIn unknown_code_;
  OneIn no_student_;
  OneIn bad_date_;
  OneIn torn_;
  OneIn stray_comma_;
  OneIn conflict_;
  OneIn no_number_;
  // The row's cells; a view may point into `scratch_` (one of the ids and codes) or `card_`.
  std::string_view student_;
  std::string_view school_;
  std::string_view status_;
  std::string_view reason_;
  std::string date_;
  std::string minutes_;
  std::string scratch_;
  std::string card_;
  int num_cards_ = 0;
  int day_ = 0;
};

std::string dirt_of(const Month& month) {
  std::string dirt =
      "four offices' codes in one column, blanks around values, rows listed twice, code ZZ, no "
      "student, month 13, too few and too many fields, two answers for one day";
  if (month.has_footer) dirt += ", a totals line at the end";
  dirt += month.is_new_version
              ? "; new since January: AttendanceCode instead of Status, a column Minutes Late, "
                "ISO dates, a letter O in a number"
              : "; CRLF, dates such as 9/5/2025";
  return dirt;
}

Status write_month(const District& district, const Month& month, std::span<const std::string> ids,
                   DropFolder& drop) {
  const CivilDate date = to_civil_date(district.calendar.date(month.first_day));
  const std::string path = fmt::format("attendance/attendance_{}-{:02}.csv", date.year, date.month);
  TableWriter out = HOMEROOM_TRY(
      TableWriter::create(drop.root, path, {.newline = month.is_new_version ? "\n" : "\r\n"}));
  if (month.is_new_version) {
    out.header(
        {"Student ID", "School ID", "Attendance Date", "AttendanceCode", "Minutes Late", "Reason"});
  } else {
    out.header({"Student ID", "School ID", "Attendance Date", "Status", "Reason"});
  }
  MonthWriter(district, month, ids, out).write();
  if (month.has_footer) out.footer(fmt::format("Total records: {},,,,", out.num_rows()));
  drop.files.push_back(HOMEROOM_TRY(out.finish(dirt_of(month))));
  return {};
}

}  // namespace

Status write_attendance(const District& district, DropFolder& drop) {
  std::vector<std::string> ids;
  ids.reserve(district.students.size());
  for (const Student& student : district.students) ids.push_back(spell_student(student));
  for (const Month& month : months_of(district.calendar)) {
    HOMEROOM_TRY(write_month(district, month, ids, drop));
  }
  return {};
}

}  // namespace homeroom::sample
