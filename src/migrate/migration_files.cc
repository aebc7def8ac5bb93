#include "migrate/migration_files.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace homeroom::migrate {
namespace {

constexpr std::size_t kLongestName = 100;

constexpr const char* kUnwritten =
    "select m.migration_id from homeroom.migration as m where not m.is_written order by 1";
constexpr const char* kNote =
    "update homeroom.migration set is_written = true where migration_id = $1";

// Names are those of columns: what a key of the store does not allow becomes "_".
std::string safe_name(std::string_view name) {
  std::string safe;
  for (const char byte : name.substr(0, kLongestName)) {
    const bool is_plain = std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_';
    safe += is_plain ? byte : '_';
  }
  return safe;
}

// A description is one line of a comment, whatever names it quotes.
std::string one_line(std::string text) {
  std::ranges::replace_if(text, [](char byte) { return byte == '\n' || byte == '\r'; }, ' ');
  return text;
}

std::string heading(const MigrationRecord& migration, std::string_view what) {
  const std::string asked_by = migration.run_id == 0
                                   ? std::string("the contracts")
                                   : fmt::format("the file of run {}", migration.run_id);
  return fmt::format(
      "-- Migration {} of data.{}{}\n"
      "-- {}\n"
      "-- Asked for by {} on {}. Runs in one transaction as homeroom_owner: by a load, or by\n"
      "-- `homeroom migrate`, which keep the ledger in step. `homeroom migrate history` says what\n"
      "-- became of it.\n\n",
      migration.id, migration.table, what, one_line(migration.description), asked_by,
      migration.asked_at);
}

Status write(const io::Store& store, const std::string& key, const std::string& text) {
  const auto object = HOMEROOM_TRY(store.create(key));
  HOMEROOM_TRY(object->write(text));
  return object->commit();
}

}  // namespace

std::string file_stem(const MigrationRecord& migration) {
  std::string stem = fmt::format("migrations/{:04}_{}_{}", migration.id, safe_name(migration.table),
                                 migration.kind);
  if (!migration.column.empty()) stem += "_" + safe_name(migration.column);
  return stem;
}

Status write_migration_files(io::Connection& connection, const io::Store& store) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(kUnwritten));
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    const auto migration = HOMEROOM_TRY(find_migration(connection, rows.integer(row, 0)));
    if (!migration) continue;
    const std::string stem = file_stem(*migration);
    HOMEROOM_TRY(write(store, stem + ".sql", heading(*migration, "") + migration->sql));
    HOMEROOM_TRY(write(store, stem + ".down.sql",
                       heading(*migration, ", taken back") + migration->reverse_sql));
    const std::string id = std::to_string(migration->id);
    const std::array<io::Parameter, 1> values = {id};
    HOMEROOM_TRY(connection.query(kNote, values));
  }
  return {};
}

}  // namespace homeroom::migrate
