"""A small district in a PostgreSQL of its own, and people who log in to it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sweep"))

from libpq import DatabaseError, Session
from server import Server

PROGRAM = os.environ.get("HOMEROOM_PROGRAM", str(HERE.parents[1] / "build" / "dev" / "homeroom"))
TODAY = "2025-11-05"
YEAR = 2026
# Login: its groups, and the role of the person whose it is.
LOGINS = {
    "t_teacher": "homeroom_teacher",
    "t_counselor": "homeroom_counselor",
    "t_principal": "homeroom_principal",
    "t_assistant": "homeroom_principal",
    "t_admin": "homeroom_district_admin",
    "t_steward": "homeroom_data_steward",
    "t_researcher": "homeroom_researcher",
    "t_auditor": "homeroom_auditor",
    "t_security": "homeroom_security_admin",
    "t_bi": "homeroom_bi_reader",
    "t_tableau": "homeroom_bi_reader",
}
TABLES = ["students", "enrollments", "section_enrollments", "attendance_daily", "course_marks",
          "assessment_results", "discipline_incidents", "discipline_actions"]


class District:
    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="homeroom-access-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.server = Server(self.folder / "pg")
        drop = self.folder / "drop"
        self.run("sample", "--out", drop, "--students", "150")
        self.run("run", drop, codes=(0, 3))
        self.admin = Session(self.server.url())
        self.admin.query(f"insert into access.setting values ('today', '{TODAY}', 'test')")
        self.admin.query("update access.setting set value = 'America/New_York' where name = 'zone'")
        self.choose_people()
        for login, group in LOGINS.items():
            self.admin.query(f"create role {login} login in role {group}")
        self.admin.query("create role t_stranger login")
        for login, email in self.people.items():
            self.admin.query(f"select access.set_login('{login}', 'test', '{email}', by_whom => 'Test')")

    def choose_people(self):
        """The teacher with the most students, and permits for the others."""
        self.teacher, self.teacher_id = self.admin.query(
            "select lower(s.email), s.staff_id from data.staff as s join data.sections as n "
            "on n.teacher_id = s.staff_id join data.section_enrollments as e "
            "on e.section_id = n.section_id group by 1, 2 order by count(distinct e.student_id) desc, 1 "
            "limit 1")[0]
        self.schools = [school for (school,) in self.admin.query(
            "select school_id from data.enrollments group by 1 order by count(*) desc, 1")]
        self.caseload = [student for (student,) in self.admin.query(
            "select student_id from data.students order by md5(student_id) limit 3")]
        self.grade = self.admin.query("select min(grade_level) from data.enrollments where school_id = "
                                      f"'{self.schools[0]}'")[0][0]
        self.people = {"t_teacher": self.teacher}
        for login in LOGINS:
            if login not in ("t_teacher", "t_bi", "t_tableau"):
                self.people[login] = f"{login}@outside.example"
        self.admin.query("select access.make_project('reading', 'test', 10, 'Test')")
        for login, role, scope in (
                *(("t_counselor", "counselor", f"of_student => '{student}'") for student in self.caseload),
                ("t_principal", "principal", f"of_school => '{self.schools[0]}'"),
                ("t_assistant", "principal",
                 f"of_school => '{self.schools[0]}', of_grades => array['{self.grade}', '{self.grade}']"),
                ("t_admin", "district_admin", ""), ("t_steward", "data_steward", ""),
                ("t_researcher", "researcher", "of_project => 'reading'"),
                ("t_auditor", "auditor", ""), ("t_security", "security_admin", "")):
            email = self.people[login]
            self.admin.query(f"select access.add_outsider('{email}', 'test', '{login}')")
            self.admin.query(f"select access.permit_person('{email}', '{role}', 'test', by_whom => 'Test'"
                             f"{', ' if scope else ''}{scope})")

    def run(self, *arguments, codes=(0,)):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HOMEROOM_")}
        command = [PROGRAM, *map(str, arguments)]
        if arguments[0] != "sample":
            command += ["--db", self.server.url()]
        if arguments[0] == "run":
            command += ["--data", self.folder / "data"]
        finished = subprocess.run(command, capture_output=True, text=True, env=environment,
                                  stdin=subprocess.DEVNULL)
        if finished.returncode not in codes:
            raise AssertionError(f"{arguments}: {finished.returncode} {finished.stderr}")
        return finished

    def json(self, *arguments, codes=(0,)):
        return json.loads(self.run(*arguments, "--json", codes=codes).stdout)

    def session(self, login):
        return Session(self.server.url().replace("homeroom_admin@", f"{login}@"))

    def token(self, email, *more):
        return self.run("access", "token", email, *more).stdout.strip()

    def stop(self):
        self.admin.close()
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def refused(session, sql):
    """What PostgreSQL says to a statement that it refuses; None when it does not."""
    try:
        session.query(sql)
    except DatabaseError as error:
        return str(error)
    return None


def sign_in(session, token, *more):
    """(is_signed_in, viewer, reason)"""
    arguments = ", ".join([f"'{token}'", *more])
    return session.query(f"select is_signed_in, viewer, reason from access.sign_in({arguments})")[0]
