"""Comparing two ways of doing the same thing: turn by turn, several rounds, and the middle one counts."""

import gc
import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

ROUNDS = 7
ROUNDS_WHEN_SLOW = 3
SLOW_SECONDS = 20


class Different(Exception):
    """The two sides did not do the same, or did not do what they should; a ratio would mean nothing."""


@dataclass(frozen=True)
class Case:
    """What is compared, and how many times the baseline it may take: `goal` is aimed at, `floor` is too much."""

    name: str
    goal: float
    floor: float
    what: str


@dataclass(frozen=True)
class Figure:
    """What came of a case. `ours` and `baseline` are those of the round whose ratio is the median of all rounds."""

    name: str
    ours: float
    baseline: float
    unit: str
    ratio: float
    better: str
    goal: float
    floor: float
    what: str

    def as_json(self) -> dict[str, Any]:
        """As bench.json keeps it."""
        return asdict(self)

    @property
    def standing(self) -> str:
        """How the ratio stands to what was aimed at."""
        if self.ratio <= self.goal:
            return "goal met"
        return "above the goal" if self.ratio <= self.floor else "above the floor"


@dataclass(frozen=True)
class Round:
    """Milliseconds of both sides, measured one right after the other."""

    ours: float
    baseline: float

    @property
    def ratio(self) -> float:
        """How many times the baseline ours takes."""
        return self.ours / self.baseline


Measured = Callable[[], float]
"""Does one side once and gives the milliseconds that count; what is put right before or after is not in them."""


def compare(case: Case, ours: Measured, baseline: Measured, rounds: int = ROUNDS) -> Figure:
    """Measure both sides turn by turn, after one round that does not count. An odd number of rounds has a middle."""
    began = time.perf_counter()
    one_round(ours, baseline, ours_first=True)
    if time.perf_counter() - began > SLOW_SECONDS:
        rounds = ROUNDS_WHEN_SLOW
    measured = [one_round(ours, baseline, ours_first=turn % 2 == 0) for turn in range(rounds)]
    measured.sort(key=lambda each: each.ratio)
    middle = measured[len(measured) // 2]
    spread = f"{rounds} rounds, ratio from {measured[0].ratio:.2f} to {measured[-1].ratio:.2f}"
    return Figure(
        name=case.name,
        ours=round(middle.ours, 3),
        baseline=round(middle.baseline, 3),
        unit="ms",
        ratio=round(middle.ratio, 3),
        better="lower",
        goal=case.goal,
        floor=case.floor,
        what=f"{case.what}; {spread}",
    )


def one_round(ours: Measured, baseline: Measured, *, ours_first: bool) -> Round:
    """Both sides once; which goes first changes from round to round, so that neither always finds a warm cache."""
    gc.collect()
    if ours_first:
        took = ours()
        return Round(took, baseline())
    took = baseline()
    return Round(ours(), took)


def timed(deed: Callable[[], Any]) -> float:
    """How many milliseconds a deed takes."""
    began = time.perf_counter()
    deed()
    return (time.perf_counter() - began) * 1000


def median_of(deed: Callable[[], Any], times: int) -> float:
    """The median of so many turns of a short deed, in milliseconds."""
    return statistics.median(timed(deed) for _ in range(times))
