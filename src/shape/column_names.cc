#include "shape/column_names.h"

#include <algorithm>

#include <fmt/format.h>
#include <xxhash.h>

#include "base/text.h"

namespace homeroom::shape {
namespace {

constexpr std::size_t kHashBytes = 9;  // an underscore and eight hex digits

std::string cut(std::string_view name) {
  if (name.size() <= kMaxColumnNameBytes) return std::string(name);
  std::string_view start = name.substr(0, kMaxColumnNameBytes - kHashBytes);
  while (start.ends_with('_')) start.remove_suffix(1);
  return fmt::format("{}_{:08x}", start, XXH64(name.data(), name.size(), 0) >> 32);
}

// Room for "_2" is made by cutting the name, so that the number is never lost.
std::string numbered(std::string_view name, std::size_t number) {
  const std::string suffix = fmt::format("_{}", number);
  return std::string(name.substr(0, kMaxColumnNameBytes - suffix.size())) + suffix;
}

}  // namespace

std::string ColumnNames::take(std::string_view header, std::size_t position) {
  std::string name = fold_name(header);
  if (name.empty()) name = fmt::format("column_{}", position);
  if (name.ends_with("_suppressed")) name += "_value";
  name = cut(name);
  if (taken_.insert(name).second) return name;
  for (std::size_t number = 2;; ++number) {
    std::string next = numbered(name, number);
    if (taken_.insert(next).second) return next;
  }
}

bool is_secret(std::string_view header) {
  const std::string name = fold_name(header);
  return std::ranges::any_of(split(name, '_'), [](std::string_view word) {
    return word == "password" || word == "passwords" || word == "passwd" || word == "pwd" ||
           word == "passcode" || word == "passphrase";
  });
}

}  // namespace homeroom::shape
