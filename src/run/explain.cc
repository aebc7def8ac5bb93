#include "run/explain.h"

#include <algorithm>
#include <filesystem>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "clean/cleaner.h"
#include "run/reading/input_stream.h"
#include "run/reading/prepare.h"
#include "shape/shape.h"

namespace homeroom::run {
namespace {

using shape::ColumnOrigin;

std::string note_of(const ColumnOrigin& origin) {
  switch (origin.from) {
    case ColumnOrigin::From::kSource:
    case ColumnOrigin::From::kMeasure:
    case ColumnOrigin::From::kNull:
      return {};
    case ColumnOrigin::From::kConstant:
      return "default of the data set, or from the file's name";
    case ColumnOrigin::From::kFirstOf:
      return "first of several columns that has a value";
    case ColumnOrigin::From::kDimension:
      return "from the column's header";
    case ColumnOrigin::From::kSchoolYear:
      return "derived from a date or the file's name";
    case ColumnOrigin::From::kMadeId:
      return "made from other columns of the row";
    case ColumnOrigin::From::kPart:
      return "part of another column of the row";
    case ColumnOrigin::From::kMore:
      return "columns the data set does not know";
  }
  return {};
}

// The source column a table cell was made from, when it is one.
std::optional<std::size_t> source_of(const shape::ShapePlan& plan, std::size_t column) {
  const ColumnOrigin& origin = plan.origins[column];
  if (origin.from == ColumnOrigin::From::kSource) return origin.source;
  return std::nullopt;
}

ExplainedCell explain_cell(const PreparedFile& file, const Batch& batch,
                           const clean::CleanedBatch& cleaned, const shape::ShapedBatch& shaped,
                           RowIndex shaped_row, std::size_t column) {
  const Cell& cell = (*shaped.columns[column])[shaped_row];
  ExplainedCell explained;
  explained.column = file.plan.table.columns[column].name;
  explained.is_suppressed = cell.state == CellState::kSuppressed;
  if (cell.has_value()) explained.value = cell.text();
  explained.note = note_of(file.plan.origins[column]);
  const auto source = source_of(file.plan, column);
  if (!source) return explained;
  const RowIndex row = shaped.source_row(shaped_row);
  explained.header = file.header[*source];
  const auto& originals = cleaned.originals;
  const bool is_changed = *source < originals.size() && !originals[*source].empty();
  explained.original =
      is_changed ? originals[*source][row].text() : batch.columns[*source][row].text();
  for (const clean::ChangedCell& change : cleaned.changes) {
    if (change.row == row && change.column == *source) explained.rules.emplace_back(change.rule);
  }
  return explained;
}

// Cleans the archived file up to the line and tells how its row was made.
Result<std::vector<ExplainedCell>> explain_line(const PreparedFile& file, const Settings& settings,
                                                LineNumber line) {
  const auto stream = HOMEROOM_TRY(
      InputStream::open(file.input.path, file.dialect, settings, InputStream::Purpose::kReadAgain));
  auto cleaner = HOMEROOM_TRY(clean::Cleaner::create(file.contexts, clean::KeepChanges::kYes));
  const shape::Shaper shaper(file.plan);
  Batch batch;
  clean::CleanedBatch cleaned;
  shape::ShapedBatch shaped;
  while (HOMEROOM_TRY(stream->reader().next(batch))) {
    const auto at = std::ranges::lower_bound(batch.lines, line);
    if (at == batch.lines.end()) continue;
    cleaner.clean(batch, cleaned);
    shaper.shape(batch, shaped);
    const auto row = static_cast<RowIndex>(at - batch.lines.begin());
    std::vector<ExplainedCell> cells;
    for (RowIndex shaped_row = 0; shaped_row < shaped.num_rows; ++shaped_row) {
      if (shaped.source_row(shaped_row) != row) continue;
      for (std::size_t i = 0; i < file.plan.table.columns.size(); ++i) {
        cells.push_back(explain_cell(file, batch, cleaned, shaped, shaped_row, i));
      }
    }
    return cells;
  }
  return fail(ErrorCode::kInternal, fmt::format("the archived file ends before line {}", line),
              "the archive was changed: compare its hash with homeroom.run.sha256");
}

}  // namespace

Result<std::vector<ExplainedRow>> explain_rows(io::Connection& connection, const io::Store& store,
                                               const Settings& settings, const std::string& table,
                                               std::span<const std::string> key) {
  std::vector<ExplainedRow> rows;
  for (catalog::RowOrigin& origin : HOMEROOM_TRY(catalog::find_origins(connection, table, key))) {
    ExplainedRow row;
    // Taken as it was then: under the name and folder it came with, from the archived bytes.
    const std::filesystem::path archived = store.root() / origin.raw_key;
    origin.path = path_of_part(origin.path, origin.dataset);
    FileReport report;
    Settings as_then = settings;
    as_then.dataset = settings.contracts->find(origin.dataset) != nullptr ? origin.dataset : "";
    const source::InputFile input{.path = archived,
                                  .source = origin.source,
                                  .size_bytes = 0,
                                  .location = archived,
                                  .known_as = origin.path};
    const Result<PreparedFile> file = prepare_file(input, as_then, nullptr, report);
    if (!file) {
      row.trouble = file.error().message;
    } else if (auto cells = explain_line(*file, settings, origin.line); cells) {
      row.cells = std::move(*cells);
    } else {
      row.trouble = cells.error().message;
    }
    row.origin = std::move(origin);
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace homeroom::run
