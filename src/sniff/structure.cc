#include "sniff/structure.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/text.h"
#include "sniff/row_tally.h"

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

constexpr std::size_t kTypedRows = 300;  // rows whose cells are looked at, spread over the sample

// A sample as long as this is first judged by its first part.
constexpr std::size_t kLongSample = 128 * 1024;
constexpr std::size_t kFirstPart = 48 * 1024;
constexpr std::size_t kRowsThatTell = 100;
constexpr double kFitsAll = 0.98;  // share of the rows
constexpr double kNear = 0.7;      // of the best score

constexpr double kApostrophePrior = 0.99;
constexpr double kWordsPrior = 0.6;
constexpr std::size_t kRowsForOneTorn = 20;  // fewer: quotes mean nothing in the file

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
  RowTally tally;
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

std::vector<Supposed> plausible_dialects(std::string_view text, const Overrides& overrides) {
  std::vector<Supposed> dialects;
  for (const std::string& delimiter : plausible_delimiters(text, overrides)) {
    for (const char quote : plausible_quotes(text, overrides)) {
      for (const bool has_backslash : plausible_escapes(text, quote, overrides)) {
        dialects.push_back(
            {.delimiter = delimiter, .quote = quote, .has_backslash = has_backslash});
      }
    }
  }
  return dialects;
}

// The first lines of a long sample, or all of a short one.
std::string_view first_lines(std::string_view text) {
  if (text.size() < kLongSample) return text;
  const std::size_t end = text.substr(0, kFirstPart).rfind('\n');
  return end == std::string_view::npos ? text : text.substr(0, end + 1);
}

// Where one dialect fits the first lines as good as all, there is no need to measure those that are
// far from it over the whole sample; but for the next one, which is told of.
void drop_unlikely(std::string_view text, bool is_given, std::vector<Supposed>& dialects) {
  const std::string_view first = first_lines(text);
  if (first.size() == text.size()) return;
  std::vector<double> scores;
  Structure structure;
  for (const Supposed& supposed : dialects) {
    Structure alone;
    offer_measured(first, supposed, is_given, alone);
    scores.push_back(alone.best.score);
    offer(alone.best, structure);
  }
  const Fit& best = structure.best;
  if (best.num_rows < kRowsThatTell || best.consistency < kFitsAll || best.num_torn > 0) return;
  const double least = std::min(best.score * kNear, structure.runner_up.score);
  auto score = scores.begin();
  std::erase_if(dialects, [&](const Supposed&) { return *score++ < least; });
}

}  // namespace

Structure guess_structure(std::string_view text, const Overrides& overrides) {
  Structure structure;
  const bool is_given = !overrides.delimiter.empty();
  std::vector<Supposed> dialects = plausible_dialects(text, overrides);
  drop_unlikely(text, is_given, dialects);
  for (const Supposed& supposed : dialects) offer_measured(text, supposed, is_given, structure);
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
