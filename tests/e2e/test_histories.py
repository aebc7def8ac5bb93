"""Random histories of a district, through the program itself: files, revisions, late versions, bytes
that come again, snapshots of two schools with transfers between them, changes of tables, two loads
at once, undo and undo of undo, replay. After every step the tables, their history, the slots, and
some earlier moment read back must be what a plain model says. Every fourth file's load is broken off
first, at a place that the seed says.

HOMEROOM_HISTORIES says how many (200 for a sweep), HOMEROOM_HISTORY_SEED where the seeds begin.
"""

import collections
import copy
import csv
import json
import os
import pathlib
import random
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "sweep"))

import failpoints
from history_files import CONTRACT, Files, seconds_of
from history_model import BROKEN, Model, row_of
from libpq import Session
from server import Server
from support import PROGRAM, homeroom

HISTORIES = int(os.environ.get("HOMEROOM_HISTORIES", "2"))
FIRST_SEED = int(os.environ.get("HOMEROOM_HISTORY_SEED", "1"))
STEPS = 14
BROKEN_OFF = 0.25  # of the files that come alone: a load before breaks off at one of these places
PLACES = failpoints.names_in_sources()
TABLES = ("students", "enrollments", "visits")
DAYS = ("2025-08-19", "2025-08-20", "2025-09-14", "2025-09-15", "2025-10-01", "2025-10-20", "2025-10-21")


class Wrong(Exception):
    """What differs from the model."""


def row_from(text):
    """A row as the model has it, and the run that took it out."""
    values = json.loads(text, parse_int=str, parse_float=str)
    own = {name: value for name, value in values.items()
           if not name.startswith("_") and not (name.endswith("_suppressed") and value is False)}
    return row_of(own, int(values["_run"]), int(values["_line"])), int(values.get("_superseded_by") or 0)


def differences(what, wanted, got):
    told = lambda row: f"{row[0] if isinstance(row, tuple) else row}"
    lost = [f"{what} lacks {told(row)}" for row in (wanted - got).elements()]
    more = [f"{what} has {told(row)}" for row in (got - wanted).elements()]
    return (lost + more)[:6]


class History:
    """One district from its first file on, in a database and a data folder of its own."""

    def __init__(self, district, seed):
        self.folder = district.folder / f"history_{seed}"
        self.url = district.server.url(f"history_{seed}")
        self.options = ("--db", self.url, "--data", self.folder / "data")
        self.contracts = ("--contracts", district.folder / "contracts")
        shutil.copytree(district.folder / "installed", self.folder / "data")
        self.random = random.Random(seed)
        self.files = Files(self.random)
        self.model = Model()
        self.sent = []  # files that were loaded
        self.undos = []  # undo run, the runs that it took back
        self.moments = []  # a time, and how many entries the model's log had then
        self.tally = collections.Counter()
        self.trace = ""  # what led to a mistake
        self.session = Session(self.url)

    def step(self):
        """Does something; says what."""
        self.files.today += 1
        kinds = {self.new_file: 34, self.late: 18, self.bytes_again: 10, self.same_object: 4,
                 self.two_at_once: 10, self.undo_beside_a_load: 4, self.undo_newest: 7, self.undo_any: 6, self.undo_with_later: 4,
                 self.undo_an_undo: 4, self.replay: 2, self.waiting_change: 3}
        return self.random.choices(tuple(kinds), tuple(kinds.values()))[0]()

    # What may happen.

    def new_file(self):
        return self.send(self.files.any_file())

    def late(self):
        return self.send(self.files.late_file())

    def bytes_again(self):
        if not self.sent:
            return self.new_file()
        return self.send(self.files.again(self.random.choice(self.sent)))

    def same_object(self):
        """A folder is read once more."""
        paths = sorted({file.path for file in self.sent})
        if not paths:
            return self.new_file()
        last = self.random.choice([self.model.last_under(path) for path in paths])
        return self.send(last)

    def two_at_once(self):
        both = [self.files.any_file(), self.random.choice((self.files.any_file, self.files.late_file))()]
        if both[0].path == both[1].path:
            return self.send(both[0])
        started = [self.start(file) for file in both]
        reports = [self.finish(process) for process in started]
        self.tally["at once"] += 2
        told = [self.tell(file, report) for file, report in zip(both, reports)]
        self.fit([lambda model, i=i: self.note(model, both[i], reports[i]) for i in (0, 1)], told)
        self.keep(both, reports)
        return f"at once: {'; '.join(told)}"

    def undo_beside_a_load(self):
        counting, file = self.model.counting(), self.files.any_file()
        if not counting:
            return self.send(file)
        run = counting[-1].run
        started = [self.launch("undo", run, *self.options, *self.contracts, "--json"), self.start(file)]
        undone, report = self.read(started[0]), self.finish(started[1])
        self.tally["at once"] += 2
        told = [f"undo {undone['run']} of run {run}", self.tell(file, report)]

        def note_undo(model):
            if undone["run"] is not None:
                model.note_undo(undone["run"], [run], False)
            return []

        self.fit([note_undo, lambda model: self.note(model, file, report)], told)
        self.keep([file], [report])
        if undone["run"] is not None:
            self.undos.append((undone["run"], [run]))
        return f"at once: {'; '.join(told)}"

    def fit(self, changes, told):
        """One of the orders in which two things may have been committed must be what there is."""
        problems = []
        for order in ((0, 1), (1, 0)):
            model = copy.deepcopy(self.model)
            found = [problem for i in order for problem in changes[i](model)]
            found = found or self.compare(model)
            if not found:
                self.model = model
                return
            problems += ["in this order:" if order == (0, 1) else "in the other:", *found]
        raise Wrong("\n".join([*told, *problems]))

    def undo_newest(self):
        counting = self.model.counting()
        return self.undo(counting[-1].run) if counting else self.new_file()

    def undo_any(self):
        counting = self.model.counting()
        return self.undo(self.random.choice(counting).run) if counting else self.new_file()

    def undo_with_later(self):
        counting = self.model.counting()
        return self.undo(self.random.choice(counting).run, "--with-later") if counting else self.new_file()

    def undo_an_undo(self):
        if not self.undos:
            return self.undo_newest()
        undo_run, runs = self.undos[-1]
        report = self.ask("undo", undo_run, *self.contracts)
        if report["run"] is None:
            return f"undo of the undo {undo_run} refused"
        self.undos.pop()
        self.tally["undo of undo"] += 1
        self.expect(sorted(run["run"] for run in report["counts_again"]) == sorted(runs), report)
        self.model.note_undo(report["run"], runs, True)
        return f"undo {report['run']} of the undo {undo_run}"

    def undo(self, run, *more):
        newest = self.model.log[-1][0]
        report = self.ask("undo", run, *more, *self.contracts)
        if report["run"] is None:
            self.tally["refused"] += 1
            self.expect(report["dependents"], "a refusal names the runs that depend on it")
            self.expect(run != newest, "nothing came after this run")
            self.expect(not more or self.undos, "with those that depend on it any run can be undone")
            return f"undo of run {run} {' '.join(more)} refused"
        runs = [undone["run"] for undone in report["undone"]]
        self.expect(run in runs and (more or runs == [run]), report)
        self.tally["undo"] += 1
        self.undos.append((report["run"], runs))
        self.model.note_undo(report["run"], runs, False)
        return f"undo {report['run']} of runs {runs}"

    def replay(self):
        done = self.call("replay", *self.contracts)
        self.expect(done.returncode == 0, done.stdout[-2000:] + done.stderr)
        statuses = {file["status"] for file in json.loads(done.stdout)["files"]}
        self.expect(statuses <= {"duplicate"}, f"replay: {statuses}")
        return "replay of all"

    def waiting_change(self):
        """Days that are numbers now: the file waits until a person has made them text."""
        file = self.files.visits(self.files.today, self.files.today, seen="1012")
        waits = [row.get("seen") for row in self.model.tables().rows["visits"].values()]
        is_date = self.session.query("select 1 from information_schema.columns where table_schema = 'data'"
                                     " and table_name = 'visits' and column_name = 'seen'"
                                     " and data_type = 'date'")
        if not waits or not is_date:
            return self.new_file()
        report = self.finish(self.start(file))
        self.expect(report["status"] == "waiting", self.tell(file, report))
        self.model.note_not_loaded(file)
        self.must_equal(self.model)
        migration, = self.session.query("select migration_id from homeroom.migration "
                                        "where status = 'waiting' and table_name = 'visits'")
        self.ask("migrate", "apply", migration[0], *self.contracts)
        self.tally["waiting change"] += 1
        self.must_equal(self.model)
        return f"migration {migration[0]} applied; {self.send(file)}"

    # A file through the program.

    def start(self, file, **more):
        path = self.folder / file.path
        path.parent.mkdir(exist_ok=True)
        path.write_text(file.text)
        os.utime(path, (seconds_of(file.changed),) * 2)
        return self.launch("run", path, "--json", *self.options, *self.contracts, **more)

    def launch(self, *words, **more):
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HOMEROOM_")} | more
        return subprocess.Popen([PROGRAM, *map(str, words)], stdout=subprocess.PIPE, text=True,
                                stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, env=environment)

    def finish(self, process):
        return self.read(process)["files"][0]

    def read(self, process):
        try:
            out, error = process.communicate(timeout=300)
        except subprocess.TimeoutExpired:
            process.kill()
            raise
        self.expect(process.returncode in (0, 3, 4, 5) and out, f"{process.returncode}: {out[-1000:]} {error}")
        return json.loads(out)

    def send(self, file):
        broken = self.break_off(file) if self.random.random() < BROKEN_OFF else ""
        if self.sent and self.sent[-1] is file:  # committed before it broke off
            return broken
        report = self.finish(self.start(file))
        if problems := self.note(self.model, file, report):
            raise Wrong("\n".join([broken, self.tell(file, report), *problems]))
        self.keep([file], [report])
        if report["status"] == "held" and self.random.random() < 0.5:
            return f"{broken}{self.tell(file, report)}; {self.release(file, report)}"
        return broken + self.tell(file, report)

    def break_off(self, file):
        """The program is killed, or a step fails. It may have been done by then; what is not, is as if
        nothing had happened."""
        newest = self.newest_run()[0]
        where = (f"{self.random.choice(PLACES)}:{self.random.choice(('abort', 'error'))}"
                 f"@{self.random.choice((1, 1, 1, 2, 3))}")
        process = self.start(file, HOMEROOM_FAILPOINT=where)
        process.communicate(timeout=300)
        self.tally["killed"] += process.returncode < 0
        self.tally["failed"] += process.returncode == 6 or process.returncode == 4
        told = f"broken off at {where}: {process.returncode}; "
        run, counts = self.newest_run()
        if run == newest:
            return told
        report = {"run": run, "status": "loaded", "rows": counts, "issues": [], "reason": ""}
        if problems := self.note(self.model, file, report):
            raise Wrong("\n".join([told, self.tell(file, report), *problems]))
        self.keep([file], [report])
        return told + self.tell(file, report)

    def newest_run(self):
        """The last that loaded something, and its counts."""
        outcomes = ("read", "loaded", "unchanged", "duplicate", "quarantined", "pending", "skipped")
        columns = ", ".join(f"rows_{outcome}" for outcome in outcomes)
        found = self.session.query(f"select run_id, {columns} from homeroom.run where status = 'loaded' "
                                   "order by run_id desc limit 1")
        run, *counts = map(int, found[0]) if found else (0,)
        return run, dict(zip(outcomes, counts))

    def release(self, file, report):
        self.must_equal(self.model)
        done = self.call("holds", "release", report["run"], *self.contracts)
        self.expect(done.returncode in (0, 3), done.stdout + done.stderr)
        (run,), = self.session.query("select max(run_id) from homeroom.run where status = 'loaded'")
        self.model.note_loaded(file, int(run))
        self.sent.append(file)
        self.tally["released"] += 1
        return f"released as run {run}"

    def note(self, model, file, report):
        """Tells the model; what the program did otherwise than it should."""
        verdict, status = model.judge(file), report["status"]
        if status not in verdict.statuses:
            return [f"should be {verdict.statuses}"]
        if status == "loaded":
            model.note_loaded(file, report["run"], verdict.newer)
            return self.count(model, file, report, verdict)
        if status == "duplicate":
            model.note_duplicate(file)
        else:
            model.note_not_loaded(file)
        return []

    def count(self, model, file, report, verdict):
        """What the report says of the rows."""
        older = {key for take in verdict.newer for key in take.file.keys()}
        skipped = sum(file.key_of(line) in older for line in file.good) if older else 0
        loaded = sum(row.run == report["run"] for row in model.log[-1][1][file.table].elements())
        wanted = {"read": len(file.lines), "loaded": loaded, "skipped": skipped,
                  "unchanged": len(file.good) - loaded - skipped, "duplicate": 0, "pending": 0,
                  "quarantined": len(file.lines) - len(file.good)}
        return [] if report["rows"] == wanted else [f"rows {report['rows']}, should be {wanted}"]

    def keep(self, files, reports):
        for file, report in zip(files, reports):
            self.tally[report["status"]] += 1
            self.tally["late"] += any(issue["rule"] == "late_version" for issue in report["issues"])
            self.tally["migrations"] += any(issue["rule"] == "migration" for issue in report["issues"])
            if report["status"] == "loaded":
                self.sent.append(file)

    def tell(self, file, report):
        return f"{file.path} of day {file.changed} as run {report['run']} {report['status']} {report['reason'] or ''}"

    # The program and the database asked.

    def call(self, *words):
        return homeroom(*words, *self.options, "--json")

    def ask(self, *words):
        done = self.call(*words)
        self.expect(done.returncode in (0, 4) and done.stdout, done.stdout + done.stderr)
        return json.loads(done.stdout)

    def rows(self, relation):
        found = self.session.query(f"select jsonb_strip_nulls(to_jsonb(r))::text from {relation} as r")
        return [row_from(text) for (text,) in found]

    def tables_there(self):
        return [table for table in TABLES
                if self.session.query(f"select to_regclass('data.{table}')")[0][0]]

    def compare(self, model):
        """Tables, history and slots against the model's."""
        wanted, there, problems = model.log[-1][1], self.tables_there(), []
        for table in TABLES:
            got = self.rows(f"data.{table}") if table in there else []
            problems += differences(f"data.{table}", wanted[table], collections.Counter(r for r, _ in got))
            got = self.rows(f"history.{table}") if table in there else []
            problems += differences(f"history.{table}", model.history(table), collections.Counter(got))
        slots = {(source, dataset, scope.rpartition("school_id=")[2] if dataset == "enrollments" else
                  scope.rpartition("=")[2]): (run and int(run), int(revision))
                 for source, dataset, scope, run, revision in self.session.query(
                     "select source, dataset, scope, current_run, revision from homeroom.slot")}
        if slots != model.slots():
            problems.append(f"slots {slots}, should be {model.slots()}")
        return problems

    def must_equal(self, model):
        if problems := self.compare(model):
            raise Wrong("\n".join(problems))

    def check(self):
        self.must_equal(self.model)
        moment = self.session.query("select clock_timestamp()")[0][0]
        self.moments.append((moment, len(self.model.log) - 1))
        self.check_as_of(*self.random.choice(self.moments))

    def check_as_of(self, moment, entry):
        """What was known at a moment; of enrollments, also what was true on a day."""
        day = self.random.choice(DAYS)
        for table in self.tables_there():
            wanted = self.model.log[entry][1][table]
            got = collections.Counter(row for row, _ in self.rows(f"as_of.{table}('{moment}')"))
            if problems := differences(f"as_of.{table}('{moment}')", wanted, got):
                raise Wrong("\n".join(problems))
        got = self.rows(f"as_of.enrollments('{moment}', '{day}')")
        wanted = self.true_on(entry, day)
        if problems := differences(f"as_of.enrollments('{moment}', '{day}')", wanted,
                                   collections.Counter(row for row, _ in got)):
            raise Wrong("\n".join(problems))
        return day

    def true_on(self, entry, day):
        """First and last day are included; without a last day it goes on."""
        return collections.Counter(
            row for row in self.model.log[entry][1]["enrollments"].elements()
            if row.get("entry_date") <= day and (row.get("exit_date") or day) >= day)

    def check_the_end(self):
        for moment in self.moments:
            self.check_as_of(*moment)
        moment, entry = self.random.choice(self.moments)
        day, out = self.random.choice(DAYS), self.folder / "as_of.csv"
        done = homeroom("as-of", "enrollments", "--known", moment, "--true-on", day, "--out", out,
                        *self.options)
        self.expect(done.returncode == 0, done.stderr)
        with out.open(newline="") as lines:
            got = collections.Counter((row["student_id"], row["school_id"]) for row in csv.DictReader(lines))
        wanted = collections.Counter((row.get("student_id"), row.get("school_id"))
                                     for row in self.true_on(entry, day).elements())
        self.expect(got == wanted, f"as-of known {moment}, true on {day}: {got}, should be {wanted}")
        done = homeroom("verify", *self.options)
        self.expect(done.returncode == 0, done.stdout + done.stderr)

    def expect(self, is_so, otherwise):
        if not is_so:
            raise Wrong(otherwise)


class Histories(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="homeroom-histories-", dir="/tmp"))
        cls.folder.chmod(0o755)
        cls.server = Server(cls.folder / "pg")
        (cls.folder / "contracts").mkdir()
        (cls.folder / "contracts" / "enrollments.odcs.yaml").write_text(CONTRACT)
        (cls.folder / "nothing").mkdir()
        cls.server.clone("template0", "installed")
        done = homeroom("run", cls.folder / "nothing", "--db", cls.server.url("installed"), "--data",
                        cls.folder / "installed", "--contracts", cls.folder / "contracts")
        assert done.returncode == 0, done.stderr

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()
        shutil.rmtree(cls.folder, ignore_errors=True)

    def test_every_step_leaves_what_the_plain_model_says(self):
        tally = collections.Counter()
        for seed in range(FIRST_SEED, FIRST_SEED + HISTORIES):
            with self.subTest(seed=seed):
                history, wrong = self.live(seed)
                tally += history.tally
                if wrong:
                    print(f"{history.trace}\nplay it again: HOMEROOM_HISTORIES=1 HOMEROOM_HISTORY_SEED="
                          f"{seed} python3 tests/e2e/test_histories.py", flush=True)
                    self.fail(f"history {seed}: {wrong}")
        print(f"  {HISTORIES} histories:", ", ".join(f"{n} {what}" for what, n in sorted(tally.items())))
        if HISTORIES >= 3:  # of which each does some of all
            for what in ("loaded", "killed", "late", "held", "undo", "duplicate", "at once", "migrations"):
                self.assertGreater(tally[what], 0, what)

    @unittest.skipUnless(HISTORIES >= 20, "part of the long form")
    def test_a_promise_that_is_broken_is_seen(self):
        for what, sql in BROKEN.items():
            with self.subTest(what):
                for seed in range(1, 6):
                    wrong = self.live(seed, sql)[1]
                    if isinstance(wrong, Wrong):
                        print(f"  {what}: seen in history {seed}: {str(wrong).splitlines()[-1][:150]}")
                        break
                else:
                    self.fail("not seen in 5 histories")

    def live(self, seed, before=""):
        """A history from end to end, and what went wrong in it."""
        name = f"history_{seed}"
        self.server.clone("installed", name)
        if before:
            self.server.query(before, name)
        history, trace, wrong = History(self, seed), [f"seed {seed}:"], None
        try:
            for _ in range(STEPS):
                trace.append(history.step())
                history.check()
            history.check_the_end()
        except Exception as found:  # whatever it is, it is told with the history that led to it
            wrong = found
            history.trace = "\n  ".join([*trace, f"{type(found).__name__}: {found}"])
        finally:
            history.session.close()
        self.server.drop(name)
        shutil.rmtree(history.folder)
        return history, wrong


if __name__ == "__main__":
    unittest.main()
