#pragma once

// A connection to PostgreSQL: libpq, non-blocking, every wait with a deadline.

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"

namespace homeroom::io {

/// Rows of a query, as text. Owns its memory.
class QueryResult {
 public:
  struct State;
  explicit QueryResult(std::unique_ptr<State> state);
  QueryResult(QueryResult&&) noexcept;
  QueryResult& operator=(QueryResult&&) noexcept;
  ~QueryResult();

  [[nodiscard]] std::size_t num_rows() const;
  [[nodiscard]] std::size_t num_columns() const;
  [[nodiscard]] std::string_view column_name(std::size_t column) const;
  [[nodiscard]] std::uint32_t column_type(std::size_t column) const;  ///< pg_type oid
  [[nodiscard]] bool is_null(std::size_t row, std::size_t column) const;
  [[nodiscard]] std::string_view text(std::size_t row, std::size_t column) const;  ///< "" for null
  [[nodiscard]] std::int64_t integer(std::size_t row, std::size_t column) const;   ///< 0 for null
  /// Rows an insert, update, delete, merge or COPY touched.
  [[nodiscard]] std::uint64_t num_affected() const;
  /// What was done: "SELECT 3", "COMMIT", ...
  [[nodiscard]] std::string_view command() const;

 private:
  std::unique_ptr<State> state_;
};

struct ConnectOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  /// The server ends a statement, and a transaction left idle, after so long; we give up on the
  /// server a moment later. A COPY may last longer: each step of it has this time. 0: no limit.
  std::chrono::milliseconds statement_timeout{600'000};
  /// After so long without an answer the network counts as gone. A server that is at work on our
  /// statement may take longer: it is asked through a second session. 0: it is not asked.
  std::chrono::milliseconds network_timeout{30'000};
  std::string application_name = "homeroom";
};

/// A parameter of a query; nullopt is null.
using Parameter = std::optional<std::string_view>;

/// One session. Not shared by threads. The destructor closes it; an open transaction is undone by
/// the server.
/// Errors: kDatabase; `detail` holds the SQLSTATE, the server's message and the names of table,
/// column and constraint. The server quotes values in its messages, so what it quotes stands
/// there only for errors about names (classes 08, 28, 3D, 42, ...), else as "..."; what it says
/// beyond the first sentence never does. Connection trouble has a hint that names what to check.
/// No password is ever part of a message.
class Connection {
 public:
  struct State;

  /// `url` is a libpq URL or keyword string; what it leaves out comes from libpq's own variables
  /// and files. The session speaks UTF-8, ISO dates and standard strings. Looking up a host's name
  /// is the one wait that libpq does not let us bound.
  /// Errors: kConfig for an address that cannot be read.
  [[nodiscard]] static Result<Connection> connect(const std::string& url,
                                                  const ConnectOptions& options = {});
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Several statements in one text are allowed; the last one's rows are returned. The first that
  /// fails ends it. Rows are held in memory: ask for few.
  [[nodiscard]] Result<QueryResult> execute(const std::string& sql);
  /// One statement with $1, $2, ...
  [[nodiscard]] Result<QueryResult> query(const std::string& sql,
                                          std::span<const Parameter> parameters);

  /// `copy ... from stdin`; call `write_copy` any number of times, then `end_copy` once. What the
  /// server does not like, it says in `end_copy`. Memory: 64 KiB beyond what is written.
  [[nodiscard]] Status begin_copy(const std::string& sql);
  [[nodiscard]] Status write_copy(std::span<const char> bytes);
  [[nodiscard]] Result<std::uint64_t> end_copy();  ///< rows
  /// Ends the COPY so that the server forgets it; an open transaction must be rolled back then.
  /// Does nothing when there is none.
  [[nodiscard]] Status cancel_copy(std::string_view reason);

  [[nodiscard]] int server_version() const;  ///< 150018 for 15.18
  [[nodiscard]] bool is_in_transaction() const;
  /// SQLSTATE of the last statement's error, "" when there was none: "55P03" lock timeout, ...;
  /// "08006" when the connection was lost.
  [[nodiscard]] std::string_view last_sqlstate() const;
  /// Warnings and notices of the server since the last call, 100 at most, values removed.
  [[nodiscard]] std::vector<std::string> take_notices();

 private:
  friend class Transaction;
  explicit Connection(std::unique_ptr<State> state);
  void roll_back();  ///< keeps last_sqlstate
  [[nodiscard]] Result<QueryResult> end_statement();
  std::unique_ptr<State> state_;
};

/// A transaction that is rolled back unless `commit()` was called. The connection must outlive it.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  /// Errors: kDatabase also when a statement failed before, so that the server rolled back.
  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}

  Connection* connection_;
};

/// "name" with quotes doubled; 'text' with quotes doubled (standard_conforming_strings).
[[nodiscard]] std::string quote_identifier(std::string_view name);
[[nodiscard]] std::string quote_literal(std::string_view text);

}  // namespace homeroom::io
