#include "contract/enumeration_file.h"

#include <algorithm>
#include <optional>
#include <unordered_map>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/contract_file.h"

namespace homeroom::contract {
namespace {

bool is_blank(char c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

// What a file says of one code.
struct StatedValue : EnumerationValue {
  std::vector<std::string> not_spellings;
  bool is_removed = false;
};

Result<StatedValue> read_value(std::string_view file, const YamlNode& node) {
  HOMEROOM_TRY(check_keys(file, node, "key of a code",
                          {"code", "label", "spellings", "notSpellings", "removed"}));
  StatedValue value;
  if (const YamlNode* code = node.find("code")) {
    value.code = HOMEROOM_TRY(text_of(file, *code, "code"));
  }
  if (value.code.empty()) {
    return tl::unexpected(yaml_error(file, node.line, "a value has no code",
                                     "Write - {code: ..., label: ..., spellings: [...]}"));
  }
  if (const YamlNode* label = node.find("label")) {
    value.label = HOMEROOM_TRY(text_of(file, *label, "label"));
  }
  if (const YamlNode* spellings = node.find("spellings")) {
    value.spellings = HOMEROOM_TRY(texts_of(file, *spellings, "spellings"));
  }
  if (const YamlNode* spellings = node.find("notSpellings")) {
    value.not_spellings = HOMEROOM_TRY(texts_of(file, *spellings, "notSpellings"));
  }
  if (const YamlNode* removed = node.find("removed")) {
    value.is_removed = HOMEROOM_TRY(bool_of(file, *removed, "removed"));
  }
  return value;
}

std::string folded(std::string_view text) {
  std::string out;
  fold_spelling(text, out);
  return out;
}

// Takes the spellings of `stated` from every other value.
void take_spellings(Enumeration& enumeration, const EnumerationValue& stated) {
  std::unordered_set<std::string> taken;
  for (const std::string& spelling : stated.spellings) taken.insert(folded(spelling));
  for (EnumerationValue& value : enumeration.values) {
    if (value.code == stated.code) continue;
    std::erase_if(value.spellings,
                  [&](const std::string& spelling) { return taken.contains(folded(spelling)); });
  }
}

void take_spellings_of(const std::vector<std::string>& taken, EnumerationValue& value) {
  for (const std::string& spelling : taken) {
    std::erase_if(value.spellings,
                  [&](const std::string& known) { return folded(known) == folded(spelling); });
  }
}

void merge_value(Enumeration& enumeration, StatedValue stated) {
  const auto known = std::ranges::find(enumeration.values, stated.code, &EnumerationValue::code);
  if (stated.is_removed) {
    if (known != enumeration.values.end()) enumeration.values.erase(known);
    return;
  }
  if (known == enumeration.values.end()) {
    enumeration.values.push_back(std::move(stated));
    return;
  }
  if (!stated.label.empty()) known->label = std::move(stated.label);
  take_spellings_of(stated.not_spellings, *known);
  known->spellings.insert(known->spellings.end(), stated.spellings.begin(), stated.spellings.end());
}

// `replace: true`: the file's list stands alone.
Result<bool> replaces(std::string_view file, const YamlNode& node) {
  const YamlNode* replace = node.find("replace");
  return replace != nullptr && HOMEROOM_TRY(bool_of(file, *replace, "replace"));
}

void apply_enumeration(std::string_view file, const YamlNode& node, bool is_new,
                       Enumeration& enumeration, Problems& problems) {
  note_keys(file, node, "key of an enumeration", {"description", "values", "replace"}, problems);
  const YamlNode* values = node.find("values");
  if (values == nullptr || !values->is_list()) {
    problems.note(yaml_error(file, node.line, "an enumeration has no list of values",
                             "Write values: and - {code: ..., spellings: [...]}"));
    return;
  }
  if (problems.take(replaces(file, node)).value_or(false)) enumeration.values.clear();
  for (const YamlNode& item : values->items) {
    std::optional<StatedValue> value = problems.take(read_value(file, item));
    if (!value) continue;
    if (!is_new) take_spellings(enumeration, *value);
    merge_value(enumeration, std::move(*value));
  }
}

}  // namespace

void fold_spelling(std::string_view text, std::string& out) {
  out.clear();
  for (const char c : trim(text)) {
    if (!is_blank(c)) {
      out.push_back(c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c);
    } else if (out.back() != ' ') {
      out.push_back(' ');
    }
  }
}

void apply_enumeration_file(std::string_view file, const YamlNode& root, Enumerations& enumerations,
                            Problems& problems) {
  if (!root.is_map()) {
    problems.note(yaml_error(file, root.line, "this is not a list of enumerations",
                             "Write name: and values: below it"));
    return;
  }
  for (std::size_t i = 0; i < root.keys.size(); ++i) {
    auto& enumeration = enumerations[root.keys[i]];
    const bool is_new = enumeration == nullptr;
    if (is_new) {
      enumeration = std::make_unique<Enumeration>();
      enumeration->name = root.keys[i];
    }
    apply_enumeration(file, root.items[i], is_new, *enumeration, problems);
  }
}

void index_spellings(Enumeration& enumeration) {
  auto& index = enumeration.by_spelling;
  index.clear();
  std::unordered_set<std::string> contested;
  for (std::uint32_t i = 0; i < enumeration.values.size(); ++i) {
    const EnumerationValue& value = enumeration.values[i];
    std::vector<std::string> all = value.spellings;
    all.push_back(value.label);
    for (const std::string& spelling : all) {
      std::string key = folded(spelling);
      if (key.empty()) continue;
      const auto [entry, is_new] = index.try_emplace(std::move(key), i);
      if (!is_new && entry->second != i) contested.insert(entry->first);
    }
  }
  for (const std::string& spelling : contested) index.erase(spelling);
  for (std::uint32_t i = 0; i < enumeration.values.size(); ++i) {
    index[folded(enumeration.values[i].code)] = i;
  }
}

}  // namespace homeroom::contract
