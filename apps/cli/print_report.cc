#include "print_report.h"

#include <algorithm>
#include <cstdio>
#include <map>

#include <fmt/format.h>

#include "base/text.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

constexpr std::size_t kDatasetWidth = 21;
constexpr std::size_t kIssuesShown = 5;
constexpr std::size_t kIssuesShownVerbose = 200;

// The folder all paths share, with its slash; "" when there is none.
std::string shared_folder(const std::vector<std::string>& paths) {
  if (paths.empty()) return {};
  std::string shared = paths.front().substr(0, paths.front().rfind('/') + 1);
  for (const std::string& path : paths) {
    while (!path.starts_with(shared)) {
      shared.pop_back();
      shared.resize(shared.rfind('/') + 1);
    }
  }
  return shared;
}

std::string_view status_word(const run::FileReport& report, run::Command command) {
  return run::status_name(report, command);
}

Style style_of(const run::FileReport& report) {
  switch (report.status) {
    case run::FileStatus::kGood:
      return report.rows.quarantined > 0 ? Style::kWarn : Style::kGood;
    case run::FileStatus::kDuplicate:
      return Style::kDim;
    case run::FileStatus::kRead:
      return report.has_problems() ? Style::kBad : Style::kGood;
    case run::FileStatus::kHeld:
    case run::FileStatus::kWaiting:
      return Style::kWarn;
    case run::FileStatus::kRefused:
      return Style::kBad;
  }
  return Style::kPlain;
}

std::string encoding_name(const run::FileReport& report) {
  if (!report.dialect) return "-";
  return report.dialect->encoding + (report.dialect->has_bom ? "+bom" : "");
}

std::string padded(std::string text, std::size_t width) {
  const std::size_t used = display_width(text);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string count(std::uint64_t value) {
  return with_thousands(value);
}

}  // namespace

std::string delimiter_name(const std::string& delimiter) {
  if (delimiter == ",") return "comma";
  if (delimiter == "\t") return "tab";
  if (delimiter == ";") return "semicolon";
  if (delimiter == "|") return "pipe";
  if (delimiter == " ") return "space";
  if (delimiter.empty()) return "one column";
  return printable(delimiter);
}

void ReportPrinter::start(const std::vector<std::string>& paths) {
  common_folder_ = shared_folder(paths);
  for (const std::string& path : paths) {
    name_width_ = std::max(name_width_, display_width(path.substr(common_folder_.size())));
  }
  // The other columns take 96; a file's name is cut only where a terminal is too narrow for it.
  constexpr std::size_t kOtherColumns = 96;
  const auto width = static_cast<std::size_t>(is_terminal(1) ? terminal_width() : 200);
  const std::size_t left = width > kOtherColumns + 24 ? width - kOtherColumns : 24;
  name_width_ = std::min({name_width_, std::size_t{64}, left});
  if (context_->is_json || context_->is_quiet) return;
  const char* loaded = command_ == run::Command::kRun ? "LOADED" : "GOOD";
  const std::string heading =
      fmt::format("{}{} {:<10} {:<13} {:>9} {:>9} {:>9} {:>7} {:>6} {:>9} {:>7}",
                  padded("FILE", name_width_ + 1), padded("DATA SET", kDatasetWidth), "DIALECT",
                  "ENCODING", "READ", loaded, "UNCHANGED", "QUARANT", "DUPLIC", "CHANGED", "TIME");
  fmt::print("{}\n", styled(*context_, Style::kDim, heading));
}

// One line above the files of each bundle.
void ReportPrinter::print_bundle(const run::FileReport& report) {
  const std::string folder = report.path.substr(0, report.path.rfind('/'));
  const std::string bundle =
      report.bundle.empty() ? "" : fmt::format("bundle: {}  {}", report.bundle, folder);
  if (bundle != bundle_ && !bundle.empty()) {
    fmt::print("{}\n", styled(*context_, Style::kBold, printable(bundle)));
  }
  bundle_ = bundle;
}

void ReportPrinter::file(const run::FileReport& report) {
  if (context_->is_json) return;
  print_bundle(report);
  const std::string name =
      padded(shortened(printable(report.path.substr(
                           report.path.starts_with(common_folder_) ? common_folder_.size() : 0)),
                       name_width_),
             name_width_ + 1);
  const std::string dialect = report.dialect ? delimiter_name(report.dialect->delimiter) : "-";
  if (report.status == run::FileStatus::kGood) {
    const auto& rows = report.rows;
    fmt::print("{}{} {:<10} {:<13} {:>9} {:>9} {:>9} {:>7} {:>6} {:>9} {:>7}\n", name,
               padded(shortened(report.dataset, kDatasetWidth - 1), kDatasetWidth), dialect,
               encoding_name(report), count(rows.read), count(rows.loaded), count(rows.unchanged),
               count(rows.quarantined), count(rows.duplicate), count(report.values_changed),
               printable_duration(report.seconds));
  } else {
    const std::string dataset = report.dataset.empty() ? "-" : report.dataset;
    fmt::print("{}{} {:<10} {:<13} {}: {}\n", name,
               padded(shortened(dataset, kDatasetWidth - 1), kDatasetWidth), dialect,
               encoding_name(report),
               styled(*context_, style_of(report), status_word(report, command_)),
               printable(report.reason));
  }
  print_notes(report);
  std::fflush(stdout);
}

void ReportPrinter::print_notes(const run::FileReport& report) const {
  if (context_->explains_loads && !report.load_plan.empty()) {
    fmt::print("    {} {}\n", styled(*context_, Style::kDim, "plan:"), report.load_plan);
  }
  const bool shows_issues = command_ == run::Command::kCheck || context_->is_verbose ||
                            report.status == run::FileStatus::kRead;
  if (shows_issues) {
    if (context_->is_verbose && !report.match_reason.empty()) {
      fmt::print("    {}\n", styled(*context_, Style::kDim, printable(report.match_reason)));
    }
    if (context_->is_verbose && !report.profile.empty()) {
      fmt::print(
          "    {}\n",
          styled(*context_, Style::kDim,
                 printable(fmt::format("profile {}: {}", report.profile, report.profile_reason))));
    }
    print_issues(report);
    return;
  }
  for (const Issue& issue : report.issues) {
    if (issue.line != 0 || issue.severity == Severity::kError) continue;
    fmt::print("    {} {}\n",
               styled(*context_, Style::kDim, std::string(to_string(issue.severity)) + ":"),
               printable(issue.message));
  }
}

void ReportPrinter::print_issues(const run::FileReport& report) const {
  const std::size_t limit = context_->is_verbose ? kIssuesShownVerbose : kIssuesShown;
  for (std::size_t i = 0; i < report.issues.size() && i < limit; ++i) {
    const Issue& issue = report.issues[i];
    const std::string where = issue.field > 0  ? fmt::format(":{}:{}", issue.line, issue.field)
                              : issue.line > 0 ? fmt::format(":{}", issue.line)
                                               : std::string();
    std::string text = printable(issue.message);
    if (!issue.suggestion.empty()) text += fmt::format(" ({})", printable(issue.suggestion));
    fmt::print("    {:<9} {:<18} {}  {}\n", where, shortened(printable(issue.column), 18), text,
               styled(*context_, Style::kDim, issue.rule));
  }
  if (report.issue_count > limit) {
    fmt::print("    {}\n", styled(*context_, Style::kDim,
                                  fmt::format("... and {} more{}", report.issue_count - limit,
                                              context_->is_verbose ? "" : "; -v shows them")));
  }
}

void ReportPrinter::finish(const std::vector<run::FileReport>& reports) const {
  if (context_->is_json) return;
  std::map<std::string_view, std::size_t> by_status;
  catalog::RowCounts rows;
  for (const run::FileReport& report : reports) {
    ++by_status[status_word(report, command_)];
    rows.read += report.rows.read;
    rows.loaded += report.rows.loaded;
    rows.unchanged += report.rows.unchanged;
    rows.quarantined += report.rows.quarantined;
    rows.duplicate += report.rows.duplicate;
    rows.skipped += report.rows.skipped;
    rows.pending += report.rows.pending;
  }
  std::string statuses;
  for (const auto& [status, number] : by_status) {
    statuses += fmt::format("{}{} {}", statuses.empty() ? "" : ", ", count(number), status);
  }
  fmt::print("\n{} {}: {}.\n", count(reports.size()), reports.size() == 1 ? "file" : "files",
             statuses.empty() ? "nothing to do" : statuses);
  fmt::print(
      "Read {} rows = {} {} + {} unchanged + {} duplicate + {} quarantined + {} pending + "
      "{} skipped.\n",
      count(rows.read), count(rows.loaded), command_ == run::Command::kRun ? "loaded" : "good",
      count(rows.unchanged), count(rows.duplicate), count(rows.quarantined), count(rows.pending),
      count(rows.skipped));
}

}  // namespace homeroom::cli
