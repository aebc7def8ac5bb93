#include "contract/document/write_yaml.h"

#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "base/text.h"

namespace homeroom::contract {
namespace {

constexpr std::size_t kWidest = 100;

bool is_word_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_./+()% ;*").find(c) != std::string_view::npos || c == '-' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// YAML 1.1 and 1.2 read these plain words as something else than text.
bool is_other_type(std::string_view text) {
  constexpr std::array<std::string_view, 11> kWords = {"true", "false", "yes",  "no", "on", "off",
                                                       "y",    "n",     "null", "~",  ""};
  if (std::ranges::find(kWords, to_lower(text)) != kWords.end()) return true;
  const char first = text.front();
  return (first >= '0' && first <= '9') || first == '-' || first == '+' || first == '.';
}

bool is_plain(std::string_view text) {
  if (is_other_type(text) || text != trim(text)) return false;
  const bool begins_well = text.front() != '%' && text.front() != '*' && text.front() != '(';
  return begins_well && std::ranges::all_of(text, is_word_character);
}

std::string in_quotes(std::string_view text) {
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += {'\\', c};
    } else if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out.push_back(c);
    }
  }
  return out + "\"";
}

// What was plain stays so: true is no text, and "true" is none but text.
std::string scalar(const YamlNode& node) {
  if (node.type == YamlNode::Type::kNull) return "null";
  const bool is_number_or_word = !node.is_quoted && !node.text.empty() &&
                                 std::ranges::all_of(node.text, is_word_character) &&
                                 is_other_type(node.text);
  return is_number_or_word ? node.text : yaml_text(node.text);
}

bool is_leaf(const YamlNode& node) {
  return node.is_scalar() || node.type == YamlNode::Type::kNull;
}

class Writer {
 public:
  explicit Writer(const YamlComment& comment) : comment_(comment) {}

  void write(const YamlNode& node, std::size_t indent) {
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      const YamlNode& item = node.items[i];
      const std::string head = node.is_map() ? yaml_text(node.keys[i]) + ":" : "-";
      write_entry(head, item, indent);
    }
  }

  [[nodiscard]] std::string take() { return std::move(out_); }

 private:
  void write_entry(const std::string& head, const YamlNode& item, std::size_t indent) {
    const std::string margin(indent, ' ');
    const std::string line = is_one_line(item) ? flow(item) : std::string();
    if (!line.empty() && indent + head.size() + line.size() + 1 <= kWidest) {
      out_ += fmt::format("{}{} {}{}\n", margin, head, line, comment(item));
    } else if (is_leaf(item)) {
      out_ += fmt::format("{}{} {}{}\n", margin, head, scalar(item), comment(item));
    } else if (head == "-" && item.is_map()) {
      // The first key stands behind the dash.
      const std::size_t at = out_.size();
      write(item, indent + 2);
      out_.replace(at + indent, 2, "- ");
    } else {
      out_ += fmt::format("{}{}{}\n", margin, head, item.items.empty() ? " []" : "");
      write(item, indent + 2);
    }
  }

  [[nodiscard]] std::string comment(const YamlNode& node) const {
    const std::string text = comment_ ? comment_(node) : std::string();
    return text.empty() ? "" : "  # " + text;
  }

  // Plain values, or lists of them, all of one file.
  static bool is_one_line(const YamlNode& node) {
    return std::ranges::all_of(node.items, [&](const YamlNode& item) {
      const bool is_simple = is_leaf(item) || (item.is_list() && is_one_line(item));
      return is_simple && item.file == node.file;
    });
  }

  static std::string flow(const YamlNode& node) {
    if (is_leaf(node)) return scalar(node);
    std::string text;
    for (std::size_t i = 0; i < node.items.size(); ++i) {
      if (i > 0) text += ", ";
      if (node.is_map()) text += yaml_text(node.keys[i]) + ": ";
      text += flow(node.items[i]);
    }
    return node.is_map() ? "{" + text + "}" : "[" + text + "]";
  }

  const YamlComment& comment_;
  std::string out_;
};

}  // namespace

std::string yaml_text(std::string_view text) {
  return !text.empty() && is_plain(text) ? std::string(text) : in_quotes(text);
}

std::string write_yaml(const YamlNode& root, const YamlComment& comment) {
  Writer writer(comment);
  writer.write(root, 0);
  return writer.take();
}

}  // namespace homeroom::contract
