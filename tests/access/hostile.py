"""What a reader with a BI login and SQL tries, to see a row that is not hers. docs/reference/access.md
tells what each attempt gives and what remains.
"""

import re
import unittest

from district import TABLES, DatabaseError, refused, sign_in

RAISES = """
create function pg_temp.tell(value text, hidden text) returns boolean language plpgsql cost 0.0000001 as $$
begin
    if value = hidden then
        raise exception 'leaked';
    end if;
    return true;
end $$
"""


class HostileReader(unittest.TestCase):
    district = None

    def setUp(self):
        self.admin = self.district.admin
        self.session = self.district.session("t_bi")
        self.addCleanup(self.session.close)
        # A student who is not of the principal's school: nobody below may see her.
        self.hidden, self.name = self.admin.query(
            "select student_id, last_name from data.students where student_id not in (select student_id "
            f"from data.enrollments where school_id = '{self.district.schools[0]}') and "
            f"school_id is distinct from '{self.district.schools[0]}' order by 1 limit 1")[0]

    def sign_in(self):
        self.assertEqual(sign_in(self.session, self.district.token(
            self.district.people["t_principal"]))[0], "t")

    def see_nothing(self, how):
        for table in TABLES:
            self.assertIn("nobody is signed in", refused(
                self.session, f"select count(*) from data.{table}") or "", (how, table))

    def is_quiet(self, sql, why=None):
        """Nothing comes of it: no row is touched where nobody is signed in, no error else."""
        said = refused(self.session, sql)
        if said:
            self.assertIn("nobody is signed in", said, why)

    def test_settings_say_nothing(self):
        email = self.district.people["t_admin"]
        for name in ("access.viewer", "access.email", "homeroom.viewer", "app.user", "request.jwt.claims",
                     "myapp.person"):
            self.session.query(f"select set_config('{name}', '{email}', false)")
        self.see_nothing("settings")
        self.session.query("set timezone = 'Pacific/Kiritimati'")
        self.see_nothing("timezone")

    def test_roles_cannot_be_taken(self):
        for role in ("homeroom_owner", "homeroom_loader", "homeroom_admin", "homeroom_district_admin",
                     "homeroom_teacher", "t_admin"):
            self.assertIn("permission denied", refused(self.session, f"set role {role}"), role)
            self.assertIn("permission denied", refused(self.session, f"set session authorization {role}"))
            self.assertIn("permission denied",
                          refused(self.session, f"select set_config('role', '{role}', false)"))
        self.session.query("reset role; reset session authorization")
        self.see_nothing("reset")

    def test_row_security_cannot_be_turned_off(self):
        self.session.query("set row_security = off")
        self.assertIn("would be affected by row-level security",
                      refused(self.session, "select 1 from data.students"))

    def test_nothing_can_be_made(self):
        for sql in ("create function public.f() returns int language sql as 'select 1'",
                    "create temp table t (a int)", "create temp view v as select 1",
                    "create table report.t (a int)", "create schema s", RAISES,
                    "create function access.f() returns int language sql as 'select 1'"):
            self.assertIn("permission denied", refused(self.session, sql) or "", sql)

    def test_a_cheap_function_of_her_own_is_asked_after_the_policy(self):
        # As in a database that other programs share, where temporary objects are everybody's.
        self.admin.query("grant temporary on database postgres to t_bi")
        try:
            with self.district.session("t_bi") as self.session:
                self.session.query(RAISES)
                self.is_quiet(f"select 1 from data.students where pg_temp.tell(last_name, '{self.name}')")
                self.sign_in()
                self.assertIsNone(refused(
                    self.session, f"select 1 from data.students where pg_temp.tell(student_id, '{self.hidden}')"))
        finally:
            self.admin.query("revoke temporary on database postgres from t_bi")

    def test_errors_tell_nothing(self):
        for _ in range(2):
            for condition in (
                    f"1 / (case when student_id = '{self.hidden}' then 0 else 1 end) = 1",
                    f"(case when student_id = '{self.hidden}' then 'x' else '1' end)::int = 1",
                    f"repeat('x', case when student_id = '{self.hidden}' then 2000000000 else 1 end) <> ''"):
                self.is_quiet("select 1 from data.students as s where " + condition, condition)
                self.is_quiet("select 1 from data.attendance_daily as a join data.students as s using "
                              f"(student_id) where {condition.replace('student_id', 's.student_id')}")
            self.sign_in()

    def test_rows_cannot_be_addressed_by_place_and_not_copied(self):
        self.sign_in()
        ctids = ", ".join(f"'{c}'::tid" for (c,) in self.admin.query(
            f"select ctid from data.students where student_id = '{self.hidden}'"))
        self.assertEqual(self.session.query(
            f"select 1 from data.students where ctid = any (array[{ctids}])"), [])
        toast = self.admin.query("select t.relname from pg_class as c join pg_class as t on t.oid = "
                                 "c.reltoastrelid where c.oid = 'data.students'::regclass")[0][0]
        self.assertIn("permission denied", refused(self.session, f"select 1 from pg_toast.{toast}"))
        self.assertIn("permission denied", refused(
            self.session, "select 1 from parts.attendance_daily_2026"))

    def test_statistics_of_columns_are_hidden(self):
        self.admin.query("analyze data.students; analyze data.attendance_daily")
        self.assertNotEqual(self.admin.query("select 1 from pg_stats where schemaname = 'data'"), [])
        self.sign_in()
        self.assertEqual(self.session.query(
            "select tablename, attname from pg_stats where schemaname in ('data', 'parts', 'history', 'mart')"
            " and tablename not in ('schools', 'courses', 'calendar', 'sections')"), [])
        self.assertIn("permission denied", refused(self.session, "select 1 from pg_statistic"))

    def plan(self, sql):
        return "\n".join(line for (line,) in self.session.query(f"explain {sql}"))

    def test_estimates_do_not_tell_whether_a_student_is_there(self):
        self.admin.query("analyze data.students")
        self.sign_in()
        for condition in ("student_id = '{}'", "state_student_id = '{}'", "last_name like '{}%'",
                          "last_name ~ '^{}'", "lower(last_name) = '{}'"):
            value = self.name if "last" in condition else self.hidden
            there = self.plan("select 1 from data.students where " + condition.format(value))
            absent = self.plan("select 1 from data.students where " + condition.format(
                "9" * len(value) if "student" in condition else "Q" * len(value)))
            rows = [re.findall(r"rows=(\d+)", plan) for plan in (there, absent)]
            self.assertEqual(rows[0], rows[1], condition)

    def test_where_nobody_is_signed_in_nothing_is_planned(self):
        for table in TABLES:
            for explain in ("explain", "explain analyze", "explain (generic_plan)", ""):
                said = refused(self.session, f"{explain} select 1 from data.{table} where student_id = "
                                             f"'{self.hidden}'")
                self.assertRegex(said, "nobody is signed in|unrecognized EXPLAIN option", (table, explain))

    def test_statements_of_others_are_hidden(self):
        with self.district.session("t_admin") as other:
            other.query(f"select 1 from data.students where student_id = '{self.hidden}'")
            texts = self.session.query("select query from pg_stat_activity where usename <> 't_bi'")
        self.assertEqual({text for (text,) in texts} - {"<insufficient privilege>", None, ""}, set())

    def test_what_the_owner_calls_is_not_for_her(self):
        for sql in ("select 1 from access.seat()", "select 1 from access.caseload()",
                    "select 1 from access.who('x')", "select 1 from as_of.students()",
                    "select 1 from homeroom.explain('students', 'x')", "select access.protect('data.students')",
                    "select 1 from homeroom.run", "select 1 from access.permit",
                    "select 1 from access.session", "select access.record('x', 'y')",
                    "select access.is_live('x')", "select pg_read_file('/etc/passwd')",
                    "select nextval('access.audit_audit_id_seq')"):
            self.assertIn("permission denied", refused(self.session, sql) or "", sql)
        self.assertEqual(self.session.query("select access.class_list(), access.own_schools()"), [("{}", "{}")])

    def test_a_prepared_statement_asks_anew(self):
        self.sign_in()
        self.session.query("prepare mine as select count(*) from data.students")
        for _ in range(8):  # until the plan is kept
            self.assertGreater(int(self.session.query("execute mine")[0][0]), 0)
        self.session.query("select access.sign_out()")
        self.assertEqual(self.session.query("execute mine"), [("0",)])
        self.session.query("deallocate mine")
        self.see_nothing("signed out")

    def test_only_what_is_published_is_left_where_nobody_is_signed_in(self):
        self.assertNotEqual(self.session.query("select 1 from report.attendance_rate_by_school"), [])
        for place in ("data", "history", "mart"):
            for (name,) in self.admin.query(
                    f"select c.oid::regclass from pg_class as c where c.relnamespace = '{place}'::regnamespace "
                    "and c.relkind in ('r', 'p') and c.relname not like 'published%'"):
                said = refused(self.session, f"select 1 from {name} limit 1")
                if said is None:
                    self.assertEqual(self.session.query(f"select 1 from {name} limit 1"), [], name)

    def test_somebody_with_no_role_sees_nothing_and_cannot_sign_in(self):
        with self.assertRaisesRegex(DatabaseError, "permission denied for database"):
            self.district.session("t_stranger")
        self.admin.query("grant connect on database postgres to t_stranger")
        with self.district.session("t_stranger") as stranger:
            for sql in ("select 1 from data.students", "select 1 from report.attendance_rate_by_school",
                        "select 1 from access.sign_in('x')", "select access.viewer()"):
                self.assertIn("permission denied", refused(stranger, sql), sql)
