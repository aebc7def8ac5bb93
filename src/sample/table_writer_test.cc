#include "sample/table_writer.h"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>
#include <unistd.h>

#include "sample/faults.h"
#include "sample/spelling.h"

namespace homeroom::sample {
namespace {

TEST(TableWriter, WritesEachFormAsItsSystemWould) {
  const std::filesystem::path root =
      std::filesystem::temp_directory_path() / ("homeroom-writer-" + std::to_string(::getpid()));
  auto out = TableWriter::create(
      root, "a/b.csv", {.delimiter = ';', .newline = "\r\n", .encoding = Encoding::kWindows1252});
  ASSERT_TRUE(out) << out.error().message;
  out->line("Title");
  out->header({"id", "name"});
  out->row({"01", "Peña; \"Ana\""});
  out->repeat_later();
  out->row({"02", "O\u2019Brien\nJo"}, Kind::kBad);
  out->footer("Total: 2");
  const auto file = out->finish("all of it");
  ASSERT_TRUE(file) << file.error().message;
  EXPECT_EQ(file->path, "a/b.csv");
  EXPECT_EQ(file->num_rows, 3U);
  EXPECT_EQ(file->num_duplicate_rows, 1U);
  EXPECT_EQ(file->num_bad_rows, 1U);
  EXPECT_EQ(file->dirt, "all of it");
  std::ifstream stream(root / "a/b.csv", std::ios::binary);
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(stream), {}),
            "Title\r\nid;name\r\n01;\"Pe\xF1"
            "a; \"\"Ana\"\"\"\r\n02;\"O\x92"
            "Brien\nJo\"\r\n01;\"Pe\xF1"
            "a; \"\"Ana\"\"\"\r\nTotal: 2\r\n");
  std::filesystem::remove_all(root);
}

TEST(ToWindows1252, AsksForWhatItHasNoByteFor) {
  EXPECT_EQ(to_windows_1252("Zoé \u2013 Łucja"), "Zo\xE9 \x96 ?ucja");
}

TEST(OneIn, HitsOnceInEachBlock) {
  OneIn fault(1, 2, 3, 10);
  for (int block = 0; block < 50; ++block) {
    int num_hits = 0;
    for (int row = 0; row < 10; ++row) num_hits += fault.hits() ? 1 : 0;
    EXPECT_EQ(num_hits, 1) << block;
  }
}

TEST(SpellDate, WritesFourForms) {
  const DayNumber date = to_day_number({.year = 2025, .month = 9, .day = 5});
  EXPECT_EQ(spell_date(date, DateForm::kIso), "2025-09-05");
  EXPECT_EQ(spell_date(date, DateForm::kUs), "9/5/2025");
  EXPECT_EQ(spell_date(date, DateForm::kUsPadded), "09/05/2025");
  EXPECT_EQ(spell_date(date, DateForm::kDayMonthName), "05-Sep-2025");
}

TEST(SpellTime, KnowsNoonAndMidnight) {
  EXPECT_EQ(spell_time(0, ClockForm::kTwelveHours), "12:00 AM");
  EXPECT_EQ(spell_time(12 * 60 + 5, ClockForm::kTwelveHours), "12:05 PM");
  EXPECT_EQ(spell_time(13 * 60 + 5, ClockForm::kTwelveHours), "1:05 PM");
  EXPECT_EQ(spell_time(8 * 60 + 5, ClockForm::kTwentyFourHours), "08:05");
}

TEST(SpellGrade, FollowsTheHabitOfTheOffice) {
  EXPECT_EQ(spell_grade(0, Habit::kLetters) + spell_grade(3, Habit::kLetters), "K3");
  EXPECT_EQ(spell_grade(0, Habit::kPadded) + spell_grade(3, Habit::kPadded), "KG03");
  EXPECT_EQ(spell_grade(0, Habit::kOrdinals) + spell_grade(3, Habit::kOrdinals), "03rd");
  EXPECT_EQ(spell_grade(4, Habit::kOrdinals), "4th");
  EXPECT_EQ(spell_grade(7, Habit::kWords), "Grade 7");
}

TEST(Random, IsTheSameOnEveryMachine) {
  Random random(1);  // SplitMix64 of seed 1, as its authors' program prints it
  EXPECT_EQ(random.next(), 10451216379200822465ULL);
  EXPECT_EQ(random.next(), 13757245211066428519ULL);
}

}  // namespace
}  // namespace homeroom::sample
