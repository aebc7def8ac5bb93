#!/usr/bin/env python3
"""Who may see what: the matrix, people's own logins, tokens, and what a hostile reader tries.

Expected rows are worked out here, from the tables as the administrator sees them, by other means
than the policies use.
"""

import csv
import unittest

from case import AccessTest
from district import HERE, TABLES, TODAY, YEAR, District, refused, sign_in
from hostile import HostileReader
from tokens import Tokens

# Their district is made by setUpModule of this module.
HostileReader.__module__ = Tokens.__module__ = __name__


def setUpModule():
    AccessTest.district = HostileReader.district = District()


def tearDownModule():
    AccessTest.district.stop()


class Matrix(AccessTest):
    def test_every_table_of_ours_has_its_line(self):
        with (HERE / "matrix.csv").open() as lines:
            named = {line["table"] for line in csv.DictReader(lines)}
        there = {name for (name,) in self.rows(
            "select c.oid::regclass::text from pg_class as c join pg_namespace as n on n.oid = "
            "c.relnamespace where n.nspname in ('data', 'history', 'homeroom', 'access', 'masked', "
            "'research', 'mart') and (c.relkind in ('r', 'p') or n.nspname in ('masked', 'research'))")}
        of_no_contract = {f"{place}.{name}" for (name,) in self.rows(
            "select relname from pg_class where relnamespace = 'data'::regnamespace and relkind in ('r', 'p') "
            "and relname not in (select table_name from access.column_class)")
            for place in ("data", "history")}
        self.assertIn("data.bus_routes", of_no_contract)
        self.assertEqual(there - of_no_contract - named, set())

    def test_postgresql_answers_it_and_what_was_broken_is_said(self):
        for sql in ("create policy other on data.students for select to homeroom_counselor using (true)",
                    "alter table data.enrollments disable row level security",
                    "grant delete on data.calendar to public",
                    "create view report.leaking as select s.student_id from data.students as s",
                    "alter view report.leaking owner to homeroom_owner",
                    "grant select on report.leaking to homeroom_reader"):
            self.rows(sql)
        try:
            document = self.district.json("access", "test", codes=(4,))
        finally:
            self.rows("drop view report.leaking")
            self.rows("drop policy other on data.students")
            self.rows("revoke delete on data.calendar from public")
            self.rows("alter table data.enrollments enable row level security")
        self.assertGreater(document["cells"], 12_000)
        found = {(d["table"], d["session"], d["action"], d["whose"]) for d in document["differences"]}
        # Without a policy for it, nobody deletes although it was granted.
        self.assertEqual(found - {cell for cell in found if cell[0] == "data.enrollments"},
                         {("data.students", "counselor", "select", "other")})
        self.assertIn(("data.enrollments", "principal", "select", "other"), found)
        self.assertIn(("data.enrollments", "former_teacher", "select", "own"), found)
        self.assertEqual(document["findings"], [
            "PUBLIC may delete: data.calendar",
            "has a policy that is not Homeroom's: data.students (other)",
            "has students, runs with its owner's rights, and others read it: report.leaking",
            "row security is off: data.enrollments"])

    def test_a_table_made_later_is_protected_as_it_is_made(self):
        self.rows("begin; set local role homeroom_owner; create table mart.later (student_id text collate "
                  "\"C\", school_id text collate \"C\"); insert into mart.later select student_id, school_id "
                  "from data.students; select access.protect('mart.later'); commit")
        try:
            self.assertEqual(self.ids("t_counselor", "mart.later"), set(self.district.caseload))
            with self.district.session("t_bi") as session:
                self.assertIn("nobody is signed in", refused(session, "select 1 from mart.later"))
        finally:
            self.rows("drop table mart.later")
        drop = self.district.folder / "buses.csv"
        drop.write_text("bus,rider\n1,Ada\n")
        self.district.run("run", drop)
        self.assertEqual(self.ids("t_steward", "data.buses", "rider"), {"Ada"})
        with self.district.session("t_admin") as session:
            self.assertIn("permission denied", refused(session, "select 1 from data.buses"))


class Scopes(AccessTest):
    def seats(self):
        """(teacher's number, student) of the sections that go on today."""
        sections = self.rows(
            "select section_id, teacher_id, term_start, term_end from data.sections "
            f"where school_year = {YEAR} and teacher_id is not null")
        going_on = {section: teacher for section, teacher, start, end in sections
                    if (start or TODAY) <= TODAY <= (end or TODAY)}
        return {(going_on[section], student) for section, student, start, end in self.rows(
            "select section_id, student_id, begin_date, end_date from data.section_enrollments "
            f"where school_year = {YEAR}")
            if section in going_on and (start or TODAY) <= TODAY <= (end or TODAY)}

    def test_a_teachers_list_is_her_sections_and_every_detail_agrees_with_it(self):
        mine = {student for teacher, student in self.seats() if teacher == self.district.teacher_id}
        self.assertGreater(len(mine), 5)
        self.assertEqual(self.ids("t_teacher"), mine)
        listed = ", ".join(f"'{student}'" for student in mine)
        sections = {"course_marks", "section_enrollments"}
        for table in TABLES:
            with self.subTest(table):
                of_year = "" if table in ("students", "assessment_results") else f" and school_year = {YEAR}"
                of_class = (" and section_id in (select n.section_id from data.sections as n where "
                            f"n.teacher_id = '{self.district.teacher_id}' and n.term_start <= '{TODAY}' "
                            f"and n.term_end >= '{TODAY}')" if table in sections else "")
                expected = int(self.rows(f"select count(*) from data.{table} where student_id in "
                                         f"({listed}){of_year}{of_class}")[0][0])
                with self.district.session("t_teacher") as session:
                    self.assertEqual(self.count(session, table), expected)
                    self.assertLessEqual(self.ids("t_teacher", f"data.{table}"), mine)
                with self.district.session("t_bi") as session:
                    sign_in(session, self.district.token(self.district.teacher))
                    self.assertEqual(self.count(session, table), expected)

    def test_each_teacher_sees_her_own_and_no_other_teachers(self):
        seats = self.seats()
        teachers = dict(self.rows(
            "select lower(email), staff_id from data.staff where email is not null "
            "and staff_id in (select teacher_id from data.sections) order by 1 limit 25"))
        for email, number in teachers.items():
            with self.subTest(email), self.district.session("t_bi") as session:
                token = self.rows(f"select access.issue_token('{email}', '1 minute')")[0][0]
                self.assertEqual(sign_in(session, token)[0], "t")
                seen = {student for (student,) in session.query("select student_id from data.students")}
                self.assertEqual(seen, {student for teacher, student in seats if teacher == number})

    def test_a_principal_sees_the_school_and_an_assistant_the_grades(self):
        school, grade = self.district.schools[0], self.district.grade
        now = self.rows(
            f"select student_id, grade_level from data.enrollments where school_id = '{school}' and "
            f"school_year = {YEAR} and entry_date <= '{TODAY}' and coalesce(exit_date, '{TODAY}') >= "
            f"'{TODAY}'")
        at_school = {student for (student,) in self.rows(
            f"select student_id from data.students where school_id = '{school}'")}
        self.assertEqual(self.ids("t_principal"), at_school | {student for student, _ in now})
        in_grade = {student for student, of_grade in now if of_grade == grade}
        self.assertGreater(len(in_grade), 0)
        self.assertLess(len(in_grade), len(now))
        self.assertEqual(self.ids("t_assistant"), in_grade)
        expected = int(self.rows(
            "select count(*) from data.attendance_daily where school_id = "
            f"'{school}' or student_id = any (array{[s for s, _ in now]})")[0][0])
        with self.district.session("t_principal") as session:
            self.assertEqual(self.count(session, "attendance_daily"), expected)

    def test_a_counselor_sees_the_caseload_and_a_district_administrator_everybody(self):
        self.assertEqual(self.ids("t_counselor"), set(self.district.caseload))
        everybody = {student for (student,) in self.rows("select student_id from data.students")}
        self.assertEqual(self.ids("t_admin"), everybody)

    def test_what_somebody_was_named_as_counselor_of_is_caseload(self):
        email, number = self.rows(
            "select lower(email), staff_id from data.staff where email is not null and staff_id <> "
            f"'{self.district.teacher_id}' order by 2 desc limit 1")[0]
        students = {student for (student,) in self.rows("select student_id from data.students limit 2")}
        listed = ", ".join(f"'{student}'" for student in students)
        self.rows(f"update data.students set counselor = '{email.upper()}' where student_id in ({listed})")
        try:
            found = {s for (s,) in self.rows(
                f"select student_id from access.caseload() where email = '{email}'")}
        finally:
            self.rows("update data.students set counselor = null")
        self.assertEqual(found, students)

    def test_who_leaves_the_roster_loses_access_with_that_commit(self):
        number = self.district.teacher_id
        with self.district.session("t_teacher") as teacher:
            before = self.count(teacher, "students")
            self.rows("begin")
            self.rows(f"update data.sections set teacher_id = null where teacher_id = '{number}'")
            self.assertEqual(self.count(teacher, "students"), before)
            self.rows("commit")
            try:
                for table in TABLES:
                    self.assertEqual(self.count(teacher, table), 0, table)
            finally:
                self.rows("update data.sections set teacher_id = h.teacher_id from (select section_id "
                          f"from data.sections where teacher_id is null) as g, (select '{number}' as "
                          "teacher_id) as h where data.sections.section_id = g.section_id")
            self.assertEqual(self.count(teacher, "students"), before)
            self.rows(f"update data.staff set status = 'inactive' where staff_id = '{number}'")
            self.assertEqual(teacher.query("select access.viewer()")[0][0], None)
            self.assertEqual(self.count(teacher, "students"), 0)
            self.rows(f"update data.staff set status = null where staff_id = '{number}'")

    def test_a_term_that_is_over_gives_nothing_and_a_new_year_begins_with_its_own_rosters(self):
        with self.district.session("t_teacher") as teacher:
            for day in ("2026-07-01", "2026-08-25", "2025-08-01"):
                self.rows(f"update access.setting set value = '{day}' where name = 'today'")
                self.assertEqual(self.count(teacher, "students"), 0, day)
            # The number of a section is taken again in the next year, for another class.
            section, student = self.rows(
                f"select section_id, min(student_id) from data.section_enrollments as e where section_id in "
                f"(select section_id from data.sections where teacher_id = '{self.district.teacher_id}') "
                "group by 1 order by 1 limit 1")[0]
            other = self.rows("select student_id from data.students where student_id not in (select "
                              "student_id from access.seat()) order by 1 limit 1")[0][0]
            self.rows(f"insert into data.staff_sections (school_year, staff_id, section_id, _run, _line) "
                      f"values ({YEAR + 1}, '{self.district.teacher_id}', '{section}', 1, 1)")
            self.rows(f"insert into data.section_enrollments (school_year, student_id, section_id, "
                      f"begin_date, _run, _line) values ({YEAR + 1}, '{other}', '{section}', '2026-08-20', 1, 1)")
            self.rows("update access.setting set value = '2026-08-25' where name = 'today'")
            self.assertEqual({s for (s,) in teacher.query("select student_id from data.students")}, {other})
            self.rows(f"delete from data.staff_sections where school_year = {YEAR + 1}")
            self.rows(f"delete from data.section_enrollments where school_year = {YEAR + 1}")
            self.rows(f"update access.setting set value = '{TODAY}' where name = 'today'")

    def test_a_permit_ends_when_it_is_revoked_or_its_day_is_over(self):
        email = self.district.people["t_principal"]
        granted = self.district.json("access", "grant", email, "principal", "--school",
                                     self.district.schools[1], "--why", "covers", "--until", "2099-01-31")
        with self.district.session("t_principal") as session:
            more = self.count(session, "students")
            listed = self.district.json("access", "list", email)["permits"]
            self.assertIn("2099-02-01", [p["until"][:10] for p in listed])
            self.district.run("access", "revoke", granted["permit"], "--why", "back")
            self.assertLess(self.count(session, "students"), more)
        self.district.run("access", "revoke", granted["permit"], "--why", "again", codes=(4,))

    def test_who_names_everybody_who_may_see_a_student(self):
        student = self.district.admin.query(
            f"select student_id from access.seat() where email = '{self.district.teacher}' limit 1")[0][0]
        people = self.district.json("access", "who", "--student", student)["people"]
        for login in self.district.people:
            sees = login not in ("t_steward", "t_researcher", "t_auditor", "t_security") and \
                student in self.ids(login)
            named = self.district.people[login] in {p["email"] for p in people}
            self.assertEqual(sees, named, login)


class WithoutIdentity(AccessTest):
    def columns(self, view):
        return {name for (name,) in self.rows(
            f"select attname from pg_attribute where attrelid = '{view}'::regclass and attnum > 0")}

    def test_a_data_steward_sees_all_rows_and_nobody(self):
        self.assertEqual(self.columns("masked.students") & {
            "student_id", "first_name", "last_name", "full_name", "birth_date", "email", "phone",
            "address", "meal_status", "homeless", "state_student_id"}, set())
        self.assertIn("birth_year", self.columns("masked.students"))
        with self.district.session("t_steward") as session:
            self.assertEqual(session.query("select count(*) from masked.students")[0][0], "150")
            self.assertIn("permission denied", refused(session, "select 1 from data.students"))
            rows = self.rows("select count(*) from data.bus_routes")[0][0]
            self.assertEqual(session.query("select count(*) from data.bus_routes")[0][0], rows)
        for login in ("t_admin", "t_principal", "t_teacher", "t_bi"):
            with self.district.session(login) as session:
                self.assertIn("permission denied", refused(session, "select 1 from data.bus_routes"))
                self.assertIn("permission denied", refused(session, "select 1 from masked.students"))

    def test_a_steward_reads_rows_that_wait_in_full_and_it_is_recorded(self):
        self.rows("begin; set local role homeroom_owner; insert into homeroom.pending_row (table_name, "
                  "run_id, line, content, waits_for) select 'course_marks', min(run_id), 2, "
                  "'{\"student_id\": \"9\"}', array['students'] from homeroom.run; commit")
        with self.district.session("t_steward") as session:
            self.assertIn("permission denied", refused(session, "select 1 from homeroom.pending_row"))
            self.assertEqual(session.query("select content from access.read_pending()"),
                             [('{"student_id": "9"}',)])
        read = self.rows("select viewer, subject from access.audit where kind = 'read' "
                         "order by audit_id desc limit 1")
        self.assertEqual(read, [(self.district.people["t_steward"], "homeroom.pending_row")])
        self.rows("delete from homeroom.pending_row")

    def test_research_has_pseudonyms_months_and_no_rare_values(self):
        with self.district.session("t_researcher") as session:
            self.assertEqual(session.query("select count(*) from research.students")[0][0], "0")
            self.assertEqual(session.query("select access.refresh_research()")[0][0], "150")
            self.assertEqual(session.query("select count(*), count(distinct student_code) "
                                           "from research.students")[0], ("150", "150"))
            # A value stands where ten students of the school and year have it.
            shown = dict(session.query("select race_ethnicity, count(*) from research.students "
                                       "where race_ethnicity is not null group by 1"))
            true = dict(self.rows("select race_ethnicity, count(*) from data.students group by 1"))
            self.assertLess(len(shown), len(true))
            for value, number in shown.items():
                self.assertEqual(number, true[value])
                self.assertGreaterEqual(int(number), 10)
            self.assertEqual(session.query("select count(*) from research.attendance_daily where "
                                           "extract(day from date) <> 1")[0][0], "0")
            joined = session.query("select count(*) from research.attendance_daily as a join "
                                   "research.students as s on s.student_code = a.student_code")[0][0]
            self.assertEqual(joined, self.rows("select count(*) from data.attendance_daily")[0][0])
            # Nothing turns a number into a code: who can would try every number.
            for sql in ("select 1 from access.pseudonym", "select access.hmac('a', 'b', 'c')",
                        "select 1 from access.project", "select 1 from data.students",
                        "select 1 from masked.students"):
                self.assertIn("permission denied", refused(session, sql) or "", sql)
        for view in ("students", "attendance_daily", "discipline_incidents", "student_demographics"):
            self.assertEqual(self.columns(f"research.{view}") & {
                "student_id", "state_student_id", "first_name", "last_name", "birth_date", "email",
                "comment", "description", "reason", "section_id", "reported_by", "homeroom",
                "counselor", "_run", "_line"}, set(), view)

    def test_codes_are_hmac_sha256_of_rfc_4231(self):
        for key, text, expected in (
                ("0b" * 20, "Hi There", "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"),
                (b"Jefe".hex(), "what do ya want for nothing?",
                 "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843")):
            self.assertEqual(self.rows(
                f"select encode(access.hmac('{text}', access.padded_key('\\x{key}', 54), "
                f"access.padded_key('\\x{key}', 92)), 'hex')")[0][0], expected)


class Rights(AccessTest):
    def test_only_a_security_administrator_grants_and_not_to_herself(self):
        other = self.district.people["t_auditor"]
        grant = f"select access.permit_person('{other}', 'district_admin', 'x')"
        for login in self.district.people:
            if login != "t_security":
                with self.district.session(login) as session:
                    self.assertIn("permission denied", refused(session, grant) or "", login)
        with self.district.session("t_security") as session:
            herself = self.district.people["t_security"]
            self.assertIn("nobody grants to themselves", refused(
                session, f"select access.permit_person('{herself}', 'district_admin', 'x')"))
            self.assertIn("permission denied", refused(session, "select 1 from data.students"))
            permit = session.query(grant)[0][0]
            self.assertEqual(session.query(
                f"select access.revoke_permit({permit}, 'x')")[0][0], "t")
        self.assertEqual(self.rows(
            "select kind, viewer, subject from access.audit order by audit_id desc limit 2"),
            [("revoke", herself, other), ("grant", herself, other)])

    def test_the_record_is_only_added_to(self):
        for sql in ("update access.audit set viewer = 'x'", "delete from access.audit",
                    "truncate access.audit", "delete from access.disclosure"):
            self.assertIn("are only added", refused(self.admin, sql))

    def test_what_a_command_line_lacks_is_said(self):
        for arguments, says in (
                (("grant", "x@y.example", "auditor", "--why", "w"), "nobody of the e-mail"),
                (("grant", self.district.teacher, "principal", "--school", "999", "--why", "w"),
                 "there is no school 999"),
                (("grant", self.district.teacher, "principal", "--why", "w"), "is permitted with --school"),
                (("login", "nobody", "--person", self.district.teacher, "--why", "w"),
                 "there is no login nobody")):
            finished = self.district.run("access", *arguments, codes=(2, 4))
            self.assertIn(says, finished.stderr)

    def test_opted_out_students_are_known_to_lists_that_leave(self):
        student = self.district.caseload[0]
        with self.district.session("t_admin") as session:
            session.query(f"select access.set_opt_out('{student}', true)")
            left = session.query("select count(*) from data.students where student_id not in "
                                 "(select access.opted_out())")[0][0]
            self.assertEqual(left, "149")
            session.query(f"select access.set_opt_out('{student}', false)")
            self.assertEqual(session.query("select count(*) from access.opted_out()")[0][0], "0")

    def test_a_disclosure_says_who_what_and_why(self):
        with self.district.session("t_admin") as session:
            number = session.query("select access.record_disclosure('State', 'report.x', 'audit', 3, 9)")[0][0]
        self.assertEqual(
            self.rows("select disclosed_by, recipient, what, purpose, num_students, num_rows from "
                      f"access.disclosure where disclosure_id = {number}"),
            [(self.district.people["t_admin"], "State", "report.x", "audit", "3", "9")])
        with self.district.session("t_bi") as session:
            self.assertIn("nobody is signed in", refused(
                session, "select access.record_disclosure('State', 'x', 'y', 1, 1)"))


class Naming(AccessTest):
    def test_a_bi_login_names_its_viewer_only_where_it_was_granted(self):
        email = self.district.people["t_principal"]
        ask = f"select is_signed_in, reason from access.assert_viewer('{email}')"
        with self.district.session("t_tableau") as session:
            self.assertEqual(session.query(ask), [("f", "this login may not name its viewer")])
            self.assertEqual(self.count(session, "students"), 0)
            self.district.run("access", "login", "t_tableau", "--names-viewer", "--why", "Tableau")
            self.assertEqual(session.query(ask), [("t", None)])
            self.assertGreater(self.count(session, "students"), 0)
            self.assertEqual(session.query("select is_signed_in from access.assert_viewer('x')"), [("f",)])
            self.assertEqual(self.count(session, "students"), 0)
        with self.district.session("t_bi") as session:
            self.assertEqual(session.query(ask)[0][0], "f")
        self.rows("select access.set_login('t_tableau', 'test')")
        kinds = [kind for (kind,) in self.rows(
            "select kind from access.audit where login = 't_tableau' order by audit_id")]
        self.assertEqual(kinds, ["assert_refused", "assert_viewer", "assert_refused"])


if __name__ == "__main__":
    unittest.main()
