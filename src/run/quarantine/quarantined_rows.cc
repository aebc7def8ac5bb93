#include "run/quarantine/quarantined_rows.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "parse/batch_reader.h"
#include "run/canonical_reader.h"
#include "run/quarantine/quarantine_file.h"

namespace homeroom::run {
namespace {

constexpr std::size_t kNumOwnColumns = std::size(kQuarantineColumns);

std::optional<LineNumber> parse_line(std::string_view text) {
  LineNumber line = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), line);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return line;
}

Error no_quarantine_file(const std::string& key) {
  return {.code = ErrorCode::kInvalidInput,
          .message = fmt::format("{} is no quarantine file", key),
          .hint = "send its file through `homeroom run` again",
          .detail = {},
          .position = {}};
}

// Position, among the columns that are ours, of the file's.
std::size_t own_position(std::size_t num_columns, std::string_view name) {
  const auto* found = std::ranges::find(kQuarantineColumns, name);
  return num_columns + static_cast<std::size_t>(found - std::begin(kQuarantineColumns));
}

// What the load added stands behind what cleaning wrote, and may be of the same lines.
void join_lines(std::vector<QuarantinedRow>& rows) {
  std::ranges::stable_sort(rows, {}, &QuarantinedRow::line);
  std::vector<QuarantinedRow> sorted = std::exchange(rows, {});
  for (QuarantinedRow& row : sorted) {
    if (rows.empty() || rows.back().line != row.line) {
      rows.push_back(std::move(row));
    } else {
      std::ranges::move(row.problems, std::back_inserter(rows.back().problems));
    }
  }
}

}  // namespace

const QuarantinedRow* QuarantinedRows::find(LineNumber line) const {
  const auto found = std::ranges::lower_bound(rows, line, {}, &QuarantinedRow::line);
  return found == rows.end() || found->line != line ? nullptr : &*found;
}

Result<QuarantinedRows> read_quarantine(const io::Store& store, const std::string& key,
                                        std::span<const LineNumber> without) {
  QuarantinedRows read;
  if (!store.contains(key)) return read;
  const std::unique_ptr<ByteSource> source = HOMEROOM_TRY(store.read(key));
  const auto reader = HOMEROOM_TRY(open_canonical(*source));
  const std::vector<std::string>& header = reader->header();
  // Files written before there was a _file end one column earlier.
  const std::size_t num_own = kNumOwnColumns - (header.back() == "_file" ? 0 : 1);
  if (header.size() < num_own || header[header.size() - num_own] != kQuarantineColumns[0]) {
    return tl::unexpected(no_quarantine_file(key));
  }
  const std::size_t num_columns = header.size() - num_own;
  read.header.assign(header.begin(), header.begin() + static_cast<std::ptrdiff_t>(num_columns));
  Batch batch;
  while (HOMEROOM_TRY(reader->next(batch))) {
    for (RowIndex row = 0; row < batch.num_rows(); ++row) {
      const auto own = [&](std::string_view name) {
        return batch.columns[own_position(num_columns, name)][row].text();
      };
      const auto line = parse_line(own("_line"));
      if (!line) return tl::unexpected(no_quarantine_file(key));
      if (std::ranges::binary_search(without, *line)) continue;
      if (read.rows.empty() || read.rows.back().line != *line) {
        QuarantinedRow& added = read.rows.emplace_back();
        added.line = *line;
        for (std::size_t i = 0; i < num_columns; ++i) {
          added.cells.emplace_back(batch.columns[i][row].text());
        }
        added.surplus = own("_surplus");
      }
      read.rows.back().problems.push_back({.line = *line,
                                           .column = std::string(own("_column")),
                                           .rule = std::string(own("_rule")),
                                           .severity = Severity::kError,
                                           .message = std::string(own("_reason")),
                                           .suggestion = std::string(own("_suggestion"))});
    }
  }
  join_lines(read.rows);
  return read;
}

Status write_quarantine(const io::Store& store, const std::string& key,
                        const QuarantinedRows& rows) {
  if (rows.rows.empty()) return store.remove(key);
  QuarantineWriter writer = HOMEROOM_TRY(QuarantineWriter::create(store, key, rows.header));
  std::vector<Cell> fields;
  for (const QuarantinedRow& row : rows.rows) {
    const std::string line = std::to_string(row.line);
    for (const Issue& problem : row.problems) {
      fields.clear();
      for (const std::string& cell : row.cells) fields.push_back(value_cell(cell));
      for (const std::string* own : {&line, &problem.column, &problem.rule, &problem.message,
                                     &problem.suggestion, &row.surplus}) {
        fields.push_back(value_cell(*own));
      }
      HOMEROOM_TRY(writer.add_record(fields));
    }
  }
  return writer.commit();
}

}  // namespace homeroom::run
