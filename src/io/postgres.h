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

#include "base/byte_source.h"
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

 private:
  std::unique_ptr<State> state_;
};

struct ConnectOptions {
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds statement_timeout{600'000};  ///< set on the server too
  std::chrono::milliseconds network_timeout{30'000};     ///< tcp_user_timeout, keepalives
  std::string application_name = "homeroom";
};

/// A parameter of a query; nullopt is null.
using Parameter = std::optional<std::string_view>;

/// One session. Not shared by threads. The destructor closes it; an open transaction is undone by
/// the server.
/// Errors: kDatabase; `detail` holds the SQLSTATE and the server's message; connection trouble has
/// a hint that names what to check. No password is ever part of a message.
class Connection {
 public:
  struct State;

  /// `url` is a libpq URL or keyword string.
  [[nodiscard]] static Result<Connection> connect(const std::string& url,
                                                  const ConnectOptions& options = {});
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Several statements in one text are allowed; the last one's rows are returned.
  [[nodiscard]] Result<QueryResult> execute(const std::string& sql);
  /// One statement with $1, $2, ...
  [[nodiscard]] Result<QueryResult> query(const std::string& sql,
                                          std::span<const Parameter> parameters);

  /// `copy ... from stdin`; call `write` any number of times, then `end_copy` once.
  [[nodiscard]] Status begin_copy(const std::string& sql);
  [[nodiscard]] Status write_copy(std::span<const char> bytes);
  [[nodiscard]] Result<std::uint64_t> end_copy();  ///< rows
  [[nodiscard]] Status cancel_copy(std::string_view reason);

  [[nodiscard]] int server_version() const;  ///< 150018 for 15.18
  [[nodiscard]] bool is_in_transaction() const;
  /// SQLSTATE of the last error, "" when there was none: "55P03" lock timeout, ...
  [[nodiscard]] std::string_view last_sqlstate() const;

 private:
  explicit Connection(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

/// A transaction that is rolled back unless `commit()` was called.
class Transaction {
 public:
  [[nodiscard]] static Result<Transaction> begin(Connection& connection);
  Transaction(Transaction&& other) noexcept;
  Transaction& operator=(Transaction&&) = delete;
  ~Transaction();
  [[nodiscard]] Status commit();

 private:
  explicit Transaction(Connection& connection) : connection_(&connection) {}
  Connection* connection_;
};

/// "name" with quotes doubled; 'text' with quotes doubled (standard_conforming_strings).
[[nodiscard]] std::string quote_identifier(std::string_view name);
[[nodiscard]] std::string quote_literal(std::string_view text);

}  // namespace homeroom::io
