#pragma once

// The state of a connection and its waits. Internal to src/io/postgres*.cc.

#include <map>
#include <memory>
#include <string>
#include <vector>

#include <libpq-fe.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/postgres/postgres.h"

namespace homeroom::io {

struct ResultDeleter {
  void operator()(PGresult* result) const { PQclear(result); }
};

using ResultPointer = std::unique_ptr<PGresult, ResultDeleter>;

struct ConnectionDeleter {
  void operator()(PGconn* connection) const { PQfinish(connection); }
};

using ConnectionPointer = std::unique_ptr<PGconn, ConnectionDeleter>;

struct QueryResult::State {
  ResultPointer result;
};

struct Connection::State {
  ConnectionPointer connection;
  ConnectOptions options;
  std::string address;  ///< as `connect` got it
  int backend = 0;      ///< number of the server's process; 0: not known yet
  bool is_copying = false;
  std::size_t num_unflushed = 0;  ///< bytes of a COPY since the last flush
  std::string last_sqlstate;
  std::vector<std::string> notices;
  /// Statements that were asked, with the name of those that are prepared.
  std::map<std::string, std::string> asked;
  int num_prepared = 0;

  /// Prepares a statement that comes a second time: from then on the server neither parses nor, in
  /// the end, plans it again. The name to send it by; empty: it is sent as it is.
  [[nodiscard]] Result<std::string> prepare(const std::string& sql, std::size_t num_parameters);
  /// When we give up on the server: a moment after it should have given up itself.
  [[nodiscard]] Deadline deadline() const;
  /// Waits until the socket can be read or written (POLLIN, POLLOUT); false when the time is up,
  /// or the server is silent and does not work for us either.
  [[nodiscard]] bool wait(short events, const Deadline& until) const;
  /// Sends what libpq holds.
  [[nodiscard]] Status flush(const Deadline& until);
  /// The next result of the statement, null after the last one.
  [[nodiscard]] Result<ResultPointer> next_result(const Deadline& until);
  /// The last result of the statement that was sent; the first error when one fails.
  [[nodiscard]] Result<ResultPointer> finish_statement();
  /// Reads what follows an error, which stays the last one.
  void read_to_the_end(const Deadline& until);
  /// Fails when another statement cannot begin now.
  [[nodiscard]] Status begin_statement();

  /// Sets last_sqlstate and describes it.
  [[nodiscard]] tl::unexpected<Error> failure(const PGresult* result);
  [[nodiscard]] tl::unexpected<Error> lost();
  [[nodiscard]] tl::unexpected<Error> timed_out();
};

}  // namespace homeroom::io
