"""R15 and R2: several programs load one folder into one database at once; some of them are killed."""

import os
import random
import shlex
import signal
import subprocess
import time

from bench import GIVES_UP_WITHIN, GOOD
from naive import Naive
from scenes import all_scenes
from tally import Tally

SEED = 20251128


def start(command):
    environment = {k: v for k, v in os.environ.items() if not k.startswith("HOMEROOM_")}
    return subprocess.Popen([str(word) for word in command], stdout=subprocess.PIPE,
                            stderr=subprocess.PIPE, text=True, env=environment,
                            stdin=subprocess.DEVNULL)


def end(process, is_killed):
    try:
        out, error = process.communicate(timeout=GIVES_UP_WITHIN)
    except subprocess.TimeoutExpired:
        process.kill()
        return ["stuck: a load did not end"]
    if is_killed or process.returncode in GOOD:
        return []
    return [f"one of them ended with {process.returncode}: {out[-600:]} {error[-300:]}"]


def load_together(commands, pick, num_killed, usual):
    """All at once; the first `num_killed` of them are killed at some moment."""
    processes = [start(command) for command in commands]
    for process in processes[:num_killed]:
        time.sleep(pick.uniform(0, usual / max(1, num_killed)))
        process.send_signal(signal.SIGKILL)
    return [problem for i, process in enumerate(processes) for problem in end(process, i < num_killed)]


def load_the_naive(bench, tally):
    """A second one does all of its work after the first has seen that nothing is done."""
    naive = Naive(bench)
    naive.begin()
    calls = naive.trace()
    point = 1 + next(i for i, call in enumerate(calls) if call.endswith("first.csv"))
    naive.begin()
    naive.trace("--at", point, "run", shlex.join(str(word) for word in naive.command()))
    tally.add_naive(*naive.recover())
    tally.expect_of_naive("doubled")


def sweep(bench, is_long, until):
    tally = Tally("together", until)
    pick = random.Random(SEED)
    print(f"  together: seed {SEED}", flush=True)
    scenes = all_scenes() if is_long else all_scenes()[1:2]
    for scene in scenes:
        bench.prepare(scene)
        for number in range(25 if is_long else 3):
            if tally.is_over():
                break
            many = pick.randint(2, 8) if is_long else 3
            killed = number % 2 * (many // 2)
            place = bench.place(scene)
            problems = load_together([place.load()] * many, pick, killed, 1.0)
            tally.points += many
            outcome = bench.recover(place, is_thorough=number % 5 == 0)
            outcome.problems[:0] = problems
            tally.add(f"{scene.name}, {many} at once, {killed} of them killed", outcome)
    load_the_naive(bench, tally)
    return tally
