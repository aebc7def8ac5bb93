#include "run/file_outcome.h"

#include <optional>

#include <fmt/format.h>

namespace homeroom::run {

void note_error(const Error& error, FileStatus status, FileReport& report) {
  report.status = status;
  report.error_code = error.code;
  report.reason = error.message;
  if (!error.hint.empty()) report.reason += "; " + error.hint;
  report.add_issue({.line = error.position.line,
                    .field = static_cast<std::uint32_t>(error.position.column),
                    .column = {},
                    .rule = status == FileStatus::kRefused ? "readable" : "load",
                    .severity = Severity::kError,
                    .message = error.message,
                    .suggestion = error.hint,
                    .byte_offset = error.position.line > 0
                                       ? std::optional<std::uint64_t>(error.position.byte_offset)
                                       : std::nullopt});
}

void refuse(const Error& error, FileReport& report) {
  note_error(error, FileStatus::kRefused, report);
  report.rows = {};
}

void hold_all(const Error& error, FileReport& report) {
  note_error(error, FileStatus::kHeld, report);
  const std::uint64_t skipped = report.rows.skipped;
  report.rows = {.read = report.rows.read,
                 .loaded = 0,
                 .unchanged = 0,
                 .duplicate = 0,
                 .quarantined = 0,
                 .pending = report.rows.read - skipped,
                 .skipped = skipped};
  report.table_rows = {};
}

FileReport start_report(const source::InputFile& input) {
  FileReport report;
  report.path = input.path.string();
  report.bundle = input.place.bundle;
  report.size_bytes = input.size_bytes;
  return report;
}

void note_duplicate(std::int64_t run_id, FileReport& report) {
  report.status = FileStatus::kDuplicate;
  report.duplicate_of = run_id;
  report.reason = fmt::format("the same bytes were loaded by run {}", run_id);
  report.rows = {};
  report.forget_changes();
  report.outputs.clear();
}

std::string raw_folder(const source::InputFile& input) {
  return "raw/" + (input.source.empty() ? std::string("unnamed") : input.source) + "/";
}

std::string report_name(const source::InputFile& input, const PreparedFile* file) {
  const std::string part = input.place.is_part ? "-" + input.place.dataset : "";
  return (file == nullptr ? input.path.filename().string() : file->object_name()) + part;
}

}  // namespace homeroom::run
