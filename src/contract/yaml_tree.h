#pragma once

// YAML as a plain tree with line numbers. The only file that knows libyaml is yaml_tree.cc.

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace homeroom::contract {

struct YamlNode {
  enum class Type : std::uint8_t { kNull, kScalar, kList, kMap };

  Type type = Type::kNull;
  std::size_t line = 0;      ///< from 1
  std::size_t key_line = 0;  ///< of a value in a map: the line of its key
  bool is_quoted = false;    ///< a scalar in quotes: text, whatever it looks like
  std::uint32_t file = 0;    ///< which of several files it is of; for those who join trees
  std::string text = {};     ///< of a scalar
  std::vector<std::string> keys = {};  ///< of a map, one for each of `items`
  std::vector<YamlNode> items = {};    ///< of a list or a map, in order

  [[nodiscard]] bool is_scalar() const { return type == Type::kScalar; }

  [[nodiscard]] bool is_list() const { return type == Type::kList; }

  [[nodiscard]] bool is_map() const { return type == Type::kMap; }

  /// The value of `key` in a map; null when there is none or this is no map.
  [[nodiscard]] const YamlNode* find(std::string_view key) const;
  [[nodiscard]] YamlNode* find(std::string_view key);

  /// Sets `key` of a map, where it stands or at the end.
  void set(std::string_view key, YamlNode value);
  void erase(std::string_view key);
};

/// An error in a file of ours: "attendance.odcs.yaml, line 12: <message>".
[[nodiscard]] Error yaml_error(std::string_view file, std::size_t line, std::string_view message,
                               std::string hint);

/// Errors: kConfig with file and line for text that is not YAML, for a key that stands twice in
/// one map, and for more than 1 MiB of text or 100,000 values (aliases count as often as used).
[[nodiscard]] Result<YamlNode> parse_yaml(std::string_view file, std::string_view text);

}  // namespace homeroom::contract
