#include "migrate/renames.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/text.h"
#include "migrate/ddl.h"
#include "migrate/waiting.h"

namespace homeroom::migrate {
namespace {

// Fewer different values look alike by chance.
constexpr std::size_t kFewestValues = 10;
constexpr double kMostlyAlike = 0.8;
constexpr double kHalfAlike = 0.5;
constexpr std::size_t kShortestWord = 3;

bool has_common_type(SqlType left, SqlType right) {
  const auto is_number = [](SqlType type) {
    return type == SqlType::kBigint || type == SqlType::kNumeric;
  };
  return left == right || left == SqlType::kText || right == SqlType::kText ||
         (is_number(left) && is_number(right));
}

bool have_common_word(std::string_view left, std::string_view right) {
  if (edit_distance(left, right, 2) <= 2) return true;
  const auto words = split(right, '_');
  return std::ranges::any_of(split(left, '_'), [&](std::string_view word) {
    return word.size() >= kShortestWord && std::ranges::find(words, word) != words.end();
  });
}

std::vector<const TableColumn*> vanished_columns(const TableSchema& current,
                                                 const TableSchema& wanted) {
  std::vector<const TableColumn*> vanished;
  for (const TableColumn& column : current.columns) {
    if (wanted.find(column.name) == nullptr) vanished.push_back(&column);
  }
  return vanished;
}

// Whole new columns; a flag alone is added to a column that is there.
bool adds_column(const Change& change, const TableSchema& current) {
  return change.kind == ChangeKind::kAddColumn && current.find(change.column) == nullptr;
}

Change rename(const TableSchema& wanted, const TableColumn& from, const TableColumn& to,
              const std::string& why) {
  TableColumn back = from;
  back.name = to.name;
  return {.kind = ChangeKind::kRenameColumn,
          .column = from.name,
          .description = fmt::format("rename column {} to {}: {}", from.name, to.name, why),
          .sql = rename_column_sql(wanted.name, from, to.name),
          .reverse_sql = rename_column_sql(wanted.name, back, from.name),
          .is_safe = false,
          .from_state = std::string(to_string(from.type)),
          .to_state = to.name};
}

// A pair that looks alike.
struct Pair {
  const TableColumn* from = nullptr;
  Change* change = nullptr;
  std::size_t num_values = 0;
  double share = 0;
};

// Share of the values that stand in the column.
Result<double> share_of(io::Connection& connection, const std::string& table,
                        const TableColumn& column, const std::vector<std::string>& values) {
  const std::string list =
      nlohmann::json(values).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  const std::array<io::Parameter, 1> parameters = {list};
  const io::QueryResult rows = HOMEROOM_TRY(
      connection.query(fmt::format("select count(distinct v.value)\n"
                                   "from json_array_elements_text($1::json) as v (value)\n"
                                   "join {} as t on t.{}::text = v.value",
                                   data_table(table), io::quote_identifier(column.name)),
                       parameters));
  return static_cast<double>(rows.integer(0, 0)) / static_cast<double>(values.size());
}

bool looks_alike(const Pair& pair, const TableColumn& to) {
  const bool is_named_alike = have_common_word(pair.from->name, to.name);
  if (is_named_alike && pair.share >= kHalfAlike) return true;
  return pair.share >= kMostlyAlike && pair.num_values >= kFewestValues;
}

std::string likeness_text(const Pair& pair) {
  return fmt::format("{:.0f} % of its {} stand in {}, which is gone", std::floor(100 * pair.share),
                     counted(pair.num_values, "value"), pair.from->name);
}

}  // namespace

void propose_former_names(const TableSchema& current, const TableSchema& wanted,
                          std::span<const FormerNames> former, std::vector<Change>& changes) {
  if (former.empty()) return;
  for (const TableColumn* gone : vanished_columns(current, wanted)) {
    for (Change& change : changes) {
      if (!adds_column(change, current)) continue;
      const bool is_former = std::ranges::any_of(former, [&](const FormerNames& one) {
        return one.table == wanted.name && one.column == change.column &&
               std::ranges::find(one.names, gone->name) != one.names.end();
      });
      const TableColumn* to = wanted.find(change.column);
      if (!is_former || to == nullptr || !has_common_type(gone->type, to->type)) continue;
      change = rename(wanted, *gone, *to, "the contract gives both names to one column");
      break;
    }
  }
}

bool may_rename(const TableSchema& current, const TableSchema& wanted,
                const std::vector<Change>& changes) {
  const bool is_growing = std::ranges::any_of(
      changes, [&](const Change& change) { return adds_column(change, current); });
  return is_growing && !vanished_columns(current, wanted).empty();
}

Status propose_like_columns(io::Connection& connection, const TableSchema& current,
                            const TableSchema& wanted, std::span<const ColumnSample> samples,
                            std::vector<Change>& changes) {
  std::vector<Pair> pairs;
  for (Change& change : changes) {
    const auto sample = std::ranges::find(samples, change.column, &ColumnSample::column);
    const TableColumn* to = wanted.find(change.column);
    if (!adds_column(change, current) || sample == samples.end() || to == nullptr) continue;
    if (sample->values.empty()) continue;
    for (const TableColumn* from : vanished_columns(current, wanted)) {
      if (!has_common_type(from->type, to->type)) continue;
      Pair pair{.from = from, .change = &change, .num_values = sample->values.size()};
      pair.share = HOMEROOM_TRY(share_of(connection, wanted.name, *from, sample->values));
      if (looks_alike(pair, *to)) pairs.push_back(pair);
    }
  }
  std::ranges::stable_sort(pairs, std::ranges::greater(), &Pair::share);
  std::set<std::string> taken;
  for (const Pair& pair : pairs) {
    if (pair.change->kind != ChangeKind::kAddColumn || taken.contains(pair.from->name)) continue;
    const TableColumn& to = *wanted.find(pair.change->column);
    Change proposed = rename(wanted, *pair.from, to, likeness_text(pair));
    if (HOMEROOM_TRY(find_refusal(connection, wanted.name, proposed.sql))) continue;
    taken.insert(pair.from->name);
    *pair.change = std::move(proposed);
  }
  return {};
}

}  // namespace homeroom::migrate
