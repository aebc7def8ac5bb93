#include "contract/quality/quality_file.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"
#include "contract/contract_file.h"

namespace homeroom::contract {
namespace {

using Operator = Bound::Operator;

struct OperatorName {
  std::string_view name;
  Operator op;
};

constexpr std::array<OperatorName, 8> kOperators = {{
    {"mustBe", Operator::kBe},
    {"mustNotBe", Operator::kNotBe},
    {"mustBeGreaterThan", Operator::kGreaterThan},
    {"mustBeGreaterOrEqualTo", Operator::kGreaterOrEqual},
    {"mustBeLessThan", Operator::kLessThan},
    {"mustBeLessOrEqualTo", Operator::kLessOrEqual},
    {"mustBeBetween", Operator::kBetween},
    {"mustNotBeBetween", Operator::kNotBetween},
}};

constexpr std::array<std::string_view, 5> kMetrics = {
    "nullValues", "missingValues", "invalidValues", "duplicateValues", "rowCount"};

const std::vector<std::string>& quality_keys() {
  static const std::vector<std::string> kKeys = [] {
    std::vector<std::string> keys = {"id",
                                     "name",
                                     "type",
                                     "metric",
                                     "rule",
                                     "arguments",
                                     "severity",
                                     "unit",
                                     "dimension",
                                     "description",
                                     "engine",
                                     "query",
                                     "implementation",
                                     "method",
                                     "scheduler",
                                     "schedule",
                                     "tags",
                                     "businessImpact",
                                     "authoritativeDefinitions",
                                     "customProperties"};
    for (const OperatorName& known : kOperators) keys.emplace_back(known.name);
    return keys;
  }();
  return kKeys;
}

const OperatorName* find_operator(std::string_view key) {
  const auto found = std::ranges::find(kOperators, key, &OperatorName::name);
  return found == kOperators.end() ? nullptr : &*found;
}

bool is_pair(Operator op) {
  return op == Operator::kBetween || op == Operator::kNotBetween;
}

Status set_limits(std::string_view file, const YamlNode& value, std::string_view key,
                  Bound& bound) {
  if (!is_pair(bound.op)) {
    HOMEROOM_TRY(number_of(file, value, key));
    bound.low = value.text;
    return {};
  }
  if (!value.is_list() || value.items.size() != 2) {
    return tl::unexpected(yaml_error(
        file, value.line, fmt::format("{} is not a list of two numbers", key), "Write [10, 20]"));
  }
  const double low = HOMEROOM_TRY(number_of(file, value.items[0], key));
  const double high = HOMEROOM_TRY(number_of(file, value.items[1], key));
  if (low > high) {
    return tl::unexpected(yaml_error(file, value.line,
                                     fmt::format("{} has its larger number first", key),
                                     "Write the smaller number first"));
  }
  bound.low = value.items[0].text;
  bound.high = value.items[1].text;
  return {};
}

// mustBe... of a map, with its unit.
Status set_bound(std::string_view file, const YamlNode& map, Quality& quality) {
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    const OperatorName* known = find_operator(map.keys[i]);
    if (known == nullptr) continue;
    if (quality.bound) {
      return tl::unexpected(yaml_error(file, map.items[i].line, "a check has one mustBe...",
                                       "Write mustBeBetween, or two checks"));
    }
    quality.bound.emplace().op = known->op;
    HOMEROOM_TRY(set_limits(file, map.items[i], map.keys[i], *quality.bound));
  }
  const YamlNode* unit = map.find("unit");
  if (unit == nullptr) return {};
  if (unit->text != "rows" && unit->text != "percent") {
    return tl::unexpected(unknown_word(file, unit->line, "unit", unit->text, {"rows", "percent"}));
  }
  if (quality.bound) quality.bound->is_percent = unit->text == "percent";
  return {};
}

Status set_severity(std::string_view file, const YamlNode& map, Quality& quality) {
  const YamlNode* node = map.find("severity");
  if (node == nullptr) return {};
  for (const Severity severity : {Severity::kInfo, Severity::kWarning, Severity::kError}) {
    if (node->text != to_string(severity)) continue;
    quality.severity = severity;
    return {};
  }
  return tl::unexpected(
      unknown_word(file, node->line, "severity", node->text, {"error", "warning", "info"}));
}

// Arguments by name; a list of lists has its inner texts one after another.
Status set_arguments(std::string_view file, const YamlNode& map, Quality& quality) {
  if (!map.is_map()) {
    return tl::unexpected(yaml_error(file, map.line, "arguments are not keys and values",
                                     "Write {properties: [student_id, date]}"));
  }
  for (std::size_t i = 0; i < map.keys.size(); ++i) {
    const std::string& key = map.keys[i];
    const bool is_known = key == "check" || key == "unit" || find_operator(key) != nullptr;
    if (is_known) continue;
    quality.arguments[fold_name(key)] = HOMEROOM_TRY(texts_of(file, map.items[i], key));
  }
  return {};
}

Status set_library(std::string_view file, const YamlNode& map, Quality& quality) {
  const YamlNode* metric = map.find("metric");
  if (metric == nullptr) metric = map.find("rule");  // the standard's older word
  if (metric == nullptr) {
    return tl::unexpected(yaml_error(file, map.line, "a check of the library has no metric",
                                     "Write metric: nullValues"));
  }
  if (std::ranges::find(kMetrics, metric->text) == kMetrics.end()) {
    return tl::unexpected(unknown_word(file, metric->line, "metric", metric->text,
                                       {kMetrics.begin(), kMetrics.end()}));
  }
  quality.check = fold_name(metric->text);
  HOMEROOM_TRY(set_bound(file, map, quality));
  if (!quality.bound) {
    return tl::unexpected(yaml_error(file, map.line,
                                     fmt::format("{} does not say what it must be", metric->text),
                                     "Write mustBe: 0, or mustBeLessThan: 5"));
  }
  if (const YamlNode* arguments = map.find("arguments")) {
    HOMEROOM_TRY(set_arguments(file, *arguments, quality));
  }
  return {};
}

// `implementation` as keys and values, or as YAML within a text, which other tools write.
Result<YamlNode> implementation_of(std::string_view file, const YamlNode& map) {
  const YamlNode* node = map.find("implementation");
  if (node == nullptr) {
    return tl::unexpected(yaml_error(file, map.line, "a check of homeroom has no implementation",
                                     "Write implementation: {check: row_condition, ...}"));
  }
  if (node->is_map()) return *node;
  YamlNode parsed = HOMEROOM_TRY(parse_yaml(file, node->text));
  const auto move_lines = [node](YamlNode& part, const auto& self) -> void {
    part.line += node->line;
    for (YamlNode& item : part.items) self(item, self);
  };
  move_lines(parsed, move_lines);
  return parsed;
}

Status set_custom(std::string_view file, const YamlNode& map, Quality& quality) {
  const YamlNode implementation = HOMEROOM_TRY(implementation_of(file, map));
  const YamlNode* check = implementation.find("check");
  if (check == nullptr || !check->is_scalar()) {
    return tl::unexpected(yaml_error(file, implementation.line, "the implementation names no check",
                                     "Write {check: row_condition, condition: a <= b}"));
  }
  quality.check = check->text;
  HOMEROOM_TRY(set_bound(file, implementation, quality));
  return set_arguments(file, implementation, quality);
}

enum class Type : std::uint8_t { kLibrary, kHomeroom, kOther };

Result<Type> type_of(std::string_view file, const YamlNode& map) {
  const YamlNode* type = map.find("type");
  const std::string_view word = type == nullptr ? "library" : std::string_view(type->text);
  if (word == "library") return Type::kLibrary;
  if (word == "sql" || word == "text") return Type::kOther;
  if (word != "custom") {
    return tl::unexpected(unknown_word(file, type->line, "type of check", word,
                                       {"library", "custom", "sql", "text"}));
  }
  const YamlNode* engine = map.find("engine");
  return engine != nullptr && engine->text == "homeroom" ? Type::kHomeroom : Type::kOther;
}

Status set_text(std::string_view file, const YamlNode& map, std::string_view key,
                std::string& out) {
  if (const YamlNode* node = map.find(key)) out = HOMEROOM_TRY(text_of(file, *node, key));
  return {};
}

void add_or_replace(Quality quality, std::vector<Quality>& checks) {
  const auto same = std::ranges::find_if(checks, [&](const Quality& known) {
    return !quality.id.empty() && known.id == quality.id && known.column == quality.column;
  });
  if (same == checks.end()) {
    checks.push_back(std::move(quality));
  } else {
    *same = std::move(quality);
  }
}

// Nothing for a check of another engine.
Result<std::optional<Quality>> read_quality(std::string_view file, const YamlNode& map,
                                            std::string_view column) {
  HOMEROOM_TRY(check_keys(file, map, "key of a check", quality_keys()));
  const Type type = HOMEROOM_TRY(type_of(file, map));
  if (type == Type::kOther) return std::nullopt;
  Quality quality;
  quality.column = column;
  quality.file = file;
  quality.line = map.line;
  HOMEROOM_TRY(set_text(file, map, "id", quality.id));
  HOMEROOM_TRY(set_text(file, map, "name", quality.name));
  HOMEROOM_TRY(set_text(file, map, "description", quality.why));
  HOMEROOM_TRY(set_severity(file, map, quality));
  HOMEROOM_TRY(type == Type::kLibrary ? set_library(file, map, quality)
                                      : set_custom(file, map, quality));
  return quality;
}

}  // namespace

void apply_quality(std::string_view file, const YamlNode& list, std::string_view column,
                   std::vector<Quality>& checks, Problems& problems) {
  if (!list.is_list()) {
    problems.note(yaml_error(file, list.line, "quality is not a list of checks",
                             "Write - {metric: nullValues, mustBe: 0}"));
    return;
  }
  for (const YamlNode& map : list.items) {
    auto quality = problems.take(read_quality(file, map, column));
    if (quality && *quality) add_or_replace(std::move(**quality), checks);
  }
}

}  // namespace homeroom::contract
