#include "table/schema.h"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace homeroom {
namespace {

TEST(NameWithSuffix, KeepsAShortName) {
  EXPECT_EQ(name_with_suffix("students", "__key"), "students__key");
  EXPECT_EQ(suppressed_name("scale_score"), "scale_score_suppressed");
  EXPECT_EQ(suppressed_name(std::string(52, 'a')), std::string(52, 'a') + "_suppressed");
}

TEST(NameWithSuffix, KeepsLongNamesApartWithin63Bytes) {
  const std::string start(55, 'a');
  const std::string first = suppressed_name(start + "_first");
  const std::string second = suppressed_name(start + "_last");
  EXPECT_EQ(first.size(), kMaxNameBytes);
  EXPECT_NE(first, second);
  EXPECT_THAT(first, testing::EndsWith("_suppressed"));
  EXPECT_EQ(first, suppressed_name(start + "_first"));
}

TEST(NameWithSuffix, NeverCutsACharacter) {
  std::string name(43, 'a');
  for (int i = 0; i < 10; ++i) name += "é";
  const std::string cut = suppressed_name(name);
  EXPECT_LE(cut.size(), kMaxNameBytes);
  EXPECT_THAT(cut, testing::StartsWith(std::string(43, 'a')));
  EXPECT_NE(cut[43], '\xC3');
}

}  // namespace
}  // namespace homeroom
