"""The words of one child's story: each kind of event has some and belongs somewhere, and what is not for everyone."""

from datetime import date
from typing import Any

import pytest

from ehe_portal.casefile import rules
from ehe_portal.casefile.rules import chronology as story
from ehe_portal.casefile.rules import trail
from ehe_portal.casefile.rules.chronology import Group, Secret
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.work import Event
from ehe_portal.reactions import ONLY_RECORDED, REACTIONS

# What never happens to one child, and so stands in nobody's story.
ABOUT_NOBODY = set(trail.OF_NO_CHILD)
EVERY_KIND = {kind.__name__ for kind in (*REACTIONS, *ONLY_RECORDED) if kind is not Event}

# Words


@pytest.mark.parametrize("kind", sorted(EVERY_KIND - ABOUT_NOBODY))
def test_each_kind_of_event_has_words(kind: str) -> None:
    assert kind in rules.TITLES


def test_each_kind_with_words_is_an_event() -> None:
    assert set(rules.TITLES) <= EVERY_KIND - ABOUT_NOBODY


def test_each_kind_belongs_to_one_group() -> None:
    sorted_out = {group: story.kinds_of(group) for group in Group}
    assert sorted(kind for kinds in sorted_out.values() for kind in kinds) == sorted(rules.TITLES)
    assert all(sorted_out.values()), "a group without anything"
    for kind, group in (
        ("ContactLapsed", Group.CONCERNS), ("ContactStruckOut", Group.CONTACT), ("ParentVerified", Group.FAMILY),
        ("ParentAdded", Group.PEOPLE), ("AnswerNotNeeded", Group.MESSAGES), ("TierChanged", Group.REGISTER),
        ("ChangeDecided", Group.FAMILY), ("ChildMoved", Group.PEOPLE), ("SomethingNew", Group.REGISTER),
    ):  # fmt: skip
        assert story.group_of(kind) is group, kind


def test_what_is_said_of_a_contact() -> None:
    assert story.words_of_contact(ChildSeen.YES, date(2026, 9, 1), None, False) == (
        "Child seen; Next contact agreed for 1 September 2026"
    )
    assert story.words_of_contact(ChildSeen.DECLINED, None, True, False) == (
        "Child not seen: parent chose another way; Tells about the education"
    )
    assert story.words_of_contact(None, None, False, True) == "Struck out: recorded in error; A reply"
    assert story.title_of_event("EpisodeOpened", {"imported": False}) == "Episode opened"
    assert story.title_of_contact(ContactKind.PHONE_CALL, ContactOutcome.NO_ANSWER) == "Phone call: no answer"


# What is withheld


@pytest.mark.parametrize(
    ("kind", "details", "of_others", "of_protected"),
    [
        ("ObservationNoted", {"contact_id": 3}, Secret.SAFEGUARDING, Secret.SAFEGUARDING),
        ("NoteWritten", {"note_id": 7}, Secret.SAFEGUARDING, Secret.SAFEGUARDING),
        ("NoteStruckOut", {"note_id": 7}, Secret.SAFEGUARDING, Secret.SAFEGUARDING),
        ("NoteWritten", {"note_id": 8}, None, None),
        ("ChildMoved", {"place": "not-known"}, None, Secret.WHEREABOUTS),
        ("AddressCorrected", {"address_id": 1}, None, Secret.WHEREABOUTS),
        ("AddressConfirmed", {"address_id": 1}, None, Secret.WHEREABOUTS),
        ("ParentChanged", {"parts": ["address", "phone"]}, None, Secret.WHEREABOUTS),
        ("ParentChanged", {"parts": ["phone"]}, None, None),
        ("ChangeReported", {"kind": "address"}, None, Secret.WHEREABOUTS),
        ("ChangeDecided", {"kind": "moving-away"}, None, Secret.WHEREABOUTS),
        ("ChangeReported", {"kind": "school"}, None, None),
        ("VisitOffered", {"kind": "home-visit"}, None, None),
        ("ProtectionSet", {}, None, None),
    ],
)
def test_what_is_not_for_everyone(
    kind: str, details: dict[str, Any], of_others: Secret | None, of_protected: Secret | None
) -> None:
    assert story.secret_of(kind, details, protected=False, restricted_notes={7}) is of_others
    assert story.secret_of(kind, details, protected=True, restricted_notes={7}) is of_protected
