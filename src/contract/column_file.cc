// Columns of a contract: `properties` of the schema.

#include <algorithm>
#include <optional>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/date.h"
#include "base/text.h"
#include "contract/contract_file.h"
#include "contract/part.h"
#include "contract/quality/quality_file.h"
#include "contract/reference_file.h"

namespace homeroom::contract {
namespace {

struct KindName {
  Kind kind;
  std::string_view name;     ///< in homeroom.kind
  std::string_view logical;  ///< ODCS logicalType
  SqlType type;
};

constexpr KindName kKinds[] = {
    {Kind::kText, "text", "string", SqlType::kText},
    {Kind::kIdentifier, "identifier", "string", SqlType::kText},
    {Kind::kInteger, "integer", "integer", SqlType::kBigint},
    {Kind::kDecimal, "decimal", "number", SqlType::kNumeric},
    {Kind::kPercent, "percent", "number", SqlType::kNumeric},
    {Kind::kDate, "date", "date", SqlType::kDate},
    {Kind::kTime, "time", "time", SqlType::kText},
    {Kind::kTimestamp, "timestamp", "timestamp", SqlType::kTimestamptz},
    {Kind::kBoolean, "boolean", "boolean", SqlType::kBoolean},
    {Kind::kSchoolYear, "school_year", "integer", SqlType::kBigint},
    {Kind::kEnumeration, "enumeration", "string", SqlType::kText},
    {Kind::kMark, "mark", "string", SqlType::kText},
    {Kind::kPersonName, "person_name", "string", SqlType::kText},
    {Kind::kEmail, "email", "string", SqlType::kText},
    {Kind::kPhone, "phone", "string", SqlType::kText},
    {Kind::kPostcode, "postcode", "string", SqlType::kText},
};

const KindName& info_of(Kind kind) {
  return kKinds[static_cast<std::size_t>(kind)];
}

// What is gathered of one column before it is put into the contract.
struct Draft {
  std::string_view file;
  Column column;
  bool kind_is_stated = false;
  Problems* problems = nullptr;
};

using Set = Status (*)(const YamlNode& value, std::string_view name, Draft& draft);

struct Property {
  std::string_view name;
  Set set;
};

Status set_kind(const YamlNode& value, std::string_view name, Draft& draft) {
  const std::string word = HOMEROOM_TRY(text_of(draft.file, value, name));
  const std::optional<Kind> kind = find_kind(word);
  if (!kind) {
    std::vector<std::string> known;
    for (const KindName& candidate : kKinds) known.emplace_back(candidate.name);
    return tl::unexpected(unknown_word(draft.file, value.line, "kind", word, known));
  }
  draft.column.kind = *kind;
  draft.kind_is_stated = true;
  const bool may_have_list = *kind == Kind::kEnumeration || *kind == Kind::kText;
  if (!may_have_list) draft.column.list_name.clear();
  return {};
}

Status set_enumeration(const YamlNode& value, std::string_view name, Draft& draft) {
  draft.column.list_name = HOMEROOM_TRY(text_of(draft.file, value, name));
  draft.column.list_line = value.line;
  if (draft.kind_is_stated && draft.column.kind == Kind::kText) return {};  // an open list
  draft.column.kind = Kind::kEnumeration;
  draft.kind_is_stated = true;
  return {};
}

// Puts `added` before those there are: a district's own words are the surest.
void put_first(std::vector<std::string> added, std::vector<std::string>& all) {
  for (const std::string& known : all) {
    if (std::ranges::find(added, known) == added.end()) added.push_back(known);
  }
  all = std::move(added);
}

template <auto Member>
Status add_texts(const YamlNode& value, std::string_view name, Draft& draft) {
  put_first(HOMEROOM_TRY(texts_of(draft.file, value, name)), draft.column.*Member);
  return {};
}

template <auto Member>
Status set_texts(const YamlNode& value, std::string_view name, Draft& draft) {
  draft.column.*Member = HOMEROOM_TRY(texts_of(draft.file, value, name));
  return {};
}

template <auto Member>
Status set_text(const YamlNode& value, std::string_view name, Draft& draft) {
  draft.column.*Member = HOMEROOM_TRY(text_of(draft.file, value, name));
  return {};
}

template <auto Member>
Status set_bool(const YamlNode& value, std::string_view name, Draft& draft) {
  draft.column.*Member = HOMEROOM_TRY(bool_of(draft.file, value, name));
  return {};
}

Status set_school_year_is(const YamlNode& value, std::string_view name, Draft& draft) {
  const std::string word = HOMEROOM_TRY(text_of(draft.file, value, name));
  if (word != "start" && word != "end") {
    return tl::unexpected(
        unknown_word(draft.file, value.line, "end of a school year", word, {"start", "end"}));
  }
  draft.column.school_year_is_start = word == "start";
  return {};
}

Status take_synonyms(const YamlNode& value, std::string_view name, Draft& draft) {
  for (const std::string& header : HOMEROOM_TRY(texts_of(draft.file, value, name))) {
    std::erase(draft.column.synonyms, header);
    std::erase(draft.column.weak_synonyms, header);
    draft.column.not_synonyms.push_back(header);
  }
  return {};
}

// A part of a column that a district may take out.
struct ClearedPart {
  std::string_view name;
  void (*clear)(Column& column);
};

constexpr ClearedPart kParts[] = {
    {"minimum", [](Column& column) { column.minimum.reset(); }},
    {"maximum", [](Column& column) { column.maximum.reset(); }},
    {"exclusiveMinimum", [](Column& column) { column.above.reset(); }},
    {"exclusiveMaximum", [](Column& column) { column.below.reset(); }},
    {"multipleOf", [](Column& column) { column.multiple_of.reset(); }},
    {"format", [](Column& column) { column.format.clear(); }},
    {"units", [](Column& column) { column.units.clear(); }},
    {"pattern", [](Column& column) { column.pattern.reset(); }},
    {"minLength", [](Column& column) { column.min_length.reset(); }},
    {"maxLength", [](Column& column) { column.max_length.reset(); }},
    {"enumeration",
     [](Column& column) {
       column.list_name.clear();
       if (column.kind == Kind::kEnumeration) column.kind = Kind::kText;
     }},
    {"default", [](Column& column) { column.default_value.reset(); }},
    {"defaultFrom", [](Column& column) { column.default_from.clear(); }},
    {"madeFrom", [](Column& column) { column.made_from.clear(); }},
    {"partOf", [](Column& column) { column.part_of.clear(); }},
    {"clean", [](Column& column) { column.clean.clear(); }},
    {"why", [](Column& column) { column.why.clear(); }},
    {"synonyms", [](Column& column) { column.synonyms.clear(); }},
    {"synonymsFrom", [](Column& column) { column.synonyms_from.clear(); }},
    {"weakSynonyms", [](Column& column) { column.weak_synonyms.clear(); }},
};

Status take_parts(const YamlNode& value, std::string_view name, Draft& draft) {
  for (const std::string& word : HOMEROOM_TRY(texts_of(draft.file, value, name))) {
    const auto* const part = std::ranges::find(kParts, word, &ClearedPart::name);
    if (part != std::end(kParts)) {
      part->clear(draft.column);
      continue;
    }
    std::vector<std::string> known;
    for (const ClearedPart& candidate : kParts) known.emplace_back(candidate.name);
    return tl::unexpected(unknown_word(draft.file, value.line, "part of a column", word, known));
  }
  return {};
}

Status set_part_of(const YamlNode& value, std::string_view name, Draft& draft) {
  std::vector<std::string> words = HOMEROOM_TRY(texts_of(draft.file, value, name));
  if (words.size() != 2) {
    return tl::unexpected(yaml_error(draft.file, value.line,
                                     fmt::format("{} is not a column and a part", name),
                                     "Write [full_name, first]"));
  }
  if (!find_part(words[1])) {
    return tl::unexpected(unknown_word(draft.file, value.line, "part of a value", words[1],
                                       {kPartNames.begin(), kPartNames.end()}));
  }
  draft.column.part_of = std::move(words);
  return {};
}

// In the order in which they are applied: what is taken out makes room for what is stated.
constexpr Property kProperties[] = {
    {"homeroom.without", take_parts},
    {"homeroom.notSynonyms", take_synonyms},
    {"homeroom.removed", set_bool<&Column::is_removed>},
    {"homeroom.kind", set_kind},
    {"homeroom.enumeration", set_enumeration},
    {"homeroom.synonyms", add_texts<&Column::synonyms>},
    {"homeroom.synonymsFrom", set_text<&Column::synonyms_from>},
    {"homeroom.weakSynonyms", add_texts<&Column::weak_synonyms>},
    {"homeroom.clean", set_texts<&Column::clean>},
    {"homeroom.suppressible", set_bool<&Column::is_suppressible>},
    {"homeroom.schoolYearIs", set_school_year_is},
    {"homeroom.units", set_texts<&Column::units>},
    {"homeroom.why", set_text<&Column::why>},
    {"homeroom.default", set_text<&Column::default_value>},
    {"homeroom.defaultFrom", set_texts<&Column::default_from>},
    {"homeroom.madeFrom", set_texts<&Column::made_from>},
    {"homeroom.partOf", set_part_of},
};

void set_properties(const YamlNode& list, Draft& draft) {
  std::vector<std::pair<const YamlNode*, const YamlNode*>> stated;
  each_custom_property(draft.file, list, *draft.problems,
                       [&](const YamlNode& property, const YamlNode& value) -> Status {
                         stated.emplace_back(&property, &value);
                         return {};
                       });
  std::vector<std::string> known;
  for (const Property& candidate : kProperties) {
    known.emplace_back(candidate.name);
    for (const auto& [property, value] : stated) {
      if (property->text != candidate.name) continue;
      draft.problems->note(candidate.set(*value, candidate.name, draft));
    }
  }
  for (const auto& [property, value] : stated) {
    if (std::ranges::find(known, property->text) != known.end()) continue;
    draft.problems->note(
        unknown_word(draft.file, property->line, "property of a column", property->text, known));
  }
}

const std::vector<std::string>& column_keys() {
  static const std::vector<std::string> kKeys = {"name",           "id",
                                                 "description",    "businessName",
                                                 "logicalType",    "physicalType",
                                                 "physicalName",   "logicalTypeOptions",
                                                 "required",       "unique",
                                                 "primaryKey",     "primaryKeyPosition",
                                                 "classification", "examples",
                                                 "tags",           "customProperties",
                                                 "partitioned",    "partitionKeyPosition",
                                                 "relationships",  "criticalDataElement",
                                                 "encryptedName",  "transformSourceObjects",
                                                 "transformLogic", "transformDescription",
                                                 "quality",        "authoritativeDefinitions"};
  return kKeys;
}

Status set_logical_type(const YamlNode& value, Draft& draft) {
  const std::string logical = HOMEROOM_TRY(text_of(draft.file, value, "logicalType"));
  if (draft.kind_is_stated || draft.column.line != 0) {
    const std::string_view expected = info_of(draft.column.kind).logical;
    if (logical == expected) return {};
    if (draft.kind_is_stated) {
      return tl::unexpected(
          yaml_error(draft.file, value.line,
                     fmt::format("a column of kind {} has logicalType {}, not {}",
                                 info_of(draft.column.kind).name, expected, logical),
                     fmt::format("Write logicalType: {}, or another homeroom.kind", expected)));
    }
  }
  std::vector<std::string> known;
  for (const KindName& candidate : kKinds) {
    if (candidate.logical == logical) {
      draft.column.kind = candidate.kind;
      draft.column.list_name.clear();
      return {};
    }
    known.emplace_back(candidate.logical);
  }
  return tl::unexpected(unknown_word(draft.file, value.line, "logicalType", logical, known));
}

Result<std::size_t> length_of(const YamlNode& value, std::string_view name, const Draft& draft) {
  const double number = HOMEROOM_TRY(number_of(draft.file, value, name));
  if (number < 0 || number > 1e9) {
    return tl::unexpected(
        yaml_error(draft.file, value.line, fmt::format("{} is not a length", name), ""));
  }
  return static_cast<std::size_t>(number);
}

bool has_days(Kind kind) {
  return kind == Kind::kDate || kind == Kind::kTimestamp;
}

// A bound is a number, or a day for dates and timestamps.
Result<std::string> bound_of(const YamlNode& value, std::string_view name, const Draft& draft) {
  std::string bound = HOMEROOM_TRY(text_of(draft.file, value, name));
  if (!has_days(draft.column.kind)) {
    HOMEROOM_TRY(number_of(draft.file, value, name));
  } else if (!parse_iso_date(bound)) {
    return tl::unexpected(yaml_error(draft.file, value.line, fmt::format("{} is not a day", name),
                                     "Write 2000-01-31"));
  }
  return bound;
}

// What a value must be a multiple of.
Result<std::string> step_of(const YamlNode& value, std::string_view name, const Draft& draft) {
  if (HOMEROOM_TRY(number_of(draft.file, value, name)) > 0) return value.text;
  return tl::unexpected(yaml_error(draft.file, value.line,
                                   fmt::format("{} is not above zero", name), "Write 0.5, or 5"));
}

Status set_option(const std::string& name, const YamlNode& value, Draft& draft) {
  Column& column = draft.column;
  if (name == "minimum") column.minimum = HOMEROOM_TRY(bound_of(value, name, draft));
  if (name == "maximum") column.maximum = HOMEROOM_TRY(bound_of(value, name, draft));
  if (name == "exclusiveMinimum") column.above = HOMEROOM_TRY(bound_of(value, name, draft));
  if (name == "exclusiveMaximum") column.below = HOMEROOM_TRY(bound_of(value, name, draft));
  if (name == "multipleOf") column.multiple_of = HOMEROOM_TRY(step_of(value, name, draft));
  if (name == "pattern") column.pattern = HOMEROOM_TRY(text_of(draft.file, value, name));
  if (name == "format") column.format = HOMEROOM_TRY(text_of(draft.file, value, name));
  if (name == "minLength") column.min_length = HOMEROOM_TRY(length_of(value, name, draft));
  if (name == "maxLength") column.max_length = HOMEROOM_TRY(length_of(value, name, draft));
  return {};
}

void set_options(const YamlNode& options, Draft& draft) {
  note_keys(draft.file, options, "option of a type",
            {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "pattern",
             "minLength", "maxLength", "format", "timezone", "defaultTimezone"},
            *draft.problems);
  for (std::size_t i = 0; i < options.keys.size(); ++i) {
    draft.problems->note(set_option(options.keys[i], options.items[i], draft));
  }
}

Status set_plain_key(const std::string& key, const YamlNode& value, Draft& draft) {
  Column& column = draft.column;
  if (key == "description") column.description = HOMEROOM_TRY(text_of(draft.file, value, key));
  if (key == "classification") {
    column.classification = HOMEROOM_TRY(text_of(draft.file, value, key));
  }
  if (key == "required") column.is_required = HOMEROOM_TRY(bool_of(draft.file, value, key));
  if (key == "unique") column.is_unique = HOMEROOM_TRY(bool_of(draft.file, value, key));
  if (key == "partitioned") column.is_partitioned = HOMEROOM_TRY(bool_of(draft.file, value, key));
  return {};
}

// Bounds that are days say nothing of numbers, nor numbers of days.
void drop_bounds_of_other_kind(Kind before, Column& column) {
  if (has_days(before) == has_days(column.kind)) return;
  for (auto* bound : {&column.minimum, &column.maximum, &column.above, &column.below}) {
    bound->reset();
  }
}

// The type comes before its options: a bound of a date is a day.
void set_plain_keys(const YamlNode& map, Kind before, Draft& draft) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    draft.problems->note(set_plain_key(map.keys[i], map.items[i], draft));
  }
  if (const YamlNode* node = map.find("logicalType")) {
    draft.problems->note(set_logical_type(*node, draft));
  }
  drop_bounds_of_other_kind(before, draft.column);
  if (const YamlNode* node = map.find("logicalTypeOptions")) set_options(*node, draft);
}

// Position in the key, from 1; 0: not of the key.
Result<std::size_t> key_position(std::string_view file, const YamlNode& map) {
  const YamlNode* is_key = map.find("primaryKey");
  if (is_key == nullptr || !HOMEROOM_TRY(bool_of(file, *is_key, "primaryKey"))) {
    return std::size_t{0};
  }
  const YamlNode* position = map.find("primaryKeyPosition");
  if (position == nullptr) return std::size_t{1};
  const double number = HOMEROOM_TRY(number_of(file, *position, "primaryKeyPosition"));
  if (number < 1 || number > 32) {
    return tl::unexpected(yaml_error(file, position->line, "primaryKeyPosition is not from 1 to 32",
                                     "PostgreSQL's keys have at most 32 columns"));
  }
  return static_cast<std::size_t>(number);
}

Result<std::string> column_name(std::string_view file, const YamlNode& map) {
  const YamlNode* name = map.find("name");
  if (name == nullptr || !name->is_scalar() || fold_name(name->text) != name->text ||
      name->text.empty() || name->text.size() > 51 || name->text.starts_with('_')) {
    return tl::unexpected(
        yaml_error(file, name == nullptr ? map.line : name->line, "a column has no usable name",
                   "Write a name of small letters, digits and underscores, at most 51 long"));
  }
  return name->text;
}

// Nothing for a column without a usable name.
std::optional<Column> read_column(std::string_view file, const YamlNode& map,
                                  const Contract& contract, Problems& problems) {
  note_keys(file, map, "key of a column", column_keys(), problems);
  const auto name = problems.take(column_name(file, map));
  if (!name) return std::nullopt;
  Draft draft{.file = file, .column = {}, .problems = &problems};
  const int known = contract.find(*name);
  if (known >= 0) draft.column = contract.columns[static_cast<std::size_t>(known)];
  draft.column.name = *name;
  const Kind before = draft.column.kind;
  if (const YamlNode* list = map.find("customProperties")) set_properties(*list, draft);
  set_plain_keys(map, before, draft);
  draft.column.file = file;
  draft.column.line = map.line;
  return std::move(draft.column);
}

}  // namespace

std::string_view to_string(Kind kind) {
  return info_of(kind).name;
}

SqlType sql_type_of(Kind kind) {
  return info_of(kind).type;
}

std::string_view logical_type_of(Kind kind) {
  return info_of(kind).logical;
}

std::optional<Kind> find_kind(std::string_view name) {
  const auto* const found = std::ranges::find(kKinds, name, &KindName::name);
  if (found == std::end(kKinds)) return std::nullopt;
  return found->kind;
}

void apply_columns(std::string_view file, const YamlNode& properties, Contract& contract,
                   Problems& problems) {
  if (!properties.is_list()) {
    problems.note(yaml_error(file, properties.line, "properties is not a list",
                             "Write properties: and - name: ... for each column"));
    return;
  }
  std::vector<std::pair<std::size_t, std::string>> key;
  std::unordered_set<std::string> seen;
  for (const YamlNode& map : properties.items) {
    std::optional<Column> column = read_column(file, map, contract, problems);
    if (!column) continue;
    if (!seen.insert(column->name).second) {
      problems.note(yaml_error(file, map.line, fmt::format("column {} stands twice", column->name),
                               "Write what is said of it in one place"));
    }
    if (const YamlNode* quality = map.find("quality")) {
      apply_quality(file, *quality, column->name, contract.quality, problems);
    }
    const auto position = problems.take(key_position(file, map));
    if (position && *position != 0) key.emplace_back(*position, column->name);
    const bool leaves_key = position && *position == 0 && map.find("primaryKey") != nullptr;
    if (leaves_key) std::erase(contract.key, column->name);
    if (const YamlNode* list = map.find("relationships")) {
      apply_references(file, *list, column->name, contract, problems);
    }
    const int known = contract.find(column->name);
    if (known >= 0) {
      contract.columns[static_cast<std::size_t>(known)] = std::move(*column);
    } else {
      contract.columns.push_back(std::move(*column));
    }
  }
  if (key.empty()) return;
  std::ranges::sort(key, {}, [&](const auto& entry) {
    return std::pair(entry.first, contract.find(entry.second));
  });
  contract.key.clear();  // a file that states a key states all of it
  for (auto& [position, name] : key) contract.key.push_back(std::move(name));
}

}  // namespace homeroom::contract
