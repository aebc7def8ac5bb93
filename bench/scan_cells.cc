// Reads a CSV file as the steps do, file -> UTF-8 -> batches, and looks at every cell: what
// read_race.py holds against the readers of others.
//
//     homeroom_scan_cells (text|bytes) FILE [THREADS]
//
// `bytes` leaves the decoding out: the bytes are taken for UTF-8 unseen, as some readers do.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <span>
#include <string_view>

#include <fmt/format.h>

#include "base/byte_source.h"
#include "base/encoding.h"
#include "base/result.h"
#include "io/decompress/decompress.h"
#include "io/file.h"
#include "parse/batch_reader.h"
#include "table/batch.h"
#include "table/dialect.h"

namespace {

using homeroom::Batch;
using homeroom::Cell;
using homeroom::Result;

struct Totals {
  std::uint64_t num_rows = 0;
  std::uint64_t num_cells = 0;
  std::uint64_t num_bytes = 0;  // of the values, quotes undone
};

// Two sums, so that an addition need not wait for the one before.
std::uint64_t num_bytes_of(std::span<const Cell> cells) {
  std::uint64_t even = 0;
  std::uint64_t odd = 0;
  std::size_t i = 0;
  for (; i + 2 <= cells.size(); i += 2) {
    even += cells[i].size;
    odd += cells[i + 1].size;
  }
  return even + odd + (i < cells.size() ? cells[i].size : 0);
}

void add_batch(const Batch& batch, Totals& totals) {
  const std::size_t num_columns = batch.num_columns();
  totals.num_rows += batch.num_rows();
  totals.num_cells += std::uint64_t{batch.num_rows()} * num_columns;
  for (const auto& column : batch.columns) {
    totals.num_bytes += num_bytes_of(column);
  }
  for (const homeroom::RaggedRow& row : batch.ragged) {
    totals.num_cells += row.cells.size();
    totals.num_cells -= num_columns;
    for (std::size_t i = num_columns; i < row.cells.size(); ++i) {
      totals.num_bytes += row.cells[i].size;
    }
  }
}

Result<Totals> scan(const char* path, bool is_decoded, std::size_t num_threads) {
  const auto file = HOMEROOM_TRY(homeroom::io::FileSource::open(path));
  const auto unpacked = HOMEROOM_TRY(homeroom::io::decompress(*file));
  const auto decoder = HOMEROOM_TRY(homeroom::DecodingSource::create(*unpacked, "utf-8"));
  homeroom::ByteSource& source = is_decoded ? *decoder : *unpacked;
  const auto reader =
      HOMEROOM_TRY(homeroom::parse::BatchReader::create(source, {}, {.num_threads = num_threads}));
  Totals totals;
  Batch batch;
  while (HOMEROOM_TRY(reader->next(batch))) add_batch(batch, totals);
  return totals;
}

}  // namespace

int main(int argc, char** argv) {
  const std::span<char*> words(argv, static_cast<std::size_t>(argc));
  const std::string_view way = words.size() > 2 ? words[1] : "";
  if (way != "text" && way != "bytes") {
    fmt::print(stderr, "usage: homeroom_scan_cells (text|bytes) FILE [THREADS]\n");
    return 64;
  }
  const std::size_t num_threads = words.size() > 3 ? std::strtoul(words[3], nullptr, 10) : 1;
  const Result<Totals> totals = scan(words[2], way == "text", num_threads);
  if (!totals) {
    fmt::print(stderr, "{}\n", totals.error().message);
    return 1;
  }
  fmt::print("{} {} {}\n", totals->num_rows, totals->num_cells, totals->num_bytes);
  return 0;
}
