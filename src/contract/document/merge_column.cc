#include "contract/document/merge_column.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "contract/contract.h"

namespace homeroom::contract {
namespace {

void take_part(const std::string& part, YamlNode& column) {
  if (part == "enumeration") {
    const YamlNode* kind = find_property(column, "homeroom.kind");
    if (kind != nullptr && kind->text == "enumeration") erase_property("homeroom.kind", column);
  }
  YamlNode* options = column.find("logicalTypeOptions");
  if (options != nullptr) options->erase(part);
  if (options != nullptr && options->keys.empty()) column.erase("logicalTypeOptions");
  erase_property("homeroom." + part, column);
}

void take_synonym(const std::string& header, YamlNode& column) {
  YamlNode* list = column.find("customProperties");
  if (list == nullptr) return;
  for (const char* name : {"homeroom.synonyms", "homeroom.weakSynonyms"}) {
    YamlNode* entry = find_named(*list, "property", name);
    YamlNode* value = entry == nullptr ? nullptr : entry->find("value");
    if (value == nullptr) continue;
    if (value->is_scalar() && value->text == header) *value = {.type = YamlNode::Type::kList};
    std::erase_if(value->items, [&](const YamlNode& item) { return item.text == header; });
  }
}

void set_text(std::string_view key, std::string_view text, const YamlNode& stated,
              YamlNode& column) {
  YamlNode node = stated;
  node.type = YamlNode::Type::kScalar;
  node.text = text;
  column.set(key, std::move(node));
}

bool has_days(const YamlNode& column) {
  const YamlNode* logical = column.find("logicalType");
  return logical != nullptr && (logical->text == "date" || logical->text == "timestamp");
}

// Bounds that are days say nothing of numbers, nor numbers of days.
void drop_bounds(YamlNode& column) {
  YamlNode* options = column.find("logicalTypeOptions");
  if (options == nullptr) return;
  for (const char* bound : {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"}) {
    options->erase(bound);
  }
  if (options->keys.empty()) column.erase("logicalTypeOptions");
}

// The type that follows from a kind which `over` states, or the kind that no longer follows.
void merge_kind(const YamlNode& over, YamlNode& column) {
  const YamlNode* stated = find_property(over, "homeroom.kind");
  const YamlNode* list = find_property(over, "homeroom.enumeration");
  const YamlNode* logical = over.find("logicalType");
  if (stated == nullptr && list != nullptr) erase_property("homeroom.kind", column);
  const auto kind = stated != nullptr ? find_kind(stated->text)
                    : list != nullptr ? std::optional(Kind::kEnumeration)
                                      : std::nullopt;
  if (kind) {
    const bool may_have_list = *kind == Kind::kEnumeration || *kind == Kind::kText;
    if (!may_have_list) erase_property("homeroom.enumeration", column);
    const YamlNode& where = stated != nullptr ? *stated : *list;
    set_text("logicalType", logical_type_of(*kind), where, column);
    set_text("physicalType", to_string(sql_type_of(*kind)), where, column);
  } else if (logical != nullptr) {
    const YamlNode* known = column.find("logicalType");
    if (known != nullptr && known->text == logical->text) return;
    erase_property("homeroom.kind", column);
    erase_property("homeroom.enumeration", column);
  }
}

// The district's own words come first.
void put_first(const YamlNode& over, YamlNode& value) {
  YamlNode all = over;
  if (all.is_scalar()) all = {.type = YamlNode::Type::kList, .file = over.file, .items = {over}};
  const auto add = [&all](const YamlNode& header) {
    const auto is_same = [&](const YamlNode& known) { return known.text == header.text; };
    if (std::ranges::none_of(all.items, is_same)) all.items.push_back(header);
  };
  if (value.is_scalar()) add(value);
  for (const YamlNode& item : value.items) add(item);
  value = std::move(all);
}

void merge_properties(const YamlNode& over, YamlNode& list) {
  for (const YamlNode& entry : over.items) {
    const YamlNode* property = entry.find("property");
    const YamlNode* value = entry.find("value");
    if (property == nullptr || value == nullptr || property->text == "homeroom.without") continue;
    YamlNode* known = find_named(list, "property", property->text);
    if (known == nullptr) {
      list.items.push_back(entry);
    } else if (property->text == "homeroom.synonyms" || property->text == "homeroom.weakSynonyms" ||
               property->text == "homeroom.notSynonyms") {
      put_first(*value, *known->find("value"));
    } else {
      *known = entry;
    }
  }
}

void merge_options(const YamlNode& over, YamlNode& options) {
  for (std::size_t i = 0; i < over.keys.size(); ++i) options.set(over.keys[i], over.items[i]);
}

}  // namespace

const YamlNode* find_named(const YamlNode& list, std::string_view key, std::string_view name) {
  const auto found = std::ranges::find_if(list.items, [&](const YamlNode& item) {
    const YamlNode* value = item.find(key);
    return value != nullptr && value->text == name;
  });
  return found == list.items.end() ? nullptr : &*found;
}

YamlNode* find_named(YamlNode& list, std::string_view key, std::string_view name) {
  const YamlNode* found = find_named(static_cast<const YamlNode&>(list), key, name);
  return found == nullptr ? nullptr
                          : &list.items[static_cast<std::size_t>(found - list.items.data())];
}

void merge_named(const YamlNode& over, std::string_view key, YamlNode& list) {
  for (const YamlNode& entry : over.items) {
    const YamlNode* name = entry.find(key);
    YamlNode* known = name == nullptr ? nullptr : find_named(list, key, name->text);
    if (known == nullptr) {
      list.items.push_back(entry);
    } else {
      *known = entry;
    }
  }
}

void merge_column(const YamlNode& over, YamlNode& column) {
  for (const std::string& part : words_of(find_property(over, "homeroom.without"))) {
    take_part(part, column);
  }
  for (const std::string& header : words_of(find_property(over, "homeroom.notSynonyms"))) {
    take_synonym(header, column);
  }
  const bool had_days = has_days(column);
  merge_kind(over, column);
  if (had_days != has_days(over.find("logicalType") == nullptr ? column : over))
    drop_bounds(column);
  for (std::size_t i = 0; i < over.keys.size(); ++i) {
    const std::string& key = over.keys[i];
    YamlNode* known = column.find(key);
    if (known != nullptr && key == "customProperties") {
      merge_properties(over.items[i], *known);
    } else if (known != nullptr && key == "logicalTypeOptions") {
      merge_options(over.items[i], *known);
    } else if (known != nullptr && key == "quality") {
      merge_named(over.items[i], "id", *known);
    } else {
      column.set(key, over.items[i]);
    }
  }
}

const YamlNode* find_property(const YamlNode& holder, std::string_view name) {
  const YamlNode* list = holder.find("customProperties");
  const YamlNode* entry = list == nullptr ? nullptr : find_named(*list, "property", name);
  return entry == nullptr ? nullptr : entry->find("value");
}

void erase_property(std::string_view name, YamlNode& holder) {
  YamlNode* list = holder.find("customProperties");
  if (list == nullptr) return;
  std::erase_if(list->items, [&](const YamlNode& entry) {
    const YamlNode* property = entry.find("property");
    return property != nullptr && property->text == name;
  });
  if (list->items.empty()) holder.erase("customProperties");
}

// One word alone is a list of one.
std::vector<std::string> words_of(const YamlNode* node) {
  if (node == nullptr) return {};
  if (node->is_scalar()) return {node->text};
  std::vector<std::string> words;
  for (const YamlNode& item : node->items) words.push_back(item.text);
  return words;
}

void add_synonyms(const YamlNode& headers, YamlNode& column) {
  YamlNode entry{.type = YamlNode::Type::kMap, .line = headers.line, .file = headers.file};
  entry.set("property", {.type = YamlNode::Type::kScalar,
                         .line = headers.line,
                         .file = headers.file,
                         .text = "homeroom.synonyms"});
  entry.set("value", headers);
  YamlNode* list = column.find("customProperties");
  if (list == nullptr) {
    YamlNode properties{.type = YamlNode::Type::kList, .line = headers.line, .file = headers.file};
    properties.items.push_back(std::move(entry));
    column.set("customProperties", std::move(properties));
  } else if (YamlNode* known = find_named(*list, "property", "homeroom.synonyms")) {
    YamlNode own = *known->find("value");
    *known->find("value") = headers;
    put_first(own, *known->find("value"));
  } else {
    list->items.push_back(std::move(entry));
  }
}

bool is_removed(const YamlNode& column) {
  const YamlNode* removed = find_property(column, "homeroom.removed");
  return removed != nullptr && removed->text == "true";
}

}  // namespace homeroom::contract
