#include "contract/quality/comparison.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/contract.h"
#include "contract/contract_file.h"

namespace homeroom::contract {
namespace {

Result<Figure> read_figure(std::string_view text) {
  if (text == "rows") return Figure{};
  for (const auto& [word, of] :
       {std::pair("sum(", Figure::Of::kSum), std::pair("distinct(", Figure::Of::kDistinct)}) {
    const std::string_view begin = word;
    if (!text.starts_with(begin) || !text.ends_with(')')) continue;
    const std::string_view column = trim(text.substr(begin.size(), text.size() - begin.size() - 1));
    if (!column.empty()) return Figure{.of = of, .column = std::string(column)};
  }
  return fail(ErrorCode::kConfig, fmt::format("{} is no figure", text),
              "write rows, sum(credits) or distinct(student_id)");
}

std::vector<std::string> list_of(const Quality& quality, std::string_view argument) {
  const auto found = quality.arguments.find(argument);
  return found == quality.arguments.end() ? std::vector<std::string>() : found->second;
}

const Column* column_of(const Contract& contract, const std::string& name) {
  const int index = contract.find(name);
  return index < 0 ? nullptr : &contract.columns[static_cast<std::size_t>(index)];
}

Status no_column(const Quality& quality, const Contract& contract, const std::string& name) {
  std::vector<std::string> known;
  for (const Column& column : contract.columns) known.push_back(column.name);
  return tl::unexpected(unknown_word(quality.file, quality.line,
                                     fmt::format("column of {}", contract.name), name, known));
}

Status check_figure(const Quality& quality, const Contract& contract, const Figure& figure) {
  if (figure.of == Figure::Of::kRows) return {};
  const Column* column = column_of(contract, figure.column);
  if (column == nullptr) return no_column(quality, contract, figure.column);
  const SqlType type = column->sql_type();
  const bool adds_up = type == SqlType::kBigint || type == SqlType::kNumeric;
  if (figure.of != Figure::Of::kSum || adds_up) return {};
  return tl::unexpected(yaml_error(quality.file, quality.line,
                                   fmt::format("{} is no number to add up", figure.column),
                                   "Write distinct(column), or a column of numbers"));
}

Status check_groups(const Quality& quality, const Contract& contract, const Contract& other,
                    const Comparison& comparison) {
  for (std::size_t i = 0; i < comparison.by.size(); ++i) {
    const Column* ours = column_of(contract, comparison.by[i]);
    const Column* theirs = column_of(other, comparison.their_by[i]);
    if (ours == nullptr) return no_column(quality, contract, comparison.by[i]);
    if (theirs == nullptr) return no_column(quality, other, comparison.their_by[i]);
    if (ours->sql_type() == theirs->sql_type()) continue;
    return tl::unexpected(
        yaml_error(quality.file, quality.line,
                   fmt::format("it compares groups by {} ({}) with those by {} ({})", ours->name,
                               homeroom::to_string(ours->sql_type()), theirs->name,
                               homeroom::to_string(theirs->sql_type())),
                   "Give both columns the same kind"));
  }
  return {};
}

Status check_comparison(std::span<const Contract> contracts, const Contract& contract,
                        const Quality& quality) {
  const Result<Comparison> comparison = read_comparison(quality);
  if (!comparison) {
    return tl::unexpected(yaml_error(quality.file, quality.line, comparison.error().message,
                                     comparison.error().hint));
  }
  const auto other = std::ranges::find(contracts, comparison->table, &Contract::name);
  if (other == contracts.end()) {
    std::vector<std::string> known;
    for (const Contract& each : contracts) known.push_back(each.name);
    return tl::unexpected(unknown_word(quality.file, quality.line, "data set to compare with",
                                       comparison->table, known));
  }
  HOMEROOM_TRY(check_figure(quality, contract, comparison->ours));
  HOMEROOM_TRY(check_figure(quality, *other, comparison->theirs));
  return check_groups(quality, contract, *other, *comparison);
}

}  // namespace

std::string Figure::words() const {
  switch (of) {
    case Of::kRows:
      break;
    case Of::kSum:
      return "the sum of " + column;
    case Of::kDistinct:
      return "the number of different values of " + column;
  }
  return "the number of rows";
}

Result<Comparison> read_comparison(const Quality& quality) {
  Comparison comparison;
  const std::string* table = quality.find("table");
  if (table == nullptr) {
    return fail(ErrorCode::kConfig, "it names no table", "write table: students");
  }
  comparison.table = *table;
  if (const std::string* figure = quality.find("figure")) {
    comparison.ours = HOMEROOM_TRY(read_figure(*figure));
  }
  comparison.theirs = comparison.ours;
  if (const std::string* figure = quality.find("their_figure")) {
    comparison.theirs = HOMEROOM_TRY(read_figure(*figure));
  }
  comparison.by = list_of(quality, "by");
  comparison.their_by = list_of(quality, "their_by");
  if (comparison.their_by.empty()) comparison.their_by = comparison.by;
  if (comparison.by.size() != comparison.their_by.size()) {
    return fail(ErrorCode::kConfig, "by and theirBy list not as many columns",
                "write the columns of both tables in the same order");
  }
  return comparison;
}

void check_comparisons(std::span<const Contract> contracts, Problems& problems) {
  for (const Contract& contract : contracts) {
    for (const Quality& quality : contract.quality) {
      if (quality.check != kMatchesTable) continue;
      problems.enter(quality.file);
      problems.note(check_comparison(contracts, contract, quality));
    }
  }
}

}  // namespace homeroom::contract
