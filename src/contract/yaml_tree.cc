#include "contract/yaml_tree.h"

#include <algorithm>
#include <exception>

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

namespace homeroom::contract {
namespace {

constexpr std::size_t kMaxTextBytes = 1024 * 1024;
constexpr std::size_t kMaxNodes = 100'000;
constexpr int kMaxDepth = 64;

// Copies yaml-cpp's graph into a tree. Aliases are copied where they are used, so the number of
// nodes is bounded here.
class TreeCopier {
 public:
  explicit TreeCopier(std::string_view file) : file_(file) {}

  Result<YamlNode> copy(const YAML::Node& node, int depth) {
    const std::size_t line = static_cast<std::size_t>(std::max(0, node.Mark().line)) + 1;
    if (++num_nodes_ > kMaxNodes || depth > kMaxDepth) {
      return tl::unexpected(yaml_error(file_, line, "the file is too large or too deep",
                                       "Split it, or use fewer aliases"));
    }
    YamlNode copied;
    copied.line = line;
    if (node.IsScalar()) {
      copied.type = YamlNode::Type::kScalar;
      copied.text = node.Scalar();
      copied.is_quoted = node.Tag() == "!";
    } else if (node.IsSequence()) {
      copied.type = YamlNode::Type::kList;
      for (const YAML::Node& item : node) {
        copied.items.push_back(HOMEROOM_TRY(copy(item, depth + 1)));
      }
    } else if (node.IsMap()) {
      copied.type = YamlNode::Type::kMap;
      HOMEROOM_TRY(copy_map(node, depth, copied));
    }
    return copied;
  }

 private:
  Status copy_map(const YAML::Node& node, int depth, YamlNode& copied) {
    for (const auto& entry : node) {
      const std::size_t line = static_cast<std::size_t>(std::max(0, entry.first.Mark().line)) + 1;
      if (!entry.first.IsScalar()) {
        return tl::unexpected(yaml_error(file_, line, "a key is not a plain word", ""));
      }
      std::string key = entry.first.Scalar();
      if (std::ranges::find(copied.keys, key) != copied.keys.end()) {
        return tl::unexpected(yaml_error(file_, line, fmt::format("{} stands here twice", key),
                                         "Keep one of the two"));
      }
      copied.items.push_back(HOMEROOM_TRY(copy(entry.second, depth + 1)));
      copied.items.back().key_line = line;
      copied.keys.push_back(std::move(key));
    }
    return {};
  }

  std::string_view file_;
  std::size_t num_nodes_ = 0;
};

}  // namespace

const YamlNode* YamlNode::find(std::string_view key) const {
  const auto found = std::ranges::find(keys, key);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

YamlNode* YamlNode::find(std::string_view key) {
  const auto found = std::ranges::find(keys, key);
  return found == keys.end() ? nullptr : &items[static_cast<std::size_t>(found - keys.begin())];
}

void YamlNode::set(std::string_view key, YamlNode value) {
  if (YamlNode* known = find(key)) {
    *known = std::move(value);
    return;
  }
  keys.emplace_back(key);
  items.push_back(std::move(value));
}

void YamlNode::erase(std::string_view key) {
  const auto found = std::ranges::find(keys, key);
  if (found == keys.end()) return;
  items.erase(items.begin() + (found - keys.begin()));
  keys.erase(found);
}

Error yaml_error(std::string_view file, std::size_t line, std::string_view message,
                 std::string hint) {
  return {.code = ErrorCode::kConfig,
          .message = fmt::format("{}, line {}: {}", file, line, message),
          .hint = std::move(hint),
          .detail = {},
          .position = {.line = line, .column = 0, .byte_offset = 0}};
}

Result<YamlNode> parse_yaml(std::string_view file, std::string_view text) {
  if (text.size() > kMaxTextBytes) {
    return tl::unexpected(yaml_error(file, 1, "the file is larger than 1 MiB", "Split it"));
  }
  try {
    const YAML::Node root = YAML::Load(std::string(text));
    return TreeCopier(file).copy(root, 0);
  } catch (const YAML::Exception& error) {
    const std::size_t line = static_cast<std::size_t>(std::max(0, error.mark.line)) + 1;
    return tl::unexpected(yaml_error(file, line, fmt::format("this is not YAML ({})", error.msg),
                                     "Check indents, colons and quotes around this line"));
  } catch (const std::exception& error) {
    return tl::unexpected(yaml_error(file, 1, "this is not YAML", error.what()));
  }
}

}  // namespace homeroom::contract
