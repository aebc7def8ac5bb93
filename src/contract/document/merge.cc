#include "contract/document/merge.h"

#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "contract/contract_file.h"
#include "contract/contract_files.h"
#include "contract/document/merge_column.h"
#include "contract/document/take_out.h"

namespace homeroom::contract {
namespace {

struct Merged {
  Documents documents;
  std::map<std::string, std::vector<std::string>, std::less<>> files;  ///< by data set
};

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

void merge_maps(const YamlNode& over, YamlNode& map) {
  for (std::size_t i = 0; i < over.keys.size(); ++i) map.set(over.keys[i], over.items[i]);
}

// Key by key in each of the checks, as it is read.
void merge_load_checks(const YamlNode& over, YamlNode& checks) {
  for (std::size_t i = 0; i < over.keys.size(); ++i) {
    YamlNode* known = checks.find(over.keys[i]);
    if (known == nullptr) {
      checks.set(over.keys[i], over.items[i]);
    } else {
      merge_maps(over.items[i], *known);
    }
  }
}

void merge_properties(const YamlNode& over, YamlNode& list) {
  for (const YamlNode& entry : over.items) {
    const YamlNode* property = entry.find("property");
    const YamlNode* value = entry.find("value");
    if (property == nullptr || value == nullptr) continue;
    YamlNode* known = find_named(list, "property", property->text);
    if (known == nullptr) {
      list.items.push_back(entry);
    } else if (property->text == "homeroom.loadChecks") {
      merge_load_checks(*value, *known->find("value"));
    } else {
      *known = entry;
    }
  }
}

// An entry states one property of one element.
void merge_sla(const YamlNode& over, YamlNode& list) {
  const auto word = [](const YamlNode& entry, std::string_view key) {
    const YamlNode* node = entry.find(key);
    return node == nullptr ? std::string() : node->text;
  };
  for (const YamlNode& entry : over.items) {
    std::erase_if(list.items, [&](const YamlNode& known) {
      return word(known, "property") == word(entry, "property") &&
             word(known, "element") == word(entry, "element");
    });
    list.items.push_back(entry);
  }
}

void merge_schema(const YamlNode& over, YamlNode& schema) {
  take_checks(over, schema);
  for (std::size_t i = 0; i < over.keys.size(); ++i) {
    const std::string& key = over.keys[i];
    YamlNode* known = schema.find(key);
    if (known != nullptr && key == "properties") {
      merge_columns(over.items[i], *known);
    } else if (known != nullptr && key == "customProperties") {
      merge_properties(over.items[i], *known);
    } else if (known != nullptr && key == "quality") {
      merge_named(over.items[i], "id", *known);
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
    } else if (known != nullptr && key == "slaProperties") {
      merge_sla(over.items[i], *known);
    } else if (known != nullptr && key == "schema" && !known->items.empty()) {
      merge_schema(over.items[i].items.front(), known->items.front());
    } else {
      root.set(key, over.items[i]);
    }
  }
}

Result<Merged> merge_all(std::span<const EmbeddedFile> files) {
  Merged merged;
  for (const EmbeddedFile& file : files) {
    if (!is_contract_file(file.path)) continue;
    YamlNode root = HOMEROOM_TRY(parse_yaml(file.path, file.text));
    const std::string dataset = HOMEROOM_TRY(contract_name(file.path, root));
    std::vector<std::string>& of_dataset = merged.files[dataset];
    set_file(root, static_cast<std::uint32_t>(of_dataset.size()));
    of_dataset.emplace_back(file.path);
    if (of_dataset.size() == 1) {
      merged.documents.emplace(dataset, std::move(root));
    } else {
      merge_root(root, merged.documents.find(dataset)->second);
    }
  }
  return merged;
}

}  // namespace

Result<std::map<std::string, MergedDocument, std::less<>>> merge_contracts(
    std::span<const EmbeddedFile> files) {
  Merged merged = HOMEROOM_TRY(merge_all(files));
  std::map<std::string, MergedDocument, std::less<>> documents;
  for (const auto& [dataset, root] : merged.documents) {
    MergedDocument& document = documents[dataset];
    document = {.root = root, .files = std::move(merged.files[dataset])};
    take_out_removed(merged.documents, dataset, document.root);
  }
  return documents;
}

Result<MergedDocument> merge_contract(std::span<const EmbeddedFile> files,
                                      std::string_view dataset) {
  auto documents = HOMEROOM_TRY(merge_contracts(files));
  const auto found = documents.find(dataset);
  if (found == documents.end()) {
    return fail(ErrorCode::kConfig, fmt::format("there is no data set {}", dataset));
  }
  return std::move(found->second);
}

}  // namespace homeroom::contract
