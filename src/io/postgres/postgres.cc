#include "io/postgres/postgres.h"

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>

#include "base/failpoint.h"
#include "base/result.h"
#include "io/postgres/postgres_session.h"

namespace homeroom::io {
namespace {

Status refuse_nul(std::string_view text) {
  if (text.find('\0') == std::string_view::npos) return {};
  return fail(ErrorCode::kInvalidInput, "a statement or its parameter has a NUL character",
              "PostgreSQL cannot hold NUL in text; remove it");
}

template <class Number>
Number number_of(std::string_view text) {
  Number number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  return number;
}

int position(std::size_t index) {
  return static_cast<int>(index);
}

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char character : text) {
    if (character == quote) out += quote;
    out += character;
  }
  out += quote;
  return out;
}

}  // namespace

QueryResult::QueryResult(std::unique_ptr<State> state) : state_(std::move(state)) {}

QueryResult::QueryResult(QueryResult&&) noexcept = default;
QueryResult& QueryResult::operator=(QueryResult&&) noexcept = default;
QueryResult::~QueryResult() = default;

std::size_t QueryResult::num_rows() const {
  return static_cast<std::size_t>(PQntuples(state_->result.get()));
}

std::size_t QueryResult::num_columns() const {
  return static_cast<std::size_t>(PQnfields(state_->result.get()));
}

std::string_view QueryResult::column_name(std::size_t column) const {
  const char* const name = PQfname(state_->result.get(), position(column));
  return name == nullptr ? std::string_view() : name;
}

std::uint32_t QueryResult::column_type(std::size_t column) const {
  return PQftype(state_->result.get(), position(column));
}

bool QueryResult::is_null(std::size_t row, std::size_t column) const {
  return PQgetisnull(state_->result.get(), position(row), position(column)) != 0;
}

std::string_view QueryResult::text(std::size_t row, std::size_t column) const {
  const char* const value = PQgetvalue(state_->result.get(), position(row), position(column));
  if (value == nullptr) return {};
  const int length = PQgetlength(state_->result.get(), position(row), position(column));
  return {value, static_cast<std::size_t>(length)};
}

std::int64_t QueryResult::integer(std::size_t row, std::size_t column) const {
  return number_of<std::int64_t>(text(row, column));
}

std::uint64_t QueryResult::num_affected() const {
  return number_of<std::uint64_t>(PQcmdTuples(state_->result.get()));
}

std::string_view QueryResult::command() const {
  return PQcmdStatus(state_->result.get());
}

Connection::Connection(std::unique_ptr<State> state) : state_(std::move(state)) {}

Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<QueryResult> Connection::execute(const std::string& sql) {
  HOMEROOM_TRY(refuse_nul(sql));
  HOMEROOM_TRY(state_->begin_statement());
  if (PQsendQuery(state_->connection.get(), sql.c_str()) == 0) return state_->lost();
  ResultPointer result = HOMEROOM_TRY(state_->finish_statement());
  return QueryResult(std::make_unique<QueryResult::State>(std::move(result)));
}

Result<QueryResult> Connection::query(const std::string& sql,
                                      std::span<const Parameter> parameters) {
  HOMEROOM_TRY(refuse_nul(sql));
  constexpr std::size_t kMaxParameters = 65535;  // a 16 bit count in the protocol
  if (parameters.size() > kMaxParameters) {
    return fail(ErrorCode::kInternal, "a statement has more than 65,535 parameters");
  }
  std::vector<std::string> texts(parameters.size());
  std::vector<const char*> values(parameters.size(), nullptr);
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    const Parameter& parameter = parameters[i];
    if (!parameter) continue;
    HOMEROOM_TRY(refuse_nul(*parameter));
    texts[i] = *parameter;
    values[i] = texts[i].c_str();
  }
  HOMEROOM_TRY(state_->begin_statement());
  const std::string name = HOMEROOM_TRY(state_->prepare(sql, values.size()));
  PGconn* const connection = state_->connection.get();
  const int is_sent = name.empty()
                          ? PQsendQueryParams(connection, sql.c_str(), position(values.size()),
                                              nullptr, values.data(), nullptr, nullptr, 0)
                          : PQsendQueryPrepared(connection, name.c_str(), position(values.size()),
                                                values.data(), nullptr, nullptr, 0);
  if (is_sent == 0) return state_->lost();
  ResultPointer result = HOMEROOM_TRY(state_->finish_statement());
  return QueryResult(std::make_unique<QueryResult::State>(std::move(result)));
}

int Connection::server_version() const {
  return PQserverVersion(state_->connection.get());
}

bool Connection::is_in_transaction() const {
  const PGTransactionStatusType status = PQtransactionStatus(state_->connection.get());
  return status == PQTRANS_INTRANS || status == PQTRANS_INERROR || status == PQTRANS_ACTIVE;
}

std::string_view Connection::last_sqlstate() const {
  return state_->last_sqlstate;
}

std::vector<std::string> Connection::take_notices() {
  return std::exchange(state_->notices, {});
}

void Connection::roll_back() {
  const std::string sqlstate = state_->last_sqlstate;
  // Where this fails the connection is lost, and the server rolls back by itself.
  [[maybe_unused]] const Status cancelled = cancel_copy("rolled back");
  if (is_in_transaction()) {
    [[maybe_unused]] const auto undone = execute("rollback");
  }
  state_->last_sqlstate = sqlstate;
}

Result<Transaction> Transaction::begin(Connection& connection) {
  HOMEROOM_TRY(connection.execute("begin"));
  HOMEROOM_FAILPOINT("transaction_begun");
  return Transaction(connection);
}

Transaction::Transaction(Transaction&& other) noexcept
    : connection_(std::exchange(other.connection_, nullptr)) {}

Transaction::~Transaction() {
  if (connection_ != nullptr) connection_->roll_back();
}

Status Transaction::commit() {
  HOMEROOM_FAILPOINT("before_commit");
  Connection& connection = *std::exchange(connection_, nullptr);
  const QueryResult result = HOMEROOM_TRY(connection.execute("commit"));
  HOMEROOM_FAILPOINT("after_commit");
  if (result.command() == "COMMIT") return {};
  return fail_with_detail(ErrorCode::kDatabase, "PostgreSQL undid the transaction",
                          "an earlier statement of it failed; see its error",
                          fmt::format("commit was answered by {}", result.command()));
}

std::string quote_identifier(std::string_view name) {
  return quoted(name, '"');
}

std::string quote_literal(std::string_view text) {
  return quoted(text, '\'');
}

}  // namespace homeroom::io
