// A file is cleaned in one reading where its first rows show what the rest is like. What comes out
// must be what two readings make of it, wherever in the file the evidence stands.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "contract/contract.h"
#include "io/file.h"
#include "io/store.h"
#include "run/cleaning/clean_file.h"
#include "run/reading/prepare.h"
#include "run/report.h"

namespace homeroom::run {
namespace {

// What was written, and what was said of it.
struct Outcome {
  std::string report;
  std::map<std::string, std::string> objects;

  bool operator==(const Outcome&) const = default;
};

std::string all_of(ByteSource& source) {
  std::string text;
  std::vector<char> block(1 << 16);
  while (const std::size_t size = source.read(block).value()) text.append(block.data(), size);
  return text;
}

class OneReading : public testing::Test {
 protected:
  OneReading()
      : contracts_(contract::ContractSet::load("").value()),
        folder_(io::TemporaryFolder::create(testing::TempDir()).value()) {
    settings_.contracts = &contracts_;
    settings_.scratch = folder_.path();
    settings_.limits.max_cells_per_batch = 64;  // so that a small file has many batches
  }

  void write(const std::string& text) {
    input_.path = folder_.path() / "attendance.csv";
    input_.source = "school";
    std::ofstream(input_.path, std::ios::binary) << text;
  }

  // `clean` gets the store and the report.
  template <class Clean>
  Outcome outcome_of(const Clean& clean) {
    const auto folder = folder_.path() / std::to_string(++num_stores_);
    const io::Store store = io::Store::open(folder).value();
    FileReport report;
    const Result<CleanedFile> cleaned = clean(store, report);
    Outcome outcome;
    outcome.report = to_json(report, Command::kClean).dump(1);
    outcome.report += cleaned ? "scope " + cleaned->scope : "error " + cleaned.error().message;
    const std::vector<std::string> keys = store.list("").value();
    for (const std::string& key : keys) {
      outcome.objects[key] = all_of(*store.read(key).value());
    }
    return outcome;
  }

  Outcome by_one_reading() {
    return outcome_of([&](const io::Store& store, FileReport& report) {
      std::optional<PreparedFile> file;
      OpenedFile opened = open_file(input_, settings_, nullptr, report, {}).value();
      return read_and_clean(opened, settings_, {}, {.store = &store}, report, file);
    });
  }

  Outcome by_two_readings() {
    return outcome_of([&](const io::Store& store, FileReport& report) -> Result<CleanedFile> {
      const PreparedFile file = HOMEROOM_TRY(prepare_file(input_, settings_, nullptr, report));
      return clean_file(file, settings_, {.store = &store}, report);
    });
  }

  contract::ContractSet contracts_;
  io::TemporaryFolder folder_;
  Settings settings_;
  source::InputFile input_;
  int num_stores_ = 0;
};

// Rows in which something new begins at one place.
class FileMaker {
 public:
  explicit FileMaker(unsigned seed) : random_(seed) {}

  std::string make(bool is_declared) {
    std::string text = is_declared ? "Student ID,School ID,Date,Status,Minutes Absent,Comment\n"
                                   : "Widget,Place,Day,Code,Amount,Remark\n";
    const unsigned num_rows = 20 + pick(600);
    num_students_ = 5 + pick(3'000);
    const unsigned news = pick(10);
    const unsigned begins = pick(num_rows);
    order_ = pick(3);
    for (unsigned row = 0; row < num_rows; ++row) text += this->row(row >= begins ? news : 0);
    return text;
  }

 private:
  unsigned pick(unsigned bound) { return static_cast<unsigned>(random_() % bound); }

  std::string date(unsigned news) {
    const unsigned month = 1 + pick(5);
    const unsigned early = 1 + pick(5);
    const unsigned late = 13 + pick(15);
    switch (news == 0 ? order_ : news) {
      case 1:
        return fmt::format("{:02}/{:02}/2026", month, early);
      case 2:
        return fmt::format("{}/{}/2026", month, late);
      case 3:
        return fmt::format("{}/{}/2026", late, month);
      case 4:
        return pick(2) == 0 ? fmt::format("{}/{}/2026", late, month)
                            : fmt::format("{}/{}/2026", month, late);
      default:
        return fmt::format("2026-{:02}-{:02}", month, early);
    }
  }

  std::string minutes(unsigned news) {
    if (news == 5 && pick(4) == 0) return "*";
    if (news == 6 && pick(4) == 0) return "\"12,5\"";
    if (news == 7 && pick(4) == 0) return "many";
    return std::to_string(pick(60));
  }

  std::string row(unsigned news) {
    if (news == 8 && pick(6) == 0) return "one,two\n";
    const std::string_view comment = news == 9 || pick(3) == 0 ? "\"late, \"\"again\"\"\"" : "";
    return fmt::format("{:07},010,{},{},{},{}\n", 1 + pick(num_students_), date(news),
                       pick(2) == 0 ? "P" : "absent", minutes(news), comment);
  }

  std::mt19937 random_;
  unsigned num_students_ = 1;
  unsigned order_ = 0;
};

TEST_F(OneReading, MakesTheSameOfRandomFilesAsTwo) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    FileMaker maker(seed);
    const bool is_declared = seed % 3 != 0;
    settings_.dataset = is_declared ? "attendance_daily" : "";
    settings_.limits.num_threads = 1 + seed % 3;
    settings_.keeps_changes = seed % 2 == 0;
    settings_.key_memory_bytes = seed % 5 == 0 ? 0 : 1 << 20;
    write(maker.make(is_declared));
    ASSERT_EQ(by_one_reading(), by_two_readings()) << "seed " << seed;
  }
}

// The first rows are as good as certain to be planned otherwise than the last one asks for.
TEST_F(OneReading, IsMadeAgainWhenTheLastRowContradictsThePlan) {
  std::string rows;
  for (int i = 0; i < 500; ++i) rows += fmt::format("{},03/04/2026\n", i);
  const std::pair<std::string_view, std::string_view> cases[] = {{"1,12/25/2026\n", "2026-03-04"},
                                                                 {"1,25/12/2026\n", "2026-04-03"}};
  settings_.dataset = "attendance_daily";
  for (const auto& [last, expected] : cases) {
    write("Student ID,Date\n" + rows + std::string(last));
    const Outcome outcome = by_one_reading();
    EXPECT_EQ(outcome, by_two_readings());
    std::string clean;
    for (const auto& [key, text] : outcome.objects) {
      if (key.starts_with("clean/")) clean += text;
    }
    EXPECT_THAT(clean, testing::HasSubstr(expected)) << outcome.report;
  }
}

// The file's hash, a part of each name, is not known when the first change is written.
TEST_F(OneReading, NamesTheListOfChangesAfterTheFilesContent) {
  std::string text = "Student ID,Date\n";
  for (int i = 0; i < 500; ++i) text += fmt::format("{},12/25/2026\n", i);
  settings_.dataset = "attendance_daily";
  settings_.keeps_changes = true;
  write(text);
  const Outcome outcome = by_one_reading();
  EXPECT_EQ(outcome, by_two_readings());
  const auto is_of_changes = [](const auto& object) {
    return object.first.starts_with("changes/");
  };
  EXPECT_EQ(std::ranges::count_if(outcome.objects, is_of_changes), 1) << outcome.report;
}

// Property: neither threads nor the size of batches, nor the secret that keys are hashed with,
// change what comes out.
TEST_F(OneReading, ComesOutTheSameWhateverTheThreadsBatchesAndSecret) {
  settings_.dataset = "attendance_daily";
  for (unsigned seed = 200; seed < 206; ++seed) {
    FileMaker maker(seed);
    write(maker.make(true));
    settings_.limits.num_threads = 1;
    settings_.limits.max_cells_per_batch = 64;
    const Outcome expected = by_one_reading();
    for (const std::size_t num_cells : {7U, 200U, 32'768U}) {
      settings_.limits.num_threads = 1 + num_cells % 4;
      settings_.limits.max_cells_per_batch = num_cells;
      std::ranges::generate(settings_.hash_secret.words, std::mt19937_64(seed * num_cells));
      ASSERT_EQ(by_one_reading(), expected) << "seed " << seed << ", cells " << num_cells;
    }
  }
}

}  // namespace
}  // namespace homeroom::run
