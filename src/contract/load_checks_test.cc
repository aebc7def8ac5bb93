// `homeroom.loadChecks` and `slaProperties` of contracts.

#include <array>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/contract.h"

namespace homeroom::contract {
namespace {

using testing::HasSubstr;

Result<ContractSet> load(const std::string& checks, const std::string& sla = {}) {
  const std::string text = "apiVersion: v3.1.0\nkind: DataContract\nid: x\nversion: 1.0.0\n" + sla +
                           "schema:\n  - name: marks\n    customProperties:\n"
                           "      - property: homeroom.loadChecks\n        value: " +
                           checks +
                           "\n    properties:\n"
                           "      - {name: school_id, logicalType: string}\n"
                           "      - {name: day, logicalType: date}\n";
  const std::array files = {EmbeddedFile{"marks.odcs.yaml", text}};
  return ContractSet::from_files(files);
}

TEST(LoadChecks, KeepTheirDefaultsWhereNothingIsSaid) {
  const auto set = load("{}");
  ASSERT_TRUE(set) << set.error().message;
  const LoadChecks& checks = set->contracts()[0].load_checks;
  EXPECT_EQ(checks.volume.action, CheckAction::kHold);
  EXPECT_EQ(checks.volume.hold_drop, 0.40);
  EXPECT_EQ(checks.null_rate.action, CheckAction::kWarn);
  EXPECT_EQ(checks.drift.max_psi, 0.2);
  EXPECT_TRUE(checks.school_day.date.empty());
  EXPECT_FALSE(checks.freshness.time_of_day);
}

TEST(LoadChecks, AreReadWithSeverityAndTolerance) {
  const auto set = load(
      "{volume: {severity: warn, warnDropPercent: 10, holdDropPercent: 20, maxDeviation: 4.5,\n"
      "          minLoads: 3, history: 7}, nullRate: {severity: off, maxRisePercent: 1},\n"
      "          newCodes: {severity: hold}, drift: {maxPsi: 0.5, minValues: 50},\n"
      "          schoolDay: {severity: quarantine, date: day, school: school_id},\n"
      "          freshness: {graceMinutes: 90}}",
      "slaProperties:\n  - {property: frequency, value: 1, unit: d}\n"
      "  - {property: timeOfAvailability, value: '06:45'}\n");
  ASSERT_TRUE(set) << set.error().message;
  const LoadChecks& checks = set->contracts()[0].load_checks;
  EXPECT_EQ(checks.volume.action, CheckAction::kWarn);
  EXPECT_DOUBLE_EQ(checks.volume.warn_drop, 0.1);
  EXPECT_DOUBLE_EQ(checks.volume.hold_drop, 0.2);
  EXPECT_EQ(checks.volume.max_deviation, 4.5);
  EXPECT_EQ(checks.volume.min_loads, 3);
  EXPECT_EQ(checks.volume.history, 7);
  EXPECT_EQ(checks.null_rate.action, CheckAction::kNothing);
  EXPECT_DOUBLE_EQ(checks.null_rate.max_rise, 0.01);
  EXPECT_EQ(checks.new_codes.action, CheckAction::kHold);
  EXPECT_EQ(checks.drift.max_psi, 0.5);
  EXPECT_EQ(checks.drift.min_values, 50);
  EXPECT_EQ(checks.school_day.action, CheckAction::kQuarantine);
  EXPECT_EQ(checks.school_day.date, "day");
  EXPECT_EQ(checks.freshness.grace, std::chrono::minutes(90));
  EXPECT_EQ(checks.freshness.time_of_day, std::chrono::minutes(6 * 60 + 45));
}

TEST(LoadChecks, ThatCannotBeReadAreToldWithFileAndLine) {
  struct Case {
    std::string checks;
    std::string sla;
    std::string message;
  };

  const std::vector<Case> cases = {
      {"{volumes: {severity: warn}}", "", "unknown check at load volumes"},
      {"{volume: {severity: loud}}", "", "unknown severity loud"},
      {"{volume: {severity: quarantine}}", "", "unknown severity quarantine"},
      {"{volume: {holdDropPercent: 140}}", "", "holdDropPercent is out of range"},
      {"{volume: {minLoads: few}}", "", "minLoads is not a number"},
      {"{drift: {psi: 0.3}}", "", "unknown key of a check psi"},
      {"{schoolDay: {date: days, school: school_id}}", "", "names days, which is no column"},
      {"[volume]", "", "homeroom.loadChecks is not a map"},
      {"{}", "slaProperties:\n  - {property: timeOfAvailability, value: '6:30'}\n",
       "timeOfAvailability is not a time of day"},
      {"{}", "slaProperties:\n  - {property: timeOfAvailability, value: '24:00'}\n",
       "timeOfAvailability is not a time of day"},
  };
  for (const Case& each : cases) {
    const auto set = load(each.checks, each.sla);
    ASSERT_FALSE(set) << each.checks;
    EXPECT_EQ(set.error().code, ErrorCode::kConfig);
    EXPECT_THAT(set.error().message, HasSubstr(each.message));
    EXPECT_THAT(set.error().message, HasSubstr("marks.odcs.yaml"));
  }
}

}  // namespace
}  // namespace homeroom::contract
