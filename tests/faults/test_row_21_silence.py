"""Row 21: the process that should raise the alarm is silent, and the watch from outside says so."""

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from ehe_portal.core.health import LEAD_GRACE
from ehe_portal.core.jobs.leader import LEADS_FOR
from tests.faults.stage import Council, FakedClock, long_silent
from tests.journeys.running import until

CouncilAt = Callable[[datetime, list[dict[str, str]]], tuple[Council, FakedClock]]
FIVE = datetime(2026, 12, 23, 5, 1, tzinfo=UTC)


@pytest.mark.parametrize("how", ["stopped", "frozen"])
def test_row_21_the_watch_alarms_within_period_and_grace(council_at: CouncilAt, how: str) -> None:
    council, clock = council_at(FIVE, [])
    serving = council.serve()
    until(lambda: council.watch() == (0, ""), "all to be well, of which nothing is said", 30)
    if how == "stopped":
        assert council.stop(serving) == 0
    else:
        os.kill(serving.pid, signal.SIGSTOP)
    clock.set(FIVE + LEADS_FOR + LEAD_GRACE + timedelta(minutes=1))
    code, said = council.watch()
    assert code == 0, "said at once, failed for when a sweep is missing"
    assert "No process runs the jobs since 23 December 2026, 5:0" in said
    assert "Start one and see why the last one ended: flask jobs serve" in said

    clock.set(FIVE + timedelta(hours=26, minutes=2))
    code, said = council.watch()
    assert code == 1
    assert "The last sweep ended on 23 December 2026, 5:01am, not within 26 hours" in said
    assert "Jobs that did not run in time: close-over-age" in said
    council.tally.add("silences noticed")

    if how == "frozen":
        os.kill(serving.pid, signal.SIGCONT)
    else:
        council.serve()
    until(lambda: council.watch()[0] == 0, "all to be well again", 60)


def test_row_21_escalations_that_nobody_is_told_of_are_noticed(council_at: CouncilAt) -> None:
    """The mail server is not there: the sweep runs, the alerts stay."""
    council, clock = council_at(FIVE, long_silent(3, FIVE.date()))
    council.serve()
    until(lambda: council.raised() == 3, "the sweep")
    clock.set(FIVE + timedelta(minutes=2))
    until(lambda: council.count("outgoing_message WHERE last_problem IS NOT NULL") > 0, "alerts to be tried")
    clock.set(FIVE + timedelta(minutes=20))
    code, said = council.watch()
    assert code == 1
    assert "9 messages wait to be sent, the oldest since 23 December 2026, 5:0" in said
    assert "alerts could not be delivered yet. Tell those people yourself" in said
    assert "@" not in said
    council.all_raised_once(3)
