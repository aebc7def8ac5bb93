#include "run/quarantine/resent_file.h"

#include <algorithm>
#include <charconv>
#include <memory>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "run/canonical_reader.h"
#include "run/cleaning/clean_file.h"
#include "run/reading/dialect_json.h"
#include "run/reading/input_stream.h"
#include "table/csv_writer.h"

namespace homeroom::run {
namespace {

/// The lines of the patched file that sent rows begin on, and their lines in the raw file.
using LineMap = std::map<LineNumber, LineNumber>;

Error changed_raw(const catalog::RunRecord& run, std::string_view why) {
  return {.code = ErrorCode::kInvalidInput,
          .message = fmt::format("the rows of run {} cannot be sent again: {}", run.run_id, why),
          .hint = "send the whole file through `homeroom run` again",
          .detail = {},
          .position = {}};
}

/// Writes the raw file as canonical CSV with the sent rows in place of those that were wrong.
class PatchedFile {
 public:
  PatchedFile(CsvWriter& csv, std::span<const SentRow> sent, std::span<const LineNumber> left_out)
      : csv_(&csv), sent_(sent), left_out_(left_out) {}

  Status header(std::span<const std::string> names) {
    for (const std::string& name : names) field(name);
    return end_record();
  }

  Status batch(const Batch& batch) {
    for (RowIndex row = 0; row < batch.num_rows(); ++row) {
      const LineNumber line = batch.lines[row];
      while (!sent_.empty() && sent_.front().line < line) sent_ = sent_.subspan(1);
      if (!sent_.empty() && sent_.front().line == line) {
        lines_.emplace(line_, line);
        for (const std::string& cell : sent_.front().cells) field(cell);
      } else if (std::ranges::binary_search(left_out_, line)) {
        continue;
      } else {
        for (const auto& column : batch.columns) field(column[row].text());
      }
      HOMEROOM_TRY(end_record());
    }
    return {};
  }

  [[nodiscard]] const LineMap& lines() const { return lines_; }

 private:
  void field(std::string_view text) {
    csv_->field(text);
    line_ends_ += static_cast<std::uint64_t>(std::ranges::count(text, '\n'));
  }

  Status end_record() {
    line_ += 1 + std::exchange(line_ends_, 0);
    return csv_->end_record();
  }

  CsvWriter* csv_;
  std::span<const SentRow> sent_;
  std::span<const LineNumber> left_out_;
  LineNumber line_ = 1;
  std::uint64_t line_ends_ = 0;
  LineMap lines_;
};

Result<LineMap> write_patched(const io::Store& scratch, const Settings& settings,
                              const std::filesystem::path& raw, const Dialect& dialect,
                              std::span<const SentRow> sent, std::span<const LineNumber> left_out) {
  const auto object = HOMEROOM_TRY(scratch.create("raw/patched.csv"));
  CsvWriter csv(*object);
  PatchedFile patched(csv, sent, left_out);
  const auto stream =
      HOMEROOM_TRY(InputStream::open(raw, dialect, settings, InputStream::Purpose::kReadAgain));
  if (stream->reader().has_header()) HOMEROOM_TRY(patched.header(stream->reader().header()));
  Batch batch;
  while (HOMEROOM_TRY(stream->reader().next(batch))) HOMEROOM_TRY(patched.batch(batch));
  HOMEROOM_TRY(csv.finish());
  HOMEROOM_TRY(object->commit());
  return patched.lines();
}

GivenDialect canonical_dialect(bool has_header) {
  GivenDialect given;
  given.delimiter = ",";
  given.quote = '"';
  given.escape = '"';
  given.encoding = "utf-8";
  given.preamble_lines = 0;
  given.header_lines = has_header ? 1 : 0;
  given.units_lines = 0;
  return given;
}

std::optional<LineNumber> raw_line(const LineMap& lines, std::string_view text) {
  LineNumber line = 0;
  std::from_chars(text.data(), text.data() + text.size(), line);
  const auto found = lines.find(line);
  return found == lines.end() ? std::nullopt : std::optional(found->second);
}

// The sent rows of a clean object, with their lines in the raw file, as an object of `store`.
Status keep_good(const io::Store& store, const io::Store& scratch, const CleanObject& object,
                 const LineMap& lines, const std::string& key, ResentRows& rows) {
  const std::unique_ptr<ByteSource> source = HOMEROOM_TRY(scratch.read(object.key));
  const auto reader = HOMEROOM_TRY(open_canonical(*source));
  const std::size_t line_column = reader->header().size() - 2;
  std::unique_ptr<io::ObjectWriter> kept;
  std::optional<CsvWriter> csv;
  Batch batch;
  while (HOMEROOM_TRY(reader->next(batch))) {
    for (RowIndex row = 0; row < batch.num_rows(); ++row) {
      const auto line = raw_line(lines, batch.columns[line_column][row].text());
      if (!line) continue;
      if (!csv) {
        kept = HOMEROOM_TRY(store.create(key));
        csv.emplace(*kept);
        for (const std::string& name : reader->header()) csv->field(name);
        HOMEROOM_TRY(csv->end_record());
      }
      const std::string number = std::to_string(*line);
      for (std::size_t i = 0; i < batch.num_columns(); ++i) {
        csv->field(i == line_column ? std::string_view(number) : batch.columns[i][row].text());
      }
      HOMEROOM_TRY(csv->end_record());
      rows.good.push_back(*line);
    }
  }
  if (!csv) return {};
  HOMEROOM_TRY(csv->finish());
  HOMEROOM_TRY(kept->commit());
  rows.objects.push_back({.key = key, .school_year = object.school_year});
  return {};
}

Status sort_out(const io::Store& store, const io::Store& scratch, const CleanedFile& cleaned,
                const catalog::RunRecord& run, const LineMap& lines, ResentRows& rows) {
  const std::string name = run.quarantine_key.substr(run.quarantine_key.rfind('/') + 1);
  for (const CleanObject& object : cleaned.objects) {
    const std::string folder = object.key.substr(0, object.key.rfind('/') + 1);
    const std::string key = fmt::format("{}{}-fix{}.csv", folder, name.substr(0, name.size() - 4),
                                        rows.file.sha256.substr(0, 8));
    HOMEROOM_TRY(keep_good(store, scratch, object, lines, key, rows));
  }
  std::ranges::sort(rows.good);
  rows.good.erase(std::ranges::unique(rows.good).begin(), rows.good.end());
  const QuarantinedRows bad = HOMEROOM_TRY(read_quarantine(scratch, cleaned.quarantine_key, {}));
  for (const QuarantinedRow& row : bad.rows) {
    const auto line = lines.find(row.line);
    if (line == lines.end()) continue;
    auto& problems = rows.bad[line->second];
    for (Issue problem : row.problems) {
      problem.line = line->second;
      problems.push_back(std::move(problem));
    }
  }
  for (const auto& [patched, line] : lines) {
    const bool is_told = rows.bad.contains(line) || std::ranges::binary_search(rows.good, line);
    if (!is_told) rows.duplicate.push_back(line);
  }
  return {};
}

}  // namespace

Result<ResentRows> clean_resent(const io::Store& store, const Settings& settings,
                                const catalog::RunRecord& run, std::span<const SentRow> sent,
                                std::span<const LineNumber> left_out) {
  const auto dialect = dialect_from_json(run.dialect_json);
  if (!dialect) return tl::unexpected(changed_raw(run, "how its file is written is not known"));
  const io::Store scratch = HOMEROOM_TRY(io::Store::open(store.scratch() / "resent"));
  const LineMap lines = HOMEROOM_TRY(
      write_patched(scratch, settings, store.root() / run.raw_key, *dialect, sent, left_out));
  if (lines.size() != sent.size()) {
    return tl::unexpected(changed_raw(run, "the archived file does not have all of their lines"));
  }
  const std::filesystem::path patched = scratch.root() / "raw/patched.csv";
  const std::string known_as = path_of_part(run.path, run.dataset);
  const source::InputFile input{.path = patched,
                                .source = run.source,
                                .size_bytes = 0,
                                .location = known_as,
                                .known_as = known_as};
  Settings as_then = settings;
  as_then.overrides = canonical_dialect(dialect->header_lines > 0);
  as_then.dataset = settings.contracts->find(run.dataset) != nullptr ? run.dataset : "";
  as_then.is_released = true;  // the file was loaded: how many of its rows are bad is known
  FileReport report;
  ResentRows rows;
  Remembered remembered;
  remembered.date_order = order_in_ledger(run.dialect_json);
  rows.file = HOMEROOM_TRY(prepare_file(input, as_then, nullptr, report, remembered));
  // The contract gives the layout by the file's name, and it fits no row that is sent as CSV.
  if (!rows.file.dialect.layout.empty()) {
    return tl::unexpected(changed_raw(run, "its file has columns of fixed width"));
  }
  if (rows.file.dataset() != run.dataset) {
    return tl::unexpected(
        changed_raw(run, fmt::format("the file would now be taken for {}", rows.file.dataset())));
  }
  if (report.status == FileStatus::kHeld) return tl::unexpected(changed_raw(run, report.reason));
  rows.table = rows.file.plan.table;
  const CleanedFile cleaned =
      HOMEROOM_TRY(clean_file(rows.file, as_then, {.store = &scratch}, report));
  if (report.status == FileStatus::kHeld) return tl::unexpected(changed_raw(run, report.reason));
  HOMEROOM_TRY(sort_out(store, scratch, cleaned, run, lines, rows));
  if (rows.duplicate.size() > report.rows.duplicate) {
    return fail(ErrorCode::kInternal, "rows sent again are neither loaded nor told of",
                "this is a defect of Homeroom: please report it");
  }
  return rows;
}

}  // namespace homeroom::run
