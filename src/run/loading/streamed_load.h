#pragma once

// The load of a file that begins while it is cleaned: clean rows go to PostgreSQL as they are made,
// in the transaction in which they are judged and merged afterwards.

#include <cstdint>
#include <optional>
#include <vector>

#include "base/result.h"
#include "contract/contract.h"
#include "io/postgres/postgres.h"
#include "load/load.h"
#include "migrate/migrate.h"
#include "run/cleaning/row_sink.h"
#include "run/reading/prepare.h"
#include "table/schema.h"

namespace homeroom::run {

/// The connection serves nothing else from `begin` on until `give_up` or the destructor, which
/// undo everything that was not committed. Not shared by threads.
class StreamedLoad : public RowSink {
 public:
  /// Both must outlive the load.
  StreamedLoad(io::Connection& connection, std::int64_t run_id)
      : connection_(&connection), run_id_(run_id) {}

  ~StreamedLoad() override;
  StreamedLoad(const StreamedLoad&) = delete;
  StreamedLoad& operator=(const StreamedLoad&) = delete;

  /// Makes or changes the file's table where that is safe. An empty table is filled itself by a
  /// file that is not small: then its locks are taken now. Where the table is not as it has to be,
  /// rows go nowhere, and `loader` says so. What goes wrong is told by `lock`.
  [[nodiscard]] Status begin(const PreparedFile& file) override;
  [[nodiscard]] Status add(const shape::ShapedBatch& rows, RowIndex row, LineNumber line) override;

  /// In place of `begin` where no rows come this way: all are staged from the clean files.
  [[nodiscard]] Status begin_staged(const PreparedFile& file);

  /// After the last row: waits until all were taken, and takes the locks that `begin` did not.
  /// Errors: kDatabase, the first since `begin`.
  [[nodiscard]] Status lock();

  /// Null when the rows have to be staged once more, from the clean files: the table was not as
  /// it has to be, or others have changed it since.
  [[nodiscard]] load::Loader* loader() { return loader_ ? &*loader_ : nullptr; }

  /// What `begin` changed in the table.
  [[nodiscard]] const std::vector<migrate::Change>& changes() const { return changes_; }

  [[nodiscard]] io::Transaction& transaction() { return *transaction_; }

  /// Undoes everything.
  void give_up();

 private:
  [[nodiscard]] Status start(const PreparedFile& file);
  void note(Status status);
  [[nodiscard]] Status take_locks();
  [[nodiscard]] Result<bool> plan();
  [[nodiscard]] Result<bool> is_empty();

  io::Connection* connection_;
  std::int64_t run_id_;
  TableSchema table_;  ///< as the file wants it
  const contract::Contract* contract_ = nullptr;
  std::optional<io::Transaction> transaction_;
  std::optional<load::Loader> loader_;
  TableSchema current_;  ///< as the table was when rows began to come
  std::vector<migrate::Change> changes_;
  std::optional<Error> error_;
  bool is_locked_ = false;
};

}  // namespace homeroom::run
