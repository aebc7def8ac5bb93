#pragma once

// Numbers as people and programs write them, taken apart without losing a digit.

#include <optional>
#include <string>
#include <string_view>

namespace homeroom::clean {

/// A number's parts, views into the text it was read from.
struct NumberText {
  bool is_negative = false;
  std::string_view whole;     ///< digits, perhaps with `group_mark` between; may be empty: ".5"
  std::string_view fraction;  ///< digits; may be empty
  char decimal_mark = 0;      ///< '.' or ','; 0: none
  char group_mark = 0;        ///< ',', '.', '\'' or ' ' (also for a no-break space); 0: none
  /// One comma before exactly three digits: "1,234". Read as a thousands mark here.
  bool has_two_readings = false;
  int exponent = 0;  ///< of "1.5E+02"
  bool has_exponent = false;
};

/// Reads a whole number or decimal: sign, thousands marks that stand where they must, a decimal
/// point, a comma for it where nothing else makes sense, an exponent of at most two digits.
/// Nothing for any other text, or one longer than 128 bytes.
///
///     read_number("1,234.5")  // whole "1,234", fraction "5"
///     read_number("12,5")     // whole "12", fraction "5", decimal_mark ','
///     read_number("1,23,4")   // nothing
[[nodiscard]] std::optional<NumberText> read_number(std::string_view text);

/// The other reading of a number that has two: its comma as the decimal mark.
[[nodiscard]] NumberText with_decimal_comma(const NumberText& number);

/// Writes the number times ten to the power of `shift` in canonical form (see
/// `is_canonical_decimal`); digits after the point are kept, zeros too.
void write_number(const NumberText& number, int shift, std::string& out);

/// True when nothing but zeros stands after the point: "12.0". False for "12".
[[nodiscard]] bool has_zero_fraction(const NumberText& number);

}  // namespace homeroom::clean
