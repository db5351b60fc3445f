"""Mails that say only that there is a message or a letter: what it says, and about whom, is on the page alone."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.service.texting import put_with_texts
from ehe_portal.notices.service.writing import AboutChild, mail_to, not_stopped

ON_PAGE: Final = "portal"
"""How a letter goes that a parent finds on their own page."""


class Written(AboutChild, Protocol):
    """A message was received from a parent, or sent to one: `account_id` is the parent's."""

    @property
    def message_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def account_id(self) -> int: ...


class OnPage(AboutChild, Protocol):
    """A letter to a parent was made: `account_id` is the parent's, if they have one, `goes` how it reaches them."""

    @property
    def letter_id(self) -> int: ...
    @property
    def account_id(self) -> int | None: ...
    @property
    def goes(self) -> str: ...


def tell_letter_written(work: Work, made: Sequence[OnPage]) -> None:
    """Tell each parent that there is a letter for them on their own page. What goes on paper is told by itself."""
    told = [event for event in not_stopped(work, made) if event.goes == ON_PAGE and event.account_id is not None]
    found = queries.people(work, {event.account_id or 0 for event in told}, work.today)
    references = queries.child_references(work, {event.child_id or 0 for event in told})
    rows = []
    for event in told:
        if person := found.get(event.account_id or 0):
            context = {"child_reference": references[event.child_id or 0]}
            rows.append(mail_to(work, person, "letter-written", context, str(event.letter_id), event.child_id))
    put_with_texts(work, rows)


def tell_message_sent(work: Work, sent: Sequence[Written]) -> None:
    """Tell each parent that there is a message for them; what it says is on their own page only."""
    tell_of_messages(work, "message-sent", {event.account_id: event for event in not_stopped(work, sent)})


def tell_message_received(work: Work, received: Sequence[Written]) -> None:
    """Tell the child's adviser that a parent has written. With the team it stands on everyone's list instead."""
    advisers = queries.adviser_ids(work, {event.child_id for event in received if event.child_id is not None})
    told = {advisers[event.child_id or 0]: event for event in received if event.child_id in advisers}
    tell_of_messages(work, "message-received", told)


def tell_of_messages(work: Work, template: str, told: Mapping[int, Written]) -> None:
    """Write to the holders of accounts, each of one message."""
    found = queries.people(work, told, work.today)
    references = queries.child_references(work, [event.child_id or 0 for event in told.values()])
    rows = []
    for account_id, event in told.items():
        if account_id in found:
            context = {"child_reference": references[event.child_id or 0], "message_reference": event.reference}
            family_of = event.child_id if template == "message-sent" else None
            rows.append(mail_to(work, found[account_id], template, context, str(event.message_id), family_of))
    put_with_texts(work, rows)
