// Cost of checking the columns of a district's attendance, by check: 4,096 values a batch.

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "validate/check.h"

namespace homeroom::validate {
namespace {

using contract::Kind;

constexpr RowIndex kNumRows = 4096;

// A column of which one check is asked.
struct Case {
  const char* name;
  Kind kind;
  SqlType type;
  void (*ask)(contract::Column& column);
  std::string (*make)(std::uint32_t i);
};

std::string make_id(std::uint32_t i) {
  return std::to_string(1'000'000 + i * 2'137 % 9'000'000);
}

std::string make_minutes(std::uint32_t i) {
  return std::to_string(i % 421);
}

std::string make_percent(std::uint32_t i) {
  return std::to_string(i % 100) + "." + std::to_string(i % 10);
}

std::string make_date(std::uint32_t i) {
  return "2025-1" + std::to_string(i % 3) + "-0" + std::to_string(1 + i % 9);
}

std::string make_timestamp(std::uint32_t i) {
  return make_date(i) + " 07:12:33";
}

void ask_nothing(contract::Column&) {}

const std::array kCases = {
    Case{"required", Kind::kText, SqlType::kText,
         [](contract::Column& column) { column.is_required = true; }, make_id},
    Case{"length", Kind::kText, SqlType::kText,
         [](contract::Column& column) { column.max_length = 16; }, make_id},
    Case{"pattern_of_classes", Kind::kText, SqlType::kText,
         [](contract::Column& column) { column.pattern = R"(^\d{7}$)"; }, make_id},
    Case{"pattern_by_re2", Kind::kText, SqlType::kText,
         [](contract::Column& column) { column.pattern = R"(^(\d{7}|[A-Z]+)$)"; }, make_id},
    Case{"type_bigint_and_range", Kind::kInteger, SqlType::kBigint,
         [](contract::Column& column) {
           column.minimum = "0";
           column.maximum = "420";
         },
         make_minutes},
    Case{"type_numeric_and_range", Kind::kPercent, SqlType::kNumeric,
         [](contract::Column& column) {
           column.minimum = "0";
           column.maximum = "100";
         },
         make_percent},
    Case{"type_bigint", Kind::kInteger, SqlType::kBigint, ask_nothing, make_minutes},
    Case{"type_numeric", Kind::kDecimal, SqlType::kNumeric, ask_nothing, make_percent},
    Case{"type_date_and_plausible", Kind::kDate, SqlType::kDate, ask_nothing, make_date},
    Case{"type_date_and_range", Kind::kDate, SqlType::kDate,
         [](contract::Column& column) {
           column.minimum = "2024-08-01";
           column.maximum = "2026-07-31";
         },
         make_date},
    Case{"type_timestamp_and_plausible", Kind::kTimestamp, SqlType::kTimestamptz, ask_nothing,
         make_timestamp},
};

void run_case(benchmark::State& state, const Case& asked) {
  contract::Contract contract;
  contract.columns.emplace_back();
  contract.columns[0].kind = asked.kind;
  asked.ask(contract.columns[0]);
  const TableSchema table{.name = "t",
                          .comment = "",
                          .columns = {{.name = "value", .type = asked.type, .comment = ""}},
                          .key = {}};
  const std::array contract_columns = {0};
  auto validator = RowValidator::create(table, &contract, contract_columns);
  if (!validator) return state.SkipWithError(validator.error().message.c_str());

  std::vector<std::string> texts;
  for (std::uint32_t i = 0; i < kNumRows; ++i) texts.push_back(asked.make(i));
  std::vector<Cell> cells;
  for (const std::string& text : texts) cells.push_back(value_cell(text));
  const std::vector<Cell>* columns[] = {&cells};
  std::vector<RowProblem> problems;
  for (auto _ : state) {
    validator->check(columns, kNumRows, problems);
    if (!problems.empty()) return state.SkipWithError("found a problem in a clean column");
  }
  state.SetItemsProcessed(state.iterations() * kNumRows);
}

const int kRegistered = [] {
  for (const Case& asked : kCases) {
    benchmark::RegisterBenchmark(asked.name, [&asked](auto& state) { run_case(state, asked); });
  }
  return 0;
}();

}  // namespace
}  // namespace homeroom::validate
