#include "clean/date_text.h"

#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "base/date.h"
#include "clean/time_text.h"

namespace homeroom::clean {
namespace {

// The date as ISO, or why there is none.
std::string read(const std::string& text, DateOrder order = DateOrder::kMonthFirst) {
  const auto date = read_date(text);
  if (!date) return "no date";
  const DateReading reading = resolve_date(*date, order);
  std::string result;
  explain(reading, result);
  if (reading.problem != DateProblem::kNone) return result;
  result.resize(10);
  write_iso_date(reading.date, result.data());
  return result + (date->rest.empty() ? "" : " | " + std::string(date->rest));
}

TEST(ReadDate, ReadsTheFormsOfSchoolExports) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"2025-09-05", "2025-09-05"},
      {"2025/9/5", "2025-09-05"},
      {"9/5/2025", "2025-09-05"},
      {"09-05-2025", "2025-09-05"},
      {"09.05.25", "2025-09-05"},
      {"20250905", "2025-09-05"},
      {"09052025", "2025-09-05"},
      {"9052025", "2025-09-05"},
      {"6142016", "2016-06-14"},
      {"05-Sep-2025", "2025-09-05"},
      {"05Sep2025", "2025-09-05"},
      {"2025-Sep-05", "2025-09-05"},
      {"5 SEPTEMBER 2025", "2025-09-05"},
      {"Sep 5, 2025", "2025-09-05"},
      {"Sept. 5th 2025", "2025-09-05"},
      {"Fri, Sep 5, 2025", "2025-09-05"},
      {"1st May 1999", "1999-05-01"},
      {"9/5/2025 1:05 PM", "2025-09-05 | 1:05 PM"},
      {"2025-09-05T13:05:00Z", "2025-09-05 | 13:05:00Z"},
      {"Sep 5, 2025, 1:05 PM", "2025-09-05 | 1:05 PM"},
  };
  for (const auto& [text, date] : table) EXPECT_EQ(read(text), date) << text;
}

TEST(ReadDate, ReadsNothingIntoOtherTexts) {
  for (const std::string text : {"",
                                 "9",
                                 "9/5",
                                 "9/5/205",
                                 "01/015/2010",
                                 "9/5-2025",
                                 "11111",
                                 "0523",
                                 "123456",
                                 "123456789",
                                 "99999999",
                                 "Smarch 5, 2025",
                                 "September 2025",
                                 "a long time ago",
                                 "nodate",
                                 "9/5/2025x",
                                 "9/5/2025 ",
                                 "2025-W36-5",
                                 "5/Sep",
                                 "/9/5/2025",
                                 "9//5/2025"}) {
    EXPECT_EQ(read(text), "no date") << text;
  }
}

TEST(ResolveDate, SaysWhatIsWrong) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"13/45/2025", "month 13 is not a month"},
      {"25/12/2025", "month 25 is not a month"},
      {"0/12/2025", "month 0 is not a month"},
      {"12/32/2025", "no month has a day 32"},
      {"2/30/2025", "that month has no day 30"},
      {"2025-02-29", "that month has no day 29"},
      {"5-Sep-42", "the two-digit year may be of this century or of the last"},
  };
  for (const auto& [text, reason] : table) EXPECT_EQ(read(text), reason) << text;
}

TEST(ResolveDate, FollowsTheOrderOfTheColumn) {
  EXPECT_EQ(read("9/11/2025", DateOrder::kMonthFirst), "2025-09-11");
  EXPECT_EQ(read("9/11/2025", DateOrder::kDayFirst), "2025-11-09");
  for (const DateOrder order : {DateOrder::kNone, DateOrder::kAmbiguous, DateOrder::kMixed}) {
    EXPECT_EQ(read("9/11/2025", order), "the column does not tell the month from the day");
    EXPECT_EQ(read("9/9/2025", order), "2025-09-09");
    EXPECT_EQ(read("2025-09-11", order), "2025-09-11");
  }
}

TEST(ResolveDate, GivesTwoDigitYearsTheirCentury) {
  EXPECT_EQ(read("1/2/00"), "2000-01-02");
  EXPECT_EQ(read("1/2/35"), "2035-01-02");
  EXPECT_EQ(read("1/2/50"), "1950-01-02");
  EXPECT_EQ(read("1/2/99"), "1999-01-02");
}

TEST(OrderEvidence, CountsOnlyDatesThatTell) {
  const std::vector<std::pair<std::string, OrderEvidence>> table = {
      {"9/14/2025", OrderEvidence::kMonthFirst}, {"14/9/2025", OrderEvidence::kDayFirst},
      {"9/11/2025", OrderEvidence::kEither},     {"9/9/2025", OrderEvidence::kNone},
      {"13/45/2025", OrderEvidence::kNone},      {"31/31/2025", OrderEvidence::kNone},
      {"2025-09-14", OrderEvidence::kNone},      {"14-Sep-2025", OrderEvidence::kNone},
      {"09142025", OrderEvidence::kMonthFirst},  {"20250914", OrderEvidence::kNone},
  };
  for (const auto& [text, evidence] : table) {
    EXPECT_EQ(order_evidence(*read_date(text)), evidence) << text;
  }
}

std::string read_clock(const std::string& text) {
  const auto time = read_time(text);
  if (!time) return "no time";
  std::string result = std::to_string(time->hour) + ":" + std::to_string(time->minute) + ":" +
                       std::to_string(time->second);
  if (!time->fraction.empty()) result += "." + std::string(time->fraction);
  if (time->has_zone) result += " zone " + std::to_string(time->zone_minutes);
  if (time->has_unknown_zone) result += " zone ?";
  return result;
}

TEST(ReadTime, ReadsClocksOfBothKinds) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"13:05", "13:5:0"},
      {"1:05 PM", "13:5:0"},
      {"12:05 AM", "0:5:0"},
      {"12:05 p.m.", "12:5:0"},
      {"8:05a", "8:5:0"},
      {"9 AM", "9:0:0"},
      {"09:18:27.130", "9:18:27.130"},
      {"14:53:15Z", "14:53:15 zone 0"},
      {"16:06:32 -0400", "16:6:32 zone -240"},
      {"16:06:32+05:30", "16:6:32 zone 330"},
      {"6:28:23 AM AST", "6:28:23 zone ?"},
      {"6:28 PDT", "6:28:0 zone -420"},
  };
  for (const auto& [text, time] : table) EXPECT_EQ(read_clock(text), time) << text;
  for (const std::string text :
       {"", "9", "24:00", "9:5", "9:60", "9:05:60", "13:05 PM", "13 PM", "0:05 PM", "9:05 -25",
        "9:05 -1500", "9:05 +5:30", "abc", "9:05 EASTERN", "9:05:01."}) {
    EXPECT_EQ(read_clock(text), "no time") << text;
  }
}

}  // namespace
}  // namespace homeroom::clean
