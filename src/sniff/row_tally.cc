#include "sniff/row_tally.h"

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "sniff/value_type.h"

namespace homeroom::sniff {
namespace {

constexpr std::size_t kMaxWidth = 20'000;  // wider rows are one bucket
constexpr std::size_t kMaxTitles = 64;     // rows above the table that are told apart from it
constexpr double kTitleWeight = 0.3;

// A quote at the end of a plain cell: the delimiter cut a quoted value, or the quote was taken for
// a sign. Apostrophes are signs more often.
double quote_score(std::string_view text) {
  if (text.size() < 2) return 1;
  if (text.front() == '"' || text.back() == '"') return 0.05;
  return text.front() == '\'' ? 0.15 : 1;
}

double cell_score(const SampleCell& cell, ValueType type) {
  if (cell.form == CellForm::kTorn) return 0.1;
  if (cell.form == CellForm::kQuoted) return type == ValueType::kText ? 0.9 : 1;
  if (const double score = quote_score(cell.text); score < 1) return score;
  switch (type) {
    case ValueType::kEmpty:
      return 0.5;
    case ValueType::kText:
      return 0.85;
    case ValueType::kMixed:
      return 0.15;
    default:
      return 1.0;
  }
}

}  // namespace

void RowTally::Cells::add(const SampleRow& row) {
  for (const SampleCell& cell : row.cells) {
    const ValueType type = value_type(cell.text);
    num_data += is_data_type(type) ? 1 : 0;
    score += cell_score(cell, type);
    ++number;
  }
}

void RowTally::add(const SampleRow& row, bool look_at_cells) {
  const bool is_mixed = row.cells.size() == 1 && value_type(row.cells[0].text) == ValueType::kMixed;
  if (num_rows_ == 0) is_first_row_mixed_ = is_mixed;
  ++num_rows_;
  ++rows_of_width_[std::min(row.cells.size(), kMaxWidth)];
  for (const SampleCell& cell : row.cells) {
    num_quoted_ += cell.form == CellForm::kQuoted ? 1 : 0;
    has_quoted_blanks_ = has_quoted_blanks_ || (cell.form == CellForm::kQuoted &&
                                                cell.text.find(' ') != std::string_view::npos);
    num_torn_ += cell.form == CellForm::kTorn ? 1 : 0;
  }
  const Cells before = cells_;
  if (look_at_cells) cells_.add(row);
  if (first_rows_.size() == kMaxTitles) return;
  first_rows_.push_back({.width = row.cells.size(),
                         .is_mixed = is_mixed,
                         .is_comment = row.cells[0].text.starts_with('#'),
                         .cells = {.number = cells_.number - before.number,
                                   .num_data = cells_.num_data - before.num_data,
                                   .score = cells_.score - before.score}});
}

void RowTally::finish(Fit& fit) {
  fit.num_rows = num_rows_;
  fit.num_quoted = num_quoted_;
  fit.has_quoted_blanks = has_quoted_blanks_;
  fit.num_torn = num_torn_;
  if (num_rows_ == 0 || cells_.number == 0) return;
  const auto most =
      std::ranges::max_element(rows_of_width_, {}, [](const auto& entry) { return entry.second; });
  fit.width = most->first;
  const double titles = set_titles_aside(fit.width);
  const double all = static_cast<double>(num_rows_);
  fit.consistency = fitting_rows(fit.width) / all;
  fit.table_consistency = fitting_rows(fit.width) / (all - (1 - kTitleWeight) * titles);
  fit.data_share = static_cast<double>(cells_.num_data) / static_cast<double>(cells_.number);
  fit.cleanness = cells_.score / static_cast<double>(cells_.number);
}

// Titles over the table, a third of the rows at most, and comments say little of its delimiter.
double RowTally::set_titles_aside(std::size_t width) {
  const std::size_t most =
      std::max<std::size_t>(std::min<std::size_t>(3, num_rows_ / 2), num_rows_ / 3);
  std::size_t number = 0;
  while (number < first_rows_.size() && is_title(first_rows_[number], width) &&
         (number < most || first_rows_[number].is_comment)) {
    const Cells& cells = first_rows_[number].cells;
    if (cells_.number > cells.number) {
      cells_.number -= cells.number;
      cells_.score -= cells.score;
    }
    ++number;
  }
  return static_cast<double>(number);
}

// A line that holds other delimiters is a header that this one does not cut.
bool RowTally::is_title(const Title& row, std::size_t width) {
  return row.is_comment ? row.width != width : row.width * 2 < width && !row.is_mixed;
}

// The rows of this width. A row that lacks its last cells is half as good.
double RowTally::fitting_rows(std::size_t width) const {
  double sum = 0;
  for (const auto& [cells, rows] : rows_of_width_) {
    const bool is_short = cells > 1 && cells < width;
    sum += static_cast<double>(rows) * (cells == width ? 1 : is_short ? 0.5 : 0);
  }
  return sum;
}

}  // namespace homeroom::sniff
