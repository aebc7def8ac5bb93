#include "run/loading/load_file.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/text.h"
#include "parse/batch_reader.h"
#include "run/canonical_reader.h"

namespace homeroom::run {
namespace {

Error not_clean(const CleanObject& object, std::string_view why) {
  return {.code = ErrorCode::kInvalidInput,
          .message = fmt::format("{} is not a clean file: {}", object.key, why),
          .hint = "clean the raw file again",
          .detail = {},
          .position = {}};
}

// Rows of one clean object as the table's columns.
class CleanObjectReader {
 public:
  CleanObjectReader(const CleanObject& object, const TableSchema& table)
      : object_(&object), table_(&table) {}

  [[nodiscard]] Status open(const io::Store& store);
  // Sends every row to the loader.
  [[nodiscard]] Status send(load::Loader& loader);

 private:
  [[nodiscard]] Status find_columns();
  [[nodiscard]] Status read_lines();
  void mark_suppressed_rows();
  void mark_suppressed(RowIndex row, std::string_view names);

  static constexpr int kFromFolder = -1;

  const CleanObject* object_;
  const TableSchema* table_;
  std::unique_ptr<ByteSource> source_;
  std::unique_ptr<parse::BatchReader> reader_;
  std::vector<int> positions_;  // of each table column in the object; kFromFolder: school_year
  std::size_t line_position_ = 0;
  std::size_t suppressed_position_ = 0;
  Batch batch_;
  std::vector<Cell> years_;
  std::vector<LineNumber> lines_;
};

Status CleanObjectReader::open(const io::Store& store) {
  source_ = HOMEROOM_TRY(store.read(object_->key));
  reader_ = HOMEROOM_TRY(open_canonical(*source_));
  return find_columns();
}

Status CleanObjectReader::find_columns() {
  const std::vector<std::string>& header = reader_->header();
  const auto position_of = [&](std::string_view name) {
    const auto at = std::ranges::find(header, name);
    return at == header.end() ? -1 : static_cast<int>(at - header.begin());
  };
  for (const TableColumn& column : table_->columns) {
    const int position = position_of(column.name);
    if (position < 0 && column.name != kSchoolYearColumn) {
      return tl::unexpected(not_clean(*object_, "it lacks column " + column.name));
    }
    positions_.push_back(position);
  }
  const int line = position_of(kLineColumn);
  const int suppressed = position_of(kSuppressedColumn);
  if (line < 0 || suppressed < 0) {
    return tl::unexpected(not_clean(*object_, "it lacks _line or _suppressed"));
  }
  line_position_ = static_cast<std::size_t>(line);
  suppressed_position_ = static_cast<std::size_t>(suppressed);
  return {};
}

Status CleanObjectReader::read_lines() {
  lines_.clear();
  for (const Cell& cell : batch_.columns[line_position_]) {
    LineNumber line = 0;
    const std::string_view text = cell.text();
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
    if (error != std::errc() || end != text.data() + text.size()) {
      return tl::unexpected(not_clean(*object_, "a _line is no number"));
    }
    lines_.push_back(line);
  }
  return {};
}

void CleanObjectReader::mark_suppressed(RowIndex row, std::string_view names) {
  for (const std::string_view name : split(names, ';')) {
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      if (positions_[i] != kFromFolder && table_->columns[i].name == name) {
        batch_.columns[static_cast<std::size_t>(positions_[i])][row].state = CellState::kSuppressed;
      }
    }
  }
}

// Empty is null in a clean file, and to the loader; suppressed columns are named.
void CleanObjectReader::mark_suppressed_rows() {
  const auto& suppressed = batch_.columns[suppressed_position_];
  for (RowIndex row = 0; row < batch_.num_rows(); ++row) {
    if (suppressed[row].size > 0) mark_suppressed(row, suppressed[row].text());
  }
}

Status CleanObjectReader::send(load::Loader& loader) {
  Cell year = value_cell(object_->school_year);
  if (object_->school_year.empty()) year.state = CellState::kNull;
  std::vector<const std::vector<Cell>*> columns(positions_.size());
  while (HOMEROOM_TRY(reader_->next(batch_))) {
    if (!batch_.ragged.empty()) {
      return tl::unexpected(not_clean(*object_, "a row has another number of fields"));
    }
    HOMEROOM_TRY(read_lines());
    mark_suppressed_rows();
    years_.assign(batch_.num_rows(), year);
    for (std::size_t i = 0; i < positions_.size(); ++i) {
      const int position = positions_[i];
      columns[i] =
          position == kFromFolder ? &years_ : &batch_.columns[static_cast<std::size_t>(position)];
    }
    HOMEROOM_TRY(loader.add(columns, lines_));
  }
  return {};
}

}  // namespace

load::Mode load_mode(const contract::Contract* contract, const TableSchema& table) {
  const bool is_replace = contract == nullptr
                              ? table.key.empty()
                              : contract->write_mode == contract::WriteMode::kReplace;
  return is_replace ? load::Mode::kReplace : load::Mode::kUpsert;
}

Result<load::Loader> stage_objects(io::Connection& connection, const io::Store& store,
                                   const std::vector<CleanObject>& objects,
                                   const TableSchema& table, std::int64_t run_id, load::Mode mode,
                                   std::int64_t previous_run) {
  load::Loader loader =
      HOMEROOM_TRY(load::Loader::begin(connection, table, run_id, mode, previous_run));
  for (const CleanObject& object : objects) {
    CleanObjectReader reader(object, table);
    HOMEROOM_TRY(reader.open(store));
    HOMEROOM_TRY(reader.send(loader));
  }
  return loader;
}

}  // namespace homeroom::run
