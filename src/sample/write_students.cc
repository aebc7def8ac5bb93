// The student list, in windows-1252 as an old report writer exports it.

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

constexpr int kStudentsFile = 2;
constexpr int kFewestForFaults = 200;  // a smaller district would be held for its bad rows

using StudentCells = std::vector<std::string>;

std::string spell_name(std::string_view name, Random& random) {
  std::string out;
  for (const char c : name) {
    if (c == '\'' && random.chance(3500)) {
      out += "\u2019";
    } else {
      out.push_back(c);
      if (c == ' ' && random.chance(3000)) out.push_back(' ');
    }
  }
  return random.chance(90) ? with_outer_blank(out, random) : out;
}

std::string_view spell_sex(Sex sex, Random& random) {
  if (sex == Sex::kNonbinary) return "X";
  const bool girl = sex == Sex::kFemale;
  const int draw = random.below(100);
  if (draw < 5) return girl ? "Female" : "Male";
  if (draw < 6) return girl ? "f" : "m";
  return girl ? "F" : "M";
}

std::string_view spell_race(Race race) {
  constexpr std::array<std::string_view, 7> kNames = {"White",
                                                      "Hispanic/Latino",
                                                      "Black or African American",
                                                      "Asian",
                                                      "Two or More Races",
                                                      "American Indian or Alaska Native",
                                                      "Native Hawaiian or Other Pacific Islander"};
  return kNames[static_cast<std::size_t>(race)];
}

std::string_view spell_meal(Meal meal, Random& random) {
  const bool word = random.chance(400);
  switch (meal) {
    case Meal::kFree:
      return word ? "Free" : "F";
    case Meal::kReduced:
      return word ? "Reduced" : "R";
    case Meal::kPaid:
      break;
  }
  return word ? "Paid" : "P";
}

std::string_view spell_language(const Student& student, Random& random) {
  constexpr std::array<std::string_view, 6> kAsian = {"Vietnamese", "Hmong", "Chinese",
                                                      "Korean",     "Hindi", "Urdu"};
  if (!student.english_learner && !random.chance(600)) return "English";
  if (student.race == Race::kHispanic) return "Spanish";
  if (student.race == Race::kAsian) return random.pick(kAsian);
  if (student.race == Race::kBlack) return random.chance(5000) ? "French" : "Somali";
  return student.english_learner ? "Arabic" : spell_nothing(random);
}

std::string spell_street(Random& random) {
  constexpr std::array<std::string_view, 14> kStreets = {
      "Larch St",   "Ninth Ave", "Quarry Rd",   "Old Mill Ln", "Harlow Blvd",
      "Juniper Ct", "Canal St",  "Foundry Way", "Bluff Dr",    "Orchard Ave",
      "Depot St",   "Heron Pl",  "W Fourth St", "Prairie Rd"};
  std::string street = fmt::format("{} {}", random.between(100, 4990), random.pick(kStreets));
  if (random.chance(1600)) street += fmt::format(", Apt {}", random.between(1, 48));
  if (random.chance(30)) street += " \"rear\"";
  return street;
}

StudentCells spell_row(const Student& student, int school_year, Random& random) {
  const std::string_view meal = spell_meal(student.meal, random);
  const bool word = random.chance(300);
  const auto yes_or_no = [&](bool yes) { return yes ? (word ? "Yes" : "Y") : (word ? "No" : "N"); };
  StudentCells cells = {
      spell_student(student),
      student.state_id > 0 ? fmt::format("{:010}", student.state_id)
                           : std::string(spell_nothing(random)),
      spell_name(student.name.last, random),
      spell_name(student.name.first, random),
      student.name.middle.empty() ? std::string(spell_nothing(random)) : student.name.middle,
      student.name.suffix,
      spell_date(student.birth_date, DateForm::kUs),
      std::string(spell_sex(student.sex, random)),
      random.chance(60) ? std::string(spell_nothing(random))
                        : std::string(spell_race(student.race)),
      yes_or_no(student.is_hispanic),
      student.english_learner ? "1" : "0",
      yes_or_no(student.special_education),
      student.section_504 ? "Y" : "N",
      std::string(meal),
      std::string(spell_language(student, random)),
      student.homeless ? "True" : "False",
      spell_street(random),
      fmt::format("s{}@students.harlowbend.example", spell_student(student)),
      fmt::format("{}", school_year + 12 - student.grade),
  };
  if (random.chance(60)) cells[2] = with_outer_blank(cells[2], random);
  if (random.chance(100)) cells[0] = with_outer_blank(cells[0], random);
  return cells;
}

void write_row(TableWriter& out, const StudentCells& cells, Kind kind) {
  const std::vector<std::string_view> views(cells.begin(), cells.end());
  out.row(views, kind);
}

// Next year's kindergartners, typed in by hand at a registration evening. None of them is
// enrolled yet, so no other file refers to these rows.
class RegistrationEvening {
 public:
  RegistrationEvening(const District& district, TableWriter& out)
      : out_(out),
        random_(random_for(district.seed, Topic::kSpelling, kStudentsFile, UINT32_MAX)),
        school_year_(district.calendar.school_year()),
        number_(district.students.back().number) {}

  void write(int num_students) {
    for (int i = 0; i < 1 + num_students / 1600; ++i) write_twice_with_other_address();
    for (int i = 0; i < 1 + num_students / 1600; ++i) write_without_number();
    for (int i = 0; i < 1 + num_students / 1200; ++i) write_impossible_birth_date();
    write_torn();
    write_with_stray_comma();
  }

 private:
  StudentCells next_child() {
    Student child;
    number_ += random_.between(1, 4);
    child.number = number_;
    child.sex = random_.chance(5000) ? Sex::kFemale : Sex::kMale;
    child.race = draw_race(random_);
    child.is_hispanic = child.race == Race::kHispanic;
    child.name = draw_name(random_, child.sex, child.race);
    child.grade = -1;
    child.birth_date =
        to_day_number({.year = school_year_ - 5, .month = 8, .day = 31}) - random_.below(360);
    return spell_row(child, school_year_, random_);
  }

  void write_twice_with_other_address() {
    StudentCells cells = next_child();
    write_row(out_, cells, Kind::kBad);
    cells[4].clear();
    cells[16] = spell_street(random_);
    write_row(out_, cells, Kind::kBad);
  }

  void write_without_number() {
    StudentCells cells = next_child();
    cells[0].clear();
    write_row(out_, cells, Kind::kBad);
  }

  void write_impossible_birth_date() {
    StudentCells cells = next_child();
    cells[6] = fmt::format("{}/{}", random_.chance(5000) ? "2/30" : "13/45", school_year_ - 5);
    write_row(out_, cells, Kind::kBad);
  }

  void write_torn() {
    StudentCells cells = next_child();
    cells.resize(9);
    write_row(out_, cells, Kind::kBad);
  }

  void write_with_stray_comma() {
    StudentCells cells = next_child();
    cells.insert(cells.begin() + 17, {" upstairs", ""});
    write_row(out_, cells, Kind::kBad);
  }

  TableWriter& out_;
  Random random_;
  int school_year_;
  int number_;
};

}  // namespace

Status write_students(const District& district, DropFolder& drop) {
  const std::string path = fmt::format("sis/students_{}.csv",
                                       spell_date(district.calendar.export_date(), DateForm::kIso));
  TableWriter out = HOMEROOM_TRY(TableWriter::create(
      drop.root, path, {.newline = "\r\n", .encoding = Encoding::kWindows1252}));
  out.header({"Student Number", "State ID", "Last Name", "First Name", "Middle Name", "Suffix",
              "DOB", "Gender", "Race/Ethnicity", "Hispanic or Latino", "ELL Status", "IEP Status",
              "Section 504 Status", "Free/Reduced Price Meals", "Home_language", "Homeless",
              "Student_street", "Student_email", "Graduation Year"});
  const int num_students = static_cast<int>(district.students.size());
  OneIn repeats(district.seed, kStudentsFile, 0, num_students < 900 ? num_students : 900);
  for (const Student& student : district.students) {
    Random random = random_for(district.seed, Topic::kSpelling, kStudentsFile,
                               static_cast<std::uint64_t>(student.number));
    write_row(out, spell_row(student, district.calendar.school_year(), random), Kind::kGood);
    if (repeats.hits()) out.repeat_later();
  }
  if (num_students >= kFewestForFaults) RegistrationEvening(district, out).write(num_students);
  drop.files.push_back(HOMEROOM_TRY(out.finish(
      "windows-1252 with CRLF, words and letters for one code, N/A, - and NULL for nothing, "
      "double and outer blanks, students listed twice; at the end next year's kindergartners "
      "with impossible birth dates, no number, two addresses, too few and too many fields")));
  return {};
}

}  // namespace homeroom::sample
