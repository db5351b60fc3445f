"""The invariant: every child of compulsory school age is in exactly one state, and doctor says who is not."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from ehe_portal.casefile import service
from ehe_portal.casefile.events import OutOfSightFound
from ehe_portal.casefile.queries import marks, sight, zeros
from ehe_portal.casefile.rules.sight import Stand
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Destination
from ehe_portal.core.days import add_working_days
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Scope, Work
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.policy.models import PolicyVersion
from ehe_portal.register.models import Child, Episode
from tests.village import Village, a_child


def change(work: Work, child: Child, **values: Any) -> None:
    work.session.execute(update(Episode).where(Episode.child_id == child.id).values(**values))
    work.session.expire_all()


def lost(work: Work) -> list[str]:
    found = sight.examine(work)
    return found.in_no_state + found.in_two_states


def test_nobody_in_the_village_is_out_of_sight(work: Work, village: Village) -> None:
    village["Zoe"]  # of the other authority, with its team for too long
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    assert lost(work) == []
    assert sight.examine(work).children == 7  # without Finn, who is older, and Ivo, who is younger


def test_the_team_may_hold_an_episode_for_five_working_days(work: Work, village: Village) -> None:
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    child = a_child(work, village.authority, "Kit", "Lane", date(2014, 4, 4), work.today)
    oldest = next(
        day
        for day in (work.today - timedelta(days=back) for back in range(20, 0, -1))
        if add_working_days(day, 5) >= work.today
    )
    change(work, child, team_since=oldest)
    assert lost(work) == []
    change(work, child, team_since=oldest - timedelta(days=1))
    assert lost(work) == [child.reference]


def test_who_comes_of_school_age_with_the_team_has_the_teams_days_from_then_on(work: Work, village: Village) -> None:
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    child = a_child(work, village.authority, "Kit", "Lane", date(2021, 4, 4), date(2026, 1, 5))
    change(work, child, team_since=date(2026, 1, 5))
    work.scope = Scope(authority_id=village.authority.id)
    for begins, out in ((date(2026, 3, 6), 0), (date(2026, 3, 4), 1)):
        work.session.execute(update(Child).where(Child.id == child.id).values(age_starts=begins))
        assert len(lost(work)) == out
        assert zeros.numbers(work, [])["with_team"] == out


@pytest.mark.parametrize("days", [2, 90])
def test_no_value_of_an_authority_makes_it_longer_or_shorter(work: Work, village: Village, days: int) -> None:
    """90 days could be set once; an authority that allows its team 2 days counts what is later, as late."""
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    work.session.execute(update(PolicyVersion).values(stored={"team_queue_days": days}))
    child = a_child(work, village.authority, "Kit", "Lane", date(2014, 4, 4), work.today)
    change(work, child, team_since=date(2026, 3, 4))
    assert lost(work) == [child.reference]
    change(work, child, team_since=date(2026, 3, 6))
    assert lost(work) == []
    work.scope = Scope(authority_id=village.authority.id)
    assert lost(work) == []
    late = zeros.numbers(work, [])["with_team"]
    assert late == (1 if days == 2 else 0)
    change(work, child, team_since=date(2026, 3, 4))
    assert zeros.numbers(work, [])["with_team"] == 1


def test_a_clock_that_has_stopped_is_no_sight(work: Work, village: Village) -> None:
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    ben = village["Ben"]
    work.session.execute(update(ContactClock).where(ContactClock.child_id == ben.id).values(is_running=False))
    assert lost(work) == [ben.reference]


@pytest.mark.parametrize("values", [{"service_name": None}, {"review_on": date(2026, 3, 11)}, {"review_on": None}])
def test_another_arrangement_needs_a_service_and_a_review_to_come(
    work: Work, village: Village, values: dict[str, Any]
) -> None:
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    change(work, village["Gil"], **values)
    assert lost(work) == [village["Gil"].reference]


def test_a_closed_episode_is_seen_by_its_destination(work: Work, village: Village) -> None:
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    hana = village["Hana"]
    change(work, hana, destination=Destination.DUPLICATE)
    assert lost(work) == [hana.reference], "a duplicate must name the record that stays"
    change(work, hana, duplicate_of_id=village["Ada"].id)
    assert lost(work) == []


def test_who_was_closed_as_over_age_and_is_not_is_in_no_state(work: Work, village: Village) -> None:
    """Over age is computed, not said: once the date of birth is put right the child is of school age again."""
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    hana = village["Hana"]
    change(work, hana, destination=Destination.OVER_AGE, destination_confirmed_by_id=None)
    assert hana.age_ends > work.today
    assert lost(work) == [hana.reference]
    work.scope = Scope(authority_id=village.authority.id)
    assert sum(each.children for each in marks.tally(work) if each.stand is Stand.OUT) == 1


def test_who_is_said_to_be_over_age_is_closed_while_a_person_looks_into_it(work: Work, village: Village) -> None:
    """As a file may say it of a child of school age."""
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    hana = village["Hana"]
    change(work, hana, destination=Destination.OVER_AGE, destination_confirmed_by_id=None, to_review_since=work.today)
    assert lost(work) == []
    change(work, hana, to_review_since=None, destination_confirmed_by_id=village.adviser.id)
    assert lost(work) == []


def test_missing_education_needs_an_enquiry_with_an_owner(work: Work, village: Village) -> None:
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    hana = village["Hana"]
    change(work, hana, destination=Destination.CME_ENQUIRY)
    assert lost(work) == [hana.reference]
    work.session.add(
        Escalation(
            authority_id=village.authority.id,
            child_id=hana.id,
            episode_id=None,
            reason=Reason.CONCERN,
            state=State.ENQUIRY,
            owner_id=village.cme_officer.id,
            next_on=work.today + timedelta(days=5),
            raised_on=work.today,
            raised_at=work.at,
        )
    )
    work.session.flush()
    assert lost(work) == []


def test_a_child_without_any_episode_is_in_no_state(work: Work, village: Village) -> None:
    change(work, village["Zoe"], adviser_id=village.adviser.id)
    child = Child(
        authority_id=village.authority.id,
        legal_forename="Nobody",
        legal_surname="Known",
        sort_name="known nobody",
        date_of_birth=date(2014, 1, 1),
        age_starts=date(2019, 3, 31),
        age_ends=date(2030, 6, 28),
        created_at=work.at,
    )
    work.session.add(child)
    work.session.flush()
    assert lost(work) == [child.reference]


def test_a_lapse_without_its_escalation_is_found(work: Work, village: Village) -> None:
    ben = village["Ben"]
    work.session.execute(
        update(ContactClock)
        .where(ContactClock.child_id == ben.id)
        .values(lapsed_due_on=ContactClock.due_on, lapsed_on=work.today)
    )
    found = sight.examine(work)
    assert found.lapsed_without_escalation == [ben.reference]
    assert not found.is_well
    assert ben.episode is not None
    answered = Escalation(
        authority_id=ben.authority_id,
        child_id=ben.id,
        episode_id=ben.episode.id,
        reason=Reason.CONTACT_LAPSE,
        due_on=date(2026, 1, 15),
        raised_on=work.today,
        raised_at=work.at,
    )
    work.session.add(answered)
    work.session.flush()
    assert sight.examine(work).lapsed_without_escalation == []
    answered.state, answered.closed_at = State.CLOSED, work.at
    work.session.flush()
    assert sight.examine(work).lapsed_without_escalation == [ben.reference], "one that was closed answers nothing"


def test_an_authority_sees_only_its_own(new_work: Callable[..., Work], work: Work, village: Village) -> None:
    assert lost(work) == [village["Zoe"].reference], "the other authority's team has had Zoe for years"
    assert lost(new_work(village.adviser)) == []


def test_managers_are_told_once_a_day(work: Work, village: Village) -> None:
    told: list[OutOfSightFound] = []
    work.reactions = {OutOfSightFound: [lambda _work, happened: told.extend(happened)]}
    ids = list(work.session.scalars(sight.out_of_sight(work)))
    service.report_out_of_sight(work, ids)
    service.report_out_of_sight(work, ids)
    assert [(event.authority_id, event.how_many) for event in told] == [(village.elsewhere.id, 1)]
    letters = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "out-of-sight")).all()
    assert [letter.to_address for letter in letters] == ["ehe-manager@mercia.example"]
