"""The next weeks: what falls due and what lapses if nobody is in contact, against what the team can do."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import forecast
from ehe_portal.casefile.rules import capacity
from ehe_portal.casefile.rules.capacity import Absence, Week
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import Destination
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Assessment, DecisionState, EducationReview, Outcome
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import Child, EhcPlan, Episode
from tests.conftest import Clock
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village, a_child

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]
TODAY = date(2026, 3, 12)  # a Thursday


def clock_says(work: Work, child: Child, **values: Any) -> None:
    work.session.execute(update(ContactClock).where(ContactClock.child_id == child.id).values(**values))


def as_manager(new_work: NewWork, village: Village) -> Work:
    return new_work(village.staff[Role.EHE_MANAGER])


THURSDAY, SUNDAY = date(2026, 3, 12), date(2026, 3, 15)


def test_the_first_week_begins_today_and_the_others_on_monday() -> None:
    weeks = capacity.weeks_from(THURSDAY)
    assert weeks[:2] == [(THURSDAY, SUNDAY), (date(2026, 3, 16), date(2026, 3, 22))]
    assert len(weeks) == 13
    assert capacity.weeks_from(SUNDAY)[0] == (SUNDAY, SUNDAY)


@pytest.mark.parametrize(
    ("from_on", "absences", "can"),
    [
        (date(2026, 3, 16), [], 0),
        (date(2026, 3, 16), [Absence(None, None)] * 2, 16),
        (date(2026, 3, 12), [Absence(None, None)] * 2, 6),  # Thursday and Friday are left
        (date(2026, 3, 16), [Absence(date(2026, 3, 18), date(2026, 3, 18))], 6),
        (date(2026, 3, 16), [Absence(date(2026, 3, 1), None)], 0),
        (date(2026, 3, 30), [Absence(None, None)], 6),  # Good Friday
        (date(2026, 4, 6), [Absence(None, None)], 6),  # Easter Monday
    ],
)
def test_who_is_away_and_bank_holidays_make_room_for_less(from_on: date, absences: list[Absence], can: int) -> None:
    until = from_on + timedelta(days=6 - from_on.weekday())
    assert capacity.capacity(from_on, until, absences, 8) == can


def test_what_is_overdue_is_the_first_weeks_work() -> None:
    due = {THURSDAY - timedelta(days=9): 3, THURSDAY: 1, date(2026, 3, 16): 9, date(2027, 1, 1): 5}
    weeks = capacity.forecast(THURSDAY, due, {date(2026, 3, 22): 4}, [Absence(None, None)], 8)
    assert [(week.due, week.overdue, week.lapses, week.capacity) for week in weeks[:3]] == [
        (1, 3, 0, 3), (9, 0, 4, 8), (0, 0, 0, 8)
    ]  # fmt: skip
    assert [week.is_over for week in weeks[:3]] == [True, True, False]
    assert capacity.in_words(weeks) == (
        "2 weeks ask for more contacts than the team can make: the week of 12 March 2026 (4 contacts, room for 3) and "
        "the week of 16 March 2026 (9 contacts, room for 8)."
    )
    assert capacity.in_words(weeks[2:]).startswith("No week")
    assert capacity.in_words(weeks[1:]).startswith("1 week asks")


def test_bars_reach_the_top_and_no_higher() -> None:
    week = Week(THURSDAY, SUNDAY, due=10, overdue=10, lapses=5, capacity=8)
    found = capacity.bars([week])
    assert found.highest == 20
    assert found.overdue == "M6 160h30v-80h-30z"
    assert found.due == "M6 80h30v-80h-30z"
    assert found.lapses == "M40 160h14v-40h-14z"
    assert found.capacity == "M0 96h60"
    assert capacity.bars([Week(THURSDAY, SUNDAY, 0, 0, 0, 0)]).due == ""


def test_the_forecast_is_that_of_the_histories(new_work: NewWork, work: Work, village: Village) -> None:
    for number in range(12):
        born, opened = date(2014, 1, 1) + timedelta(days=97 * number), date(2025, 6, 1) + timedelta(days=25 * number)
        a_child(work, village.authority, f"Kit{number}", "Lane", born, opened, adviser=village.adviser)
    manager = as_manager(new_work, village)
    weeks = forecast.weeks(manager, village.authority.id)
    told = contact.forecast(
        manager, village.authority.id, as_of=TODAY, since=date(2000, 1, 1), until=weeks[-1].until_on
    )
    lapses = [max(one.lapses_on, TODAY) for one in told]
    assert len(lapses) > 12
    assert [week.lapses for week in weeks] == [
        sum(week.from_on <= day <= week.until_on for day in lapses) for week in weeks
    ]
    clocks = work.session.scalars(select(ContactClock).where(ContactClock.authority_id == village.authority.id)).all()
    counting = [one for one in clocks if one.is_running and one.age_ends >= TODAY]
    due = [one for one in counting if one.due_on <= min(weeks[-1].until_on, one.age_ends)]
    assert sum(week.work for week in weeks) == len(due) > 12


def test_the_team_can_do_what_the_authority_has_set(
    client_as: ClientAs, new_work: NewWork, village: Village, work: Work, clock: Clock
) -> None:
    manager = as_manager(new_work, village)
    assert [week.capacity for week in forecast.weeks(manager, village.authority.id)[1:3]] == [8, 8]
    set_values(work, village.authority.id, PolicyValues(contacts_a_week=20), clock.at.date())
    village.adviser.away_from, village.adviser.away_until = date(2026, 3, 23), date(2026, 3, 24)
    work.session.flush()
    assert [week.capacity for week in forecast.weeks(manager, village.authority.id)[1:3]] == [20, 12]
    words = words_of(tree_of(client_as(village.staff[Role.EHE_MANAGER]).get("/in-sight").text))
    assert "No week of these asks for more contacts than the team can make." in words


def test_what_the_clock_is_not_counted_for_is_not_forecast(new_work: NewWork, work: Work, village: Village) -> None:
    manager = as_manager(new_work, village)
    before = sum(week.work for week in forecast.weeks(manager, village.authority.id))
    clock_says(work, village["Ben"], lapsed_on=TODAY, lapsed_due_on=date(2026, 1, 15))
    clock_says(work, village["Cleo"], age_ends=date(2026, 3, 1))
    clock_says(work, village["Esi"], is_running=False)
    assert sum(week.work for week in forecast.weeks(manager, village.authority.id)) == before - 3


def test_reviews_stand_beside_contacts_and_are_none() -> None:
    late, monday = THURSDAY - timedelta(days=40), date(2026, 3, 16)
    weeks = capacity.forecast(THURSDAY, {}, {}, [], 8, {late: 2, THURSDAY: 1, SUNDAY: 1, monday: 3}, {monday: 1})
    assert [(week.reviews, week.plans, week.work) for week in weeks[:3]] == [(4, 0, 0), (3, 1, 0), (0, 0, 0)]


def test_reviews_and_plans_of_open_episodes_are_forecast_by_their_days(
    new_work: NewWork, work: Work, village: Village, client_as: ClientAs
) -> None:
    manager = as_manager(new_work, village)
    found = forecast.weeks(manager, village.authority.id)
    assert [(week.reviews, week.plans) for week in found] == [(0, 0)] * 13
    for forename, due_on in (("Ada", date(2026, 3, 17)), ("Ben", date(2026, 1, 5)), ("Zoe", date(2026, 3, 17))):
        a_review(work, village[forename], due_on)
    for forename, due_on, ended_on in (("Ada", date(2026, 3, 18), None), ("Ben", date(2026, 3, 18), TODAY)):
        child = village[forename]
        work.session.add(
            EhcPlan(
                authority_id=child.authority_id, child_id=child.id, made_on=date(2025, 3, 19), due_on=due_on,
                ended_on=ended_on,
            )
        )  # fmt: skip
    work.session.flush()
    found = forecast.weeks(as_manager(new_work, village), village.authority.id)
    assert [(week.reviews, week.plans) for week in found[:3]] == [(1, 0), (1, 1), (0, 0)]
    page = words_of(tree_of(client_as(village.staff[Role.EHE_MANAGER]).get("/in-sight").text))
    assert "Reviews of the education and annual reviews of EHC plans ask nothing of a family" in page
    closed = work.session.scalars(select(Episode).where(Episode.child_id == village["Ben"].id)).one()
    closed.closed_on, closed.destination = TODAY, Destination.SCHOOL
    work.session.flush()
    assert forecast.weeks(as_manager(new_work, village), village.authority.id)[0].reviews == 0


def a_review(work: Work, child: Child, due_on: date) -> None:
    """A decision about a child that stands, to be looked at again on a day."""
    decided = Assessment(
        authority_id=child.authority_id, child_id=child.id, outcome=Outcome.SUITABLE, reasons="Because.",
        decided_at=work.at, decided_by_id=None, state=DecisionState.STANDS, stands_since=work.at,
    )  # fmt: skip
    work.session.add(decided)
    work.session.flush()
    keys: dict[str, Any] = {"authority_id": child.authority_id, "child_id": child.id}
    work.session.add(EducationReview(**keys, assessment_id=decided.id, due_on=due_on))
