"""R14: one file of a hundred brings the program down each time. The others are loaded, it is left
alone after three tries, and a person can have it tried again."""

import json
import shutil

from bench import Outcome, Place, run
from libpq import Session
from scenes import attendance, day
from tally import Tally

TRIES = 3
POISON = "attendance_0050.csv"  # in the middle, by name


def students_of(number):
    return day("2025-09-02", 1000 * number, 3, lambda _: "A")


def prepare(bench, count):
    bench.install()
    files, data = bench.folder / "poisoned", bench.folder / "poisoned_data"
    (files / "sis").mkdir(parents=True)
    for number in range(count):
        name = POISON if number == count // 2 else f"attendance_{number:04}_{number % 2}.csv"
        (files / "sis" / name).write_text(attendance(students_of(number)))
    shutil.copytree(bench.folder / "installed", data)
    bench.server.clone("installed", "now_poisoned")
    return Place(None, files, data, bench.server.url("now_poisoned"))


def loaded_files(place):
    with Session(place.url) as session:
        return session.query("select count(distinct _run)::text from data.attendance_daily")[0][0]


def kill_at_the_file(bench, place):
    """When it is opened to be taken: once it is opened to see whether it is an archive."""
    return bench.trace(place, "--at", 1, "kill", after=POISON, opened=2, flags=())


def report_of(place):
    """What the program says of the poisoned file when it is left to itself."""
    done = run(place.load())
    files = json.loads(done.stdout)["files"]
    return done.returncode, next(f for f in files if f["path"].endswith(POISON))


def sweep(bench, is_long, until):
    tally = Tally("poison", until)
    count = 100 if is_long else 12
    place = prepare(bench, count)
    problems = []

    def expect(what, got, wanted):
        if got != wanted:
            problems.append(f"{what}: {got}, wanted {wanted}")

    for number in range(TRIES):
        _, _, is_hit = kill_at_the_file(bench, place)
        tally.points += is_hit
        expect(f"try {number + 1} reaches the file", is_hit, True)
        # It comes last from the second time on, so that the others are done by then.
        if number == 1:
            expect("files loaded after two tries", loaded_files(place), str(count - 1))
    for again in range(2):
        done, _, is_hit = kill_at_the_file(bench, place)
        expect(f"run {again + 4} reads the file", is_hit, False)
        expect(f"run {again + 4} ends with", done and done.returncode, 4)
    code, report = report_of(place)
    expect("status", report["status"], "refused")
    expect("exit code", code, 4)
    if "--try-again" not in json.dumps(report):
        problems.append(f"the report does not say what to do: {report}")
    expect("others loaded", loaded_files(place), str(count - 1))
    done = run([*place.load(), "--try-again"])
    expect("tried again, it ends with", done.returncode, 0)
    expect("all loaded", loaded_files(place), str(count))
    tally.add("a file that brings the program down", Outcome(problems, 0.0))
    return tally
