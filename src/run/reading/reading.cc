#include "run/reading/reading.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/encoded_size.h"
#include "base/text.h"
#include "sniff/structure.h"
#include "table/issue.h"

namespace homeroom::run {
namespace {

Issue reading_issue(std::string rule, std::string message, std::string suggestion) {
  return {.line = 0,
          .column = {},
          .rule = std::move(rule),
          .severity = Severity::kInfo,
          .message = std::move(message),
          .suggestion = std::move(suggestion)};
}

// Columns of fixed width look like that too, until a value is empty or has a blank in it.
void warn_of_blank_columns(const Dialect& dialect, FileReport& report) {
  if (!dialect.merges_blanks) return;
  report.add_issue({.line = 0,
                    .column = {},
                    .rule = "blank_columns",
                    .severity = Severity::kWarning,
                    .message = "its columns are told apart by runs of blanks alone",
                    .suggestion = "where they stand at fixed places, give a contract the layout: "
                                  "homeroom.files"});
}

}  // namespace

GivenDialect what_is_said(const GivenDialect& command, const contract::KnownFile& known,
                          const Remembered& remembered) {
  GivenDialect given = command;
  if (known.files != nullptr) given.fill_from(known.files->given);
  given.fill_from(remembered.given);
  return given;
}

void report_reading(const Remembered& remembered, bool is_by_memory, const Dialect& now,
                    FileReport& report) {
  if (is_by_memory) {
    report.add_issue(reading_issue(
        "reading_remembered",
        fmt::format("read as run {} was told:{}", remembered.given_by, remembered.given.as_text()),
        "--read-afresh forgets it"));
  }
  warn_of_blank_columns(now, report);
  if (!remembered.former) return;
  const Dialect& before = *remembered.former;
  const auto compare = [&](std::string_view what, const std::string& is, const std::string& was) {
    if (is == was) return;
    report.add_issue(
        reading_issue("dialect_changed",
                      fmt::format("its {} is {}; the last file of this name had {}", what, is, was),
                      "check that its columns are right; the export's settings may have changed"));
  };
  compare("delimiter", sniff::name_delimiter(now.delimiter),
          sniff::name_delimiter(before.delimiter));
  compare("encoding", now.encoding, before.encoding);
  compare("number of header lines", std::to_string(now.header_lines),
          std::to_string(before.header_lines));
}

void report_double_encoding(const DoubleEncodingCount& count, const Dialect& dialect,
                            FileReport& report) {
  if (count.num_doubled == 0) return;
  const std::string num = counted(count.num_doubled, "character");
  const EncodedSize size(dialect.encoding, false);
  std::optional<std::uint64_t> byte_offset;
  if (!size.differs()) byte_offset = count.first_offset + (dialect.has_bom ? size.bom() : 0);
  report.add_issue(
      {.line = 0,
       .column = {},
       .rule = "encoded_twice",
       .severity = Severity::kWarning,
       .message =
           dialect.is_encoded_twice
               ? "the text was encoded as UTF-8 twice: " + num + " brought back to what they were"
               : num + " may be encoded as UTF-8 twice, but not for certain: kept as they "
                       "stand",
       .suggestion = dialect.is_encoded_twice
                         ? "export the file as UTF-8 once; --encoding utf-8 keeps it as it stands"
                         : "if they are, read the file with --encoding utf-8-twice",
       .byte_offset = byte_offset});
}

}  // namespace homeroom::run
