#include "load/load.h"

#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "load/copy_encoder.h"
#include "load/days_off.h"
#include "load/merge.h"
#include "load/merge_sql.h"
#include "load/pending.h"
#include "load/references.h"
#include "load/statistics.h"
#include "load/target_table.h"

namespace homeroom::load {
namespace {

// What is sent at once: enough to keep the server busy, little enough to keep memory flat.
constexpr std::size_t kSendBytes = 1024 * 1024;

// Sorts and hashes of a merge stay in memory; long conditions are not worth compiling.
constexpr const char* kSettings =
    "set local role homeroom_owner; set local work_mem = '128MB'; "
    "set local maintenance_work_mem = '128MB'; set local jit = off";

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
  CopyEncoder encoder{{}};
  std::string copy_sql;
  bool is_copying = false;
  bool is_staged = false;
  LineNumber last_line = 0;
  bool is_ascending = true;

  [[nodiscard]] Status send();
  [[nodiscard]] Status end_copy();
  [[nodiscard]] Status finish_staging();
  void count_line(LineNumber line);
};

Status Loader::State::send() {
  if (!is_copying) {
    HOMEROOM_TRY(connection->begin_copy(copy_sql));
    is_copying = true;
  }
  HOMEROOM_TRY(connection->write_copy(encoder.bytes()));
  encoder.clear();
  return {};
}

Status Loader::State::end_copy() {
  encoder.add_trailer();
  HOMEROOM_TRY(send());
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
    merge.num_lines = HOMEROOM_TRY(count_lines(*connection, staging_table(target)));
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
    if (const Status given_up = state_->connection->cancel_copy("load given up"); !given_up) return;
  }
}

Result<Loader> Loader::begin(io::Connection& connection, const TableSchema& table,
                             std::int64_t run_id, Mode mode, std::int64_t previous_run) {
  HOMEROOM_TRY(connection.execute(kSettings));
  auto state = std::make_unique<State>();
  state->connection = &connection;
  state->mode = mode;
  state->target = HOMEROOM_TRY(read_target(connection, table));
  state->merge = {.target = &state->target,
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
    const TargetColumn* flag = state->target.find(suppressed_name(column.name));
    encoded.push_back({.name = column.name, .type = target->type, .has_flag = flag != nullptr});
    stage(*target);
    if (flag != nullptr) stage(*flag);
  }
  staged.emplace_back("_line bigint");
  state->encoder = CopyEncoder(std::move(encoded));
  state->encoder.add_header();
  const std::string staging = staging_table(state->target);
  state->copy_sql = fmt::format("copy {} from stdin (format binary)", staging);
  HOMEROOM_TRY(connection.execute(
      fmt::format("create temporary table {} ({}) on commit drop", staging, join(staged, ", "))));
  return Loader(std::move(state));
}

Status Loader::add(std::span<const std::vector<Cell>* const> columns,
                   std::span<const LineNumber> lines) {
  State& state = *state_;
  for (RowIndex row = 0; row < lines.size(); ++row) {
    HOMEROOM_TRY(state.encoder.add_row(columns, row, lines[row]));
    state.count_line(lines[row]);
    if (state.encoder.bytes().size() >= kSendBytes) HOMEROOM_TRY(state.send());
  }
  state.merge.num_rows += lines.size();
  return {};
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
  if (!state_->is_staged) return 0;
  return load::drop_outdated(*state_->connection, state_->merge);
}

Result<std::vector<SettledLines>> Loader::supersede_pending() {
  HOMEROOM_TRY(state_->finish_staging());
  if (!state_->is_staged) return std::vector<SettledLines>();
  return load::supersede_pending(*state_->connection, state_->merge);
}

Result<LoadResult> Loader::merge() {
  HOMEROOM_TRY(state_->finish_staging());
  if (state_->merge.num_rows == 0) return LoadResult{};
  return load::merge(*state_->connection, state_->merge, state_->mode);
}

Result<LoadResult> merge(io::Connection& connection, const MergeInput& input, Mode mode) {
  return mode == Mode::kUpsert ? merge_upsert(connection, input) : merge_replace(connection, input);
}

}  // namespace homeroom::load
