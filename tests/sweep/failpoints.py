"""The program is killed, or the step fails, at each place that the sources name for it; and while it
rests there, another program loads the same files. Where reads come in pieces of a few bytes, the same
comes out. (Builds for tests have these places, a release does not: see src/base/failpoint.h.)"""

import collections
import re
import subprocess

import oracle
from bench import GIVES_UP_WITHIN, GOOD, ROOT, Outcome, Skipped, environment, run
from scenes import all_scenes
from tally import Tally, evenly

NAMED = re.compile(r'HOMEROOM_FAILPOINT\("(\w+)"\)')
# While a program rests here, another loads the same files: what it may hold then is another lock.
RESTS = ("sniffed", "claimed", "merge", "before_commit")


def names_in_sources():
    return sorted({name for source in (ROOT / "src").rglob("*.cc") if "_test" not in source.name
                   for name in NAMED.findall(source.read_text())})


def count_reached(bench, scene):
    """How often a load of the scene gets to each place."""
    log = bench.folder / "reached"
    log.unlink(missing_ok=True)
    place = bench.place(scene)
    done = run(place.load(), HOMEROOM_FAILPOINT_LOG=log)
    if done is None or done.returncode not in GOOD:
        raise AssertionError(f"{scene.name}, without any fault: {done}")
    if not log.exists():
        raise Skipped("this program was built without places to break it at")
    return collections.Counter(log.read_text().split())


def break_at(place, name, action, number):
    return run([*place.load(), "--try-again"], HOMEROOM_FAILPOINT=f"{name}:{action}@{number}")


def kill_then_fail(bench, tally, scene, name, number, is_thorough):
    """One after the other, at the same place."""
    place = bench.place(scene)
    problems = []
    killed = break_at(place, name, "abort", number)
    if killed is None or killed.returncode != -9:
        problems.append(f"not killed: {killed and killed.returncode}")
    failed = break_at(place, name, "error", number)
    if failed is None or failed.returncode < 0:
        problems.append(f"the step fails, and the program: {failed and failed.returncode}")
    tally.points += 2
    outcome = bench.recover(place, is_thorough)
    outcome.problems += problems
    tally.add(f"{scene.name}, killed, then failed at {name} {number}", outcome)


def load_beside(bench, tally, scene, name):
    """Another program comes while this one rests. Each file counts once, whoever takes it."""
    place = bench.place(scene)
    first = subprocess.Popen([str(word) for word in place.load()], stdin=subprocess.DEVNULL,
                             stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                             env=environment(HOMEROOM_FAILPOINT=f"{name}:sleep@1"))
    second = run(place.load())
    try:
        codes = (first.wait(GIVES_UP_WITHIN), second and second.returncode)
    except subprocess.TimeoutExpired:
        first.kill()
        codes = ("stuck", second and second.returncode)
    tally.points += 1
    problems = [] if all(code in GOOD for code in codes) else [f"the two end with {codes}"]
    outcome = Outcome(problems + oracle.rows_missing(scene, place.url), 0.0)
    tally.add(f"{scene.name}, another program while this one rests at {name}", outcome)


def read_in_pieces(bench, tally, scene):
    place = bench.place(scene)
    done = break_at(place, "read_chunk", "short-read", 1)
    tally.points += 1
    problems = [] if done and done.returncode in GOOD else [f"short reads: {done}"]
    tally.add(f"{scene.name}, read in pieces", Outcome(problems + bench.judge(place), 0.0))


def chosen(reached, is_long):
    """Scene, name and how often it was reached by then: the long form has each, the short one a
    single one of each name."""
    if is_long:
        work = [(scene, name, number) for scene, counts in reached for name, count in counts.items()
                for number in range(1, count + 1)]
        return evenly(work)
    work = []
    for i, name in enumerate(names_in_sources()):
        places = [(scene, counts[name]) for scene, counts in reached if counts[name]]
        if places:
            scene, count = places[i % len(places)]
            work.append((scene, name, (count + 1) // 2))
    return work


def sweep(bench, is_long, until):
    tally = Tally("failpoints", until)
    reached = []
    for scene in all_scenes():
        bench.prepare(scene)
        reached.append((scene, count_reached(bench, scene)))
    tally.possible = sum(sum(counts.values()) for _, counts in reached)
    never = [name for name in names_in_sources() if not any(counts[name] for _, counts in reached)]
    if never:
        tally.add("reached by no scene", Outcome([", ".join(never)], 0.0))
    for scene, counts in reached:
        read_in_pieces(bench, tally, scene)
        for name in RESTS if is_long or scene.name == "keyed" else ():
            if counts[name]:
                load_beside(bench, tally, scene, name)
    for turn, (scene, name, number) in enumerate(chosen(reached, is_long)):
        if tally.is_over():
            break
        kill_then_fail(bench, tally, scene, name, number, is_thorough=turn % 8 == 0)
    return tally
