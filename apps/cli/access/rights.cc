#include "access/rights.h"

#include <algorithm>
#include <array>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "access/open.h"
#include "base/text.h"
#include "run/report.h"
#include "terminal.h"

namespace homeroom::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kGrant = R"(
select access.permit_person(
    of_email => $1,
    as_role => $2,
    why => $3,
    of_school => nullif($4, ''),
    of_grades => string_to_array(nullif($5, ''), '-'),
    of_section => nullif($6, ''),
    of_student => nullif($7, ''),
    of_project => nullif($8, ''),
    until => {},
    by_whom => $10
)
)";

// The end of the day that a parameter says, where the district is; '': null.
std::string end_of_day(std::string_view parameter) {
  return fmt::format(
      "(nullif({}, '')::date + 1)::timestamp at time zone (select s.value from access.setting as s "
      "where s.name = 'zone')",
      parameter);
}

constexpr const char* kPermits = R"(
select
    p.permit_id,
    p.email,
    p.role,
    concat_ws(', ',
        'school ' || p.school_id,
        'grades ' || p.from_grade || '-' || p.to_grade,
        'section ' || p.section_id,
        'student ' || p.student_id,
        'project ' || p.project),
    coalesce(to_char(p.ends_at, 'YYYY-MM-DD HH24:MI'), ''),
    p.granted_by,
    to_char(p.granted_at, 'YYYY-MM-DD'),
    p.reason,
    case
        when p.revoked_at is not null then 'revoked by ' || p.revoked_by
        when p.ends_at <= clock_timestamp() then 'ended'
        when not access.is_live(p.email) then 'not here any more'
        else 'stands'
    end
from access.permit as p
where ($1 = '' or p.email = lower($1))
    and ($2 or (p.revoked_at is null and (p.ends_at is null or p.ends_at > clock_timestamp())))
order by p.email, p.permit_id
)";

// One value of one row.
Result<std::string> ask(io::Connection& connection, const std::string& sql,
                        std::span<const io::Parameter> values) {
  const io::QueryResult rows = HOMEROOM_TRY(connection.query(sql, values));
  return std::string(rows.text(0, 0));
}

Result<bool> is_there(io::Connection& connection, const std::string& condition,
                      const std::string& value) {
  const std::array<io::Parameter, 1> values = {value};
  return HOMEROOM_TRY(ask(connection, "select " + condition, values)) == "t";
}

Status refuse_unknown(std::string_view what, const std::string& name, std::string_view hint) {
  return fail(ErrorCode::kInvalidInput, fmt::format("there is no {} {}", what, printable(name)),
              std::string(hint));
}

// What each role's permit has to say, and may.
Status check_scope(const AccessFlags& flags) {
  const bool has_school = !flags.school.empty();
  const bool has_student = !flags.student.empty();
  std::string_view needs;
  if (flags.role == "teacher" && flags.section.empty()) needs = "--section";
  if (flags.role == "principal" && !has_school) needs = "--school";
  if (flags.role == "counselor" && has_school == has_student) needs = "--school or --student";
  if (flags.role == "researcher" && flags.project.empty()) needs = "--project";
  if (!needs.empty()) {
    return fail(ErrorCode::kConfig, fmt::format("a {} is permitted with {}", flags.role, needs),
                fmt::format("homeroom access grant {} {} {} ...", flags.who, flags.role, needs));
  }
  const bool takes_school =
      flags.role == "teacher" || flags.role == "principal" || flags.role == "counselor";
  const bool says_too_much = (has_school && !takes_school) ||
                             (!flags.grades.empty() && !has_school) ||
                             (!flags.section.empty() && flags.role != "teacher") ||
                             (has_student && flags.role != "counselor") ||
                             (!flags.project.empty() && flags.role != "researcher");
  if (!says_too_much) return {};
  return fail(ErrorCode::kConfig, fmt::format("a permit as {} has no such scope", flags.role),
              "`homeroom access grant --help` says which scope goes with which role");
}

Status check_named(io::Connection& connection, const AccessFlags& flags) {
  if (!flags.school.empty() &&
      !HOMEROOM_TRY(is_there(connection,
                             "exists (select from data.schools as s where s.school_id = $1)",
                             flags.school))) {
    return refuse_unknown("school", flags.school, "data.schools lists them by school_id");
  }
  if (!flags.section.empty() &&
      !HOMEROOM_TRY(is_there(connection,
                             "exists (select from data.sections as s where s.section_id = $1 "
                             "and s.school_year = access.school_year())",
                             flags.section))) {
    return refuse_unknown("section of this school year", flags.section,
                          "data.sections lists them by section_id");
  }
  if (!flags.student.empty() &&
      !HOMEROOM_TRY(is_there(connection,
                             "exists (select from data.students as s where s.student_id = $1)",
                             flags.student))) {
    return refuse_unknown("student", flags.student, "data.students lists them by student_id");
  }
  if (!flags.project.empty() &&
      !HOMEROOM_TRY(is_there(connection,
                             "exists (select from access.project as p where p.project = $1)",
                             flags.project))) {
    return refuse_unknown("project", flags.project,
                          "homeroom access project NAME --about TEXT makes one");
  }
  const std::vector<std::string_view> ends = split(flags.grades, '-');
  const bool has_grades = flags.grades.empty() || ends.size() == 2;
  if (has_grades && (flags.grades.empty() ||
                     HOMEROOM_TRY(is_there(connection,
                                           "coalesce(access.grade_rank(split_part($1, '-', 1)) <= "
                                           "access.grade_rank(split_part($1, '-', 2)), false)",
                                           flags.grades)))) {
    return {};
  }
  return fail(ErrorCode::kConfig, "--grades takes a lowest and a highest grade",
              "as in --grades 09-12; the grades are PK TK KG 01 ... 12");
}

// People who are in data.staff, or who are entered now.
Status check_person(io::Connection& connection, const AccessFlags& flags, const Context& context) {
  if (!flags.outsider.empty()) {
    const std::array<io::Parameter, 5> values = {flags.who, flags.reason, flags.outsider,
                                                 flags.until, context.user};
    HOMEROOM_TRY(connection.query(
        fmt::format("select access.add_outsider($1, $2, $3, {}, $5)", end_of_day("$4")), values));
    return {};
  }
  if (HOMEROOM_TRY(is_there(connection, "access.is_live(lower($1))", flags.who))) return {};
  return fail(ErrorCode::kInvalidInput,
              fmt::format("nobody of the e-mail {} works here", printable(flags.who)),
              "data.staff has nobody active with it; a person from outside is entered with "
              "--outsider \"NAME\"");
}

void print_document(const Json& document) {
  fmt::print("{}\n",
             document.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace));
}

Json rows_as_json(const io::QueryResult& rows, std::span<const std::string_view> names) {
  Json list = Json::array();
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    Json one;
    for (std::size_t i = 0; i < names.size(); ++i) {
      one[std::string(names[i])] = std::string(rows.text(row, i));
    }
    list.push_back(std::move(one));
  }
  return list;
}

std::string rows_as_text(const Context& context, const io::QueryResult& rows,
                         std::span<const std::string_view> headings) {
  std::vector<Table::Column> columns;
  for (const std::string_view heading : headings) {
    columns.push_back({.heading = std::string(heading), .align = Table::Align::kLeft});
  }
  Table table(std::move(columns));
  for (std::size_t row = 0; row < rows.num_rows(); ++row) {
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < headings.size(); ++i) cells.push_back(printable(rows.text(row, i)));
    table.add(std::move(cells));
  }
  return table.text(context, "");
}

}  // namespace

Status grant(const Context& context, const AccessFlags& flags) {
  HOMEROOM_TRY(check_scope(flags));
  AccessSession session = HOMEROOM_TRY(open_access(context));
  io::Connection& connection = *session.connection;
  io::Transaction transaction = HOMEROOM_TRY(io::Transaction::begin(connection));
  HOMEROOM_TRY(check_named(connection, flags));
  HOMEROOM_TRY(check_person(connection, flags, context));
  const std::array<io::Parameter, 10> values = {
      flags.who,     flags.role,    flags.reason,  flags.school, flags.grades,
      flags.section, flags.student, flags.project, flags.until,  context.user};
  const std::string id =
      HOMEROOM_TRY(ask(connection, fmt::format(kGrant, end_of_day("$9")), values));
  HOMEROOM_TRY(transaction.commit());
  if (context.is_json) {
    print_document({{"schema_version", run::kReportSchemaVersion},
                    {"permit", std::stoll(id)},
                    {"email", flags.who},
                    {"role", flags.role},
                    {"until", flags.until}});
    return {};
  }
  fmt::print(
      "Permit {}: {} is {} {}.\n"
      "Next:\n"
      "  homeroom access token {}    signs them in where they have no login of their own\n"
      "  homeroom access revoke {}   takes it back at once\n",
      id, printable(flags.who), flags.role,
      flags.until.empty() ? "until it is revoked" : "to the end of " + flags.until,
      printable(flags.who), id);
  return {};
}

Status revoke(const Context& context, const AccessFlags& flags) {
  AccessSession session = HOMEROOM_TRY(open_access(context));
  const bool is_number =
      std::ranges::all_of(flags.who, [](char c) { return c >= '0' && c <= '9'; });
  const std::array<io::Parameter, 3> values = {flags.who, flags.reason, context.user};
  const std::string num_revoked = HOMEROOM_TRY(ask(
      *session.connection,
      fmt::format("select count(*) filter (where access.revoke_permit(p.permit_id, $2, $3)) from "
                  "access.permit as p where p.revoked_at is null and {}",
                  is_number ? "p.permit_id = $1::bigint" : "p.email = lower($1)"),
      values));
  if (num_revoked == "0") {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("no permit of {} stands", printable(flags.who)),
                "`homeroom access list` shows those that do; what the rosters give ends when the "
                "roster says so");
  }
  if (context.is_json) {
    print_document(
        {{"schema_version", run::kReportSchemaVersion}, {"revoked", std::stoll(num_revoked)}});
    return {};
  }
  fmt::print("{} revoked, in open sessions too.\n", counted(std::stoull(num_revoked), "permit"));
  return {};
}

Status list_permits(const Context& context, const AccessFlags& flags) {
  AccessSession session = HOMEROOM_TRY(open_access(context));
  const std::array<io::Parameter, 2> values = {flags.who, flags.with_ended ? "t" : "f"};
  const io::QueryResult permits = HOMEROOM_TRY(session.connection->query(kPermits, values));
  const io::QueryResult logins = HOMEROOM_TRY(session.connection->execute(
      "select l.login, coalesce(l.email, ''), case when l.may_assert_viewer then 'may name its "
      "viewer' else 'its own person''s' end, l.reason from access.login as l order by l.login"));
  const io::QueryResult rosters = HOMEROOM_TRY(session.connection->execute(
      "select count(distinct a.email) from access.current_assignment() as a"));
  if (context.is_json) {
    constexpr std::string_view kNames[] = {"permit", "email",      "role",   "scope", "until",
                                           "by",     "granted_on", "reason", "state"};
    constexpr std::string_view kLoginNames[] = {"login", "email", "kind", "reason"};
    print_document({{"schema_version", run::kReportSchemaVersion},
                    {"permits", rows_as_json(permits, kNames)},
                    {"logins", rows_as_json(logins, kLoginNames)},
                    {"teachers_by_roster", rosters.integer(0, 0)}});
    return {};
  }
  constexpr std::string_view kHeadings[] = {"PERMIT", "WHO", "AS",  "SCOPE", "UNTIL",
                                            "BY",     "ON",  "WHY", "STATE"};
  if (permits.num_rows() == 0) {
    fmt::print("No permit stands.\n");
  } else {
    fmt::print("{}", rows_as_text(context, permits, kHeadings));
  }
  fmt::print("{} by the rosters of the current term.\n",
             counted(static_cast<std::uint64_t>(rosters.integer(0, 0)), "teacher"));
  constexpr std::string_view kLoginHeadings[] = {"LOGIN", "PERSON", "IS", "WHY"};
  if (logins.num_rows() > 0) {
    fmt::print("\n{}", rows_as_text(context, logins, kLoginHeadings));
  }
  return {};
}

Status list_who(const Context& context, const AccessFlags& flags) {
  AccessSession session = HOMEROOM_TRY(open_access(context));
  HOMEROOM_TRY(check_named(*session.connection, flags));
  const std::array<io::Parameter, 2> values = {flags.student, flags.school};
  const io::QueryResult rows = HOMEROOM_TRY(
      session.connection->query("select w.email, w.role, w.via, coalesce(w.ends_at::text, '') from "
                                "access.who(nullif($1, ''), nullif($2, '')) as w",
                                values));
  if (context.is_json) {
    constexpr std::string_view kNames[] = {"email", "role", "via", "until"};
    print_document({{"schema_version", run::kReportSchemaVersion},
                    {"student", flags.student},
                    {"school", flags.school},
                    {"people", rows_as_json(rows, kNames)}});
    return {};
  }
  if (rows.num_rows() == 0) {
    fmt::print("Nobody but the loader and administrators of the database.\n");
    return {};
  }
  constexpr std::string_view kHeadings[] = {"WHO", "AS", "BY", "UNTIL"};
  fmt::print("{}", rows_as_text(context, rows, kHeadings));
  return {};
}

Status issue_token(const Context& context, const AccessFlags& flags) {
  AccessSession session = HOMEROOM_TRY(open_access(context));
  HOMEROOM_TRY(check_person(*session.connection, flags, context));
  const std::string minutes = std::to_string(flags.minutes);
  const std::array<io::Parameter, 4> values = {flags.who, minutes, flags.person,
                                               flags.is_for_one_use ? "t" : "f"};
  const std::string token = HOMEROOM_TRY(
      ask(*session.connection,
          "select access.issue_token($1, make_interval(mins => $2::integer), nullif($3, ''), "
          "$4::boolean)",
          values));
  if (context.is_json) {
    print_document({{"schema_version", run::kReportSchemaVersion},
                    {"token", token},
                    {"email", flags.who},
                    {"minutes", flags.minutes}});
    return {};
  }
  fmt::print("{}\n", token);
  if (!context.is_quiet) {
    fmt::print(stderr,
               "Good for {}. Whoever has it is {} to the database: select * from "
               "access.sign_in('TOKEN')\n",
               counted(static_cast<std::uint64_t>(flags.minutes), "minute"), printable(flags.who));
  }
  return {};
}

Status set_login(const Context& context, const AccessFlags& flags) {
  if (!flags.is_forgotten && flags.person.empty() && !flags.may_assert) {
    return fail(ErrorCode::kConfig, "it is not said what the login is",
                "say --person EMAIL, --names-viewer or --forget");
  }
  AccessSession session = HOMEROOM_TRY(open_access(context));
  io::Connection& connection = *session.connection;
  const bool is_login = HOMEROOM_TRY(is_there(
      connection, "exists (select from pg_roles as r where r.rolname = $1 and r.rolcanlogin)",
      flags.who));
  if (!is_login && !flags.is_forgotten) {
    return refuse_unknown("login", flags.who,
                          "an administrator makes it: create role NAME login password '...'");
  }
  const std::array<io::Parameter, 5> values = {
      flags.who, flags.reason,
      flags.is_forgotten || flags.person.empty() ? std::nullopt : io::Parameter(flags.person),
      flags.may_assert && !flags.is_forgotten ? "t" : "f", context.user};
  HOMEROOM_TRY(connection.query("select access.set_login($1, $2, $3, $4::boolean, $5)", values));
  if (context.is_json) {
    print_document({{"schema_version", run::kReportSchemaVersion}, {"login", flags.who}});
    return {};
  }
  if (flags.is_forgotten) {
    fmt::print("{} is nobody's and names nobody.\n", printable(flags.who));
  } else if (flags.may_assert) {
    fmt::print(
        "{0} may name its viewer. Whoever has its password can name anyone, and sees what they "
        "see.\nNext: an administrator runs: grant homeroom_bi_reader to {0};\n",
        printable(flags.who));
  } else {
    fmt::print(
        "{0} is the login of {1}.\nNext: an administrator grants it a role: grant homeroom_teacher "
        "to {0};\n",
        printable(flags.who), printable(flags.person));
  }
  return {};
}

Status make_project(const Context& context, const AccessFlags& flags) {
  AccessSession session = HOMEROOM_TRY(open_access(context));
  if (HOMEROOM_TRY(is_there(*session.connection,
                            "exists (select from access.project as p where p.project = $1)",
                            flags.who))) {
    return fail(ErrorCode::kInvalidInput,
                fmt::format("there is a project {} already", printable(flags.who)),
                "its key cannot be made anew: its pseudonyms would change; take another name");
  }
  const std::string cell = std::to_string(flags.min_cell);
  const std::array<io::Parameter, 4> values = {flags.who, flags.about, cell, context.user};
  HOMEROOM_TRY(
      session.connection->query("select access.make_project($1, $2, $3::integer, $4)", values));
  if (context.is_json) {
    print_document({{"schema_version", run::kReportSchemaVersion}, {"project", flags.who}});
    return {};
  }
  fmt::print(
      "Project {0} has its key.\nNext:\n  homeroom access grant EMAIL researcher --project {0} "
      "--outsider \"NAME\" --why TEXT\n",
      printable(flags.who));
  return {};
}

}  // namespace homeroom::cli
