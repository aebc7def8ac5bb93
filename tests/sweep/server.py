"""A PostgreSQL of the sweep's own, on a free port of this machine."""

import contextlib
import os
import pathlib
import pwd
import shutil
import signal
import socket
import subprocess
import time

from libpq import DatabaseError, Session

USER = "homeroom_admin"
# Crashes here are those of processes, which lose nothing that was written: no disk need be waited
# for. The crash sweep works on the program's own server, which does wait.
SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
full_page_writes = off
wal_level = minimal
max_wal_senders = 0
shared_buffers = 64MB
max_connections = 60
autovacuum = off
restart_after_crash = on
log_min_messages = fatal
{extra}
"""


def programs():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin/postgres"))
    return found[-1].parent if found else pathlib.Path(shutil.which("postgres") or "/").parent


def as_database_user():
    """PostgreSQL does not run as root."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam("postgres")
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def own(path):
    """Gives a folder to the database's user."""
    if who := as_database_user():
        os.chown(path, who["user"], who["group"])


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    def __init__(self, folder, extra=""):
        self.folder = pathlib.Path(folder)
        self.port = free_port()
        self.process = None
        self.folder.mkdir(parents=True, exist_ok=True)
        own(self.folder)
        subprocess.run(
            [programs() / "initdb", "--pgdata", self.folder / "db", "--username", USER,
             "--encoding", "UTF8", "--locale", "C", "--auth", "trust", "--no-sync",
             "--no-instructions"],
            check=True, cwd=self.folder, stdout=subprocess.DEVNULL, **as_database_user())
        with (self.folder / "db/postgresql.conf").open("a") as settings:
            settings.write(SETTINGS.format(port=self.port, extra=extra))
        self.start()

    def url(self, database="postgres", port=None):
        return f"postgresql://{USER}@127.0.0.1:{port or self.port}/{database}"

    def start(self):
        self._launch()
        self.wait_until_ready()

    def _launch(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                [programs() / "postgres", "-D", self.folder / "db"], cwd=self.folder, stdout=log,
                stderr=log, stdin=subprocess.DEVNULL, **as_database_user())

    def wait_until_ready(self, seconds=60):
        end = time.monotonic() + seconds
        while True:
            try:
                return Session(self.url()).close()
            except DatabaseError:
                if time.monotonic() > end:
                    raise
            time.sleep(0.02)

    def revive(self, seconds=30):
        """Waits until it has recovered; starts it where it is gone."""
        end = time.monotonic() + seconds
        while True:
            if self.process.poll() is not None:
                self._launch()  # refused while a process of the old one is still there
            with contextlib.suppress(DatabaseError):
                return self.wait_until_ready(0)
            if time.monotonic() > end:
                raise TimeoutError("the database does not come back")
            time.sleep(0.05)

    def stop(self, how=signal.SIGINT):
        """SIGINT: in order; SIGQUIT: at once; SIGKILL: without a chance to do anything."""
        self.process.send_signal(how)
        self.process.wait(60)

    def query(self, sql, database="postgres"):
        with Session(self.url(database)) as session:
            return session.query(sql)

    def clone(self, template, name):
        with Session(self.url()) as session:
            session.query(f"drop database if exists {name} with (force)")
            session.query(f"create database {name} template {template} strategy file_copy")

    def drop(self, name):
        self.query(f"drop database if exists {name} with (force)")

    def backends(self, database):
        """Pids of the sessions of a database, but our own."""
        return [int(pid) for (pid,) in self.query(
            f"select pid from pg_stat_activity where datname = '{database}' "
            "and pid <> pg_backend_pid() and backend_type = 'client backend'")]

    def check_pages(self, database):
        """What pg_amcheck says against the tables and indexes: nothing, when all is well."""
        found = subprocess.run(
            [programs() / "pg_amcheck", "--install-missing", "--heapallindexed", "-h", "127.0.0.1",
             "-p", str(self.port), "-U", USER, "-d", database],
            capture_output=True, text=True, cwd=self.folder)
        return found.stdout + found.stderr if found.returncode else ""
