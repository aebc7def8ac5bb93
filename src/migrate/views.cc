#include "migrate/views.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstddef>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "base/text.h"
#include "migrate/migrate.h"
#include "migrate/sql_files.h"

namespace homeroom::migrate {
namespace {

constexpr const char* kRecorded =
    "select name, sha256 from homeroom.engine_migration where kind = 'view' order by name";

// What others than the owner may do with our views, as statements.
constexpr const char* kGrants = R"(
select
    e.name,
    format('grant %s on %s to %s%s', a.privilege_type, e.name,
        case when a.grantee = 0 then 'public' else quote_ident(pg_get_userbyid(a.grantee)) end,
        case when a.is_grantable then ' with grant option' else '' end)
from homeroom.engine_migration as e
join pg_class as c on c.oid = to_regclass(e.name)
cross join lateral aclexplode(c.relacl) as a
where e.kind = 'view'
    and a.grantee <> c.relowner
)";

// Views of others that stand on ours.
constexpr const char* kDependents = R"(
with ours as (
    select to_regclass(e.name)::oid as view
    from homeroom.engine_migration as e
    where e.kind = 'view'
)
select distinct
    r.ev_class::regclass::text
from pg_depend as d
join pg_rewrite as r on r.oid = d.objid
where d.classid = 'pg_rewrite'::regclass
    and d.refclassid = 'pg_class'::regclass
    and d.refobjid in (select o.view from ours as o)
    and r.ev_class not in (select o.view from ours as o where o.view is not null)
order by 1
)";

struct View {
  std::string name;  // report.attendance_rate_by_school
  std::string sha256;
  std::string_view text;
};

bool is_name_byte(char byte) {
  return std::isalnum(static_cast<unsigned char>(byte)) != 0 || byte == '_' || byte == '.';
}

// The name in "create or replace view NAME"; empty when the file makes no view.
std::string view_name(std::string_view text) {
  constexpr std::string_view kCreate = "\ncreate or replace view ";
  const std::size_t at = text.find(kCreate);
  if (at == std::string_view::npos) return {};
  text.remove_prefix(at + kCreate.size());
  const auto* end = std::ranges::find_if_not(text, is_name_byte);
  return {text.begin(), end};
}

bool mentions(std::string_view text, std::string_view name) {
  for (std::size_t at = text.find(name); at != std::string_view::npos;
       at = text.find(name, at + 1)) {
    const std::size_t end = at + name.size();
    const bool starts = at == 0 || !is_name_byte(text[at - 1]);
    const bool ends = end == text.size() || !is_name_byte(text[end]) || text[end] == '.';
    if (starts && ends) return true;
  }
  return false;
}

// True when every other view of `waiting` that `view` reads has been made.
bool is_ready(const View& view, const std::vector<View>& waiting) {
  return std::ranges::none_of(waiting, [&](const View& other) {
    return other.name != view.name && mentions(view.text, other.name);
  });
}

// The program's views, each after those that it reads.
Result<std::vector<View>> views_in_order() {
  std::vector<View> waiting;
  for (const EmbeddedFile& file : sql_views()) {
    View view{.name = view_name(file.text), .sha256 = sha256_of(file.text), .text = file.text};
    if (view.name.empty()) {
      return fail(ErrorCode::kInternal, fmt::format("sql/{} makes no view", file.path));
    }
    waiting.push_back(std::move(view));
  }
  std::vector<View> ordered;
  while (!waiting.empty()) {
    const auto ready =
        std::ranges::find_if(waiting, [&](const View& view) { return is_ready(view, waiting); });
    if (ready == waiting.end()) {
      return fail(ErrorCode::kInternal, "views read each other in a circle");
    }
    ordered.push_back(std::move(*ready));
    waiting.erase(ready);
  }
  return ordered;
}

Result<bool> are_current(io::Connection& connection) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.execute(kRecorded));
  std::map<std::string, std::string, std::less<>> recorded;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    recorded.emplace(rows.text(row, 0), rows.text(row, 1));
  }
  std::map<std::string, std::string, std::less<>> wanted;
  for (const View& view : HOMEROOM_TRY(views_in_order())) wanted.emplace(view.name, view.sha256);
  return recorded == wanted;
}

std::vector<std::string> first_column(const io::QueryResult& rows) {
  std::vector<std::string> values;
  for (std::size_t row = 0; row < rows.num_rows(); ++row) values.emplace_back(rows.text(row, 0));
  return values;
}

Status check_dependents(io::Connection& connection) {
  const std::vector<std::string> others =
      first_column(HOMEROOM_TRY(connection.execute(kDependents)));
  if (others.empty()) return {};
  return fail(ErrorCode::kDatabase, "the report views cannot be renewed: other views stand on them",
              fmt::format("drop {} and make them again afterwards", join(others, ", ")));
}

Status remake(io::Connection& connection) {
  const DroppedViews dropped = HOMEROOM_TRY(drop_views(connection));
  return create_views(connection, dropped.grants);
}

}  // namespace

Result<DroppedViews> drop_views(io::Connection& connection) {
  HOMEROOM_TRY(connection.execute("set local role homeroom_owner"));
  DroppedViews dropped;
  const io::QueryResult views = HOMEROOM_TRY(connection.execute(kRecorded));
  if (views.num_rows() == 0) return dropped;
  dropped.had_any = true;
  const io::QueryResult grants = HOMEROOM_TRY(connection.execute(kGrants));
  for (std::size_t row = 0; row < grants.num_rows(); ++row) {
    dropped.grants.push_back(
        {.view = std::string(grants.text(row, 0)), .sql = std::string(grants.text(row, 1))});
  }
  HOMEROOM_TRY(check_dependents(connection));
  HOMEROOM_TRY(connection.execute("drop view if exists " + join(first_column(views), ", ")));
  HOMEROOM_TRY(connection.execute("delete from homeroom.engine_migration where kind = 'view'"));
  return dropped;
}

Status create_views(io::Connection& connection, const std::vector<ViewGrant>& grants) {
  const std::vector<View> views = HOMEROOM_TRY(views_in_order());
  for (const View& view : views) {
    HOMEROOM_TRY(connection.execute(std::string(view.text)));
    const std::array<io::Parameter, 2> values = {view.name, view.sha256};
    HOMEROOM_TRY(connection.query(
        "insert into homeroom.engine_migration (name, kind, sha256) values ($1, 'view', $2)",
        values));
  }
  for (const ViewGrant& grant : grants) {
    if (std::ranges::find(views, grant.view, &View::name) == views.end()) continue;
    HOMEROOM_TRY(connection.execute(grant.sql));
  }
  return {};
}

Status apply_views(io::Connection& connection) {
  if (HOMEROOM_TRY(are_current(connection))) return {};
  if (connection.is_in_transaction()) return remake(connection);
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(lock_install(connection));
  if (!HOMEROOM_TRY(are_current(connection))) HOMEROOM_TRY(remake(connection));
  return transaction.commit();
}

}  // namespace homeroom::migrate
