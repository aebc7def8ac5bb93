// How fast records are cut into cells, by kernel: of a table as exports are, and of one with
// quotes everywhere.

#include <string>
#include <string_view>

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include "parse/batch_reader.h"
#include "parse/reader_kernel.h"
#include "parse/testing.h"

namespace homeroom::parse {
namespace {

std::string make_table(bool is_quoted) {
  std::string table = "student_id,school,date,period,status,minutes,note\n";
  for (int row = 0; table.size() < 16 * 1024 * 1024; ++row) {
    const int student = 100'000 + (row * 7919) % 50'000;
    if (is_quoted) {
      table += fmt::format("\"{:07}\",\"Lincoln, {}\",\"2025-09-{:02}\",\"{}\",\"T\",\"{}\",\"\"\n",
                           student, row % 30, 1 + row % 30, row % 8, row % 60);
    } else {
      table += fmt::format("{:07},Lincoln {},2025-09-{:02},{},T,{},{}\n", student, row % 30,
                           1 + row % 30, row % 8, row % 60,
                           row % 50 == 0 ? "\"said \"\"sick\"\", left\"" : "");
    }
  }
  return table;
}

void read_table(benchmark::State& state, Kernel kernel, bool is_quoted,
                std::size_t num_threads = 1) {
  if (!has_kernel(kernel)) {
    state.SkipWithError("this machine does not have it");
    return;
  }
  const std::string table = make_table(is_quoted);
  for (auto _ : state) {
    TextSource source(table);
    const auto reader = create_reader(source, {}, {.num_threads = num_threads}, kernel);
    Batch batch;
    std::size_t num_rows = 0;
    while ((*reader)->next(batch).value_or(false)) num_rows += batch.num_rows();
    benchmark::DoNotOptimize(num_rows);
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations() * table.size()));
}

BENCHMARK_CAPTURE(read_table, plain_avx512, Kernel::kAvx512, false);
BENCHMARK_CAPTURE(read_table, plain_avx2, Kernel::kAvx2, false);
BENCHMARK_CAPTURE(read_table, plain_two_threads, Kernel::kBest, false, 2)->UseRealTime();
BENCHMARK_CAPTURE(read_table, plain_portable, Kernel::kPortable, false);
BENCHMARK_CAPTURE(read_table, plain_careful, Kernel::kNone, false);
BENCHMARK_CAPTURE(read_table, quoted_avx512, Kernel::kAvx512, true);
BENCHMARK_CAPTURE(read_table, quoted_avx2, Kernel::kAvx2, true);
BENCHMARK_CAPTURE(read_table, quoted_two_threads, Kernel::kBest, true, 2)->UseRealTime();
BENCHMARK_CAPTURE(read_table, quoted_portable, Kernel::kPortable, true);
BENCHMARK_CAPTURE(read_table, quoted_careful, Kernel::kNone, true);

// What a small file costs, opened and read.
void read_small_file(benchmark::State& state) {
  const std::string table = make_table(false).substr(0, 20'000);
  for (auto _ : state) {
    TextSource source(table);
    const auto reader = BatchReader::create(source, {});
    Batch batch;
    while ((*reader)->next(batch).value_or(false)) benchmark::DoNotOptimize(batch.num_rows());
  }
}

BENCHMARK(read_small_file);

}  // namespace
}  // namespace homeroom::parse
