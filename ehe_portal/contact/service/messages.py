"""Messages written here, as contact: writing received from a family, and emails that the council sent."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from ehe_portal.contact import queries
from ehe_portal.contact.models import Contact
from ehe_portal.contact.service.clocks import settle
from ehe_portal.contact.service.recording import tell_recorded
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.work import Work


class Written(Protocol):
    """What is read of the events that a message was received or sent."""

    @property
    def authority_id(self) -> int | None: ...
    @property
    def child_id(self) -> int | None: ...
    @property
    def message_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def written_on(self) -> date: ...


class Received(Written, Protocol):
    """A parent wrote."""

    @property
    def account_id(self) -> int: ...


class Sent(Written, Protocol):
    """The council wrote."""

    @property
    def author_id(self) -> int | None: ...


def record_messages_received(work: Work, received: Sequence[Received]) -> None:
    """Record what parents wrote as writing received: a reply, until an officer confirms that it tells about the
    child's education. Then it counts from the day on which it came.
    """
    contacts = [as_contact(work, one, ContactOutcome.RECEIVED, one.account_id) for one in received]
    keep(work, contacts)
    settle(work, queries.running_episodes(work, [contact.child_id for contact in contacts]))


def record_messages_sent(work: Work, sent: Sequence[Sent]) -> None:
    """Record what the council wrote as sent: something that it tried, which moves no clock."""
    contacts = [as_contact(work, one, ContactOutcome.SENT, one.author_id) for one in sent]
    for contact, one in zip(contacts, sent, strict=True):
        contact.adviser_id = one.author_id
    keep(work, contacts)


def as_contact(work: Work, written: Written, outcome: ContactOutcome, by: int | None) -> Contact:
    """A message as a contact that bears its reference, so that pages of either lead to the other."""
    if written.authority_id is None or written.child_id is None:
        raise ValueError("a message is about a child")
    return Contact(
        authority_id=written.authority_id,
        child_id=written.child_id,
        reference=written.reference,
        happened_on=written.written_on,
        kind=ContactKind.EMAIL,
        outcome=outcome,
        message_id=written.message_id,
        recorded_at=work.at,
        recorded_by_id=by,
    )


def keep(work: Work, contacts: Sequence[Contact]) -> None:
    """Write contacts, and say so."""
    work.session.add_all(contacts)
    work.session.flush()
    tell_recorded(work, contacts)
