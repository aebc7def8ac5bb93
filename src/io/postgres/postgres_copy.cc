#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/postgres/postgres.h"
#include "io/postgres/postgres_session.h"

namespace homeroom::io {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t kPieceBytes = std::size_t{64} * 1024;

/// Sets the server's limit for the statements to come.
Status set_statement_timeout(Connection& connection, milliseconds timeout) {
  HOMEROOM_TRY(connection.execute(fmt::format("set statement_timeout = {}", timeout.count())));
  return {};
}

Status not_copying() {
  return fail(ErrorCode::kInternal, "no COPY is under way", "call begin_copy first");
}

}  // namespace

Status Connection::begin_copy(const std::string& sql) {
  // The server counts a COPY as one statement, however long we take to make its rows. So its own
  // limit is off meanwhile; each step waits no longer than the limit on our side.
  HOMEROOM_TRY(set_statement_timeout(*this, milliseconds::zero()));
  HOMEROOM_TRY(state_->begin_statement());
  if (PQsendQuery(state_->connection.get(), sql.c_str()) == 0) return state_->lost();
  const ResultPointer result = HOMEROOM_TRY(state_->next_result(state_->deadline()));
  if (PQresultStatus(result.get()) == PGRES_COPY_IN) {
    state_->is_copying = true;
    return {};
  }
  Status failure = fail(ErrorCode::kInternal, "the statement is not a COPY from stdin");
  if (PQresultStatus(result.get()) == PGRES_FATAL_ERROR) failure = state_->failure(result.get());
  const std::string sqlstate = state_->last_sqlstate;
  [[maybe_unused]] const auto ended = end_statement();
  state_->last_sqlstate = sqlstate;
  return failure;
}

/// Reads the statement's end and restores the limit. In a transaction that failed, its rollback
/// restores it.
Result<QueryResult> Connection::end_statement() {
  auto ended = state_->finish_statement();
  const std::string sqlstate = state_->last_sqlstate;
  if (PQtransactionStatus(state_->connection.get()) != PQTRANS_INERROR) {
    const Status restored = set_statement_timeout(*this, state_->options.statement_timeout);
    if (ended && !restored) return tl::unexpected(restored.error());
  }
  if (!ended) {
    state_->last_sqlstate = sqlstate;
    return tl::unexpected(std::move(ended).error());
  }
  return QueryResult(std::make_unique<QueryResult::State>(std::move(*ended)));
}

Status Connection::write_copy(std::span<const char> bytes) {
  if (!state_->is_copying) return not_copying();
  PGconn* const connection = state_->connection.get();
  while (!bytes.empty()) {
    const std::span<const char> piece = bytes.first(std::min(bytes.size(), kPieceBytes));
    const int taken = PQputCopyData(connection, piece.data(), static_cast<int>(piece.size()));
    if (taken < 0) return state_->lost();
    if (taken > 0) {
      state_->num_unflushed += piece.size();
      bytes = bytes.subspan(piece.size());
    }
    if (taken > 0 && state_->num_unflushed < kPieceBytes) continue;
    HOMEROOM_TRY(state_->flush(state_->deadline()));
    // libpq keeps a failed write to itself until the end of the COPY.
    if (PQstatus(connection) != CONNECTION_OK) return state_->lost();
  }
  return {};
}

Result<std::uint64_t> Connection::end_copy() {
  if (!state_->is_copying) return tl::unexpected(not_copying().error());
  const Deadline until = state_->deadline();
  int taken = 0;
  while ((taken = PQputCopyEnd(state_->connection.get(), nullptr)) == 0) {
    HOMEROOM_TRY(state_->flush(until));
  }
  if (taken < 0) return state_->lost();
  state_->is_copying = false;
  const QueryResult result = HOMEROOM_TRY(end_statement());
  return result.num_affected();
}

Status Connection::cancel_copy(std::string_view reason) {
  if (!state_->is_copying) return {};
  const Deadline until = state_->deadline();
  const std::string text(reason);
  int taken = 0;
  while ((taken = PQputCopyEnd(state_->connection.get(), text.c_str())) == 0) {
    HOMEROOM_TRY(state_->flush(until));
  }
  if (taken < 0) return state_->lost();
  state_->is_copying = false;
  const auto ended = end_statement();
  constexpr std::string_view kCancelled = "57014";
  if (!ended && state_->last_sqlstate != kCancelled) return tl::unexpected(ended.error());
  return {};
}

}  // namespace homeroom::io
