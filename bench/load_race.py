#!/usr/bin/env python3
"""Races `homeroom run` against others on the way of a dirty file into PostgreSQL.

    bench/load_race.py --peers FOLDER [--sizes 100M,1G] [--rounds N] [--settings tuned,default]
                       [--only homeroom,copy,duckdb]

FOLDER holds the data maker and the peers' loaders (gen.py, load_NAME.sh); without it all is
SKIPPED. For each setting of the server a cluster of its own is made in WORK and thrown away. All
that is raced takes turns on the same server, so that a busy machine slows all of them alike:

- first load: `psql \\copy` of the clean file into the keyed table (copy), staging and
  ON CONFLICT (stage), the peers (which clean first, where they can), and `homeroom run` of the dirty
  file, which also keeps the raw file, writes clean file, quarantine and statistics;
- the next file, in which 2 % of the rows differ: staging and ON CONFLICT, key by bytes
  (collate "C"), against `homeroom run`;
- the same bytes again: `homeroom run` against hashing them.

Times are wall times, the ratios are within a round. Needs PostgreSQL 15 or newer and, as root, an
account named postgres (the server refuses root).
"""
import argparse
import csv
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from race import HERE, make_data, make_venv, machine, say, truth_of

PEERS = ["duckdb", "polars", "pandas", "pgloader", "dlt", "csvsql"]
SETTINGS = {
    "tuned": ["shared_buffers=2GB", "max_wal_size=8GB", "checkpoint_timeout=30min",
              "wal_level=minimal", "max_wal_senders=0", "synchronous_commit=off",
              "maintenance_work_mem=1GB"],
    "default": [],
}
PORT = "55439"
COLUMNS = ["student_id", "school", "grade", "date", "period", "status", "minutes", "course",
           "teacher", "note", "recorded_at"]
KEY = COLUMNS[0], COLUMNS[3], COLUMNS[4]
TABLE = """student_id text collate "C" not null, school text not null, grade text,
    date date not null, period smallint not null, status text not null, minutes smallint,
    course text, teacher text, note text, recorded_at timestamptz"""
# Every 50th row has another note.
CHANGED_EVERY = 50


class Server:
    """A PostgreSQL of the race's own."""

    def __init__(self, folder, settings):
        self.folder = folder
        self.binaries = max(Path("/usr/lib/postgresql").glob("*/bin/initdb")).parent
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        self.tool("initdb", "-D", folder / "cluster", "-U", "bench", "-A", "trust", "-E", "UTF8",
                  "--locale=C.UTF-8")
        options = [f"port={PORT}", "listen_addresses=127.0.0.1",
                   f"unix_socket_directories={folder}", *settings]
        self.tool("pg_ctl", "-D", folder / "cluster", "-w", "-l", folder / "log", "-o",
                  " ".join(f"-c {option}" for option in options), "start")

    def tool(self, name, *arguments):
        command = [str(self.binaries / name), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups", *command]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL, cwd="/")

    def stop(self):
        self.tool("pg_ctl", "-D", self.folder / "cluster", "-m", "fast", "stop")
        shutil.rmtree(self.folder)


def psql(*commands, database="postgres"):
    arguments = [word for command in commands for word in ("-c", command)]
    subprocess.run(["psql", "-X", "-q", "-h", "127.0.0.1", "-p", PORT, "-U", "bench", "-d", database,
                    "-v", "ON_ERROR_STOP=1", "-c", "set client_min_messages = error", *arguments],
                   check=True, stdout=subprocess.DEVNULL)


def timed(action, *arguments):
    start = time.perf_counter()
    action(*arguments)
    return time.perf_counter() - start


class Race:
    def __init__(self, arguments, python, dirty):
        self.arguments = arguments
        self.python = python
        self.dirty = dirty
        self.work = arguments.work
        self.changed = dirty.with_name(f"changed_{dirty.name}")
        self.times = {}
        self.failed = {}

    def homeroom(self, path, codes=(0, 3)):
        done = subprocess.run(
            [self.arguments.program, "run", path, "--contracts", HERE / "contracts", "--data",
             self.work / "homeroom-data", "--db", f"postgresql://bench@127.0.0.1:{PORT}/homeroom",
             "--quiet"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        if done.returncode not in codes:
            sys.exit(f"homeroom ended with {done.returncode}: {done.stderr[-2000:]}")

    def fresh_homeroom(self):
        """An installed, empty warehouse: the others' tables are made beforehand too."""
        shutil.rmtree(self.work / "homeroom-data", ignore_errors=True)
        psql("drop database if exists homeroom", "create database homeroom template template0")
        empty = self.work / "empty"
        empty.mkdir(exist_ok=True)
        self.homeroom(empty, codes=range(256))

    def peer(self, name):
        environment = {**os.environ, "PORT": PORT, "BENCH_PY": str(self.python),
                       "BENCH_PY_PG": str(self.python), "BENCH_WORK": str(self.work / "peers"),
                       "PATH": f"{Path(self.python).parent}:{os.environ['PATH']}"}
        done = subprocess.run(["bash", self.arguments.peers / f"load_{name}.sh", self.dirty],
                              env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                              text=True)
        if done.returncode != 0:
            self.failed[name] = (done.stderr.strip().splitlines() or ["?"])[-1][:120]

    def make_table(self):
        psql("drop table if exists tgt, stage",
             f"create table tgt ({TABLE}, primary key ({', '.join(KEY)}))",
             f"create unlogged table stage ({TABLE})")

    def copy(self, table, path):
        psql(f"\\copy {table} from '{path}' with (format csv, header true)")

    def stage(self, path):
        sets = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS if name not in KEY)
        psql("truncate stage")
        self.copy("stage", path)
        psql(f"insert into tgt select * from stage on conflict ({', '.join(KEY)}) do update "
             f"set {sets} where tgt is distinct from excluded")

    def make_changed(self):
        """The dirty file with other notes, and the clean file of it."""
        if self.changed.exists():
            return
        with self.dirty.open(newline="") as old, self.changed.open("w", newline="") as new:
            rows, out = csv.reader(old), csv.writer(new, lineterminator="\n")
            for number, row in enumerate(rows):
                if number % CHANGED_EVERY == 1 and len(row) == len(COLUMNS):
                    row[9] = f"changed {number}"
                out.writerow(row)
        clean = self.work / "changed-clean"
        shutil.rmtree(clean, ignore_errors=True)
        subprocess.run([self.arguments.program, "clean", self.changed, "--out", clean, "--contracts",
                        HERE / "contracts", "--quiet"], stdout=subprocess.DEVNULL)
        source = next(clean.glob("clean/*/*.csv"))
        with source.open(newline="") as old, truth_of(self.changed).open("w", newline="") as new:
            out = csv.writer(new, lineterminator="\n")
            out.writerows(row[:len(COLUMNS)] for row in csv.reader(old))

    def note(self, name, seconds):
        self.times.setdefault(name, []).append(seconds)
        say(f"  {name}: {seconds:.2f} s")

    def round(self):
        truth = truth_of(self.dirty)
        only = self.arguments.only.split(",") if self.arguments.only else [*PEERS, "stage"]
        self.make_table()
        self.note("copy", timed(self.copy, "tgt", truth))
        self.fresh_homeroom()
        self.note("homeroom", timed(self.homeroom, self.dirty))
        for name in PEERS:
            if name in only and name not in self.failed:
                self.note(name, timed(self.peer, name))
        self.make_table()
        self.note("stage", timed(self.stage, truth))
        self.note("changed: stage", timed(self.stage, truth_of(self.changed)))
        self.note("changed: homeroom", timed(self.homeroom, self.changed))
        self.note("again: hash", timed(subprocess.check_output, ["openssl", "sha256", self.changed]))
        self.note("again: homeroom", timed(self.homeroom, self.changed))

    def print_table(self, setting, size, load):
        print(f"### {size} of attendance, PostgreSQL's settings: {setting}\n")
        print(f"{', '.join(SETTINGS[setting]) or 'as it comes'}; {len(next(iter(self.times.values())))} "
              f"rounds, medians; {machine()}; load average {load:.1f} before, "
              f"{os.getloadavg()[0]:.1f} after\n")
        print("| What | Program | Wall s | Of the first | Wanted |")
        print("| --- | --- | ---: | ---: | ---: |")
        wanted = {"homeroom": "0.45", "changed: homeroom": "0.6", "again: homeroom": "1"}
        bases = {"changed": "changed: stage", "again": "again: hash"}
        for name, times in self.times.items():
            what, _, program = name.rpartition(": ")
            base = self.times[bases.get(what, "copy")]
            ratio = statistics.median(own / other for own, other in zip(times, base))
            if name in self.failed:
                continue
            print(f"| {what or 'first load'} | {program} | {statistics.median(times):.2f} | "
                  f"{ratio:.2f} | {wanted.get(name, '')} |")
        for name, why in self.failed.items():
            print(f"\nSKIPPED {name}: {why}")
        print()


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, required=True, help="folder with gen.py, load_*.sh")
    parser.add_argument("--sizes", default="100M")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--settings", default="tuned,default")
    parser.add_argument("--only", help="names of peers, separated by commas; none: no peers")
    parser.add_argument("--program", type=Path,
                        default=HERE.parent / "build" / "release" / "homeroom")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "homeroom-race")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    if not (arguments.peers / "load_floor.sh").exists():
        print(f"SKIPPED: the race of loading, as there is no {arguments.peers / 'load_floor.sh'}")
        return
    arguments.work.mkdir(parents=True, exist_ok=True)
    arguments.program = arguments.program.resolve()
    python = make_venv(arguments.work, "load_venv", "requirements_load.txt")
    for size in arguments.sizes.split(","):
        dirty = make_data(python, arguments.peers, arguments.work, "attendance", size)
        for setting in arguments.settings.split(","):
            race = Race(arguments, python, dirty)
            race.make_changed()
            load = os.getloadavg()[0]
            server = Server(Path(tempfile.gettempdir()) / "homeroom-race-server", SETTINGS[setting])
            try:
                for number in range(arguments.rounds):
                    say(f"{size}, {setting}: round {number + 1} of {arguments.rounds}")
                    race.round()
            finally:
                server.stop()
            race.print_table(setting, size, load)


if __name__ == "__main__":
    main()
