#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <libpq-fe.h>
#include <poll.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/postgres/postgres.h"
#include "io/postgres/postgres_error.h"
#include "io/postgres/postgres_session.h"

namespace homeroom::io {
namespace {

constexpr std::size_t kMaxNotices = 100;
constexpr std::chrono::milliseconds kRetryWait{100};
constexpr std::string_view kAddressForm =
    "write it as postgresql://USER@HOST:PORT/DATABASE; a character of the password that is no "
    "letter or digit as %XX";

struct OptionsDeleter {
  void operator()(PQconninfoOption* options) const { PQconninfoFree(options); }
};

using OptionsPointer = std::unique_ptr<PQconninfoOption, OptionsDeleter>;

/// A password with an "@" or "/" that is not written as %XX is taken for a host or database, and
/// would be shown as such by the errors to come.
bool splits_its_password(std::string_view url) {
  constexpr std::string_view kScheme = "://";
  const std::size_t scheme = url.find(kScheme);
  if (!url.starts_with("postgres") || scheme == std::string_view::npos) return false;
  url.remove_prefix(scheme + kScheme.size());
  url = url.substr(0, url.find('?'));
  const std::size_t end_of_hosts = url.find('/');
  const std::string_view hosts = url.substr(0, end_of_hosts);
  const std::string_view rest =
      end_of_hosts == std::string_view::npos ? std::string_view() : url.substr(end_of_hosts);
  const bool is_in_path = rest.find('@') != std::string_view::npos;
  return std::ranges::count(hosts, '@') > 1 ||
         (hosts.find(':') != std::string_view::npos && is_in_path);
}

/// The address as libpq reads it. Its own error text would show pieces of the password.
Result<OptionsPointer> parse_address(const std::string& url) {
  OptionsPointer parsed;
  if (!splits_its_password(url)) parsed.reset(PQconninfoParse(url.c_str(), nullptr));
  if (parsed == nullptr) {
    return fail(ErrorCode::kConfig, "the database address cannot be read",
                std::string(kAddressForm));
  }
  return parsed;
}

std::string password_of(const PQconninfoOption* option) {
  for (; option->keyword != nullptr; ++option) {
    if (std::string_view(option->keyword) == "password" && option->val != nullptr) {
      return option->val;
    }
  }
  return {};
}

void keep_notice(void* state, const PGresult* notice) {
  auto& notices = static_cast<Connection::State*>(state)->notices;
  const char* const sqlstate = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
  const char* const primary = PQresultErrorField(notice, PG_DIAG_MESSAGE_PRIMARY);
  if (primary == nullptr || notices.size() >= kMaxNotices) return;
  notices.push_back(without_values(sqlstate == nullptr ? "" : sqlstate, primary));
}

ConnectionPointer start_connecting(const std::string& url, const ConnectOptions& options) {
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.network_timeout);
  const std::string keepalive = std::to_string(std::max<long>(1, seconds.count() / 3));
  const std::string user_timeout = std::to_string(options.network_timeout.count());
  // What comes after dbname holds against what the URL says.
  const std::array keywords = {"fallback_application_name",
                               "dbname",
                               "client_encoding",
                               "keepalives",
                               "keepalives_idle",
                               "keepalives_interval",
                               "keepalives_count",
                               "tcp_user_timeout",
                               static_cast<const char*>(nullptr)};
  const std::array values = {options.application_name.c_str(),
                             url.c_str(),
                             "UTF8",
                             "1",
                             keepalive.c_str(),
                             keepalive.c_str(),
                             "2",
                             user_timeout.c_str(),
                             static_cast<const char*>(nullptr)};
  return ConnectionPointer(PQconnectStartParams(keywords.data(), values.data(), 1));
}

enum class Outcome : unsigned char { kConnected, kFailed, kTimedOut };

/// Drives libpq's connecting to its end.
Outcome finish_connecting(const Connection::State& state, const Deadline& until) {
  PGconn* const connection = state.connection.get();
  if (PQstatus(connection) == CONNECTION_BAD) return Outcome::kFailed;
  // As the manual says: before the first call, act as if it had asked to write.
  PostgresPollingStatusType step = PGRES_POLLING_WRITING;
  for (;;) {
    if (step == PGRES_POLLING_OK) return Outcome::kConnected;
    if (step == PGRES_POLLING_FAILED) return Outcome::kFailed;
    if (!state.wait(step == PGRES_POLLING_READING ? POLLIN : POLLOUT, until)) {
      return Outcome::kTimedOut;
    }
    step = PQconnectPoll(connection);
  }
}

/// The session's own settings; the server's and the role's may be anything.
std::string settings(const ConnectOptions& options) {
  const auto limit = options.statement_timeout.count();
  const auto seconds = std::chrono::ceil<std::chrono::seconds>(options.network_timeout).count();
  // Three tries to find us within the time.
  return fmt::format(
      "set statement_timeout = {0}; set idle_in_transaction_session_timeout = {0};"
      "set tcp_keepalives_idle = {1}; set tcp_keepalives_interval = {1};"
      "set tcp_keepalives_count = 2; set tcp_user_timeout = {2};"
      "set standard_conforming_strings = on; set datestyle = 'ISO, YMD';"
      "set client_min_messages = warning;"
      "select pg_backend_pid()",  // libpq's number may be that of a pooler
      limit, std::max<long>(1, seconds / 3), options.network_timeout.count());
}

/// A program that was killed while the server worked for it should not hold its locks until that
/// is done. Some systems cannot look; there the server notices when it answers.
constexpr const char* kNoticeOurEnd = "set client_connection_check_interval = 10000";

/// A server that starts, or comes back after a crash, says so and takes sessions soon (57P03).
bool will_take_sessions_soon(const Connection::State& state) {
  const std::string_view text = PQerrorMessage(state.connection.get());
  constexpr std::array<std::string_view, 3> kSigns = {
      "the database system is starting up", "the database system is in recovery mode",
      "the database system is not yet accepting connections"};
  return std::ranges::any_of(
      kSigns, [text](std::string_view sign) { return text.find(sign) != std::string_view::npos; });
}

}  // namespace

Result<Connection> Connection::connect(const std::string& url, const ConnectOptions& options) {
  const OptionsPointer address = HOMEROOM_TRY(parse_address(url));
  const std::string password = password_of(address.get());
  const Deadline until = Deadline::after(options.connect_timeout);
  auto state = std::make_unique<State>();
  state->options = options;
  state->address = url;
  Outcome outcome = Outcome::kFailed;
  for (;;) {
    state->connection = start_connecting(url, options);
    PQsetNoticeReceiver(state->connection.get(), keep_notice, state.get());
    outcome = finish_connecting(*state, until);
    const bool is_worth_a_wait =
        outcome == Outcome::kFailed && will_take_sessions_soon(*state) && !until.has_passed();
    if (!is_worth_a_wait) break;
    sleep_for(kRetryWait);
  }
  switch (outcome) {
    case Outcome::kConnected:
      break;
    case Outcome::kFailed:
      return tl::unexpected(
          describe_connect_error(PQerrorMessage(state->connection.get()), password));
    case Outcome::kTimedOut:
      return tl::unexpected(describe_connect_error(
          fmt::format("timed out after {} ms", options.connect_timeout.count()), password));
  }
  PQsetnonblocking(state->connection.get(), 1);
  Connection connection(std::move(state));
  const QueryResult backend = HOMEROOM_TRY(connection.execute(settings(options)));
  connection.state_->backend = static_cast<int>(backend.integer(0, 0));
  if (const auto noticed = connection.execute(kNoticeOurEnd);
      !noticed && connection.last_sqlstate().starts_with("08")) {
    return tl::unexpected(noticed.error());
  }
  return connection;
}

}  // namespace homeroom::io
