#include <algorithm>
#include <functional>
#include <string>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "run/adopt/column_study.h"
#include "run/reading/input_stream.h"

namespace homeroom::run {
namespace {

using contract::Kind;

constexpr std::uint64_t kMostRows = 200'000;
constexpr std::size_t kTriesAtOnce = 12;
constexpr std::size_t kMostTries = 36;
constexpr std::size_t kMostParts = 3;
constexpr std::size_t kMostColumns = 8;
constexpr std::size_t kNever = 100;

using Way = std::vector<std::size_t>;  // columns that may be a key together

// What a column costs as a part of a key: identifiers are likelier than what is private or
// measured.
std::size_t cost_of(const ColumnStudy& column) {
  switch (column.kind) {
    case Kind::kIdentifier:
      return 1;
    case Kind::kDate:
    case Kind::kTimestamp:
    case Kind::kSchoolYear:
      return 2;
    case Kind::kInteger:
    case Kind::kTime:
      return column.sensitive_reason.empty() ? 3 : kNever;
    case Kind::kText:
      return column.sensitive_reason.empty() && column.profile.max_length <= 40 ? 4 : kNever;
    default:
      return kNever;
  }
}

std::size_t cost_of(const std::vector<ColumnStudy>& columns, const Way& way) {
  std::size_t cost = 0;
  for (const std::size_t index : way) cost += cost_of(columns[index]);
  return cost;
}

// Columns of `columns` that are never empty, the likeliest first.
std::vector<std::size_t> likely_parts(const std::vector<ColumnStudy>& columns) {
  std::vector<std::size_t> parts;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    const ColumnStudy& column = columns[i];
    const bool is_full = column.num_empty == 0 && column.profile.num_suppressed == 0;
    if (is_full && column.profile.num_values > 0 && cost_of(column) < kNever) parts.push_back(i);
  }
  std::ranges::stable_sort(parts, {}, [&](std::size_t i) { return cost_of(columns[i]); });
  if (parts.size() > kMostColumns) parts.resize(kMostColumns);
  return parts;
}

// Adds `way` with every choice of further parts behind `from`.
void add_ways(const std::vector<std::size_t>& parts, std::size_t from, const Way& way,
              std::vector<Way>& all) {
  for (std::size_t i = from; i < parts.size(); ++i) {
    Way longer = way;
    longer.push_back(parts[i]);
    all.push_back(longer);
    if (longer.size() < kMostParts) add_ways(parts, i + 1, longer, all);
  }
}

// The ways to try, the likeliest first.
std::vector<Way> ways_of(const std::vector<ColumnStudy>& columns) {
  std::vector<Way> all;
  add_ways(likely_parts(columns), 0, {}, all);
  std::ranges::stable_sort(all, {}, &Way::size);
  std::ranges::stable_sort(all, {}, [&](const Way& way) { return cost_of(columns, way); });
  if (all.size() > kMostTries) all.resize(kMostTries);
  return all;
}

// One combination of columns, and what it was seen to hold.
struct Try {
  Way columns;
  std::unordered_set<std::size_t> seen;  ///< hashes
  bool is_unique = true;
};

void observe(const Batch& batch, const std::vector<ColumnStudy>& columns, RowIndex row, Try& each) {
  if (!each.is_unique) return;
  std::string value;
  for (const std::size_t index : each.columns) {
    const std::string_view text = trim(batch.columns[columns[index].source][row].text());
    value += fmt::format("{}:", text.size());
    value += text;
  }
  each.is_unique = each.seen.insert(std::hash<std::string>()(value)).second;
  if (!each.is_unique) each.seen = {};
}

}  // namespace

Result<std::vector<std::size_t>> find_key(const PreparedFile& file, const Settings& settings,
                                          const std::vector<ColumnStudy>& columns,
                                          std::uint64_t* num_rows) {
  const std::vector<Way> ways = ways_of(columns);
  for (std::size_t first = 0; first < ways.size(); first += kTriesAtOnce) {
    std::vector<Try> tries;
    for (std::size_t i = first; i < std::min(first + kTriesAtOnce, ways.size()); ++i) {
      tries.push_back({.columns = ways[i], .seen = {}});
    }
    *num_rows = 0;
    const auto stream = HOMEROOM_TRY(InputStream::open(file.input.path, file.dialect, settings,
                                                       InputStream::Purpose::kReadAgain));
    Batch batch;
    while (*num_rows < kMostRows && HOMEROOM_TRY(stream->reader().next(batch))) {
      for (RowIndex row = 0; row < batch.num_rows(); ++row) {
        for (Try& each : tries) observe(batch, columns, row, each);
      }
      *num_rows += batch.num_rows();
    }
    const auto found = std::ranges::find(tries, true, &Try::is_unique);
    if (found != tries.end() && *num_rows > 1) return found->columns;
  }
  return std::vector<std::size_t>{};
}

}  // namespace homeroom::run
