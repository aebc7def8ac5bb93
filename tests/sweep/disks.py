"""R7: a disk is full: the database's, its log's, or the store's; then there is room again."""

import contextlib
import os
import pathlib
import shutil
import subprocess

from bench import Skipped, run
from libpq import DatabaseError
from naive import Naive
from scenes import large
from tally import Tally

TOLD = (2, 4, 6)
ROOM = "400m"


class SmallDisk:
    """A folder on a disk of its own; what was in the folder is on it."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def __enter__(self):
        mode = self.folder.stat()
        aside = self.folder.with_name(self.folder.name + ".aside")
        self.folder.rename(aside)
        self.folder.mkdir()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={ROOM}", "tmpfs", self.folder],
                                 capture_output=True, text=True)
        if mounted.returncode != 0:
            self.folder.rmdir()
            aside.rename(self.folder)
            raise Skipped("nobody may mount a small disk here")
        subprocess.run(["cp", "-a", f"{aside}/.", self.folder], check=True)
        os.chown(self.folder, mode.st_uid, mode.st_gid)
        os.chmod(self.folder, mode.st_mode & 0o7777)
        shutil.rmtree(aside)
        return self

    def __exit__(self, *_):
        aside = self.folder.with_name(self.folder.name + ".aside")
        subprocess.run(["cp", "-a", self.folder, aside], check=True)
        subprocess.run(["umount", self.folder], check=True)
        self.folder.rmdir()
        aside.rename(self.folder)

    def leave(self, room):
        """Fills the disk but for so many bytes."""
        ballast = self.folder / "ballast"
        disk = os.statvfs(self.folder)
        with ballast.open("wb") as out:
            os.posix_fallocate(out.fileno(), 0, max(1, disk.f_bavail * disk.f_bsize - room))

    def make_room(self):
        (self.folder / "ballast").unlink()


def full_once(bench, tally, place, disk, room, what):
    disk.leave(room)
    if "pg_wal" in what:  # what it has is enough otherwise
        with contextlib.suppress(DatabaseError):
            bench.server.query("select pg_switch_wal()")
    done = run(place.load())
    problems = []
    if done is None:
        problems.append("stuck: the load did not end")
    elif done.returncode == 0:
        tally.missed += 1
    elif done.returncode not in TOLD or "full" not in done.stdout + done.stderr:
        problems.append(f"ended with {done.returncode}: {done.stdout[-500:]} {done.stderr[-300:]}")
    tally.points += done is None or done.returncode != 0
    disk.make_room()
    bench.server.revive()  # no room for its log ends PostgreSQL
    outcome = bench.recover(place)
    outcome.problems[:0] = problems
    tally.add(f"{what} with room for {room} bytes", outcome)


def fill_for_the_naive(bench, tally, disk):
    naive = Naive(bench, "--mark-first", rows=50_000)  # more than there will be room for
    naive.begin()
    disk.leave(1_000_000)
    run(naive.command())
    disk.make_room()
    bench.server.revive()
    tally.add_naive(*naive.recover())
    tally.expect_of_naive("lost")


def sweep(bench, is_long, until):
    tally = Tally("disks", until)
    scene = large()
    bench.prepare(scene)
    # The load needs all of the most; a session needs some of the least.
    steps = range(1, 14) if is_long else (1, 5)
    for room in (50_000 * step for step in steps):
        place = bench.place(scene)
        with SmallDisk(place.store) as disk:
            full_once(bench, tally, place, disk, room, "the store")
    for part in ("db/base", "db/pg_wal"):
        bench.server.stop()
        with SmallDisk(bench.server.folder / part) as disk:
            bench.server.start()
            for room in (200_000 * step for step in steps):
                place = bench.place(scene)
                full_once(bench, tally, place, disk, room, f"the database's {part}")
            if part == "db/base":
                fill_for_the_naive(bench, tally, disk)
            bench.server.stop()
        bench.server.start()
    return tally
