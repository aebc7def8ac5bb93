#include "load/load.h"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/failpoint.h"
#include "base/text.h"
#include "load/copy_encoder.h"
#include "load/copy_sender.h"
#include "load/days_off.h"
#include "load/indexes.h"
#include "load/key_values.h"
#include "load/late_rows.h"
#include "load/merge.h"
#include "load/merge_sql.h"
#include "load/partitions.h"
#include "load/pending.h"
#include "load/references.h"
#include "load/snapshot.h"
#include "load/statistics.h"
#include "load/target_table.h"

namespace homeroom::load {
namespace {

// What is sent at once: enough to keep the server busy, little enough to keep memory flat.
constexpr std::size_t kSendBytes = 256 * 1024;

// Sorts and hashes of a merge stay in memory; long conditions are not worth compiling.
constexpr const char* kSettings =
    "set local role homeroom_owner; set local work_mem = '128MB'; "
    "set local maintenance_work_mem = '128MB'; set local jit = off";

// Whoever reads an empty table is done soon, or keeps it.
constexpr const char* kTakeEmptyTable =
    "savepoint homeroom_place; set local lock_timeout = '2s'; truncate {}; {}"
    "set local lock_timeout = 0; release savepoint homeroom_place";
constexpr std::string_view kLockNotAvailable = "55P03";

// True when the table is ours to fill: COPY then need not log its rows nor look at them again.
Result<bool> take_empty_table(io::Connection& connection, const TargetTable& target,
                              const Indexes& indexes) {
  const auto taken = connection.execute(
      fmt::format(fmt::runtime(kTakeEmptyTable), data_table(target), indexes.drop_sql));
  if (taken) return true;
  if (connection.last_sqlstate() != kLockNotAvailable) return tl::unexpected(taken.error());
  HOMEROOM_TRY(connection.execute("rollback to savepoint homeroom_place"));
  return false;
}

std::string stage_column_sql(const TargetColumn& column) {
  return fmt::format("{} {}{}", io::quote_identifier(column.name), to_string(column.type),
                     column.is_by_bytes ? " collate \"C\"" : "");
}

}  // namespace

struct Loader::State {
  io::Connection* connection = nullptr;
  TargetTable target;
  Mode mode = Mode::kUpsert;
  MergeInput merge;
  Indexes indexes;  // of a table that is filled in place
  CopyEncoder encoder{{}};
  CopyBlock block;
  std::optional<CopySender> sender;
  std::string copy_sql;
  bool is_copying = false;
  bool is_staged = false;
  bool has_newer = false;  // keys were noted
  LineNumber last_line = 0;
  bool is_ascending = true;

  [[nodiscard]] Status begin_copy();
  [[nodiscard]] Status send();
  [[nodiscard]] Status end_copy();
  [[nodiscard]] Status finish_staging();
  void count_line(LineNumber line);
};

Status Loader::State::begin_copy() {
  if (is_copying) return {};
  HOMEROOM_FAILPOINT("copy_first");
  HOMEROOM_TRY(connection->begin_copy(copy_sql));
  is_copying = true;
  return {};
}

Status Loader::State::send() {
  HOMEROOM_FAILPOINT("copy_middle");
  HOMEROOM_TRY(begin_copy());
  if (!sender) sender.emplace(*connection);
  block.size = encoder.swap_bytes(block.bytes);
  return sender->send(block);
}

Status Loader::State::end_copy() {
  encoder.add_trailer();
  HOMEROOM_TRY(begin_copy());
  if (sender) HOMEROOM_TRY(sender->finish());
  sender.reset();
  HOMEROOM_TRY(connection->write_copy(encoder.bytes()));
  encoder.clear();
  HOMEROOM_FAILPOINT("copy_end");
  is_copying = false;
  const std::uint64_t copied = HOMEROOM_TRY(connection->end_copy());
  if (copied == merge.num_rows) return {};
  return fail(ErrorCode::kInternal,
              fmt::format("{} rows were sent, the database took {}", merge.num_rows, copied),
              "this is a defect of Homeroom: please report it");
}

// Once: from then on the rows stand in the staging table.
Status Loader::State::finish_staging() {
  if (is_staged || merge.num_rows == 0) return {};
  HOMEROOM_TRY(end_copy());
  is_staged = true;
  if (!is_ascending) {
    merge.num_lines = HOMEROOM_TRY(count_lines(*connection, staging_table(merge)));
  }
  for (const EncodedColumn& column : encoder.columns()) {
    if (column.num_nulls > 0) merge.with_nulls.push_back(column.name);
    if (column.num_nulls == merge.num_rows) merge.without_values.push_back(column.name);
  }
  return {};
}

// Lines mostly come in order; then different ones are counted as they pass.
void Loader::State::count_line(LineNumber line) {
  if (line != last_line) ++merge.num_lines;
  if (line < last_line) is_ascending = false;
  last_line = line;
}

Loader::Loader(std::unique_ptr<State> state) : state_(std::move(state)) {}

Loader::Loader(Loader&&) noexcept = default;
Loader& Loader::operator=(Loader&&) noexcept = default;

Loader::~Loader() {
  // A load that was given up leaves the session usable; the caller undoes the transaction.
  if (state_ && state_->is_copying) {
    state_->sender.reset();
    if (const Status given_up = state_->connection->cancel_copy("load given up"); !given_up) return;
  }
}

Result<Loader> Loader::begin(io::Connection& connection, const TableSchema& table,
                             std::int64_t run_id, Mode mode, std::int64_t previous_run,
                             Place place) {
  HOMEROOM_TRY(connection.execute(kSettings));
  auto state = std::make_unique<State>();
  state->connection = &connection;
  state->mode = mode;
  state->target = HOMEROOM_TRY(read_target(connection, table));
  if (place == Place::kTable && !state->target.partition_by.empty()) {
    HOMEROOM_TRY(create_filling_table(connection, state->target));
  } else if (place == Place::kTable) {
    state->indexes = HOMEROOM_TRY(read_indexes(connection, state->target));
    const bool is_ours = HOMEROOM_TRY(take_empty_table(connection, state->target, state->indexes));
    if (!is_ours) place = Place::kTemporary;
  }
  state->merge = {.target = &state->target,
                  .place = place,
                  .columns = {},
                  .with_nulls = {},
                  .without_values = {},
                  .run_id = run_id,
                  .previous_run = previous_run,
                  .num_rows = 0,
                  .num_lines = 0};
  std::vector<EncodedColumn> encoded;
  std::vector<std::string> staged;
  const auto stage = [&](const TargetColumn& column) {
    state->merge.columns.push_back(column.name);
    staged.push_back(stage_column_sql(column));
  };
  for (const TableColumn& column : table.columns) {
    const TargetColumn* target = state->target.find(column.name);
    if (target == nullptr) {
      return fail(ErrorCode::kInternal,
                  fmt::format("data.{} has no column {}", table.name, column.name),
                  "this is a defect of Homeroom: please report it");
    }
    if (!column.part_of.empty()) state->merge.whole_of.emplace(column.name, column.part_of);
    const TargetColumn* flag = state->target.find(suppressed_name(column.name));
    encoded.push_back({.name = column.name, .type = target->type, .has_flag = flag != nullptr});
    stage(*target);
    if (flag != nullptr) stage(*flag);
  }
  staged.emplace_back("_line bigint");
  const std::string staging = staging_table(state->merge);
  if (place == Place::kTable) {
    state->encoder = CopyEncoder(std::move(encoded), run_id);
    state->copy_sql = fmt::format("copy {} ({}, _line, _run) from stdin (format binary, freeze)",
                                  staging, column_list(state->merge.columns));
  } else {
    state->encoder = CopyEncoder(std::move(encoded));
    state->copy_sql = fmt::format("copy {} from stdin (format binary)", staging);
    // One may be left of rows that were staged and count no more.
    HOMEROOM_TRY(connection.execute(
        fmt::format("drop table if exists {0}; create temporary table {0} ({1}) on commit drop",
                    staging, join(staged, ", "))));
  }
  HOMEROOM_FAILPOINT("stage_made");
  state->encoder.add_header();
  return Loader(std::move(state));
}

Status Loader::add(std::span<const std::vector<Cell>* const> columns,
                   std::span<const LineNumber> lines) {
  for (RowIndex row = 0; row < lines.size(); ++row) {
    HOMEROOM_TRY(add_row(columns, row, lines[row]));
  }
  return {};
}

Status Loader::add_row(std::span<const std::vector<Cell>* const> columns, RowIndex row,
                       LineNumber line) {
  State& state = *state_;
  HOMEROOM_TRY(state.encoder.add_row(columns, row, line));
  state.count_line(line);
  ++state.merge.num_rows;
  return state.encoder.bytes().size() < kSendBytes ? Status() : state.send();
}

Status Loader::finish() {
  return state_->finish_staging();
}

void Loader::set_previous_run(std::int64_t run_id) {
  state_->merge.previous_run = run_id;
}

Result<std::vector<ColumnStatistic>> Loader::describe(std::span<const CountedColumn> counted) {
  HOMEROOM_TRY(state_->finish_staging());
  if (!state_->is_staged) return std::vector<ColumnStatistic>();
  return describe_staged(*state_->connection, state_->merge, state_->encoder.columns(), counted);
}

Result<std::vector<LineNumber>> Loader::find_days_off(const std::string& school_column,
                                                      const std::string& date_column) {
  HOMEROOM_TRY(state_->finish_staging());
  if (!state_->is_staged) return std::vector<LineNumber>();
  return load::find_days_off(*state_->connection, state_->merge, school_column, date_column);
}

Result<std::uint64_t> Loader::drop_lines(std::span<const LineNumber> lines) {
  return load::drop_lines(*state_->connection, state_->merge, lines);
}

Result<std::vector<ReferenceCount>> Loader::judge(std::span<const Reference> references) {
  HOMEROOM_TRY(state_->finish_staging());
  if (!state_->is_staged) return std::vector<ReferenceCount>(references.size());
  return judge_references(*state_->connection, state_->merge, references);
}

Result<std::vector<UnknownLine>> Loader::find_unknown(
    std::span<const std::size_t> references) const {
  return load::find_unknown(*state_->connection, state_->merge, references);
}

Result<std::uint64_t> Loader::drop_unknown(std::span<const std::size_t> references) {
  return load::drop_unknown(*state_->connection, state_->merge, references);
}

Result<std::uint64_t> Loader::keep_unknown(std::span<const Reference> all,
                                           std::span<const std::size_t> references) {
  return load::keep_unknown(*state_->connection, state_->merge, all, references);
}

Result<std::uint64_t> Loader::drop_outdated() {
  HOMEROOM_TRY(state_->finish_staging());
  if (!state_->is_staged || state_->merge.place == Place::kTable) return 0;
  return load::drop_outdated(*state_->connection, state_->merge);
}

Status Loader::note_newer(std::span<const KeyValues> keys) {
  HOMEROOM_TRY(state_->finish_staging());
  if (!state_->is_staged) return {};
  if (!state_->has_newer) HOMEROOM_TRY(load::begin_newer(*state_->connection, state_->merge));
  state_->has_newer = true;
  return load::note_newer(*state_->connection, state_->merge, keys);
}

Result<std::uint64_t> Loader::drop_older() {
  if (!state_->has_newer) return 0;
  return load::drop_older(*state_->connection, state_->merge);
}

Result<std::vector<SettledLines>> Loader::supersede_pending() {
  HOMEROOM_TRY(state_->finish_staging());
  if (!state_->is_staged) return std::vector<SettledLines>();
  return load::supersede_pending(*state_->connection, state_->merge);
}

Result<LoadResult> Loader::merge() {
  HOMEROOM_TRY(state_->finish_staging());
  HOMEROOM_FAILPOINT("merge");
  if (state_->merge.place == Place::kTable) {
    return settle_in_place(*state_->connection, state_->merge, state_->indexes);
  }
  if (state_->merge.num_rows == 0) return LoadResult{};
  return load::merge(*state_->connection, state_->merge, state_->mode);
}

Result<bool> Loader::note_present(const SnapshotScope& scope) {
  HOMEROOM_TRY(state_->finish_staging());
  // Nothing stood in a table that the rows went straight into.
  if (!state_->is_staged || state_->merge.place == Place::kTable) return false;
  HOMEROOM_TRY(load::note_present(*state_->connection, state_->merge, scope));
  return true;
}

Status Loader::note_quarantined(std::span<const KeyValues> keys) {
  return load::note_quarantined(*state_->connection, state_->merge, keys);
}

Result<std::vector<MissingRows>> Loader::find_missing(const SnapshotScope& scope) {
  return load::find_missing(*state_->connection, state_->merge, scope);
}

Result<std::uint64_t> Loader::close_missing() {
  return load::close_missing(*state_->connection, state_->merge);
}

Result<std::vector<SettledLines>> Loader::end_missing_pending(const SnapshotScope& scope) {
  return load::end_missing_pending(*state_->connection, state_->merge, scope);
}

Status Loader::mark_late() {
  return load::mark_late(*state_->connection, state_->merge);
}

Result<LoadResult> merge(io::Connection& connection, const MergeInput& input, Mode mode) {
  return mode == Mode::kUpsert ? merge_upsert(connection, input) : merge_replace(connection, input);
}

}  // namespace homeroom::load
