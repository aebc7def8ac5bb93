#include "sniff/sniff.h"

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

Status decide_encoding(std::string_view head, bool is_whole, const Overrides& overrides,
                       Dialect& dialect) {
  EncodingGuess guess = guess_encoding(head, is_whole);
  if (!overrides.encoding.empty()) {
    guess.name = to_lower(overrides.encoding);
    guess.confidence = 1;
    guess.runner_up.clear();
    guess.reason = "given";
  }
  if (!is_known_encoding(guess.name)) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("the file is written in {}, which Homeroom does not read", guess.name),
                "save the file as UTF-8, or name its encoding");
  }
  dialect.encoding = guess.name;
  dialect.has_bom = guess.has_bom;
  dialect.verdicts.push_back({.what = "encoding",
                              .choice = guess.name,
                              .confidence = guess.confidence,
                              .runner_up = guess.runner_up,
                              .reason = guess.reason});
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

void note_structure(std::string_view text, const Structure& structure, bool is_given,
                    Dialect& dialect) {
  const Fit& best = structure.best;
  dialect.delimiter = best.supposed.delimiter;
  // Without any quote in the sample, the usual one may still come.
  const bool may_come = best.supposed.quote == '\0' && text.find('"') == std::string_view::npos;
  dialect.quote = may_come ? '"' : best.supposed.quote;
  dialect.escape = best.supposed.has_backslash ? '\\' : dialect.quote;
  const double both = best.score + structure.runner_up.score;
  const bool has_other = structure.runner_up.score > 0;
  dialect.verdicts.push_back(
      {.what = "delimiter",
       .choice = name_delimiter(dialect.delimiter),
       .confidence = is_given || both <= 0 ? 1 : best.score / both,
       .runner_up = has_other ? name_delimiter(structure.runner_up.supposed.delimiter) : "",
       .reason = is_given ? "given"
                          : fmt::format("{:.0f} % of {} rows have {} fields",
                                        100 * best.consistency, best.num_rows, best.width)});
  dialect.verdicts.push_back(
      {.what = "quote",
       .choice = dialect.quote == '\0' ? "none" : std::string(1, dialect.quote),
       .confidence = 1,
       .runner_up = {},
       .reason = fmt::format("{} fields stand in quotes", best.num_quoted)});
}

void note_header(const HeaderGuess& guess, const Overrides& overrides, Dialect& dialect) {
  dialect.preamble_lines += static_cast<std::uint32_t>(guess.preamble_lines);
  dialect.header_lines = static_cast<std::uint32_t>(guess.header_lines);
  dialect.num_columns = static_cast<std::uint32_t>(guess.num_columns);
  if (overrides.preamble_lines >= 0) {
    dialect.preamble_lines = static_cast<std::uint32_t>(overrides.preamble_lines);
  }
  if (overrides.header_lines >= 0) {
    dialect.header_lines = static_cast<std::uint32_t>(overrides.header_lines);
  }
  const bool is_given = overrides.header_lines >= 0;
  dialect.verdicts.push_back(
      {.what = "header",
       .choice =
           dialect.header_lines == 0
               ? "none"
               : fmt::format("{} line{} from line {}", dialect.header_lines,
                             dialect.header_lines == 1 ? "" : "s", dialect.preamble_lines + 1),
       .confidence = is_given ? 1 : guess.confidence,
       .runner_up = is_given ? "" : guess.runner_up,
       .reason = is_given ? "given" : guess.reason});
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
  if (const std::string named = take_separator_line(text); !named.empty()) {
    dialect.preamble_lines = 1;
    if (known.delimiter.empty()) known.delimiter = named;
  }
  const Structure structure = guess_structure(text, known);
  note_structure(text, structure, !known.delimiter.empty(), dialect);
  // Sentences have commas too, but not the same number in every line.
  const bool is_loose = structure.best.width <= 3 && structure.best.consistency < 0.8;
  const bool may_be_prose = structure.best.width <= 1 || dialect.delimiter == " " || is_loose;
  if (may_be_prose && known.delimiter.empty()) HOMEROOM_TRY(refuse_prose(text));
  note_header(guess_header(text, structure.best.supposed, structure.best.width), overrides,
              dialect);
  return dialect;
}

}  // namespace homeroom::sniff
