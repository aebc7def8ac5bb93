#pragma once

// What spreadsheets do to values on their way into a file.

#include <optional>
#include <string_view>

namespace homeroom::clean {

/// The value in ="value"; nothing when `text` is not wrapped so. The value holds no quote.
[[nodiscard]] inline std::optional<std::string_view> drop_formula_wrapper(std::string_view text) {
  if (text.size() < 3 || !text.starts_with("=\"") || !text.ends_with('"')) return std::nullopt;
  const std::string_view value = text.substr(2, text.size() - 3);
  if (value.find('"') != std::string_view::npos) return std::nullopt;
  return value;
}

/// "1234.0" -> "1234": how a number column with gaps is written. Nothing unless digits stand
/// before ".0".
[[nodiscard]] std::optional<std::string_view> drop_point_zero(std::string_view text);

/// True for 1.23E+05: what is left of a long number in a narrow column.
[[nodiscard]] bool is_scientific(std::string_view text);

}  // namespace homeroom::clean
