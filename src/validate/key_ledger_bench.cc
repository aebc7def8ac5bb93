// Cost of a row in the key ledger: `--benchmark_filter=ledger`. Rows are those of a district's
// attendance (11 cells, 80 bytes, key of three), lines ascending.

#include <array>
#include <cstdint>
#include <filesystem>
#include <vector>

#include <benchmark/benchmark.h>

#include "validate/key_ledger.h"
#include "validate/row_hash.h"

namespace homeroom::validate {
namespace {

// Row `i` of a file in which each of 50,000 students has a row a day and period.
class AttendanceRow {
 public:
  void fill(std::uint64_t i) {
    write(student_, i % 50'000 * 37 + 1000);
    write(day_, i / 400'000 % 28 + 1);
    period_[0] = static_cast<char>('1' + i / 50'000 % 8);
    write(minute_, i % 60);
    cells_ = {value_cell({student_.data(), 7}),
              value_cell("S079"),
              value_cell("08"),
              value_cell({day_.data(), 10}),
              value_cell({period_.data(), 1}),
              value_cell("P"),
              value_cell("0"),
              value_cell("MUS-123"),
              value_cell("St. John, Dmitri"),
              {.state = CellState::kNull},
              value_cell({minute_.data(), 19})};
    key_ = {cells_[0], cells_[3], cells_[4]};
  }

  [[nodiscard]] std::span<const Cell> cells() const { return cells_; }

  [[nodiscard]] std::span<const Cell> key() const { return key_; }

 private:
  // The last digits of a text.
  template <std::size_t Size>
  static void write(std::array<char, Size>& text, std::uint64_t number) {
    for (std::size_t at = Size; number > 0 && text[at - 1] <= '9' && text[at - 1] >= '0'; --at) {
      text[at - 1] = static_cast<char>('0' + number % 10);
      number /= 10;
    }
  }

  std::array<char, 7> student_ = {'0', '0', '0', '0', '0', '0', '0'};
  std::array<char, 10> day_ = {'2', '0', '2', '5', '-', '0', '9', '-', '0', '1'};
  std::array<char, 1> period_ = {'1'};
  std::array<char, 19> minute_ = {'2', '0', '2', '5', '-', '0', '9', '-', '0', '1',
                                  ' ', '0', '8', ':', '0', '0', ':', '0', '0'};
  std::array<Cell, 11> cells_;
  std::array<Cell, 3> key_;
};

void run_ledger(benchmark::State& state, std::size_t memory_bytes, bool is_one_key) {
  const auto num_rows = static_cast<std::uint64_t>(state.range(0));
  const std::filesystem::path scratch = std::filesystem::temp_directory_path();
  AttendanceRow row;
  for (auto _ : state) {
    KeyLedger ledger(scratch, memory_bytes, KeyLedger::Lines::kOneRow);
    RowHasher hasher{HashSecret()};
    for (std::uint64_t i = 0; i < num_rows; ++i) {
      row.fill(is_one_key ? 0 : i);
      const auto seen =
          ledger.add(i + 1, hasher.hash128(row.key()), hasher.hash128(row.cells()).low);
      if (!seen) state.SkipWithError("cannot add");
    }
    const auto verdicts = ledger.finish();
    const std::size_t expected = is_one_key ? num_rows - 1 : 0;
    if (!verdicts || verdicts->size() != expected) state.SkipWithError("wrong verdicts");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void ledger_in_memory(benchmark::State& state) {
  run_ledger(state, 512 << 20, false);
}

void ledger_on_disk(benchmark::State& state) {
  run_ledger(state, 32 << 20, false);
}

void ledger_of_one_key(benchmark::State& state) {
  run_ledger(state, 32 << 20, true);
}

void hash_row(benchmark::State& state) {
  AttendanceRow row;
  RowHasher hasher{HashSecret()};
  std::uint64_t i = 0;
  for (auto _ : state) {
    row.fill(++i);
    benchmark::DoNotOptimize(hasher.hash128(row.key()));
    benchmark::DoNotOptimize(hasher.hash128(row.cells()));
  }
}

void make_row(benchmark::State& state) {  // what the other figures hold besides the ledger
  AttendanceRow row;
  std::uint64_t i = 0;
  for (auto _ : state) {
    row.fill(++i);
    benchmark::DoNotOptimize(row);
  }
}

BENCHMARK(make_row);
BENCHMARK(hash_row);
BENCHMARK(ledger_in_memory)->Arg(1'000'000)->Arg(10'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(ledger_on_disk)->Arg(10'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(ledger_of_one_key)->Arg(10'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace homeroom::validate
