"""What happens to escalations."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.work import Event
from ehe_portal.escalation.rules import Closing, Reason, Rung, Triage


@dataclass(frozen=True, kw_only=True)
class EscalationRaised(Event):
    """An escalation rose, or rose again: `alert` counts, and each count alerts afresh. `reference` is for the mail.

    `no_attempt`: the authority itself had not tried since the date came near; the EHE manager is told.
    """

    escalation_id: int
    reference: str
    reason: Reason
    alert: int
    no_attempt: bool


@dataclass(frozen=True, kw_only=True)
class EscalationDueMoved(Event):
    """The due date moved while the lapse stayed open."""

    escalation_id: int
    due_on: date


@dataclass(frozen=True, kw_only=True)
class EscalationAcknowledged(Event):
    """A named person pressed *acknowledge*."""

    escalation_id: int


@dataclass(frozen=True, kw_only=True)
class EscalationTriaged(Event):
    """A named person decided what to do, with reasons, an owner and a next date."""

    escalation_id: int
    decision: Triage
    owner_id: int
    next_on: date


@dataclass(frozen=True, kw_only=True)
class EscalationHandedOver(Event):
    """Another person owns an escalation from now on, for its owner leaves or does other work."""

    escalation_id: int
    owner_id: int


@dataclass(frozen=True, kw_only=True)
class EscalationClosed(Event):
    """An escalation ended."""

    escalation_id: int
    episode_id: int | None
    closing: Closing


@dataclass(frozen=True, kw_only=True)
class NextContactSet(Event):
    """A lapse ended with a dated next contact, which becomes the episode's due date."""

    episode_id: int
    next_contact_on: date


@dataclass(frozen=True, kw_only=True)
class EscalationRungReached(Event):
    """Nobody acted in time: the next people on the ladder, by their accounts, are told; it may be that there are none.

    `due_on` is the day on which they were to be told. `person_id` is who is not at work, of an owner who is not.
    """

    escalation_id: int
    reference: str
    reason: Reason
    alert: int
    rung: Rung
    due_on: date
    account_ids: tuple[int, ...]
    person_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class EscalationLadderReckoned(Event):
    """The day of an escalation's next rung was worked out anew, and nobody had to be told."""

    escalation_id: int
    next_rung_on: date | None
