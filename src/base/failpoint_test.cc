#include "base/failpoint.h"

#include <array>
#include <string>

#include <gtest/gtest.h>

namespace homeroom {
namespace {

Status step() {
  HOMEROOM_FAILPOINT("step");
  return {};
}

TEST(Failpoint, TextThatMeansNothingIsRefusedWithTheFormsThatDo) {
  for (const char* text : {"step", "step:abort", "step:abort@0", "step:burn@1", "@1:abort"}) {
    const Status armed = arm_failpoint(text, "");
    ASSERT_FALSE(armed) << text;
    EXPECT_EQ(armed.error().code, ErrorCode::kConfig);
    EXPECT_NE(armed.error().message.find(text), std::string::npos);
    EXPECT_NE(armed.error().hint.find("NAME:abort@1"), std::string::npos);
  }
}

TEST(Failpoint, FailsOnceAndOnlyAtThatPassing) {
  ASSERT_TRUE(arm_failpoint("step:error@2", ""));
  EXPECT_TRUE(step());
  const Status failed = step();
  ASSERT_FALSE(failed);
  EXPECT_EQ(failed.error().message, "failpoint step");
  EXPECT_TRUE(step());
}

TEST(Failpoint, ReadsBecomeShortFromThatPassingOn) {
  ASSERT_TRUE(arm_failpoint("step:short-read@1", ""));
  std::array<char, 100> bytes{};
  EXPECT_TRUE(step());
  EXPECT_EQ(readable_at("step", bytes).size(), 7U);
  EXPECT_EQ(readable_at("other", bytes).size(), bytes.size());
}

}  // namespace
}  // namespace homeroom
