"""Random files of a district with two schools: students, enrollments, visits. See history_model.py."""

import dataclasses
import datetime

from history_model import File, Line

FIRST_DAY = datetime.date(2025, 9, 1)
CONTRACT = """apiVersion: v3.1.0
kind: DataContract
id: two_schools.enrollments
name: enrollments
version: 1.0.0
status: active
schema:
  - name: enrollments
    customProperties:
      - {property: homeroom.writeMode, value: snapshot}
      - {property: homeroom.loadChecks, value: {volume: {severity: off}}}
    properties:
      - {name: student_id, relationships: []}
      - {name: school_id, primaryKey: false}
      - {name: entry_date, primaryKey: false}
"""
SCHOOLS = ("010", "020")
GUARDED = 14  # students of a school at first: closing ten of them is half a file


def date_of(day):
    return (FIRST_DAY + datetime.timedelta(days=day)).isoformat()


def seconds_of(day):
    return int(datetime.datetime.fromisoformat(date_of(day) + "T12:00:00+00:00").timestamp())


def named(source, table, day, is_dated):
    name = f"{table}_{date_of(day)}.csv" if is_dated else f"{table}.csv"
    return {"path": f"{source}/{name}", "kind": f"{table}_#" if is_dated else table,
            "day": day if is_dated else 0}


def text_of(headers, rows):
    lines = [",".join(headers)] + [",".join(value or "" for value in row) for row in rows]
    return "\n".join(lines) + "\n"


class Files:
    """The schools as they change from file to file, and what they export."""

    def __init__(self, random):
        self.random = random
        self.today = 20
        students = [f"{number:03}" for number in range(1, 2 * GUARDED + 1)]
        self.stints = {student: [SCHOOLS[i // GUARDED], "2025-08-20", None]
                       for i, student in enumerate(students)}

    def chance(self, percent):
        return self.random.random() * 100 < percent

    def any_file(self):
        make = self.random.choices((self.students, self.enrollments, self.visits), (30, 45, 25))[0]
        return make(self.today, self.today)

    def late_file(self):
        """Of an earlier day by its name, or changed on an earlier day."""
        earlier = self.random.randint(1, self.today - 1)
        make = self.random.choices((self.students, self.enrollments, self.visits), (60, 25, 15))[0]
        return make(earlier, earlier if self.chance(50) else self.today)

    def students(self, day, changed):
        pick, has_bus = self.random, self.chance(25)
        headers = ["Student ID", "Last Name", "Grade Level"] + ["Bus"] * has_bus
        columns = ["student_id", "last_name", "grade_level"] + ["bus"] * has_bus
        rows = [[f"{number}", pick.choice(("Hopper", "Noether", "Lovelace")), pick.choice(("05", "06"))]
                + [pick.choice(("B1", "B2", None))] * has_bus
                for number in range(901, 911) if number == 901 or self.chance(45)]
        return self._file("students", named("sis", "students", day, self.chance(60)), changed, headers,
                          columns, rows)

    def enrollments(self, day, changed):
        """A snapshot of one school or both; at times half of one, at times with a bad line."""
        pick, dice = self.random, self.random.random()
        self._live_on()
        schools = SCHOOLS if dice < 0.2 else pick.choice(SCHOOLS)
        rows = [(student, *stint) for student, stint in self.stints.items() if stint[0] in schools]
        source = "sis"
        if dice > 0.92:
            rows = rows[:3]
        elif dice > 0.8:
            source, rows = "lms", pick.sample(rows, min(4, len(rows)))
        lines = [Line(i + 2, {"student_id": student, "school_id": school, "school_year": "2026",
                              "entry_date": entry, "exit_date": leaves})
                 for i, (student, school, entry, leaves) in enumerate(rows)]
        cells = [[student, school, "2026", entry, leaves] for student, school, entry, leaves in rows]
        if len(rows) > 3 and self.chance(30):
            bad = pick.randrange(1, len(rows))
            says_key = self.chance(60)
            cells[bad][4 if says_key else 0] = "2025-13-40" if says_key else None
            lines[bad] = dataclasses.replace(lines[bad], is_good=False, says_key=says_key)
        headers = ["Student ID", "School ID", "School Year", "Entry Date", "Exit Date"]
        return File("enrollments", text=text_of(headers, cells), lines=tuple(lines),
                    changed=changed,
                    **named(source, "enrollments", day, self.chance(60)))

    def _live_on(self):
        """Some go to the other school, leave, or come."""
        for student in self.random.sample(sorted(self.stints), self.random.randint(0, 4)):
            school, entry, leaves = self.stints[student]
            dice = self.random.random()
            if dice < 0.5:
                self.stints[student] = [SCHOOLS[school == SCHOOLS[0]], "2025-09-15", None]
            elif dice < 0.75:
                self.stints[student] = [school, entry, None if leaves else f"2025-10-{10 + len(entry)}"]
            elif len(self.stints) > 20:
                del self.stints[student]
        if self.chance(40):
            self.stints[f"{self.random.randint(101, 120)}"] = [self.random.choice(SCHOOLS), "2025-10-01",
                                                               None]

    def visits(self, day, changed, seen=None):
        """Of no contract: at times with a column more, with minutes of a wider type."""
        pick, has_nurse, dice = self.random, self.chance(20), self.random.random()
        wide = "12.5" if dice < 0.15 else "many" if dice < 0.25 else None
        headers = ["Visit", "Room", "Minutes", "Seen"] + ["Nurse"] * has_nurse
        columns = ["visit", "room", "minutes", "seen"] + ["nurse"] * has_nurse
        numbers = [number for number in range(1, 9) if number < 4 or self.chance(60)]
        rows = [[f"V{number}", f"R{pick.randint(1, 2)}", f"{pick.choice((5, 10, 20))}",
                 seen or f"2025-10-{10 + number}"] + [f"Jo{number % 2}"] * has_nurse for number in numbers]
        if wide:
            rows[1][2] = wide
        name = named("nurse", "visits", day, self.chance(60))
        return self._file("visits", name, changed, headers, columns, rows,
                          {"school_year": "2026"} if name["day"] else {})

    def _file(self, table, name, changed, headers, columns, rows, more={}):
        lines = tuple(Line(i + 2, dict(zip(columns, row)) | more) for i, row in enumerate(rows))
        return File(table, text=text_of(headers, rows), lines=lines, changed=changed, **name)

    def again(self, file):
        """Bytes that came before: put back as they were, saved anew, or under another name."""
        dice = self.random.random()
        if dice < 0.3:
            return file
        if dice < 0.7 or file.table == "visits":  # whose rows its name has a part in
            return dataclasses.replace(file, changed=self.today)
        name = named(file.source, file.table, self.today, self.chance(50))
        return dataclasses.replace(file, changed=self.today, **name)
