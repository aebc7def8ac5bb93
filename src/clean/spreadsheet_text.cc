#include "clean/spreadsheet_text.h"

#include <cstddef>
#include <optional>
#include <string_view>

#include "clean/canonical.h"

namespace homeroom::clean {

std::optional<std::string_view> drop_point_zero(std::string_view text) {
  if (!text.ends_with(".0")) return std::nullopt;
  text.remove_suffix(2);
  if (!is_all_digits(text)) return std::nullopt;
  return text;
}

bool is_scientific(std::string_view text) {
  const std::size_t at = text.find("E+");
  if (at == std::string_view::npos || !is_all_digits(text.substr(at + 2))) return false;
  const std::string_view mantissa = text.substr(0, at);
  const std::size_t point = mantissa.find('.');
  if (point == std::string_view::npos) return is_all_digits(mantissa);
  return point == 1 && is_all_digits(mantissa.substr(0, 1)) && is_all_digits(mantissa.substr(2));
}

}  // namespace homeroom::clean
