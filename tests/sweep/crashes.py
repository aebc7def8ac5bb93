"""R5 and R6: the database dies while the program talks to it: a session, all of it at once, or only
its first process, at each call by which the program sends or hears something."""

from naive import Naive
from scenes import all_scenes
from tally import Tally, evenly, spread

TALK = ("sendto", "recvfrom", "poll")
TOLD = (0, 2, 3, 4, 6)
# What the shell does while the program stands still. The ids are those of our own server.
WAYS = {
    "a session is killed":
        "ps -o pid=,args= --ppid {server} | awk '/{database}/ {{print $1}}' | xargs -r kill -KILL",
    "the server is stopped at once": "kill -QUIT {server}",
    "its first process is killed": "kill -KILL {server}",
}


def crash_the_naive(bench, tally, most):
    naive = Naive(bench, "--mark-first")
    naive.begin()
    count = len(naive.trace())
    for point in spread(count, most):
        naive.begin()
        naive.trace("--at", point, "run", f"kill -QUIT {bench.server.process.pid}; sleep 0.05")
        bench.server.revive()
        tally.add_naive(*naive.recover())
    tally.expect_of_naive("lost")


def crash_once(bench, tally, place, way, point):
    command = WAYS[way].format(server=bench.server.process.pid, database=place.database)
    done, _, is_hit = bench.trace(place, "--at", point, "run", f"{command}; sleep 0.05", calls=TALK)
    tally.points += is_hit
    tally.missed += not is_hit
    bench.server.revive()
    if done is None:
        return ["stuck: the load did not end"]
    return [] if done.returncode in TOLD else [f"ended with {done.returncode}: {done.stderr[-300:]}"]


def sweep(bench, is_long, until):
    tally = Tally("crashes", until)
    work = []
    for scene in all_scenes() if is_long else all_scenes()[1:2]:
        bench.prepare(scene)
        _, calls, _ = bench.trace(bench.place(scene), calls=TALK)
        points = spread(len(calls), 40 if is_long else 4)
        work += [(scene, list(WAYS)[i % len(WAYS)], point) for i, point in enumerate(points)]
    for number, (scene, way, point) in enumerate(evenly(work)):
        if tally.is_over():
            break
        place = bench.place(scene)
        problems = crash_once(bench, tally, place, way, point)
        outcome = bench.recover(place, is_thorough=number % 4 == 0)
        if is_long and number % 4 == 0 and (pages := bench.server.check_pages(place.database)):
            problems.append(f"pg_amcheck: {pages[-400:]}")
        outcome.problems[:0] = problems
        tally.add(f"{scene.name}, {way} at call {point}", outcome)
    crash_the_naive(bench, tally, 60 if is_long else 12)
    return tally
