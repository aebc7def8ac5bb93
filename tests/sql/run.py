#!/usr/bin/env python3
"""Tests in SQL of what Homeroom puts into PostgreSQL: pgTAP, each *.sql file beside this one in a
transaction of its own that is taken back. A view or function that none of them names fails too.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "sweep"))

from server import USER, Server, programs

PROGRAM = os.environ.get("HOMEROOM_PROGRAM", str(HERE.parents[1] / "build" / "dev" / "homeroom"))
SKIPPED = 77
OURS = """
select distinct p.proname from pg_proc as p where p.pronamespace = 'homeroom'::regnamespace
union
select c.relname from pg_class as c
where c.relkind in ('v', 'm') and c.relnamespace in ('mart'::regnamespace, 'report'::regnamespace)
"""


def missing():
    """Packages that are not here."""
    extension = programs().parent.parent.parent.parent / "share" / "postgresql"
    version = programs().parent.name
    found = (extension / version / "extension" / "pgtap.control").exists()
    return [name for name, is_there in ((f"postgresql-{version}-pgtap", found),
                                        ("pg_prove", shutil.which("pg_prove"))) if not is_there]


def install(server, folder):
    """The tables of the shipped contracts and every view, by the program itself."""
    (folder / "nothing").mkdir()
    subprocess.run([PROGRAM, "run", folder / "nothing", "--data", folder / "data", "--db",
                    server.url()], check=True, stdout=subprocess.DEVNULL)
    psql = [programs() / "psql", "-qX", "-v", "ON_ERROR_STOP=1", "-f", HERE / "setup.sql", server.url()]
    subprocess.run(psql, check=True, stdout=subprocess.DEVNULL)


def not_named(server, tests):
    words = set(re.findall(r"\w+", " ".join(test.read_text() for test in tests)))
    return sorted(name for (name,) in server.query(OURS) if name not in words)


def main():
    if lacking := missing():
        print(f"SKIPPED: {', '.join(lacking)} is not installed")
        return SKIPPED
    folder = pathlib.Path(tempfile.mkdtemp(prefix="homeroom-sql-", dir="/tmp"))
    folder.chmod(0o755)
    server = Server(folder / "pg")
    try:
        install(server, folder)
        tests = [pathlib.Path(name).resolve() for name in sys.argv[1:]]
        tests = tests or sorted(test for test in HERE.glob("*.sql") if test.name != "setup.sql")
        proven = subprocess.run(["pg_prove", "--psql-bin", programs() / "psql", "--host", "127.0.0.1",
                                 "--port", str(server.port), "--username", USER, "--dbname", "postgres",
                                 "--set", "ON_ERROR_STOP=1", *tests])
        untested = [] if sys.argv[1:] else not_named(server, tests)
        for name in untested:
            print(f"no test names {name}")
        return 1 if proven.returncode or untested else 0
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


sys.exit(main())
