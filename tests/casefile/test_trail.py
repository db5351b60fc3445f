"""The audit trail in words: every event has them, and no page shows a code or a row's own name."""

import re
from dataclasses import replace

import pytest

from ehe_portal.accounts.events import SignedIn
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile import rules
from ehe_portal.casefile.rules import trail
from ehe_portal.casefile.views.trail import ROLES
from ehe_portal.core.work import COMMAND, JOBS, VISITOR, Event, Work
from ehe_portal.reactions import ONLY_RECORDED, REACTIONS
from tests.casefile.test_chronology import ClientAs
from tests.pages import tree_of, words_of
from tests.village import Village

EVERY_EVENT = sorted({one for one in (*REACTIONS, *ONLY_RECORDED) if one is not Event}, key=lambda one: one.__name__)


@pytest.mark.parametrize("event", EVERY_EVENT)
def test_every_event_has_words(event: type[Event]) -> None:
    """Either as something about a child, or as something about nobody; each is a key of one table only."""
    name = event.__name__
    assert (name in rules.TITLES) != (name in trail.OF_NO_CHILD), "say what it is in TITLES or in OF_NO_CHILD"
    assert trail.title(name) not in ("", name)


def test_words_are_of_events_that_there_are() -> None:
    assert {*rules.TITLES, *trail.OF_NO_CHILD} <= {event.__name__ for event in EVERY_EVENT}


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({}, ""),
        ({"account_id": 7, "role": "ehe-manager"}, "Account number 7; role: EHE manager"),
        ({"is_active": True}, "Can sign in: yes"),
        ({"fields": ["away_from", "away_until"]}, "Fields: away from, away until"),
        ({"weekdays": [0, 4]}, "Weekdays: Monday, Friday"),
        ({"seen_on": "2027-03-03", "seen_by": "school"}, "Seen: 3 March 2027; seen by: a school or college"),
        ({"destination": "school"}, "Destination: on roll at a school"),
        ({"kind": "school"}, "Kind: going back to school"),
        ({"kind": "family-again", "by_on": "2027-03-03"}, "Kind: the family, some days before; by: 3 March 2027"),
        ({"on_date": "2027-03-03", "at_time": "13:30:00"}, "For: 3 March 2027; at: 1:30pm"),
        ({"status": "TENTATIVE"}, "In calendars: tentative"),
        ({"account_ids": [3, 12], "rung": "head", "x_id": None}, "Account numbers 3, 12; told: the head of service"),
        ({"rows": 1200, "filters": []}, "Rows: 1,200"),
    ],
)  # fmt: skip
def test_details_are_told_in_words(told: dict[str, object], words: str) -> None:
    assert trail.details(told, ROLES) == words


def test_who_did_it_is_told_by_name_or_in_words() -> None:
    assert trail.by("Ann Head", "ehe-manager", ROLES) == "Ann Head"
    assert trail.by(None, "cme-officer", ROLES) == "CME officer"
    for actor in (JOBS, COMMAND, VISITOR):
        assert trail.by(None, actor.label, ROLES) == trail.BY_ITSELF[actor.label]


def test_the_auditor_reads_no_code(village: Village, client_as: ClientAs) -> None:
    page = words_of(tree_of(client_as(village.staff[Role.AUDITOR]).get("/audit").text))
    assert "Episode opened" in page
    assert re.search(r"\b[a-z]+_[a-z]+\b", page) is None
    names = [event.__name__ for event in EVERY_EVENT]
    assert [name for name in names if name in page] == []


def test_who_signed_in_is_named(work: Work, village: Village, client_as: ClientAs) -> None:
    """At that moment nobody is signed in yet: the entry says whose account it was."""
    adviser = village.adviser
    signed_in = SignedIn(authority_id=adviser.authority_id, child_id=None, account_id=adviser.id)
    replace(work, actor=VISITOR).publish(signed_in)
    work.session.commit()
    page = words_of(tree_of(client_as(village.staff[Role.AUDITOR]).get("/audit").text))
    assert f"{adviser.name} Signed in" in page
    assert trail.BY_ITSELF[VISITOR.label] not in page


def test_an_entry_leads_to_the_child_it_is_about(village: Village, client_as: ClientAs) -> None:
    page = client_as(village.staff[Role.AUDITOR]).get("/audit").text
    assert f'href="/children/{village["Ada"].reference}"' in page
    assert village["Ada"].legal_surname not in page
