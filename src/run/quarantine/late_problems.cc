#include "run/quarantine/late_problems.h"

#include <algorithm>
#include <cstdlib>
#include <memory>
#include <set>
#include <utility>

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

// Fields of the file's header that a clean object has, by its column.
std::vector<std::pair<std::size_t, std::size_t>> fields_in(const PreparedFile& file,
                                                           const std::vector<std::string>& header) {
  std::vector<std::pair<std::size_t, std::size_t>> fields;
  for (std::size_t i = 0; i < file.plan.origins.size(); ++i) {
    const shape::ColumnOrigin& origin = file.plan.origins[i];
    const auto at = std::ranges::find(header, file.plan.table.columns[i].name);
    if (origin.from != shape::ColumnOrigin::From::kSource || at == header.end()) continue;
    if (origin.source < file.header.size()) {
      fields.emplace_back(static_cast<std::size_t>(at - header.begin()), origin.source);
    }
  }
  return fields;
}

// Rows of the object whose lines have problems. One line may have made several rows: the first
// tells.
Status add_object(const io::Store& store, const PreparedFile& file, const CleanObject& object,
                  const LateProblems& problems, std::set<LineNumber>& told,
                  QuarantineWriter& writer) {
  const std::unique_ptr<ByteSource> source = HOMEROOM_TRY(store.read(object.key));
  const auto reader = HOMEROOM_TRY(open_canonical(*source));
  const auto fields = fields_in(file, reader->header());
  const auto line_column = std::ranges::find(reader->header(), kLineColumn);
  if (line_column == reader->header().end()) return {};
  const auto line_index = static_cast<std::size_t>(line_column - reader->header().begin());
  Batch batch;
  std::vector<Cell> cells(file.header.size());
  while (HOMEROOM_TRY(reader->next(batch))) {
    for (RowIndex row = 0; row < batch.num_rows(); ++row) {
      const auto line = static_cast<LineNumber>(
          std::strtoull(std::string(batch.columns[line_index][row].text()).c_str(), nullptr, 10));
      const auto rows =
          std::ranges::equal_range(problems.rows(), line, {}, &LateProblems::Row::line);
      if (rows.empty() || !told.insert(line).second) continue;
      std::ranges::fill(cells, Cell{});
      for (const auto& [from, to] : fields) cells[to] = batch.columns[from][row];
      for (const LateProblems::Row& problem : rows) {
        HOMEROOM_TRY(writer.add(cells, problems.issue_of(problem)));
      }
    }
  }
  return {};
}

}  // namespace

Result<std::string> add_cleaned_to_quarantine(const io::Store& store, const PreparedFile& file,
                                              const std::vector<CleanObject>& objects,
                                              const std::string& cleaned_key,
                                              LateProblems problems) {
  problems.sort_by_line();
  QuarantineWriter writer = HOMEROOM_TRY(QuarantineWriter::create(
      store, quarantine_key(file.dataset(), file.object_name()), file.header));
  if (!cleaned_key.empty()) HOMEROOM_TRY(copy_records(store, writer));
  std::set<LineNumber> told;
  for (const CleanObject& object : objects) {
    HOMEROOM_TRY(add_object(store, file, object, problems, told, writer));
  }
  HOMEROOM_TRY(writer.commit());
  return writer.key();
}

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
