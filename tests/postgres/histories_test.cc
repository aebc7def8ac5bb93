// Random histories of a district: files, revisions, the same bytes again, undo, undo of undo,
// files side by side, new columns. After every step the tables, what waits, and every earlier state
// read back must be what a plain model says. HOMEROOM_HISTORIES says how many (200 for a sweep),
// HOMEROOM_HISTORY_SEED where the seeds begin.

#include <algorithm>
#include <cstdlib>
#include <map>
#include <random>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "district.h"
#include "history_model.h"

namespace homeroom {
namespace {

using run::FileReport;
using run::FileStatus;

constexpr int kNumStudents = 10;

unsigned number_from(const char* name, unsigned otherwise) {
  const char* text = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): before any thread
  return text == nullptr ? otherwise : static_cast<unsigned>(std::stoul(text));
}

struct File {
  std::string name;
  std::string text;
  ModelFile model;
};

struct Stood {
  std::string students_at;
  std::string attendance_at;
  ModelTables tables;
};

class History {
 public:
  History(District& district, unsigned seed) : district_(&district), random_(seed) {
    district.forget_everything();
    district.warehouse().execute(
        "alter table data.attendance_daily add column if not exists bus text; "
        "alter table history.attendance_daily add column if not exists bus text; "
        "select homeroom.make_as_of('attendance_daily')");
  }

  // Each returns what it did, for the trace of a failure.
  std::string step() {
    const int dice = pick(100);
    if (files_.empty() || dice < 25) return take(students_file());
    if (dice < 55) return take(attendance_file());
    if (dice < 62) return take_again();
    if (dice < 68) return take_both();
    if (dice < 80) return undo(newest(), false);
    if (dice < 88) return undo(any(), false);
    if (dice < 94) return undo(any(), true);
    return undo_an_undo();
  }

  void check() {
    const ModelTables wanted = work_out(loaded_);
    ASSERT_EQ(read("data.students", "data.attendance_daily"), wanted);
    Warehouse& warehouse = district_->warehouse();
    ASSERT_THAT(warehouse.rows("select r.run_id from homeroom.run as r where r.status = 'loaded' "
                               "and r.rows_pending <> "
                               "(select count(distinct p.line) from homeroom.pending_row as p "
                               "where p.run_id = r.run_id)"),
                testing::IsEmpty());
    stood_.push_back({newest_version("students"), newest_version("attendance_daily"), wanted});
    check_as_of(stood_[static_cast<std::size_t>(pick(static_cast<int>(stood_.size())))]);
  }

  void check_every_state() {
    for (const Stood& stood : stood_) check_as_of(stood);
  }

  int num_undone = 0;
  int num_refused = 0;

 private:
  int pick(int below) { return std::uniform_int_distribution<int>(0, below - 1)(random_); }

  std::string newest_version(const std::string& table) {
    return district_->warehouse().value(
        "select coalesce(max(made_at)::text, '-infinity') from homeroom.table_version where "
        "table_name = '" +
        table + "'");
  }

  void check_as_of(const Stood& stood) {
    ModelTables was = read(fmt::format("as_of.students('{}')", stood.students_at),
                           fmt::format("as_of.attendance_daily('{}')", stood.attendance_at));
    was.num_waiting = stood.tables.num_waiting;
    ASSERT_EQ(was, stood.tables) << "as of " << stood.students_at;
  }

  ModelTables read(const std::string& students, const std::string& attendance) {
    Warehouse& warehouse = district_->warehouse();
    return {
        .students = warehouse.rows("select student_id, first_name, null, _run, _line from " +
                                   students + " order by 1"),
        .attendance = warehouse.rows(
            "select student_id || ' ' || school_id || ' ' || date, status, bus, _run, _line "
            "from " +
            attendance + " order by 1"),
        .num_waiting = std::stoul(warehouse.value("select count(*) from homeroom.pending_row"))};
  }

  File students_file() {
    static const std::vector<std::string> kNames = {"Ada", "Bea", "Cy"};
    File file{.name = fmt::format("sis/students_{}.csv", ++num_files_),
              .text = "Student ID,First Name,Last Name,Birth Date,Grade\n",
              .model = {.data = Data::kStudents, .lines = {}}};
    for (int id = 1; id <= kNumStudents; ++id) {
      if (pick(3) != 0) continue;
      const std::string student = fmt::format("{:03}", id);
      const std::string& name = kNames[static_cast<std::size_t>(pick(3))];
      file.text += fmt::format("{},{},Example,2010-01-01,07\n", student, name);
      file.model.lines.push_back({student, student, name, "", false});
    }
    return file;
  }

  File attendance_file() {
    const std::string school = pick(2) == 0 ? "010" : "020";
    const std::string day = fmt::format("2025-11-{:02}", 3 + pick(3));
    const bool has_bus = pick(4) == 0;
    File file{.name = fmt::format("sis/attendance_{}.csv", ++num_files_),
              .text = has_bus ? "Student ID,School ID,Date,Status,Bus\n"
                              : "Student ID,School ID,Date,Status\n",
              .model = {.data = Data::kAttendance, .lines = {}}};
    for (int id = 1; id <= kNumStudents; ++id) {
      if (pick(2) != 0) continue;
      const std::string student = fmt::format("{:03}", id);
      const bool is_absent = pick(2) == 0;
      const std::string bus = has_bus ? fmt::format("B{}", pick(2)) : "";
      file.text += fmt::format("{},{},{},{}{}{}\n", student, school, day, is_absent ? "A" : "T",
                               has_bus ? "," : "", bus);
      file.model.lines.push_back({student, fmt::format("{} {} {}", student, school, day),
                                  is_absent ? "absent" : "tardy", bus, has_bus});
    }
    return file;
  }

  void note(File& file, const FileReport& report) {
    if (report.status != FileStatus::kGood || report.run_id == 0) return;
    file.model.run = report.run_id;
    file.model.is_judged = !work_out(loaded_).students.empty();
    loaded_.push_back(file.model);
    files_.push_back(file);
  }

  std::string take(File file) {
    const FileReport report = district_->take(file.name, file.text);
    note(file, report);
    return fmt::format("{} as run {} {}", file.name, report.run_id, report.reason);
  }

  // The same bytes under a name of their own: a new revision, or nothing.
  std::string take_again() {
    File file = files_[static_cast<std::size_t>(pick(static_cast<int>(files_.size())))];
    file.name = fmt::format("sis/again_{}_{}", ++num_files_, file.name.substr(4));
    file.model.counts = true;
    return take(file);
  }

  // Two files side by side: the order in which they were committed is the database's to say.
  std::string take_both() {
    std::vector<File> both = {students_file(), attendance_file()};
    std::vector<FileReport> reports(both.size());
    {
      std::vector<std::jthread> threads;
      for (std::size_t i = 0; i < both.size(); ++i) {
        threads.emplace_back([&, i] {
          const auto pipeline = district_->open_pipeline();
          reports[i] = district_->take_by(*pipeline, both[i].name, both[i].text);
        });
      }
    }
    const auto sequence = [&](const FileReport& report) {
      return std::stol(district_->warehouse().value(fmt::format(
          "select coalesce(max(sequence), 0) from homeroom.table_version where cause = 'load' and "
          "run_id = {}",
          report.run_id)));
    };
    const bool is_swapped = sequence(reports[1]) < sequence(reports[0]);
    note(both[is_swapped ? 1 : 0], reports[is_swapped ? 1 : 0]);
    note(both[is_swapped ? 0 : 1], reports[is_swapped ? 0 : 1]);
    return fmt::format("{} as run {} and {} as run {}", both[0].name, reports[0].run_id,
                       both[1].name, reports[1].run_id);
  }

  std::int64_t newest() {
    const auto found = std::ranges::find_if(loaded_.rbegin(), loaded_.rend(),
                                            [](const ModelFile& file) { return file.counts; });
    return found == loaded_.rend() ? 0 : found->run;
  }

  std::int64_t any() {
    std::vector<std::int64_t> runs;
    for (const ModelFile& file : loaded_) {
      if (file.counts) runs.push_back(file.run);
    }
    return runs.empty() ? 0 : runs[static_cast<std::size_t>(pick(static_cast<int>(runs.size())))];
  }

  void mark(const std::set<std::int64_t>& runs, bool counts) {
    for (ModelFile& file : loaded_) {
      if (runs.contains(file.run)) file.counts = counts;
    }
  }

  std::string undo(std::int64_t run, bool with_later) {
    if (run == 0) return "nothing to undo";
    const bool is_newest = run == newest();
    const run::UndoReport report = must(district_->undo(run, with_later));
    if (report.undo_run == 0) {
      ++num_refused;
      // Nothing came after it but undos of other runs.
      EXPECT_FALSE(is_newest && undos_.empty()) << "the newest run can always be undone";
      EXPECT_FALSE(with_later && undos_.empty());
      return fmt::format("undo of run {} refused", run);
    }
    ++num_undone;
    std::set<std::int64_t> runs;
    for (const run::RunName& undone : report.undone) runs.insert(undone.run_id);
    mark(runs, false);
    undos_[report.undo_run] = runs;
    return fmt::format("undo {} of run {}{}", report.undo_run, run,
                       with_later ? " with later ones" : "");
  }

  std::string undo_an_undo() {
    if (undos_.empty()) return "no undo to undo";
    const auto [undo_run, runs] = *undos_.rbegin();
    const run::UndoReport report = must(district_->undo(undo_run));
    if (report.undo_run == 0) {
      ++num_refused;
      return fmt::format("undo of undo {} refused", undo_run);
    }
    ++num_undone;
    mark(runs, true);
    undos_.erase(undo_run);
    return fmt::format("undo {} of undo {}", report.undo_run, undo_run);
  }

  District* district_;
  std::mt19937 random_;
  int num_files_ = 0;
  std::vector<File> files_;
  std::vector<ModelFile> loaded_;  // in the order in which they were committed
  std::map<std::int64_t, std::set<std::int64_t>> undos_;
  std::vector<Stood> stood_;
};

TEST(Histories, EndAsThePlainModelSaysAtEveryStep) {
  const unsigned num_histories = number_from("HOMEROOM_HISTORIES", 6);
  const unsigned first = number_from("HOMEROOM_HISTORY_SEED", 1);
  District district;
  int num_undone = 0;
  int num_refused = 0;
  for (unsigned seed = first; seed < first + num_histories; ++seed) {
    History history(district, seed);
    std::string trace = fmt::format("seed {}", seed);
    for (int i = 0; i < 16; ++i) {
      trace += "\n  " + history.step();
      SCOPED_TRACE(trace);
      history.check();
      if (HasFatalFailure()) return;
    }
    SCOPED_TRACE(trace);
    history.check_every_state();
    if (HasFatalFailure()) return;
    num_undone += history.num_undone;
    num_refused += history.num_refused;
  }
  EXPECT_GT(num_undone, static_cast<int>(num_histories));
  RecordProperty("undone", num_undone);
  RecordProperty("refused", num_refused);
}

}  // namespace
}  // namespace homeroom
