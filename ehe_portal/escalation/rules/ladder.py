"""The ladder: who is told of an escalation that nobody answers, and on which day. Pure.

Every count is of working days after the day of the alert (a reopened escalation has a fresh one and begins anew). A
rung that is due is told once; only the head of service is told again on each working day until someone acknowledges.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from ehe_portal.core.codes import SocialCare
from ehe_portal.core.days import add_working_days
from ehe_portal.escalation.rules.answers import State


class Rung(StrEnum):
    """How far up the telling has gone; `answered` once someone has it in hand and nobody above need be told."""

    RAISED = "raised"
    MANAGER = "manager"
    HEAD = "head"
    ANSWERED = "answered"
    UNDECIDED = "undecided"
    NEXT_DATE = "next-date"
    ABSENT = "absent"

    @property
    def label(self) -> str:
        """The rung as people read it, once it has been reached."""
        return RUNG_LABELS[self]

    @property
    def short(self) -> str:
        """The rung in a list to choose from."""
        return RUNG_NAMES[self]

    @property
    def because(self) -> str:
        """Why it is told, as people read it."""
        return RUNG_REASONS[self]


RUNG_LABELS: Final = {
    Rung.RAISED: "CME officers told",
    Rung.ANSWERED: "Somebody has it in hand",
    Rung.MANAGER: "CME manager told",
    Rung.HEAD: "Head of service told",
    Rung.UNDECIDED: "CME manager told: no decision in time",
    Rung.NEXT_DATE: "Owner and CME manager told: next date past",
    Rung.ABSENT: "CME manager told: owner not at work",
}
RUNG_NAMES: Final = {
    Rung.RAISED: "CME officers",
    Rung.MANAGER: "CME manager",
    Rung.HEAD: "Head of service",
    Rung.ANSWERED: "In hand",
    Rung.UNDECIDED: "No decision in time",
    Rung.NEXT_DATE: "Next date past",
    Rung.ABSENT: "No owner at work",
}
RUNG_REASONS: Final = {
    Rung.RAISED: "it was raised",
    Rung.ANSWERED: "somebody has it in hand",
    Rung.MANAGER: "nobody has acknowledged it",
    Rung.HEAD: "still nobody has acknowledged it",
    Rung.UNDECIDED: "it was acknowledged, and no decision has been recorded",
    Rung.NEXT_DATE: "the owner’s next date has passed",
    Rung.ABSENT: "the person who has it in hand is not at work",
}


@dataclass(frozen=True, slots=True)
class Counts:
    """An authority's values: after how many working days each rung is reached."""

    manager: int
    head: int
    undecided: int
    undecided_cp: int


@dataclass(frozen=True, slots=True)
class Told:
    """A rung that was told: on which day it was due, and on which it was told."""

    due_on: date
    told_on: date


@dataclass(frozen=True, slots=True)
class Place:
    """Where an escalation stands: its latest alert, its next date (from a decision on), and what of each rung was
    told last since that alert.
    """

    state: State
    alerted_on: date
    social_care: SocialCare
    next_on: date | None
    told: Mapping[Rung, Told]

    def after(self, step: "Step", told_on: date) -> "Place":
        """The same place once a step has been told."""
        return replace(self, told={**self.told, step.rung: Told(step.on, told_on)})


@dataclass(frozen=True, slots=True, order=True)
class Step:
    """One thing to tell, and the day on which it is due."""

    on: date
    rung: Rung


def coming(place: Place, counts: Counts) -> list[Step]:
    """What is told next if nobody does anything, the earliest first; of the daily telling only the next time."""
    found: list[Step] = []
    if place.state is State.RAISED:
        if Rung.MANAGER not in place.told:
            found.append(Step(add_working_days(place.alerted_on, counts.manager), Rung.MANAGER))
        last = place.told.get(Rung.HEAD)
        again = add_working_days(place.alerted_on, counts.head) if last is None else add_working_days(last.told_on, 1)
        found.append(Step(again, Rung.HEAD))
    elif place.state is State.ACKNOWLEDGED and Rung.UNDECIDED not in place.told:
        days = counts.undecided_cp if place.social_care is SocialCare.CP else counts.undecided
        found.append(Step(add_working_days(place.alerted_on, days), Rung.UNDECIDED))
    elif place.state in (State.TRIAGED, State.ENQUIRY) and place.next_on is not None:
        past_on = add_working_days(place.next_on, 1)
        last = place.told.get(Rung.NEXT_DATE)
        if last is None or last.due_on != past_on:
            found.append(Step(past_on, Rung.NEXT_DATE))
    return sorted(found, key=lambda step: (step.on, list(Rung).index(step.rung)))


def due(place: Place, counts: Counts, today: date) -> list[Step]:
    """What is to be told today: each rung once, however late."""
    return [step for step in coming(place, counts) if step.on <= today]


class Holder(Protocol):
    """Someone who may be told, by their role."""

    @property
    def role(self) -> StrEnum: ...


H = TypeVar("H", bound=Holder)


def whom(roles: Sequence[StrEnum], here: Sequence[H], everyone: Sequence[H]) -> list[H]:
    """The holders of the first of some roles in which someone is at work; without any, of the first that has one.

    Those who are away are written to all the same where nobody else is left, and the escalation stands in red.
    """
    for group in (here, everyone):
        for role in roles:
            found = [one for one in group if one.role is role]
            if found:
                return found
    return []
