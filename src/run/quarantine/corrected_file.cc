// What a person sends back: reading it, and telling edits from what a spreadsheet does by itself.

#include <algorithm>
#include <charconv>
#include <cmath>
#include <initializer_list>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "run/quarantine/quarantine_file.h"
#include "run/quarantine/quarantined_rows.h"
#include "run/reading/input_stream.h"
#include "sniff/sniff.h"

namespace homeroom::run {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

bool is_formula_start(char c) {
  return c == '=' || c == '+' || c == '-' || c == '@' || c == '\t' || c == '\r';
}

// A number without zeros that say nothing: "007" is "7", "92.50" is "92.5". Nothing for other text.
std::optional<std::string> plain_number(std::string_view text) {
  std::string sign;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    if (text[0] == '-') sign = "-";
    text.remove_prefix(1);
  }
  const std::size_t point = std::min(text.find('.'), text.size());
  std::string_view whole = text.substr(0, point);
  std::string_view fraction = point < text.size() ? text.substr(point + 1) : std::string_view();
  const bool is_number = !whole.empty() && std::ranges::all_of(whole, is_digit) &&
                         std::ranges::all_of(fraction, is_digit) &&
                         (point == text.size() || !fraction.empty());
  if (!is_number) return std::nullopt;
  while (whole.size() > 1 && whole[0] == '0') whole.remove_prefix(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.remove_suffix(1);
  return fraction.empty() ? sign + std::string(whole)
                          : fmt::format("{}{}.{}", sign, whole, fraction);
}

// "03/04/2025" is "3/4/2025". Nothing for what is not three numbers with one sign between them.
std::optional<std::string> plain_date(std::string_view text) {
  const std::size_t at = text.find_first_of("/.-");
  if (at == std::string_view::npos) return std::nullopt;
  const auto parts = split(text, text[at]);
  if (parts.size() != 3) return std::nullopt;
  std::string plain;
  for (std::string_view part : parts) {
    if (part.empty() || !std::ranges::all_of(part, is_digit)) return std::nullopt;
    while (part.size() > 1 && part[0] == '0') part.remove_prefix(1);
    plain.append(plain.empty() ? "" : std::string(1, text[at])).append(part);
  }
  return plain;
}

// "1.23457E+11" for a number of so many digits that begins like it.
bool is_rounded(std::string_view original, std::string_view given) {
  const std::size_t exponent_at = given.find_first_of("eE");
  if (exponent_at == std::string_view::npos || original.size() < 12) return false;
  if (!std::ranges::all_of(original, is_digit)) return false;
  double value = 0;
  double exact = 0;
  const auto read = std::from_chars(given.data(), given.data() + given.size(), value);
  std::from_chars(original.data(), original.data() + original.size(), exact);
  if (read.ec != std::errc() || read.ptr != given.data() + given.size()) return false;
  return std::abs(value - exact) <= 1e-2 * exact;
}

// True where a spreadsheet writes `given` for a cell that it read as `original`.
bool is_spreadsheet_form(std::string_view original, std::string_view given) {
  const std::string_view before = trim(original);
  const std::string_view after = trim(given);
  if (before == after) return true;
  if (equals_ignoring_case(before, after)) {
    return equals_ignoring_case(before, "true") || equals_ignoring_case(before, "false");
  }
  if (is_rounded(before, after)) return true;
  // It only takes zeros away: who adds some has mended an id.
  if (after.size() >= before.size()) return false;
  const auto number = plain_number(before);
  if (number && number == plain_number(after)) return true;
  const auto date = plain_date(before);
  return date && date == plain_date(after);
}

// Positions of our own columns; the others are the file's.
struct Columns {
  std::map<std::string, std::size_t, std::less<>> own;
  std::vector<std::size_t> of_file;
};

Columns find_columns(std::span<const std::string> header) {
  Columns columns;
  for (std::size_t i = 0; i < header.size(); ++i) {
    const std::string name(trim(header[i]));
    const bool is_own = std::ranges::find(kQuarantineColumns, name) != std::end(kQuarantineColumns);
    if (is_own) {
      columns.own.emplace(name, i);
    } else {
      columns.of_file.push_back(i);
    }
  }
  return columns;
}

Error no_line(std::size_t record) {
  return {.code = ErrorCode::kInvalidInput,
          .message = fmt::format("record {} has no line number in _line", record),
          .hint = "leave the columns that begin with _ as they were exported",
          .detail = {},
          .position = {}};
}

std::string_view cell_of(const Batch& batch, RowIndex row, const std::vector<Cell>* ragged,
                         std::size_t column) {
  if (ragged == nullptr) return batch.columns[column][row].text();
  return column < ragged->size() ? (*ragged)[column].text() : std::string_view();
}

// Adds the rows of a batch. Spreadsheets leave empty cells out at the end of a record.
Status add_rows(const Batch& batch, const Columns& columns, CorrectedFile& file) {
  auto ragged = batch.ragged.begin();
  for (RowIndex row = 0; row < batch.num_rows(); ++row) {
    const std::vector<Cell>* cells = nullptr;
    if (ragged != batch.ragged.end() && ragged->row == row) cells = &(ragged++)->cells;
    const auto text = [&](std::size_t column) { return cell_of(batch, row, cells, column); };
    const std::string_view digits = trim(text(columns.own.find("_line")->second));
    SentRow sent;
    const auto end = digits.data() + digits.size();
    const auto read = std::from_chars(digits.data(), end, sent.line);
    if (digits.empty() || read.ec != std::errc() || read.ptr != end) {
      return tl::unexpected(no_line(file.rows.size() + 1));
    }
    for (const std::size_t column : columns.of_file) sent.cells.emplace_back(text(column));
    const auto name = columns.own.find("_file");
    if (file.object_name.empty() && name != columns.own.end()) {
      file.object_name = trim(text(name->second));
    }
    file.rows.push_back(std::move(sent));
  }
  return {};
}

// Where each column of the quarantine stands in the corrected file.
Result<std::vector<std::size_t>> match_columns(const QuarantinedRows& open,
                                               const CorrectedFile& corrected) {
  std::vector<std::size_t> positions;
  const auto& header = corrected.header;
  for (std::size_t i = 0; i < open.header.size(); ++i) {
    const auto is_it = [&](const std::string& name) { return trim(name) == trim(open.header[i]); };
    if (i < header.size() && is_it(header[i])) {
      positions.push_back(i);
      continue;
    }
    const auto found = std::ranges::find_if(header, is_it);
    if (found == header.end()) {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("the corrected file has no column {}", open.header[i]),
                  "keep all columns as they were exported, and edit cells only");
    }
    positions.push_back(static_cast<std::size_t>(found - header.begin()));
  }
  return positions;
}

Issue told(LineNumber line, std::string message, std::string suggestion) {
  return {.line = line,
          .column = {},
          .rule = "quarantine_fix",
          .severity = Severity::kWarning,
          .message = std::move(message),
          .suggestion = std::move(suggestion)};
}

}  // namespace

bool is_quarantine_header(std::span<const std::string> header) {
  return std::ranges::all_of(
      std::initializer_list<std::string_view>{"_line", "_column", "_rule", "_reason"},
      [&](std::string_view name) {
        return std::ranges::any_of(header,
                                   [&](const std::string& column) { return trim(column) == name; });
      });
}

std::string guarded_cell(std::string_view text) {
  const std::size_t start = std::min(text.find_first_not_of('\''), text.size());
  const bool is_guarded =
      start < text.size() && is_formula_start(text[start]) && !(start == 0 && plain_number(text));
  return is_guarded ? "'" + std::string(text) : std::string(text);
}

std::string corrected_cell(const std::string& original, const std::string& given) {
  if (given == original || given == guarded_cell(original)) return original;
  if (is_spreadsheet_form(original, given)) return original;
  const std::size_t start = std::min(given.find_first_not_of('\''), given.size());
  const bool is_guarded = start > 0 && start < given.size() && is_formula_start(given[start]);
  return is_guarded ? given.substr(1) : given;
}

Result<CorrectedFile> read_corrected(const std::filesystem::path& path, const Settings& settings) {
  const FileHead head = HOMEROOM_TRY(read_head(path, settings.decompress_limits));
  GivenDialect given = settings.overrides;
  if (given.header_lines < 0) given.header_lines = 1;
  const Dialect dialect = HOMEROOM_TRY(sniff::sniff(head.bytes, head.is_whole, given));
  const auto stream =
      HOMEROOM_TRY(InputStream::open(path, dialect, settings, InputStream::Purpose::kHashAndCopy));
  const std::vector<std::string>& header = stream->reader().header();
  if (!is_quarantine_header(header)) {
    return fail(ErrorCode::kInvalidInput, "this is no quarantine file: it has no column _line",
                "take the file that `homeroom quarantine export` writes, edit its cells, and save "
                "it as CSV");
  }
  const Columns columns = find_columns(header);
  CorrectedFile file;
  for (const std::size_t column : columns.of_file) file.header.push_back(header[column]);
  Batch batch;
  while (HOMEROOM_TRY(stream->reader().next(batch))) {
    HOMEROOM_TRY(add_rows(batch, columns, file));
  }
  file.sha256 = HOMEROOM_TRY(stream->finish());
  if (file.object_name.empty()) file.object_name = path.stem().string();
  return file;
}

Result<std::vector<SentRow>> merge_corrections(const QuarantinedRows& open,
                                               const CorrectedFile& corrected,
                                               std::vector<Issue>& issues) {
  const std::vector<std::size_t> positions = HOMEROOM_TRY(match_columns(open, corrected));
  std::map<LineNumber, std::vector<std::string>> merged;
  std::map<LineNumber, std::string> contradicted;
  for (const SentRow& sent : corrected.rows) {
    const QuarantinedRow* row = open.find(sent.line);
    if (row == nullptr) continue;
    auto& cells = merged.try_emplace(sent.line, row->cells).first->second;
    for (std::size_t i = 0; i < positions.size(); ++i) {
      std::string cell = corrected_cell(row->cells[i], sent.cells[positions[i]]);
      if (cell == row->cells[i] || cell == cells[i]) continue;
      if (cells[i] != row->cells[i]) contradicted[sent.line] = open.header[i];
      cells[i] = std::move(cell);
    }
  }
  for (const auto& [line, column] : contradicted) {
    issues.push_back(
        told(line, fmt::format("two records of this line have different corrections in {}", column),
             "write the same value in both, and send the file again"));
    merged.erase(line);
  }
  std::vector<SentRow> rows;
  for (auto& [line, cells] : merged) {
    const QuarantinedRow& row = *open.find(line);
    // Cells in the wrong columns stay there until somebody has moved them.
    const bool is_ragged = std::ranges::any_of(
        row.problems, [](const Issue& problem) { return problem.rule == "field_count"; });
    if (is_ragged && cells == row.cells) continue;
    rows.push_back({.line = line, .cells = std::move(cells)});
  }
  return rows;
}

}  // namespace homeroom::run
