#include "contract/document/take_out.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "contract/document/merge_column.h"
#include "contract/reference_file.h"

namespace homeroom::contract {
namespace {

using Names = std::set<std::string, std::less<>>;  ///< "students.full_name"

constexpr std::array kListsOfColumns = {"homeroom.anyOf",          "homeroom.scope",
                                        "homeroom.schoolYearFrom", "homeroom.matchNeeds",
                                        "homeroom.defaultFrom",    "homeroom.madeFrom"};

YamlNode empty_list_at(const YamlNode& node) {
  YamlNode list{.type = YamlNode::Type::kList};
  list.line = node.line;
  list.file = node.file;
  return list;
}

const YamlNode* columns_of(const YamlNode& root) {
  return root.find("schema")->items.front().find("properties");
}

Names removed_of(const Documents& documents) {
  Names removed;
  for (const auto& [dataset, root] : documents) {
    const YamlNode* columns = columns_of(root);
    if (columns == nullptr) continue;
    for (const YamlNode& column : columns->items) {
      if (!is_removed(column)) continue;
      removed.insert(fmt::format("{}.{}", dataset, column.find("name")->text));
    }
  }
  return removed;
}

/// Takes names out of the document of one data set.
class TakeOut {
 public:
  TakeOut(const Documents& documents, std::string_view dataset)
      : documents_(&documents), removed_(removed_of(documents)), dataset_(dataset) {}

  void apply(YamlNode& schema) const {
    YamlNode* columns = schema.find("properties");
    if (columns != nullptr) {
      std::erase_if(columns->items, is_removed);
      for (YamlNode& column : columns->items) {
        erase_property("homeroom.without", column);
        take_synonyms_from(column);
        take_whole("homeroom.partOf", column, 1);
        take_from_lists(column);
        take_relationships(column);
      }
    }
    erase_property("homeroom.withoutChecks", schema);
    take_whole("homeroom.truePeriod", schema, 2);
    take_from_lists(schema);
    take_relationships(schema);
  }

 private:
  [[nodiscard]] bool is_own(std::string_view name) const {
    return removed_.contains(fmt::format("{}.{}", dataset_, name));
  }

  // Of a list, or of one word that stands for a list of one; groups that become empty go.
  template <class IsGone>
  void take(const IsGone& is_gone, YamlNode& list) const {
    if (list.is_scalar() && is_gone(list.text)) list = empty_list_at(list);
    for (YamlNode& item : list.items) {
      if (item.is_list()) take(is_gone, item);
    }
    std::erase_if(list.items, [&](const YamlNode& item) {
      return item.is_scalar() ? is_gone(item.text) : item.is_list() && item.items.empty();
    });
  }

  // A property that means nothing without one of the columns that its first words name.
  void take_whole(std::string_view property, YamlNode& holder, std::size_t num_names) const {
    std::vector<std::string> names = words_of(find_property(holder, property));
    names.resize(std::min(names.size(), num_names));
    const bool is_gone =
        std::ranges::any_of(names, [this](const std::string& name) { return is_own(name); });
    if (is_gone) erase_property(property, holder);
  }

  void take_own(YamlNode& list) const {
    take([this](std::string_view name) { return is_own(name); }, list);
  }

  void take_unpivot(YamlNode& unpivot) const {
    if (!unpivot.is_map()) return;
    for (YamlNode& list : unpivot.items) take_own(list);
    const auto is_empty = [&](std::string_view key) {
      const YamlNode* list = unpivot.find(key);
      return list == nullptr || (list->is_list() && list->items.empty());
    };
    if (is_empty("dimensions") || is_empty("measures")) unpivot = empty_list_at(unpivot);
  }

  void take_school_day(YamlNode& checks) const {
    const YamlNode* school_day = checks.find("schoolDay");
    if (school_day == nullptr) return;
    const bool is_gone = std::ranges::any_of(std::array{"date", "school"}, [&](const char* key) {
      const YamlNode* column = school_day->find(key);
      return column != nullptr && is_own(column->text);
    });
    if (is_gone) checks.erase("schoolDay");
  }

  void take_from_lists(YamlNode& holder) const {
    YamlNode* properties = holder.find("customProperties");
    if (properties == nullptr) return;
    for (YamlNode& entry : properties->items) {
      const YamlNode* property = entry.find("property");
      YamlNode* value = entry.find("value");
      if (property == nullptr || value == nullptr) continue;
      const std::string& word = property->text;
      if (word == "homeroom.unpivot") {
        take_unpivot(*value);
      } else if (word == "homeroom.loadChecks") {
        take_school_day(*value);
      } else if (word == "homeroom.carries" || word == "homeroom.excludes") {
        take([this](std::string_view name) { return removed_.contains(name); }, *value);
      } else if (std::ranges::find(kListsOfColumns, word) != kListsOfColumns.end()) {
        take_own(*value);
      }
    }
  }

  // True when one of the columns that `node` names is gone; `from` may name them without it.
  [[nodiscard]] bool names_removed(const YamlNode* node) const {
    return std::ranges::any_of(words_of(node), [this](const std::string& word) {
      const auto target = parse_reference(word);
      return target && removed_.contains(fmt::format("{}.{}", target->table, target->column));
    });
  }

  void take_relationships(YamlNode& holder) const {
    YamlNode* list = holder.find("relationships");
    if (list == nullptr || list->items.empty()) return;
    std::erase_if(list->items, [this](const YamlNode& relationship) {
      return names_removed(relationship.find("from")) || names_removed(relationship.find("to"));
    });
    if (list->items.empty()) holder.erase("relationships");
  }

  // The column that "students.student_id" names, in the document it stands in.
  [[nodiscard]] const YamlNode* find_column(std::string_view name) const {
    const auto document = documents_->find(name.substr(0, name.find('.')));
    return find_named(*columns_of(document->second), "name", name.substr(name.find('.') + 1));
  }

  // The synonyms of a column that is gone are written out.
  void take_synonyms_from(YamlNode& column) const {
    const YamlNode* from = find_property(column, "homeroom.synonymsFrom");
    if (from == nullptr || !removed_.contains(from->text)) return;
    const YamlNode other = *find_column(from->text);
    erase_property("homeroom.synonymsFrom", column);
    const std::vector<std::string> not_meant =
        words_of(find_property(column, "homeroom.notSynonyms"));
    YamlNode added{.type = YamlNode::Type::kList, .line = other.line, .file = other.file};
    for (const std::string& header : words_of(find_property(other, "homeroom.synonyms"))) {
      if (std::ranges::find(not_meant, header) != not_meant.end()) continue;
      added.items.push_back({.type = YamlNode::Type::kScalar,
                             .line = other.line,
                             .is_quoted = true,
                             .file = other.file,
                             .text = header});
    }
    add_synonyms(added, column);
  }

  const Documents* documents_;
  Names removed_;
  std::string_view dataset_;
};

}  // namespace

void take_out_removed(const Documents& documents, std::string_view dataset, YamlNode& root) {
  TakeOut(documents, dataset).apply(root.find("schema")->items.front());
}

}  // namespace homeroom::contract
