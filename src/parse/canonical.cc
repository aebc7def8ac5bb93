#include "parse/batch_reader.h"
#include "table/csv_writer.h"

namespace homeroom::parse {
namespace {

Status write_ragged(const RaggedRow& row, std::size_t num_columns, CsvWriter& csv) {
  for (const Cell& cell : row.cells) csv.field(cell.text());
  for (std::size_t i = row.cells.size(); i < num_columns; ++i) csv.field({});
  return csv.end_record();
}

Status write_batch(const Batch& batch, CsvWriter& csv) {
  auto ragged = batch.ragged.begin();
  for (RowIndex row = 0; row < batch.num_rows(); ++row) {
    if (ragged != batch.ragged.end() && ragged->row == row) {
      HOMEROOM_TRY(write_ragged(*ragged, batch.num_columns(), csv));
      ++ragged;
      continue;
    }
    for (const auto& column : batch.columns) csv.field(column[row].text());
    HOMEROOM_TRY(csv.end_record());
  }
  return {};
}

}  // namespace

Status write_canonical(BatchReader& reader, ByteSink& out) {
  CsvWriter csv(out);
  if (reader.has_header()) {
    for (const std::string& name : reader.header()) csv.field(name);
    HOMEROOM_TRY(csv.end_record());
  }
  Batch batch;
  while (HOMEROOM_TRY(reader.next(batch))) HOMEROOM_TRY(write_batch(batch, csv));
  return csv.finish();
}

}  // namespace homeroom::parse
