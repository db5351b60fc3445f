"""When clocks start and lapse: Thursday 12 March 2026 in the village, and the days after it."""

from datetime import time

import pytest
from sqlalchemy import select

from ehe_portal.contact import queries, service
from ehe_portal.contact.events import (
    ContactLapsed,
    LapseMoved,
    PolicyFollowed,
)
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import ContactKind, ContactOutcome, SocialCare, Tier
from ehe_portal.core.work import Scope, Work
from ehe_portal.policy import service as policy
from ehe_portal.policy.models import PolicyValues
from tests.contact.stories import ClockOf, On, Told, attempt, change, d, episode_of, only, sweep, visit
from tests.village import Village

# Starting


def test_a_clock_starts_with_each_open_home_education_episode(village: Village, work: Work, clock_of: ClockOf) -> None:
    ada = clock_of(village["Ada"])
    assert (ada.due_on, ada.grace_ends, ada.basis) == (d("2026-12-01"), d("2026-12-15"), "interval")
    assert (ada.last_contact_on, ada.last_seen_on, ada.policy_number) == (d("2025-12-01"), None, 1)
    assert (ada.is_running, ada.lapsed_on, ada.tier) == (True, None, Tier.ANNUAL)
    ivo = clock_of(village["Ivo"])
    assert (ivo.starts_on, ivo.due_on, ivo.basis) == (d("2027-03-31"), d("2027-04-14"), "first-contact")
    assert clock_of(village["Esi"]).tier is Tier.CLOSE


@pytest.mark.parametrize("forename", ["Gil", "Hana"])
def test_no_clock_for_another_arrangement_or_a_closed_episode(village: Village, work: Work, forename: str) -> None:
    child = village[forename]
    assert work.session.scalars(select(ContactClock).where(ContactClock.child_id == child.id)).all() == []
    assert queries.clock_of(work, child.id) is None


# The sweep


def test_the_sweep_finds_whom_silence_has_lasted_too_long(village: Village, work: Work, told: Told) -> None:
    ben = village["Ben"]
    assert len(sweep(work)) == 2, "Ben here, Zoe in the other authority"
    lapsed = only(told, ContactLapsed)
    assert (lapsed.child_id, lapsed.authority_id) == (ben.id, village.authority.id)
    assert lapsed.episode_id == episode_of(work, ben).id
    assert (lapsed.due_on, lapsed.lapses_on) == (d("2026-01-15"), d("2026-01-30"))
    assert lapsed.last_attempt_on is None


def test_a_clock_lapses_once(village: Village, work: Work, told: Told, clock_of: ClockOf) -> None:
    found = sweep(work)
    clock = clock_of(village["Ben"])
    assert (clock.lapsed_due_on, clock.lapsed_on) == (d("2026-01-15"), d("2026-03-12"))
    told.clear()
    assert sweep(work) == []
    service.lapse(work, found)
    service.lapse(work, [])
    assert told == []


def test_the_family_has_the_whole_of_grace(village: Village, on: On, told: Told) -> None:
    """Cleo is due on 5 March; her days of grace end with the 19th."""
    sweep(on("2026-03-19"))
    assert village["Cleo"].id not in {event.child_id for event in told}
    told.clear()
    sweep(on("2026-03-20"))
    assert only(told, ContactLapsed).child_id == village["Cleo"].id


def test_nobody_lapses_past_school_age(village: Village, work: Work, clock_of: ClockOf) -> None:
    """Finn's age ended in June 2025, long after silence began; only closing his episode is left to do."""
    clock = clock_of(village["Finn"])
    assert clock.age_ends == d("2025-06-27") > clock.grace_ends
    assert clock.id not in work.session.scalars(queries.overdue(work)).all()
    service.lapse(work, [clock.id])
    assert clock_of(village["Finn"]).lapsed_on is None


def test_a_stale_list_of_ids_raises_nothing(village: Village, work: Work, told: Told, clock_of: ClockOf) -> None:
    """Someone was in contact between the finding and the doing."""
    found = work.session.scalars(queries.overdue(work)).all()
    service.record_contact(work, village["Ben"], visit("2026-03-12"))
    told.clear()
    service.lapse(work, found)
    assert told == []
    assert clock_of(village["Ben"]).lapsed_on is None


def test_another_authoritys_sweep_is_its_own(village: Village, work: Work) -> None:
    work.scope = Scope(authority_id=village.elsewhere.id)
    theirs = work.session.scalars(queries.overdue(work)).all()
    work.scope = Scope(authority_id=village.authority.id)
    ours = work.session.scalars(queries.overdue(work)).all()
    assert len(theirs) == len(ours) == 1
    assert theirs != ours


# What the authority tried since the date came near: Ben's was 15 January, so from 18 December on.


@pytest.mark.parametrize(
    ("outcome", "day", "counts"),
    [
        (ContactOutcome.NO_ANSWER, "2026-02-02", True),
        (ContactOutcome.NO_ACCESS, "2025-12-18", True),
        (ContactOutcome.NO_ANSWER, "2025-12-17", False),
        (ContactOutcome.CANCELLED_BY_FAMILY, "2026-02-02", True),
        (ContactOutcome.CANCELLED_BY_AUTHORITY, "2026-02-02", False),
    ],
)
def test_which_attempts_count(
    village: Village, work: Work, told: Told, outcome: ContactOutcome, day: str, counts: bool
) -> None:
    service.record_contact(work, village["Ben"], attempt(day, outcome))
    sweep(work)
    assert only(told, ContactLapsed).last_attempt_on == (d(day) if counts else None)


def test_a_letter_sent_and_a_visit_offered_are_attempts(village: Village, on: On, told: Told) -> None:
    ben = village["Ben"]
    sent = attempt("2026-01-05", ContactOutcome.SENT, ContactKind.LETTER)
    service.record_contact(on("2026-01-05"), ben, sent)
    offer = service.Offer(kind=ContactKind.PHONE_CALL, on_date=d("2026-02-20"), at_time=time(10))
    service.offer_visit(on("2026-02-10"), ben, offer)
    sweep(on("2026-02-15"))
    assert only(told, ContactLapsed).last_attempt_on == d("2026-02-10"), "the day of the offer, until the visit's own"
    assert queries.last_attempts(on("2026-02-21"), [ben.id]) == {ben.id: d("2026-02-20")}


def test_attempts_are_looked_for_from_a_day_on(village: Village, work: Work) -> None:
    ben, cleo = village["Ben"], village["Cleo"]
    service.record_contact(work, ben, attempt("2026-01-05", ContactOutcome.NO_ANSWER))
    service.record_contact(work, cleo, attempt("2026-02-05", ContactOutcome.NO_ANSWER))
    found = queries.last_attempts(work, [ben.id, cleo.id], d("2026-01-06"))
    assert found == {cleo.id: d("2026-02-05")}
    assert queries.last_attempts(work, [ben.id, cleo.id], d("2026-01-05")) == {**found, ben.id: d("2026-01-05")}


def test_those_that_lapse_together_are_each_judged_by_their_own_date(village: Village, on: On, told: Told) -> None:
    service.record_contact(on("2026-01-02"), village["Ben"], attempt("2025-12-18", ContactOutcome.NO_ANSWER))
    service.record_contact(on("2026-01-02"), village["Cleo"], attempt("2025-12-18", ContactOutcome.NO_ANSWER))
    sweep(on("2026-04-01"))
    attempts = {event.child_id: event.last_attempt_on for event in told if isinstance(event, ContactLapsed)}
    assert attempts[village["Ben"].id] == d("2025-12-18")
    assert attempts[village["Cleo"].id] is None, "due in March, so not tried since the date came near"


def test_an_attempt_that_was_struck_out_is_none(village: Village, work: Work, told: Told) -> None:
    contact = service.record_contact(work, village["Ben"], attempt("2026-02-02", ContactOutcome.NO_ANSWER))
    service.strike_out(work, contact, "Another family", version=contact.version)
    assert only(told, ContactLapsed).last_attempt_on is None


# Tier, status, policy


def test_a_stricter_tier_brings_the_date_forward_but_makes_nobody_late(
    village: Village, work: Work, clock_of: ClockOf
) -> None:
    change(work, village["Ada"], Tier.CLOSE, SocialCare.NONE)
    clock = clock_of(village["Ada"])
    assert (clock.due_on, clock.tier) == (d("2026-03-26"), Tier.CLOSE)


def test_a_change_after_the_lapse_moves_it_only(village: Village, on: On, told: Told, clock_of: ClockOf) -> None:
    """Esi was due on 7 April, with five days of grace."""
    sweep(on("2026-04-15"))
    told.clear()
    change(on("2026-04-16"), village["Esi"], Tier.ANNUAL, SocialCare.PAST)
    assert only(told, LapseMoved).due_on == d("2027-02-24")
    clock = clock_of(village["Esi"])
    assert (clock.lapsed_due_on, clock.due_on, clock.tier) == (d("2026-04-07"), d("2027-02-24"), Tier.ANNUAL)


def test_new_values_are_followed_on_their_day(village: Village, on: On, told: Told, clock_of: ClockOf) -> None:
    work = on("2026-03-12")
    policy.set_values(work, village.authority.id, PolicyValues(interval_months_annual=18), d("2026-04-01"))
    assert work.session.scalars(queries.under_older_policy(work)).all() == []
    work = on("2026-04-01")
    found = work.session.scalars(queries.under_older_policy(work)).all()
    assert clock_of(village["Ada"]).id in found
    assert clock_of(village["Zoe"]).id not in found
    told.clear()
    service.follow_policy(work, found)
    assert only(told, PolicyFollowed) == PolicyFollowed(authority_id=village.authority.id, clocks=len(found))
    ada = clock_of(village["Ada"])
    assert (ada.due_on, ada.policy_number) == (d("2027-06-01"), 2)
    assert work.session.scalars(queries.under_older_policy(work)).all() == []


def test_the_sweep_judges_by_the_values_of_its_day(village: Village, on: On, told: Told, clock_of: ClockOf) -> None:
    """Nothing has followed the new values yet, under which Ben has until July."""
    work = on("2026-01-20")
    policy.set_values(work, village.authority.id, PolicyValues(interval_months_annual=18), d("2026-01-21"))
    told.clear()
    work = on("2026-02-20")
    assert clock_of(village["Ben"]).id in sweep(work)
    assert village["Ben"].id not in {event.child_id for event in told if isinstance(event, ContactLapsed)}
    assert clock_of(village["Ben"]).due_on == d("2026-07-15")
