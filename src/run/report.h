#pragma once

// What a run says about each file: for people, for scripts (docs/reference/report.md), for the
// ledger.

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/result.h"
#include "catalog/ledger.h"
#include "table/dialect.h"
#include "table/issue.h"

namespace homeroom::run {

inline constexpr int kReportSchemaVersion = 1;

/// Issues kept in a report and in the ledger; `issue_count` counts them all.
inline constexpr std::size_t kMaxIssues = 200;

/// How a file ended. The names in the report depend on the command: see `status_name`.
enum class FileStatus : std::uint8_t {
  kGood,       ///< check: ok or problems; clean: cleaned; run: loaded
  kDuplicate,  ///< run: its bytes are what its slot holds already
  kHeld,       ///< set aside until a person decides
  kWaiting,    ///< run: a migration waits for approval
  kRefused,    ///< no table that can be read
  kRead,       ///< read for what it says of other files; loaded nowhere
};

enum class Command : std::uint8_t { kCheck, kClean, kRun };

/// A line that was read and skipped.
struct SkippedLine {
  LineNumber line = 0;
  std::string reason;  ///< "blank", "title", "footer", "repeated header", "duplicate of line 7"
};

/// A value as a rule found it and as cleaning left it, cut where it is long.
struct ChangedValue {
  std::string column;
  std::string rule;
  LineNumber line = 0;
  std::string before;
  std::string after;
};

/// Issues that say the same of a column.
struct IssueGroup {
  std::string column;
  std::string rule;
  Severity severity = Severity::kError;
  LineNumber first_line = 0;
  std::uint64_t count = 0;
};

struct FileReport {
  std::string path;
  FileStatus status = FileStatus::kGood;
  std::string reason;                   ///< why it was held or refused; empty otherwise
  std::optional<ErrorCode> error_code;  ///< of what stopped it
  std::string bundle;                   ///< "OneRoster 1.1", "Clever"; "" when it is of none
  std::string dataset;                  ///< "" when it was not read far enough to tell
  std::vector<std::string> tables;      ///< "data.attendance_daily"
  std::string match_reason;             ///< why it was taken for this data set
  std::string profile;                  ///< of the system it is of: "powerschool"; "" when none
  std::string profile_reason;           ///< "headers dcid, Student_Number"
  std::optional<Dialect> dialect;
  catalog::RowCounts rows;
  catalog::TableRowCounts table_rows;
  std::uint64_t values_changed = 0;
  std::vector<catalog::ChangeRecord> changes;
  std::vector<ChangedValue> samples;     ///< a few of each column and rule
  std::vector<IssueGroup> issue_groups;  ///< of all issues, in the order in which they came first
  std::vector<Issue> issues;             ///< at most kMaxIssues
  std::uint64_t issue_count = 0;
  std::vector<SkippedLine> skipped;  ///< at most kMaxIssues
  std::vector<std::string> outputs;  ///< objects written, by key in the store
  std::string load_plan;             ///< how the rows got into the table; empty: they did not
  std::int64_t run_id = 0;
  std::int64_t duplicate_of = 0;  ///< run that loaded these bytes
  std::string sha256;
  std::uint64_t size_bytes = 0;
  double seconds = 0;

  void add_issue(Issue issue);

  /// Those of a report of the same file, also where it kept only some of them.
  void add_issues_of(FileReport other);
  /// Takes out those of a rule, which say what another says better.
  void forget_issues(std::string_view rule);
  /// Nothing was cleaned after all.
  void forget_changes();
  [[nodiscard]] bool has_problems() const;
};

[[nodiscard]] std::string_view status_name(const FileReport& report, Command command);

/// The file's object in the report. `show_values` is for people at a terminal only; issues never
/// hold values, so it changes nothing here yet.
[[nodiscard]] nlohmann::ordered_json to_json(const FileReport& report, Command command);

/// The object of `homeroom sniff --json`.
[[nodiscard]] nlohmann::ordered_json to_json(const Dialect& dialect);

/// {"schema_version":1,"files":[...]}
[[nodiscard]] nlohmann::ordered_json to_json(const std::vector<FileReport>& reports,
                                             Command command);

/// Exit codes (docs/reference/exit-codes.md).
enum class ExitCode : std::uint8_t {
  kOk = 0,
  kInternal = 1,
  kUsage = 2,
  kQuarantined = 3,
  kRejected = 4,
  kDrift = 5,
  kUnreachable = 6,
};

[[nodiscard]] ExitCode exit_code_of(const FileReport& report);
/// The gravest of several, in the order 6, 1, 4, 5, 3, 0.
[[nodiscard]] ExitCode gravest(ExitCode left, ExitCode right);
[[nodiscard]] ExitCode exit_code_of(ErrorCode code);

}  // namespace homeroom::run
