#include "run/reading/reading.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include <fmt/format.h>

#include "base/encoded_size.h"
#include "base/text.h"
#include "run/reading/dialect_json.h"
#include "sniff/structure.h"
#include "table/issue.h"

namespace homeroom::run {
namespace {

// As the ledger keeps it: of former files' verdicts nothing is remembered.
std::string text_of(const Remembered& remembered) {
  if (!remembered.former) return {};
  return ledger_json(*remembered.former, clean::DateOrder::kNone, remembered.date_order);
}

Issue reading_issue(std::string rule, std::string message, std::string suggestion) {
  return {.line = 0,
          .column = {},
          .rule = std::move(rule),
          .severity = Severity::kInfo,
          .message = std::move(message),
          .suggestion = std::move(suggestion)};
}

Issue encoding_issue(std::string rule, std::string message, std::string suggestion,
                     std::optional<std::uint64_t> byte_offset) {
  return {.line = 0,
          .column = {},
          .rule = std::move(rule),
          .severity = Severity::kWarning,
          .message = std::move(message),
          .suggestion = std::move(suggestion),
          .byte_offset = byte_offset};
}

// Where a byte of the text stands in the file; nothing where the encoding moves bytes.
std::optional<std::uint64_t> offset_in_file(std::uint64_t offset, const Dialect& dialect) {
  const EncodedSize size(dialect.encoding, false);
  if (size.differs()) return std::nullopt;
  return offset + (dialect.has_bom ? size.bom() : 0);
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

bool is_same(const Remembered& left, const Remembered& right) {
  return left.given == right.given && left.given_by == right.given_by &&
         left.date_order == right.date_order && text_of(left) == text_of(right);
}

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

void report_double_encoding(const DoubleEncodingCount& count, std::uint64_t num_replaced,
                            const Dialect& dialect, FileReport& report) {
  if (count.num_lost > num_replaced) {
    const std::string num = counted(count.num_lost - num_replaced, "letter");
    std::optional<std::uint64_t> offset;
    if (num_replaced == 0) offset = offset_in_file(count.first_lost_offset, dialect);
    report.add_issue(encoding_issue(
        "lost_characters",
        num + " stood as U+FFFD before the file came: a program could not read them",
        "export the file again in the encoding of its source; nothing here tells what they were",
        offset));
  }
  if (count.num_doubled == 0) return;
  const std::string num = counted(count.num_doubled, "character");
  report.add_issue(encoding_issue(
      "encoded_twice",
      dialect.is_encoded_twice
          ? "the text was encoded as UTF-8 twice: " + num + " brought back to what they were"
          : num + " may be encoded as UTF-8 twice, but not for certain: the file is read as it "
                  "stands",
      dialect.is_encoded_twice
          ? "export the file as UTF-8 once; --encoding utf-8 keeps it as it stands"
          : "if they are, read the file with --encoding utf-8-twice",
      offset_in_file(count.first_offset, dialect)));
}

}  // namespace homeroom::run
