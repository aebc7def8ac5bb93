"""Where faults are made: a server, the program, and each scene as it stands before its fault."""

import collections
import dataclasses
import os
import pathlib
import shutil
import subprocess
import tempfile
import time

import oracle
from server import Server

ROOT = pathlib.Path(__file__).resolve().parents[2]
BUILD = ROOT / "build" / "dev"
PROGRAM = os.environ.get("HOMEROOM_PROGRAM", str(BUILD / "homeroom"))
FAULT_AT = os.environ.get("HOMEROOM_FAULT_AT", str(BUILD / "fault_at"))
RECOVERS_WITHIN = 30  # seconds, without a person
GIVES_UP_WITHIN = 120  # seconds: nothing waits for ever
GOOD = (0, 3)  # all loaded; all loaded but rows that are in quarantine


class Skipped(Exception):
    """Why a sweep cannot be made on this machine."""


def environment(**more):
    """Ours, but for what would change the program."""
    return {k: v for k, v in os.environ.items() if not k.startswith("HOMEROOM_")} | {
        name: str(value) for name, value in more.items()}


def run(command, timeout=GIVES_UP_WITHIN, **more):
    """The finished process; None when it had to be ended. `more`: of its environment."""
    try:
        return subprocess.run([str(word) for word in command], capture_output=True, text=True,
                              errors="replace", timeout=timeout, env=environment(**more),
                              stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None


@dataclasses.dataclass
class Place:
    """One scene in one database: what a load reads, writes and is asked about."""

    scene: object
    files: pathlib.Path
    data: pathlib.Path
    url: str

    @property
    def database(self):
        return self.url.rpartition("/")[2]

    @property
    def store(self):
        return self.data / "store"

    def load(self, url=None):
        return [PROGRAM, "run", self.files, "--data", self.data, "--db", url or self.url, "--json"]

    def state(self):
        return oracle.state_of(self.url) + oracle.objects_of(self.store)


@dataclasses.dataclass
class Outcome:
    problems: list
    seconds: float  # that the recovery took


class Bench:
    def __init__(self, extra_settings=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="homeroom-sweep-", dir="/tmp"))
        self.folder.chmod(0o755)
        self.server = Server(self.folder / "pg", extra_settings)
        self._ready = {}

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.server.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    def prepare(self, scene):
        """Loads what stood before, then once what comes, without a fault: that is the standard."""
        if scene.name in self._ready:
            return
        home = self.folder / scene.name
        before = Place(scene, home / "files", home / "data", self.server.url(f"before_{scene.name}"))
        self.install()
        before.files.mkdir(parents=True)
        scene.write(before.files, "base")
        self.server.clone("installed", f"before_{scene.name}")
        shutil.copytree(self.folder / "installed", before.data)
        if scene.base:
            self._must(before.load())
        scene.write(before.files, "drop")
        place = self.place(scene)
        self._must(place.load())
        if problems := oracle.rows_missing(scene, place.url) + oracle.left_over(place.url, place.store):
            raise AssertionError(f"{scene.name}, without any fault: {problems}")
        self._ready[scene.name] = place.state()
        self.leave(place)

    def install(self):
        """The tables of the contracts, once for all scenes."""
        data = self.folder / "installed"
        if data.exists():
            return
        (self.folder / "nothing").mkdir()
        self.server.clone("template0", "installed")
        url = self.server.url("installed")
        self._must([PROGRAM, "run", self.folder / "nothing", "--data", data, "--db", url])

    @staticmethod
    def _must(command):
        done = run(command)
        if done is None or done.returncode not in GOOD:
            raise AssertionError(f"{command}: {done and (done.returncode, done.stdout, done.stderr)}")

    def place(self, scene):
        """The scene as it stands before its fault, in a database and a data folder of its own."""
        home = self.folder / scene.name
        name = f"now_{scene.name}"
        self.server.clone(f"before_{scene.name}", name)
        shutil.rmtree(home / "now", ignore_errors=True)
        shutil.copytree(home / "data", home / "now")
        return Place(scene, home / "files", home / "now", self.server.url(name))

    def leave(self, place):
        shutil.rmtree(place.data, ignore_errors=True)

    def recover(self, place, is_thorough=False):
        """The next load, by itself and in peace, and what is there then."""
        outcome = self.load_again(place)
        if outcome.seconds < GIVES_UP_WITHIN:
            outcome.problems += self.judge(place, is_thorough)
        return outcome

    def load_again(self, place, good=GOOD):
        start = time.monotonic()
        done = run(place.load())
        seconds = time.monotonic() - start
        if done is None:
            return Outcome([f"stuck: the next load did not end in {GIVES_UP_WITHIN} s"], seconds)
        problems = []
        if done.returncode not in good:
            problems.append(f"the next load ended with {done.returncode}: "
                            f"{done.stdout[-600:]} {done.stderr[-600:]}")
        if seconds > RECOVERS_WITHIN:
            problems.append(f"stuck: the next load took {seconds:.0f} s")
        return Outcome(problems, seconds)

    def judge(self, place, is_thorough=False):
        wanted, got = self._ready[place.scene.name], place.state()
        problems = oracle.rows_missing(place.scene, place.url)
        problems += oracle.differences(collections.Counter(wanted), got)
        problems += oracle.left_over(place.url, place.store)
        if is_thorough:
            checked = run([PROGRAM, "verify", "--data", place.data, "--db", place.url])
            if checked is None or checked.returncode != 0:
                problems.append(f"verify: {checked and checked.stdout[-600:]}")
            again = run(place.load())
            if again is None or again.returncode not in GOOD:
                problems.append(f"the load after that: {again and again.stderr[-300:]}")
            problems += oracle.differences(collections.Counter(wanted), place.state())
        return problems

    def check_pages(self, tally):
        """Each scene's database as the last fault left it; a crash looks after each fourth, too."""
        databases = self.server.query(r"select datname from pg_database where datname like 'now\_%'")
        for (database,) in databases:
            if pages := self.server.check_pages(database):
                tally.problems.append(f"pg_amcheck, {database}: {pages[-400:]}")
                print(f"  {tally.name}: {tally.problems[-1]}", flush=True)
        tally.checked = len(databases)

    def trace(self, place, *fault, calls=None, after=None, opened=1,
              flags=("--try-again",)):
        """Runs the load with a fault at one of its system calls, counted from the first look at
        the files on; the finished process, the calls, and whether the fault was made. Faults that
        follow each other are no reason to leave a file alone: poison.py looks at that."""
        log = self.folder / "calls"
        words = ["--log", log, "--after", after or place.files, "--opened", opened]
        if calls:
            words += ["--calls", ",".join(calls)]
        done = run([FAULT_AT, *words, *fault, "--", *place.load(), *flags])
        if done is not None and done.returncode == 125:
            raise Skipped(done.stderr.strip())
        seen = log.read_text(errors="replace").splitlines()
        is_hit = bool(seen) and seen[-1] == "hit"
        return done, seen[: len(seen) - is_hit], is_hit
