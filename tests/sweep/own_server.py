"""R6: the program's own server dies at some moment. The program starts it again by itself, also
where the first process left its pid file behind."""

import contextlib
import os
import random
import shutil
import signal
import subprocess
import time

from bench import GIVES_UP_WITHIN, PROGRAM, RECOVERS_WITHIN, Outcome, run
from scenes import attendance, day
from server import programs
from tally import Tally

TOLD = (0, 4, 6)
SEED = 20251127
DAYS, STUDENTS = 6, 1000


def write_files(folder):
    """One larger file between two small ones, so that there is time to die in each phase."""
    (folder / "sis").mkdir(parents=True)
    big = [row for d in range(DAYS)
           for row in day(f"2025-09-{d + 2:02}", 1, STUDENTS, lambda i: "AP"[i % 2])]
    small = [day(f"2025-10-{d}", 1, 10, lambda _: "A") for d in ("01", "02")]
    for name, rows in (("a", small[0]), ("b", big), ("c", small[1])):
        (folder / "sis" / f"attendance_{name}.csv").write_text(attendance(rows))
    return len(big) + 20


def first_process(data):
    with contextlib.suppress(OSError, ValueError, IndexError):
        return int((data / "pg/cluster/postmaster.pid").read_text().split()[0])
    return 0


def sessions(data):
    """The server's processes that serve the program."""
    found = subprocess.run(["ps", "-eo", "pid=,ppid=,args="], capture_output=True, text=True)
    lines = [line.split(None, 2) for line in found.stdout.splitlines()]
    server = first_process(data)
    return [int(pid) for pid, parent, title in lines
            if server and int(parent) == server and "homeroom_loader" in title]


def strike(data, how):
    pids = sessions(data) if how == "a session is killed" else [first_process(data)]
    sent = signal.SIGQUIT if how == "the server is stopped at once" else signal.SIGKILL
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            if pid:
                os.kill(pid, sent)


WAYS = ("a session is killed", "the server is stopped at once", "its first process is killed")


class OwnServer:
    def __init__(self, folder):
        self.files, self.ready, self.data = (folder / f"own_{n}" for n in ("files", "ready", "now"))
        self.num_rows = write_files(self.files)
        (folder / "own_nothing").mkdir()
        self.must([PROGRAM, "run", folder / "own_nothing", "--data", self.ready])
        self.begin()
        start = time.monotonic()
        self.must(self.load())
        self.usual = time.monotonic() - start

    @staticmethod
    def must(command):
        done = run(command)
        if done is None or done.returncode != 0:
            raise AssertionError(f"{command}: {done and (done.stdout, done.stderr)}")
        return done.stdout

    def load(self):
        return [PROGRAM, "run", self.files, "--data", self.data]

    def begin(self):
        shutil.rmtree(self.data, ignore_errors=True)
        subprocess.run(["cp", "-a", self.ready, self.data], check=True)

    def crash(self, how, delay):
        """Starts a load and strikes `delay` seconds after its first session."""
        environment = {k: v for k, v in os.environ.items() if not k.startswith("HOMEROOM_")}
        process = subprocess.Popen([str(word) for word in self.load()], env=environment, text=True,
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                                   stdin=subprocess.DEVNULL)
        while process.poll() is None and not sessions(self.data):
            time.sleep(0.02)
        time.sleep(delay)
        is_hit = process.poll() is None
        strike(self.data, how)
        try:
            _, error = process.communicate(timeout=GIVES_UP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            return is_hit, ["stuck: the load did not end"]
        is_told = process.returncode in TOLD
        return is_hit, [] if is_told else [f"ended with {process.returncode}: {error[-300:]}"]

    def recover(self):
        start = time.monotonic()
        done = run(self.load())
        seconds = time.monotonic() - start
        if done is None:
            return Outcome(["stuck: the next load did not end"], seconds)
        problems = []
        if done.returncode != 0:
            problems.append(f"the next load ended with {done.returncode}: {done.stdout[-400:]}")
        if seconds > RECOVERS_WITHIN:
            problems.append(f"stuck: the next load took {seconds:.0f} s")
        return Outcome(problems + self.judge(), seconds)

    def judge(self):
        """Rows, ledger, archive, and the pages of the database."""
        self.must([PROGRAM, "db", "start", "--data", self.data])
        sql = ("select count(*), count(distinct (student_id, date)), (select count(*) from "
               "homeroom.run where status = 'loaded') from data.attendance_daily")
        counted = self.must([PROGRAM, "sql", sql, "--data", self.data, "--csv"]).split()[-1]
        wanted = f"{self.num_rows},{self.num_rows},3"
        problems = [] if counted == wanted else [f"rows: {counted}, not {wanted}"]
        verified = run([PROGRAM, "verify", "--data", self.data])
        if verified is None or verified.returncode != 0:
            problems.append(f"verify: {verified and verified.stdout[-400:]}")
        pages = subprocess.run(
            [programs() / "pg_amcheck", "--install-missing", "--heapallindexed", "-h",
             self.data / "pg/socket", "-U", "homeroom_admin", "-d", "homeroom"],
            capture_output=True, text=True)
        if pages.returncode != 0:
            problems.append(f"pg_amcheck: {pages.stdout[-300:]} {pages.stderr[-300:]}")
        self.must([PROGRAM, "db", "stop", "--data", self.data])
        return problems


def sweep(bench, is_long, until):
    tally = Tally("own_server", until)
    own = OwnServer(bench.folder)
    pick = random.Random(SEED)
    print(f"  own_server: seed {SEED}", flush=True)
    for number in range(60 if is_long else 2):
        how = WAYS[(number + 1) % len(WAYS)]
        if tally.is_over():
            break
        delay = pick.uniform(0, own.usual / 3)
        own.begin()
        is_hit, problems = own.crash(how, delay)
        tally.points += is_hit
        tally.missed += not is_hit
        outcome = own.recover()
        outcome.problems[:0] = problems
        tally.add(f"{how} after {delay:.2f} s", outcome)
    return tally
