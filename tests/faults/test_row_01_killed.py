"""Rows 1 and 3: two real schedulers race over thousands of lapses, and are killed without warning in the midst."""

import random
import time
from collections.abc import Callable
from datetime import date, timedelta
from functools import partial

import pytest

from tests.faults.conftest import FEW, MANY
from tests.faults.stage import SWEEP, Council
from tests.journeys.running import until

NewCouncil = Callable[..., Council]


def two(council: Council) -> None:
    while len(council.running) < 2:
        council.serve()


def goes_on(council: Council, before: int) -> bool:
    return council.raised() > before or council.is_swept()


def test_killed_at_random_everything_is_raised_once_and_each_officer_alerted_once(new_council: NewCouncil) -> None:
    council = new_council(MANY)
    chance = random.Random(20261025)
    two(council)
    seen, killed_at = 0, list[int]()
    for _ in range(2):  # both at once, as soon as a batch has been saved
        until(partial(goes_on, council, seen), "the sweep to go on")
        time.sleep(chance.random() * 0.3)
        council.kill(*council.running)
        seen = council.raised()
        killed_at.append(seen)
        two(council)
    for _ in range(2):  # one of the two, whenever
        time.sleep(chance.random() * 4)
        council.kill(chance.choice(council.running))
        two(council)
    council.waits_for_the_sweep()
    assert 0 < killed_at[0] < MANY, "killed in the midst"
    council.all_raised_once(MANY)

    late = council.ask("SELECT max(should_have_risen_on), min(raised_on) FROM escalation")[0]
    risen, raised = (date.fromisoformat(str(day)) for day in late)
    assert raised - risen > timedelta(days=10), "nothing had run for all that time, and each says when it should have"
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(MANY)


@pytest.mark.parametrize("seed", [1, 2])
def test_killed_again_and_again_by_hand_it_ends_and_nothing_is_doubled(new_council: NewCouncil, seed: int) -> None:
    """A sweep of a few families, killed at any moment of its whole life: starting, finding, writing, ending."""
    council = new_council(FEW)
    chance = random.Random(seed)
    began = time.monotonic()
    council.flask("jobs", "run", "send-messages")
    takes = time.monotonic() - began
    for _ in range(8):
        process = council.start("jobs", "run", SWEEP)
        time.sleep(takes * chance.uniform(0.3, 1.3))
        council.kill(process)
        assert council.raised() in (0, FEW), "one batch: all of it or nothing"
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(FEW)


def test_the_other_takes_over_in_seconds_and_a_stop_is_clean(new_council: NewCouncil) -> None:
    council = new_council(FEW)

    def leader() -> list[tuple[object, ...]]:
        return council.ask("SELECT holder FROM job_leader")

    council.serve()
    council.waits_for_the_sweep()
    first = leader()
    second = council.serve()
    time.sleep(4)
    assert leader() == first, "the second stands by"
    council.kill(council.running[0])
    until(lambda: leader() != first, "the second to lead")
    assert council.stop(second) == 0
    time.sleep(1.1)  # SQLite's clock here tells whole seconds
    held = council.ask("SELECT count(*) FROM job_leader WHERE leased_until > CURRENT_TIMESTAMP")
    assert held == [(0,)], "who stops gives up the lead, so that nobody waits for it to run out"
    follower = leader()
    council.serve()
    until(lambda: leader() != follower, "a third to lead")
    council.all_raised_once(FEW)
