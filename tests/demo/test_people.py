"""The made-up families: who they are, where they live, and where their stories stand."""

import random
import re
from collections import Counter
from datetime import date, timedelta
from itertools import combinations, pairwise

import pytest

from ehe_portal.core.codes import ContactOutcome, Destination, Tier
from ehe_portal.core.days import add_working_days, is_working_day
from ehe_portal.core.school_age import compulsory_school_age, leaving_dates
from ehe_portal.demo import timing
from ehe_portal.demo.families import Planner
from ehe_portal.demo.people import Registry
from ehe_portal.demo.stages import Stage
from ehe_portal.register.rules import identifiers

DAYS = [date(2026, 11, 24), date(2026, 12, 26), date(2027, 6, 28), date(2027, 9, 1), date(2028, 2, 29)]


def test_families_are_lifelike() -> None:
    households = Registry(random.Random(1), DAYS[0]).households(600)
    kids = [kid for household in households for kid in household.kids]
    names = "".join(f"{kid.forename} {kid.surname} " for kid in kids)
    assert len(kids) == 600
    assert max(Counter((kid.forename, kid.surname) for kid in kids).values()) <= 3
    assert any(len(household.kids) > 2 for household in households)
    assert any(adult.address for household in households for adult in household.adults[1:])
    assert re.search(r"[a-z]-[A-Z]", names)
    assert "O'" in names
    assert re.search(r"[^\x00-\x7f]", names)
    lines = [household.home.line for household in households]
    assert len(set(lines)) == len(lines)
    for household in households:
        assert identifiers.postcode(household.home.postcode) == household.home.postcode
        for one, other in combinations(sorted(kid.born for kid in household.kids), 2):
            assert one == other or other - one > timedelta(days=270)


def test_numbers_have_the_right_check_figures() -> None:
    kids = [kid for household in Registry(random.Random(2), DAYS[0]).households(200) for kid in household.kids]
    upns = [kid.upn for kid in kids if kid.upn]
    numbers = [kid.nhs_number for kid in kids if kid.nhs_number]
    assert len(upns) > 100
    assert all(identifiers.upn(upn) == upn for upn in upns)
    assert len(numbers) > 60
    assert all(identifiers.nhs_number(number) == number for number in numbers)


@pytest.mark.parametrize("today", DAYS)
def test_the_same_seed_and_day_give_the_same_stories(today: date) -> None:
    one, other = (Planner(random.Random(3), today).stories(80) for _ in range(2))
    assert one == other
    assert one != Planner(random.Random(4), today).stories(80)


@pytest.mark.parametrize("today", DAYS)
def test_every_stage_is_there_however_few_the_children(today: date) -> None:
    told = Planner(random.Random(5), today).stories(60)
    assert {story.stage for story in told} >= set(Stage) - {Stage.EDGE}, (
        "so few may have no young person of that birthday"
    )
    assert len(told) == 60


@pytest.mark.parametrize("today", DAYS)
def test_both_ends_of_school_age_are_there(today: date) -> None:
    told = Planner(random.Random(6), today).stories(600)
    ages = [compulsory_school_age(story.kid.born) for story in told]
    assert any(starts > today for starts, _ in ages)
    assert any(today <= ends <= today + timedelta(days=370) for _, ends in ages)
    assert any(ends < today for _, ends in ages)
    edges = [story for story in told if story.stage is Stage.EDGE]
    assert len(edges) == 2, "one who is asked about, and one of whom somebody has said"
    for story in edges:
        earlier, later = leaving_dates(story.kid.born)
        assert earlier < today <= later
    assert any((story.kid.born.month, story.kid.born.day) == (8, 31) for story in told)
    gone = {story.destination for story in told if story.destination}
    assert gone == set(Destination) - {Destination.CME_ENQUIRY, Destination.DUPLICATE}


@pytest.mark.parametrize("today", DAYS)
def test_nothing_has_happened_that_is_still_to_come(today: date) -> None:
    planner = Planner(random.Random(7), today)
    for story in planner.stories(200):
        assert all(line.on <= planner.last for line in story.lines)
        assert story.opened_on <= planner.last
        assert all(line.on >= story.opened_on for line in story.lines if line.outcome is ContactOutcome.HELD)


@pytest.mark.parametrize("tier", list(Tier))
def test_counting_back_from_a_due_date_and_forward_again_gives_it_back(tier: Tier) -> None:
    day = date(2026, 1, 1)
    while day < date(2028, 12, 24):
        if is_working_day(day):
            contact, agreed = timing.contact_for(day, tier)
            due = timing.interval_after(contact, tier)
            assert day == (due if agreed is None else min(agreed, due))
        day += timedelta(days=1)


def test_working_days_are_counted_back_as_they_are_counted_on() -> None:
    for count in range(1, 30):
        before = timing.working_days_before(date(2027, 1, 6), count)
        assert add_working_days(before, count) == date(2027, 1, 6)
    days = [timing.working_days_before(date(2027, 1, 6), count) for count in range(10)]
    assert all(later > earlier for later, earlier in pairwise(days))
