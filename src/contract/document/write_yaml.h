#pragma once

// A tree as YAML that people can read, with where each part came from.

#include <functional>
#include <string>

#include "contract/yaml_tree.h"

namespace homeroom::contract {

/// Written behind a line of the document; empty: nothing.
using YamlComment = std::function<std::string(const YamlNode& node)>;

/// Small maps and lists of plain values on one line, unless parts of them are of several files; the
/// others by line.
/// Reading it gives the tree again: parse_yaml(write_yaml(tree)) is `tree` but for lines.
[[nodiscard]] std::string write_yaml(const YamlNode& root, const YamlComment& comment = {});

/// A text as a YAML value: plain where it means itself, else in double quotes.
[[nodiscard]] std::string yaml_text(std::string_view text);

}  // namespace homeroom::contract
