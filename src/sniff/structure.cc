#include "sniff/structure.h"

#include <algorithm>
#include <array>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
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
    Candidate{"\x1E"sv, 1.0}, Candidate{"^"sv, 0.95},   Candidate{"~"sv, 0.95},
    Candidate{"¦"sv, 0.95},   Candidate{"§"sv, 0.95},   Candidate{":"sv, 0.6},
    Candidate{" "sv, 0.65},   Candidate{"#"sv, 0.7},    Candidate{"*"sv, 0.7},
    Candidate{"&"sv, 0.7},    Candidate{"!"sv, 0.7},    Candidate{"="sv, 0.6},
    Candidate{"%"sv, 0.5},    Candidate{"/"sv, 0.4},    Candidate{"-"sv, 0.4},
    Candidate{"_"sv, 0.4}};

constexpr std::size_t kTypedRows = 300;    // rows whose cells are looked at, spread over the sample
constexpr std::size_t kMaxWidth = 20'000;  // wider rows are one bucket

constexpr double kApostrophePrior = 0.99;
constexpr double kWordsPrior = 0.6;
constexpr std::size_t kRowsForOneTorn = 20;  // fewer: quotes mean nothing in the file
constexpr std::size_t kMaxTitles = 64;       // rows above the table that are told apart from it

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

// What the cells of a row, or of many, look like.
struct Cells {
  std::size_t number = 0;
  std::size_t num_data = 0;  ///< numbers, dates, times, addresses
  double score = 0;          ///< the sum over them

  void add(const SampleRow& row) {
    for (const SampleCell& cell : row.cells) {
      const ValueType type = value_type(cell.text);
      num_data += is_data_type(type) ? 1 : 0;
      score += cell_score(cell, type);
      ++number;
    }
  }
};

struct Title {
  std::size_t width = 0;
  bool is_mixed = false;
  bool is_comment = false;
  Cells cells;
};

// Widths of rows, and what their cells look like.
class Tally {
 public:
  void add(const SampleRow& row, bool look_at_cells) {
    const bool is_mixed =
        row.cells.size() == 1 && value_type(row.cells[0].text) == ValueType::kMixed;
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

  /// The first row is one cell that holds what looks like another delimiter.
  [[nodiscard]] bool is_header_torn(std::size_t width) const {
    return width > 1 && is_first_row_mixed_;
  }

  /// All cells but one, the heading, are numbers, dates, times or addresses.
  [[nodiscard]] bool is_one_type() const {
    return cells_.num_data > 0 && cells_.num_data + 1 >= cells_.number;
  }

  void finish(Fit& fit) {
    fit.num_rows = num_rows_;
    fit.num_quoted = num_quoted_;
    fit.has_quoted_blanks = has_quoted_blanks_;
    fit.num_torn = num_torn_;
    if (num_rows_ == 0 || cells_.number == 0) return;
    const auto most = std::ranges::max_element(rows_of_width_, {},
                                               [](const auto& entry) { return entry.second; });
    fit.width = most->first;
    const double titles = set_titles_aside(fit.width);
    const double all = static_cast<double>(num_rows_);
    fit.consistency = fitting_rows(fit.width) / all;
    fit.table_consistency = fitting_rows(fit.width) / (all - (1 - kTitleWeight) * titles);
    fit.data_share = static_cast<double>(cells_.num_data) / static_cast<double>(cells_.number);
    fit.cleanness = cells_.score / static_cast<double>(cells_.number);
  }

 private:
  static constexpr double kTitleWeight = 0.3;

  // Titles over the table, a third of the rows at most, and comments say little of its delimiter.
  double set_titles_aside(std::size_t width) {
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
  [[nodiscard]] static bool is_title(const Title& row, std::size_t width) {
    return row.is_comment ? row.width != width : row.width * 2 < width && !row.is_mixed;
  }

  // The rows of this width. A row that lacks its last cells is half as good.
  [[nodiscard]] double fitting_rows(std::size_t width) const {
    double sum = 0;
    for (const auto& [cells, rows] : rows_of_width_) {
      const bool is_short = cells > 1 && cells < width;
      sum += static_cast<double>(rows) * (cells == width ? 1 : is_short ? 0.5 : 0);
    }
    return sum;
  }

  bool is_first_row_mixed_ = false;
  bool has_quoted_blanks_ = false;
  std::map<std::size_t, std::size_t> rows_of_width_;
  std::vector<Title> first_rows_;
  std::size_t num_rows_ = 0;
  std::size_t num_quoted_ = 0;
  std::size_t num_torn_ = 0;
  Cells cells_;
};

// That of what is left without blanks around it, doubled or between two other signs.
double prior_of(std::string_view delimiter) {
  if (delimiter.size() > 1) delimiter = trim(delimiter);
  const bool is_between = delimiter.size() == 3 && delimiter[0] == delimiter[2];
  if (is_between) delimiter.remove_prefix(1);
  delimiter = delimiter.substr(0, 1);
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

// Blanks stand between words, which are no columns unless blanks inside them stand in quotes.
bool is_words(const Fit& fit) {
  return fit.supposed.delimiter == " " && fit.data_share < 0.25 && !fit.has_quoted_blanks;
}

std::size_t count_lines(std::string_view text) {
  const auto lf = static_cast<std::size_t>(std::ranges::count(text, '\n'));
  const auto cr = static_cast<std::size_t>(std::ranges::count(text, '\r'));
  return std::max(lf, cr) + 1;
}

// Line ends within quotes end no row. Where quotes do not add up these are too few, which only lets
// more delimiters be tried.
std::size_t count_lines_outside(std::string_view text) {
  std::size_t num_outside = 0;
  bool is_outside = true;
  for (const char c : text) {
    if (c == '"') is_outside = !is_outside;
    if (is_outside && c == '\n') ++num_outside;
  }
  return num_outside == 0 ? count_lines(text) : num_outside + 1;
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
  const std::size_t enough = count_lines_outside(text) / 4;
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

// Every cell but a row's first starts (or, before the delimiter, all but its last end) with the
// sign.
bool has_sign_beside(std::string_view text, const Supposed& supposed, char sign, bool is_after) {
  const auto has_sign = [=](const SampleCell& cell) {
    if (cell.form == CellForm::kQuoted) {
      return sign == ' ' && (is_after ? cell.has_blank_before : cell.has_blank_after);
    }
    return is_after ? cell.text.starts_with(sign) : cell.text.ends_with(sign);
  };
  SampleCutter cutter(text, supposed);
  SampleRow row;
  std::size_t num_places = 0;
  for (std::size_t number = 0; number < kTypedRows && cutter.next(row); ++number) {
    for (std::size_t i = 1; i < row.cells.size(); ++i, ++num_places) {
      if (!has_sign(row.cells[is_after ? i : i - 1])) return false;
    }
  }
  return num_places >= 3;
}

// The "~" of "a~|~b": a sign that stands on both sides of each delimiter. '\0': there is none.
char sign_around(std::string_view text, const Supposed& supposed) {
  const std::size_t at = text.find(supposed.delimiter);
  if (at == std::string_view::npos || at == 0) return '\0';
  const char sign = text[at - 1];
  const bool is_sign = "~|^#*&!=%$@+:;,<>-_"sv.find(sign) != std::string_view::npos;
  const bool is_around = is_sign && has_sign_beside(text, supposed, sign, true) &&
                         has_sign_beside(text, supposed, sign, false);
  return is_around ? sign : '\0';
}

// Every other cell of a row is empty.
bool has_doubled_delimiters(const SampleRow& row) {
  bool is_doubled = row.cells.size() % 2 == 1;
  for (std::size_t i = 1; is_doubled && i < row.cells.size(); i += 2) {
    is_doubled = row.cells[i].text.empty() && row.cells[i].form == CellForm::kPlain;
  }
  return is_doubled;
}

// Nearly all of them, or nearly all rows: "https://" has single ones, and so have quoted values.
bool is_mostly_doubled(std::string_view text, const Supposed& supposed) {
  const std::string doubled = supposed.delimiter + supposed.delimiter;
  if (count(text, doubled) * 2 * 10 >= count(text, supposed.delimiter) * 8) return true;
  SampleCutter cutter(text, supposed);
  SampleRow row;
  std::size_t num_doubled = 0;
  std::size_t num_rows = 0;
  while (num_rows < kTypedRows && cutter.next(row)) {
    if (row.cells.size() == 1) continue;
    num_doubled += has_doubled_delimiters(row) ? 1 : 0;
    ++num_rows;
  }
  return num_rows > 0 && num_doubled * 10 >= num_rows * 8;
}

// "a, b", "a | b", "a||b" and "a~|~b" have delimiters of more than one byte. Usual delimiters stand
// around columns that are always empty, so it takes several such columns to believe that they are
// doubled.
Fit extend(std::string_view text, const Fit& fit) {
  const Supposed& supposed = fit.supposed;
  if (supposed.delimiter.size() != 1 || supposed.delimiter == " ") return fit;
  Supposed longer = supposed;
  std::size_t enough = 2;
  if (has_sign_beside(text, supposed, ' ', true)) {
    longer.delimiter += ' ';
    if (has_sign_beside(text, longer, ' ', false)) longer.delimiter.insert(0, 1, ' ');
  } else if (const char sign = sign_around(text, supposed); sign != '\0') {
    longer.delimiter = sign + supposed.delimiter + sign;
  } else if (is_mostly_doubled(text, supposed)) {
    longer.delimiter += supposed.delimiter;
    enough = ",;\t"sv.find(supposed.delimiter[0]) == std::string_view::npos ? 2 : 4;
  } else {
    return fit;
  }
  const Fit extended = measure(text, longer);
  const bool is_as_good =
      extended.consistency >= fit.consistency && extended.cleanness >= fit.cleanness;
  return extended.width >= enough && is_as_good ? extended : fit;
}

// One column is written with commas where those in its values stand in quotes.
void name_one_column(std::string_view text, Fit& best) {
  if (!best.supposed.delimiter.empty()) return;
  for (const char quote : {best.supposed.quote, '"'}) {
    const bool has_backslash = best.supposed.has_backslash && quote == best.supposed.quote;
    const Fit fit =
        measure(text, {.delimiter = ",", .quote = quote, .has_backslash = has_backslash});
    if (fit.width == 1 && fit.consistency == 1) {
      best.supposed = fit.supposed;
      return;
    }
  }
}

Fit measure_rows(std::string_view text, const Supposed& supposed, std::size_t expected_width) {
  Fit fit{.supposed = supposed};
  const std::size_t step = std::max<std::size_t>(1, count_lines(text) / kTypedRows);
  Tally tally;
  SampleCutter cutter(text, supposed);
  SampleRow row;
  for (std::size_t number = 0; cutter.next(row, expected_width);) {
    if (row.is_blank()) continue;
    tally.add(row, number % step == 0);
    ++number;
  }
  tally.finish(fit);
  if (fit.width == 1 && supposed.delimiter.empty()) fit.is_one_type = tally.is_one_type();
  const double torn_share =
      static_cast<double>(fit.num_torn) /
      static_cast<double>(std::max<std::size_t>(fit.num_torn + fit.num_quoted, 1));
  fit.score = prior_of(supposed.delimiter) * fit.table_consistency * fit.table_consistency *
              fit.cleanness * width_score(fit) * (supposed.quote == '\'' ? kApostrophePrior : 1) *
              (1 - 0.3 * torn_share) * (is_words(fit) ? kWordsPrior : 1) *
              (tally.is_header_torn(fit.width) ? 0.7 : 1);
  return fit;
}

}  // namespace

Fit measure(std::string_view text, const Supposed& supposed) {
  Fit fit = measure_rows(text, supposed, 0);
  // Where quotes do not add up, the reader tries to give the row the width of the others.
  const bool is_worth_it = fit.num_torn > 0 && fit.width > 1 && fit.consistency > 0.5;
  return is_worth_it ? measure_rows(text, supposed, fit.width) : fit;
}

namespace {

// Columns that blanks line up.
bool has_runs_of_blanks(std::string_view text) {
  return count(text, "  ") * 4 >= count_lines(text);
}

void offer_measured(std::string_view text, const Supposed& supposed, bool is_given,
                    Structure& structure) {
  const Fit fit = measure(text, supposed);
  offer(is_given ? fit : extend(text, fit), structure);
  if (supposed.delimiter != " " || !has_runs_of_blanks(text)) return;
  Supposed merged = supposed;
  merged.merges_blanks = true;
  offer(measure(text, merged), structure);
}

// The second best quote; the usual one instead of none where it opens a value here and there: so
// that each of these is told of.
void find_other_quote(std::string_view text, const Overrides& overrides, Structure& structure) {
  if (overrides.quote != '\1') return;
  Fit& best = structure.best;
  for (const char quote : plausible_quotes(text, overrides)) {
    if (quote == best.supposed.quote) continue;
    Supposed supposed = best.supposed;
    supposed.quote = quote;
    supposed.has_backslash = false;
    const Fit fit = measure(text, supposed);
    if (fit.width == best.width && is_better(fit, structure.other_quote)) {
      structure.other_quote = fit;
    }
  }
  Fit& other = structure.other_quote;
  const bool is_seldom_torn = best.supposed.quote == '\0' && other.supposed.quote == '"' &&
                              other.consistency >= best.consistency && other.num_torn > 0 &&
                              other.num_torn * kRowsForOneTorn <= other.num_rows;
  if (is_seldom_torn) std::swap(best, other);
}

}  // namespace

Structure guess_structure(std::string_view text, const Overrides& overrides) {
  Structure structure;
  const bool is_given = !overrides.delimiter.empty();
  for (const std::string& delimiter : plausible_delimiters(text, overrides)) {
    for (const char quote : plausible_quotes(text, overrides)) {
      for (const bool has_backslash : plausible_escapes(text, quote, overrides)) {
        const Supposed supposed{
            .delimiter = delimiter, .quote = quote, .has_backslash = has_backslash};
        offer_measured(text, supposed, is_given, structure);
      }
    }
  }
  if (!is_given) name_one_column(text, structure.best);
  find_other_quote(text, overrides, structure);
  return structure;
}

bool is_usual_delimiter(std::string_view delimiter) {
  return prior_of(delimiter) >= 0.9;
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
