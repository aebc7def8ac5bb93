#include "catalog/stored_text.h"

#include <string>

#include <gtest/gtest.h>

namespace homeroom::catalog {
namespace {

TEST(StoredText, KeepsWhatPostgresqlCanStore) {
  EXPECT_EQ(*stored_text("Zoë, \"x\"\n\t"), "Zoë, \"x\"\n\t");
  EXPECT_EQ(*stored_text(""), "");
}

TEST(StoredText, PutsTheReplacementCharacterWhereItCannot) {
  EXPECT_EQ(*stored_text(std::string("a\0b\0", 4)),
            "a\xEF\xBF\xBD"
            "b\xEF\xBF\xBD");
  EXPECT_EQ(*stored_text("caf\xE9"), "caf\xEF\xBF\xBD");
}

}  // namespace
}  // namespace homeroom::catalog
