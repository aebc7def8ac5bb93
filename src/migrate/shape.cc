#include "migrate/shape.h"

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "migrate/ddl.h"

namespace homeroom::migrate {
namespace {

constexpr const char* kFind =
    "select a.place, a.part, a.name, a.was, a.definition from homeroom.find_alterations($1) as a";
constexpr const char* kIsThere = "select to_regclass($1) is not null";

// One row of homeroom.find_alterations.
struct Difference {
  std::string place;  // data, history
  std::string part;   // column, index, constraint, trigger
  std::string name;
  std::optional<std::string> was;
  std::optional<std::string> now;
};

Difference difference_of(const io::QueryResult& rows, std::size_t row) {
  Difference difference{.place = std::string(rows.text(row, 0)),
                        .part = std::string(rows.text(row, 1)),
                        .name = std::string(rows.text(row, 2)),
                        .was = {},
                        .now = {}};
  if (!rows.is_null(row, 3)) difference.was = rows.text(row, 3);
  if (!rows.is_null(row, 4)) difference.now = rows.text(row, 4);
  return difference;
}

// What came or went and does not keep files from being loaded as before.
bool is_harmless(const Difference& difference, std::string_view key_index) {
  const bool is_new = !difference.was;
  if (difference.part == "index") {
    if (is_new) return !difference.now->starts_with("CREATE UNIQUE");
    return !difference.now && difference.name != key_index;
  }
  if (difference.part == "column" && is_new) {
    return difference.now->find(" not null") == std::string::npos ||
           difference.now->find(" default ") != std::string::npos;
  }
  // What kept rows out does so no more.
  return !difference.now && difference.part != "column";
}

std::string text_of(const Difference& difference) {
  const std::string what = fmt::format("{}{} {}", difference.place == "history" ? "history: " : "",
                                       difference.part, difference.name);
  if (!difference.now) return what + " was dropped";
  if (difference.part != "column") {
    return what + (difference.was ? " was made otherwise" : " was added");
  }
  if (!difference.was) return fmt::format("{} was added ({})", what, *difference.now);
  return fmt::format("{} is {}, it was {}", what, *difference.now, *difference.was);
}

}  // namespace

Result<std::vector<Alteration>> find_alterations(io::Connection& connection,
                                                 const std::string& table) {
  const std::array<io::Parameter, 1> name = {table};
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(kFind, name));
  std::vector<Alteration> alterations;
  if (rows.num_rows() == 0) return alterations;
  const std::string relation = data_table(table);
  const std::array<io::Parameter, 1> quoted = {relation};
  const io::QueryResult there = HOMEROOM_TRY(connection.query(kIsThere, quoted));
  if (there.text(0, 0) != "t") {
    alterations.push_back({.description = "the table was dropped"});
    return alterations;
  }
  const std::string key_index = key_index_name(table);
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    const Difference difference = difference_of(rows, row);
    alterations.push_back(
        {.description = text_of(difference), .is_harmless = is_harmless(difference, key_index)});
  }
  return alterations;
}

std::string describe(const std::vector<Alteration>& alterations) {
  std::vector<std::string> texts;
  for (const Alteration& alteration : alterations) texts.push_back(alteration.description);
  return join(texts, "; ");
}

Status record_shape(io::Connection& connection, const std::string& table,
                    const std::string& agreed_by) {
  HOMEROOM_TRY(connection.execute("set local role homeroom_owner"));
  const std::array<io::Parameter, 1> name = {table};
  HOMEROOM_TRY(connection.query("delete from homeroom.table_shape where table_name = $1", name));
  const std::array<io::Parameter, 2> values = {table, agreed_by};
  HOMEROOM_TRY(connection.query("select homeroom.record_shape($1, $2)", values));
  return {};
}

}  // namespace homeroom::migrate
