"""What a welfare check holds, section by section; what is asked of which contact; what the family may read.

A home visit is an invitation and nobody is obliged to let the child be seen, so no answer here is a judgement of the
family, and most of it may stay empty.
"""

from collections.abc import Mapping
from datetime import date, time
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final

from ehe_portal.core.codes import ChildSeen, Code, ContactKind, ContactOutcome, EducationStyle, PrimaryReason
from ehe_portal.core.govuk.words import clock_time, counted, long_date


class Section(Code):
    """A part of a welfare check that is written, read and saved by itself."""

    VISIT = "visit", "Who, when and where"
    CHILD = "child", "The child"
    EDUCATION = "education", "The education"
    ORIGIN = "origin", "How home education began"
    NEEDS = "needs", "Needs and support"
    NEXT = "next", "Summary and what comes next"


class Told(Code):
    """An answer of which "we did not talk about it" is neither yes nor no."""

    YES = "yes", "Yes"
    NO = "no", "No"
    UNSURE = "unsure", "They are not sure"


class Alone(Code):
    """Whether the child was spoken to alone: only ever with permission, and nobody is obliged to give it."""

    YES = "yes", "Yes, with the parent’s permission"
    NOT_ASKED = "not-asked", "No, I did not ask"
    TOGETHER = "together", "No, they preferred to stay together"


FIELDS: Final[Mapping[Section, tuple[str, ...]]] = MappingProxyType(
    {
        Section.VISIT: ("persons_present", "address_confirmed", "at_time", "minutes", "place", "first_visit"),
        Section.CHILD: ("child_seen", "spoken_to", "alone", "childs_words"),
        Section.EDUCATION: (
            "education_seen",
            "styles",
            "environment",
            "progress",
            "aspirations",
            "social",
            "conclusion",
            "recommendations",
        ),
        Section.ORIGIN: (
            "discussed_with_school",
            "school_suggested",
            "otherwise_considered",
            "reasons",
            "main_reason",
        ),
        Section.NEEDS: ("sen", "health", "support", "exams"),
        Section.NEXT: ("summary", "agreed_next_on", "next_kind", "referrals"),
    }
)
"""Every field of a check by the section that it belongs to; each once."""

ON_CONTACT: Final = frozenset({"child_seen", "summary", "agreed_next_on"})
"""Those which belong to the contact itself, whatever came of it."""

LABELS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "persons_present": "Who was there",
        "address_confirmed": "Address confirmed",
        "at_time": "Time",
        "minutes": "How long it took",
        "place": "Place",
        "first_visit": "First visit",
        "child_seen": "Child seen",
        "spoken_to": "Spoken to",
        "alone": "Spoken to alone",
        "childs_words": "The child’s own words",
        "education_seen": "What was seen or heard of the education",
        "styles": "How the family educates",
        "environment": "Where and with what the child learns",
        "progress": "How the child is getting on",
        "aspirations": "What the child thinks and hopes for",
        "social": "Time with other people",
        "conclusion": "Conclusion",
        "recommendations": "Recommendations",
        "discussed_with_school": "Talked over with the school before",
        "school_suggested": "Suggested by the school",
        "otherwise_considered": "Would have been considered otherwise",
        "reasons": "Reasons",
        "main_reason": "Main reason",
        "sen": "Special educational needs",
        "health": "Health",
        "support": "Support asked for",
        "exams": "Exams, and after 16",
        "summary": "Summary",
        "agreed_next_on": "Next contact agreed for",
        "next_kind": "Way agreed for the next contact",
        "referrals": "Referrals",
    }
)

FAMILY_READS: Final[Mapping[Section, tuple[str, ...]]] = MappingProxyType(
    {
        Section.VISIT: ("persons_present", "at_time", "minutes", "first_visit"),
        Section.CHILD: ("child_seen", "spoken_to", "alone"),
        Section.EDUCATION: FIELDS[Section.EDUCATION],
        Section.NEEDS: ("support", "exams"),
        Section.NEXT: ("summary", "agreed_next_on", "next_kind"),
    }
)
"""What a verified parent may read of a check, and nothing else: a field that is not named here stays with the team.

Left out on purpose: the place, for two parents may live apart; the child's own words, which may be said in confidence;
health, needs and how it all began, of which one parent may have spoken without the other; referrals.
"""

CALLS: Final = frozenset({ContactKind.PHONE_CALL, ContactKind.VIDEO_CALL})
AT_THE_DOOR: Final = ("persons_present", "address_confirmed", "at_time", "place")


def asked_of(kind: ContactKind, outcome: ContactOutcome) -> tuple[str, ...]:
    """Which fields of a check fit what happened: all of one that took place, a few where nobody came in."""
    if outcome is ContactOutcome.HELD:
        left_out = {"place"} if kind in CALLS else set()
        return tuple(name for names in FIELDS.values() for name in names if name not in left_out)
    if outcome is ContactOutcome.NO_ACCESS:
        return (*AT_THE_DOOR, "summary")
    return ()


def sections_of(kind: ContactKind, outcome: ContactOutcome) -> dict[Section, tuple[str, ...]]:
    """The sections of a check that fit what happened, each with its fields."""
    asked = asked_of(kind, outcome)
    found = {section: tuple(name for name in names if name in asked) for section, names in FIELDS.items()}
    return {section: names for section, names in found.items() if names}


def as_read(values: Mapping[str, object]) -> str:
    """A mark of what a section says, by which a form knows whether it was changed since it was opened."""
    said = "\n".join(f"{name}: {values[name]!r}" for name in sorted(values))
    return sha256(said.encode()).hexdigest()[:20]


def answer_in_words(name: str, value: Any) -> str | None:
    """An answer as people read it; None where there is none."""
    if value is None or value in ("", []):
        return None
    if name == "address_confirmed":
        return "Yes" if value else "No, or not certain"
    if name == "minutes":
        return counted(value, "minute")
    if name in ("styles", "reasons"):
        codes: type[Code] = EducationStyle if name == "styles" else PrimaryReason
        return "; ".join(codes(one).label for one in value)
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, Code):
        return value.label
    if isinstance(value, time):
        return clock_time(value)
    return long_date(value) if isinstance(value, date) else str(value)


def seen_problem(child_seen: ChildSeen | None, values: Mapping[str, object]) -> tuple[str, str] | None:
    """What is said of a child who was not seen, as (field, message); None if nothing is.

    Seen is not the same as heard: on the telephone a child may be spoken to without having been seen.
    """
    if child_seen is None:
        return "child_seen", "Select whether you saw the child"
    if values.get("alone") is Alone.YES and values.get("spoken_to") is False:
        return "alone", "Select whether you spoke with the child alone: you said that you did not speak with them"
    return None
