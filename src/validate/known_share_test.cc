#include "validate/known_share.h"

#include <gtest/gtest.h>

namespace homeroom::validate {
namespace {

Reference to_students() {
  Reference reference;
  reference.table = "students";
  return reference;
}

TEST(KnownShare, IsJudgedByHowManyAreKnownAndWhoGaveThem) {
  struct Case {
    std::uint64_t num_rows;
    std::uint64_t num_unknown;
    bool is_given;
    WhenUnknown when_unknown;
    ShareVerdict verdict;
  };

  constexpr Case kCases[] = {
      {100, 0, true, WhenUnknown::kPending, ShareVerdict::kGood},
      {100, 1, true, WhenUnknown::kPending, ShareVerdict::kSetAside},
      {100, 50, true, WhenUnknown::kPending, ShareVerdict::kSetAside},
      {100, 51, true, WhenUnknown::kPending, ShareVerdict::kHold},
      {1, 1, true, WhenUnknown::kPending, ShareVerdict::kHold},
      {100, 51, true, WhenUnknown::kQuarantine, ShareVerdict::kHold},
      {100, 50, false, WhenUnknown::kPending, ShareVerdict::kSetAside},
      {100, 51, false, WhenUnknown::kPending, ShareVerdict::kWarn},
      {100, 100, false, WhenUnknown::kPending, ShareVerdict::kWarn},
      {100, 100, true, WhenUnknown::kWarn, ShareVerdict::kWarn},
      {100, 100, false, WhenUnknown::kWarn, ShareVerdict::kGood},
      {0, 0, true, WhenUnknown::kPending, ShareVerdict::kGood},
  };
  for (const Case& each : kCases) {
    const KnownShare share{.num_rows = each.num_rows,
                           .num_unknown = each.num_unknown,
                           .is_given_by_source = each.is_given};
    Reference reference = to_students();
    reference.when_unknown = each.when_unknown;
    EXPECT_EQ(judge_known_share(share, reference), each.verdict)
        << each.num_unknown << " of " << each.num_rows << " unknown";
  }
}

TEST(KnownShare, FollowsTheShareThatTheContractNames) {
  const KnownShare share{.num_rows = 10, .num_unknown = 1, .is_given_by_source = true};
  Reference strict = to_students();
  strict.min_known_fraction = 0.95;
  EXPECT_EQ(judge_known_share(share, strict), ShareVerdict::kHold);
  Reference never = to_students();
  never.min_known_fraction = 0;
  EXPECT_EQ(
      judge_known_share({.num_rows = 10, .num_unknown = 10, .is_given_by_source = true}, never),
      ShareVerdict::kSetAside);
}

}  // namespace
}  // namespace homeroom::validate
