#pragma once

// How a file begins and ends in its report, whatever it was taken for.

#include <cstdint>
#include <string>

#include "base/result.h"
#include "run/reading/prepare.h"
#include "run/report.h"
#include "source/folder.h"

namespace homeroom::run {

[[nodiscard]] FileReport start_report(const source::InputFile& input);

/// What stopped a file, in the report's words.
void note_error(const Error& error, FileStatus status, FileReport& report);

/// A refused file reads nothing: what was counted on the way is taken back.
void refuse(const Error& error, FileReport& report);

/// The load broke off: every row waits, nothing of it is in the tables.
void hold_all(const Error& error, FileReport& report);

/// The bytes are those that the run has loaded: nothing is left to do.
void note_duplicate(std::int64_t run_id, FileReport& report);

/// Of the run's report; a file whose rows go to two data sets has two.
[[nodiscard]] std::string report_name(const source::InputFile& input, const PreparedFile* file);

/// Where the store keeps the bytes of such files: "raw/<source>/".
[[nodiscard]] std::string raw_folder(const source::InputFile& input);

}  // namespace homeroom::run
