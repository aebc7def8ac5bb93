#!/usr/bin/env python3
"""The loader that anybody writes first, and that each sweep has to catch.

It reads each CSV file of a folder, appends its rows in one transaction, and notes in a file of its
own that it is done: after the commit, or, with --mark-first, before. There is no ledger in the
transaction, so that between the two a row is loaded twice, or never.

Usage: naive_loader.py FOLDER DATA URL [--mark-first]
"""

import csv
import io
import pathlib
import sys

from libpq import Session


def append(session, table, rows):
    columns = ", ".join(f'"{name}" text' for name in rows[0])
    session.query(f'begin; create table if not exists "{table}" ({columns})')
    text = io.StringIO()
    csv.writer(text).writerows(rows[1:])
    session.copy_in(f'copy "{table}" from stdin (format csv)', text.getvalue())
    session.query("commit")


def main(folder, data, url, *flags):
    done = pathlib.Path(data)
    done.mkdir(parents=True, exist_ok=True)
    with Session(url) as session:
        for path in sorted(pathlib.Path(folder).rglob("*.csv")):
            mark = done / path.name
            if mark.exists():
                continue
            rows = list(csv.reader(path.open(newline="")))
            if "--mark-first" in flags:
                mark.touch()
            append(session, path.stem, rows)
            mark.touch()


main(*sys.argv[1:])
