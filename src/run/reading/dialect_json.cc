#include "run/reading/dialect_json.h"

#include <type_traits>

#include <nlohmann/json.hpp>

#include "run/report.h"

namespace homeroom::run {
namespace {

using nlohmann::ordered_json;

constexpr char kNotGiven = '\1';

std::string text_of(char c) {
  return c == '\0' ? std::string() : std::string(1, c);
}

char character_of(const std::string& text) {
  return text.empty() ? '\0' : text[0];
}

std::optional<ordered_json> parse_object(std::string_view text) {
  ordered_json json = ordered_json::parse(text, nullptr, false);
  if (json.is_discarded() || !json.is_object()) return std::nullopt;
  return json;
}

// Sets `out` from a member of the right type; leaves it alone otherwise.
template <class Value>
void take(const ordered_json& json, const char* name, Value& out) {
  const auto found = json.find(name);
  if (found == json.end()) return;
  if constexpr (std::is_same_v<Value, std::string>) {
    if (found->is_string()) out = found->template get<std::string>();
  } else if constexpr (std::is_same_v<Value, char>) {
    if (found->is_string()) out = character_of(found->template get<std::string>());
  } else if constexpr (std::is_same_v<Value, bool>) {
    if (found->is_boolean()) out = found->template get<bool>();
  } else {
    if (found->is_number_integer()) out = found->template get<Value>();
  }
}

// What both kinds of dialect have.
template <class AnyDialect>
void take_shared(const ordered_json& json, AnyDialect& dialect) {
  take(json, "delimiter", dialect.delimiter);
  take(json, "quote", dialect.quote);
  take(json, "escape", dialect.escape);
  take(json, "encoding", dialect.encoding);
  take(json, "preamble_lines", dialect.preamble_lines);
  take(json, "header_lines", dialect.header_lines);
  take(json, "units_lines", dialect.units_lines);
}

}  // namespace

std::string to_json_text(const GivenDialect& given) {
  ordered_json json = ordered_json::object();
  if (!given.delimiter.empty()) json["delimiter"] = given.delimiter;
  if (given.quote != kNotGiven) json["quote"] = text_of(given.quote);
  if (given.escape != kNotGiven) json["escape"] = text_of(given.escape);
  if (!given.encoding.empty()) json["encoding"] = given.encoding;
  if (given.preamble_lines >= 0) json["preamble_lines"] = given.preamble_lines;
  if (given.header_lines >= 0) json["header_lines"] = given.header_lines;
  if (given.units_lines >= 0) json["units_lines"] = given.units_lines;
  return json.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
}

std::optional<GivenDialect> given_from_json(std::string_view text) {
  const auto json = parse_object(text);
  if (!json) return std::nullopt;
  GivenDialect given;
  take_shared(*json, given);
  return given;
}

std::string_view name_of(clean::DateOrder order) {
  if (order == clean::DateOrder::kMonthFirst) return "month_first";
  return order == clean::DateOrder::kDayFirst ? "day_first" : "";
}

clean::DateOrder order_named(std::string_view name) {
  if (name == "month_first") return clean::DateOrder::kMonthFirst;
  return name == "day_first" ? clean::DateOrder::kDayFirst : clean::DateOrder::kNone;
}

std::string ledger_json(const Dialect& dialect, clean::DateOrder told, clean::DateOrder read) {
  ordered_json json = to_json(dialect);
  if (!name_of(told).empty()) json["told_date_order"] = name_of(told);
  if (!name_of(read).empty()) json["date_order"] = name_of(read);
  return json.dump();
}

clean::DateOrder order_in_ledger(std::string_view dialect_json) {
  std::string name;
  if (const auto json = parse_object(dialect_json)) take(*json, "date_order", name);
  return order_named(name);
}

std::optional<Dialect> dialect_from_json(std::string_view text) {
  const auto json = parse_object(text);
  if (!json) return std::nullopt;
  Dialect dialect;
  take_shared(*json, dialect);
  take(*json, "columns", dialect.num_columns);
  return dialect;
}

}  // namespace homeroom::run
