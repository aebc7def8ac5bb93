#include "files_command.h"

#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "io/file.h"
#include "run/attempt.h"
#include "run/bundle/bundle.h"
#include "run/evidence/report_html.h"
#include "run/file_order.h"

namespace homeroom::cli {
namespace {

run::FileReport unusable_report(const source::Unusable& unusable) {
  run::FileReport report;
  report.path = unusable.path.string();
  report.status = run::FileStatus::kRefused;
  report.error_code = ErrorCode::kInvalidInput;
  report.reason = unusable.error.message + "; " + unusable.error.hint;
  report.add_issue({.line = 0,
                    .column = {},
                    .rule = "readable",
                    .severity = Severity::kError,
                    .message = unusable.error.message,
                    .suggestion = unusable.error.hint});
  return report;
}

}  // namespace

std::vector<run::FileReport> take_files(const Context& context, const FileFlags& flags,
                                        run::Command command, run::Settings& settings,
                                        const TakeFile& take) {
  source::FoundFiles found = source::find_files(flags.paths);
  // What is cleaned first is loaded first.
  if (command != run::Command::kCheck) run::put_referred_first(found.files, *settings.contracts);
  run::BundledFiles bundled = run::plan_bundles(std::move(found.files), settings);
  // What the program did not survive before comes when the others have had their turn.
  const auto is_first_try = [&](const source::InputFile& file) {
    if (flags.tries_again) run::forget_attempts(settings.attempts, file);
    return !run::broke_off_before(settings.attempts, file);
  };
  std::ranges::stable_partition(bundled.files, is_first_try);
  std::vector<std::string> names;
  for (const run::FileReport& report : bundled.manifests) names.push_back(report.path);
  for (const source::InputFile& file : bundled.files) names.push_back(file.path.string());
  ReportPrinter printer(context, command);
  printer.start(names);
  ProgressBar progress(context);
  settings.progress = [&](std::uint64_t done, std::uint64_t of) { progress.update(done, of); };
  std::vector<run::FileReport> reports;
  const auto add = [&](run::FileReport report) {
    progress.clear();
    printer.file(report);
    reports.push_back(std::move(report));
  };
  for (const source::Unusable& unusable : found.unusable) add(unusable_report(unusable));
  for (const run::FileReport& report : bundled.manifests) add(report);
  for (std::size_t i = 0; i < bundled.files.size(); ++i) {
    const source::InputFile& file = bundled.files[i];
    progress.start(file.path.filename().string());
    add(take(file, i + 1 < bundled.files.size() ? &bundled.files[i + 1] : nullptr, settings));
  }
  settings.progress = nullptr;
  printer.finish(reports);
  if (found.num_passed_over > 0 && !context.is_json && !context.is_quiet) {
    fmt::print(
        "{} passed over: hidden, temporary or unfinished files, a README, or links to folders.\n",
        found.num_passed_over);
  }
  return reports;
}

run::ExitCode exit_code_of(const std::vector<run::FileReport>& reports) {
  run::ExitCode code = run::ExitCode::kOk;
  for (const run::FileReport& report : reports) {
    code = run::gravest(code, run::exit_code_of(report));
  }
  return code;
}

run::ExitCode report_error(const Context& context, const Error& error) {
  print_error(context, error);
  return run::exit_code_of(error.code);
}

Status write_page(const std::string& path, const std::vector<run::FileReport>& reports,
                  run::Command command) {
  if (path.empty()) return {};
  const auto file = HOMEROOM_TRY(io::FileWriter::create(path, io::FileAccess::kPrivate));
  HOMEROOM_TRY(file->write(run::to_html(reports, command)));
  return file->commit();
}

void print_json(const std::vector<run::FileReport>& reports, run::Command command) {
  fmt::print("{}\n", run::to_json(reports, command)
                         .dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

}  // namespace homeroom::cli
