"""What happens to an authority's values."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.work import Event
from ehe_portal.policy.rules import TermKind


@dataclass(frozen=True, kw_only=True)
class PolicySet(Event):
    """An authority set its values from a day on."""

    number: int
    in_force_from: date


@dataclass(frozen=True, kw_only=True)
class PolicyWithdrawn(Event):
    """An authority withdrew a version of its values before the day from which it would have held."""

    number: int
    in_force_from: date


@dataclass(frozen=True, kw_only=True)
class TermDateSet(Event):
    """A term or holiday was added or changed; these are its days now."""

    reference: str
    kind: TermKind
    first_on: date
    last_on: date


@dataclass(frozen=True, kw_only=True)
class TermDateRemoved(Event):
    """A term or holiday was taken out of the calendar."""

    reference: str
    kind: TermKind
    first_on: date
    last_on: date
