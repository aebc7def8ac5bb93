#include "io/postgres/postgres.h"

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/result.h"
#include "io/deadline.h"
#include "io/server/test_postgres.h"

namespace homeroom::io {
namespace {

using std::chrono::milliseconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

/// A value that must not be seen outside the database.
constexpr std::string_view kCanary = "Ada Lovelace";

class Postgres : public testing::Test {
 protected:
  void SetUp() override {
    auto url = shared_test_database_url();
    ASSERT_TRUE(url) << url.error().message << ": " << url.error().detail;
    url_ = *url;
    connection_.emplace(connect());
  }

  [[nodiscard]] Connection connect(const ConnectOptions& options = {}) const {
    auto connection = Connection::connect(url_, options);
    EXPECT_TRUE(connection) << connection.error().message << ": " << connection.error().detail;
    return std::move(*connection);
  }

  Connection& connection() { return *connection_; }

  std::string value(const std::string& sql) {
    const auto result = connection().execute(sql);
    if (!result) return "error: " + result.error().detail;
    return std::string(result->text(0, 0));
  }

  /// The server process of a connection.
  static int process_of(Connection& connection) {
    return static_cast<int>(connection.execute("select pg_backend_pid()")->integer(0, 0));
  }

  void end_from_outside(Connection& other) {
    EXPECT_EQ(value(fmt::format("select pg_terminate_backend({}, 5000)", process_of(other))), "t");
  }

 private:
  std::string url_;
  std::optional<Connection> connection_;
};

TEST_F(Postgres, GivesRowsWithNamesTypesAndNulls) {
  const std::array<Parameter, 3> parameters = {"7", std::nullopt, "o'clock \xc3\xa9"};
  const auto result = connection().query(
      "select $1::bigint as a, $2::date as b, $3::text as \"C d\", '' as e", parameters);
  ASSERT_TRUE(result) << result.error().detail;
  ASSERT_EQ(result->num_rows(), 1U);
  ASSERT_EQ(result->num_columns(), 4U);
  EXPECT_EQ(result->column_name(2), "C d");
  EXPECT_EQ(result->column_type(0), 20U);
  EXPECT_EQ(result->integer(0, 0), 7);
  EXPECT_TRUE(result->is_null(0, 1));
  EXPECT_EQ(result->text(0, 1), "");
  EXPECT_EQ(result->integer(0, 1), 0);
  EXPECT_EQ(result->text(0, 2), "o'clock \xc3\xa9");
  EXPECT_FALSE(result->is_null(0, 3));
  EXPECT_EQ(result->command(), "SELECT 1");
}

TEST_F(Postgres, CountsTheRowsThatAStatementTouched) {
  const auto inserted = connection().execute(
      "create table t (a integer); insert into t select generate_series(1, 12)");
  ASSERT_TRUE(inserted) << inserted.error().detail;
  EXPECT_EQ(inserted->num_affected(), 12U);
  EXPECT_EQ(connection().execute("update t set a = 0 where a > 10")->num_affected(), 2U);
  EXPECT_EQ(connection().execute("drop table t")->num_affected(), 0U);
}

TEST_F(Postgres, StopsATextOfStatementsAtTheFirstThatFails) {
  ASSERT_TRUE(connection().execute("create table t (a integer)"));
  const auto failed = connection().execute("insert into t values (1); select 1 / 0; select 2");
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().detail, "22012: division by zero");
  EXPECT_EQ(connection().last_sqlstate(), "22012");
  EXPECT_EQ(value("select count(*) from t"), "0");
  EXPECT_EQ(connection().last_sqlstate(), "");
}

TEST_F(Postgres, SpeaksUtf8AndIsoDatesWhateverTheServerIsSetTo) {
  EXPECT_EQ(value("show client_encoding"), "UTF8");
  EXPECT_EQ(value("show standard_conforming_strings"), "on");
  EXPECT_EQ(value("show datestyle"), "ISO, YMD");
  EXPECT_EQ(value("show statement_timeout"), "10min");
  EXPECT_EQ(value("show idle_in_transaction_session_timeout"), "10min");
  EXPECT_EQ(value("show application_name"), "homeroom");
  EXPECT_GE(connection().server_version(), 150000);
}

TEST_F(Postgres, NamesErrorsByTheirStateAndNeverShowsAValue) {
  ASSERT_TRUE(connection().execute(
      "create schema s; create table s.t (a integer primary key, b text not null check (b <> 'x'));"
      "insert into s.t values (1, 'b')"));
  const std::vector<std::pair<std::string, std::string>> table = {
      {"select $1::date", "22007: invalid input syntax for type date: \"...\""},
      {"select $1::integer", "22P02: invalid input syntax for type integer: \"...\""},
      {"select $1::json", "22P02: invalid input syntax for type json"},
      {"insert into s.t select 1, $1",
       "23505: duplicate key value violates unique constraint \"...\" (constraint t_pkey, table "
       "s.t)"},
      {"insert into s.t select 2, nullif($1, $1)",
       "23502: null value in column \"...\" violates not-null constraint (column b, table s.t)"},
      {"insert into s.t select 2, left($1, 0) || 'x'",
       "23514: new row for relation \"...\" (constraint t_b_check, table s.t)"},
      {"select * from s.none where $1 = ''", "42P01: relation \"s.none\" does not exist"},
      {"select ($1)::varchar(3)::date", "22007: invalid input syntax for type date: \"...\""},
  };
  const std::array<Parameter, 1> parameters = {kCanary};
  for (const auto& [sql, detail] : table) {
    const auto result = connection().query(sql, parameters);
    ASSERT_FALSE(result) << sql;
    EXPECT_EQ(result.error().code, ErrorCode::kDatabase);
    EXPECT_EQ(result.error().detail, detail);
    EXPECT_NE(result.error().hint, "") << sql;
    EXPECT_THAT(result.error().message + result.error().hint + result.error().detail,
                Not(HasSubstr("Ada")));
    EXPECT_EQ(connection().last_sqlstate(), detail.substr(0, 5));
  }
}

TEST_F(Postgres, RefusesNulAndCopyWhereTheyCannotBe) {
  const std::array<Parameter, 1> nul = {std::string_view("a\0b", 3)};
  EXPECT_EQ(connection().query("select $1", nul).error().code, ErrorCode::kInvalidInput);
  EXPECT_EQ(connection().execute(std::string("select '\0'", 10)).error().code,
            ErrorCode::kInvalidInput);
  EXPECT_EQ(value("select 1"), "1");
  const auto copy = connection().execute("copy (select 1) to stdout");
  ASSERT_FALSE(copy);
  EXPECT_EQ(copy.error().message, "COPY to or from the client is not a query");
}

TEST_F(Postgres, GivesTheSameAnswersToAStatementThatComesAgainAndAgain) {
  ASSERT_TRUE(connection().execute("create temporary table seen (id bigint primary key)"));
  const auto insert = [&](std::string_view id) {
    const std::array<Parameter, 1> parameters = {id};
    return connection().query("insert into seen values ($1)", parameters);
  };
  for (const std::string_view id : {"1", "2", "3", "4", "5", "6", "7"}) {
    const auto inserted = insert(id);
    ASSERT_TRUE(inserted) << inserted.error().detail;
    EXPECT_EQ(inserted->num_affected(), 1);
  }
  EXPECT_EQ(value("select count(*) from pg_prepared_statements"), "1");
  // An error undoes its transaction and nothing else, and a statement that fails when it is
  // prepared is one that fails.
  EXPECT_FALSE(insert("7"));
  EXPECT_EQ(connection().last_sqlstate(), "23505");
  ASSERT_TRUE(connection().execute("begin"));
  EXPECT_FALSE(insert("7"));
  EXPECT_FALSE(insert("8"));
  ASSERT_TRUE(connection().execute("rollback"));
  EXPECT_TRUE(insert("8"));
  const std::array<Parameter, 1> parameters = {"1"};
  for (int time = 0; time < 3; ++time) {
    EXPECT_FALSE(connection().query("select $1::no_such_type", parameters));
    EXPECT_EQ(connection().last_sqlstate(), "42704");
  }
  // A table that is altered meanwhile: the plan is made again.
  const auto ask = [&] {
    return connection().query("select id from seen where id = $1", parameters);
  };
  EXPECT_EQ(ask()->text(0, 0), "1");
  EXPECT_EQ(ask()->text(0, 0), "1");
  ASSERT_TRUE(connection().execute("alter table seen add column more text"));
  EXPECT_EQ(ask()->text(0, 0), "1");
}

TEST_F(Postgres, SeesATableThatSomebodyMadeWhileItsTransactionLasted) {
  const std::string name = "made_meanwhile";
  const std::array<Parameter, 1> parameters = {name};
  const auto is_there = [&] {
    const auto found = connection().query(
        "select exists (select from pg_class as c where c.oid = to_regclass($1))", parameters);
    return found ? std::string(found->text(0, 0)) : found.error().detail;
  };
  Connection other = connect();
  ASSERT_TRUE(other.execute("drop table if exists made_meanwhile"));
  ASSERT_TRUE(connection().execute("begin"));
  for (int time = 0; time < 3; ++time) EXPECT_EQ(is_there(), "f");
  ASSERT_TRUE(other.execute("create table made_meanwhile (id bigint)"));
  // As a load does: it waits for a lock, then looks again.
  ASSERT_TRUE(connection().execute("select pg_advisory_xact_lock(1)"));
  EXPECT_EQ(is_there(), "t");
  ASSERT_TRUE(connection().execute("rollback"));
  ASSERT_TRUE(other.execute("drop table made_meanwhile"));
}

TEST_F(Postgres, CollectsNoticesWithoutValues) {
  ASSERT_TRUE(connection().execute("do $$ begin raise warning 'student \"Ada\"'; end $$"));
  EXPECT_THAT(connection().take_notices(), ElementsAre("student \"...\""));
  EXPECT_THAT(connection().take_notices(), IsEmpty());
}

TEST_F(Postgres, QuotesNamesAndTextAsTheServerReadsThem) {
  for (const std::string& text :
       {std::string("plain"), std::string("o'clock"), std::string("a\"b\"\"c"),
        std::string("back\\slash'; --"), std::string("\xc3\xa9"), std::string("")}) {
    EXPECT_EQ(value("select " + quote_literal(text)), text);
    if (text.empty()) continue;
    const auto named = connection().execute("select 1 as " + quote_identifier(text));
    ASSERT_TRUE(named) << text;
    EXPECT_EQ(named->column_name(0), text);
  }
}

TEST_F(Postgres, UndoesATransactionThatIsNotCommitted) {
  ASSERT_TRUE(connection().execute("create table t (a integer)"));
  {
    auto transaction = Transaction::begin(connection());
    ASSERT_TRUE(transaction);
    const Transaction moved = std::move(*transaction);
    ASSERT_TRUE(connection().execute("insert into t values (1)"));
    EXPECT_TRUE(connection().is_in_transaction());
  }
  EXPECT_FALSE(connection().is_in_transaction());
  EXPECT_EQ(value("select count(*) from t"), "0");
  auto transaction = Transaction::begin(connection());
  ASSERT_TRUE(connection().execute("insert into t values (1)"));
  ASSERT_TRUE(transaction->commit());
  EXPECT_EQ(value("select count(*) from t"), "1");
}

TEST_F(Postgres, SaysWhenACommitWasARollback) {
  auto transaction = Transaction::begin(connection());
  ASSERT_TRUE(transaction);
  EXPECT_FALSE(connection().execute("select 1 / 0"));
  EXPECT_EQ(connection().execute("select 1").error().detail.substr(0, 5), "25P02");
  const Status committed = transaction->commit();
  ASSERT_FALSE(committed);
  EXPECT_EQ(committed.error().code, ErrorCode::kDatabase);
  EXPECT_EQ(committed.error().message, "PostgreSQL undid the transaction");
}

TEST_F(Postgres, KeepsTheStateOfAnErrorThroughTheRollback) {
  {
    const auto transaction = Transaction::begin(connection());
    EXPECT_FALSE(connection().execute("select 1 / 0"));
  }
  EXPECT_EQ(connection().last_sqlstate(), "22012");
  EXPECT_FALSE(connection().is_in_transaction());
}

TEST_F(Postgres, EndsAStatementThatTakesTooLong) {
  Connection hurried = connect({.statement_timeout = milliseconds(100)});
  const auto slow = hurried.execute("select pg_sleep(20)");
  ASSERT_FALSE(slow);
  EXPECT_EQ(hurried.last_sqlstate(), "57014");
  EXPECT_THAT(slow.error().message, HasSubstr("took too long"));
  EXPECT_TRUE(hurried.execute("select 1"));
}

TEST_F(Postgres, GivesUpOnAServerThatNoLongerAnswers) {
  Connection hurried = connect({.statement_timeout = milliseconds(100)});
  const int process = process_of(hurried);
  ASSERT_EQ(::kill(process, SIGSTOP), 0);
  const auto lost = hurried.execute("select 1");
  ::kill(process, SIGCONT);
  ASSERT_FALSE(lost);
  EXPECT_EQ(lost.error().code, ErrorCode::kDatabase);
  EXPECT_EQ(lost.error().message, "the connection to PostgreSQL was lost");
  EXPECT_THAT(lost.error().hint, HasSubstr("not loaded twice"));
  EXPECT_EQ(hurried.last_sqlstate(), "08006");
  EXPECT_FALSE(hurried.execute("select 1"));
  EXPECT_FALSE(hurried.is_in_transaction());
}

TEST_F(Postgres, GivesUpOnAServerThatIsSilentButNotOnOneThatWorks) {
  const ConnectOptions minutes{.statement_timeout = std::chrono::minutes(10),
                               .network_timeout = milliseconds(800)};
  Connection patient = connect(minutes);
  EXPECT_TRUE(patient.execute("select pg_sleep(2)"));
  Connection holder = connect();
  ASSERT_TRUE(holder.execute("begin; select pg_advisory_xact_lock(7)"));
  EXPECT_FALSE(patient.execute("set lock_timeout = '2s'; select pg_advisory_lock(7)"));
  EXPECT_EQ(patient.last_sqlstate(), "55P03");  // the server's word, not ours

  const int process = process_of(patient);
  ASSERT_EQ(::kill(process, SIGSTOP), 0);
  const auto lost = patient.execute("select 1");
  ::kill(process, SIGCONT);
  ASSERT_FALSE(lost);
  EXPECT_EQ(patient.last_sqlstate(), "08006");
  EXPECT_THAT(lost.error().detail, HasSubstr("does not answer"));
}

TEST_F(Postgres, SaysThatItsSessionWasEnded) {
  Connection other = connect();
  ASSERT_TRUE(other.execute("begin"));
  end_from_outside(other);
  const auto lost = other.execute("select 1");
  ASSERT_FALSE(lost);
  EXPECT_EQ(other.last_sqlstate(), "57P01");
  EXPECT_THAT(lost.error().message, HasSubstr("ended this session")) << lost.error().detail;
  const auto again = other.execute("select 1");
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, "the connection to PostgreSQL was lost");
}

class PostgresCopy : public Postgres {
 protected:
  void SetUp() override {
    Postgres::SetUp();
    ASSERT_TRUE(connection().execute("create table t (a integer, b text)"));
  }
};

/// The binary format of COPY: "PGCOPY", flags, then rows of counted fields. See COPY in the manual.
std::string binary_rows(int num_rows) {
  using namespace std::string_view_literals;
  std::string out("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0"sv);
  for (int row = 0; row < num_rows; ++row) {
    const std::uint32_t number = htonl(static_cast<std::uint32_t>(row));
    out += "\0\2\0\0\0\4"sv;
    out.append(reinterpret_cast<const char*>(&number), sizeof number);
    out += "\0\0\0\2xy"sv;
  }
  out += "\xff\xff"sv;
  return out;
}

TEST_F(PostgresCopy, TakesRowsInBinaryInPiecesOfAnySize) {
  const std::string bytes = binary_rows(20'000);
  for (const std::size_t piece : {std::size_t{999}, bytes.size()}) {
    ASSERT_TRUE(connection().begin_copy("copy t from stdin (format binary)"));
    for (std::size_t at = 0; at < bytes.size(); at += piece) {
      ASSERT_TRUE(connection().write_copy(std::string_view(bytes).substr(at, piece)));
    }
    EXPECT_EQ(connection().end_copy(), 20'000U);
  }
  EXPECT_EQ(value("select count(*) || ' ' || sum(a) from t"), "40000 399980000");
}

TEST_F(PostgresCopy, SaysAtItsEndWhatWasWrongWithoutTheValue) {
  ASSERT_TRUE(connection().begin_copy("copy t from stdin"));
  ASSERT_TRUE(connection().write_copy(fmt::format("{}\tx\n", kCanary)));
  const auto ended = connection().end_copy();
  ASSERT_FALSE(ended);
  EXPECT_EQ(ended.error().detail, "22P02: invalid input syntax for type integer: \"...\"");
  EXPECT_EQ(connection().last_sqlstate(), "22P02");
  EXPECT_EQ(value("select count(*) from t"), "0");
  EXPECT_EQ(value("show statement_timeout"), "10min");
}

TEST_F(PostgresCopy, RefusesStatementsThatAreNoCopy) {
  const Status missing = connection().begin_copy("copy none from stdin");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().detail, "42P01: relation \"none\" does not exist");
  EXPECT_EQ(connection().last_sqlstate(), "42P01");
  EXPECT_EQ(connection().begin_copy("select 1").error().code, ErrorCode::kInternal);
  EXPECT_EQ(connection().write_copy(std::string_view("x")).error().code, ErrorCode::kInternal);
  EXPECT_EQ(connection().end_copy().error().code, ErrorCode::kInternal);
  EXPECT_EQ(value("show statement_timeout"), "10min");
}

TEST_F(PostgresCopy, KeepsOtherStatementsOutUntilItEnds) {
  ASSERT_TRUE(connection().begin_copy("copy t from stdin"));
  EXPECT_EQ(connection().execute("select 1").error().code, ErrorCode::kInternal);
  ASSERT_TRUE(connection().write_copy(std::string_view("1\tx\n")));
  ASSERT_TRUE(connection().cancel_copy("not wanted"));
  EXPECT_EQ(value("select count(*) from t"), "0");
  EXPECT_TRUE(connection().cancel_copy("there is none"));
}

TEST_F(PostgresCopy, IsUndoneWithItsTransaction) {
  {
    const auto transaction = Transaction::begin(connection());
    ASSERT_TRUE(connection().begin_copy("copy t from stdin"));
    ASSERT_TRUE(connection().write_copy(std::string_view("1\tx\n")));
  }
  EXPECT_FALSE(connection().is_in_transaction());
  EXPECT_EQ(value("select count(*) from t"), "0");
  EXPECT_EQ(value("show statement_timeout"), "10min");
}

TEST_F(PostgresCopy, MayTakeLongerThanAStatement) {
  Connection hurried = connect({.statement_timeout = milliseconds(100)});
  ASSERT_TRUE(hurried.begin_copy("copy t from stdin"));
  ASSERT_TRUE(hurried.write_copy(std::string_view("1\tx\n")));
  sleep_for(milliseconds(250));
  ASSERT_TRUE(hurried.write_copy(std::string_view("2\ty\n")));
  EXPECT_EQ(hurried.end_copy(), 2U);
  EXPECT_EQ(hurried.execute("show statement_timeout")->text(0, 0), "100ms");
}

TEST_F(PostgresCopy, FailsSoonWhenItsSessionWasEnded) {
  Connection other = connect();
  ASSERT_TRUE(other.execute("begin"));
  const int process = process_of(other);
  ASSERT_TRUE(other.begin_copy("copy t from stdin"));
  ASSERT_EQ(value(fmt::format("select pg_terminate_backend({}, 5000)", process)), "t");
  const std::string rows(1 << 20, '\n');
  Status written;
  for (int i = 0; i < 20 && written; ++i) written = other.write_copy(rows);
  ASSERT_FALSE(written);
  EXPECT_EQ(written.error().code, ErrorCode::kDatabase);
  EXPECT_THAT(written.error().message, HasSubstr("PostgreSQL"));
  EXPECT_FALSE(other.end_copy());
  EXPECT_FALSE(other.execute("select 1"));
}

TEST(PostgresConnect, SaysWhatToCheckWhenThereIsNoServer) {
  const std::vector<std::pair<std::string, std::string>> table = {
      {"postgresql:///x?host=/nowhere", "cannot reach PostgreSQL: No such file or directory"},
      {"postgresql://u:hunter2@127.0.0.1:1/x", "cannot reach PostgreSQL: Connection refused"},
  };
  for (const auto& [url, message] : table) {
    const auto connection = Connection::connect(url);
    ASSERT_FALSE(connection) << url;
    EXPECT_EQ(connection.error().code, ErrorCode::kDatabase);
    EXPECT_EQ(connection.error().message, message);
    EXPECT_THAT(connection.error().hint, HasSubstr("host and port"));
    EXPECT_THAT(connection.error().detail, Not(HasSubstr("hunter2")));
  }
}

TEST(PostgresConnect, NeverShowsAPasswordThatIsWrittenWrong) {
  for (const auto* const url :
       {"postgresql://u:hun%zzter2@h/x", "postgresql://u:hun@ter2@h/x",
        "postgresql://u:hun/ter2@h/x", "hunter2", "host=h password='hunter2"}) {
    const auto connection = Connection::connect(url, {.connect_timeout = milliseconds(2000)});
    ASSERT_FALSE(connection) << url;
    EXPECT_EQ(connection.error().code, ErrorCode::kConfig) << url;
    EXPECT_EQ(connection.error().message, "the database address cannot be read");
    EXPECT_THAT(connection.error().hint, HasSubstr("%XX"));
    EXPECT_EQ(connection.error().detail, "");
  }
}

TEST(PostgresConnect, GivesUpOnAServerThatSaysNothing) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 1), 0);
  ASSERT_EQ(::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size), 0);
  const auto connection =
      Connection::connect(fmt::format("postgresql://u@127.0.0.1:{}/x", ntohs(address.sin_port)),
                          {.connect_timeout = milliseconds(200)});
  ::close(listener);
  ASSERT_FALSE(connection);
  EXPECT_EQ(connection.error().message, "cannot reach PostgreSQL: timed out after 200 ms");
  EXPECT_THAT(connection.error().hint, HasSubstr("network"));
}

}  // namespace
}  // namespace homeroom::io
