#pragma once

// Kinds of characters, without the locale that <cctype> asks.

namespace homeroom::clean {

[[nodiscard]] constexpr bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

[[nodiscard]] constexpr bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

[[nodiscard]] constexpr char lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

[[nodiscard]] constexpr int digit_value(char c) {
  return c - '0';
}

/// Writes a number below 100 as two digits; returns the byte after them.
constexpr char* write_two_digits(int number, char* out) {
  out[0] = static_cast<char>('0' + number / 10);
  out[1] = static_cast<char>('0' + number % 10);
  return out + 2;
}

}  // namespace homeroom::clean
