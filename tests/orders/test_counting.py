"""The days of notices and orders, by tables with their sections."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.core.days import TermTime
from ehe_portal.orders import rules
from ehe_portal.orders.rules import Method, Route, Schools, StepCode
from ehe_portal.orders.rules.law import Period

NOW, LATER = rules.LAWS["ea1996"], rules.LAWS["cnis2026"]
SCHOOLS = Schools(
    [
        TermTime(date(2026, 9, 2), date(2026, 10, 23)),
        TermTime(date(2026, 11, 2), date(2026, 12, 18)),
        TermTime(date(2027, 1, 4), date(2027, 2, 12)),
    ]
)


def step(law: rules.Law, code: StepCode, route: Route = Route.ATTENDANCE) -> rules.Step:
    return law.ways[route].steps[code]


def period(found: Period | None) -> Period:
    assert found is not None
    return found


# Section, whose time, from the day of service (or the one named), the last day
CALENDAR_DAYS = [
    ("s437(2)", NOW, StepCode.NOTICE, date(2026, 11, 23), date(2026, 12, 7)),
    ("s437(2), end of a month", NOW, StepCode.NOTICE, date(2027, 1, 31), date(2027, 2, 14)),
    ("s437(2), leap day", NOW, StepCode.NOTICE, date(2028, 2, 20), date(2028, 3, 5)),
    ("s437(2), no leap day", NOW, StepCode.NOTICE, date(2027, 2, 20), date(2027, 3, 6)),
    ("s437(2), clocks go back", NOW, StepCode.NOTICE, date(2026, 10, 18), date(2026, 11, 1)),
    ("s437(2), clocks go forward", NOW, StepCode.NOTICE, date(2027, 3, 20), date(2027, 4, 3)),
    ("s437(2), Christmas counts", NOW, StepCode.NOTICE, date(2026, 12, 18), date(2027, 1, 1)),
    ("s438", NOW, StepCode.INTENTION, date(2026, 12, 24), date(2027, 1, 7)),
    ("s439, from receipt", NOW, StepCode.TELL_SCHOOL, date(2026, 12, 10), date(2026, 12, 24)),
    ("s436H", LATER, StepCode.PRELIMINARY, date(2026, 11, 23), date(2026, 12, 7)),
    ("s436L(3)", LATER, StepCode.NOMINATION, date(2027, 2, 28), date(2027, 3, 14)),
]


@pytest.mark.parametrize(("section", "law", "code", "served_on", "last_on"), CALENDAR_DAYS)
def test_the_last_day_to_answer(section: str, law: rules.Law, code: StepCode, served_on: date, last_on: date) -> None:
    assert rules.last_day(period(step(law, code).answer), served_on, SCHOOLS) == last_on, section


def test_the_last_day_to_give_information_of_section_436d() -> None:
    asked = period(step(LATER, StepCode.REQUEST, Route.INFORMATION).answer)
    assert rules.last_day(asked, date(2026, 11, 23), SCHOOLS) == date(2026, 12, 7)


# From what the council's own time is counted, and its last day
COUNCIL = [
    ("s436H: beginning with the day it appears", StepCode.PRELIMINARY, date(2026, 11, 23), date(2026, 11, 27)),
    ("s436N(3): from the day after the notice ends", StepCode.SCHOOL_DECISION, date(2026, 12, 7), date(2026, 12, 22)),
    ("s436N(6): beginning the day after", StepCode.NOMINATION, date(2027, 1, 11), date(2027, 1, 16)),
    ("s436I: beginning with the day of determination", StepCode.ORDER, date(2027, 2, 26), date(2027, 3, 2)),
]


@pytest.mark.parametrize(("section", "code", "counted_from", "last_on"), COUNCIL)
def test_the_councils_own_last_day(section: str, code: StepCode, counted_from: date, last_on: date) -> None:
    assert rules.last_day(period(step(LATER, code).act), counted_from, SCHOOLS) == last_on, section


# Served on the school, days on which it is closed, the last of its 10 school days: they begin with the day of service,
# or with the first school day after it (s.436N(5))
SCHOOL_DAYS = [
    ("over half term", date(2026, 10, 16), (), date(2026, 11, 5)),
    ("over Christmas", date(2026, 12, 14), (), date(2027, 1, 8)),
    ("with a closed day", date(2026, 12, 14), (date(2027, 1, 4),), date(2027, 1, 11)),
    ("served in the holidays", date(2026, 10, 26), (), date(2026, 11, 13)),
    ("served on a Saturday", date(2026, 11, 7), (), date(2026, 11, 20)),
    ("past the end of the calendar", date(2027, 2, 8), (), None),
]


@pytest.mark.parametrize(("what", "served_on", "closed", "last_on"), SCHOOL_DAYS)
def test_the_schools_ten_school_days_of_section_436n(
    what: str, served_on: date, closed: tuple[date, ...], last_on: date | None
) -> None:
    answer = period(step(LATER, StepCode.SCHOOL_DECISION).answer)
    assert rules.last_day(answer, served_on, replace(SCHOOLS, closed=closed)) == last_on, what


MONTHS = [
    ("s436D: once in three months", Route.INFORMATION, date(2026, 11, 30), date(2027, 2, 28)),
    ("s436D", Route.INFORMATION, date(2027, 1, 12), date(2027, 4, 12)),
    ("s434A: not again within six months", Route.CONSENT, date(2026, 8, 31), date(2027, 2, 28)),
    ("s434A, leap day", Route.CONSENT, date(2027, 8, 31), date(2028, 2, 29)),
]


@pytest.mark.parametrize(("section", "route", "last_on", "free_on"), MONTHS)
def test_what_may_not_be_too_often(section: str, route: Route, last_on: date, free_on: date) -> None:
    assert rules.again_from(LATER.ways[route].again, last_on, Schools()) == free_on, section


def test_an_unknown_last_one_holds_nothing_back() -> None:
    assert rules.again_from(None, date(2026, 1, 1), Schools()) is None
    assert rules.again_from(LATER.ways[Route.CONSENT].again, None, Schools()) is None


SERVICE = [
    (Method.BY_HAND, date(2026, 11, 21), date(2026, 11, 21)),
    (Method.LEFT, date(2026, 11, 22), date(2026, 11, 22)),
    (Method.ELECTRONIC, date(2026, 11, 23), date(2026, 11, 23)),
    (Method.POST, date(2026, 11, 20), date(2026, 11, 24)),  # a Friday: the weekend does not count
    (Method.POST, date(2026, 12, 23), date(2026, 12, 29)),  # Christmas Day, and Boxing Day in lieu on Monday
]


@pytest.mark.parametrize(("method", "on", "served_on"), SERVICE)
def test_when_a_document_counts_as_served(method: Method, on: date, served_on: date) -> None:
    assert rules.deemed_served(NOW, method, on) == served_on


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)))
def test_fifteen_days_beginning_with_a_day_end_fourteen_days_later(served_on: date) -> None:
    answer = period(step(NOW, StepCode.NOTICE).answer)
    assert rules.last_day(answer, served_on, Schools()) == served_on + timedelta(days=14)
