"""R12: the file changes under the program that reads it: it grows, shrinks, is replaced, renamed,
or goes. What is loaded is one whole version of it, or nothing yet; the next load settles it."""

import collections
import shutil

from bench import Place
from libpq import Session
from scenes import attendance, day
from tally import Tally, spread

GOOD = (0, 3, 4)  # 4: it says that the file changed, or is not there
OLD = day("2025-09-02", 1, 3000, lambda i: "AP"[i % 2])
NEW = day("2025-09-02", 1, 3000, lambda i: "PA"[i % 2])
SHORT = OLD[:1500]  # and half a row more
STATUS = {"A": "absent", "P": "present"}

# What the shell does while the program stands still, and what the file is then; None: it is gone.
WAYS = {
    "grows": ("cat {tail} >> {file}", OLD + day("2025-09-03", 1, 40, lambda _: "A")),
    "is cut short": (f"head -c {len(attendance(SHORT)) + 4} {{file}} > {{side}}; cat {{side}} > {{file}}", SHORT),
    "is replaced": ("cp {other} {side}; mv {side} {file}", NEW),
    "is written over": ("cat {other} > {file}", NEW),
    "is renamed": ("mv {file} {file}.moved.csv", OLD),
    "is removed": ("rm {file}", None),
}


def rows_of(rows):
    return collections.Counter((student, date, STATUS[code]) for student, _, date, code in rows)


class Moving:
    def __init__(self, bench):
        self.bench = bench
        self.home = bench.folder / "moving"
        self.home.mkdir()
        bench.install()
        for name, rows in (("other", NEW), ("whole", OLD)):
            (self.home / name).write_text(attendance(rows))
        (self.home / "tail").write_text(
            attendance(day("2025-09-03", 1, 40, lambda _: "A")).partition("\n")[2])

    def begin(self):
        files, data = self.home / "files", self.home / "now"
        for folder in (files, data):
            shutil.rmtree(folder, ignore_errors=True)
        (files / "sis").mkdir(parents=True)
        shutil.copy(self.home / "whole", files / "sis/attendance_b.csv")
        shutil.copytree(self.bench.folder / "installed", data)
        self.bench.server.clone("installed", "now_moving")
        return Place(None, files, data, self.bench.server.url("now_moving"))

    def command(self, way, place):
        return WAYS[way][0].format(file=place.files / "sis/attendance_b.csv", side=self.home / "side",
                                   tail=self.home / "tail", other=self.home / "other")

    def rows(self, place):
        with Session(place.url) as session:
            return collections.Counter(session.query(
                "select student_id, date::text, status from data.attendance_daily"))


def torn(rows, way):
    """Versions of the file that there were may be loaded, never a part of one."""
    versions = [collections.Counter(), rows_of(OLD), rows_of(WAYS[way][1] or [])]
    return [] if rows in versions else [f"torn: {rows.total()} rows of no version of the file"]


def change_once(moving, tally, way, point):
    place = moving.begin()
    done, _, is_hit = moving.bench.trace(place, "--at", point, "run", moving.command(way, place),
                                         after="attendance_b.csv")
    tally.points += is_hit
    tally.missed += not is_hit
    problems = []
    if done is None or done.returncode not in GOOD:
        problems.append(f"ended with {done and (done.returncode, done.stderr[-300:])}")
    problems += torn(moving.rows(place), way)
    outcome = moving.bench.load_again(place)
    outcome.problems[:0] = problems
    wanted = WAYS[way][1]
    if is_hit and wanted is not None and rows_of(wanted) - moving.rows(place):
        outcome.problems.append("lost: the next load did not bring all rows of the file")
    outcome.problems += torn(moving.rows(place), way)
    tally.add(f"the file {way} at call {point}", outcome)


def sweep(bench, is_long, until):
    tally = Tally("files", until)
    moving = Moving(bench)
    _, calls, _ = bench.trace(moving.begin(), after="attendance_b.csv")
    for point in spread(len(calls), 50 if is_long else 2):
        for way in WAYS:
            if tally.is_over():
                return tally
            change_once(moving, tally, way, point)
    return tally
