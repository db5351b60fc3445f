"""Words and badges."""

from datetime import date
from typing import Any

import pytest

from ehe_portal.casefile import rules
from ehe_portal.core.codes import Arrangement, Destination, SocialCare

OPEN: dict[str, Any] = {
    "is_open": True,
    "accepted": True,
    "arrangement": Arrangement.EHE,
    "destination": None,
    "lapsed": False,
    "enquiry": False,
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({}, "Home educated"),
        ({"accepted": False}, "Waiting to be checked"),
        ({"lapsed": True}, "Contact lapsed"),
        ({"lapsed": True, "enquiry": True}, "CME enquiry"),
        ({"arrangement": Arrangement.FLEXI}, "Flexi-schooling"),
        ({"is_open": False, "destination": Destination.SCHOOL, "lapsed": True}, "Closed:"),
    ],
)
def test_the_badge_says_the_most_pressing_thing(changes: dict[str, Any], words: str) -> None:
    assert rules.badge(**{**OPEN, **changes}).words.startswith(words)


@pytest.mark.parametrize("status", [SocialCare.CP, SocialCare.CIN, SocialCare.LAC])
def test_what_matters_at_the_door_is_said(status: SocialCare) -> None:
    assert len(rules.warnings(protected=True, social_care=status, open_escalations=1)) == 3
    assert rules.warnings(protected=False, social_care=SocialCare.NONE, open_escalations=0) == []


@pytest.mark.parametrize(
    ("ordered", "until", "words"),
    [
        (True, None, "A school attendance order is in force"),
        (True, date(2026, 3, 12), "A school attendance order is in force"),
        (False, date(2026, 3, 12), "A notice is running: the family has until the end of 12 March 2026"),
        (False, date(2026, 3, 11), None),
        (False, None, None),
    ],
)
def test_what_the_header_says_of_a_case(ordered: bool, until: date | None, words: str | None) -> None:
    assert rules.order_words(ordered=ordered, familys_until=until, today=date(2026, 3, 12)) == words


@pytest.mark.parametrize(
    ("born", "on", "years"),
    [
        (date(2015, 5, 4), date(2026, 5, 3), 10),
        (date(2015, 5, 4), date(2026, 5, 4), 11),
        (date(2016, 2, 29), date(2026, 2, 28), 9),
        (date(2016, 2, 29), date(2026, 3, 1), 10),
    ],
)
def test_age_in_whole_years(born: date, on: date, years: int) -> None:
    assert rules.age(born, on) == years


def test_an_event_is_told_in_words() -> None:
    told = rules.detail_of({"opened_on": "2025-09-29", "episode_id": 7, "imported": True, "tier": "half-yearly"})
    assert told == "Opened: 29 September 2025; tier: half-yearly"
    assert rules.title_of("EpisodeOpened") == "Episode opened"
    assert rules.title_of("SomethingNewHappened") == "Something new happened"


def test_waiting_is_counted_in_working_days() -> None:
    friday, monday = date(2026, 3, 13), date(2026, 3, 16)
    assert rules.waited(friday, friday) == "since today"
    assert rules.waited(friday, monday) == "1 working day"
    assert rules.waited(friday, date(2026, 3, 18)) == "3 working days"
