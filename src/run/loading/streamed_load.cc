#include "run/loading/streamed_load.h"

#include <algorithm>
#include <utility>

#include "catalog/ledger.h"
#include "load/target_table.h"
#include "migrate/renames.h"
#include "migrate/shape.h"
#include "run/loading/load_checks.h"
#include "run/loading/load_file.h"

namespace homeroom::run {
namespace {

// From so many bytes on it pays to empty the table's files and to make its indexes again.
constexpr std::uint64_t kLargeFile = 256 * 1024;

}  // namespace

StreamedLoad::~StreamedLoad() {
  give_up();
}

void StreamedLoad::give_up() {
  loader_.reset();
  transaction_.reset();
  changes_.clear();
  error_.reset();
  current_ = {};
  is_locked_ = false;
}

// Before the file's own table's lock: who loads students takes that of attendance after theirs.
Status StreamedLoad::take_locks() {
  if (is_locked_) return {};
  catalog::Ledger ledger(*connection_);
  for (const std::string& other : tables_waited_for(contract_)) {
    HOMEROOM_TRY(ledger.share_table(other));
  }
  HOMEROOM_TRY(ledger.lock_table(table_.name));
  is_locked_ = true;
  return {};
}

// What the table lacks; false when it is not ours, or needs what waits for a person.
Result<bool> StreamedLoad::plan() {
  auto current = migrate::read_table(*connection_, table_.name);
  if (!current && current.error().code == ErrorCode::kContract) return false;
  current_ = HOMEROOM_TRY(std::move(current));
  changes_ = migrate::plan_changes(current_, table_);
  // What may be a rename is known from the clean file.
  const bool is_plain = std::ranges::all_of(changes_, &migrate::Change::is_safe) &&
                        !migrate::may_rename(current_, table_, changes_);
  if (!is_plain) changes_.clear();
  return is_plain;
}

Result<bool> StreamedLoad::is_empty() {
  if (current_.columns.empty()) return true;
  return !HOMEROOM_TRY(load::has_rows(*connection_, table_.name));
}

Status StreamedLoad::begin(const PreparedFile& file) {
  give_up();
  note(start(file));
  return {};
}

Status StreamedLoad::begin_staged(const PreparedFile& file) {
  give_up();
  table_ = file.plan.table;
  contract_ = file.contract();
  transaction_.emplace(HOMEROOM_TRY(io::Transaction::begin(*connection_)));
  HOMEROOM_TRY(connection_->execute("set local role homeroom_owner"));
  return {};
}

// The file is cleaned all the same: its rows are counted, and the load says what went wrong.
void StreamedLoad::note(Status status) {
  if (status) return;
  loader_.reset();
  error_ = std::move(status).error();
}

Status StreamedLoad::start(const PreparedFile& file) {
  table_ = file.plan.table;
  contract_ = file.contract();
  transaction_.emplace(HOMEROOM_TRY(io::Transaction::begin(*connection_)));
  HOMEROOM_TRY(connection_->execute("set local role homeroom_owner"));
  if (!HOMEROOM_TRY(migrate::find_alterations(*connection_, table_.name)).empty()) return {};
  if (!HOMEROOM_TRY(plan())) return {};
  const bool is_large = file.stamp.size_bytes >= kLargeFile;
  load::Place place = load::Place::kTemporary;
  if (!changes_.empty() || (is_large && HOMEROOM_TRY(is_empty()))) {
    HOMEROOM_TRY(take_locks());
    // Another program may have changed or filled the table while we waited.
    if (!HOMEROOM_TRY(plan())) return {};
    if (is_large && HOMEROOM_TRY(is_empty())) place = load::Place::kTable;
    HOMEROOM_TRY(migrate::apply_changes(*connection_, run_id_, table_, changes_));
  }
  loader_.emplace(HOMEROOM_TRY(
      load::Loader::begin(*connection_, table_, run_id_, load_mode(contract_, table_), 0, place)));
  return {};
}

Status StreamedLoad::add(const shape::ShapedBatch& rows, RowIndex row, LineNumber line) {
  if (loader_) note(loader_->add_row(rows.columns, row, line));
  return {};
}

Status StreamedLoad::lock() {
  if (error_) return tl::unexpected(*error_);
  if (loader_) HOMEROOM_TRY(loader_->finish());
  if (is_locked_) return {};
  HOMEROOM_TRY(take_locks());
  const TableSchema then = std::exchange(current_, {});
  if (HOMEROOM_TRY(plan()) && current_ == then) return {};
  loader_.reset();
  changes_.clear();
  return {};
}

}  // namespace homeroom::run
