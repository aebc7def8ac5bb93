#pragma once

// Files checked or cleaned without any database, each with its report.

#include <functional>
#include <string>

#include "base/result.h"
#include "io/store.h"
#include "run/report.h"
#include "run/settings.h"
#include "run/stages/manifest.h"
#include "source/folder.h"

namespace homeroom::run {

/// Seconds from some start; given by the program, so that src/ never reads a clock.
using Clock = std::function<double()>;

/// Everything that a load would say, loading nothing and writing nothing.
[[nodiscard]] FileReport check_file(const source::InputFile& input, const Settings& settings,
                                    const Clock& clock);

/// Writes clean/, quarantine/ and runs/ into `store`: all that a load needs. Needs no database.
/// `name` (may be null) is that of the report: runs/<name>.json.
[[nodiscard]] FileReport clean_file_to(const source::InputFile& input, const Settings& settings,
                                       const io::Store& store, const Clock& clock,
                                       const CleanedAt& at, std::string* name = nullptr);

/// The report as runs/<name>-<hash8>.json in the store.
[[nodiscard]] Status write_run_report(const io::Store& store, const std::string& object_name,
                                      const FileReport& report, Command command);

}  // namespace homeroom::run
