"""Writing sent here, records joined, visits offered, contacts recorded, and who sees them."""

from collections.abc import Callable
from datetime import time
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.events import (
    ContactLapsed,
    LapseAnswered,
    LapseMoved,
    VisitOffered,
    WritingConfirmed,
)
from ehe_portal.contact.models import SafeguardingObservation, Visit, VisitState
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Scope, Work
from ehe_portal.register.events import RecordsJoined
from tests.contact.stories import THERE, ClockOf, On, Told, attempt, d, letter, only, send, sweep, visit
from tests.village import Village

# Writing sent here


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


def test_taking_a_confirmation_back_lapses_at_once_what_it_had_kept_from_lapsing(
    village: Village, on: On, told: Told
) -> None:
    """Ben's letter of 10 January counted for a year; as a reply it only moves the date to 6 February."""
    contact = service.record_contact(on("2026-01-10"), village["Ben"], letter("2026-01-10", substantive=True))
    told.clear()
    service.confirm_writing(on("2026-03-12"), contact, False, version=contact.version)
    lapsed = only(told, ContactLapsed)
    assert (lapsed.due_on, lapsed.lapses_on) == (d("2026-02-06"), d("2026-02-21"))


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
