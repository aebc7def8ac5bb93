#include "io/postgres/postgres_error.h"

#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/result.h"

namespace homeroom::io {
namespace {

using testing::AnyOf;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr std::string_view kLeftOut = "(the server's message is left out, it may hold a value)";

TEST(WithoutValues, KeepsNoValueThatTheServerQuotes) {
  struct Case {
    std::string_view sqlstate;
    std::string_view message;
    std::string_view shown;
  };

  const std::vector<Case> table = {
      {"22P02", R"(invalid input syntax for type date: "Ada")",
       R"(invalid input syntax for type date: "...")"},
      {"22P02", R"(invalid input syntax for type date: "a"Ada"b")",
       R"(invalid input syntax for type date: "...")"},
      {"22003", R"(value "123" is out of range for type "x")", R"(value "...")"},
      {"22021", R"(invalid byte sequence for encoding "UTF8": 0xe9 0x41)",
       R"(invalid byte sequence for encoding "...": 0x...)"},
      {"22P02", "invalid input\n syntax: \"A\nda\"", "invalid input  syntax: \"...\""},
      {"22P02",
       "ung\xc3\xbcltige Eingabe f\xc3\xbcr Typ date: \xe2\x80\x9e"
       "Ada\xe2\x80\x9c",
       kLeftOut},
      {"22P02", "\xc2\xab Ada \xc2\xbb", kLeftOut},
      {"23505", R"(duplicate key value violates unique constraint "t_pkey")",
       R"(duplicate key value violates unique constraint "...")"},
      {"P0001", "student Ada is unknown", kLeftOut},
      {"XX000", R"(cannot store "Ada")", R"(cannot store "...")"},
      {"", R"(what "Ada")", R"(what "...")"},
      {"42P01", R"(relation "data.marks" does not exist)",
       R"(relation "data.marks" does not exist)"},
      {"3D000", R"(database "x" does not exist)", R"(database "x" does not exist)"},
  };
  for (const Case& example : table) {
    EXPECT_EQ(without_values(example.sqlstate, example.message), example.shown);
  }
}

TEST(DescribeError, SaysWhatHappenedAndWhatToDo) {
  const std::vector<std::pair<std::string_view, std::string_view>> table = {
      {"22P02", "PostgreSQL refused a value"},
      {"23505", "PostgreSQL refused a row that breaks a constraint"},
      {"25P02", "PostgreSQL goes on only after a rollback"},
      {"40P01", "PostgreSQL ended the statement because another one was in its way"},
      {"42501", "PostgreSQL refused the statement: this role lacks the right to it"},
      {"53100", "the database's disk is full"},
      {"55P03", "PostgreSQL waited too long for a lock that another program holds"},
      {"57014", "PostgreSQL stopped the statement: it took too long or was cancelled"},
      {"57P01", "PostgreSQL is starting or stopping, or ended this session"},
      {"ZZZZZ", "PostgreSQL refused the statement"},
  };
  for (const auto& [sqlstate, message] : table) {
    const Error error = describe_error({.sqlstate = sqlstate,
                                        .primary = "x",
                                        .schema = {},
                                        .table = {},
                                        .column = {},
                                        .constraint = {}});
    EXPECT_EQ(error.code, ErrorCode::kDatabase);
    EXPECT_EQ(error.message, message);
    EXPECT_NE(error.hint, "") << sqlstate;
    EXPECT_EQ(error.detail, std::string(sqlstate) + ": x");
  }
}

TEST(DescribeError, NamesTableColumnAndConstraint) {
  const Error error = describe_error({.sqlstate = "23502",
                                      .primary = R"(null value in column "a")",
                                      .schema = "data",
                                      .table = "marks",
                                      .column = "a",
                                      .constraint = "c"});
  EXPECT_EQ(error.detail,
            R"(23502: null value in column "..." (constraint c, column a, table data.marks))");
}

TEST(DescribeConnectError, SaysTheReasonWithoutThePassword) {
  struct Case {
    std::string_view text;
    std::string_view message;
    std::string_view hint;
  };

  const std::vector<Case> table = {
      {"connection to server at \"db\" (10.0.0.1), port 5432 failed: Connection refused\n"
       "\tIs the server running on that host and accepting TCP/IP connections?\n",
       "cannot reach PostgreSQL: Connection refused", "start the server"},
      {"connection to server on socket \"/x/.s.PGSQL.5432\" failed: FATAL:  database \"d\" does "
       "not exist\n",
       "cannot reach PostgreSQL: database \"d\" does not exist", "createdb"},
      {"connection to server at \"a\", port 1 failed: Connection refused\nconnection to server at "
       "\"b\", port 1 failed: FATAL:  password authentication failed for user \"u\"\n",
       "cannot reach PostgreSQL: password authentication failed for user \"u\"", "password"},
      {"could not translate host name \"hunter2\" to address: Name or service not known\n",
       "cannot reach PostgreSQL: could not translate host name \"***\" to address: Name or service "
       "not known",
       "host's name"},
      {"odd\n", "cannot reach PostgreSQL: odd", "host, port, database and user"},
  };
  for (const Case& example : table) {
    const Error error = describe_connect_error(example.text, "hunter2");
    EXPECT_EQ(error.message, example.message);
    EXPECT_THAT(error.hint, HasSubstr(example.hint));
    EXPECT_THAT(error.detail, Not(AnyOf(HasSubstr("hunter2"), IsEmpty())));
  }
  EXPECT_EQ(describe_connect_error("odd", "").code, ErrorCode::kDatabase);
}

}  // namespace
}  // namespace homeroom::io
