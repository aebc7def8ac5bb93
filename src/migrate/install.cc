#include <algorithm>
#include <array>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "io/sha256.h"
#include "migrate/migrate.h"
#include "migrate/sql_files.h"

namespace homeroom::migrate {
namespace {

constexpr int kOldestServer = 150000;

// From PostgreSQL 16 on, whoever makes a role may not act as it without saying so before.
constexpr int kSelfGrantServer = 160000;
constexpr const char* kSelfGrant = "set local createrole_self_grant = 'set, inherit'";

// What people's logins are members of: sql/migrations/0017.
constexpr std::string_view kGroupRoles[] = {"teacher",        "counselor",      "principal",
                                            "district_admin", "data_steward",   "researcher",
                                            "auditor",        "security_admin", "bi_reader"};

constexpr const char* kApplied =
    "select name, sha256 from homeroom.engine_migration where kind = 'migration'";

using Applied = std::map<std::string, std::string, std::less<>>;

Status check_server(io::Connection& connection) {
  if (connection.server_version() < kOldestServer) {
    return fail(ErrorCode::kDatabase,
                fmt::format("the server is PostgreSQL {}, Homeroom needs 15 or newer",
                            connection.server_version() / 10000),
                "name a newer server with --db, or leave it out: Homeroom then starts its own");
  }
  const io::QueryResult encoding = HOMEROOM_TRY(connection.execute("show server_encoding"));
  if (encoding.text(0, 0) != "UTF8") {
    return fail(ErrorCode::kDatabase,
                fmt::format("the database stores {}, Homeroom needs UTF8", encoding.text(0, 0)),
                "make another one: create database homeroom encoding 'UTF8' template template0");
  }
  return {};
}

// The statements that only someone with more rights than the connection's user can run.
Result<std::string> administrator_statements(io::Connection& connection) {
  const io::QueryResult who = HOMEROOM_TRY(
      connection.execute("select quote_ident(session_user), quote_ident(current_database())"));
  std::string makes;
  std::string reads;
  std::string members;
  for (const std::string_view role : kGroupRoles) {
    makes += fmt::format("create role homeroom_{} nologin; ", role);
    members += fmt::format("grant homeroom_{} to homeroom_owner; ", role);
    const bool is_reader = role != "auditor" && role != "security_admin";
    if (is_reader) reads += fmt::format("grant homeroom_reader to homeroom_{}; ", role);
  }
  return fmt::format(
      "an administrator must run once: create role homeroom_owner nologin; "
      "create role homeroom_loader login; create role homeroom_reader login; "
      "{2}{3}{4}"
      "grant homeroom_owner to homeroom_loader; grant homeroom_owner to {0}; "
      "grant create, connect, temporary on database {1} to homeroom_owner; "
      "(leave out what is there already)",
      who.text(0, 0), who.text(0, 1), makes, reads, members);
}

// Says what is missing where PostgreSQL only says "permission denied".
Error with_rights_hint(Error error, io::Connection& connection, bool lacks_rights) {
  if (!lacks_rights) return error;
  error.message = "the database's user may not set up or use Homeroom's tables";
  if (const auto statements = administrator_statements(connection)) error.hint = *statements;
  return error;
}

Result<Applied> read_applied(io::Connection& connection) {
  Applied applied;
  const io::QueryResult exists = HOMEROOM_TRY(
      connection.execute("select exists (select from pg_class as c join pg_namespace as n on "
                         "n.oid = c.relnamespace where n.nspname = 'homeroom' and c.relname = "
                         "'engine_migration')"));
  if (exists.text(0, 0) != "t") return applied;
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(kApplied));
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    applied.emplace(rows.text(row, 0), rows.text(row, 1));
  }
  return applied;
}

Status check_applied(const Applied& applied) {
  for (const auto& [name, sha256] : applied) {
    const auto migrations = sql_migrations();
    const auto file = std::ranges::find(migrations, name, &EmbeddedFile::path);
    if (file == migrations.end()) {
      return fail(
          ErrorCode::kDatabase,
          fmt::format("the database was set up by a newer Homeroom ({} is not known here)", name),
          "update the program");
    }
    if (sha256_of(file->text) != sha256) {
      return fail(ErrorCode::kDatabase,
                  fmt::format("sql/{} was changed after it ran in this database", name),
                  "restore the file as it was and write the change as a new migration");
    }
  }
  return {};
}

bool is_complete(const Applied& applied) {
  return applied.size() == sql_migrations().size();
}

Status run_migration(io::Connection& connection, const EmbeddedFile& file) {
  HOMEROOM_TRY(connection.execute(std::string(file.text)));
  const std::string sha256 = sha256_of(file.text);
  const std::array<io::Parameter, 2> values = {file.path, sha256};
  HOMEROOM_TRY(connection.query(
      "insert into homeroom.engine_migration (name, kind, sha256) values ($1, 'migration', $2)",
      values));
  return {};
}

// The first file runs as the connection's user and ends as homeroom_owner; the others begin so.
Status run_missing(io::Connection& connection) {
  HOMEROOM_TRY(lock_install(connection));
  if (connection.server_version() >= kSelfGrantServer) {
    HOMEROOM_TRY(connection.execute(kSelfGrant));
  }
  const Applied applied = HOMEROOM_TRY(read_applied(connection));
  HOMEROOM_TRY(check_applied(applied));
  for (const EmbeddedFile& file : sql_migrations()) {
    if (!applied.contains(file.path)) HOMEROOM_TRY(run_migration(connection, file));
  }
  return {};
}

Status install_missing(io::Connection& connection) {
  Status done;
  bool lacks_rights = false;
  {
    io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
    done = run_missing(connection);
    lacks_rights = connection.last_sqlstate() == "42501";
    if (done) return transaction.commit();
  }
  return tl::unexpected(with_rights_hint(std::move(done).error(), connection, lacks_rights));
}

}  // namespace

std::string sha256_of(std::string_view text) {
  io::Sha256 hash;
  hash.update(text);
  return hash.finish();
}

Status lock_install(io::Connection& connection) {
  // The number is arbitrary and must never change.
  HOMEROOM_TRY(connection.execute("select pg_advisory_xact_lock(4873190265510)"));
  return {};
}

Status install_schema(io::Connection& connection) {
  HOMEROOM_TRY(check_server(connection));
  Result<Applied> applied = read_applied(connection);
  if (!applied) {
    const bool lacks_rights = connection.last_sqlstate() == "42501";
    return tl::unexpected(with_rights_hint(std::move(applied).error(), connection, lacks_rights));
  }
  HOMEROOM_TRY(check_applied(*applied));
  return is_complete(*applied) ? Status() : install_missing(connection);
}

}  // namespace homeroom::migrate
