#include "parse/records/record_issues.h"

#include <array>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::parse {
namespace {

struct Wording {
  const char* rule;
  const char* message;
  const char* suggestion;
};

// By Oddity.
constexpr std::array kWordings = {
    Wording{"stray_quote", "a quote inside an unquoted value was kept as part of the value",
            "put the whole value in quotes and double each quote inside it"},
    Wording{"text_after_quote",
            "text after a closing quote: the quotes were kept as part of the value",
            "double each quote inside the value"},
    Wording{"unclosed_quote",
            "a quote that opens a value is never closed: it was kept as part of the value",
            "close the value with a quote, or take the quote away"},
    Wording{"nul_byte", "a NUL byte was kept as part of the value",
            "export the file again; NUL bytes are a sign of a damaged file"},
};

}  // namespace

void add_issues(std::span<const OddField> oddities, const Position& at,
                std::span<const std::string> header, std::vector<Issue>& issues) {
  for (const OddField& odd : oddities) {
    if (issues.size() >= kMaxIssues) return;
    const Wording& wording = kWordings[static_cast<std::size_t>(odd.oddity)];
    const bool is_named = odd.field >= 1 && odd.field <= header.size();
    issues.push_back({.line = at.line + odd.line_offset,
                      .field = odd.field,
                      .column = is_named ? header[odd.field - 1] : std::string(),
                      .rule = wording.rule,
                      .severity = Severity::kWarning,
                      .message = wording.message,
                      .suggestion = wording.suggestion,
                      .byte_offset = at.byte_offset + odd.offset});
  }
}

Issue padded_row_issue(const Position& at, std::size_t num_fields, std::size_t num_columns) {
  return {.line = at.line,
          .column = {},
          .rule = "field_count",
          .severity = Severity::kWarning,
          .message = fmt::format("{}, header has {}: those past the last column are empty",
                                 counted(num_fields, "field"), num_columns),
          .suggestion = "take away the delimiters at the end of the line",
          .byte_offset = at.byte_offset};
}

Issue other_table_issue(const Position& at) {
  return {.line = at.line,
          .column = {},
          .rule = "another_table",
          .severity = Severity::kWarning,
          .message = "another table starts here: its rows were not read",
          .suggestion = "send each table as a file of its own",
          .byte_offset = at.byte_offset};
}

Issue header_width_issue(const Position& at, std::size_t num_fields, std::size_t width,
                         bool is_mended) {
  std::string message =
      fmt::format("the header has {}, most rows have {}", counted(num_fields, "field"), width);
  message += is_mended            ? ": its empty names were taken away"
             : num_fields < width ? ": missing delimiter in the header?"
                                  : ": too many delimiters in the header?";
  return {.line = at.line,
          .column = {},
          .rule = "header_field_count",
          .severity = Severity::kWarning,
          .message = std::move(message),
          .suggestion = "give each column one name",
          .byte_offset = at.byte_offset};
}

Issue header_delimiter_issue(const Position& at) {
  return {.line = at.line,
          .column = {},
          .rule = "header_delimiter",
          .severity = Severity::kWarning,
          .message = "the header has another delimiter than the rows: it was cut with its own",
          .suggestion = "write the header with the delimiter of the rows",
          .byte_offset = at.byte_offset};
}

void add_stated_rows_issue(const std::optional<StatedRows>& stated, std::uint64_t num_rows,
                           std::vector<Issue>& issues) {
  if (!stated || stated->num_rows == num_rows) return;
  issues.push_back(
      {.line = stated->line,
       .column = {},
       .rule = "stated_rows",
       .severity = Severity::kWarning,
       .message = fmt::format("the file says that it has {}, and has {}",
                              counted(stated->num_rows, "row"), with_thousands(num_rows)),
       .suggestion = "the export may have been cut short, or joined of two: compare "
                     "it with its system"});
}

Error limit_error(CutStatus status, const Limits& limits, const Position& position) {
  Error error{.code = ErrorCode::kInvalidInput,
              .message = {},
              .hint = {},
              .detail = {},
              .position = position};
  if (status == CutStatus::kTooManyColumns) {
    error.message = fmt::format("line {} has more than {} fields", position.line,
                                with_thousands(limits.max_columns));
    error.hint = "check the delimiter, or raise --max-columns";
  } else if (status == CutStatus::kFieldTooLong) {
    error.message = fmt::format("a value on line {} is longer than {} bytes", position.line,
                                with_thousands(limits.max_field_bytes));
    error.hint =
        "check that the file has line ends, the right delimiter, and no open quote, or raise "
        "--max-field-bytes";
  } else {
    error.message = fmt::format("the row that starts on line {} is longer than {} bytes",
                                position.line, with_thousands(limits.max_record_bytes));
    error.hint = "check that the file has line ends and no open quote, or raise --max-row-bytes";
  }
  return error;
}

}  // namespace homeroom::parse
