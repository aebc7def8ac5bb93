#include "sniff/sniff.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/double_encoding.h"
#include "base/encoding.h"
#include "base/text.h"
#include "sniff/encoding.h"
#include "sniff/file_kind.h"
#include "sniff/former.h"
#include "sniff/header.h"
#include "sniff/lines.h"
#include "sniff/plain_text.h"
#include "sniff/structure.h"

namespace homeroom::sniff {
namespace {

constexpr std::string_view kEncodedTwice = "utf-8-twice";

Verdict given_verdict(std::string what, std::string choice) {
  return {.what = std::move(what),
          .choice = std::move(choice),
          .confidence = 1,
          .runner_up = {},
          .reason = std::string(kGiven)};
}

Status decide_encoding(std::string_view head, bool is_whole, const Overrides& overrides,
                       Dialect& dialect) {
  EncodingGuess guess = guess_encoding(head, is_whole);
  const bool is_given = !overrides.encoding.empty();
  std::string name = is_given ? to_lower(overrides.encoding) : guess.name;
  dialect.is_encoded_twice = name == kEncodedTwice;
  if (dialect.is_encoded_twice) name = "utf-8";
  dialect.encoding = canonical_encoding(name);
  dialect.has_bom = guess.has_bom;
  if (dialect.encoding.empty()) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the file is written in {}, which Homeroom does not read", name),
                "save the file as UTF-8, or name its encoding");
  }
  dialect.verdicts.push_back(is_given ? given_verdict("encoding", dialect.encoding)
                                      : Verdict{.what = "encoding",
                                                .choice = std::move(guess.name),
                                                .confidence = guess.confidence,
                                                .runner_up = std::move(guess.runner_up),
                                                .reason = std::move(guess.reason)});
  return {};
}

// What was taken for another encoding and written as UTF-8 once more.
std::string undo_second_encoding(std::string text, bool is_given, Dialect& dialect) {
  if (!is_given) {
    const DoubleEncodingCount count = count_double_encoding(text);
    if (count.num_doubled == 0) return text;
    dialect.is_encoded_twice = count.is_certain();
    Verdict verdict{
        .what = "twice",
        .choice = dialect.is_encoded_twice ? "UTF-8 within UTF-8" : "no",
        .confidence = count.num_sure > 2 || !dialect.is_encoded_twice ? 0.99 : 0.9,
        .runner_up = dialect.is_encoded_twice ? "text as it stands" : "UTF-8 within UTF-8",
        .reason = fmt::format("encoded twice by their looks: {}; not: {}",
                              counted(count.num_doubled, "character"), count.num_single)};
    dialect.verdicts.push_back(std::move(verdict));
  }
  return dialect.is_encoded_twice ? undo_double_encoding(text) : text;
}

// A sample that ends in mid-line loses that line, unless it is the only one.
std::string_view whole_lines(std::string_view text, bool is_whole) {
  if (is_whole) return text;
  const std::size_t last = text.find_last_of("\r\n");
  return last == std::string_view::npos ? text : text.substr(0, last + 1);
}

// Excel writes and reads a first line "sep=;" that names the delimiter.
std::string take_separator_line(std::string_view& text) {
  if (!text.starts_with("sep=")) return {};
  const std::size_t end = text.find_first_of("\r\n");
  if (end == std::string_view::npos || end < 5 || end > 8) return {};
  std::string delimiter(text.substr(4, end - 4));
  const bool is_crlf = text[end] == '\r' && end + 1 < text.size() && text[end + 1] == '\n';
  text.remove_prefix(end + (is_crlf ? 2 : 1));
  return delimiter;
}

void note_delimiter(const Structure& structure, bool is_given, Dialect& dialect) {
  const Fit& best = structure.best;
  const Fit& other = structure.runner_up;
  dialect.delimiter = best.supposed.delimiter;
  dialect.merges_blanks = best.supposed.merges_blanks;
  if (is_given) {
    dialect.verdicts.push_back(given_verdict("delimiter", name_delimiter(dialect.delimiter)));
    return;
  }
  const double both = best.score + other.score;
  dialect.verdicts.push_back(
      {.what = "delimiter",
       .choice = name_delimiter(dialect.delimiter),
       .confidence = both > 0 ? best.score / both : 0.5,
       .runner_up = other.score > 0 ? name_delimiter(other.supposed.delimiter) : "",
       .reason = fmt::format("{:.0f} % of {} rows have {}", 100 * best.consistency, best.num_rows,
                             counted(best.width, "field"))});
}

std::string name_quote(char quote, char escape) {
  std::string name = quote == '\0' ? "none" : std::string(1, quote);
  if (escape == '\\') name += " escaped by \\";
  return name;
}

void note_quote(std::string_view text, const Structure& structure, const Overrides& overrides,
                Dialect& dialect) {
  const Fit& best = structure.best;
  // Without any quote in the sample, the usual one may still come.
  const bool may_come = best.supposed.quote == '\0' && text.find('"') == std::string_view::npos;
  const bool is_given = overrides.quote != '\1';
  dialect.quote = is_given ? overrides.quote : may_come ? '"' : best.supposed.quote;
  dialect.escape = overrides.escape != '\1'      ? overrides.escape
                   : best.supposed.has_backslash ? '\\'
                                                 : dialect.quote;
  std::string choice = name_quote(dialect.quote, dialect.escape);
  if (is_given) {
    dialect.verdicts.push_back(given_verdict("quote", std::move(choice)));
    return;
  }
  const Fit& other = structure.other_quote;
  const std::size_t num_opened = best.num_quoted + best.num_torn;
  const double both = best.score + other.score;
  const double confidence = num_opened > 0    ? static_cast<double>(best.num_quoted + 1) /
                                                    static_cast<double>(num_opened + 1)
                            : other.score > 0 ? best.score / both
                                              : 0.9;
  dialect.verdicts.push_back(
      {.what = "quote",
       .choice = std::move(choice),
       .confidence = confidence,
       .runner_up = other.score > 0 ? name_quote(other.supposed.quote, '\0') : std::string(),
       .reason = fmt::format("in quotes: {}; torn: {}", counted(best.num_quoted, "field"),
                             best.num_torn)});
}

void note_newline(const LineEnds& ends, Dialect& dialect) {
  const std::array<std::pair<std::size_t, Newline>, 3> kinds = {
      {{ends.num_lf, Newline::kLf}, {ends.num_crlf, Newline::kCrLf}, {ends.num_cr, Newline::kCr}}};
  const std::size_t all = ends.num_lf + ends.num_crlf + ends.num_cr;
  dialect.newline = Newline::kMixed;
  for (const auto& [number, newline] : kinds) {
    if (number == all) {
      dialect.newline = newline;
      break;
    }
  }
  dialect.verdicts.push_back({.what = "line ends",
                              .choice = std::string(to_string(dialect.newline)),
                              .confidence = all == 0 ? 0.5 : 1,
                              .runner_up = {},
                              .reason = fmt::format("{} LF, {} CR LF, {} CR in the sample",
                                                    ends.num_lf, ends.num_crlf, ends.num_cr)});
}

std::size_t width_at_line(std::string_view text, const Fit& best, std::size_t line) {
  SampleCutter cutter(text, best.supposed);
  SampleRow row;
  while (cutter.next(row, best.width)) {
    if (row.line >= line && !row.is_blank()) return row.cells.size();
  }
  return best.width;
}

// Puts what was given in the place of what was guessed. `first_line`: physical lines before `text`.
void apply_given(std::string_view text, const Fit& best, std::size_t first_line,
                 const Overrides& given, HeaderGuess& guess) {
  const HeaderGuess before = guess;
  if (given.preamble_lines >= 0) {
    const auto lines = static_cast<std::size_t>(given.preamble_lines);
    guess.preamble_lines = lines - std::min(lines, first_line);
  }
  if (given.header_lines >= 0) guess.header_lines = static_cast<std::size_t>(given.header_lines);
  const bool is_other =
      guess.preamble_lines != before.preamble_lines || guess.header_lines != before.header_lines;
  if (is_other) {
    guess.units_lines = 0;
    guess.num_columns = width_at_line(text, best, guess.preamble_lines);
    guess.delimiter =
        guess.header_lines == 1
            ? guess_header_delimiter(text, best.supposed, best.width, guess.preamble_lines)
            : std::string();
  }
  if (given.units_lines >= 0) guess.units_lines = static_cast<std::size_t>(given.units_lines);
}

void note_header(std::string_view text, const Fit& best, std::uint32_t first_line,
                 const Overrides& overrides, Dialect& dialect) {
  HeaderGuess guess = guess_header(text, best.supposed, best.width);
  apply_given(text, best, first_line, overrides, guess);
  dialect.preamble_lines = overrides.preamble_lines >= 0
                               ? static_cast<std::uint32_t>(overrides.preamble_lines)
                               : first_line + static_cast<std::uint32_t>(guess.preamble_lines);
  dialect.header_lines = static_cast<std::uint32_t>(guess.header_lines);
  dialect.units_lines = static_cast<std::uint32_t>(guess.units_lines);
  dialect.header_delimiter = std::move(guess.delimiter);
  const std::size_t width = dialect.header_delimiter.empty() ? guess.num_columns : best.width;
  // Nothing but the beginning of a row was seen: it has one column at least.
  dialect.num_columns = static_cast<std::uint32_t>(std::max<std::size_t>(width, 1));
  dialect.fields_per_row = static_cast<std::uint32_t>(best.width);
  std::string choice = "none";
  if (dialect.header_lines > 0) {
    choice = fmt::format("{} line{} from line {}", dialect.header_lines,
                         dialect.header_lines == 1 ? "" : "s", dialect.preamble_lines + 1);
  }
  const bool is_given = overrides.header_lines >= 0 || overrides.preamble_lines >= 0;
  dialect.verdicts.push_back(is_given ? given_verdict("header", std::move(choice))
                                      : Verdict{.what = "header",
                                                .choice = std::move(choice),
                                                .confidence = guess.confidence,
                                                .runner_up = std::move(guess.runner_up),
                                                .reason = std::move(guess.reason)});
  if (overrides.units_lines >= 0) {
    dialect.verdicts.push_back(given_verdict("units", std::to_string(dialect.units_lines)));
  } else if (dialect.units_lines > 0) {
    dialect.verdicts.push_back({.what = "units",
                                .choice = "1 line below the header",
                                .confidence = 0.9,
                                .runner_up = "none",
                                .reason = "it names units over columns of numbers or dates"});
  }
}

Status refuse_what_is_no_table(std::string_view text, const Fit& best) {
  const bool is_spaced = best.supposed.delimiter == " ";
  const bool is_aligned = best.supposed.merges_blanks && best.data_share < 0.75;
  const bool is_unusual = !is_usual_delimiter(best.supposed.delimiter) && !is_spaced;
  if (best.width <= 1 || is_unusual || is_aligned) {
    HOMEROOM_TRY(refuse_fixed_width(text));
  }
  // Sentences have commas and blanks too, but not the same number in every line.
  const bool is_loose = best.width <= 3 && best.table_consistency < 0.8;
  const bool is_words = is_spaced && best.data_share < 0.25 && best.num_quoted == 0;
  const bool is_one_line = best.num_rows == 1 && best.num_quoted == 0 && best.data_share < 0.25;
  const bool may_be_prose = best.width <= 1 || is_one_line || is_loose || is_words;
  return may_be_prose ? refuse_prose(text) : Status();
}

// The columns are known by their places: only the lines are left to look at.
void note_layout(std::string_view text, const Overrides& overrides, Dialect& dialect) {
  dialect.layout = overrides.layout;
  dialect.delimiter.clear();
  dialect.quote = dialect.escape = '\0';
  dialect.preamble_lines = static_cast<std::uint32_t>(std::max(overrides.preamble_lines, 0));
  dialect.header_lines = static_cast<std::uint32_t>(std::max(overrides.header_lines, 0));
  dialect.units_lines = static_cast<std::uint32_t>(std::max(overrides.units_lines, 0));
  dialect.num_columns = static_cast<std::uint32_t>(dialect.layout.size());
  const std::size_t skipped = dialect.preamble_lines + dialect.header_lines + dialect.units_lines;
  const LineLengths lengths = measure_lines(text, skipped);
  const bool is_fixed = lengths.num_usual * 10 >= lengths.num_lines * 9;
  dialect.line_length = is_fixed ? static_cast<std::uint32_t>(lengths.usual) : 0;
  dialect.verdicts.push_back(
      given_verdict("layout", counted(dialect.num_columns, "column") + " of fixed width"));
  dialect.verdicts.push_back(
      {.what = "length",
       .choice = is_fixed ? fmt::format("{} characters", lengths.usual) : "lines vary",
       .confidence = 1,
       .runner_up = {},
       .reason = fmt::format("{} of {} lines have {} characters", lengths.num_usual,
                             lengths.num_lines, lengths.usual)});
}

Result<Dialect> sniff_alone(std::string_view head, bool is_whole, const Overrides& overrides) {
  HOMEROOM_TRY(refuse_binary(head));
  Dialect dialect;
  HOMEROOM_TRY(decide_encoding(head, is_whole, overrides, dialect));
  const std::string decoded = undo_second_encoding(HOMEROOM_TRY(decode_all(head, dialect.encoding)),
                                                   !overrides.encoding.empty(), dialect);
  std::string_view text = whole_lines(decoded, is_whole);
  HOMEROOM_TRY(refuse_markup(text));
  if (trim(text).empty()) {
    return fail(ErrorCode::kInvalidInput, "the file holds only blank lines",
                "check that the export has finished, then send the file again");
  }
  note_newline(count_line_ends(text), dialect);
  if (!overrides.layout.empty()) {
    note_layout(text, overrides, dialect);
    return dialect;
  }
  Overrides known = overrides;
  std::uint32_t first_line = 0;
  if (std::string named = take_separator_line(text); !named.empty()) {
    first_line = 1;
    if (known.delimiter.empty()) known.delimiter = std::move(named);
  }
  const bool is_given = !known.delimiter.empty();
  const Structure structure = guess_structure(text, known);
  note_delimiter(structure, is_given, dialect);
  note_quote(text, structure, overrides, dialect);
  if (!is_given) HOMEROOM_TRY(refuse_what_is_no_table(text, structure.best));
  note_header(text, structure.best, first_line, overrides, dialect);
  return dialect;
}

}  // namespace

Result<Dialect> sniff(std::string_view head, bool is_whole, const Overrides& overrides,
                      const Dialect* former) {
  Dialect alone = HOMEROOM_TRY(sniff_alone(head, is_whole, overrides));
  if (former == nullptr || !alone.layout.empty() || !former->layout.empty()) return alone;
  const Overrides said = said_by_former(alone, *former);
  if (said == Overrides{}) return alone;
  Overrides known = overrides;
  known.fill_from(said);
  Result<Dialect> again = sniff_alone(head, is_whole, known);
  if (!again || again->num_columns != former->num_columns) return alone;
  explain_former(alone, *again);
  return again;
}

}  // namespace homeroom::sniff
