#!/usr/bin/env python3
"""Breaks loads in every way that is known, and checks that no row is lost, doubled or stuck.

Usage: tests/sweep/sweep.py [--long] [--minutes N] [NAME...]     NAME: one of NAMES (without: all)

The short form takes some points of each sweep and belongs to `make test`; the long one is
`make sweep`. docs/reference/faults.md says what is tried. Ends with 1 when something was found,
77 when this machine does not let it be tried.
"""

import argparse
import importlib
import sys
import time

from bench import Bench, Skipped

NAMES = ("kills", "failpoints", "errors", "wires", "crashes", "own_server", "disks", "files",
         "together", "poison")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME")
    parser.add_argument("--long", action="store_true", help="all points")
    parser.add_argument("--minutes", type=float, default=float("inf"), metavar="N",
                        help="each sweep takes as many of its points as N minutes allow")
    options = parser.parse_args()
    tallies, skipped = [], []
    for name in options.names or NAMES:
        module = importlib.import_module(name)
        try:
            with Bench() as bench:
                until = time.monotonic() + options.minutes * 60
                tallies.append(module.sweep(bench, options.long, until))
                bench.check_pages(tallies[-1])
            print(tallies[-1].line(), flush=True)
        except Skipped as why:
            skipped.append(name)
            print(f"{name}: SKIPPED: {why}", flush=True)
    if any(tally.problems for tally in tallies):
        return 1
    return 77 if skipped and not tallies else 0


sys.exit(main())
