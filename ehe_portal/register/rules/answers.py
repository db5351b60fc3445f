"""What a parent tells us when registering a child: the answers, and how they are kept."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from types import UnionType
from typing import Any, Final, Self, get_args, get_origin, get_type_hints

from ehe_portal.core.codes import (
    Code,
    ContactWay,
    EducationStyle,
    Ethnicity,
    PreviousSchoolType,
    PrimaryReason,
    Responsibility,
    SenStatus,
    Sex,
)

NO_FIXED_ADDRESS: Final = "No fixed address"
ADDRESS_NOT_KNOWN: Final = "Address not known yet"
LIVES_ELSEWHERE: Final = "Not with the child; address not given"


class SchoolSuggested(Code):
    """Whether the school suggested home education."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_SURE = "not-sure", "Not sure"
    NOT_SAID = "not-said", "Would rather not say"


class OtherParent(Code):
    """Whether there is another parent to tell about. Nobody has to."""

    YES = "yes", "Yes"
    NO = "no", "No"
    NOT_SAID = "not-said", "Would rather not say"


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Everything that is asked about one child. What is optional is None or empty where it was left out.

    `has_address` is None where someone else told us of the child and did not know the address. `parent_email` is that
    of a parent without an account.
    """

    legal_forename: str
    legal_surname: str
    preferred_name: str = ""
    date_of_birth: date
    sex: Sex | None = None
    has_address: bool | None = None
    address_line_1: str = ""
    address_line_2: str = ""
    town: str = ""
    county: str = ""
    postcode: str = ""
    ehe_started_on: date | None = None
    previous_school_type: PreviousSchoolType | None = None
    previous_school: str = ""
    school_suggested: SchoolSuggested | None = None
    reason: PrimaryReason | None = None
    styles: tuple[EducationStyle, ...] = ()
    others_teach: bool | None = None
    other_teachers: str = ""
    hours_from_parents: int | None = None
    hours_from_others: int | None = None
    sen_status: SenStatus | None = None
    languages: str = ""
    ethnicity: Ethnicity | None = None
    parent_name: str
    relationship: str = ""
    responsibility: Responsibility | None = None
    parent_email: str = ""
    phone: str = ""
    lives_with_child: bool | None = None
    parent_address: str = ""
    has_other: OtherParent | None = None
    other_name: str = ""
    other_relationship: str = ""
    other_responsibility: Responsibility | None = None
    other_email: str = ""
    other_phone: str = ""
    other_address: str = ""
    ways: tuple[ContactWay, ...] = ()
    interpreter: bool | None = None
    interpreter_language: str = ""
    access_needs: str = ""
    support: str = ""

    @property
    def address(self) -> str:
        """Where the child lives, on one line."""
        if self.has_address is None:
            return ADDRESS_NOT_KNOWN
        if not self.has_address:
            return NO_FIXED_ADDRESS
        parts = (self.address_line_1, self.address_line_2, self.town, self.county)
        return ", ".join(part for part in parts if part)

    @property
    def parent_lives_at(self) -> str | None:
        """Where the parent lives, if not with the child as far as we were told."""
        return self.parent_address or (LIVES_ELSEWHERE if self.lives_with_child is False else None)

    @property
    def has_wishes(self) -> bool:
        """Whether anything was said of how the family would like to be in contact, or of what would help."""
        said = (self.ways, self.interpreter_language, self.access_needs, self.support)
        return any(said) or self.interpreter is not None

    def kept(self) -> dict[str, Any]:
        """The answers as they are stored."""
        return {name: plain(value) for name, value in asdict(self).items()}

    @classmethod
    def from_kept(cls, kept: Mapping[str, Any]) -> Self:
        """The answers from what was stored. Raises TypeError or ValueError where it is not whole."""
        hints = get_type_hints(cls)
        given = [field.name for field in fields(cls) if field.name in kept]
        return cls(**{name: typed(hints[name], kept[name]) for name in given})


def plain(value: Any) -> Any:
    """A value as JSON keeps it."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    return value.value if isinstance(value, StrEnum) else value


def typed(kind: Any, value: Any) -> Any:
    """A value from JSON, as an answer of this kind."""
    if isinstance(kind, UnionType):
        if value is None:
            return None
        kind = next(one for one in get_args(kind) if one is not type(None))
    if get_origin(kind) is tuple:
        return tuple(typed(get_args(kind)[0], one) for one in value)
    if kind is date:
        return date.fromisoformat(value)
    return kind(value) if issubclass(kind, StrEnum) else value


def typed_answers(kept: Mapping[str, Any]) -> dict[str, Any]:
    """A page's answers from what was stored, to be shown again; what can no longer be read is left out."""
    hints = get_type_hints(Answers)
    shown = {}
    for name, value in kept.items():
        if name in hints:
            with suppress(ValueError, TypeError):
                shown[name] = typed(hints[name], value)
    return shown


def read_kept(kept: Mapping[str, Any]) -> Answers | None:
    """The answers as they were stored; None where they are not whole."""
    try:
        return Answers.from_kept(kept)
    except (KeyError, TypeError, ValueError):
        return None
