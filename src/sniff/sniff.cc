#include "sniff/sniff.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/encoding.h"
#include "base/text.h"
#include "sniff/encoding.h"
#include "sniff/file_kind.h"
#include "sniff/header.h"
#include "sniff/plain_text.h"
#include "sniff/structure.h"

namespace homeroom::sniff {
namespace {

constexpr const char* kGiven = "given";

Verdict given_verdict(std::string what, std::string choice) {
  return {.what = std::move(what),
          .choice = std::move(choice),
          .confidence = 1,
          .runner_up = {},
          .reason = kGiven};
}

Status decide_encoding(std::string_view head, bool is_whole, const Overrides& overrides,
                       Dialect& dialect) {
  EncodingGuess guess = guess_encoding(head, is_whole);
  const bool is_given = !overrides.encoding.empty();
  const std::string name = is_given ? to_lower(overrides.encoding) : guess.name;
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

// A sample that ends in mid-line loses that line, unless it is the only one.
std::string_view whole_lines(std::string_view text, bool is_whole) {
  if (is_whole) return text;
  const std::size_t last = text.find_last_of("\r\n");
  return last == std::string_view::npos ? text : text.substr(0, last + 1);
}

Newline guess_newline(std::string_view text) {
  std::size_t num_lf = 0;
  std::size_t num_cr = 0;
  std::size_t num_crlf = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const bool is_cr = text[at] == '\r';
    const bool is_crlf = is_cr && at + 1 < text.size() && text[at + 1] == '\n';
    num_crlf += is_crlf ? 1 : 0;
    num_cr += is_cr && !is_crlf ? 1 : 0;
    num_lf += text[at] == '\n' && (at == 0 || text[at - 1] != '\r') ? 1 : 0;
  }
  const std::size_t all = num_lf + num_cr + num_crlf;
  if (all == num_lf) return Newline::kLf;
  if (all == num_crlf) return Newline::kCrLf;
  return all == num_cr ? Newline::kCr : Newline::kMixed;
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
       .reason = fmt::format("{:.0f} % of {} rows have {} fields", 100 * best.consistency,
                             best.num_rows, best.width)});
}

void note_quote(std::string_view text, const Fit& best, const Overrides& overrides,
                Dialect& dialect) {
  // Without any quote in the sample, the usual one may still come.
  const bool may_come = best.supposed.quote == '\0' && text.find('"') == std::string_view::npos;
  const bool is_given = overrides.quote != '\1';
  dialect.quote = is_given ? overrides.quote : may_come ? '"' : best.supposed.quote;
  dialect.escape = overrides.escape != '\1'      ? overrides.escape
                   : best.supposed.has_backslash ? '\\'
                                                 : dialect.quote;
  std::string choice = dialect.quote == '\0' ? "none" : std::string(1, dialect.quote);
  if (dialect.escape == '\\') choice += " escaped by \\";
  if (is_given) {
    dialect.verdicts.push_back(given_verdict("quote", std::move(choice)));
    return;
  }
  const std::size_t num_opened = best.num_quoted + best.num_torn;
  const double confidence = num_opened == 0 ? 0.9
                                            : static_cast<double>(best.num_quoted + 1) /
                                                  static_cast<double>(num_opened + 1);
  dialect.verdicts.push_back({.what = "quote",
                              .choice = std::move(choice),
                              .confidence = confidence,
                              .runner_up = {},
                              .reason = fmt::format("{} fields stand in quotes, {} are torn",
                                                    best.num_quoted, best.num_torn)});
}

std::size_t width_at_line(std::string_view text, const Fit& best, std::size_t line) {
  SampleCutter cutter(text, best.supposed);
  SampleRow row;
  while (cutter.next(row, best.width)) {
    if (row.line >= line && !row.is_blank()) return row.cells.size();
  }
  return best.width;
}

// `first_line`: physical lines before `text`.
void note_header(std::string_view text, const Fit& best, std::uint32_t first_line,
                 const Overrides& overrides, Dialect& dialect) {
  HeaderGuess guess = guess_header(text, best.supposed, best.width);
  const bool is_given = overrides.header_lines >= 0 || overrides.preamble_lines >= 0;
  dialect.preamble_lines = overrides.preamble_lines >= 0
                               ? static_cast<std::uint32_t>(overrides.preamble_lines)
                               : first_line + static_cast<std::uint32_t>(guess.preamble_lines);
  dialect.header_lines = overrides.header_lines >= 0
                             ? static_cast<std::uint32_t>(overrides.header_lines)
                             : static_cast<std::uint32_t>(guess.header_lines);
  if (is_given) {
    const std::uint32_t skipped =
        dialect.preamble_lines - std::min(dialect.preamble_lines, first_line);
    guess.num_columns = width_at_line(text, best, skipped);
  }
  dialect.num_columns = static_cast<std::uint32_t>(guess.num_columns);
  dialect.fields_per_row = static_cast<std::uint32_t>(best.width);
  std::string choice = "none";
  if (dialect.header_lines > 0) {
    choice = fmt::format("{} line{} from line {}", dialect.header_lines,
                         dialect.header_lines == 1 ? "" : "s", dialect.preamble_lines + 1);
  }
  dialect.verdicts.push_back(is_given ? given_verdict("header", std::move(choice))
                                      : Verdict{.what = "header",
                                                .choice = std::move(choice),
                                                .confidence = guess.confidence,
                                                .runner_up = std::move(guess.runner_up),
                                                .reason = std::move(guess.reason)});
}

Status refuse_what_is_no_table(std::string_view text, const Fit& best) {
  const bool is_spaced = best.supposed.delimiter == " ";
  const bool is_aligned = best.supposed.merges_blanks && best.data_share < 0.75;
  const bool is_unusual = !is_usual_delimiter(best.supposed.delimiter) && !is_spaced;
  if (best.width <= 1 || is_unusual || is_aligned) {
    HOMEROOM_TRY(refuse_fixed_width(text));
  }
  // Sentences have commas and blanks too, but not the same number in every line.
  const bool is_loose = best.width <= 3 && best.consistency < 0.8;
  const bool is_words = is_spaced && best.data_share < 0.25 && best.num_quoted == 0;
  const bool may_be_prose = best.width <= 1 || best.num_rows == 1 || is_loose || is_words;
  return may_be_prose ? refuse_prose(text) : Status();
}

}  // namespace

Result<Dialect> sniff(std::string_view head, bool is_whole, const Overrides& overrides) {
  HOMEROOM_TRY(refuse_binary(head));
  Dialect dialect;
  HOMEROOM_TRY(decide_encoding(head, is_whole, overrides, dialect));
  const std::string decoded = HOMEROOM_TRY(decode_all(head, dialect.encoding));
  std::string_view text = whole_lines(decoded, is_whole);
  HOMEROOM_TRY(refuse_markup(text));
  if (trim(text).empty()) {
    return fail(ErrorCode::kInvalidInput, "the file holds only blank lines",
                "check that the export has finished, then send the file again");
  }
  dialect.newline = guess_newline(text);
  Overrides known = overrides;
  std::uint32_t first_line = 0;
  if (std::string named = take_separator_line(text); !named.empty()) {
    first_line = 1;
    if (known.delimiter.empty()) known.delimiter = std::move(named);
  }
  const bool is_given = !known.delimiter.empty();
  const Structure structure = guess_structure(text, known);
  note_delimiter(structure, is_given, dialect);
  note_quote(text, structure.best, overrides, dialect);
  if (!is_given) HOMEROOM_TRY(refuse_what_is_no_table(text, structure.best));
  note_header(text, structure.best, first_line, overrides, dialect);
  return dialect;
}

}  // namespace homeroom::sniff
