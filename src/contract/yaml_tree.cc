#include "contract/yaml_tree.h"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>

#include <fmt/format.h>
#include <yaml.h>

namespace homeroom::contract {
namespace {

constexpr std::size_t kMaxTextBytes = 1024 * 1024;
constexpr std::size_t kMaxNodes = 100'000;
constexpr int kMaxDepth = 64;

Error not_yaml(std::string_view file, std::size_t line, std::string_view what) {
  return yaml_error(file, line, fmt::format("this is not YAML ({})", what),
                    "Check indents, colons and quotes around this line");
}

// What libyaml says next. Owns the event.
class Event {
 public:
  Event() = default;
  Event(Event&&) = delete;

  ~Event() { yaml_event_delete(&event_); }

  [[nodiscard]] yaml_event_t* empty() {
    yaml_event_delete(&event_);
    return &event_;
  }

  [[nodiscard]] yaml_event_type_t type() const { return event_.type; }

  [[nodiscard]] std::size_t line() const { return event_.start_mark.line + 1; }

  [[nodiscard]] std::string_view text() const {
    return {reinterpret_cast<const char*>(event_.data.scalar.value), event_.data.scalar.length};
  }

  [[nodiscard]] bool is_plain() const {
    return event_.data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
  }

  [[nodiscard]] bool has_tag() const { return event_.data.scalar.tag != nullptr; }

  /// The name it is given, or that an alias uses; empty: none.
  [[nodiscard]] std::string_view anchor() const {
    const yaml_char_t* name = nullptr;
    if (type() == YAML_ALIAS_EVENT) name = event_.data.alias.anchor;
    if (type() == YAML_SCALAR_EVENT) name = event_.data.scalar.anchor;
    if (type() == YAML_SEQUENCE_START_EVENT) name = event_.data.sequence_start.anchor;
    if (type() == YAML_MAPPING_START_EVENT) name = event_.data.mapping_start.anchor;
    return name == nullptr ? std::string_view() : reinterpret_cast<const char*>(name);
  }

 private:
  yaml_event_t event_ = {};
};

bool is_null_word(std::string_view text) {
  return text.empty() || text == "~" || text == "null" || text == "Null" || text == "NULL";
}

std::size_t num_nodes_of(const YamlNode& node) {
  std::size_t number = 1;
  for (const YamlNode& item : node.items) number += num_nodes_of(item);
  return number;
}

// Makes a tree of libyaml's events. Aliases are copied where they are used, so the number of
// nodes is bounded here.
class TreeReader {
 public:
  TreeReader(std::string_view file, std::string_view text) : file_(file), text_(text) {
    yaml_parser_initialize(&parser_);
    yaml_parser_set_input_string(&parser_, reinterpret_cast<const unsigned char*>(text.data()),
                                 text.size());
  }

  TreeReader(TreeReader&&) = delete;

  ~TreeReader() { yaml_parser_delete(&parser_); }

  Result<YamlNode> read() {
    HOMEROOM_TRY(next());  // the stream begins
    HOMEROOM_TRY(next());
    if (event_.type() == YAML_STREAM_END_EVENT) return YamlNode{.line = 1};
    HOMEROOM_TRY(next());
    YamlNode root = HOMEROOM_TRY(read_node(0));
    HOMEROOM_TRY(next());  // the document ends
    HOMEROOM_TRY(next());
    if (event_.type() != YAML_STREAM_END_EVENT) {
      return tl::unexpected(
          yaml_error(file_, event_.line(), "a second document begins", "Split the file"));
    }
    return root;
  }

 private:
  Status next() {
    if (yaml_parser_parse(&parser_, event_.empty()) != 0) return {};
    const bool is_unreadable = parser_.error == YAML_READER_ERROR;
    const std::string_view before = text_.substr(0, is_unreadable ? parser_.problem_offset : 0);
    const auto lines_before = static_cast<std::size_t>(std::ranges::count(before, '\n'));
    const std::size_t line = is_unreadable ? lines_before : parser_.problem_mark.line;
    return tl::unexpected(
        not_yaml(file_, line + 1, parser_.problem == nullptr ? "no memory" : parser_.problem));
  }

  // The event at hand begins it.
  Result<YamlNode> read_node(int depth) {
    const std::size_t line = event_.line();
    HOMEROOM_TRY(count_nodes(1, depth, line));
    if (event_.type() == YAML_ALIAS_EVENT) return copy_of_anchor(depth);
    const std::string anchor(event_.anchor());
    YamlNode node{.line = line};
    if (event_.type() == YAML_SCALAR_EVENT) {
      if (!event_.is_plain() || event_.has_tag() || !is_null_word(event_.text())) {
        node.type = YamlNode::Type::kScalar;
        node.text = event_.text();
        node.is_quoted = !event_.is_plain() && !event_.has_tag();
      }
    } else {
      if (!anchor.empty()) anchors_[anchor] = std::nullopt;
      const bool is_list = event_.type() == YAML_SEQUENCE_START_EVENT;
      HOMEROOM_TRY(is_list ? read_list(depth, node) : read_map(depth, node));
    }
    if (!anchor.empty()) anchors_[anchor] = node;
    return node;
  }

  Status read_list(int depth, YamlNode& node) {
    node.type = YamlNode::Type::kList;
    HOMEROOM_TRY(next());
    for (; event_.type() != YAML_SEQUENCE_END_EVENT; HOMEROOM_TRY(next())) {
      node.items.push_back(HOMEROOM_TRY(read_node(depth + 1)));
    }
    return {};
  }

  Status read_map(int depth, YamlNode& node) {
    node.type = YamlNode::Type::kMap;
    HOMEROOM_TRY(next());
    for (; event_.type() != YAML_MAPPING_END_EVENT; HOMEROOM_TRY(next())) {
      const std::size_t line = event_.line();
      const YamlNode key = HOMEROOM_TRY(read_node(depth + 1));
      if (!key.is_scalar()) {
        return tl::unexpected(yaml_error(file_, line, "a key is not a plain word", ""));
      }
      if (std::ranges::find(node.keys, key.text) != node.keys.end()) {
        return tl::unexpected(yaml_error(file_, line, fmt::format("{} stands here twice", key.text),
                                         "Keep one of the two"));
      }
      HOMEROOM_TRY(next());
      node.items.push_back(HOMEROOM_TRY(read_node(depth + 1)));
      node.items.back().key_line = line;
      node.keys.push_back(key.text);
    }
    return {};
  }

  Result<YamlNode> copy_of_anchor(int depth) {
    const auto found = anchors_.find(event_.anchor());
    if (found == anchors_.end() || !found->second) {
      const std::string_view what = found == anchors_.end() ? "names nothing" : "stands in itself";
      return tl::unexpected(
          not_yaml(file_, event_.line(), fmt::format("the alias {} {}", event_.anchor(), what)));
    }
    HOMEROOM_TRY(count_nodes(num_nodes_of(*found->second), depth, event_.line()));
    return *found->second;
  }

  Status count_nodes(std::size_t number, int depth, std::size_t line) {
    num_nodes_ += number;
    if (num_nodes_ <= kMaxNodes && depth <= kMaxDepth) return {};
    return tl::unexpected(yaml_error(file_, line, "the file is too large or too deep",
                                     "Split it, or use fewer aliases"));
  }

  std::string_view file_;
  std::string_view text_;
  yaml_parser_t parser_ = {};
  Event event_;
  std::map<std::string, std::optional<YamlNode>, std::less<>> anchors_;  // none: not read yet
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
  return TreeReader(file, text).read();
}

}  // namespace homeroom::contract
