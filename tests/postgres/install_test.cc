// What an installation makes, who may do what with it, and what it says when it may not.

#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "migrate/migrate.h"
#include "migrate/sql_files.h"
#include "run/tables.h"
#include "warehouse.h"

namespace homeroom {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kEverything =
    "select n.nspname, c.relname, c.relkind, c.oid, c.relacl from pg_class as c join pg_namespace "
    "as n on n.oid = c.relnamespace where n.nspname in ('homeroom', 'data', 'history', 'mart', "
    "'report', 'setting') order by c.oid";

bool can(Warehouse& warehouse, std::string_view role, const std::string& sql) {
  io::Connection connection = warehouse.connect(role);
  const auto done = connection.execute(sql);
  if (!done) {
    EXPECT_EQ(connection.last_sqlstate(), "42501") << sql << ": " << done.error().detail;
  }
  return done.has_value();
}

// A login of its own for a test, dropped with all it has at the end.
class Login {
 public:
  Login(Warehouse& warehouse, std::string name, const std::string& options)
      : warehouse_(&warehouse), name_(std::move(name)) {
    warehouse.execute("create role " + name_ + " login " + options);
  }

  Login(const Login&) = delete;
  Login& operator=(const Login&) = delete;

  ~Login() {
    // What is left of it does no harm: every test process has a database of its own.
    const std::string sql = "reassign owned by " + name_ + " to current_user; drop owned by " +
                            name_ + "; drop role " + name_;
    if (const auto dropped = warehouse_->connection().execute(sql); !dropped) return;
  }

 private:
  Warehouse* warehouse_;
  std::string name_;
};

TEST(InstallSchema, ASecondTimeChangesNothing) {
  Warehouse warehouse = Warehouse::with_contracts();
  const auto before = warehouse.rows(kEverything);
  const auto migrations = warehouse.rows("select name, applied_at from homeroom.engine_migration");
  EXPECT_GT(before.size(), 50U);
  must(migrate::install_schema(warehouse.connection()));
  must(migrate::apply_views(warehouse.connection()));
  EXPECT_EQ(warehouse.rows(kEverything), before);
  EXPECT_EQ(warehouse.rows("select name, applied_at from homeroom.engine_migration"), migrations);
}

TEST(InstallSchema, GivesEverythingToTheOwnerRole) {
  Warehouse warehouse = Warehouse::with_contracts();
  EXPECT_THAT(
      warehouse.rows("select c.relname from pg_class as c join pg_namespace as n on n.oid = "
                     "c.relnamespace where n.nspname in ('homeroom', 'data', 'history', 'mart', "
                     "'report', 'setting') and pg_get_userbyid(c.relowner) <> 'homeroom_owner'"),
      IsEmpty());
  EXPECT_THAT(warehouse.rows("select nspname from pg_namespace where nspname in ('homeroom', "
                             "'data', 'history', 'mart', 'report', 'setting') and "
                             "pg_get_userbyid(nspowner) <> 'homeroom_owner'"),
              IsEmpty());
  EXPECT_EQ(warehouse.value("select rolcanlogin from pg_roles where rolname = 'homeroom_owner'"),
            "f");
}

TEST(InstallSchema, GivesNothingToPublic) {
  Warehouse warehouse = Warehouse::with_contracts();
  warehouse.execute(
      "set role homeroom_owner; create function report.f() returns integer language sql "
      "return 1; create type setting.t as enum ('a'); reset role");
  EXPECT_THAT(warehouse.rows(R"(
select 'database ' || d.datname
from pg_database as d
cross join lateral aclexplode(coalesce(d.datacl, acldefault('d', d.datdba))) as a
where d.datname = current_database() and a.grantee = 0
union all
select 'schema ' || n.nspname
from pg_namespace as n
cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) as a
where n.nspname not in ('pg_catalog', 'information_schema') and a.grantee = 0
union all
select 'relation ' || c.oid::regclass
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) as a
where n.nspname not in ('pg_catalog', 'information_schema') and a.grantee = 0
union all
select 'function ' || p.oid::regprocedure
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as a
where n.nspname not in ('pg_catalog', 'information_schema') and a.grantee = 0
union all
select 'type ' || t.oid::regtype
from pg_type as t
join pg_namespace as n on n.oid = t.typnamespace
cross join lateral aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) as a
where n.nspname not in ('pg_catalog', 'information_schema') and a.grantee = 0
    and t.typrelid = 0 and t.typelem = 0
)"),
              IsEmpty());
}

TEST(InstallSchema, CommentsEveryTableViewAndColumn) {
  Warehouse warehouse = Warehouse::with_contracts();
  EXPECT_THAT(
      warehouse.rows("select c.oid::regclass from pg_class as c join pg_namespace as n on n.oid = "
                     "c.relnamespace where n.nspname in ('homeroom', 'data', 'mart', 'report', "
                     "'setting') and c.relkind in ('r', 'v') and "
                     "coalesce(obj_description(c.oid, 'pg_class'), '') = ''"),
      IsEmpty());
  EXPECT_THAT(
      warehouse.rows("select c.oid::regclass, a.attname from pg_class as c join pg_namespace as n "
                     "on n.oid = c.relnamespace join pg_attribute as a on a.attrelid = c.oid and "
                     "a.attnum > 0 where n.nspname in ('homeroom', 'data', 'mart', 'report', "
                     "'setting') and c.relkind in ('r', 'v') and "
                     "coalesce(col_description(c.oid, a.attnum), '') = ''"),
      IsEmpty());
}

TEST(Reader, SeesWhatIsPublishedAndNothingElse) {
  Warehouse warehouse = Warehouse::with_contracts();
  for (const std::string& view :
       warehouse.rows("select c.oid::regclass from pg_class as c where c.relnamespace = "
                      "'report'::regnamespace")) {
    EXPECT_TRUE(can(warehouse, "homeroom_reader", "select * from " + view)) << view;
  }
  EXPECT_TRUE(can(warehouse, "homeroom_reader", "select * from setting.parameter"));
  for (const std::string& table :
       warehouse.rows("select c.oid::regclass from pg_class as c join pg_namespace as n on n.oid "
                      "= c.relnamespace where n.nspname in ('homeroom', 'data', 'history', "
                      "'mart') and c.relkind in ('r', 'v')")) {
    EXPECT_FALSE(can(warehouse, "homeroom_reader", "select * from " + table)) << table;
  }
  EXPECT_FALSE(can(warehouse, "homeroom_reader", "update setting.parameter set value = 1"));
  EXPECT_FALSE(can(warehouse, "homeroom_reader", "create table report.t (a integer)"));
  EXPECT_FALSE(can(warehouse, "homeroom_reader", "create temporary table t (a integer)"));
  EXPECT_FALSE(can(warehouse, "homeroom_reader", "create table public.t (a integer)"));
  EXPECT_FALSE(can(warehouse, "homeroom_reader", "set role homeroom_owner"));
}

TEST(Stranger, SeesNothing) {
  Warehouse warehouse = Warehouse::with_contracts();
  const Login stranger(warehouse, "homeroom_test_stranger", "");
  EXPECT_FALSE(
      can(warehouse, "homeroom_test_stranger", "select * from report.attendance_rate_by_school"));
  EXPECT_FALSE(can(warehouse, "homeroom_test_stranger", "select * from setting.parameter"));
  EXPECT_FALSE(can(warehouse, "homeroom_test_stranger", "create table public.t (a integer)"));
}

TEST(InstallSchema, WorksForALoginThatMayMakeRoles) {
  Warehouse warehouse = Warehouse::empty();
  const Login login(warehouse, "homeroom_test_installer", "createrole");
  warehouse.execute(
      "do $$ begin execute format('alter database %I owner to "
      "homeroom_test_installer', current_database()); end $$");
  io::Connection connection = warehouse.connect("homeroom_test_installer");
  const Status done = migrate::install_schema(connection);
  ASSERT_TRUE(done) << done.error().message << " " << done.error().detail;
  EXPECT_EQ(warehouse.value("select count(*) from homeroom.run"), "0");
  EXPECT_TRUE(can(warehouse, "homeroom_test_installer", "select * from homeroom.run"));
}

// As the program left it that had no access rules yet: a table of a contract, one of none, a part.
constexpr const char* kOlderTables = R"(
create table data.students (student_id text collate "C" not null, school_id text collate "C",
    _run bigint not null, _line bigint not null, _since bigint);
create unique index students__key on data.students (student_id) nulls not distinct;
create table history.students (student_id text collate "C", school_id text collate "C", _run bigint,
    _line bigint, _since bigint, _superseded_by bigint, _superseded_at timestamptz, _until bigint);
create table data.buses (bus text, _run bigint not null, _line bigint not null, _since bigint);
create table history.buses (bus text, _run bigint, _line bigint, _since bigint,
    _superseded_by bigint, _superseded_at timestamptz, _until bigint);
create table data.days (school_year bigint not null, student_id text collate "C",
    _run bigint not null, _line bigint not null, _since bigint) partition by list (school_year);
create table parts.days_2026 partition of data.days for values in (2026);
select homeroom.record_shape(t.name, '') from unnest(array['students', 'buses', 'days']) as t (name);
)";

TEST(InstallSchema, ProtectsTheTablesThatAnOlderProgramMade) {
  Warehouse warehouse = Warehouse::empty();
  warehouse.execute("begin");
  for (const EmbeddedFile& file : migrate::sql_migrations()) {
    if (file.path >= "migrations/0016") break;
    warehouse.execute(std::string(file.text));
    warehouse.execute("insert into homeroom.engine_migration (name, kind, sha256) values ('" +
                      std::string(file.path) + "', 'migration', '" + migrate::sha256_of(file.text) +
                      "')");
  }
  warehouse.execute(kOlderTables);
  warehouse.execute("commit");
  const contract::ContractSet contracts = must(contract::ContractSet::load(""));
  must(run::install_warehouse(warehouse.connection(), contracts));
  EXPECT_THAT(
      warehouse.rows("select c.oid::regclass from pg_class as c where c.relnamespace::regnamespace "
                     "in ('data', 'history', 'parts', 'homeroom', 'mart', 'access') and c.relkind "
                     "in ('r', 'p') and not c.relrowsecurity"),
      IsEmpty());
  EXPECT_THAT(warehouse.rows("select d.relname, a.name from pg_class as d cross join lateral "
                             "homeroom.find_alterations(d.relname) as a where d.relnamespace = "
                             "'data'::regnamespace and d.relkind in ('r', 'p')"),
              IsEmpty());
  EXPECT_EQ(warehouse.value("select string_agg(polname, ' ' order by polname) from pg_policy where "
                            "polrelid = 'data.students'::regclass"),
            "access_bi_reader access_counselor access_district_admin access_principal "
            "access_teacher");
  EXPECT_EQ(
      warehouse.value("select polname from pg_policy where polrelid = 'data.buses'::regclass"),
      "access_data_steward");
}

TEST(InstallSchema, SaysWhatAnAdministratorMustRunWhenItMayNot) {
  const Warehouse other = Warehouse::installed();  // the roles exist on this server
  Warehouse warehouse = Warehouse::empty();
  const Login login(warehouse, "homeroom_test_user", "");
  io::Connection connection = warehouse.connect("homeroom_test_user");
  const Status done = migrate::install_schema(connection);
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().code, ErrorCode::kDatabase);
  EXPECT_EQ(done.error().message, "the database's user may not set up or use Homeroom's tables");
  EXPECT_THAT(done.error().hint, HasSubstr("create role homeroom_owner nologin;"));
  EXPECT_THAT(done.error().hint, HasSubstr("create role homeroom_bi_reader nologin;"));
  EXPECT_THAT(done.error().hint, HasSubstr("grant homeroom_reader to homeroom_teacher;"));
  EXPECT_THAT(done.error().hint, HasSubstr("grant homeroom_auditor to homeroom_owner;"));
  EXPECT_THAT(done.error().hint, HasSubstr("grant homeroom_owner to homeroom_test_user;"));
  EXPECT_THAT(done.error().hint, HasSubstr("grant create, connect, temporary on database "));
  EXPECT_FALSE(connection.is_in_transaction());
  // What the hint says is enough.
  warehouse.execute(
      "grant homeroom_owner to homeroom_test_user; do $$ begin execute format("
      "'grant create, connect, temporary on database %I to homeroom_owner', "
      "current_database()); end $$");
  const Status second = migrate::install_schema(connection);
  EXPECT_TRUE(second) << second.error().message << " " << second.error().detail;
}

TEST(InstallSchema, LeavesADatabaseThatOthersUseAsItIs) {
  Warehouse warehouse = Warehouse::empty();
  warehouse.execute("create table public.theirs (a integer)");
  must(migrate::install_schema(warehouse.connection()));
  EXPECT_EQ(warehouse.value("select has_schema_privilege('homeroom_reader', 'public', 'usage')"),
            "t");
}

TEST(InstallSchema, RefusesAFileThatWasChangedAfterItRan) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.execute("update homeroom.engine_migration set sha256 = 'x' where name like '%0002%'");
  const Status done = migrate::install_schema(warehouse.connection());
  ASSERT_FALSE(done);
  EXPECT_EQ(done.error().message,
            "sql/migrations/0002_ledger.sql was changed after it ran in this database");
  EXPECT_THAT(done.error().hint, HasSubstr("as a new migration"));
}

TEST(InstallSchema, RefusesTheDatabaseOfANewerProgram) {
  Warehouse warehouse = Warehouse::installed();
  warehouse.execute(
      "insert into homeroom.engine_migration (name, kind, sha256) values "
      "('migrations/9999_later.sql', 'migration', 'x')");
  const Status done = migrate::install_schema(warehouse.connection());
  ASSERT_FALSE(done);
  EXPECT_THAT(done.error().message, HasSubstr("newer Homeroom"));
  EXPECT_EQ(done.error().hint, "update the program");
}

TEST(InstallSchema, RefusesADatabaseThatDoesNotStoreUtf8) {
  Warehouse warehouse = Warehouse::empty();
  const std::string name = warehouse.value("select current_database()") + "_latin1";
  warehouse.execute("create database " + name +
                    " encoding 'LATIN1' template template0 lc_collate 'C' lc_ctype 'C'");
  {
    // The same server, the other database.
    const std::string socket =
        warehouse.value("select trim('\"' from current_setting('unix_socket_directories'))");
    const std::string port = warehouse.value("show port");
    io::Connection latin1 = must(io::Connection::connect("host=" + socket + " port=" + port +
                                                         " user=homeroom_admin dbname=" + name));
    const Status done = migrate::install_schema(latin1);
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().message, "the database stores LATIN1, Homeroom needs UTF8");
    EXPECT_THAT(done.error().hint, HasSubstr("encoding 'UTF8'"));
  }
  warehouse.execute("drop database " + name + " (force)");
}

}  // namespace
}  // namespace homeroom
