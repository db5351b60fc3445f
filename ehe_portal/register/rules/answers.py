"""What a parent tells us when registering a child: the questions, how answers are kept, how they are read back."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, Final, Self, get_args, get_type_hints

from ehe_portal.core.codes import PreviousSchoolType, PrimaryReason, Responsibility

STEPS: Final = ("child", "address", "you", "other-parent", "education")
"""The pages, in their order; each keeps its answers under its name until the whole is sent."""

REQUIRED_STEPS: Final = ("child", "address", "you", "education")
NO_FIXED_ADDRESS: Final = "No fixed address"

REASON_WORDS: Final = {
    PrimaryReason.NO_REASON_GIVEN: "I would rather not say",
    PrimaryReason.UNKNOWN: "I don’t know",
    PrimaryReason.DISSATISFACTION_GENERAL: "I was not happy with school",
    PrimaryReason.DISSATISFACTION_SEND: "I was not happy with how school met my child’s special educational needs",
    PrimaryReason.DISSATISFACTION_BULLYING: "My child was bullied at school",
    PrimaryReason.PHILOSOPHICAL_OR_PREFERENTIAL: "It is how I prefer, or believe, children should learn",
    PrimaryReason.LIFESTYLE: "It suits our family’s way of life",
    PrimaryReason.MENTAL_HEALTH: "My child’s mental health",
    PrimaryReason.PHYSICAL_HEALTH: "My child’s physical health",
    PrimaryReason.COVID_19_CONCERNS: "Health worries related to COVID-19",
    PrimaryReason.RELIGIOUS: "Religious reasons",
    PrimaryReason.RISK_OF_EXCLUSION: "My child might have been excluded from school",
    PrimaryReason.PERMANENT_EXCLUSION: "My child was permanently excluded from school",
    PrimaryReason.NOT_PREFERRED_SCHOOL: "We were not offered the school we wanted",
    PrimaryReason.DIFFICULTY_ACCESSING_PLACE: "We could not get a suitable school place",
    PrimaryReason.OFFERED_PLACE_NOT_ACCEPTED: "We were offered a school place and have not accepted it yet",
    PrimaryReason.DID_NOT_APPLY: "We did not apply for a school place",
    PrimaryReason.SCHOOL_SUGGESTION: "The school suggested it",
    PrimaryReason.OTHER: "Another reason",
}
"""The reasons as a parent would say them."""

RESPONSIBILITY_WORDS: Final = {
    Responsibility.YES: "Yes",
    Responsibility.NO: "No",
    Responsibility.UNKNOWN: "Not sure",
}
"""What a parent said of parental responsibility."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything a parent was asked. What is optional is None or empty where it was left out."""

    legal_forename: str
    legal_surname: str
    preferred_name: str = ""
    date_of_birth: date
    has_address: bool
    address_line_1: str = ""
    address_line_2: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    parent_name: str
    relationship: str
    responsibility: Responsibility
    phone: str = ""
    other_name: str = ""
    other_relationship: str = ""
    other_responsibility: Responsibility | None = None
    other_email: str = ""
    other_phone: str = ""
    other_address: str = ""
    ehe_started_on: date
    previous_school_type: PreviousSchoolType | None = None
    previous_school: str = ""
    reason: PrimaryReason | None = None

    @property
    def address(self) -> str:
        """Where the child lives, on one line."""
        if not self.has_address:
            return NO_FIXED_ADDRESS
        parts = (self.address_line_1, self.address_line_2, self.town, self.county)
        return ", ".join(part for part in parts if part)

    def kept(self) -> dict[str, Any]:
        """The answers as they are stored."""
        return {name: plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """The answers from what was stored. Raises KeyError or ValueError where it is not whole."""
        hints = get_type_hints(cls)
        given = [field.name for field in fields(cls) if field.name in kept]
        return cls(**{name: typed(hints[name], kept[name]) for name in given})


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    return value.value if isinstance(value, StrEnum) else value


def typed(kind: Any, value: Any) -> Any:
    """A value from JSON, as an answer of this kind."""
    if isinstance(kind, UnionType):
        if value is None:
            return None
        kind = next(one for one in get_args(kind) if one is not type(None))
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if issubclass(kind, StrEnum) else value


def typed_step(kept: Mapping[str, Any]) -> dict[str, Any]:
    """One page's answers from what was stored, to be shown again; what can no longer be read is left out."""
    hints = get_type_hints(Answers)
    shown = {}
    for name, value in kept.items():
        if name in hints:
            with suppress(ValueError, TypeError):
                shown[name] = typed(hints[name], value)
    return shown


def first_missing(draft: Mapping[str, Any]) -> str | None:
    """The first page that has to be answered and has not been."""
    return next((step for step in REQUIRED_STEPS if step not in draft), None)


def whole(draft: Mapping[str, Any]) -> Answers | None:
    """The answers of all pages together; None where they are not all there or can no longer be read."""
    together: dict[str, Any] = {}
    for step in STEPS:
        together.update(draft.get(step, {}))
    return read_kept(together)


def read_kept(kept: Mapping[str, Any]) -> Answers | None:
    """The answers as they were stored; None where they are not whole."""
    try:
        return Answers.from_kept(kept)
    except (KeyError, TypeError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Section:
    """One page's answers as they are read back: its name, its heading, and questions with answers."""

    step: str
    heading: str
    rows: list[tuple[str, str]]


def read_back(answers: Answers) -> list[Section]:
    """The answers in the words of the page, in its order; what was left out says so."""
    child = [
        ("Legal name", f"{answers.legal_forename} {answers.legal_surname}"),
        ("Name they like to be called", said(answers.preferred_name)),
        ("Date of birth", day_words(answers.date_of_birth)),
    ]
    address = [("Address", ", ".join(part for part in (answers.address, answers.postcode) if part))]
    you = [
        ("Your name", answers.parent_name),
        ("Your relationship to the child", answers.relationship),
        ("Parental responsibility", RESPONSIBILITY_WORDS[answers.responsibility]),
        ("Phone number", said(answers.phone)),
    ]
    taught, reason = answers.previous_school_type, answers.reason
    education = [
        ("Home education began or will begin", day_words(answers.ehe_started_on)),
        ("Where your child was taught before", said(taught.label if taught else "")),
        ("Name of the last school", said(answers.previous_school)),
        ("Main reason for home education", said(REASON_WORDS[reason] if reason else "")),
    ]
    return [
        Section("child", "Your child", child),
        Section("address", "Where your child lives", address),
        Section("you", "About you", you),
        Section("other-parent", "Another parent", other_parent_rows(answers)),
        Section("education", "Education", education),
    ]


def said(answer: str) -> str:
    """An answer, or that there is none."""
    return answer or "Not given"


def other_parent_rows(answers: Answers) -> list[tuple[str, str]]:
    """What was told about another parent; nobody has to tell anything."""
    if not answers.other_name:
        return [("Another parent or carer", said(""))]
    responsibility = answers.other_responsibility
    rows = [
        ("Name", answers.other_name),
        ("Relationship to the child", answers.other_relationship),
        ("Parental responsibility", RESPONSIBILITY_WORDS[responsibility] if responsibility else ""),
        ("Email", answers.other_email),
        ("Phone number", answers.other_phone),
        ("Address", answers.other_address),
    ]
    return [(question, answer) for question, answer in rows if answer]


def day_words(day: date) -> str:
    """A date as people write it: 3 March 2027."""
    return f"{day.day} {day:%B %Y}"
