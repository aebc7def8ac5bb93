"""The naive loader at work on a folder of its own: what it loses and doubles."""

import collections
import csv
import pathlib
import shutil
import sys

from bench import FAULT_AT, run
from libpq import Session

LOADER = pathlib.Path(__file__).with_name("naive_loader.py")
FILES = {"first.csv": 7, "second.csv": 12}


class Naive:
    def __init__(self, bench, *flags, rows=0):
        self.bench = bench
        self.flags = flags
        self.sizes = {name: rows or count for name, count in FILES.items()}
        self.files = bench.folder / "naive_files"
        self.data = bench.folder / "naive_data"
        self.files.mkdir(exist_ok=True)
        for name, count in self.sizes.items():
            with (self.files / name).open("w", newline="") as out:
                csv.writer(out).writerows([("a", "b"), *((i, name) for i in range(count))])

    def begin(self):
        self.bench.server.clone("template0", "naive")
        shutil.rmtree(self.data, ignore_errors=True)

    def command(self, url=None):
        return [sys.executable, LOADER, self.files, self.data,
                url or self.bench.server.url("naive"), *self.flags]

    def trace(self, *fault):
        """As Bench.trace."""
        log = self.bench.folder / "naive_calls"
        run([FAULT_AT, "--log", log, "--after", self.files, *fault, "--", *self.command()])
        return log.read_text(errors="replace").splitlines()

    def recover(self):
        """Runs it again, in peace; how many rows are lost then, and how many are there too often."""
        run(self.command())
        lost = doubled = 0
        with Session(self.bench.server.url("naive")) as session:
            for name, count in self.sizes.items():
                wanted = collections.Counter((str(i), name) for i in range(count))
                table = name.removesuffix(".csv")
                is_there = session.query(f"select to_regclass('public.{table}') is not null")
                got = collections.Counter()
                if is_there == [("t",)]:
                    got.update(session.query(f"select a, b from {table}"))
                lost += (wanted - got).total()
                doubled += (got - wanted).total()
        return lost, doubled
