// Cells cleaned and profiled a second, on one core: an attendance export as dirty as real ones are,
// the same without dirt, and each rule alone on cells it was made for.

#include <array>
#include <cstddef>
#include <cstdint>
#include <ctime>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "clean/cleaner.h"
#include "clean/column_run.h"
#include "clean/profile.h"
#include "clean/rule.h"
#include "contract/contract.h"
#include "table/batch.h"

namespace homeroom::clean {
namespace {

using contract::Kind;

constexpr std::size_t kRows = 8192;
constexpr std::size_t kBatches = 8;

class Random {
 public:
  std::size_t below(std::size_t limit) {
    state_ = state_ * 6364136223846793005ULL + 1442695040888963407ULL;
    return (state_ >> 33U) % limit;
  }

  // True for `percent` of the calls.
  bool chance(std::size_t percent) { return below(100) < percent; }

 private:
  std::uint64_t state_ = 1;
};

constexpr std::array<std::string_view, 12> kMonths = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                      "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 5> kStatuses = {"Present", "p", "present ", "A", "Tardy"};
constexpr std::array<std::string_view, 5> kTeachers = {
    "Garc\xC3\xAD"
    "a, Ana",
    "Smith, Zo\xC3\xAB", "O'Neil, Liam", "Nguy\xE1\xBB\x85n, Wei", "Lee, Ava"};
constexpr std::array<std::string_view, 6> kNotes = {
    "", "", "doctor visit", "parent called, left message", "bus late", "N/A"};

// One row of an attendance export; `is_dirty` writes some cells as several systems would.
std::vector<std::string> make_row(Random& random, bool is_dirty) {
  const auto dirty = [&](std::size_t percent) { return is_dirty && random.chance(percent); };
  const std::size_t month = 1 + random.below(12);
  const std::size_t day = 1 + random.below(28);
  std::string date = fmt::format("2025-{:02}-{:02}", month, day);
  const std::string iso = date;
  if (dirty(30)) date = fmt::format("{}/{}/2025", month, day);
  if (dirty(5)) date = fmt::format("{:02}-{}-2025", day, kMonths[month - 1]);
  std::string id = fmt::format("{:07}", 1000 + random.below(9'000'000));
  if (dirty(4)) id += ' ';
  std::string grade = fmt::format("{:02}", 1 + random.below(12));
  if (dirty(15)) grade = fmt::format("{}", 1 + random.below(9));
  std::string minutes = fmt::format("{}", random.below(60));
  if (dirty(5)) minutes = "N/A";
  const std::string status(is_dirty ? kStatuses[random.below(kStatuses.size())] : "present");
  std::string note(kNotes[random.below(is_dirty ? kNotes.size() : 5)]);
  if (random.chance(1)) note = "called home\nno answer";
  const std::string clock =
      fmt::format("{:02}:{:02}:{:02}", 7 + random.below(10), random.below(60), random.below(60));
  std::string recorded = fmt::format("{} {}", iso, clock);
  if (dirty(10)) recorded = fmt::format("{}T{}", iso, clock);
  return {id,
          fmt::format("S{:03}", random.below(120)),
          grade,
          date,
          fmt::format("{}", 1 + random.below(8)),
          status,
          minutes,
          fmt::format("MATH-{}", 101 + random.below(30)),
          std::string(kTeachers[random.below(kTeachers.size())]),
          note,
          recorded};
}

// Texts of a file in one piece of memory, and the cells that point into it.
struct File {
  std::string bytes;
  std::vector<Batch> batches;

  [[nodiscard]] std::size_t num_rows() const { return batches.size() * kRows; }
};

std::unique_ptr<File> make_file(bool is_dirty) {
  auto file = std::make_unique<File>();
  file->bytes.reserve(kRows * kBatches * 128);
  Random random;
  file->batches.resize(kBatches);
  for (Batch& batch : file->batches) {
    batch.columns.resize(11);
    for (std::size_t row = 0; row < kRows; ++row) {
      const auto cells = make_row(random, is_dirty);
      for (std::size_t i = 0; i < cells.size(); ++i) {
        const std::size_t start = file->bytes.size();
        file->bytes += cells[i];
        file->bytes += ',';
        batch.columns[i].push_back(
            value_cell(std::string_view(file->bytes).substr(start, cells[i].size())));
      }
      batch.lines.push_back(row + 2);
    }
  }
  return file;
}

const contract::ContractSet& contracts() {
  static const contract::ContractSet kSet = contract::ContractSet::load("").value();
  return kSet;
}

std::vector<ColumnContext> attendance_contexts() {
  std::vector<ColumnContext> contexts;
  for (const Kind kind : {Kind::kIdentifier, Kind::kIdentifier, Kind::kEnumeration, Kind::kDate,
                          Kind::kInteger, Kind::kEnumeration, Kind::kInteger, Kind::kIdentifier,
                          Kind::kText, Kind::kText, Kind::kTimestamp}) {
    ColumnContext context;
    context.kind = kind;
    context.is_declared = true;
    context.profile.date_order = DateOrder::kMonthFirst;
    contexts.push_back(context);
  }
  contexts[2].enumeration = contracts().find_enumeration("grade_level");
  contexts[5].enumeration = contracts().find_enumeration("attendance_status");
  return contexts;
}

// Time that this thread has run: what else the machine does is not our business.
double cpu_seconds() {
  timespec now = {};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

void report(benchmark::State& state, const File& file) {
  const auto rows = static_cast<std::int64_t>(file.num_rows()) * state.iterations();
  state.SetItemsProcessed(rows);
  state.SetBytesProcessed(static_cast<std::int64_t>(file.bytes.size()) * state.iterations());
}

void clean_file(benchmark::State& state, bool is_dirty) {
  const auto file = make_file(is_dirty);
  Cleaner cleaner = Cleaner::create(attendance_contexts()).value();
  CleanedBatch out;
  Batch batch;
  for (auto _ : state) {
    double seconds = 0;
    for (const Batch& original : file->batches) {
      batch.columns = original.columns;
      batch.lines = original.lines;
      batch.arena.reset();
      const double start = cpu_seconds();
      cleaner.clean(batch, out);
      seconds += cpu_seconds() - start;
    }
    state.SetIterationTime(seconds);
  }
  report(state, *file);
}

void profile_file(benchmark::State& state) {
  const auto file = make_file(true);
  for (auto _ : state) {
    const double start = cpu_seconds();
    Profiler profiler(11);
    for (const Batch& batch : file->batches) profiler.observe(batch);
    benchmark::DoNotOptimize(profiler.finish());
    state.SetIterationTime(cpu_seconds() - start);
  }
  report(state, *file);
}

// Every cell is one of the rule's examples, and none is answered from memory.
void run_rule(benchmark::State& state, const Rule* rule) {
  const Example* first = rule->examples.data();
  const ColumnContext context = context_of(*first, contracts());
  ColumnCleaner cleaner(0, context, {rule}, 16);
  EditMemory memory;
  CleanedBatch out;
  out.originals.resize(1);
  Batch batch;
  batch.columns.resize(1);
  for (auto _ : state) {
    batch.columns[0].clear();
    for (std::size_t row = 0; row < kRows; ++row) {
      batch.columns[0].push_back(value_cell(rule->examples[row % rule->examples.size()].in));
    }
    batch.arena.reset();
    out.originals[0].clear();
    out.changes.clear();
    out.bad.clear();
    const double start = cpu_seconds();
    cleaner.clean(batch, {}, KeepChanges::kYes, memory, out);
    state.SetIterationTime(cpu_seconds() - start);
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(kRows) * state.iterations());
}

const bool kRegistered = [] {
  benchmark::RegisterBenchmark("clean/attendance/dirty", clean_file, true)->UseManualTime();
  benchmark::RegisterBenchmark("clean/attendance/clean", clean_file, false)->UseManualTime();
  benchmark::RegisterBenchmark("profile/attendance", profile_file)->UseManualTime();
  for (const Rule* rule : all_rules()) {
    const std::string name = fmt::format("rule/{}", rule->name);
    benchmark::RegisterBenchmark(name.c_str(), run_rule, rule)->UseManualTime();
  }
  return true;
}();

}  // namespace
}  // namespace homeroom::clean
