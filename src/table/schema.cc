#include "table/schema.h"

namespace homeroom {
namespace {

constexpr std::size_t kHashDigits = 8;

// FNV-1a, 32 bits: names of one table that are cut at the same place stay apart.
std::string hash_digits(std::string_view text) {
  std::uint32_t hash = 2166136261U;
  for (const char byte : text) hash = (hash ^ static_cast<unsigned char>(byte)) * 16777619U;
  std::string digits;
  for (std::size_t i = 0; i < kHashDigits; ++i) {
    digits += "0123456789abcdef"[hash >> 28U];
    hash <<= 4U;
  }
  return digits;
}

bool is_inside_character(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::string name_with_suffix(std::string_view name, std::string_view suffix) {
  if (name.size() + suffix.size() <= kMaxNameBytes) return std::string(name).append(suffix);
  std::size_t kept = kMaxNameBytes - suffix.size() - kHashDigits;
  while (kept > 0 && is_inside_character(name[kept])) --kept;
  return std::string(name.substr(0, kept)).append(hash_digits(name)).append(suffix);
}

std::string suppressed_name(std::string_view column) {
  return name_with_suffix(column, "_suppressed");
}

}  // namespace homeroom
