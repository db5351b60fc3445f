"""Mails about complaints: to the parent that it is here and that there is news; to whoever answers.

None says what a complaint is about, or about whom.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import Any, Protocol

from ehe_portal.core import outbox
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.service.writing import mail_to
from ehe_portal.register import queries as register


class Complained(Protocol):
    """Something happened to a complaint of a parent, whose account `account_id` is."""

    @property
    def complaint_id(self) -> int: ...
    @property
    def complaint_reference(self) -> str: ...
    @property
    def of_child_id(self) -> int: ...
    @property
    def account_id(self) -> int: ...
    @property
    def handler_id(self) -> int | None: ...


class Made(Complained, Protocol):
    """A parent complained."""

    @property
    def answer_by(self) -> date: ...


class Shared(Complained, Protocol):
    """Somebody whom it is about may read it."""

    @property
    def shared_with_id(self) -> int: ...


class Late(Complained, Protocol):
    """A day of it has passed."""

    @property
    def late(self) -> str: ...
    @property
    def overseer_id(self) -> int | None: ...


def tell_complaint_received(work: Work, made: Sequence[Made]) -> None:
    """Tell each parent that their complaint is here, and by when it is answered."""
    tell_parents(work, "complaint-received", made, lambda event: {"answer_by": event.answer_by.isoformat()})


def tell_complaint_news(work: Work, events: Sequence[Complained]) -> None:
    """Tell each parent that there is something new on the page of their complaint."""
    tell_parents(work, "complaint-news", events, lambda _: {})


def tell_parents(work: Work, template: str, events: Sequence[Any], more: Callable[[Any], dict[str, Any]]) -> None:
    """Write to whoever complained, unless messages to the family are stopped."""
    stopped = register.stopped_children(work, {event.of_child_id for event in events})
    told = [event for event in events if event.of_child_id not in stopped]
    found = queries.people(work, [event.account_id for event in told], work.today)
    references = queries.child_references(work, [event.of_child_id for event in told])
    rows = []
    for event in told:
        if event.account_id in found:
            context = {"child_reference": references[event.of_child_id], **more(event)}
            context["complaint_reference"] = event.complaint_reference
            about = f"{event.complaint_id}-{type(event).__name__}"
            rows.append(mail_to(work, found[event.account_id], template, context, about, event.of_child_id))
    outbox.put(work, rows)


def tell_complaint_made(work: Work, made: Sequence[Complained]) -> None:
    """Tell whoever is to answer each complaint."""
    tell_staff(work, "complaint-made", ((event, event.handler_id) for event in made))


def tell_complaint_shared(work: Work, shared: Sequence[Shared]) -> None:
    """Tell somebody whom a complaint is about that they may read it."""
    tell_staff(work, "complaint-shared", ((event, event.shared_with_id) for event in shared))


def tell_complaint_late(work: Work, late: Sequence[Late]) -> None:
    """Tell the next person that a day of a complaint has passed."""
    for event in late:
        tell_staff(work, "complaint-late", [(event, event.overseer_id)], event.late)


def tell_staff(work: Work, template: str, told: Iterable[tuple[Complained, int | None]], when: str = "") -> None:
    """Write to the holders of accounts, each of one complaint; `when` tells apart what they are told more than once."""
    listed = [(event, account_id) for event, account_id in told if account_id is not None]
    found = queries.people(work, {account_id for _, account_id in listed}, work.today)
    rows = []
    for event, account_id in listed:
        if account_id in found:
            about = f"{event.complaint_id}-{when}"
            context = {"complaint_reference": event.complaint_reference}
            rows.append(mail_to(work, found[account_id], template, context, about))
    outbox.put(work, rows)
