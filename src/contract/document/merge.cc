#include "contract/document/merge.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "contract/contract_file.h"
#include "contract/contract_files.h"
#include "contract/document/merge_column.h"

namespace homeroom::contract {
namespace {

void set_file(YamlNode& node, std::uint32_t file) {
  node.file = file;
  for (YamlNode& item : node.items) set_file(item, file);
}

// A file that states a key states all of it.
void merge_key(const YamlNode& over, YamlNode& columns) {
  const auto is_key = [](const YamlNode& column) {
    const YamlNode* key = column.find("primaryKey");
    return key != nullptr && key->text == "true";
  };
  const bool states_key = std::ranges::any_of(over.items, is_key);
  for (YamlNode& column : columns.items) {
    const YamlNode* name = column.find("name");
    const YamlNode* stated = name == nullptr ? nullptr : find_named(over, "name", name->text);
    const bool stays = stated != nullptr && is_key(*stated);
    if (states_key ? stays : is_key(column)) continue;
    column.erase("primaryKey");
    column.erase("primaryKeyPosition");
  }
}

void merge_columns(const YamlNode& over, YamlNode& columns) {
  for (const YamlNode& stated : over.items) {
    const YamlNode* name = stated.find("name");
    YamlNode* known = name == nullptr ? nullptr : find_named(columns, "name", name->text);
    if (known == nullptr) {
      columns.items.push_back(stated);
    } else {
      merge_column(stated, *known);
    }
  }
  merge_key(over, columns);
}

void erase_check(const std::string& id, YamlNode& holder) {
  YamlNode* list = holder.find("quality");
  if (list == nullptr) return;
  std::erase_if(list->items, [&](const YamlNode& check) {
    const YamlNode* known = check.find("id");
    return known != nullptr && known->text == id;
  });
  if (list->items.empty()) holder.erase("quality");
}

// homeroom.withoutChecks, by the ids of the data set and of its columns.
void take_checks(const YamlNode& over, YamlNode& schema) {
  for (const std::string& id : words_of(find_property(over, "homeroom.withoutChecks"))) {
    erase_check(id, schema);
    YamlNode* columns = schema.find("properties");
    if (columns == nullptr) continue;
    for (YamlNode& column : columns->items) erase_check(id, column);
  }
}

void merge_schema(const YamlNode& over, YamlNode& schema) {
  take_checks(over, schema);
  for (std::size_t i = 0; i < over.keys.size(); ++i) {
    const std::string& key = over.keys[i];
    YamlNode* known = schema.find(key);
    if (known != nullptr && key == "properties") {
      merge_columns(over.items[i], *known);
    } else if (known != nullptr && (key == "customProperties" || key == "quality")) {
      merge_named(over.items[i], key == "quality" ? "id" : "property", *known);
    } else {
      schema.set(key, over.items[i]);
    }
  }
}

void merge_root(const YamlNode& over, YamlNode& root) {
  for (std::size_t i = 0; i < over.keys.size(); ++i) {
    const std::string& key = over.keys[i];
    YamlNode* known = root.find(key);
    if (known != nullptr && key == "version") {
      known->text += "+" + over.items[i].text;
    } else if (known != nullptr && key == "schema" && !known->items.empty()) {
      merge_schema(over.items[i].items.front(), known->items.front());
    } else {
      root.set(key, over.items[i]);
    }
  }
}

void erase_name(std::string_view name, YamlNode& list) {
  for (YamlNode& item : list.items) erase_name(name, item);
  std::erase_if(list.items, [&](const YamlNode& item) {
    return (item.is_scalar() && item.text == name) || (item.is_list() && item.items.empty());
  });
}

// The lists of columns that a removed one is taken out of.
void erase_from_lists(std::string_view name, YamlNode& properties) {
  for (YamlNode& entry : properties.items) {
    const YamlNode* property = entry.find("property");
    YamlNode* value = entry.find("value");
    if (property == nullptr || value == nullptr) continue;
    const std::string& word = property->text;
    if (word == "homeroom.unpivot") {
      for (YamlNode& list : value->items) erase_name(name, list);
      if (std::ranges::any_of(value->items, [](const auto& list) { return list.items.empty(); })) {
        *value = {.type = YamlNode::Type::kList};
      }
    } else if (word == "homeroom.loadChecks") {
      const YamlNode* school_day = value->find("schoolDay");
      if (school_day != nullptr && std::ranges::any_of(school_day->items, [&](const auto& column) {
            return column.text == name;
          })) {
        value->erase("schoolDay");
      }
    } else if (word == "homeroom.anyOf" || word == "homeroom.scope" ||
               word == "homeroom.schoolYearFrom" || word == "homeroom.matchNeeds" ||
               word == "homeroom.defaultFrom" || word == "homeroom.madeFrom") {
      erase_name(name, *value);
    }
  }
}

void take_out_removed(YamlNode& schema) {
  YamlNode* columns = schema.find("properties");
  if (columns == nullptr) return;
  std::vector<std::string> removed;
  for (const YamlNode& column : columns->items) {
    if (is_removed(column)) removed.push_back(column.find("name")->text);
  }
  std::erase_if(columns->items, is_removed);
  for (YamlNode& column : columns->items) erase_property("homeroom.without", column);
  erase_property("homeroom.withoutChecks", schema);
  for (const std::string& name : removed) {
    if (YamlNode* list = schema.find("customProperties")) erase_from_lists(name, *list);
    for (YamlNode& column : columns->items) {
      if (YamlNode* list = column.find("customProperties")) erase_from_lists(name, *list);
    }
  }
}

}  // namespace

Result<MergedDocument> merge_contract(std::span<const EmbeddedFile> files,
                                      std::string_view dataset) {
  MergedDocument merged;
  for (const EmbeddedFile& file : files) {
    if (!is_contract_file(file.path)) continue;
    YamlNode root = HOMEROOM_TRY(parse_yaml(file.path, file.text));
    if (HOMEROOM_TRY(contract_name(file.path, root)) != dataset) continue;
    set_file(root, static_cast<std::uint32_t>(merged.files.size()));
    merged.files.emplace_back(file.path);
    if (merged.files.size() == 1) {
      merged.root = std::move(root);
    } else {
      merge_root(root, merged.root);
    }
  }
  if (merged.files.empty()) {
    return fail(ErrorCode::kConfig, fmt::format("there is no data set {}", dataset));
  }
  take_out_removed(merged.root.find("schema")->items.front());
  return merged;
}

}  // namespace homeroom::contract
