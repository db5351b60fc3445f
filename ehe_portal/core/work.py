"""The one argument of every use-case: who is acting, when, with which session, and how to say what happened."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from sqlalchemy.orm import Session

from ehe_portal.core.days import london_date


@dataclass(frozen=True, kw_only=True)
class Event:
    """Something that has happened. Carries identifiers, dates and codes: never a name, an address or free text."""

    authority_id: int | None
    child_id: int | None = None


Reaction = Callable[["Work", Sequence[Any]], None]
Reactions = Mapping[type[Event], Sequence[Reaction]]


@dataclass(frozen=True)
class Scope:
    """Whose records may be seen: an authority's, one family's (by its account), everything, or nothing."""

    authority_id: int | None = None
    account_id: int | None = None
    everything: bool = False


@dataclass(frozen=True)
class Actor:
    """Who is acting. `role` is a role of accounts.policy, or None for a visitor and for the portal itself."""

    account_id: int | None = None
    role: str | None = None
    authority_id: int | None = None
    label: str = "visitor"

    @property
    def signed_in(self) -> bool:
        """Whether this is a person whom the portal knows."""
        return self.account_id is not None


VISITOR = Actor()
JOBS = Actor(label="jobs")
COMMAND = Actor(label="command")


class PublishedInCircles(Exception):
    """An event led, through its reactions, to an event of its own kind."""


@dataclass
class Work:
    """One piece of work, in one transaction (see core.transaction).

    `at` is an aware moment; `scope` limits every query; `reactions` says what follows from what.
    """

    session: Session
    actor: Actor
    at: datetime
    scope: Scope
    reactions: Reactions = field(default_factory=dict)
    published: int = 0
    abandoned: bool = False
    under_way: list[type[Event]] = field(default_factory=list)
    later: list[Callable[[Session], None]] = field(default_factory=list)

    @property
    def today(self) -> date:
        """The London date of this work."""
        return london_date(self.at)

    def publish(self, *events: Event) -> None:
        """Say what has happened; all that follows happens now, in the same transaction, and its errors propagate.

        A reaction gets all events of one kind at once. Raises `PublishedInCircles`.
        """
        by_kind: dict[type[Event], list[Event]] = {}
        for happened in events:
            by_kind.setdefault(type(happened), []).append(happened)
        for kind, alike in by_kind.items():
            if kind in self.under_way:
                raise PublishedInCircles(f"{kind.__name__} led to itself")
            self.published += len(alike)
            self.under_way.append(kind)
            try:
                for reaction in (*self.reactions.get(Event, ()), *self.reactions.get(kind, ())):
                    reaction(self, alike)
            finally:
                self.under_way.pop()

    def afterwards(self, deed: Callable[[Session], None]) -> None:
        """Do `deed` in a transaction of its own once this work's has ended: for housekeeping, and for sending."""
        self.later.append(deed)
