"""What is loaded while something breaks: files of each kind, and the rows that must be there after.

The rows stand beside the cells that they are written from, so that what is expected comes from
here and not from the program.
"""

import dataclasses
import io
import zipfile

STATUS = {"P": "present", "Present": "present", "A": "absent", "T": "tardy", "tardy": "tardy"}


@dataclasses.dataclass
class Scene:
    """`base` is loaded before, in peace; `drop` while something breaks. Both: files by name."""

    name: str
    base: dict
    drop: dict
    rows: dict  # by table: its columns, and each row that it must have, as often as it stands here

    def write(self, folder, part):
        for name, content in getattr(self, part).items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return folder

    def rewind(self, folder):
        """The folder as it was, after a fault that changed it."""
        self.write(folder, "drop")


def attendance(rows, header="student_id,school_id,date,status"):
    return header + "\n" + "".join(",".join(row) + "\n" for row in rows)


def day(date, first, count, code):
    return [(f"{student:07}", "010", date, code(student)) for student in range(first, first + count)]


def loaded(rows):
    return [(student, date, STATUS[code.strip()]) for student, _, date, code in rows]


ATTENDANCE = ("student_id", "date", "status")


def keyed():
    """Files of a data set with a key: a new one with dirty and with wrong rows, and a revision."""
    old = day("2025-09-02", 1, 30, lambda i: "AP"[i % 2])
    new = day("2025-09-02", 4, 30, lambda i: "TAP"[i % 3])
    good = day("2025-09-03", 1, 40, lambda i: (" A ", "tardy", "Present")[i % 3])
    wrong = [("0000077", "010", "13/45/2025", "A"), ("0000078", "010", "2025-09-03", "no code")]
    return Scene(
        "keyed",
        {"sis/attendance_0902.csv": attendance(old)},
        {
            "sis/attendance_0902.csv": attendance(new),
            "sis/attendance_0903.csv": attendance(good[:20] + wrong + good[20:] + good[:1]),
        },
        {"attendance_daily": (ATTENDANCE, loaded(old[:3]) + loaded(new) + loaded(good))},
    )


def own_tables():
    """Files of no contract: one whose revision has a column more, one with rows that are equal."""
    trips = [(f"Route {i % 7}", f"{600 + i}", "12.5") for i in range(25)]
    changed = [(r, m, "13.5" if m == "605" else k) for r, m, k in trips[2:]]
    changed += [("Route 9", f"{700 + i}", "1.0") for i in range(5)]
    fuel = [("diesel", "40"), ("diesel", "40"), ("diesel", "40"), ("petrol", "7")] * 4

    def text(header, rows):
        return header + "\n" + "".join(",".join(row) + "\n" for row in rows)

    return Scene(
        "own_tables",
        {"buses/bus_trips.csv": text("route,leaves,kilometers", trips)},
        {
            "buses/bus_trips.csv": text("route,leaves,kilometers,driver",
                                        [(*row, "Ann") for row in changed]),
            "buses/fuel.csv": text("kind,liters", fuel),
        },
        {
            "bus_trips": (("route", "leaves", "kilometers", "driver"),
                          [(*row, "Ann") for row in changed]),
            "fuel": (("kind", "liters"), fuel),
        },
    )


def waiting():
    """Students for whom attendance waits, and an archive."""
    early = day("2025-09-02", 1, 12, lambda i: "AP"[i % 2])
    packed = day("2025-09-04", 1, 12, lambda i: "PA"[i % 2])
    more = day("2025-09-05", 3, 9, lambda i: "T")

    def students(numbers):
        return "student_id,first_name,last_name,grade_level\n" + "".join(
            f"{i:07},Ann,Name{i},{i % 9 + 1}\n" for i in numbers)

    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as out:
        for name, rows in (("attendance_0904.csv", packed), ("attendance_0905.csv", more)):
            out.writestr(zipfile.ZipInfo(name, (2025, 9, 5, 0, 0, 0)), attendance(rows))
    return Scene(
        "waiting",
        {"sis/students_a.csv": students(range(1, 8)), "sis/the_attendance.csv": attendance(early)},
        {"sis/students_b.csv": students(range(1, 13)), "sis/week.zip": archive.getvalue()},
        {
            "students": (("student_id", "last_name"),
                         [(f"{i:07}", f"Name{i}") for i in range(1, 13)]),
            "attendance_daily": (ATTENDANCE, loaded(early) + loaded(packed) + loaded(more)),
        },
    )


def large():
    """A first file that is large enough to go straight into its table."""
    rows = [row for d in range(1, 11) for row in day(f"2025-10-{d:02}", 1, 900, lambda i: "AP"[i % 2])]
    return Scene("large", {}, {"sis/attendance_10.csv": attendance(rows)},
                 {"attendance_daily": (ATTENDANCE, loaded(rows))})


def all_scenes():
    return [keyed(), own_tables(), waiting(), large()]
