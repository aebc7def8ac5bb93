#!/usr/bin/env python3
"""Races `homeroom clean` against DuckDB, Polars and pandas on the same cleaning, exact uniqueness
of the key included.

    bench/race.py --peers FOLDER [--kinds attendance,assessments] [--sizes 100M,1G] [--rounds N]
                  [--no-unique] [--only homeroom,polars]

FOLDER holds the data maker and the peers (gen.py, clean_NAME.py); without it all is SKIPPED. For
each kind and size a dirty file is made with its truth; then every program cleans it, one after the
other, N times, so that a busy machine slows all of them alike. Time, CPU and peak memory are the
kernel's own account of the process (wait4). The rows that come out are compared with the truth once
for each program. The peers clean attendance only, and pandas and pyarrow only what fits in memory.
The tables go to stdout, ready for bench/RESULTS.md; progress goes to stderr.

Python packages for the peers are installed into WORK/venv, as pinned in bench/requirements.txt.
"""
import argparse
import json
import os
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
PEERS = ["duckdb", "polars", "pyarrow", "pandas"]
# They hold the whole file in memory several times over.
MOST_BYTES = {"pyarrow": 2 * 10**8, "pandas": 2 * 10**8}
# How many times less CPU Homeroom must take.
MUSTS = {"100M": {"duckdb": 13, "polars": 9, "pandas": 28}, "1G": {"duckdb": 9, "polars": 7}}


def say(text):
    print(text, file=sys.stderr, flush=True)


def make_venv(work, name="venv", requirements="requirements.txt"):
    """A Python with the peers' packages; made once."""
    python = work / name / "bin" / "python"
    stamp = work / name / "requirements.txt"
    wanted = (HERE / requirements).read_text()
    if not stamp.exists() or stamp.read_text() != wanted:
        say("installing the peers")
        subprocess.run([sys.executable, "-m", "venv", work / name], check=True)
        subprocess.run([python, "-m", "pip", "install", "-q", "-r", HERE / requirements],
                       check=True)
        stamp.write_text(wanted)
    return python


def bytes_of(size):
    return float(size[:-1]) * {"K": 10**3, "M": 10**6, "G": 10**9}[size[-1].upper()]


def students_of(size):
    """So many that a file of any size has two weeks of days and more: its dates then tell their
    order. 50,000, the maker's own number, at 1G."""
    return max(100, int(bytes_of(size) / 20_000))


def make_data(python, peers, work, kind, size):
    """The dirty file; its truth and its counts lie beside it."""
    dirty = work / f"{kind}_{size}.csv"
    if not Path(f"{dirty}.json").exists():
        say(f"making {size} of {kind}")
        subprocess.run([python, peers / "gen.py", kind, "--size", size, "--out", dirty, "--truth",
                        truth_of(dirty), "--students", str(students_of(size))], check=True,
                       stdout=subprocess.DEVNULL)
    return dirty


def truth_of(dirty):
    return dirty.with_suffix(".truth.csv")


class Racer:
    """A program in the race: what it is called with, and where it leaves the clean rows."""

    def __init__(self, name, argv, output):
        self.name = name
        self.argv = [str(word) for word in argv]
        self.output = output
        self.runs = []
        self.verdict = "not compared"

    def clean_file(self):
        return self.output if self.output.is_file() else next(self.output.glob("clean/*/*.csv"))

    def run(self):
        if self.output.is_dir():
            shutil.rmtree(self.output)
        else:
            self.output.unlink(missing_ok=True)
        start = time.perf_counter()
        child = subprocess.Popen(self.argv, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        errors = child.stderr.read()
        _, status, used = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        wall = time.perf_counter() - start
        if child.returncode not in (0, 3):  # 3: rows were quarantined, as they should be
            sys.exit(f"{self.name} ended with {child.returncode}: "
                     f"{errors.decode(errors='replace')[-2000:]}")
        self.runs.append((wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024))
        say(f"  {self.name}: wall {wall:.2f} s, CPU {self.runs[-1][1]:.2f} s, "
            f"peak {self.runs[-1][2]:.0f} MB")

    def median(self, what):
        return statistics.median(run[what] for run in self.runs)


def make_racers(arguments, python, kind, size, dirty):
    work = arguments.work
    unique = "nouniq" if arguments.no_unique else "uniq"
    homeroom = [arguments.program, "clean", dirty, "--out", work / "homeroom",
                "--contracts", HERE / "contracts", "--quiet"]
    racers = [Racer("homeroom", homeroom + (["--no-unique"] if arguments.no_unique else []),
                    work / "homeroom")]
    for name in PEERS if kind == "attendance" else []:
        if bytes_of(size) > MOST_BYTES.get(name, float("inf")):
            continue
        out = work / f"{name}.csv"
        racers.append(Racer(name, [python, arguments.peers / f"clean_{name}.py", dirty, out,
                                   work / f"{name}.quarantine.csv", unique], out))
    chosen = arguments.only.split(",") if arguments.only else None
    return [racer for racer in racers if chosen is None or racer.name in chosen]


def compare(python, racer, dirty, is_unique):
    mode = "--unique" if is_unique else "--repeats"
    done = subprocess.run([python, HERE / "compare.py", racer.clean_file(), truth_of(dirty), mode],
                          capture_output=True, text=True)
    return done.stdout.strip() or done.stderr.strip()[-300:]


def machine():
    model = next((line.split(":", 1)[1].strip() for line in open("/proc/cpuinfo")
                  if line.startswith("model name")), "unknown CPU")
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GB of memory"


def version_of(python, racer, program):
    if racer.name == "homeroom":
        argv = [program, "--version"]
    else:
        argv = [python, "-c", f"import {racer.name}; print({racer.name}.__version__)"]
    done = subprocess.run([str(word) for word in argv], capture_output=True, text=True)
    return done.stdout.split()[-1] if done.stdout.split() else "?"


def print_table(racers, arguments, python, kind, size, megabytes, load):
    base = racers[0]
    num_rounds = len(base.runs)
    rounds = f"{num_rounds} round" + ("s, medians" if num_rounds > 1 else "")
    keys = "no look for repeated keys" if arguments.no_unique else "repeated keys looked for"
    print(f"### {megabytes:.0f} MB of {kind}\n\n{keys}, {rounds}; {machine()}; load average {load[0]:.1f} before, "
          f"{os.getloadavg()[0]:.1f} after\n")
    print("| Program | Wall s | CPU s | Peak MB | MB per CPU-s | Wall ratio | CPU ratio | Wanted | "
          "Memory ratio | Rows against the truth |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | --- |")
    musts = {} if arguments.no_unique else MUSTS.get(size, {})
    for racer in racers:
        wall, cpu, peak = (racer.median(what) for what in range(3))
        ratios = [statistics.median(own[what] / other[what]
                                    for own, other in zip(racer.runs, base.runs))
                  for what in range(3)]
        name = f"{racer.name} {version_of(python, racer, arguments.program)}"
        print(f"| {name} | {wall:.2f} | {cpu:.2f} | {peak:.0f} | {megabytes / cpu:.1f} | "
              f"{ratios[0]:.2f} | {ratios[1]:.2f} | {musts.get(racer.name, '')} | "
              f"{ratios[2]:.1f} | {racer.verdict} |")
    print()
    for racer in racers:
        words = [word.replace(str(HERE.parent) + "/", "").replace(str(arguments.work), "WORK")
                 .replace(str(arguments.peers), "PEERS") for word in racer.argv]
        print(f"    {shlex.join(words)}")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--peers", type=Path, required=True, help="folder with gen.py, clean_*.py")
    parser.add_argument("--kinds", default="attendance,assessments")
    parser.add_argument("--sizes", default="100M,1G", help="of the files: 10M, 100M, 1G")
    parser.add_argument("--rounds", type=int, help="3 below 500 MB, else 1")
    parser.add_argument("--no-unique", action="store_true", help="no look for repeated keys")
    parser.add_argument("--only", help="names of programs, separated by commas")
    parser.add_argument("--program", type=Path,
                        default=HERE.parent / "build" / "release" / "homeroom")
    parser.add_argument("--work", type=Path, default=Path(tempfile.gettempdir()) / "homeroom-race")
    return parser.parse_args()


def race(arguments, python, kind, size):
    dirty = make_data(python, arguments.peers, arguments.work, kind, size)
    racers = make_racers(arguments, python, kind, size, dirty)
    load = os.getloadavg()
    num_rounds = arguments.rounds or (3 if bytes_of(size) < 5 * 10**8 else 1)
    for number in range(num_rounds):
        say(f"{kind}, {size}: round {number + 1} of {num_rounds}")
        for racer in racers:
            racer.run()
            if number == 0:
                racer.verdict = compare(python, racer, dirty, not arguments.no_unique)
                say(f"  {racer.name}: {racer.verdict}")
    rows = json.loads(Path(f"{dirty}.json").read_text())
    print_table(racers, arguments, python, kind, size, rows["bytes"] / 1e6, load)


def main():
    arguments = parse_arguments()
    if not (arguments.peers / "gen.py").exists():
        print(f"SKIPPED: the race of cleaning, as there is no {arguments.peers / 'gen.py'}")
        return
    arguments.work.mkdir(parents=True, exist_ok=True)
    python = make_venv(arguments.work)
    for kind in arguments.kinds.split(","):
        for size in arguments.sizes.split(","):
            race(arguments, python, kind, size)


if __name__ == "__main__":
    main()
