"""What happens to messages. `account_id` is the family's account; what was written stays with the message."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class MessageReceived(Event):
    """A parent wrote to the council. `reference` is the message's own."""

    message_id: int
    reference: str
    account_id: int
    written_on: date


@dataclass(frozen=True, kw_only=True)
class MessageSent(Event):
    """Someone of the council's staff wrote to a parent."""

    message_id: int
    reference: str
    account_id: int
    author_id: int | None
    written_on: date


@dataclass(frozen=True, kw_only=True)
class AnswerNotNeeded(Event):
    """An officer has read what a parent wrote, and found that it asks for no answer."""

    thread_id: int
