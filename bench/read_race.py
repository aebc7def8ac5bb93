#!/usr/bin/env python3
"""Races Homeroom's reader against others: each reads every cell of the same file.

    bench/read_race.py --maker ../shared/bench/gen.py [--sizes 100M,1G] [--rounds 3] [--only NAMES]

Programs run one after the other, round by round, so that a busy machine slows all of them alike;
ratios are taken within a round, and of those the median. CPU seconds and peak memory are what the
kernel charged to the process. Files are made once, in build/bench-data (10G and more: removed
again). Made here as well: a Python with the peers of requirements.txt and the Rust program of
simd_csv/. A peer that cannot be had is SKIPPED, and so is all when there is no MAKER.
"""
import argparse
import os
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

from race import machine, make_venv, say, students_of

HERE = Path(__file__).resolve().parent
BUILD = HERE.parent / "build"
PYTHON_PEERS = ["duckdb", "polars", "pyarrow"]
SIMD_CSV_WAYS = ["bytes", "text", "views"]
KEPT_BYTES = 5e9


class Racer:
    """A program in the race."""

    def __init__(self, name, argv):
        self.name = name
        self.argv = [str(word) for word in argv]
        self.runs = []  # (wall, CPU, peak MB)
        self.said = ""

    def run(self, path, is_counted=True):
        out = BUILD / "bench-data" / "measured.txt"
        command = [BUILD / "bench" / "homeroom_measure", out,
                   *[str(path) if word == "FILE" else word for word in self.argv]]
        done = subprocess.run(command, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"{self.name} ended with {done.returncode}: {done.stderr[-2000:]}")
        wall, cpu, peak_kb, _ = map(float, out.read_text().split())
        self.said = done.stdout.strip()
        if is_counted:
            self.runs.append((wall, cpu, peak_kb / 1024))

    def median(self, what):
        return statistics.median(run[what] for run in self.runs)

    def peak(self):
        return max(run[2] for run in self.runs)

    def ratio(self, other, what):
        """How much more it took than `other`, in the same round."""
        return statistics.median(own[what] / its[what] for own, its in zip(self.runs, other.runs))


def build_simd_csv():
    """The Rust program, or None. Cargo writes its lock file beside the sources, so these are
    copied; their versions are pinned in Cargo.toml."""
    folder = BUILD / "bench-simd-csv"
    shutil.copytree(HERE / "simd_csv", folder, dirs_exist_ok=True)
    try:
        subprocess.run(["cargo", "build", "--release", "--quiet"], cwd=folder, check=True)
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"SKIPPED simd-csv: {error}")
        return None
    return folder / "target" / "release" / "simd-csv-scan-cells"


def make_racers(python, only):
    scan = BUILD / "bench" / "homeroom_scan_cells"
    racers = [Racer("wc -l", ["wc", "-l", "FILE"]),
              Racer("homeroom", [scan, "text", "FILE", 1]),
              Racer("homeroom, 2 threads", [scan, "text", "FILE", 2]),
              Racer("homeroom, bytes", [scan, "bytes", "FILE", 1])]
    wanted = only.split(",") if only else ["simd-csv", *PYTHON_PEERS]
    if "simd-csv" in wanted:
        program = build_simd_csv()
        racers += [Racer(f"simd-csv, {way}", [program, way, "FILE"])
                   for way in SIMD_CSV_WAYS if program]
    racers += [Racer(name, [python, HERE / "read_peer.py", name, "FILE", 1])
               for name in PYTHON_PEERS if name in wanted]
    return racers


def make_file(maker, python, size):
    path = BUILD / "bench-data" / f"attendance_{size}.csv"
    if not path.exists():
        say(f"making {size} of attendance")
        unfinished = path.with_suffix(".part")
        subprocess.run([python, maker, "attendance", "--size", size, "--out", unfinished,
                        "--students", str(students_of(size))],
                       check=True, stdout=subprocess.DEVNULL)
        unfinished.rename(path)
    return path


def print_table(racers, size, rounds, load):
    wc, ours = racers[:2]
    print(f"\n{size} of attendance, {rounds} rounds, medians; {machine()}; load average "
          f"{load:.1f} before, {os.getloadavg()[0]:.1f} after\n")
    print("| Program | CPU s | Wall s | Peak MB | CPU / wc -l | CPU / Homeroom | "
          "Rows, cells, bytes |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    for racer in racers:
        print(f"| {racer.name} | {racer.median(1):.3f} | {racer.median(0):.3f} | "
              f"{racer.peak():.1f} | {racer.ratio(wc, 1):.2f} | {racer.ratio(ours, 1):.2f} | "
              f"{'' if racer is wc else racer.said} |")


def print_verdict(racers):
    """The promises: at most 4 times wc -l, 1.7 times as fast as any other, twice the threads 1.7
    times as fast."""
    wc, ours, both, bytes_only, *peers = racers
    print(f"\nHomeroom takes {ours.ratio(wc, 1):.2f} times the CPU of wc -l; two threads are "
          f"{ours.ratio(both, 0):.2f} times as fast as one, in wall time.")
    unchecked = [peer for peer in peers if peer.name in ("simd-csv, bytes", "simd-csv, views")]
    checked = [peer for peer in peers if peer not in unchecked]
    for what, own, others in [("", ours, peers), (" that checks its text", ours, checked),
                              (" that does not, where Homeroom does not either", bytes_only,
                               unchecked)]:
        if others:
            best = min(others, key=lambda peer: peer.median(1))
            print(f"It is {best.ratio(own, 1):.2f} times as fast as any other{what} "
                  f"({best.name}), in CPU seconds.")


def race(racers, path, size, rounds):
    load = os.getloadavg()[0]
    for racer in racers:
        racer.runs = []
    racers[0].run(path, is_counted=False)  # the file is then in memory
    for number in range(rounds):
        say(f"{size}: round {number + 1} of {rounds}")
        for racer in racers:
            racer.run(path)
    print_table(racers, size, rounds, load)
    print_verdict(racers)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--maker", type=Path, required=True, help="gen.py, which makes the data")
    parser.add_argument("--sizes", default="100M,1G")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", help="of simd-csv, duckdb, polars, pyarrow; none: no peers")
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    if not arguments.maker.exists():
        print(f"SKIPPED: the race of readers, as there is no {arguments.maker}")
        return
    (BUILD / "bench-data").mkdir(parents=True, exist_ok=True)
    python = make_venv(BUILD / "bench-data")
    racers = make_racers(python, arguments.only)
    for size in arguments.sizes.split(","):
        path = make_file(arguments.maker, python, size)
        race(racers, path, size, arguments.rounds)
        if path.stat().st_size > KEPT_BYTES:
            path.unlink()


if __name__ == "__main__":
    main()
