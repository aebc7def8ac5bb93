#!/usr/bin/env python3
"""Reads every cell of a CSV file of text and prints "rows cells bytes".

    read_peer.py (duckdb|polars|pyarrow) FILE THREADS

Each is told that all columns are text, so that none has to guess, and makes all of them. Rows that
are too long or too short are left out (DuckDB, pyarrow) or cut to fit (Polars).
"""
import csv
import os
import sys


def columns_of(path):
    with open(path, newline="", encoding="utf-8") as file:
        return next(csv.reader(file))


def read_duckdb(path, threads):
    import duckdb
    names = columns_of(path)
    types = "{" + ", ".join(f"'{name}': 'VARCHAR'" for name in names) + "}"
    length = " + ".join(f"coalesce(sum(strlen({name})), 0)" for name in names)
    connection = duckdb.connect()
    connection.execute(f"set threads = {threads}")
    connection.execute("set preserve_insertion_order = false")
    rows, num_bytes = connection.execute(
        f"select count(*), {length} from read_csv(?, header = true, auto_detect = false, "
        f"columns = {types}, delim = ',', quote = '\"', escape = '\"', ignore_errors = true)",
        [path]).fetchone()
    return rows, rows * len(names), num_bytes


def read_polars(path, threads):
    os.environ["POLARS_MAX_THREADS"] = str(threads)
    import polars
    frame = polars.read_csv(path, infer_schema=False, truncate_ragged_lines=True)
    num_bytes = sum(frame.select(polars.all().str.len_bytes().sum()).row(0))
    return frame.height, frame.height * frame.width, num_bytes


def read_pyarrow(path, threads):
    import pyarrow
    from pyarrow import compute, csv as arrow_csv
    names = columns_of(path)
    pyarrow.set_cpu_count(threads)
    reader = arrow_csv.open_csv(
        path,
        read_options=arrow_csv.ReadOptions(use_threads=threads > 1),
        parse_options=arrow_csv.ParseOptions(newlines_in_values=True,
                                             invalid_row_handler=lambda row: "skip"),
        convert_options=arrow_csv.ConvertOptions(
            column_types={name: pyarrow.string() for name in names}))
    rows = num_bytes = 0
    for batch in reader:
        rows += batch.num_rows
        num_bytes += sum(compute.sum(compute.binary_length(column)).as_py() or 0
                         for column in batch.columns)
    return rows, rows * len(names), num_bytes


def main():
    name, path, threads = sys.argv[1], sys.argv[2], int(sys.argv[3])
    read = {"duckdb": read_duckdb, "polars": read_polars, "pyarrow": read_pyarrow}[name]
    print(*read(path, threads))


if __name__ == "__main__":
    main()
