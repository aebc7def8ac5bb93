#pragma once

// Reports for people: a line a file, what needs attention, what to do next.

#include <string>
#include <vector>

#include "context.h"
#include "run/report.h"

namespace homeroom::cli {

/// Prints files as they finish, under one heading. Not shared by threads.
class ReportPrinter {
 public:
  ReportPrinter(const Context& context, run::Command command)
      : context_(&context), command_(command) {}

  /// Widths follow from the longest name, so that lines stand under one another as they come.
  void start(const std::vector<std::string>& paths);
  void file(const run::FileReport& report);
  /// Totals, and what to do next.
  void finish(const std::vector<run::FileReport>& reports) const;

 private:
  void print_bundle(const run::FileReport& report);
  void print_notes(const run::FileReport& report) const;
  void print_issues(const run::FileReport& report) const;

  const Context* context_;
  run::Command command_;
  std::size_t name_width_ = 20;
  std::string common_folder_;
  std::string bundle_;  ///< whose files are being printed, with its folder
};

/// "comma", "tab", ... for people.
[[nodiscard]] std::string delimiter_name(const std::string& delimiter);

}  // namespace homeroom::cli
