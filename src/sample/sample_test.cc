#include "sample/sample.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/date.h"
#include "base/text.h"

namespace homeroom::sample {
namespace {

using testing::AllOf;
using testing::Each;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::string read_all(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), {}};
}

// A folder that is gone at the end of the test.
class Folder {
 public:
  explicit Folder(std::string_view name)
      : path_(std::filesystem::temp_directory_path() /
              (std::string(name) + "-" + std::to_string(::getpid()))) {}

  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

// The bytes of a district's files by path.
std::map<std::string, std::string> bytes_of(const Options& options) {
  const Folder folder("homeroom-sample");
  const auto files = write_district(folder.path(), options);
  EXPECT_TRUE(files) << files.error().message;
  std::map<std::string, std::string> bytes;
  for (const WrittenFile& file : *files) bytes[file.path] = read_all(folder.path() / file.path);
  return bytes;
}

// One district for all tests that only look at it.
class SampleDistrict : public testing::Test {
 protected:
  static void SetUpTestSuite() {
    const Folder folder("homeroom-sample");
    auto files = write_district(folder.path(), {.students = 200});
    ASSERT_TRUE(files) << files.error().message;
    written = std::move(*files);
    for (const WrittenFile& file : written) {
      contents[file.path] = read_all(folder.path() / file.path);
    }
  }

  // The one file whose path holds `part`.
  static const std::string& file(std::string_view part) {
    for (const auto& [path, bytes] : contents) {
      if (path.find(part) != std::string::npos) return bytes;
    }
    ADD_FAILURE() << "no file " << part;
    return contents.begin()->second;
  }

  static std::vector<std::string> files_below(std::string_view folder) {
    std::vector<std::string> found;
    for (const auto& [path, bytes] : contents) {
      if (path.starts_with(folder)) found.push_back(bytes);
    }
    return found;
  }

  inline static std::vector<WrittenFile> written;
  inline static std::map<std::string, std::string> contents;
};

// Records of a file: line ends outside quotes.
std::size_t count_records(std::string_view bytes) {
  std::size_t count = 0;
  bool quoted = false;
  for (const char c : bytes) {
    if (c == '"') quoted = !quoted;
    if (c == '\n' && !quoted) ++count;
  }
  return count;
}

// Cells of the lines of a file without quoted line ends or delimiters.
std::vector<std::vector<std::string>> plain_rows(const std::string& bytes, char delimiter) {
  std::vector<std::vector<std::string>> rows;
  for (std::string_view line : split(bytes, '\n')) {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (line.empty()) continue;
    std::vector<std::string>& row = rows.emplace_back();
    for (const std::string_view cell : split(line, delimiter)) row.emplace_back(trim(cell));
  }
  return rows;
}

bool is_absent(std::string_view status) {
  static const std::set<std::string_view> kCodes = {"E",
                                                    "U",
                                                    "A",
                                                    "EX",
                                                    "UX",
                                                    "ABS",
                                                    "AE",
                                                    "AU",
                                                    "OSS",
                                                    "Absent",
                                                    "Excused Absence",
                                                    "Unexcused Absence"};
  return kCodes.contains(status);
}

TEST_F(SampleDistrict, IsTheSameToTheByteForTheSameOptions) {
  EXPECT_EQ(bytes_of({.students = 200}), contents);
}

TEST(WriteDistrict, MakesAnotherDistrictOfAnotherSeed) {
  const auto one = bytes_of({.students = 50, .seed = 1});
  const auto two = bytes_of({.students = 50, .seed = 2});
  ASSERT_EQ(one.size(), two.size());
  for (const auto& [path, bytes] : one) {
    const bool is_fixed =
        path.find("schools_") != std::string::npos || path.find("calendar_") != std::string::npos;
    EXPECT_EQ(two.contains(path) && two.at(path) == bytes, is_fixed) << path;
  }
}

TEST_F(SampleDistrict, ReportsTheRowsThatItsFilesHave) {
  // Lines that are no rows: the header, and in some files titles and totals.
  const std::map<std::string_view, std::size_t> other_lines = {
      {"sis/sections", 6}, {"attendance/attendance_2025-10", 2}, {"assessments/proficiency", 4}};
  for (const WrittenFile& file : written) {
    std::size_t num_others = 1;
    for (const auto& [prefix, count] : other_lines) {
      if (file.path.starts_with(prefix)) num_others = count;
    }
    EXPECT_EQ(count_records(contents[file.path]), file.num_rows + num_others) << file.path;
    EXPECT_LE(file.num_bad_rows + file.num_duplicate_rows, file.num_rows) << file.path;
    EXPECT_THAT(file.dirt, Not("")) << file.path;
  }
}

TEST_F(SampleDistrict, ReportsTheRowsThatStandTwice) {
  for (const WrittenFile& file : written) {
    if (file.path.starts_with("behavior/incidents")) continue;  // quoted line ends
    std::map<std::string_view, std::size_t> seen;
    std::size_t num_again = 0;
    for (const std::string_view line : split(contents[file.path], '\n')) {
      if (trim(line).size() > 12) num_again += seen[line]++ > 0 ? 1 : 0;
    }
    EXPECT_EQ(num_again, file.num_duplicate_rows) << file.path;
  }
}

TEST_F(SampleDistrict, IsBadInAFewRowsOfAThousand) {
  std::uint64_t num_rows = 0;
  std::uint64_t num_bad = 0;
  for (const WrittenFile& file : written) {
    num_rows += file.num_rows;
    num_bad += file.num_bad_rows;
  }
  EXPECT_GE(num_bad * 1000, num_rows * 2);
  EXPECT_LE(num_bad * 1000, num_rows * 5);
}

TEST_F(SampleDistrict, HasAsManyStudentsAsAskedFor) {
  std::set<std::string> numbers;
  for (const auto& row : plain_rows(file("enrollments_2026"), '\t')) {
    if (row.size() == 10 && row[4].find("-13-") == std::string::npos) numbers.insert(row[0]);
  }
  numbers.erase("");
  numbers.erase("Student_Number");
  EXPECT_EQ(numbers.size(), 200U);
  EXPECT_THAT(numbers, Each(AllOf(StartsWith("00"), SizeIs(7))));
  for (const std::string& number : numbers) {
    EXPECT_TRUE(file("sis/students").find("s" + number + "@") != std::string::npos);
  }
}

struct Tally {
  int num_days = 0;
  int num_absent = 0;

  [[nodiscard]] double rate() const { return static_cast<double>(num_absent) / num_days; }
};

// Absence of the autumn months by weekday (from the dates) and student.
class SampleAttendance : public SampleDistrict {
 protected:
  void SetUp() override {
    for (const std::string& bytes : files_below("attendance/")) {
      for (const auto& row : plain_rows(bytes, ',')) {
        if (row.size() < 5 || row[0].empty() || row[3] == "ZZ") continue;
        count(row, is_absent(row[3]) ? 1 : 0);
      }
    }
  }

  void count(const std::vector<std::string>& row, int absent) {
    const auto weekday = weekday_of_text(row[2]);
    if (weekday < 0) return;
    for (Tally* tally :
         {&all_, &by_student_[row[0]], &by_weekday_[static_cast<std::size_t>(weekday)]}) {
      ++tally->num_days;
      tally->num_absent += absent;
    }
  }

  // 2026-01-06 or 9/5/2025; -1 for a header or a day that does not exist.
  static int weekday_of_text(const std::string& text) {
    CivilDate date{.year = 0, .month = 0, .day = 0};
    if (text.find('/') != std::string::npos) {
      const auto parts = split(text, '/');
      date = {.year = std::stoi(std::string(parts[2])),
              .month = std::stoi(std::string(parts[0])),
              .day = std::stoi(std::string(parts[1]))};
    } else if (const auto iso = parse_iso_date(text)) {
      date = *iso;
    }
    return is_valid(date) ? weekday_of(to_day_number(date)) : -1;
  }

  Tally all_;
  std::map<std::string, Tally> by_student_;
  std::array<Tally, 7> by_weekday_;
};

TEST_F(SampleAttendance, IsThatOfABelievableDistrict) {
  EXPECT_GT(all_.num_days, 200 * 150);
  EXPECT_GE(all_.rate(), 0.05);
  EXPECT_LE(all_.rate(), 0.08);
  EXPECT_EQ(by_weekday_[5].num_days + by_weekday_[6].num_days, 0);
  EXPECT_GT(by_weekday_[0].rate(), by_weekday_[2].rate() * 1.15);
  EXPECT_GT(by_weekday_[4].rate(), by_weekday_[2].rate() * 1.15);
}

TEST_F(SampleAttendance, IsMissedMostlyByAMinority) {
  std::vector<int> absent;
  int num_chronic = 0;
  for (const auto& [student, tally] : by_student_) {
    absent.push_back(tally.num_absent);
    if (tally.num_absent * 10 >= tally.num_days) ++num_chronic;
  }
  EXPECT_GE(num_chronic * 100, 12 * static_cast<int>(absent.size()));
  EXPECT_LE(num_chronic * 100, 25 * static_cast<int>(absent.size()));
  std::sort(absent.rbegin(), absent.rend());
  int of_top_fifth = 0;
  for (std::size_t i = 0; i < absent.size() / 5; ++i) of_top_fifth += absent[i];
  EXPECT_GE(of_top_fifth * 2, all_.num_absent);
}

TEST_F(SampleDistrict, EveryPromisedKindOfDirtIsInItsBytes) {
  struct Promise {
    std::string_view file;
    std::string_view bytes;
    std::string_view what;
  };

  const std::vector<Promise> promises = {
      {"sis/staff", "\xEF\xBB\xBFTeacher_id", "a byte order mark"},
      {"sis/students", "\xF3", "o acute in windows-1252"},
      {"sis/students", "\r\n", "CRLF"},
      {"sis/students", ",NULL,", "a word for nothing"},
      {"sis/students", "N/A", "another word for nothing"},
      {"sis/students", ",Female,", "a word where others have a letter"},
      {"sis/students", ",F,", "a letter where others have a word"},
      {"sis/students", ", Apt ", "a comma in a quoted field"},
      {"sis/students", "\n,", "no student number"},
      {"sis/enrollments", "\tSchoolID\t", "tabs"},
      {"sis/enrollments", "-13-4", "month 13"},
      {"sis/enrollments", "\tKG\t", "kindergarten as KG"},
      {"sis/enrollments", "\tK\t", "kindergarten as K"},
      {"sis/enrollments", "\t0\t", "kindergarten as 0"},
      {"sis/enrollments", "\t1st\t", "first grade as 1st"},
      {"sis/enrollments", "\tGrade 7\t", "seventh grade in words"},
      {"sis/courses", ";\"English 12; World Literature\";", "a semicolon in a quoted field"},
      {"sis/courses", ";True\n", "a flag as a word"},
      {"sis/courses", ";Y\n", "a flag as a letter"},
      {"sis/sections", "Unified School District\r\nMaster Schedule", "title lines"},
      {"sis/sections", "\r\n\r\nSection_id,", "a blank line above the header"},
      {"sis/sections", "\r\nTotal sections: ", "a totals line"},
      {"sis/section_enrollments", ",02/31/", "31 February"},
      {"attendance_2025-10", "\r\nTotal records: ", "a totals line"},
      {"attendance_2025-09", ",ZZ,", "an unknown code"},
      {"attendance_2025-09", ",PRES,", "a code of one system"},
      {"attendance_2025-09", ",Present,", "a word of another"},
      {"attendance_2025-09", ",13/", "a month and day that do not exist"},
      {"attendance_2025-09", "\n,0", "no student"},
      {"attendance_2025-09", "Attendance Date,Status,Reason", "the shape of autumn"},
      {"attendance_2026-02", "Attendance Date,AttendanceCode,Minutes Late,Reason",
       "the shape of spring"},
      {"attendance_2026-04", ",1O,", "minutes that are no number"},
      {"marks_Q1", "Percent,Letter Grade,Mark,Teacher", "the shape of autumn"},
      {"marks_Q3", "Mark,Letter Grade,Percent,Citizenship,Teacher", "the shape of spring"},
      {"marks_Q1", ",8O.", "a letter O in a number"},
      {"marks_Q2", "%,", "a percent sign"},
      {"marks_Q2", ", ", "Last, First"},
      {"growth_fall", "\"Math RIT\",\"Math Percentile\",\"Reading RIT\"", "a wide score file"},
      {"growth_fall", "\"Fall\"", "a window"},
      {"proficiency_summary", ",*,*\r\n", "suppression"},
      {"behavior/incidents", "\"\"", "doubled quotes"},
      {"behavior/incidents", "quiz\nParent", "a line break in a quoted field"},
      {"discipline_actions", ",=\"00", "a spreadsheet's wrapping"},
      {"facilities/bus_routes", "\n001,", "a leading zero in a table of its own"},
  };
  for (const Promise& promise : promises) {
    EXPECT_THAT(file(promise.file), HasSubstr(std::string(promise.bytes)))
        << promise.file << ": " << promise.what;
  }
}

TEST_F(SampleDistrict, RowsAreTooShortOrTooLongHereAndThere) {
  std::set<std::size_t> widths;
  for (const std::string& bytes : files_below("attendance/attendance_2025")) {
    for (const auto& row : plain_rows(bytes, ',')) widths.insert(row.size());
  }
  EXPECT_EQ(widths, (std::set<std::size_t>{3, 5, 6}));
}

TEST_F(SampleDistrict, AnswersOneDayInTwoWays) {
  std::map<std::pair<std::string, std::string>, std::set<std::string>> answers;
  for (const std::string& bytes : files_below("attendance/")) {
    for (const auto& row : plain_rows(bytes, ',')) {
      if (row.size() >= 5 && !row[0].empty()) answers[{row[0], row[2]}].insert(row[3]);
    }
  }
  std::size_t num_doubtful = 0;
  for (const auto& [key, statuses] : answers) num_doubtful += statuses.size() > 1 ? 1 : 0;
  EXPECT_GE(num_doubtful, 5U);
  EXPECT_LE(num_doubtful, 100U);
}

// True when a date of the column has a day that cannot be a month.
bool decides_its_order(const std::string& bytes, std::size_t column) {
  for (const auto& row : plain_rows(bytes, ',')) {
    if (row.size() <= column || row[column].find('/') == std::string::npos) continue;
    const auto parts = split(row[column], '/');
    if (std::stoi(std::string(parts[0])) <= 12 && std::stoi(std::string(parts[1])) > 12)
      return true;
  }
  return false;
}

TEST(WriteDistrict, DecidesItsDateOrderEvenInASmallDistrict) {
  auto bytes = bytes_of({.students = 50, .seed = 3});
  for (const std::string_view month : {"08", "09", "10", "11", "12"}) {
    const std::string path = "attendance/attendance_2025-" + std::string(month) + ".csv";
    EXPECT_TRUE(decides_its_order(bytes[path], 2)) << path;
  }
  EXPECT_TRUE(decides_its_order(bytes["sis/section_enrollments_2026-06-08.csv"], 5));
  EXPECT_TRUE(decides_its_order(bytes["behavior/incidents_2026-06-08.csv"], 2));
  EXPECT_TRUE(decides_its_order(bytes["behavior/discipline_actions_2026-06-08.csv"], 4));
}

void expect_refused(const Options& options, std::string_view message, std::string_view hint) {
  const Status status = options.validate();
  ASSERT_FALSE(status) << options.students << " students, " << options.school_year;
  EXPECT_EQ(status.error().code, ErrorCode::kConfig);
  EXPECT_EQ(status.error().message, message);
  EXPECT_EQ(status.error().hint, hint);
}

TEST(Options, SaysWhichNumbersOfStudentsAreAllowed) {
  for (const int students : {-1, 0, 49, 200'001}) {
    expect_refused({.students = students}, "A sample district has 50 to 200,000 students",
                   "Give a number in that range, such as 3200");
  }
  EXPECT_TRUE(Options{.students = 50}.validate());
  EXPECT_TRUE(Options{.students = 200'000}.validate());
}

TEST(Options, SaysWhichSchoolYearsAreAllowed) {
  for (const int year : {26, 2000, 2100}) {
    expect_refused({.school_year = year},
                   "The school year of a sample district ends in 2001 to 2099",
                   "Give the year in which it ends: 2026 for 2025-26");
  }
  EXPECT_TRUE(Options{}.validate());
  EXPECT_TRUE(Options{.school_year = 2099}.validate());
}

TEST(WriteDistrict, RefusesOptionsBeforeItWritesAnything) {
  const Folder folder("homeroom-sample-refused");
  const auto files = write_district(folder.path(), {.students = 3});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, ErrorCode::kConfig);
  EXPECT_FALSE(std::filesystem::exists(folder.path()));
}

TEST(WriteDistrict, SaysWhatItCannotWrite) {
  const Folder folder("homeroom-sample-blocked");
  std::filesystem::create_directories(folder.path());
  std::ofstream(folder.path() / "sis") << "a file where a folder must be";
  const auto files = write_district(folder.path(), {.students = 50});
  ASSERT_FALSE(files);
  EXPECT_EQ(files.error().code, ErrorCode::kIo);
  EXPECT_THAT(files.error().message, AllOf(StartsWith("Cannot write "), HasSubstr("sis")));
  EXPECT_THAT(files.error().hint, HasSubstr("folder"));
  EXPECT_THAT(files.error().detail, Not(""));
}

}  // namespace
}  // namespace homeroom::sample
