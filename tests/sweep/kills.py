"""R1: the program is killed before each of its system calls, from the first look at the files on."""

from naive import Naive
from scenes import all_scenes
from tally import Tally, evenly, spread

# So many kills follow each other, each at the call after the one before, until a load may end in
# peace: what one of them loses or doubles is there at the end.
CHAIN = 5
SHORT_CHAINS = 3  # a scene


def kill_the_naive(bench, tally, most):
    for flags in ((), ("--mark-first",)):
        naive = Naive(bench, *flags)
        naive.begin()
        calls = naive.trace()
        # Where it matters: around the first mark.
        mark = next(i for i, call in enumerate(calls) if "naive_data/" in call and "openat" in call)
        for point in range(max(1, mark - most // 2), min(len(calls), mark + most // 2)):
            naive.begin()
            naive.trace("--at", point, "kill")
            tally.add_naive(*naive.recover())
    tally.expect_of_naive("lost", "doubled")


def chains(scene, count, is_long):
    """The points of 1..count, five by five; of the short form, a few of them."""
    firsts = list(range(1, count + 1, CHAIN))
    chosen = firsts if is_long else [firsts[i - 1] for i in spread(len(firsts), SHORT_CHAINS)]
    return [(scene, range(first, min(first + CHAIN, count + 1))) for first in chosen]


def kill_one_after_the_other(bench, tally, scene, chain, is_thorough):
    place = bench.place(scene)
    seen = []
    for point in chain:
        _, calls, is_hit = bench.trace(place, "--at", point, "kill")
        seen.append(f"{point} {calls[-1] if calls else ''}".strip())
        tally.points += is_hit
        tally.missed += not is_hit
    outcome = bench.recover(place, is_thorough)
    tally.add(f"{scene.name}, killed before calls {'; '.join(seen)}", outcome)


def sweep(bench, is_long, until):
    tally = Tally("kills", until)
    work = []
    for scene in all_scenes():
        bench.prepare(scene)
        _, calls, _ = bench.trace(bench.place(scene))
        tally.possible += len(calls)
        work += chains(scene, len(calls), is_long)
    for number, (scene, chain) in enumerate(evenly(work)):
        if tally.is_over():
            break
        kill_one_after_the_other(bench, tally, scene, chain, number % 4 == 0 or not is_long)
    kill_the_naive(bench, tally, 40 if is_long else 10)
    return tally
