// Property: any bytes get a dialect or an error with a message and a hint; a dialect is one that
// can be read (its encoding is known, its header lies within the text), the verdicts are sure
// between 0 and 1, and the same bytes get the same dialect.

#include <cstdint>
#include <string_view>

#include "base/encoding.h"
#include "sniff/sniff.h"

namespace {

void check_dialect(const homeroom::Dialect& dialect, std::size_t size) {
  if (!homeroom::is_known_encoding(dialect.encoding)) __builtin_trap();
  if (dialect.preamble_lines + dialect.header_lines > size) __builtin_trap();
  if (dialect.num_columns == 0) __builtin_trap();
  if (dialect.delimiter.find_first_of("\r\n") != std::string::npos) __builtin_trap();
  for (const homeroom::Verdict& verdict : dialect.verdicts) {
    if (!(verdict.confidence >= 0 && verdict.confidence <= 1)) __builtin_trap();
    if (verdict.what.empty() || verdict.choice.empty()) __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view head(reinterpret_cast<const char*>(data), size);
  const bool is_whole = size % 2 == 0;
  const auto first = homeroom::sniff::sniff(head, is_whole);
  const auto again = homeroom::sniff::sniff(head, is_whole);
  if (first.has_value() != again.has_value()) __builtin_trap();
  if (!first) {
    if (first.error().message.empty() || first.error().hint.empty()) __builtin_trap();
    return 0;
  }
  check_dialect(*first, size);
  if (first->delimiter != again->delimiter || first->quote != again->quote) __builtin_trap();
  return 0;
}
