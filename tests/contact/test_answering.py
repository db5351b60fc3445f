"""What ends a lapse, and what opens it again."""

import pytest
from sqlalchemy import func, select

from ehe_portal.contact import queries, service
from ehe_portal.contact.events import (
    ContactLapsed,
    ContactRecorded,
    ContactStruckOut,
    LapseAnswered,
    LapseMoved,
)
from ehe_portal.contact.models import Contact, ContactClock, PlannedContact
from ehe_portal.core.codes import ContactOutcome, Destination
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register.events import EpisodeClosed
from tests.contact.stories import ClockOf, On, Told, attempt, d, episode_of, kinds, letter, only, plan, sweep, visit
from tests.village import Village

# Answering


def test_contact_answers_a_lapse(village: Village, work: Work, told: Told, clock_of: ClockOf) -> None:
    sweep(work)
    told.clear()
    service.record_contact(work, village["Ben"], visit("2026-03-11", agreed_next_on=d("2026-06-01")))
    assert only(told, LapseAnswered).due_on == d("2026-01-15")
    assert only(told, ContactRecorded).happened_on == d("2026-03-11")
    clock = clock_of(village["Ben"])
    assert (clock.lapsed_due_on, clock.lapsed_on) == (None, None)
    assert (clock.due_on, clock.basis, clock.agreed_next_on) == (d("2026-06-01"), "agreed", d("2026-06-01"))
    assert clock.last_seen_on == d("2026-03-11")


def test_a_reply_only_moves_a_lapse(village: Village, work: Work, told: Told, clock_of: ClockOf) -> None:
    sweep(work)
    told.clear()
    service.record_contact(work, village["Ben"], letter("2026-03-10", substantive=False))
    assert only(told, LapseMoved).due_on == d("2026-02-12")
    assert "LapseAnswered" not in kinds(told)
    clock = clock_of(village["Ben"])
    assert (clock.lapsed_due_on, clock.due_on) == (d("2026-01-15"), d("2026-02-12"))
    assert clock.last_reply_on == d("2026-03-10")


def test_contact_too_long_ago_moves_a_lapse_and_does_not_answer_it(
    village: Village, work: Work, told: Told, clock_of: ClockOf
) -> None:
    sweep(work)
    told.clear()
    service.record_contact(work, village["Ben"], visit("2025-02-03"))
    assert only(told, LapseMoved).due_on == d("2026-02-03")
    assert clock_of(village["Ben"]).lapsed_due_on == d("2026-01-15")
    told.clear()
    service.record_contact(work, village["Ben"], visit("2026-03-02"))
    assert only(told, LapseAnswered).due_on == d("2026-01-15")


def test_an_attempt_changes_nothing(village: Village, work: Work, told: Told, clock_of: ClockOf) -> None:
    sweep(work)
    before = clock_of(village["Ben"]).due_on
    told.clear()
    service.record_contact(work, village["Ben"], attempt("2026-03-12", ContactOutcome.NO_ACCESS))
    assert kinds(told) == {"ContactRecorded"}
    assert clock_of(village["Ben"]).due_on == before


def test_recording_an_attempt_leaves_lapses_to_the_sweep(village: Village, work: Work, told: Told) -> None:
    service.record_contact(work, village["Ben"], attempt("2026-03-12", ContactOutcome.NO_ANSWER))
    assert kinds(told) == {"ContactRecorded"}


# Striking out


def test_striking_out_the_answer_opens_the_lapse_again(
    village: Village, work: Work, told: Told, clock_of: ClockOf
) -> None:
    sweep(work)
    contact = service.record_contact(work, village["Ben"], visit("2026-03-11"))
    told.clear()
    service.strike_out(work, contact, "  This was his cousin.  ", version=contact.version)
    assert only(told, ContactStruckOut).contact_id == contact.id
    lapsed = only(told, ContactLapsed)
    assert (lapsed.due_on, lapsed.lapses_on) == (d("2026-01-15"), d("2026-01-30"))
    clock = clock_of(village["Ben"])
    assert (clock.lapsed_due_on, clock.due_on) == (d("2026-01-15"), d("2026-01-15"))
    assert clock.last_contact_on == d("2025-01-15")
    assert contact.struck_out_why == "This was his cousin."
    told.clear()
    assert sweep(work) == []


def test_it_opens_again_also_where_a_reply_had_moved_it(
    village: Village, on: On, told: Told, clock_of: ClockOf
) -> None:
    """The reply's days are not over, so the date alone would not say so: closing never silences."""
    ben = village["Ben"]
    sweep(on("2026-01-30"))
    service.record_contact(on("2026-01-31"), ben, letter("2026-01-31", substantive=False))
    contact = service.record_contact(on("2026-02-02"), ben, visit("2026-02-02"))
    told.clear()
    service.strike_out(on("2026-02-03"), contact, "His brother", version=contact.version)
    assert only(told, ContactLapsed).due_on == d("2026-01-15")
    assert only(told, LapseMoved).due_on == d("2026-02-12")
    clock = clock_of(ben)
    assert (clock.lapsed_due_on, clock.lapsed_on, clock.due_on) == (d("2026-01-15"), d("2026-02-03"), d("2026-02-12"))
    assert clock.grace_ends > d("2026-02-03")


def test_it_stays_answered_by_another_contact(village: Village, work: Work, told: Told, clock_of: ClockOf) -> None:
    sweep(work)
    first = service.record_contact(work, village["Ben"], visit("2026-03-09"))
    service.record_contact(work, village["Ben"], visit("2026-03-10"))
    told.clear()
    service.strike_out(work, first, "Twice", version=first.version)
    assert kinds(told) == {"ContactStruckOut"}
    assert clock_of(village["Ben"]).lapsed_on is None


def test_striking_out_may_show_that_nobody_ever_answered(
    village: Village, work: Work, told: Told, clock_of: ClockOf
) -> None:
    """Ada's one contact was another child's: she has been out of sight since September 2024."""
    contact = work.session.scalars(select(Contact).where(Contact.child_id == village["Ada"].id)).one()
    service.strike_out(work, contact, "Her sister", version=contact.version)
    assert only(told, ContactLapsed).due_on == d("2024-09-24")
    assert clock_of(village["Ada"]).last_contact_on is None


def test_striking_out_needs_a_reason_and_happens_once(village: Village, work: Work) -> None:
    contact = service.record_contact(work, village["Ada"], visit("2026-03-09"))
    with pytest.raises(Refusal, match="Enter why") as refused:
        service.strike_out(work, contact, "   ", version=contact.version)
    assert refused.value.field == "why"
    with pytest.raises(ChangedMeanwhile):
        service.strike_out(work, contact, "Twice", version=contact.version - 1)
    service.strike_out(work, contact, "Twice", version=contact.version)
    with pytest.raises(Refusal, match="already"):
        service.strike_out(work, contact, "Twice", version=contact.version)


# Planning, closing


def test_a_planned_contact_becomes_due(village: Village, work: Work, told: Told, clock_of: ClockOf) -> None:
    sweep(work)
    told.clear()
    plan(work, village["Ben"], "2026-04-20")
    clock = clock_of(village["Ben"])
    assert (clock.due_on, clock.grace_ends, clock.basis) == (d("2026-04-20"), d("2026-05-05"), "planned")
    assert (clock.lapsed_due_on, clock.lapsed_on) == (None, None)
    assert told == []
    plan(work, village["Ben"], "2026-04-13")
    assert clock_of(village["Ben"]).due_on == d("2026-04-13"), "of two in one day the later stands"
    assert work.session.scalar(select(func.count()).select_from(PlannedContact)) == 1


def test_silence_after_a_planned_contact_lapses_anew(village: Village, on: On, told: Told) -> None:
    work = on("2026-03-12")
    sweep(work)
    plan(work, village["Ben"], "2026-03-20")
    told.clear()
    sweep(on("2026-04-08"))
    lapsed = {event.child_id: event.due_on for event in told if isinstance(event, ContactLapsed)}
    assert lapsed == {village["Ben"].id: d("2026-03-20"), village["Cleo"].id: d("2026-03-05")}


def test_striking_out_an_older_answer_leaves_a_plan_alone(village: Village, on: On, told: Told) -> None:
    ben = village["Ben"]
    sweep(on("2026-02-02"))
    contact = service.record_contact(on("2026-02-03"), ben, visit("2025-04-02"))
    sweep(on("2026-04-20"))
    plan(on("2026-04-21"), ben, "2026-05-20")
    told.clear()
    service.strike_out(on("2026-04-22"), contact, "Not him", version=contact.version)
    assert kinds(told) == {"ContactStruckOut"}


def test_a_closed_episode_has_no_clock(village: Village, work: Work) -> None:
    sweep(work)
    ben = village["Ben"]
    closed = EpisodeClosed(
        authority_id=ben.authority_id,
        child_id=ben.id,
        episode_id=episode_of(work, ben).id,
        closed_on=work.today,
        destination=Destination.SCHOOL,
    )
    service.stop_clocks(work, [closed])
    assert queries.clock_of(work, ben.id) is None
    stopped = work.session.scalars(
        select(ContactClock).where(ContactClock.child_id == ben.id), execution_options={"populate_existing": True}
    ).one()
    assert (stopped.is_running, stopped.lapsed_due_on, stopped.lapsed_on) == (False, None, None)
    service.record_contact(work, ben, visit("2026-03-12"))
