#include "run/changes/sample_values.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "parse/batch_reader.h"
#include "run/canonical_reader.h"

namespace homeroom::run {
namespace {

constexpr std::size_t kMostValues = 400;
constexpr RowIndex kMostRows = 50'000;

struct Sampled {
  std::string column;
  std::set<std::string, std::less<>> values;
};

void add_cells(const std::vector<Cell>& cells, Sampled& sampled) {
  for (const Cell& cell : cells) {
    if (sampled.values.size() >= kMostValues) return;
    if (cell.size > 0 && !sampled.values.contains(cell.text())) {
      sampled.values.emplace(cell.text());
    }
  }
}

Status sample_object(const io::Store& store, const CleanObject& object,
                     std::vector<Sampled>& sampled) {
  const std::unique_ptr<ByteSource> source = HOMEROOM_TRY(store.read(object.key));
  const auto reader = HOMEROOM_TRY(open_canonical(*source));
  Batch batch;
  RowIndex num_rows = 0;
  while (num_rows < kMostRows && HOMEROOM_TRY(reader->next(batch))) {
    for (Sampled& one : sampled) {
      const auto at = std::ranges::find(reader->header(), one.column);
      if (at == reader->header().end()) continue;
      add_cells(batch.columns[static_cast<std::size_t>(at - reader->header().begin())], one);
    }
    num_rows += batch.num_rows();
  }
  return {};
}

}  // namespace

Result<std::vector<migrate::ColumnSample>> sample_values(const io::Store& store,
                                                         const std::vector<CleanObject>& objects,
                                                         const std::vector<std::string>& columns) {
  std::vector<Sampled> sampled;
  for (const std::string& column : columns) sampled.push_back({.column = column, .values = {}});
  for (const CleanObject& object : objects) {
    HOMEROOM_TRY(sample_object(store, object, sampled));
  }
  std::vector<migrate::ColumnSample> samples;
  for (Sampled& one : sampled) {
    samples.push_back(
        {.column = std::move(one.column), .values = {one.values.begin(), one.values.end()}});
  }
  return samples;
}

}  // namespace homeroom::run
