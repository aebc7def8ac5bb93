#pragma once

// What check, clean and run have in common: find the files, take one after another, report.

#include <functional>
#include <string>
#include <vector>

#include "command.h"
#include "context.h"
#include "file_flags.h"
#include "print_report.h"
#include "run/report.h"
#include "run/settings.h"
#include "source/folder.h"
#include "terminal.h"

namespace homeroom::cli {

/// Does one file; `next` is the one that comes after it, or null. `settings.progress` is set while
/// it is called.
using TakeFile = std::function<run::FileReport(
    const source::InputFile& file, const source::InputFile* next, const run::Settings& settings)>;

/// The reports of every file that `paths` name, printed as they come. Paths that give no file
/// become refused reports.
[[nodiscard]] std::vector<run::FileReport> take_files(const Context& context,
                                                      const FileFlags& flags, run::Command command,
                                                      run::Settings& settings,
                                                      const TakeFile& take);

/// The gravest exit code of the reports.
[[nodiscard]] run::ExitCode exit_code_of(const std::vector<run::FileReport>& reports);

/// Prints the error and gives its exit code.
[[nodiscard]] run::ExitCode report_error(const Context& context, const Error& error);

/// The page of --html; nothing where `path` is empty. Readable by its owner alone: it holds values.
/// Errors: kIo, kInvalidInput.
[[nodiscard]] Status write_page(const std::string& path,
                                const std::vector<run::FileReport>& reports, run::Command command);

/// The document of --json on stdout.
void print_json(const std::vector<run::FileReport>& reports, run::Command command);

}  // namespace homeroom::cli
