#include "sniff/structure.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "sniff/value_type.h"

namespace homeroom::sniff {
namespace {

using std::string_view_literals::operator""sv;

struct Candidate {
  std::string_view delimiter;
  double prior;  ///< how usual it is: 1 for the usual ones
};

// Bytes that people and programs put between values. The unusual ones also occur inside values,
// so they must fit better to win.
constexpr std::array kCandidates = {
    Candidate{","sv, 1.0},    Candidate{"\t"sv, 1.0},   Candidate{";"sv, 1.0},
    Candidate{"|"sv, 1.0},    Candidate{"\x1F"sv, 1.0}, Candidate{"\x01"sv, 1.0},
    Candidate{"\x1E"sv, 1.0}, Candidate{"^"sv, 0.9},    Candidate{"~"sv, 0.9},
    Candidate{"¦"sv, 0.9},    Candidate{"§"sv, 0.9},    Candidate{":"sv, 0.6},
    Candidate{" "sv, 0.6},    Candidate{"#"sv, 0.5},    Candidate{"*"sv, 0.5},
    Candidate{"&"sv, 0.5},    Candidate{"="sv, 0.4},    Candidate{"!"sv, 0.4},
    Candidate{"-"sv, 0.3},    Candidate{"_"sv, 0.3}};

constexpr std::size_t kTypedRows = 300;    // rows whose cells are looked at, spread over the sample
constexpr std::size_t kMaxWidth = 20'000;  // wider rows are one bucket

// A quote at an end of a plain cell: it was meant to open or close one.
bool has_stray_quote(const SampleCell& cell) {
  const std::string_view text = cell.text;
  return cell.form == CellForm::kPlain && (text.starts_with('"') || text.ends_with('"'));
}

double cell_score(const SampleCell& cell, ValueType type) {
  if (cell.form == CellForm::kTorn || has_stray_quote(cell)) return 0.1;
  switch (type) {
    case ValueType::kEmpty:
      return 0.5;
    case ValueType::kText:
      return 0.85;
    case ValueType::kMixed:
      return cell.form == CellForm::kQuoted ? 0.85 : 0.3;
    default:
      return 1.0;
  }
}

// Widths of rows, and what their cells look like.
class Tally {
 public:
  void add(const SampleRow& row, bool look_at_cells) {
    if (num_rows_ == 0 && row.cells.size() == 1) {
      is_first_row_mixed_ = value_type(row.cells[0].text) == ValueType::kMixed;
    }
    ++num_rows_;
    ++rows_of_width_[std::min(row.cells.size(), kMaxWidth)];
    for (const SampleCell& cell : row.cells) {
      num_quoted_ += cell.form == CellForm::kQuoted ? 1 : 0;
      num_torn_ += cell.form == CellForm::kTorn ? 1 : 0;
    }
    if (!look_at_cells) return;
    for (const SampleCell& cell : row.cells) {
      const ValueType type = value_type(cell.text);
      num_data_ += is_data_type(type) ? 1 : 0;
      cell_sum_ += cell_score(cell, type);
      ++num_cells_;
    }
  }

  /// The first row is one cell that holds what looks like another delimiter.
  [[nodiscard]] bool is_header_torn(std::size_t width) const {
    return width > 1 && is_first_row_mixed_;
  }

  /// All cells but one, the heading, are numbers, dates, times or addresses.
  [[nodiscard]] bool is_one_type() const { return num_data_ > 0 && num_data_ + 1 >= num_cells_; }

  void finish(Fit& fit) const {
    fit.num_rows = num_rows_;
    fit.num_quoted = num_quoted_;
    fit.num_torn = num_torn_;
    if (num_rows_ == 0 || num_cells_ == 0) return;
    const auto most = std::ranges::max_element(rows_of_width_, {},
                                               [](const auto& entry) { return entry.second; });
    fit.width = most->first;
    fit.consistency = consistency_at(fit.width);
    fit.cleanness = cell_sum_ / static_cast<double>(num_cells_);
  }

 private:
  // The share of rows of this width. A row that lacks its last cells is half as good.
  [[nodiscard]] double consistency_at(std::size_t width) const {
    double sum = 0;
    for (const auto& [cells, rows] : rows_of_width_) {
      const bool is_short = cells > 1 && cells < width;
      sum += static_cast<double>(rows) * (cells == width ? 1 : is_short ? 0.5 : 0);
    }
    return sum / static_cast<double>(num_rows_);
  }

  bool is_first_row_mixed_ = false;
  std::map<std::size_t, std::size_t> rows_of_width_;
  std::size_t num_rows_ = 0;
  std::size_t num_quoted_ = 0;
  std::size_t num_torn_ = 0;
  std::size_t num_cells_ = 0;
  std::size_t num_data_ = 0;
  double cell_sum_ = 0;
};

double prior_of(std::string_view delimiter) {
  for (const Candidate& candidate : kCandidates) {
    if (candidate.delimiter == delimiter) return candidate.prior;
  }
  return 1;
}

// A table of one column is always consistent, so it counts least; but dates and times are whole
// values, whatever stands between their parts.
double width_score(const Fit& fit) {
  if (fit.width <= 1) return fit.is_one_type ? 0.5 : 0.25;
  return static_cast<double>(fit.width - 1) / static_cast<double>(fit.width);
}

std::size_t count_lines(std::string_view text) {
  const auto lf = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  const auto cr = static_cast<std::size_t>(std::ranges::count(text, '\r'));
  return std::max(lf, cr) + 1;
}

std::size_t count(std::string_view text, std::string_view piece) {
  if (piece.size() == 1) return static_cast<std::size_t>(std::ranges::count(text, piece[0]));
  std::size_t number = 0;
  for (auto at = text.find(piece); at != text.npos; at = text.find(piece, at + piece.size())) {
    ++number;
  }
  return number;
}

std::vector<std::string> plausible_delimiters(std::string_view text, const Overrides& overrides) {
  if (!overrides.delimiter.empty()) return {overrides.delimiter};
  std::vector<std::string> delimiters = {""};
  const std::size_t enough = count_lines(text) / 4;
  for (const Candidate& candidate : kCandidates) {
    const std::size_t number = count(text, candidate.delimiter);
    if (number > 0 && number >= enough) delimiters.emplace_back(candidate.delimiter);
  }
  return delimiters;
}

std::vector<char> plausible_quotes(std::string_view text, const Overrides& overrides) {
  if (overrides.quote != '\1') return {overrides.quote};
  std::vector<char> quotes = {'\0'};
  for (const char quote : {'"', '\''}) {
    if (text.find(quote) != std::string_view::npos) quotes.push_back(quote);
  }
  return quotes;
}

std::vector<bool> plausible_escapes(std::string_view text, char quote, const Overrides& overrides) {
  if (overrides.escape != '\1') return {overrides.escape == '\\'};
  const std::array<char, 2> escaped = {'\\', quote};
  const bool is_escaped =
      quote != '\0' && text.find(std::string_view(escaped.data(), 2)) != std::string_view::npos;
  if (is_escaped) return {false, true};
  return {false};
}

bool is_better(const Fit& left, const Fit& right) {
  if (left.score != right.score) return left.score > right.score;
  return left.width > right.width;
}

void offer(const Fit& fit, Structure& structure) {
  const bool is_same = fit.supposed.delimiter == structure.best.supposed.delimiter;
  if (is_better(fit, structure.best)) {
    if (!is_same) structure.runner_up = structure.best;
    structure.best = fit;
  } else if (!is_same && is_better(fit, structure.runner_up)) {
    structure.runner_up = fit;
  }
}

// Every cell but a row's first starts (or, before the delimiter, all but its last end) with `c`.
bool stands_beside_all(std::string_view text, const Supposed& supposed, char c, bool is_after) {
  SampleCutter cutter(text, supposed);
  SampleRow row;
  std::size_t num_places = 0;
  for (std::size_t number = 0; number < kTypedRows && cutter.next(row); ++number) {
    for (std::size_t i = 1; i < row.cells.size(); ++i, ++num_places) {
      const SampleCell& cell = row.cells[is_after ? i : i - 1];
      if (cell.form == CellForm::kQuoted) return false;
      if (is_after ? !cell.text.starts_with(c) : !cell.text.ends_with(c)) return false;
    }
  }
  return num_places >= 3;
}

// "a, b" and "a || b" have delimiters of more than one byte. A usual delimiter that is always
// doubled may also stand around columns that are always empty, so it takes several to believe it.
Fit extend(std::string_view text, const Fit& fit) {
  const Supposed& supposed = fit.supposed;
  const char last = supposed.delimiter.empty() ? '\0' : supposed.delimiter.back();
  if (last == '\0' || last == ' ' || supposed.delimiter.size() >= 4) return fit;
  for (const char c : {' ', last}) {
    if (!stands_beside_all(text, supposed, c, true)) continue;
    Supposed longer = supposed;
    longer.delimiter += c;
    if (c == ' ' && stands_beside_all(text, longer, ' ', false)) longer.delimiter.insert(0, 1, ' ');
    const Fit extended = measure(text, longer);
    const std::size_t enough = c == ' ' ? 2 : 4;
    if (extended.width >= enough && extended.consistency >= fit.consistency) return extended;
  }
  return fit;
}

// One column is written with commas where those in its values stand in quotes.
void name_one_column(std::string_view text, Fit& best) {
  if (!best.supposed.delimiter.empty()) return;
  for (const char quote : {best.supposed.quote, '"'}) {
    const Fit fit = measure(text, {.delimiter = ",", .quote = quote});
    if (fit.width == 1 && fit.consistency == 1) {
      best.supposed = fit.supposed;
      return;
    }
  }
}

}  // namespace

Fit measure(std::string_view text, const Supposed& supposed) {
  Fit fit{.supposed = supposed};
  const std::size_t step = std::max<std::size_t>(1, count_lines(text) / kTypedRows);
  Tally tally;
  SampleCutter cutter(text, supposed);
  SampleRow row;
  for (std::size_t number = 0; cutter.next(row);) {
    if (row.is_blank()) continue;
    tally.add(row, number % step == 0);
    ++number;
  }
  tally.finish(fit);
  if (fit.width == 1 && supposed.delimiter.empty()) fit.is_one_type = tally.is_one_type();
  const double torn_share =
      static_cast<double>(fit.num_torn) /
      static_cast<double>(std::max<std::size_t>(fit.num_torn + fit.num_quoted, 1));
  fit.score = prior_of(supposed.delimiter) * fit.consistency * fit.consistency * fit.cleanness *
              width_score(fit) * (1 - 0.3 * torn_share) *
              (tally.is_header_torn(fit.width) ? 0.7 : 1);
  return fit;
}

Structure guess_structure(std::string_view text, const Overrides& overrides) {
  Structure structure;
  const bool is_given = !overrides.delimiter.empty();
  for (const std::string& delimiter : plausible_delimiters(text, overrides)) {
    for (const char quote : plausible_quotes(text, overrides)) {
      for (const bool has_backslash : plausible_escapes(text, quote, overrides)) {
        const Fit fit =
            measure(text, {.delimiter = delimiter, .quote = quote, .has_backslash = has_backslash});
        offer(is_given ? fit : extend(text, fit), structure);
      }
    }
  }
  if (!is_given) name_one_column(text, structure.best);
  return structure;
}

std::string name_delimiter(std::string_view delimiter) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 9> kNames = {
      {{"", "one column"},
       {",", "comma"},
       {";", "semicolon"},
       {"\t", "tab"},
       {"|", "pipe"},
       {" ", "space"},
       {":", "colon"},
       {", ", "comma and space"},
       {"; ", "semicolon and space"}}};
  for (const auto& [text, name] : kNames) {
    if (text == delimiter) return std::string(name);
  }
  std::string shown;
  for (const char c : delimiter) {
    const auto byte = static_cast<unsigned char>(c);
    shown += byte < 0x20 ? fmt::format("\\x{:02X}", byte) : std::string(1, c);
  }
  return fmt::format("\"{}\"", shown);
}

}  // namespace homeroom::sniff
