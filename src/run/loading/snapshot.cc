#include "run/loading/snapshot.h"

#include <algorithm>
#include <cstdint>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "catalog/ledger.h"
#include "clean/cleaner.h"
#include "run/loading/load_checks.h"
#include "run/quarantine/quarantined_rows.h"
#include "run/reading/input_stream.h"
#include "shape/shape.h"

namespace homeroom::run {
namespace {

constexpr std::string_view kRule = "snapshot";

// A small school may lose some rows in a night without that being half a file.
constexpr std::uint64_t kFewRows = 10;

bool is_key(const PreparedFile& file, const std::string& column) {
  const auto& key = file.plan.table.key;
  return std::ranges::find(key, column) != key.end();
}

// Lines whose key is as sure as that of a good row: what is wrong with them is elsewhere.
// Nothing when a line does not say its key.
std::optional<std::vector<LineNumber>> lines_with_key(const PreparedFile& file,
                                                      const QuarantinedRows& quarantined) {
  std::vector<LineNumber> lines;
  for (const QuarantinedRow& row : quarantined.rows) {
    for (const Issue& problem : row.problems) {
      const bool is_elsewhere =
          !problem.column.empty() && !is_key(file, problem.column) && problem.rule != "field_count";
      if (!is_elsewhere && problem.rule != "unique_key") return std::nullopt;
    }
    lines.push_back(row.line);
  }
  return lines;
}

load::KeyValues key_of(const PreparedFile& file, const shape::ShapedBatch& shaped, RowIndex row) {
  load::KeyValues key;
  for (const std::string& part : file.plan.table.key) {
    const auto& columns = file.plan.table.columns;
    const auto found = std::ranges::find(columns, part, &TableColumn::name);
    std::optional<std::string>& value = key.emplace_back();
    if (found == columns.end()) continue;
    const Cell& cell = (*shaped.columns[static_cast<std::size_t>(found - columns.begin())])[row];
    if (cell.has_value()) value = cell.text();
  }
  return key;
}

// The keys of quarantined rows: the file is read once more.
Result<std::vector<load::KeyValues>> keys_of_lines(const PreparedFile& file,
                                                   const Settings& settings,
                                                   const std::vector<LineNumber>& lines) {
  const auto stream = HOMEROOM_TRY(
      InputStream::open(file.input.path, file.dialect, settings, InputStream::Purpose::kReadAgain));
  if (stream->stamp() != file.stamp) return tl::unexpected(changed_while_read(file.input.path));
  auto cleaner = HOMEROOM_TRY(clean::Cleaner::create(file.contexts, clean::KeepChanges::kNo));
  const shape::Shaper shaper(file.plan);
  std::vector<load::KeyValues> keys;
  Batch batch;
  clean::CleanedBatch cleaned;
  shape::ShapedBatch shaped;
  while (HOMEROOM_TRY(stream->reader().next(batch))) {
    cleaner.clean(batch, cleaned);
    shaper.shape(batch, shaped);
    for (RowIndex row = 0; row < shaped.num_rows; ++row) {
      const LineNumber line = batch.lines[shaped.source_row(row)];
      if (std::ranges::binary_search(lines, line)) keys.push_back(key_of(file, shaped, row));
    }
  }
  return keys;
}

}  // namespace

std::optional<load::SnapshotScope> SnapshotClosing::scope_of(const PreparedFile& file) {
  const contract::Contract* contract = file.contract();
  const bool is_snapshot =
      contract != nullptr && contract->write_mode == contract::WriteMode::kSnapshot;
  if (!is_snapshot || file.input.place.is_delta) return std::nullopt;
  return load::SnapshotScope{.columns = contract->scope, .source = file.input.source};
}

Status SnapshotClosing::begin() {
  if (!scope_) return {};
  closes_ = HOMEROOM_TRY(loader_->note_present(*scope_));
  return {};
}

Status SnapshotClosing::judge(const io::Store& store, const Settings& settings,
                              const std::string& quarantine_key, FileReport& report) {
  if (!closes_) return {};
  if (!quarantine_key.empty()) {
    const auto lines =
        lines_with_key(*file_, HOMEROOM_TRY(read_quarantine(store, quarantine_key, {})));
    if (!lines) {
      closes_ = false;
      report.add_issue({.line = 0,
                        .column = {},
                        .rule = std::string(kRule),
                        .severity = Severity::kWarning,
                        .message = "nothing that this file lacks is closed: a quarantined row does "
                                   "not say which row it is",
                        .suggestion = "mend the quarantined rows and send the file again"});
      return {};
    }
    const auto keys = HOMEROOM_TRY(keys_of_lines(*file_, settings, *lines));
    HOMEROOM_TRY(loader_->note_quarantined(keys));
  }
  const double least = file_->contract()->min_snapshot_fraction;
  for (const load::MissingRows& scope : HOMEROOM_TRY(loader_->find_missing(*scope_))) {
    const auto num_left = static_cast<double>(scope.num_standing - scope.num_missing);
    const bool is_half =
        scope.num_missing >= kFewRows && num_left < least * static_cast<double>(scope.num_standing);
    if (!is_half) continue;
    const std::string reason = fmt::format("the file lacks {} of the {} that stand for {}",
                                           with_thousands(scope.num_missing),
                                           counted(scope.num_standing, "row"), scope.scope);
    const std::string hint =
        "a file of this data set is all there is of its scope, and half of one closes the other "
        "half: check the export; `homeroom holds release` closes them all the same";
    hold_by(kRule, reason, hint, report);
    return {};
  }
  return {};
}

Status SnapshotClosing::close(FileReport& report) {
  if (!closes_) return {};
  report.table_rows.closed += HOMEROOM_TRY(loader_->close_missing());
  catalog::Ledger ledger(*connection_);
  for (const load::SettledLines& settled : HOMEROOM_TRY(loader_->end_missing_pending(*scope_))) {
    HOMEROOM_TRY(ledger.settle(settled.run_id, catalog::SettledFrom::kPending,
                               file_->plan.table.name, {.skipped = settled.lines_superseded}, {}));
  }
  return {};
}

}  // namespace homeroom::run
