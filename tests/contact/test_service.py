"""The clocks in stories: Thursday 12 March 2026 in the village, and the days after it."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time
from typing import Any, TypeVar

import pytest
from sqlalchemy import func, select

from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.events import (
    ContactLapsed,
    ContactRecorded,
    ContactStruckOut,
    LapseAnswered,
    LapseMoved,
    PolicyFollowed,
    VisitOffered,
    WritingConfirmed,
)
from ehe_portal.contact.models import Contact, ContactClock, PlannedContact, SafeguardingObservation, Visit, VisitState
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome, Destination, SocialCare, Tier
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Event, Scope, Work
from ehe_portal.escalation.events import NextContactSet
from ehe_portal.evidence.events import EvidenceSubmitted
from ehe_portal.evidence.models import Evidence
from ehe_portal.policy import service as policy
from ehe_portal.policy.models import PolicyValues
from ehe_portal.register.events import EpisodeClosed, RecordsJoined, TierChanged
from ehe_portal.register.models import Child, Episode, EpisodeChange
from tests.village import Village

ClockOf = Callable[[Child], ContactClock]
On = Callable[[str], Work]
Told = list[Event]
E = TypeVar("E", bound=Event)

THERE = service.Check(persons_present="Ben and his mother")


def d(text: str) -> date:
    return date.fromisoformat(text)


def only(told: Told, kind: type[E]) -> E:
    found = [event for event in told if isinstance(event, kind)]
    assert len(found) == 1, told
    return found[0]


def kinds(told: Told) -> set[str]:
    return {type(event).__name__ for event in told}


def visit(day: str, **more: Any) -> service.Happened:
    values: dict[str, Any] = {
        "kind": ContactKind.HOME_VISIT,
        "outcome": ContactOutcome.HELD,
        "child_seen": ChildSeen.YES,
        "check": THERE,
    }
    return service.Happened(happened_on=d(day), **(values | more))


def letter(day: str, *, substantive: bool) -> service.Happened:
    return service.Happened(
        kind=ContactKind.LETTER, outcome=ContactOutcome.RECEIVED, happened_on=d(day), substantive=substantive
    )


def attempt(day: str, outcome: ContactOutcome, kind: ContactKind = ContactKind.HOME_VISIT) -> service.Happened:
    return service.Happened(kind=kind, outcome=outcome, happened_on=d(day))


def sweep(work: Work) -> Sequence[int]:
    found = work.session.scalars(queries.overdue(work)).all()
    service.lapse(work, found)
    return found


def episode_of(work: Work, child: Child) -> Episode:
    return work.session.scalars(select(Episode).where(Episode.child_id == child.id)).one()


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


def test_an_attempt_that_was_struck_out_is_none(village: Village, work: Work, told: Told) -> None:
    contact = service.record_contact(work, village["Ben"], attempt("2026-02-02", ContactOutcome.NO_ANSWER))
    service.strike_out(work, contact, "Another family", version=contact.version)
    assert only(told, ContactLapsed).last_attempt_on is None


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


def plan(work: Work, child: Child, day: str) -> None:
    event = NextContactSet(
        authority_id=child.authority_id,
        child_id=child.id,
        episode_id=episode_of(work, child).id,
        next_contact_on=d(day),
    )
    service.plan_next(work, [event])


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


# Tier, status, policy


def change(work: Work, child: Child, tier: Tier, social_care: SocialCare) -> None:
    about: dict[str, Any] = {"authority_id": child.authority_id, "episode_id": episode_of(work, child).id}
    held: dict[str, Any] = {"from_on": work.today, "tier": tier, "social_care": social_care}
    work.session.add(EpisodeChange(**about, **held))
    work.session.flush()
    service.follow_changes(work, [TierChanged(child_id=child.id, **about, **held)])


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


# Writing sent here


def send(work: Work, child: Child, day: str) -> Contact:
    evidence = Evidence(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=None,
        sent_at=datetime.combine(d(day), time(9), UTC),
        sent_on=d(day),
    )
    work.session.add(evidence)
    work.session.flush()
    event = EvidenceSubmitted(
        authority_id=child.authority_id,
        child_id=child.id,
        evidence_id=evidence.id,
        account_id=None,
        sent_on=evidence.sent_on,
    )
    service.record_writing_sent_here(work, [event])
    return work.session.scalars(select(Contact).where(Contact.evidence_id == evidence.id)).one()


def test_writing_sent_here_is_a_reply_until_someone_says_more(
    village: Village, work: Work, told: Told, clock_of: ClockOf
) -> None:
    sweep(work)
    told.clear()
    contact = send(work, village["Ben"], "2026-03-12")
    assert (contact.kind, contact.outcome) == (ContactKind.WRITTEN_REPORT, ContactOutcome.RECEIVED)
    assert contact.substantive is None
    assert contact.waits_to_be_confirmed
    assert only(told, LapseMoved).due_on == d("2026-02-12")
    assert clock_of(village["Ben"]).last_reply_on == d("2026-03-12")


def test_confirmed_it_counts_from_the_day_it_came(village: Village, on: On, told: Told, clock_of: ClockOf) -> None:
    sweep(on("2026-03-12"))
    contact = send(on("2026-03-12"), village["Ben"], "2026-03-12")
    told.clear()
    service.confirm_writing(on("2026-03-25"), contact, True, version=contact.version)
    assert only(told, WritingConfirmed).substantive is True
    assert only(told, LapseAnswered).due_on == d("2026-01-15")
    assert clock_of(village["Ben"]).due_on == d("2027-03-12")


def test_taking_the_confirmation_back_opens_the_lapse_again(village: Village, work: Work, told: Told) -> None:
    sweep(work)
    contact = send(work, village["Ben"], "2026-03-12")
    service.confirm_writing(work, contact, True, version=contact.version)
    told.clear()
    service.confirm_writing(work, contact, False, version=contact.version)
    assert only(told, ContactLapsed).due_on == d("2026-01-15")


def test_only_writing_received_can_be_confirmed(village: Village, work: Work) -> None:
    contact = service.record_contact(work, village["Ada"], visit("2026-03-09"))
    with pytest.raises(Refusal, match="Only writing"):
        service.confirm_writing(work, contact, True, version=contact.version)
    with pytest.raises(ChangedMeanwhile):
        service.confirm_writing(work, contact, True, version=None)


# Records joined


def test_contacts_move_with_a_joined_record(village: Village, work: Work, told: Told, clock_of: ClockOf) -> None:
    ben, twin = village["Ben"], village["Ivo"]
    sweep(work)
    offer = service.Offer(kind=ContactKind.PHONE_CALL, on_date=d("2026-03-20"), at_time=time(10))
    service.offer_visit(work, twin, offer)
    worry = service.Observation(fact="A broken window")
    service.record_contact(work, twin, visit("2026-03-10", observation=worry))
    told.clear()
    joined = RecordsJoined(
        authority_id=ben.authority_id, child_id=ben.id, registration_id=1, account_id=1, duplicate_child_id=twin.id
    )
    service.move_to_joined(work, [joined])
    assert only(told, LapseAnswered).child_id == ben.id
    assert clock_of(ben).last_contact_on == d("2026-03-10")
    assert [each.happened_on for each in queries.history(work, ben.id)] == [d("2026-03-10"), d("2025-01-15")]
    assert queries.history(work, twin.id) == []
    assert len(queries.upcoming_visits(work, ben.id)) == 1
    assert work.session.scalars(select(SafeguardingObservation.child_id)).all() == [ben.id]


# Offering and recording


def test_an_offer_is_an_invitation_and_stops_nothing(
    village: Village, work: Work, told: Told, clock_of: ClockOf
) -> None:
    before = clock_of(village["Ada"]).due_on
    offer = service.Offer(kind=ContactKind.MEETING, on_date=d("2026-03-20"), at_time=time(14, 30), place="The library")
    offered = service.offer_visit(work, village["Ada"], offer)
    assert only(told, VisitOffered).visit_id == offered.id
    assert clock_of(village["Ada"]).due_on == before
    assert queries.upcoming_visits(work, village["Ada"].id) == [offered]


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"on_date": d("2026-03-11")}, "on_date"),
        ({"on_date": d("2026-03-12"), "at_time": time(12, 0)}, "on_date"),
        ({"on_date": d("2028-03-12")}, "on_date"),
        ({"kind": ContactKind.LETTER}, "kind"),
        ({"kind": ContactKind.MEETING}, "place"),
    ],
)
def test_offers_that_are_refused(village: Village, work: Work, changes: dict[str, Any], field: str) -> None:
    values: dict[str, Any] = {"kind": ContactKind.HOME_VISIT, "on_date": d("2026-03-20"), "at_time": time(10)}
    with pytest.raises(Refusal) as refused:
        service.offer_visit(work, village["Ada"], service.Offer(**(values | changes)))
    assert refused.value.field == field


def test_nothing_is_offered_once_an_episode_is_closed(village: Village, work: Work) -> None:
    offer = service.Offer(kind=ContactKind.HOME_VISIT, on_date=d("2026-03-20"), at_time=time(10))
    with pytest.raises(Refusal, match="open"):
        service.offer_visit(work, village["Hana"], offer)


def test_later_the_same_day_can_be_offered(village: Village, work: Work) -> None:
    """At noon in March, London's clocks say noon too."""
    offer = service.Offer(kind=ContactKind.PHONE_CALL, on_date=d("2026-03-12"), at_time=time(12, 1))
    assert service.offer_visit(work, village["Ada"], offer).state is VisitState.OFFERED


def test_recording_keeps_all_that_was_found(village: Village, new_work: Callable[..., Work]) -> None:
    work = new_work(village.adviser)
    check = service.Check(
        persons_present="Ada and her father",
        childs_words="I like the river",
        education_seen="Maps and a workbook",
        address_confirmed=True,
    )
    worry = service.Observation(fact="A bruise", opinion="Perhaps a fall", source="Seen by me")
    happened = visit("2026-03-11", check=check, observation=worry, summary="We talked about maps")
    contact = service.record_contact(work, village["Ada"], happened)
    kept = contact.welfare_check
    assert kept is not None
    assert (kept.persons_present, kept.childs_words, kept.education_seen, kept.address_confirmed) == (
        "Ada and her father",
        "I like the river",
        "Maps and a workbook",
        True,
    )
    assert [(each.fact, each.opinion, each.source) for each in queries.observations(work, contact)] == [
        ("A bruise", "Perhaps a fall", "Seen by me")
    ]
    assert (contact.adviser_id, contact.recorded_by_id) == (village.adviser.id, village.adviser.id)
    assert (contact.recorded_at, contact.confirmed_by_id) == (work.at, None)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"happened_on": d("2026-03-13")}, "happened_on"),
        ({"happened_on": d("2015-05-03")}, "happened_on"),
        ({"outcome": ContactOutcome.RECEIVED}, "outcome"),
        ({"kind": ContactKind.PHONE_CALL, "outcome": ContactOutcome.NO_ACCESS}, "outcome"),
        ({"check": None}, "persons_present"),
        ({"check": service.Check(persons_present="")}, "persons_present"),
        ({"child_seen": None}, "child_seen"),
        ({"agreed_next_on": d("2026-03-11")}, "agreed_next_on"),
        ({"outcome": ContactOutcome.NO_ANSWER, "agreed_next_on": d("2026-04-11")}, "agreed_next_on"),
        ({"kind": ContactKind.EMAIL, "outcome": ContactOutcome.RECEIVED}, "substantive"),
        ({"observation": service.Observation(fact="", opinion="Odd")}, "fact"),
    ],
)
def test_contacts_that_are_refused(village: Village, work: Work, changes: dict[str, Any], field: str) -> None:
    values: dict[str, Any] = {
        "kind": ContactKind.HOME_VISIT,
        "outcome": ContactOutcome.HELD,
        "happened_on": d("2026-03-11"),
        "child_seen": ChildSeen.NO,
        "check": THERE,
    }
    with pytest.raises(Refusal) as refused:
        service.record_contact(work, village["Ada"], service.Happened(**(values | changes)))
    assert refused.value.field == field


def test_what_comes_of_a_visit_is_recorded_once(village: Village, work: Work) -> None:
    ada = village["Ada"]
    offer = service.Offer(kind=ContactKind.HOME_VISIT, on_date=d("2026-03-12"), at_time=time(15))
    offered = service.offer_visit(work, ada, offer)
    contact = service.record_contact(work, ada, visit("2026-03-12", visit=offered))
    assert (contact.visit_id, offered.state) == (offered.id, VisitState.RECORDED)
    assert queries.upcoming_visits(work, ada.id) == []
    with pytest.raises(Refusal, match="already"):
        service.record_contact(work, ada, visit("2026-03-12", visit=offered))
    service.strike_out(work, contact, "Wrong day", version=contact.version)
    assert work.session.get_one(Visit, offered.id).state is VisitState.OFFERED


def test_seeing_the_child_is_a_date_of_its_own(village: Village, work: Work, clock_of: ClockOf) -> None:
    """Any contact may say so, also one that moves no clock; declining is lawful and changes nothing."""
    ada = village["Ada"]
    came = attempt("2026-03-02", ContactOutcome.NO_ACCESS)
    seen = service.Happened(
        kind=came.kind, outcome=came.outcome, happened_on=came.happened_on, child_seen=ChildSeen.YES
    )
    service.record_contact(work, ada, seen)
    assert clock_of(ada).last_seen_on == d("2026-03-02")
    service.record_contact(work, ada, visit("2026-03-09", child_seen=ChildSeen.DECLINED))
    clock = clock_of(ada)
    assert (clock.last_seen_on, clock.last_contact_on) == (d("2026-03-02"), d("2026-03-09"))


# Who sees what


def test_other_authorities_and_strangers_see_nothing(village: Village, new_work: Callable[..., Work]) -> None:
    ada = village["Ada"]
    contact = queries.history(new_work(), ada.id)[0]
    ours, theirs = new_work(village.adviser), new_work(village.stranger[Role.ADVISER])
    assert queries.visible_contact(ours, ada.reference, contact.reference) is not None
    assert queries.visible_contact(theirs, ada.reference, contact.reference) is None
    assert queries.visible_contact(ours, village["Ben"].reference, contact.reference) is None
    assert queries.history(theirs, ada.id) == []
    assert len(queries.history(new_work(village.parents["Ada"]), ada.id)) == 1
    assert queries.history(new_work(village.parents["Zoe"]), ada.id) == []
    theirs.scope = Scope()
    assert queries.history(theirs, ada.id) == []
