#!/usr/bin/env python3
"""Compares cleaned rows with the truth, in any order.

    compare.py CLEAN TRUTH --unique     the same rows, each as often
    compare.py CLEAN TRUTH --repeats    the same rows, where CLEAN may repeat them

Columns whose name begins with an underscore are Homeroom's own and left out. A moment in UTC
(2025-09-11T07:12:33Z) counts as the truth's 2025-09-11 07:12:33, and a number as the same one with
zeros behind its point. Rows are compared by 8-byte hashes, so that 12 million fit in memory.
"""
import csv
import re
import sys
from hashlib import blake2b

import numpy as np

NUMBER = re.compile(r"^\d+\.\d+$")
UTC = re.compile(r"^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)Z$")


def plain(cell):
    moment = UTC.match(cell) if len(cell) == 20 else None
    if moment:
        return f"{moment[1]} {moment[2]}"
    return cell.rstrip("0").rstrip(".") if NUMBER.match(cell) else cell


def hashes_of(path):
    """The rows' hashes, ascending."""
    def rows():
        with open(path, newline="", encoding="utf-8") as file:
            reader = csv.reader(file)
            kept = [i for i, name in enumerate(next(reader)) if not name.startswith("_")]
            for row in reader:
                text = "\x1f".join(plain(row[i]) for i in kept)
                yield int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big")

    return np.sort(np.fromiter(rows(), dtype=np.uint64))


def main():
    clean, truth = hashes_of(sys.argv[1]), hashes_of(sys.argv[2])
    repeats = len(clean) - len(np.unique(clean))
    if sys.argv[3] == "--repeats":
        clean, truth = np.unique(clean), np.unique(truth)
    if np.array_equal(clean, truth):
        print("equal" + (f" and {repeats} repeats" if repeats else ""))
        return
    missing = len(np.setdiff1d(truth, clean))
    extra = len(np.setdiff1d(clean, truth))
    print(f"{missing} missing, {extra} not in it, of {len(truth)}")


if __name__ == "__main__":
    main()
