#pragma once

// Names of table columns from headers: folded, unique, short enough for PostgreSQL.

#include <string>
#include <string_view>
#include <unordered_set>

namespace homeroom::shape {

/// PostgreSQL cuts names at 63 bytes; a suppressible column has `<name>_suppressed` beside it.
inline constexpr std::size_t kMaxColumnNameBytes = 52;

/// Hands out names, none twice. Empty headers become `column_<position>`, repeats get _2, _3, a
/// name that is too long is cut and ends in a hash of the whole, and one that ends in
/// `_suppressed` gets `_value` behind it.
class ColumnNames {
 public:
  /// Names that are taken before the first header comes.
  void reserve(std::string_view name) { taken_.emplace(name); }

  /// `position` counts from 1.
  [[nodiscard]] std::string take(std::string_view header, std::size_t position);

 private:
  std::unordered_set<std::string> taken_;
};

/// True for a header that says that its values are passwords.
[[nodiscard]] bool is_secret(std::string_view header);

}  // namespace homeroom::shape
