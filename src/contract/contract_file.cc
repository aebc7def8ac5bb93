#include "contract/contract_file.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/load_checks_file.h"
#include "contract/named_files.h"
#include "contract/quality/quality_file.h"
#include "contract/reference_file.h"

namespace homeroom::contract {
namespace {

using Set = Status (*)(std::string_view file, const YamlNode& value, std::string_view name,
                       Contract& contract);

// A custom property of a data set.
struct Property {
  std::string_view name;
  Set set;
};

template <auto Member>
Status set_texts(std::string_view file, const YamlNode& value, std::string_view name,
                 Contract& contract) {
  contract.*Member = HOMEROOM_TRY(texts_of(file, value, name));
  return {};
}

template <auto Member>
Status set_percent(std::string_view file, const YamlNode& value, std::string_view name,
                   Contract& contract) {
  const double percent = HOMEROOM_TRY(number_of(file, value, name));
  if (percent < 0 || percent > 100) {
    return tl::unexpected(yaml_error(file, value.line, fmt::format("{} is not a percentage", name),
                                     "Write a number from 0 to 100"));
  }
  contract.*Member = percent / 100;
  return {};
}

Status set_groups(std::string_view file, const YamlNode& value, std::string_view name,
                  Contract& contract) {
  if (!value.is_list()) {
    return tl::unexpected(yaml_error(file, value.line,
                                     fmt::format("{} is not a list of lists", name),
                                     "Write [[scale_score, percentile], [student_id]]"));
  }
  contract.match_needs.clear();
  for (const YamlNode& group : value.items) {
    contract.match_needs.push_back(HOMEROOM_TRY(texts_of(file, group, name)));
  }
  return {};
}

Status set_write_mode(std::string_view file, const YamlNode& value, std::string_view name,
                      Contract& contract) {
  const std::string mode = HOMEROOM_TRY(text_of(file, value, name));
  if (mode == "upsert") {
    contract.write_mode = WriteMode::kUpsert;
  } else if (mode == "replace") {
    contract.write_mode = WriteMode::kReplace;
  } else if (mode == "snapshot") {
    contract.write_mode = WriteMode::kSnapshot;
  } else {
    return tl::unexpected(
        unknown_word(file, value.line, "write mode", mode, {"upsert", "replace", "snapshot"}));
  }
  return {};
}

Status set_true_period(std::string_view file, const YamlNode& value, std::string_view name,
                       Contract& contract) {
  contract.true_period = HOMEROOM_TRY(texts_of(file, value, name));
  if (contract.true_period.empty() || contract.true_period.size() == 2) return {};
  return tl::unexpected(yaml_error(file, value.line, fmt::format("{} is not two columns", name),
                                   "Write the first and the last day: [entry_date, exit_date]"));
}

Status set_extra_columns(std::string_view file, const YamlNode& value, std::string_view name,
                         Contract& contract) {
  const std::string extra = HOMEROOM_TRY(text_of(file, value, name));
  if (extra == "add") {
    contract.extra_columns = ExtraColumns::kAdd;
  } else if (extra == "keep") {
    contract.extra_columns = ExtraColumns::kKeep;
  } else if (extra == "ignore") {
    contract.extra_columns = ExtraColumns::kIgnore;
  } else {
    return tl::unexpected(
        unknown_word(file, value.line, "way with extra columns", extra, {"add", "keep", "ignore"}));
  }
  return {};
}

Status set_unpivot(std::string_view file, const YamlNode& value, std::string_view /*name*/,
                   Contract& contract) {
  if (value.is_list() && value.items.empty()) {
    contract.unpivot.reset();
    return {};
  }
  HOMEROOM_TRY(
      check_keys(file, value, "key of homeroom.unpivot", {"dimensions", "measures", "besides"}));
  Unpivot unpivot;
  if (const YamlNode* dimensions = value.find("dimensions")) {
    unpivot.dimensions = HOMEROOM_TRY(texts_of(file, *dimensions, "dimensions"));
  }
  if (const YamlNode* measures = value.find("measures")) {
    unpivot.measures = HOMEROOM_TRY(texts_of(file, *measures, "measures"));
  }
  if (const YamlNode* besides = value.find("besides")) {
    unpivot.besides = HOMEROOM_TRY(texts_of(file, *besides, "besides"));
  }
  if (unpivot.dimensions.empty() || unpivot.measures.empty()) {
    return tl::unexpected(
        yaml_error(file, value.line, "homeroom.unpivot needs dimensions and measures", ""));
  }
  contract.unpivot = std::move(unpivot);
  return {};
}

// By the id that they have in the files before.
Status take_checks(std::string_view file, const YamlNode& value, std::string_view name,
                   Contract& contract) {
  for (const std::string& id : HOMEROOM_TRY(texts_of(file, value, name))) {
    std::vector<std::string> known;
    for (const Quality& quality : contract.quality) {
      if (!quality.id.empty()) known.push_back(quality.id);
    }
    if (std::erase_if(contract.quality, [&](const auto& quality) { return quality.id == id; }) ==
        0) {
      return tl::unexpected(unknown_word(file, value.line, "check", id, known));
    }
  }
  return {};
}

constexpr Property kProperties[] = {
    {"homeroom.withoutChecks", take_checks},
    {"homeroom.files", apply_named_files},
    {"homeroom.nameHints", set_texts<&Contract::name_hints>},
    {"homeroom.anyOf", set_texts<&Contract::any_of>},
    {"homeroom.schoolYearFrom", set_texts<&Contract::school_year_from>},
    {"homeroom.scope", set_texts<&Contract::scope>},
    {"homeroom.carries", set_texts<&Contract::carries>},
    {"homeroom.excludes", set_texts<&Contract::excludes>},
    {"homeroom.matchNeeds", set_groups},
    {"homeroom.minKnownPercent", set_percent<&Contract::min_known_fraction>},
    {"homeroom.maxBadPercent", set_percent<&Contract::max_bad_fraction>},
    {"homeroom.writeMode", set_write_mode},
    {"homeroom.minSnapshotPercent", set_percent<&Contract::min_snapshot_fraction>},
    {"homeroom.truePeriod", set_true_period},
    {"homeroom.extraColumns", set_extra_columns},
    {"homeroom.unpivot", set_unpivot},
    {"homeroom.loadChecks", apply_load_checks},
};

Status set_property(std::string_view file, const YamlNode& property, const YamlNode& value,
                    Contract& contract) {
  std::vector<std::string> known;
  for (const Property& candidate : kProperties) {
    if (candidate.name == property.text) {
      return candidate.set(file, value, property.text, contract);
    }
    known.emplace_back(candidate.name);
  }
  return tl::unexpected(
      unknown_word(file, property.line, "property of a data set", property.text, known));
}

// ODCS words that Homeroom leaves to other tools are allowed and passed over.
const std::vector<std::string>& document_keys() {
  static const std::vector<std::string> kKeys = {"apiVersion",
                                                 "kind",
                                                 "id",
                                                 "name",
                                                 "version",
                                                 "status",
                                                 "domain",
                                                 "description",
                                                 "schema",
                                                 "tags",
                                                 "customProperties",
                                                 "servers",
                                                 "team",
                                                 "roles",
                                                 "slaProperties",
                                                 "slaDefaultElement",
                                                 "support",
                                                 "price",
                                                 "authoritativeDefinitions",
                                                 "tenant",
                                                 "dataProduct",
                                                 "contractCreatedTs"};
  return kKeys;
}

const std::vector<std::string>& schema_keys() {
  static const std::vector<std::string> kKeys = {"name",
                                                 "physicalName",
                                                 "physicalType",
                                                 "logicalType",
                                                 "businessName",
                                                 "id",
                                                 "description",
                                                 "tags",
                                                 "properties",
                                                 "quality",
                                                 "relationships",
                                                 "dataGranularityDescription",
                                                 "customProperties",
                                                 "authoritativeDefinitions"};
  return kKeys;
}

Result<const YamlNode*> schema_of(std::string_view file, const YamlNode& root) {
  const YamlNode* schema = root.find("schema");
  if (schema == nullptr || !schema->is_list() || schema->items.size() != 1 ||
      !schema->items[0].is_map()) {
    return tl::unexpected(yaml_error(file, schema == nullptr ? root.line : schema->line,
                                     "a contract has one data set under `schema`",
                                     "Write schema: and one entry, - name: ... with properties"));
  }
  return &schema->items[0];
}

// Sets `out` from a scalar under `key` when the map has one.
Status set_text(std::string_view file, const YamlNode& map, std::string_view key,
                std::string& out) {
  if (const YamlNode* node = map.find(key)) out = HOMEROOM_TRY(text_of(file, *node, key));
  return {};
}

Status set_version(std::string_view file, const YamlNode& root, Contract& contract) {
  std::string version;
  HOMEROOM_TRY(set_text(file, root, "version", version));
  if (version.empty()) {
    return tl::unexpected(
        yaml_error(file, root.line, "the contract has no version", "Write version: 1.0.0"));
  }
  contract.version = contract.version.empty() ? version : contract.version + "+" + version;
  return {};
}

}  // namespace

Result<std::string> contract_name(std::string_view file, const YamlNode& root) {
  const YamlNode* kind = root.find("kind");
  const YamlNode* api = root.find("apiVersion");
  if (kind == nullptr || kind->text != "DataContract" || api == nullptr) {
    return tl::unexpected(yaml_error(file, root.line, "this is not a data contract",
                                     "Begin with apiVersion: v3.1.0 and kind: DataContract"));
  }
  if (!api->text.starts_with("v3.")) {
    return tl::unexpected(yaml_error(file, api->line,
                                     "only contracts of the standard's version 3 are read",
                                     "Write apiVersion: v3.1.0"));
  }
  const YamlNode* schema = HOMEROOM_TRY(schema_of(file, root));
  std::string name;
  HOMEROOM_TRY(set_text(file, *schema, "name", name));
  if (name.empty() || name.size() > 59 || fold_name(name) != name || name.starts_with('_')) {
    return tl::unexpected(yaml_error(file, schema->line, "a data set has no usable name",
                                     "Write a name of small letters, digits and underscores"));
  }
  return name;
}

void apply_contract_file(std::string_view file, const YamlNode& root, Contract& contract,
                         Problems& problems) {
  note_keys(file, root, "key of a contract", document_keys(), problems);
  const auto found = problems.take(schema_of(file, root));
  if (!found) return;
  const YamlNode& schema = **found;
  note_keys(file, schema, "key of a data set", schema_keys(), problems);
  problems.note(set_version(file, root, contract));
  problems.note(set_text(file, schema, "businessName", contract.title));
  problems.note(set_text(file, schema, "description", contract.description));
  problems.note(set_text(file, schema, "dataGranularityDescription", contract.grain));
  if (const YamlNode* list = schema.find("customProperties")) {
    each_custom_property(file, *list, problems,
                         [&](const YamlNode& property, const YamlNode& value) {
                           return set_property(file, property, value, contract);
                         });
  }
  if (const YamlNode* properties = schema.find("properties")) {
    apply_columns(file, *properties, contract, problems);
  }
  if (const YamlNode* quality = schema.find("quality")) {
    apply_quality(file, *quality, {}, contract.quality, problems);
  }
  if (const YamlNode* list = root.find("slaProperties")) {
    apply_sla(file, *list, contract, problems);
  }
  if (const YamlNode* list = schema.find("relationships")) {
    apply_references(file, *list, "", contract, problems);
  }
  contract.file = file;
}

Result<std::pair<const YamlNode*, const YamlNode*>> custom_property(std::string_view file,
                                                                    const YamlNode& item) {
  HOMEROOM_TRY(check_keys(file, item, "key", {"property", "value", "description", "id"}));
  const YamlNode* property = item.find("property");
  const YamlNode* value = item.find("value");
  if (property == nullptr || value == nullptr || !property->is_scalar()) {
    return tl::unexpected(
        yaml_error(file, item.line, "a custom property needs `property` and `value`", ""));
  }
  return std::pair(property, value);
}

Result<std::string> text_of(std::string_view file, const YamlNode& node, std::string_view what) {
  if (node.is_scalar()) return node.text;
  return tl::unexpected(
      yaml_error(file, node.line, fmt::format("{} is not a plain value", what), ""));
}

Result<std::vector<std::string>> texts_of(std::string_view file, const YamlNode& node,
                                          std::string_view what) {
  if (node.is_scalar()) return std::vector<std::string>{node.text};
  if (!node.is_list()) {
    return tl::unexpected(
        yaml_error(file, node.line, fmt::format("{} is not a list", what), "Write [one, two]"));
  }
  std::vector<std::string> texts;
  for (const YamlNode& item : node.items) {
    texts.push_back(HOMEROOM_TRY(text_of(file, item, what)));
  }
  return texts;
}

Result<bool> bool_of(std::string_view file, const YamlNode& node, std::string_view what) {
  if (node.is_scalar() && node.text == "true") return true;
  if (node.is_scalar() && node.text == "false") return false;
  return tl::unexpected(
      yaml_error(file, node.line, fmt::format("{} is neither true nor false", what), ""));
}

Result<double> number_of(std::string_view file, const YamlNode& node, std::string_view what) {
  double number = 0;
  const char* end = node.text.data() + node.text.size();
  const auto read = std::from_chars(node.text.data(), end, number, std::chars_format::fixed);
  const bool is_read = node.is_scalar() && read.ec == std::errc() && read.ptr == end;
  if (is_read && std::isfinite(number)) return number;
  return tl::unexpected(yaml_error(file, node.line, fmt::format("{} is not a number", what), ""));
}

Error unknown_word(std::string_view file, std::size_t line, std::string_view what,
                   std::string_view word, const std::vector<std::string>& known) {
  const std::string_view near = nearest(word, known);
  std::string hint = near.empty() ? fmt::format("Known are {}", join(known, ", "))
                                  : fmt::format("Did you mean {}?", near);
  return yaml_error(file, line, fmt::format("unknown {} {}", what, word), std::move(hint));
}

Status check_keys(std::string_view file, const YamlNode& map, std::string_view what,
                  const std::vector<std::string>& known) {
  Problems problems;
  note_keys(file, map, what, known, problems);
  if (problems.size() > 0) return tl::unexpected(problems.all().front().error);
  return {};
}

void note_keys(std::string_view file, const YamlNode& map, std::string_view what,
               const std::vector<std::string>& known, Problems& problems) {
  if (!map.is_map()) {
    problems.note(
        yaml_error(file, map.line, "keys and values were expected here", "Write key: value"));
  }
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    if (std::ranges::find(known, map.keys[i]) != known.end()) continue;
    problems.note(unknown_word(file, map.items[i].key_line, what, map.keys[i], known));
  }
}

}  // namespace homeroom::contract
