#include "run/quarantine/late_problems.h"

#include <memory>

#include "parse/batch_reader.h"
#include "run/canonical_reader.h"
#include "run/quarantine/quarantine_file.h"
#include "run/reading/input_stream.h"

namespace homeroom::run {
namespace {

// The records of the object that is there, but for their last column.
Status copy_records(const io::Store& store, QuarantineWriter& writer) {
  const std::unique_ptr<ByteSource> source = HOMEROOM_TRY(store.read(writer.key()));
  const auto reader = HOMEROOM_TRY(open_canonical(*source));
  Batch batch;
  std::vector<Cell> fields;
  while (HOMEROOM_TRY(reader->next(batch))) {
    for (RowIndex row = 0; row < batch.num_rows(); ++row) {
      fields.clear();
      for (std::size_t i = 0; i + 1 < batch.num_columns(); ++i) {
        fields.push_back(batch.columns[i][row]);
      }
      HOMEROOM_TRY(writer.add_record(fields));
    }
  }
  return {};
}

}  // namespace

Result<std::string> add_to_quarantine(const io::Store& store, const PreparedFile& file,
                                      const Settings& settings, const std::string& cleaned_key,
                                      LateProblems problems) {
  problems.sort_by_line();
  QuarantineWriter writer = HOMEROOM_TRY(QuarantineWriter::create(
      store, quarantine_key(file.dataset(), file.object_name()), file.header));
  if (!cleaned_key.empty()) HOMEROOM_TRY(copy_records(store, writer));
  const auto stream = HOMEROOM_TRY(
      InputStream::open(file.input.path, file.dialect, settings, InputStream::Purpose::kReadAgain));
  if (stream->stamp() != file.stamp) return tl::unexpected(changed_while_read(file.input.path));
  Batch batch;
  std::vector<Cell> cells(file.header.size());
  auto next = problems.rows().begin();
  const auto end = problems.rows().end();
  while (next != end && HOMEROOM_TRY(stream->reader().next(batch))) {
    for (RowIndex row = 0; row < batch.num_rows() && next != end; ++row) {
      for (; next != end && next->line <= batch.lines[row]; ++next) {
        if (next->line < batch.lines[row]) continue;
        for (std::size_t i = 0; i < cells.size(); ++i) cells[i] = batch.columns[i][row];
        HOMEROOM_TRY(writer.add(cells, problems.issue_of(*next)));
      }
    }
  }
  HOMEROOM_TRY(writer.commit());
  return writer.key();
}

}  // namespace homeroom::run
