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

double cell_score(const SampleCell& cell, ValueType type) {
  if (cell.form == CellForm::kTorn) return 0.1;
  switch (type) {
    case ValueType::kEmpty:
      return 0.5;
    case ValueType::kText:
      return 0.85;
    case ValueType::kMixed:
      return cell.form == CellForm::kQuoted ? 0.85 : 0.2;
    default:
      return 1.0;
  }
}

// Widths of rows, and what their cells look like.
class Tally {
 public:
  void add(const SampleRow& row, bool look_at_cells) {
    ++num_rows_;
    ++rows_of_width_[std::min(row.cells.size(), kMaxWidth)];
    for (const SampleCell& cell : row.cells) {
      num_quoted_ += cell.form == CellForm::kQuoted ? 1 : 0;
      num_torn_ += cell.form == CellForm::kTorn ? 1 : 0;
    }
    if (!look_at_cells) return;
    for (const SampleCell& cell : row.cells) {
      const ValueType type = value_type(cell.text);
      cell_sum_ += cell_score(cell, type);
      ++num_cells_;
    }
  }

  void finish(Fit& fit) const {
    fit.num_rows = num_rows_;
    fit.num_quoted = num_quoted_;
    fit.num_torn = num_torn_;
    if (num_rows_ == 0 || num_cells_ == 0) return;
    const auto most = std::ranges::max_element(rows_of_width_, {},
                                               [](const auto& entry) { return entry.second; });
    fit.width = most->first;
    fit.consistency = static_cast<double>(most->second) / static_cast<double>(num_rows_);
    fit.cleanness = cell_sum_ / static_cast<double>(num_cells_);
  }

 private:
  std::map<std::size_t, std::size_t> rows_of_width_;
  std::size_t num_rows_ = 0;
  std::size_t num_quoted_ = 0;
  std::size_t num_torn_ = 0;
  std::size_t num_cells_ = 0;
  double cell_sum_ = 0;
};

double prior_of(std::string_view delimiter) {
  for (const Candidate& candidate : kCandidates) {
    if (candidate.delimiter == delimiter) return candidate.prior;
  }
  return 1;
}

// A table of one column is always consistent, so it counts least.
double width_score(std::size_t width) {
  return width <= 1 ? 0.25 : static_cast<double>(width - 1) / static_cast<double>(width);
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
  const double torn_share =
      static_cast<double>(fit.num_torn) /
      static_cast<double>(std::max<std::size_t>(fit.num_torn + fit.num_quoted, 1));
  fit.score = prior_of(supposed.delimiter) * fit.consistency * fit.cleanness *
              width_score(fit.width) * (1 - 0.3 * torn_share);
  return fit;
}

Structure guess_structure(std::string_view text, const Overrides& overrides) {
  Structure structure;
  for (const std::string& delimiter : plausible_delimiters(text, overrides)) {
    for (const char quote : plausible_quotes(text, overrides)) {
      for (const bool has_backslash : plausible_escapes(text, quote, overrides)) {
        offer(
            measure(text, {.delimiter = delimiter, .quote = quote, .has_backslash = has_backslash}),
            structure);
      }
    }
  }
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
