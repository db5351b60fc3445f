"""Row 4: the scheduler that leads is frozen in the midst of a sweep, another takes over, and then it thaws."""

import os
import signal
import time
from collections.abc import Callable

from tests.faults.conftest import MANY
from tests.faults.stage import Council
from tests.journeys.running import until


def test_frozen_while_it_sweeps_and_thawed_after_another_took_over(
    new_council: Callable[..., Council], on_sqlite: bool
) -> None:
    """On SQLite whoever is frozen inside a transaction keeps the one lock, so that the other can only wait."""
    council = new_council(MANY)
    first = council.serve()
    until(lambda: council.raised() > 0, "the first batch")
    os.kill(first.pid, signal.SIGSTOP)
    frozen_at = council.raised()
    leader = council.ask("SELECT holder FROM job_leader")
    second = council.serve()
    if on_sqlite:
        time.sleep(12)
    else:
        until(lambda: council.ask("SELECT holder FROM job_leader") != leader, "the second to lead")
        until(lambda: council.ask("SELECT max(fence) FROM job_run")[0][0] > 1, "the second to take the run over")
    os.kill(first.pid, signal.SIGCONT)
    council.tally.add("freezes survived")
    council.waits_for_the_sweep()
    assert frozen_at < MANY, "frozen in the midst"
    council.all_raised_once(MANY)
    if not on_sqlite:
        until(lambda: "another process has taken slot" in first.output(), "the first to say that it came too late")
    assert council.stop(second) == 0
    assert council.stop(first) == 0
