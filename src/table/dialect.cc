#include "table/dialect.h"

#include <fmt/format.h>

namespace homeroom {
namespace {

constexpr char kNotGiven = '\1';

std::string name_of(char c) {
  return c == '\0' ? "none" : std::string(1, c);
}

}  // namespace

void GivenDialect::fill_from(const GivenDialect& other) {
  if (delimiter.empty()) delimiter = other.delimiter;
  if (quote == kNotGiven) quote = other.quote;
  if (escape == kNotGiven) escape = other.escape;
  if (encoding.empty()) encoding = other.encoding;
  if (preamble_lines < 0) preamble_lines = other.preamble_lines;
  if (header_lines < 0) header_lines = other.header_lines;
  if (units_lines < 0) units_lines = other.units_lines;
  if (layout.empty()) layout = other.layout;
}

std::string GivenDialect::as_text() const {
  std::string text;
  const auto add = [&](std::string_view name, const auto& value) {
    text += fmt::format(" {}={}", name, value);
  };
  if (!delimiter.empty()) add("delimiter", delimiter);
  if (quote != kNotGiven) add("quote", name_of(quote));
  if (escape != kNotGiven) add("escape", name_of(escape));
  if (!encoding.empty()) add("encoding", encoding);
  if (preamble_lines >= 0) add("preamble_lines", preamble_lines);
  if (header_lines >= 0) add("header_lines", header_lines);
  if (units_lines >= 0) add("units_lines", units_lines);
  for (const FixedColumn& column : layout) {
    text += fmt::format(" {}@{}+{}", column.name, column.start, column.length);
  }
  return text;
}

}  // namespace homeroom
