#include "run/history/undo.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include <fmt/format.h>

#include "catalog/undo.h"
#include "catalog/versions.h"
#include "load/pending.h"
#include "load/take_back.h"
#include "migrate/migrate.h"
#include "run/loading/load_file.h"
#include "run/tables.h"

namespace homeroom::run {
namespace {

using Runs = std::vector<std::int64_t>;

constexpr const char* kSettings =
    "set local role homeroom_owner; set local work_mem = '128MB'; set local jit = off";

Error cannot_undo(std::int64_t run_id, const std::string& why, std::string hint) {
  return {.code = ErrorCode::kInvalidInput,
          .message = fmt::format("run {} cannot be undone: {}", run_id, why),
          .hint = std::move(hint),
          .detail = {},
          .position = {}};
}

Error undone_before(std::int64_t run_id, std::int64_t undone_by) {
  return cannot_undo(run_id, fmt::format("run {} has taken it back already", undone_by),
                     fmt::format("`homeroom undo {}` makes it count again", undone_by));
}

Result<catalog::UndoableRun> find_target(io::Connection& connection, std::int64_t run_id) {
  const auto found = HOMEROOM_TRY(catalog::find_undoable(connection, {run_id}));
  if (found.empty()) {
    return tl::unexpected(
        cannot_undo(run_id, "there is no such run", "`homeroom status` lists the runs"));
  }
  const catalog::UndoableRun& run = found.front();
  if (run.status != "loaded" && run.kind == "file") {
    return tl::unexpected(cannot_undo(
        run_id, fmt::format("it was {}, so nothing of it is in a table", run.status), ""));
  }
  if (run.undone_by != 0) {
    return tl::unexpected(undone_before(run_id, run.undone_by));
  }
  return run;
}

// Tables that others refer to come before those that refer to them, as loads take their locks.
void order_for_locks(const contract::ContractSet& contracts, std::vector<std::string>& tables) {
  const auto depth = [&](const std::string& table, const auto& self, int left) -> int {
    const contract::Contract* contract = contracts.find(table);
    int deepest = 0;
    if (contract == nullptr || left == 0) return deepest;
    for (const Reference& reference : contract->references) {
      if (reference.table == table) continue;
      deepest = std::max(deepest, 1 + self(reference.table, self, left - 1));
    }
    return deepest;
  };
  std::ranges::sort(tables, {}, [&](const std::string& table) {
    return std::pair(depth(table, depth, 8), table);
  });
}

/// One attempt to take back a set of runs.
class Undo {
 public:
  Undo(io::Connection& connection, const contract::ContractSet& contracts, std::int64_t undo_run,
       const catalog::UndoableRun& target, Runs runs)
      : connection_(&connection),
        contracts_(&contracts),
        undo_run_(undo_run),
        target_(&target),
        runs_(std::move(runs)) {}

  /// Runs that depend on what was taken back; nothing may be kept while there are any.
  [[nodiscard]] Result<Runs> run(UndoReport& report);

 private:
  struct Table {
    std::string name;
    TableSchema schema;  // name and key
    Runs versions;       // all that the runs made
    load::TakeBack what;
    std::int64_t first_sequence = 0;
    std::optional<load::TableTakeBack> take_back;
  };

  [[nodiscard]] bool is_of_undo() const { return target_->kind == "undo"; }

  [[nodiscard]] Status find_tables();
  [[nodiscard]] Status begin_versions();
  [[nodiscard]] Result<Runs> find_dependents();
  [[nodiscard]] Result<Runs> find_later_whole_files(Table& table);
  [[nodiscard]] Status apply(UndoReport& report);
  [[nodiscard]] Result<Runs> find_standing_on();
  [[nodiscard]] Status load_ready(const std::string& table);

  io::Connection* connection_;
  const contract::ContractSet* contracts_;
  std::int64_t undo_run_;
  const catalog::UndoableRun* target_;
  Runs runs_;
  std::vector<Table> tables_;
};

Status Undo::find_tables() {
  std::map<std::string, Table> tables;
  for (const auto& made : HOMEROOM_TRY(catalog::find_versions(*connection_, runs_))) {
    Table& table = tables[made.table];
    table.name = made.table;
    table.versions.push_back(made.version);
    const bool is_first = table.first_sequence == 0 || made.sequence < table.first_sequence;
    if (is_first) table.first_sequence = made.sequence;
    if (made.cause == "waited") table.what.waited.push_back(made.version);
    if (is_of_undo()) table.what.undo_version = made.version;
  }
  std::vector<std::string> order;
  for (const auto& [name, table] : tables) order.push_back(name);
  order_for_locks(*contracts_, order);
  for (const std::string& name : order) tables_.push_back(std::move(tables.at(name)));
  return {};
}

Status Undo::begin_versions() {
  catalog::Ledger ledger(*connection_);
  for (Table& table : tables_) {
    HOMEROOM_TRY(ledger.lock_table(table.name));
    HOMEROOM_TRY(
        catalog::begin_version(*connection_, table.name, undo_run_, catalog::VersionCause::kUndo));
    table.schema.name = table.name;
    table.schema.key = HOMEROOM_TRY(migrate::read_table(*connection_, table.name)).key;
    load::TargetTable target = HOMEROOM_TRY(load::read_target(*connection_, table.schema));
    if (!is_of_undo()) table.what.runs = runs_;
    table.what.undo_run = undo_run_;
    table.take_back.emplace(*connection_, std::move(target), table.what);
  }
  return {};
}

// Files that are all there is of their place, and came after rows had left it that would come back:
// had these stayed, the file would have closed or replaced them.
Result<Runs> Undo::find_later_whole_files(Table& table) {
  const contract::Contract* contract = contracts_->find(table.name);
  const bool is_snapshot =
      contract != nullptr && contract->write_mode == contract::WriteMode::kSnapshot;
  const bool is_replaced = load_mode(contract, table.schema) == load::Mode::kReplace;
  if (!is_snapshot && !is_replaced) return Runs();
  const std::vector<std::string> columns =
      is_replaced ? std::vector<std::string>() : contract->scope;
  Runs runs;
  for (const auto& file : HOMEROOM_TRY(table.take_back->find_later_files(columns))) {
    if (catalog::may_overlap(file.scope, file.place)) runs.push_back(file.run_id);
  }
  return runs;
}

Result<Runs> Undo::find_dependents() {
  Runs all;
  for (Table& table : tables_) {
    const Runs found = HOMEROOM_TRY(table.take_back->find_dependents());
    all.insert(all.end(), found.begin(), found.end());
    const auto scopes =
        HOMEROOM_TRY(catalog::find_scopes(*connection_, table.name, table.versions));
    const Runs confirming = HOMEROOM_TRY(
        catalog::find_confirming(*connection_, table.name, table.versions.front(), scopes, runs_));
    all.insert(all.end(), confirming.begin(), confirming.end());
    const Runs later = HOMEROOM_TRY(find_later_whole_files(table));
    all.insert(all.end(), later.begin(), later.end());
  }
  return all;
}

Status Undo::apply(UndoReport& report) {
  const Runs again =
      is_of_undo() ? HOMEROOM_TRY(catalog::find_undone(*connection_, target_->run_id)) : Runs();
  HOMEROOM_TRY(catalog::mark_undone(*connection_, again, 0));
  HOMEROOM_TRY(catalog::mark_undone(*connection_, runs_, undo_run_));
  std::vector<std::string> waiting;
  for (Table& table : tables_) {
    const load::LoadResult result = HOMEROOM_TRY(table.take_back->apply());
    if (!is_of_undo()) HOMEROOM_TRY(catalog::end_waiting(*connection_, table.name, runs_));
    const std::uint64_t put_back =
        HOMEROOM_TRY(catalog::reverse_settlements(*connection_, table.name, table.versions, runs_));
    if (put_back > 0) waiting.push_back(table.name);
    report.rows_waiting_again += put_back;
    report.tables.push_back({.table = table.name,
                             .rows = {.inserted = result.rows_inserted,
                                      .updated = result.rows_updated,
                                      .closed = result.rows_closed}});
  }
  // What waits again may have what it waits for by now.
  for (const std::string& table : waiting) HOMEROOM_TRY(load_ready(table));
  HOMEROOM_TRY(catalog::renew_slots(*connection_, runs_));
  return catalog::renew_slots(*connection_, again);
}

Status Undo::load_ready(const std::string& table) {
  const contract::Contract* contract = contracts_->find(table);
  if (contract == nullptr) return {};
  const TableSchema whole = table_of(*contract);
  const auto loaded = HOMEROOM_TRY(
      load::load_ready(*connection_, whole, load_mode(contract, whole), contract->references));
  for (const load::SettledLines& settled : loaded) {
    HOMEROOM_TRY(catalog::Ledger(*connection_)
                     .settle(settled.run_id, catalog::SettledFrom::kPending, table,
                             {.loaded = settled.result.lines_loaded,
                              .unchanged = settled.result.lines_unchanged,
                              .skipped = settled.lines_superseded},
                             {.inserted = settled.result.rows_inserted,
                              .updated = settled.result.rows_updated,
                              .closed = settled.result.rows_closed}));
  }
  return {};
}

// Rows of other tables that name what is gone, and came after it.
Result<Runs> Undo::find_standing_on() {
  Runs all;
  for (Table& table : tables_) {
    for (const contract::Contract& contract : contracts_->contracts()) {
      for (const Reference& reference : contract.references) {
        const bool is_on_it =
            reference.table == table.name && reference.when_unknown == WhenUnknown::kPending;
        if (!is_on_it) continue;
        TableSchema schema;
        schema.name = contract.name;
        schema.key = contract.key;
        const load::TargetTable other = HOMEROOM_TRY(load::read_target(*connection_, schema));
        const Runs found =
            HOMEROOM_TRY(table.take_back->find_standing_on(other, reference, table.first_sequence));
        all.insert(all.end(), found.begin(), found.end());
      }
    }
  }
  return all;
}

Result<Runs> Undo::run(UndoReport& report) {
  HOMEROOM_TRY(find_tables());
  HOMEROOM_TRY(begin_versions());
  // Another undo may have been faster while this one waited for the tables.
  for (const auto& run : HOMEROOM_TRY(catalog::find_undoable(*connection_, runs_))) {
    if (run.undone_by != 0) return tl::unexpected(undone_before(run.run_id, run.undone_by));
  }
  Runs dependents = HOMEROOM_TRY(find_dependents());
  if (is_of_undo()) {
    const Runs again = HOMEROOM_TRY(catalog::find_undone(*connection_, target_->run_id));
    const Runs missing = HOMEROOM_TRY(catalog::find_missing_support(*connection_, again));
    dependents.insert(dependents.end(), missing.begin(), missing.end());
  }
  if (!dependents.empty()) return dependents;
  HOMEROOM_TRY(apply(report));
  return find_standing_on();
}

Result<std::vector<RunName>> names_of(io::Connection& connection, const Runs& runs) {
  std::vector<RunName> names;
  for (const auto& run : HOMEROOM_TRY(catalog::find_undoable(connection, runs))) {
    names.push_back({.run_id = run.run_id, .path = run.path});
  }
  std::ranges::reverse(names);
  return names;
}

// Adds the runs among `found` that are not there yet, and tells whether there were any.
Result<bool> add_dependents(io::Connection& connection, const Runs& found, Runs& runs) {
  bool is_more = false;
  for (const auto& run : HOMEROOM_TRY(catalog::find_undoable(connection, found))) {
    if (run.kind == "undo") {
      return fail(ErrorCode::kInvalidInput,
                  fmt::format("run {} cannot be undone with those that depend on it: run {} is an "
                              "undo",
                              runs.front(), run.run_id),
                  fmt::format("undo run {} first", run.run_id));
    }
    if (std::ranges::find(runs, run.run_id) != runs.end()) continue;
    runs.push_back(run.run_id);
    is_more = true;
  }
  return is_more;
}

catalog::TableRowCounts sum_of(const std::vector<UndoneTable>& tables) {
  catalog::TableRowCounts sum;
  for (const UndoneTable& table : tables) {
    sum.inserted += table.rows.inserted;
    sum.updated += table.rows.updated;
    sum.closed += table.rows.closed;
  }
  return sum;
}

Status record(io::Connection& connection, const UndoRequest& request, const Runs& runs,
              double start, UndoReport& report) {
  HOMEROOM_TRY(catalog::record_undo(connection, {.undo_run = report.undo_run,
                                                 .runs = runs,
                                                 .made_by = request.made_by,
                                                 .reason = request.reason,
                                                 .engine_version = request.engine_version,
                                                 .rows = sum_of(report.tables),
                                                 .seconds = request.clock() - start}));
  catalog::Ledger ledger(connection);
  for (const UndoneTable& table : report.tables) {
    HOMEROOM_TRY(ledger.record_table(report.undo_run, table.table, table.rows));
  }
  report.undone = HOMEROOM_TRY(names_of(connection, runs));
  report.changes_that_stay = HOMEROOM_TRY(catalog::find_changes_that_stay(connection, runs));
  return {};
}

}  // namespace

Result<UndoReport> undo_run(io::Connection& connection, const contract::ContractSet& contracts,
                            const UndoRequest& request) {
  const double start = request.clock();
  const std::int64_t undo = HOMEROOM_TRY(catalog::Ledger(connection).next_run_id());
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(connection.execute(kSettings));
  const catalog::UndoableRun target = HOMEROOM_TRY(find_target(connection, request.run_id));
  Runs runs = {request.run_id};
  while (true) {
    UndoReport report;
    HOMEROOM_TRY(connection.execute("savepoint homeroom_undo"));
    Runs dependents = HOMEROOM_TRY(Undo(connection, contracts, undo, target, runs).run(report));
    if (dependents.empty()) {
      report.undo_run = undo;
      if (target.kind == "undo") {
        const Runs again = HOMEROOM_TRY(catalog::find_undone(connection, target.run_id));
        report.counts_again = HOMEROOM_TRY(names_of(connection, again));
      }
      HOMEROOM_TRY(record(connection, request, runs, start, report));
      HOMEROOM_TRY(transaction.commit());
      return report;
    }
    HOMEROOM_TRY(connection.execute("rollback to savepoint homeroom_undo"));
    if (request.with_later && target.kind == "file") {
      if (HOMEROOM_TRY(add_dependents(connection, dependents, runs))) continue;
    }
    report = {};
    report.dependents = HOMEROOM_TRY(names_of(connection, dependents));
    return report;
  }
}

}  // namespace homeroom::run
