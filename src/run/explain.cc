#include "run/explain.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "clean/cleaner.h"
#include "run/canonical_reader.h"
#include "run/reading/dialect_json.h"
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

// A row of a clean file.
struct CleanRow {
  std::map<std::string, std::string> values;  ///< by column
  std::vector<std::string> suppressed;        ///< columns
};

// The year is no column of the clean file where the folder says it.
void add_year_of_folder(const std::string& key, CleanRow& row) {
  constexpr std::string_view kFolder = "/school_year=";
  const std::size_t at = key.find(kFolder);
  if (at == std::string::npos) return;
  const std::size_t begin = at + kFolder.size();
  row.values.emplace("school_year", key.substr(begin, key.find('/', begin) - begin));
}

// Adds the object's rows that come from `line`.
Status add_rows(const io::Store& store, const std::string& key, LineNumber line,
                std::vector<CleanRow>& rows) {
  const auto source = HOMEROOM_TRY(store.read(key));
  const auto reader = HOMEROOM_TRY(open_canonical(*source));
  const std::size_t num_values = reader->header().size() - 2;  // then _line and _suppressed
  const std::string wanted = std::to_string(line);
  Batch batch;
  while (HOMEROOM_TRY(reader->next(batch))) {
    for (RowIndex at = 0; at < batch.num_rows(); ++at) {
      if (batch.columns[num_values][at].text() != wanted) continue;
      CleanRow& row = rows.emplace_back();
      for (std::size_t i = 0; i < num_values; ++i) {
        row.values.emplace(reader->header()[i], batch.columns[i][at].text());
      }
      for (const auto name : split(batch.columns[num_values + 1][at].text(), ';')) {
        row.suppressed.emplace_back(name);
      }
      add_year_of_folder(key, row);
    }
  }
  return {};
}

// The archived file has the row as it was before a person corrected it.
Status show_correction(const io::Store& store, const std::string& table, ExplainedRow& explained) {
  const std::string name = fmt::format("-{}-fix", explained.origin.sha256.substr(0, 8));
  std::vector<CleanRow> rows;
  for (const std::string& key : HOMEROOM_TRY(store.list(fmt::format("clean/{}/", table)))) {
    if (key.find(name) == std::string::npos) continue;
    HOMEROOM_TRY(add_rows(store, key, explained.origin.line, rows));
  }
  if (rows.size() != 1 || rows[0].values.size() < explained.cells.size()) {
    explained.trouble = "the row was corrected, and not as one row of the file";
    return {};
  }
  for (ExplainedCell& cell : explained.cells) {
    const auto value = rows[0].values.find(cell.column);
    if (value == rows[0].values.end()) continue;
    const bool is_suppressed =
        std::ranges::find(rows[0].suppressed, cell.column) != rows[0].suppressed.end();
    if (cell.value == value->second && cell.is_suppressed == is_suppressed) continue;
    cell.value = value->second;
    cell.is_suppressed = is_suppressed;
    cell.rules.clear();
    cell.note = "corrected in the quarantine";
  }
  return {};
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
    Remembered remembered;
    remembered.date_order = order_in_ledger(origin.dialect_json);
    const Result<PreparedFile> file = prepare_file(input, as_then, nullptr, report, remembered);
    if (!file) {
      row.trouble = file.error().message;
    } else if (auto cells = explain_line(*file, settings, origin.line); cells) {
      row.cells = std::move(*cells);
    } else {
      row.trouble = cells.error().message;
    }
    row.origin = std::move(origin);
    if (row.trouble.empty() && !row.origin.corrected_by.empty()) {
      HOMEROOM_TRY(show_correction(store, table, row));
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace homeroom::run
