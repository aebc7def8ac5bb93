#include "io/postgres/postgres_session.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/postgres/postgres.h"
#include "io/postgres/postgres_error.h"
#include "io/postgres/silent_server.h"

namespace homeroom::io {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view kLost = "08006";  // connection_failure

std::string_view field(const PGresult* result, int code) {
  const char* const text = PQresultErrorField(result, code);
  return text == nullptr ? std::string_view() : text;
}

bool is_failure(const PGresult* result) {
  const ExecStatusType status = PQresultStatus(result);
  return status == PGRES_FATAL_ERROR || status == PGRES_BAD_RESPONSE;
}

}  // namespace

Deadline Connection::State::deadline() const {
  if (options.statement_timeout <= milliseconds::zero()) return Deadline::never();
  const milliseconds grace =
      std::clamp(options.statement_timeout / 10, milliseconds(1'000), milliseconds(10'000));
  return Deadline::after(options.statement_timeout + grace);
}

bool Connection::State::wait(short events, const Deadline& until) const {
  SilentServer silence(address, backend, options.network_timeout);
  for (;;) {
    pollfd waiting{.fd = PQsocket(connection.get()), .events = events, .revents = 0};
    if (waiting.fd < 0) return true;  // closed: poll would wait for nothing, libpq says so
    const bool asks_first = silence.next_look().left() < until.left();
    const Deadline& soonest = asks_first ? silence.next_look() : until;
    const int ready = ::poll(&waiting, 1, soonest.poll_timeout());
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return true;  // libpq will meet the same error and say so
    if (until.has_passed() || (ready == 0 && silence.is_lost(waiting.fd))) return false;
  }
}

Status Connection::State::flush(const Deadline& until) {
  for (;;) {
    const int left = PQflush(connection.get());
    if (left < 0) return lost();
    if (left == 0) break;
    // The server may be unable to take more before we take what it sent.
    if (!wait(POLLIN | POLLOUT, until)) return timed_out();
    if (PQconsumeInput(connection.get()) == 0) return lost();
  }
  num_unflushed = 0;
  return {};
}

Result<ResultPointer> Connection::State::next_result(const Deadline& until) {
  HOMEROOM_TRY(flush(until));
  while (PQisBusy(connection.get()) != 0) {
    if (!wait(POLLIN, until)) return timed_out();
    if (PQconsumeInput(connection.get()) == 0) return lost();
  }
  return ResultPointer(PQgetResult(connection.get()));
}

Result<ResultPointer> Connection::State::finish_statement() {
  const Deadline until = deadline();
  ResultPointer last;
  for (;;) {
    ResultPointer result = HOMEROOM_TRY(next_result(until));
    if (result == nullptr) return last;
    const ExecStatusType status = PQresultStatus(result.get());
    if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH) {
      connection.reset();
      return fail(ErrorCode::kInvalidInput, "COPY to or from the client is not a query",
                  "use a select; to load files, use the loader");
    }
    if (is_failure(result.get())) {
      tl::unexpected<Error> error = failure(result.get());
      read_to_the_end(until);
      return error;
    }
    last = std::move(result);
  }
}

void Connection::State::read_to_the_end(const Deadline& until) {
  const std::string sqlstate = last_sqlstate;
  // An error that ended the session is followed by the connection's end: the first one counts.
  for (auto rest = next_result(until); rest && *rest != nullptr;) rest = next_result(until);
  last_sqlstate = sqlstate;
}

Result<std::string> Connection::State::prepare(const std::string& sql, std::size_t num_parameters) {
  // Long ones are made for their values. A plan over one of the district's tables would fail when
  // a column of it changes its type. One over the server's catalogs, run by a plan that is there
  // already, does not hear of tables that others made since its transaction began.
  constexpr std::size_t kLongest = 4096;
  constexpr std::size_t kMost = 200;
  constexpr std::array<std::string_view, 4> kNever = {"data.", "history.", "pg_", "regclass"};
  const bool is_excluded = std::ranges::any_of(
      kNever, [&](std::string_view part) { return sql.find(part) != std::string::npos; });
  if (is_excluded || sql.size() > kLongest) return std::string();
  const auto found = asked.find(sql);
  if (found == asked.end()) {
    if (asked.size() < kMost) asked.emplace(sql, std::string());
    return std::string();
  }
  if (!found->second.empty()) return found->second;
  std::string name = fmt::format("homeroom_{}", ++num_prepared);
  if (PQsendPrepare(connection.get(), name.c_str(), sql.c_str(), static_cast<int>(num_parameters),
                    nullptr) == 0) {
    return lost();
  }
  HOMEROOM_TRY(finish_statement());
  found->second = name;
  return name;
}

Status Connection::State::begin_statement() {
  if (is_copying) {
    return fail(ErrorCode::kInternal, "a COPY is not ended yet", "call end_copy or cancel_copy");
  }
  if (connection == nullptr || PQstatus(connection.get()) != CONNECTION_OK) {
    last_sqlstate = kLost;
    return tl::unexpected(lost_connection("the connection was lost or closed before"));
  }
  last_sqlstate.clear();
  return {};
}

tl::unexpected<Error> Connection::State::failure(const PGresult* result) {
  const std::string_view sqlstate = field(result, PG_DIAG_SQLSTATE);
  if (sqlstate.empty()) {
    last_sqlstate = kLost;
    return tl::unexpected(lost_connection(without_values("08", PQresultErrorMessage(result))));
  }
  last_sqlstate = sqlstate;
  return tl::unexpected(describe_error({.sqlstate = sqlstate,
                                        .primary = field(result, PG_DIAG_MESSAGE_PRIMARY),
                                        .schema = field(result, PG_DIAG_SCHEMA_NAME),
                                        .table = field(result, PG_DIAG_TABLE_NAME),
                                        .column = field(result, PG_DIAG_COLUMN_NAME),
                                        .constraint = field(result, PG_DIAG_CONSTRAINT_NAME)}));
}

tl::unexpected<Error> Connection::State::lost() {
  is_copying = false;
  // The server's last word, as "terminating connection due to administrator command"; one that is
  // not here yet would be waited for.
  const bool is_here = PQisBusy(connection.get()) == 0;
  const ResultPointer result(is_here ? PQgetResult(connection.get()) : nullptr);
  if (result != nullptr && is_failure(result.get())) return failure(result.get());
  last_sqlstate = kLost;
  return tl::unexpected(lost_connection(without_values("08", PQerrorMessage(connection.get()))));
}

tl::unexpected<Error> Connection::State::timed_out() {
  is_copying = false;
  last_sqlstate = kLost;
  // What is under way on this connection can no longer be told apart from what comes next.
  connection.reset();
  return tl::unexpected(lost_connection("the server does not answer"));
}

}  // namespace homeroom::io
