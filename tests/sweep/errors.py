"""R3: a system call fails: no space, a broken disk, no more files, no memory; once, or from then on."""

from naive import Naive
from scenes import all_scenes
from tally import Tally, evenly, spread

WRITES = ("write", "pwrite64", "writev", "openat", "rename", "renameat2", "mkdir", "mkdirat",
          "ftruncate", "fallocate", "fsync", "fdatasync")
READS = ("read", "pread64", "fsync", "fdatasync", "close", "getdents64", "unlink", "unlinkat")
FAULTS = (
    ("ENOSPC", WRITES),
    ("EDQUOT", ("write", "openat", "rename", "mkdir")),
    ("EIO", READS),
    ("EMFILE", ("openat", "socket")),
    ("ENOMEM", ("mmap",)),
    ("ECONNRESET", ("sendto", "recvfrom")),
)
LOADED = (0, 3)
# 1: no result could be told; 2: a file or folder that the program needs; 4: a file was refused or
# held; 6: the database or the disk. A program without memory may end itself: 134.
TOLD = (0, 1, 2, 3, 4, 6)


def what_it_said(done, error):
    if done is None:
        return ["stuck: it did not end"]
    if done.returncode in TOLD or (error == "ENOMEM" and done.returncode == 134):
        return []
    return [f"ended with {done.returncode}: {done.stderr[-300:]}"]


def points_of(bench, scene, is_long):
    for error, calls in FAULTS:
        _, seen, _ = bench.trace(bench.place(scene), calls=calls)
        for way in ("fail", "fail+"):
            for point in spread(len(seen), 40 if is_long else 2):
                yield scene, error, calls, way, point


def fail_once(bench, tally, scene, error, calls, way, point):
    place = bench.place(scene)
    done, made, is_hit = bench.trace(place, "--at", point, way, error, calls=calls)
    tally.points += is_hit
    tally.missed += not is_hit
    outcome = bench.recover(place)
    outcome.problems[:0] = what_it_said(done, error)
    at = made[point - 1] if len(made) >= point else ""
    tally.add(f"{scene.name}, {error} ({way}) of call {point} {at}", outcome)


def fail_the_naive(bench, tally):
    """No room for its mark, after the rows are in."""
    naive = Naive(bench)
    naive.begin()
    for point in range(1, 1 + len(naive.trace("--calls", "openat"))):
        naive.begin()
        naive.trace("--calls", "openat", "--at", point, "fail", "ENOSPC")
        tally.add_naive(*naive.recover())
    tally.expect_of_naive("doubled")


def sweep(bench, is_long, until):
    tally = Tally("errors", until)
    work = []
    for scene in all_scenes() if is_long else all_scenes()[:1]:
        bench.prepare(scene)
        work += points_of(bench, scene, is_long)
    for item in evenly(work):
        if tally.is_over():
            break
        fail_once(bench, tally, *item)
    fail_the_naive(bench, tally)
    return tally
