#include "io/server/test_postgres.h"

#include <string>

#include <gtest/gtest.h>

#include "base/result.h"
#include "io/postgres/postgres.h"

namespace homeroom::io {
namespace {

TEST(SharedTestDatabase, IsFreshAndEmptyEachTime) {
  const auto first = shared_test_database_url();
  ASSERT_TRUE(first) << first.error().message << first.error().detail;
  const auto second = shared_test_database_url();
  ASSERT_TRUE(second) << second.error().message;
  EXPECT_NE(*first, *second);
  auto connection = Connection::connect(*first);
  ASSERT_TRUE(connection) << connection.error().message;
  ASSERT_TRUE(connection->execute("create table t (a integer)"));
  auto other = Connection::connect(*second);
  ASSERT_TRUE(other) << other.error().message;
  const auto tables = other->execute("select to_regclass('t'), current_user");
  ASSERT_TRUE(tables);
  EXPECT_TRUE(tables->is_null(0, 0));
  EXPECT_EQ(tables->text(0, 1), "homeroom_admin");
}

}  // namespace
}  // namespace homeroom::io
