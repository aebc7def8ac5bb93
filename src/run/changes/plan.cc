#include "run/changes/plan.h"

#include <optional>
#include <utility>

#include "migrate/renames.h"
#include "migrate/waiting.h"
#include "run/cleaning/clean_file.h"
#include "run/file_outcome.h"
#include "run/tables.h"

namespace homeroom::run {
namespace {

constexpr const char* kTables =
    "select t.table_name from homeroom.table_shape as t order by t.table_name";

// What waits is written down, but for what a person has refused.
Status write_down(io::Connection& connection, const std::string& table,
                  const std::vector<migrate::Change>& changes) {
  std::vector<migrate::Change> fresh;
  for (const migrate::Change& change : changes) {
    if (change.is_safe || change.sql.empty()) continue;
    const auto refused = HOMEROOM_TRY(migrate::find_refusal(connection, table, change.sql));
    if (!refused) fresh.push_back(change);
  }
  if (fresh.empty()) return {};
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(migrate::record_waiting(connection, 0, table, fresh));
  return transaction.commit();
}

}  // namespace

Result<PlannedFile> plan_changes_of(io::Connection& connection, const source::InputFile& input,
                                    const Settings& settings, const io::Store& scratch) {
  PlannedFile planned;
  planned.report = start_report(input);
  std::optional<PreparedFile> file;
  const auto cleaned = [&]() -> Result<CleanedFile> {
    OpenedFile opened = HOMEROOM_TRY(open_file(input, settings, nullptr, planned.report, {}));
    return read_and_clean(opened, settings, {}, {.store = &scratch}, planned.report, file);
  }();
  if (!cleaned) {
    if (file && cleaned.error().code == ErrorCode::kIo) return tl::unexpected(cleaned.error());
    refuse(cleaned.error(), planned.report);
    return planned;
  }
  if (planned.report.status == FileStatus::kGood) {
    planned.fit = HOMEROOM_TRY(
        compare_table(connection, scratch, file->contract(), file->plan.table, cleaned->objects));
    report_fit(planned.fit, planned.report);
    if (planned.fit.waits()) {
      io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
      HOMEROOM_TRY(record_waiting(connection, 0, planned.fit, planned.report));
      HOMEROOM_TRY(transaction.commit());
    }
  }
  for (const std::string& key : planned.report.outputs) HOMEROOM_TRY(scratch.remove(key));
  planned.report.outputs.clear();
  return planned;
}

Result<std::vector<TableFit>> plan_contracts(io::Connection& connection,
                                             const contract::ContractSet& contracts) {
  std::vector<TableFit> fits;
  for (const contract::Contract& contract : contracts.contracts()) {
    const TableSchema wanted = table_of(contract);
    TableFit fit;
    fit.table = wanted.name;
    fit.alterations = HOMEROOM_TRY(migrate::find_alterations(connection, wanted.name));
    fit.is_left_alone = !fit.alterations.empty();
    if (!fit.is_left_alone) {
      const TableSchema current = HOMEROOM_TRY(migrate::read_table(connection, wanted.name));
      fit.changes = migrate::plan_changes(current, wanted);
      migrate::propose_former_names(current, wanted, former_names_of(contract), fit.changes);
      HOMEROOM_TRY(write_down(connection, fit.table, fit.changes));
      HOMEROOM_TRY(write_down(connection, fit.table, migrate::plan_narrowing(current, wanted)));
    }
    if (fit.is_left_alone || fit.has_migrations()) fits.push_back(std::move(fit));
  }
  return fits;
}

Result<std::vector<TableFit>> find_altered_tables(io::Connection& connection,
                                                  const contract::ContractSet& contracts) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(kTables));
  std::vector<TableFit> fits;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    TableFit fit;
    fit.table = rows.text(row, 0);
    if (contracts.find(fit.table) != nullptr) continue;
    fit.alterations = HOMEROOM_TRY(migrate::find_alterations(connection, fit.table));
    fit.is_left_alone = true;
    if (!fit.alterations.empty()) fits.push_back(std::move(fit));
  }
  return fits;
}

}  // namespace homeroom::run
