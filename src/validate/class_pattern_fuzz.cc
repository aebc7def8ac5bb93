// Property: a pattern that is compiled without an engine is one that RE2 knows, and matches what
// RE2 matches. The first line is the pattern, the rest the text.

#include <cstddef>
#include <cstdint>
#include <string_view>

#include <re2/re2.h>

#include "validate/class_pattern.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::size_t end = input.find('\n');
  if (end == std::string_view::npos) return 0;
  const std::string_view pattern = input.substr(0, end);
  const std::string_view text = input.substr(end + 1);
  const auto compiled = homeroom::validate::ClassPattern::compile(pattern);
  if (!compiled) return 0;
  const RE2 expression({pattern.data(), pattern.size()}, RE2::Quiet);
  if (!expression.ok()) {
    // Counts of counts can be too large for it; that is the only pattern refused by it alone.
    if (expression.error_code() != RE2::ErrorPatternTooLarge) __builtin_trap();
    return 0;
  }
  if (RE2::FullMatch({text.data(), text.size()}, expression) != compiled->matches(text)) {
    __builtin_trap();
  }
  return 0;
}
