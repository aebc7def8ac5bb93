#include "run/report.h"

#include <string>
#include <vector>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace homeroom::run {
namespace {

FileReport report_with(FileStatus status, std::uint64_t quarantined = 0) {
  FileReport report;
  report.status = status;
  report.rows.quarantined = quarantined;
  return report;
}

TEST(ExitCode, FollowsWhatBecameOfTheFile) {
  EXPECT_EQ(exit_code_of(report_with(FileStatus::kGood)), ExitCode::kOk);
  EXPECT_EQ(exit_code_of(report_with(FileStatus::kGood, 3)), ExitCode::kQuarantined);
  EXPECT_EQ(exit_code_of(report_with(FileStatus::kDuplicate)), ExitCode::kOk);
  EXPECT_EQ(exit_code_of(report_with(FileStatus::kHeld)), ExitCode::kRejected);
  EXPECT_EQ(exit_code_of(report_with(FileStatus::kRefused)), ExitCode::kRejected);
  EXPECT_EQ(exit_code_of(report_with(FileStatus::kWaiting)), ExitCode::kDrift);
}

TEST(ExitCode, IsOursWhenTheDatabaseOrTheStoreFailedTheFile) {
  FileReport report = report_with(FileStatus::kHeld);
  report.error_code = ErrorCode::kDatabase;
  EXPECT_EQ(exit_code_of(report), ExitCode::kUnreachable);
  report.error_code = ErrorCode::kInternal;
  EXPECT_EQ(exit_code_of(report), ExitCode::kInternal);
}

TEST(ExitCode, OfSeveralFilesIsTheGravestInTheDocumentedOrder) {
  const std::vector<ExitCode> ascending = {ExitCode::kOk,       ExitCode::kQuarantined,
                                           ExitCode::kDrift,    ExitCode::kRejected,
                                           ExitCode::kInternal, ExitCode::kUnreachable};
  for (std::size_t i = 0; i < ascending.size(); ++i) {
    for (std::size_t j = 0; j < ascending.size(); ++j) {
      EXPECT_EQ(gravest(ascending[i], ascending[j]), ascending[std::max(i, j)]);
    }
  }
}

TEST(StatusName, DependsOnTheCommand) {
  EXPECT_EQ(status_name(report_with(FileStatus::kGood), Command::kCheck), "ok");
  EXPECT_EQ(status_name(report_with(FileStatus::kGood, 1), Command::kCheck), "problems");
  EXPECT_EQ(status_name(report_with(FileStatus::kGood, 1), Command::kClean), "cleaned");
  EXPECT_EQ(status_name(report_with(FileStatus::kGood, 1), Command::kRun), "loaded");
  EXPECT_EQ(status_name(report_with(FileStatus::kHeld), Command::kCheck), "problems");
  EXPECT_EQ(status_name(report_with(FileStatus::kHeld), Command::kRun), "held");
}

TEST(Report, KeepsAtMostItsLimitOfIssuesAndCountsThemAll) {
  FileReport report;
  for (std::size_t i = 0; i < kMaxIssues + 50; ++i) report.add_issue({});
  EXPECT_EQ(report.issues.size(), kMaxIssues);
  EXPECT_EQ(report.issue_count, kMaxIssues + 50);
  const auto json = to_json(report, Command::kCheck);
  EXPECT_EQ(json["issues"].size(), kMaxIssues);
  EXPECT_EQ(json["issue_count"], kMaxIssues + 50);
}

TEST(Report, SaysNullWhereThereIsNothingToSay) {
  const auto json = to_json(FileReport{}, Command::kRun);
  for (const char* key : {"reason", "dataset", "dialect", "run", "duplicate_of", "sha256"}) {
    EXPECT_TRUE(json[key].is_null()) << key;
  }
}

TEST(DialectJson, HasTheKeysThatScriptsRead) {
  Dialect dialect;
  dialect.delimiter = "\t";
  dialect.quote = '\0';
  dialect.newline = Newline::kCrLf;
  const auto json = to_json(dialect);
  EXPECT_EQ(json["delimiter"], "\t");
  EXPECT_EQ(json["quote"], "");
  EXPECT_EQ(json["newline"], "crlf");
}

}  // namespace
}  // namespace homeroom::run
