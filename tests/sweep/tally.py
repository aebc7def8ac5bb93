"""What a sweep found, point by point."""

import dataclasses
import time


def spread(count, most):
    """At most `most` numbers of 1..count, evenly, with the first and the last; one: the middle."""
    if count <= most:
        return list(range(1, count + 1))
    if most == 1:
        return [count // 2]
    return sorted({1 + round(i * (count - 1) / (most - 1)) for i in range(most)})


def evenly(work):
    """The work in an order in which whatever part is done is a sample of all of it."""
    stride = 16
    return [item for start in range(stride) for item in work[start::stride]]


@dataclasses.dataclass
class Tally:
    name: str
    until: float = float("inf")  # on the monotonic clock: then it is enough
    possible: int = 0  # points that there are; 0: without a number
    points: int = 0  # faults that were made
    missed: int = 0  # points that a run did not reach: it had fewer calls this time
    recoveries: int = 0  # loads in peace after that, each judged
    checked: int = 0  # databases that pg_amcheck has seen at the end
    slowest: float = 0.0
    problems: list = dataclasses.field(default_factory=list)
    naive: dict = dataclasses.field(default_factory=dict)  # what the naive loader did: points
    started: float = dataclasses.field(default_factory=time.monotonic)

    def is_over(self):
        return time.monotonic() > self.until

    def add(self, point, outcome):
        self.recoveries += 1
        self.slowest = max(self.slowest, outcome.seconds)
        for problem in outcome.problems:
            self.problems.append(f"{point}: {problem}")
            print(f"  {self.name}, {point}: {problem}", flush=True)

    def add_naive(self, losses, doubles):
        self.naive["points"] = self.naive.get("points", 0) + 1
        self.naive["lost"] = self.naive.get("lost", 0) + (losses > 0)
        self.naive["doubled"] = self.naive.get("doubled", 0) + (doubles > 0)

    def expect_of_naive(self, *found):
        """A sweep that does not catch the naive loader proves nothing."""
        for what in found:
            if not self.naive.get(what):
                self.problems.append(f"the naive loader was not caught: nothing {what}")
                print(f"  {self.name}: {self.problems[-1]}", flush=True)

    def _of(self):
        return f" at {self.possible} points" if self.possible else ""

    def line(self):
        naive = ", ".join(f"{count} {what}" for what, count in self.naive.items())
        return (f"{self.name}: {self.points} faults{self._of()}, {self.recoveries} recoveries, {len(self.problems)} problems, slowest recovery "
                f"{self.slowest:.1f} s, {time.monotonic() - self.started:.0f} s in all"
                + (f"; {self.missed} not reached" if self.missed else "")
                + (f"; pg_amcheck: {self.checked} databases" if self.checked else "")
                + (f"; naive loader: {naive}" if naive else ""))
