"""R4: the wire to the database is cut or goes dead at a byte, the answer to COMMIT included."""

import time

from bench import GIVES_UP_WITHIN, run
from naive import Naive
from scenes import all_scenes
from tally import Tally, evenly, spread
from wire import DOWN, UP, Wire

CALL_RETURNS_WITHIN = 30  # seconds of silence
TOLD = (0, 2, 3, 4, 6)


def carried(bench, place):
    """How many bytes a load sends and gets."""
    with Wire(bench.server.port) as wire:
        run(place.load(wire_url(bench, place, wire)))
        return dict(wire.carried)


def wire_url(bench, place, wire):
    return place.url.replace(f":{bench.server.port}/", f":{wire.port}/")


def points_of(sizes, is_long):
    """(way, byte, how). The last bytes that come down are the answers to COMMIT and what follows."""
    down, up = sizes[DOWN], sizes[UP]
    tail = list(range(max(1, down - 1500), down, 12 if is_long else 300))
    points = [(DOWN, byte, how) for byte in tail for how in (("reset", "end") if is_long else ("end",))]
    # The session begins with a few hundred bytes that are no load yet.
    points += [(UP, b, how) for b in spread(up - 1, 60 if is_long else 6) for how in ("reset", "end")]
    points += [(DOWN, b, "reset") for b in spread(down - 1, 40 if is_long else 4)]
    points += [(UP, b, "silent") for b in spread(up - 1, 8 if is_long else 1)]
    points += [(DOWN, b, "silent") for b in spread(down - 1, 8 if is_long else 1)]
    return points


def cut_once(bench, place, way, byte, how):
    """The problems of a load whose wire breaks, and whether it did."""
    with Wire(bench.server.port, byte, way, how) as wire:
        start = time.monotonic()
        done = run(place.load(wire_url(bench, place, wire)))
        seconds = time.monotonic() - start
        if done is None:
            return [f"stuck: no end within {GIVES_UP_WITHIN} s"], wire.is_cut
        problems = []
        if done.returncode not in TOLD:
            problems.append(f"ended with {done.returncode}: {done.stderr[-300:]}")
        if seconds > CALL_RETURNS_WITHIN + 30:
            problems.append(f"stuck: it took {seconds:.0f} s")
        return problems, wire.is_cut


def cut_the_naive(bench, tally, most):
    naive = Naive(bench)
    naive.begin()
    with Wire(bench.server.port) as wire:
        run(naive.command(bench.server.url("naive", wire.port)))
        down = wire.carried[DOWN]
    for byte in spread(down - 1, most):
        naive.begin()
        with Wire(bench.server.port, byte, DOWN, "reset") as wire:
            run(naive.command(bench.server.url("naive", wire.port)))
        tally.add_naive(*naive.recover())
    tally.expect_of_naive("doubled")


def sweep(bench, is_long, until):
    tally = Tally("wires", until)
    work = []
    for scene in all_scenes() if is_long else all_scenes()[1:2]:
        bench.prepare(scene)
        sizes = carried(bench, bench.place(scene))
        work += [(scene, *point) for point in points_of(sizes, is_long)]
    for scene, way, byte, how in evenly(work):
        if tally.is_over():
            break
        place = bench.place(scene)
        problems, is_cut = cut_once(bench, place, way, byte, how)
        tally.points += is_cut
        tally.missed += not is_cut
        outcome = bench.recover(place)
        outcome.problems[:0] = problems
        tally.add(f"{scene.name}, {how} {way} at byte {byte}", outcome)
    cut_the_naive(bench, tally, 200 if is_long else 40)
    return tally
