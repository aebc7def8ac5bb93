#include "base/count_text.h"

#include <charconv>
#include <string>
#include <system_error>

#include "base/text.h"

namespace homeroom {

std::optional<std::uint64_t> count_in(std::string_view text) {
  std::string digits(trim(text));
  std::erase(digits, ',');
  std::uint64_t count = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stopped, error] = std::from_chars(digits.data(), end, count);
  if (digits.empty() || error != std::errc() || stopped != end) return std::nullopt;
  return count;
}

}  // namespace homeroom
