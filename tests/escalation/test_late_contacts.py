"""Contacts that are recorded late, and such as are struck out: what they make of an escalation and of its ladder.

Ben was last seen on 15 January 2025: due on 15 January 2026, grace to 29 January. The village: 12 March 2026.
"""

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest
from sqlalchemy import select

from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact
from ehe_portal.contact.rules import HoldReason
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries, service
from ehe_portal.escalation.models import Closing, Escalation, Rung, State
from tests.conftest import Clock
from tests.contact.stories import visit
from tests.village import Village

d = date.fromisoformat
On = Callable[[str], Work]


@pytest.fixture
def on(work: Work, clock: Clock) -> On:
    """The same work on another day."""

    def move(day: str) -> Work:
        work.at = clock.at = datetime.combine(d(day), datetime.min.time().replace(hour=9), UTC)
        return work

    return move


@pytest.fixture
def swept(work: Work, village: Village) -> Escalation:
    """Ben's lapse, as the sweep raised it on 12 March."""
    contact.lapse(work, list(work.session.scalars(contact_queries.overdue(work))))
    return queries.open_about(work, village["Ben"].id)[0]


def call(work: Work, village: Village, day: str) -> Contact:
    return contact.record_contact(work, village["Ben"], visit(day, kind=ContactKind.PHONE_CALL))


def alerts(work: Work, escalation: Escalation) -> set[int]:
    found = work.session.scalars(
        select(OutgoingMessage).where(OutgoingMessage.topic == "escalation", OutgoingMessage.topic_id == escalation.id)
    )
    return {message.context["alert"] for message in found}


@pytest.mark.parametrize("day", ["2025-06-02", "2026-01-28", "2026-02-10", "2026-03-13"])
def test_a_contact_recorded_late_closes_the_lapse_and_its_ladder(
    swept: Escalation, village: Village, on: On, day: str
) -> None:
    service.climb(on("2026-03-13"), [swept.id])
    call(on("2026-03-13"), village, day)
    assert (swept.state, swept.closing, swept.next_rung_on) == (State.CLOSED, Closing.CONTACT, None)


def test_one_so_long_ago_that_its_own_grace_is_over_leaves_it_open(swept: Escalation, village: Village, on: On) -> None:
    """Heard from on 3 February 2025 after all: due on 3 February 2026, and nothing since."""
    call(on("2026-03-13"), village, "2025-02-03")
    assert (swept.state, swept.moved_due_on, swept.next_rung_on) == (State.RAISED, d("2026-02-03"), d("2026-03-13"))
    assert swept.alerts == 1


@pytest.mark.parametrize("day", ["2025-06-02", "2026-03-16"])
def test_struck_out_it_reopens_with_a_fresh_alert_and_a_fresh_ladder(
    work: Work, swept: Escalation, village: Village, on: On, day: str
) -> None:
    for climbed in ("2026-03-13", "2026-03-16"):
        service.climb(on(climbed), [swept.id])
    assert swept.rung is Rung.HEAD
    recorded = call(on("2026-03-16"), village, day)
    assert swept.state is State.CLOSED
    contact.strike_out(on("2026-03-18"), recorded, "It was another child's", version=recorded.version)
    assert (swept.state, swept.alerts, swept.raised_on, swept.alerted_on) == (
        State.RAISED,
        2,
        d("2026-03-12"),
        d("2026-03-18"),
    )
    assert alerts(work, swept) == {1, 2}
    assert (swept.rung, swept.next_rung_on) == (Rung.RAISED, d("2026-03-19"))
    assert swept.id not in work.session.scalars(queries.ladder_due(on("2026-03-18"))).all()
    for climbed in ("2026-03-19", "2026-03-20"):
        assert swept.id in work.session.scalars(queries.ladder_due(on(climbed))).all()
        service.climb(on(climbed), [swept.id])
    assert swept.rung is Rung.HEAD


def test_struck_out_it_reopens_even_while_the_clock_is_held(
    work: Work, swept: Escalation, village: Village, on: On
) -> None:
    """A hold gives time for what is to come. The lapse that was answered is answered no more."""
    recorded = call(on("2026-03-16"), village, "2026-03-16")
    holding = contact.Holding(d("2026-05-01"), HoldReason.BEREAVEMENT, "Her grandmother died, she says")
    contact.hold_clock(work, village["Ben"], holding)
    contact.strike_out(on("2026-03-18"), recorded, "It was another child's", version=recorded.version)
    assert (swept.state, swept.alerts, swept.alerted_on) == (State.RAISED, 2, d("2026-03-18"))


def test_struck_out_and_recorded_again_it_is_raised_and_closed_each_time(
    work: Work, swept: Escalation, village: Village, on: On
) -> None:
    for number in (2, 3):
        recorded = call(on("2026-03-16"), village, "2026-03-10")
        assert swept.state is State.CLOSED
        contact.strike_out(work, recorded, "Another child's", version=recorded.version)
        assert (swept.state, swept.alerts) == (State.RAISED, number)
    assert alerts(work, swept) == {1, 2, 3}
    assert len(work.session.scalars(select(Escalation).where(Escalation.child_id == village["Ben"].id)).all()) == 1
