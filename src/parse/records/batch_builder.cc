#include "parse/records/batch_builder.h"

#include <algorithm>
#include <utility>

#include "parse/records/footer.h"
#include "parse/records/other_table.h"

namespace homeroom::parse {
namespace {

constexpr std::size_t kFirstCapacity = 256;
constexpr Cell kNullCell{.data = "", .size = 0, .state = CellState::kNull};

bool is_empty(const Cell& cell) {
  return cell.size == 0;
}

}  // namespace

BatchBuilder::BatchBuilder(const std::vector<std::string>& header, bool has_header,
                           std::string delimiter, std::size_t fields_per_row)
    : header_(header),
      has_header_(has_header),
      delimiter_(std::move(delimiter)),
      columns_(header.size()),
      first_name_size_(has_header ? static_cast<std::uint32_t>(header[0].size()) : UINT32_MAX),
      fields_per_row_(fields_per_row) {}

void BatchBuilder::start(Batch& batch) {
  batch_ = &batch;
  batch.columns.resize(header_.size());
  batch.ragged.clear();
  batch.skipped.clear();
  batch.footers.clear();
  batch.arena.reset();
  num_rows_ = 0;
  // Columns keep the length they had: cells are not made anew for each batch.
  make_capacity(batch.columns[0].size());
}

// By an eighth: a batch that is a little larger than the one before makes few cells in vain.
void BatchBuilder::grow() {
  make_capacity(std::max(kFirstCapacity, capacity_ + capacity_ / 8));
}

void BatchBuilder::make_capacity(std::size_t capacity) {
  capacity_ = capacity;
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    batch_->columns[i].resize(capacity);
    columns_[i] = batch_->columns[i].data();
  }
  batch_->lines.resize(capacity);
  lines_ = batch_->lines.data();
}

Added BatchBuilder::add(LineNumber line, std::uint64_t byte_offset, std::span<const Cell> cells) {
  if (is_blank_record(cells)) {
    skip(line, "blank");
    return Added::kBlank;
  }
  if (is_past_table_) {
    skip(line, "another table");
    return Added::kPastTable;
  }
  if (fits(cells)) {
    add_row(line, cells);
    return Added::kRow;
  }
  if (is_padded(cells)) {
    add_row(line, cells);
    return Added::kPaddedRow;
  }
  if (is_other_header(cells)) return add_other_header(line);
  LikelyCause cause = cause_of(cells);
  add_ragged(line, {.cells = {cells.begin(), cells.end()},
                    .byte_offset = byte_offset,
                    .likely_cause = std::move(cause.text),
                    .likely_column = cause.column});
  return Added::kRagged;
}

bool BatchBuilder::may_start_table(std::span<const Cell> cells) const {
  return has_header_ && !is_past_table_ && may_be_header(cells, header_);
}

bool BatchBuilder::starts_table(std::span<const Cell> cells, std::span<const Cell> row) {
  find_pattern_row();
  return starts_other_table(cells, row, header_, pattern_row_);
}

Added BatchBuilder::add_other_header(LineNumber line) {
  is_past_table_ = true;
  skip(line, "another table");
  return Added::kOtherTable;
}

void BatchBuilder::add_row(LineNumber line, std::span<const Cell> cells) {
  make_room();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i][num_rows_] = i < cells.size() ? cells[i] : kNullCell;
  }
  *new_lines() = line;
  commit_rows(1);
}

std::size_t BatchBuilder::commit_rows(std::size_t num_rows) {
  const std::span<const Cell> first_cells(columns_[0] + num_rows_, num_rows);
  for (std::size_t i = 0; i < num_rows; ++i) {
    if (first_cells[i].size != first_name_size_) [[likely]]
      continue;
    if (!is_repeated_header(num_rows_ + i)) continue;
    num_rows_ += i;
    skip(*new_lines(), "repeated header");
    return i + 1;
  }
  num_rows_ += num_rows;
  return num_rows;
}

void BatchBuilder::add_ragged(LineNumber line, RaggedRow ragged) {
  make_room();
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    columns_[i][num_rows_] = i < ragged.cells.size() ? ragged.cells[i] : kNullCell;
  }
  ragged.row = static_cast<RowIndex>(num_rows_);
  batch_->ragged.push_back(std::move(ragged));
  lines_[num_rows_] = line;
  ++num_rows_;
}

void BatchBuilder::add_misfit(LineNumber line, std::uint64_t byte_offset,
                              std::span<const Cell> cells, std::string cause) {
  add_ragged(line, {.cells = {cells.begin(), cells.end()},
                    .byte_offset = byte_offset,
                    .likely_cause = std::move(cause)});
}

LikelyCause BatchBuilder::cause_of(std::span<const Cell> cells) {
  find_pattern_row();
  if (pattern_row_.empty()) return {};
  std::vector<Cell> pattern;
  for (const std::string& text : pattern_row_) pattern.push_back(value_cell(text));
  return likely_cause(cells, pattern, delimiter_);
}

void BatchBuilder::find_pattern_row() {
  if (!pattern_row_.empty()) return;
  auto ragged = batch_->ragged.begin();
  for (std::size_t row = 0; row < num_rows_; ++row) {
    if (ragged != batch_->ragged.end() && ragged->row == row) {
      ++ragged;
      continue;
    }
    for (const Cell* column : columns_) pattern_row_.emplace_back(column[row].text());
    return;
  }
}

bool BatchBuilder::is_blank_record(std::span<const Cell> cells) const {
  if (cells.size() != 1 || cells[0].is_quoted) return false;
  return cells[0].text().find_first_not_of(" \t") == std::string_view::npos;
}

// As many fields as most rows have fit when those past the header are empty; fewer than columns,
// when the others have no name.
bool BatchBuilder::fits(std::span<const Cell> cells) const {
  if (cells.size() == header_.size()) return true;
  if (cells.size() > header_.size()) {
    const bool is_usual = fields_per_row_ == 0 || cells.size() == fields_per_row_;
    return is_usual && std::ranges::all_of(cells.subspan(header_.size()), is_empty);
  }
  const auto missing = std::span(header_).subspan(cells.size());
  return has_header_ && std::ranges::all_of(missing, [](const auto& name) { return name.empty(); });
}

// Empty fields past the last column, unlike most rows: they stand at the end only when the last
// column has a value here and in the file's first row. Else the row may be shifted.
bool BatchBuilder::is_padded(std::span<const Cell> cells) {
  if (cells.size() <= header_.size()) return false;
  find_pattern_row();
  return std::ranges::all_of(cells.subspan(header_.size()), is_empty) &&
         !is_empty(cells[header_.size() - 1]) && !pattern_row_.empty() &&
         !pattern_row_.back().empty();
}

// Most of the names of this header, in their places, but another number of them.
bool BatchBuilder::is_other_header(std::span<const Cell> cells) const {
  if (!has_header_ || cells.size() < 2) return false;
  const std::size_t num_shared = std::min(cells.size(), header_.size());
  std::size_t num_equal = 0;
  for (std::size_t i = 0; i < num_shared; ++i) {
    num_equal += !header_[i].empty() && cells[i].text() == header_[i] ? 1 : 0;
  }
  return num_equal >= 2 && num_equal * 4 >= num_shared * 3;
}

bool BatchBuilder::is_repeated_header(std::size_t row) const {
  for (std::size_t i = 0; i < columns_.size(); ++i) {
    if (columns_[i][row].text() != header_[i]) return false;
  }
  return std::ranges::any_of(header_, [](const auto& name) { return !name.empty(); });
}

void BatchBuilder::finish(bool is_last) {
  stated_rows_.reset();
  find_pattern_row();
  if (is_last) drop_footers();
  for (auto& column : batch_->columns) column.resize(num_rows_);
  batch_->lines.resize(num_rows_);
}

// How many of the last rows are footers. A table that has totals within has them as its last rows,
// too: full rows are footers only where no other is a total.
std::size_t BatchBuilder::num_footers() const {
  std::size_t first = num_rows_;
  std::size_t first_certain = num_rows_;
  for (; first > 0; --first) {
    const std::vector<Cell> cells = cells_of(static_cast<RowIndex>(first - 1));
    const bool is_certain = is_footer_row(cells, columns_.size());
    if (!is_certain && !is_total_row(cells, pattern_row_)) break;
    if (is_certain && first_certain == first) --first_certain;
  }
  if (first == first_certain) return num_rows_ - first;
  for (std::size_t row = 0; row < first; ++row) {
    if (is_total_row(cells_of(static_cast<RowIndex>(row)), pattern_row_)) {
      return num_rows_ - first_certain;
    }
  }
  return num_rows_ - first;
}

void BatchBuilder::drop_footers() {
  std::vector<SkippedRow> footers;
  for (std::size_t left = num_footers(); left > 0; --left) {
    const std::vector<Cell> cells = cells_of(static_cast<RowIndex>(num_rows_ - 1));
    const LineNumber line = lines_[num_rows_ - 1];
    footers.push_back({.line = line, .reason = "footer"});
    const auto stated = rows_stated_by(cells);
    if (stated && !is_past_table_) stated_rows_ = StatedRows{.line = line, .num_rows = *stated};
    FooterRow& footer = batch_->footers.emplace_back(FooterRow{.line = line, .texts = {}});
    for (const Cell& cell : cells) footer.texts.emplace_back(cell.text());
    if (!is_past_table_) footer.num_rows = stated;
    drop_last_row();
  }
  if (footers.empty()) return;
  std::ranges::reverse(batch_->footers);
  auto& skipped = batch_->skipped;
  skipped.insert(skipped.end(), footers.begin(), footers.end());
  std::ranges::sort(skipped, {}, &SkippedRow::line);
}

std::vector<Cell> BatchBuilder::cells_of(RowIndex row) const {
  const auto& ragged = batch_->ragged;
  const auto found = std::ranges::lower_bound(ragged, row, {}, &RaggedRow::row);
  if (found != ragged.end() && found->row == row) return found->cells;
  std::vector<Cell> cells;
  for (const Cell* column : columns_) cells.push_back(column[row]);
  return cells;
}

void BatchBuilder::drop_last_row() {
  --num_rows_;
  if (!batch_->ragged.empty() && batch_->ragged.back().row == num_rows_) {
    batch_->ragged.pop_back();
  }
}

}  // namespace homeroom::parse
