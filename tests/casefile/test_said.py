"""What a chronology says of the codes of events: words that a reader of a printed record understands."""

import pytest

from ehe_portal.casefile import rules
from ehe_portal.casefile.rules.said import SAID, in_words
from ehe_portal.contact.rules import Reminder
from ehe_portal.escalation.rules.answers import Closing
from ehe_portal.escalation.rules.ladder import Rung
from ehe_portal.orders.models import Closing as OrderClosing
from ehe_portal.register.models import ChangeKind


@pytest.mark.parametrize(
    ("details", "said"),
    [
        (
            {"kind": "adviser-after", "by_on": "2026-10-26", "way": None},
            "The adviser, once the day had passed; by: 26 October 2026",
        ),
        ({"kind": "family-again", "by_on": "2026-10-26", "way": "phone"}, "by: 26 October 2026; by phone"),
        ({"reason": "contact-lapse", "rung": "head", "due_on": "2026-11-11"}, "told: the head of service; due: 11 Nov"),
        ({"kind": "school"}, "Going back to school"),
        ({"outcome": "held", "destination": "school"}, "destination: on roll at a school"),
        ({"kind": "home-visit", "at_time": "09:30:00", "status": "TENTATIVE", "round": 2}, "Home visit; at: 9:30am"),
        ({"kind": "phone-call", "at_time": "12:00:00", "reference": "7K2MXQ0R4T"}, "Phone call; at: midday"),
        ({"verdict": "linked"}, "Children of one family"),
        ({"closing": "concern-answered"}, "Closing: the concern is answered"),
    ],
)
def test_the_details_of_an_event_in_words(details: dict[str, object], said: str) -> None:
    assert said in rules.detail_of(details)


@pytest.mark.parametrize("reminder", Reminder)
def test_whom_each_reminder_reminds_is_said(reminder: Reminder) -> None:
    assert in_words(reminder.value, "kind").startswith(("the family", "the adviser"))


def test_no_step_of_the_ladder_and_no_end_of_an_escalation_is_told_by_its_code() -> None:
    assert set(SAID["rung"]) == {rung.value for rung in Rung}
    assert set(SAID["closing"]) == {closing.value for closing in (*Closing, *OrderClosing)}


@pytest.mark.parametrize("kind", ChangeKind)
def test_what_a_family_told_of_is_said_as_it_chose_it(kind: ChangeKind) -> None:
    assert in_words(kind.value, "kind") == kind.label.lower()
