"""Decisions about escalations: what a lapse makes of those already there, who decided what, and how each may end.

Closing never silences: a lapse ends by a contact, by a confirmed destination or with a dated next contact; a concern
ends when someone answered it. Plain values in, answers out.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import Enum, StrEnum
from typing import Final

from ehe_portal.core.codes import Destination, SocialCare, Tier
from ehe_portal.core.days import add_months

LONGEST_WAIT: Final = timedelta(days=92)
"""How far ahead the next date of a decision may lie."""

LONGEST_WORDS: Final = 10_000


class Reason(StrEnum):
    """Why an escalation was raised."""

    CONTACT_LAPSE = "contact-lapse"
    CONCERN = "concern"

    @property
    def label(self) -> str:
        """The reason as people read it. Silence alone is not a concern, and the words say so."""
        return "Contact lapse" if self is Reason.CONTACT_LAPSE else "Concern raised"


class State(StrEnum):
    """Where an escalation stands."""

    RAISED = "raised"
    ACKNOWLEDGED = "acknowledged"
    TRIAGED = "triaged"
    ENQUIRY = "enquiry"
    CLOSED = "closed"

    @property
    def label(self) -> str:
        """The state as people read it."""
        return STATE_LABELS[self]


STATE_LABELS = {
    State.RAISED: "Waiting for someone",
    State.ACKNOWLEDGED: "Acknowledged",
    State.TRIAGED: "Decision made",
    State.ENQUIRY: "Enquiry open",
    State.CLOSED: "Closed",
}


class Triage(StrEnum):
    """What a person decided to do about an escalation."""

    WHEREABOUTS_UNKNOWN = "whereabouts-unknown"
    NO_INFORMATION = "no-information"
    WELFARE = "welfare"
    DANGER = "danger"
    CONTACT_MADE = "contact-made"
    IN_ERROR = "in-error"

    @property
    def label(self) -> str:
        """The decision as people read it."""
        return TRIAGE_LABELS[self]


TRIAGE_LABELS = {
    Triage.WHEREABOUTS_UNKNOWN: "We do not know where the child is: open an enquiry",
    Triage.NO_INFORMATION: "We know the address but have no information: consider a notice",
    Triage.WELFARE: "We are worried about welfare: refer to children’s social care",
    Triage.DANGER: "The child is in danger now: call 999 first, then record it here",
    Triage.CONTACT_MADE: "Contact has been made",
    Triage.IN_ERROR: "This was recorded in error",
}


class Closing(StrEnum):
    """How an escalation ended."""

    CONTACT = "contact"
    DESTINATION = "destination"
    NEXT_CONTACT = "next-contact"
    CONCERN_ANSWERED = "concern-answered"

    @property
    def label(self) -> str:
        """The ending as people read it."""
        return CLOSING_LABELS[self]


CLOSING_LABELS = {
    Closing.CONTACT: "The family has been in contact",
    Closing.DESTINATION: "A destination has been confirmed",
    Closing.NEXT_CONTACT: "A dated next contact has been agreed or set",
    Closing.CONCERN_ANSWERED: "The concern has been answered",
}


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something cannot be done as asked, and the field that it is about."""

    field: str
    message: str


# A lapse meets what is already there


class OnLapse(Enum):
    """What a lapse makes of the escalations of its episode."""

    RAISE = "raise"
    REOPEN = "reopen"
    ADD = "add"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Known:
    """An earlier lapse of the same episode. `answered`: the family has been in contact, but its enquiry went on."""

    due_on: date
    state: State
    answered: bool


def on_lapse(due_on: date, earlier: list[Known]) -> tuple[OnLapse, Known | None]:
    """What to do about a lapse, and with which of the earlier ones. At most one of an episode is open at a time.

    One that is open takes the new lapse in, with a fresh alert; unless it is the very same one, unanswered. One that
    was closed for the same due date is opened again.
    """
    is_open = next((known for known in earlier if known.state is not State.CLOSED), None)
    if is_open is not None:
        same = is_open.due_on == due_on and not is_open.answered
        return (OnLapse.NOTHING, None) if same else (OnLapse.ADD, is_open)
    same_due = next((known for known in earlier if known.due_on == due_on), None)
    return (OnLapse.RAISE, None) if same_due is None else (OnLapse.REOPEN, same_due)


# Decisions


def state_after(decision: Triage) -> State:
    """Where a decision leaves an escalation. None of them closes it."""
    return State.ENQUIRY if decision is Triage.WHEREABOUTS_UNKNOWN else State.TRIAGED


def triage_problem(state: State, reasons: str, next_on: date | None, today: date) -> Problem | None:
    """What keeps a decision from being recorded; None where nothing does."""
    if state is State.CLOSED:
        return Problem("", "This escalation has been closed")
    if not reasons.strip():
        return Problem("reasons", "Enter your reasons")
    if len(reasons) > LONGEST_WORDS:
        return Problem("reasons", f"Enter reasons of {LONGEST_WORDS:,} characters or fewer")
    if next_on is None or next_on < today:
        return Problem("next_on", "Enter a next date that is today or later")
    if next_on > today + LONGEST_WAIT:
        return Problem("next_on", "Enter a next date within the next three months")
    return None


# Endings


@dataclass(frozen=True, slots=True)
class Standing:
    """What an ending depends on. `answered`: the family has been in contact since. `destination`: of the latest
    episode, if that is closed; `episode_open`: whether it is open.
    """

    reason: Reason
    state: State
    answered: bool
    episode_open: bool
    destination: Destination | None


def endings(standing: Standing) -> list[Closing]:
    """The ways in which an escalation may be closed by a person today."""
    if standing.state is State.CLOSED:
        return []
    if standing.reason is Reason.CONCERN:
        return [Closing.CONCERN_ANSWERED] if standing.state in (State.TRIAGED, State.ENQUIRY) else []
    found = []
    if standing.answered:
        found.append(Closing.CONTACT)
    if standing.destination not in (None, Destination.CME_ENQUIRY):
        found.append(Closing.DESTINATION)
    if standing.episode_open:
        found.append(Closing.NEXT_CONTACT)
    return found


def closing_problem(
    standing: Standing, closing: Closing, reasons: str, next_contact_on: date | None, today: date, latest: date
) -> Problem | None:
    """What keeps an escalation from being closed as asked; None where nothing does.

    `latest` is the last day that a dated next contact may be set for.
    """
    if standing.state is State.CLOSED:
        return Problem("", "This escalation has been closed")
    if closing not in endings(standing):
        return Problem("closing", WHY_NOT[closing])
    if not reasons.strip():
        return Problem("reasons", "Enter what was done, and why this can be closed")
    if len(reasons) > LONGEST_WORDS:
        return Problem("reasons", f"Enter {LONGEST_WORDS:,} characters or fewer")
    if closing is not Closing.NEXT_CONTACT:
        return None
    if next_contact_on is None or next_contact_on <= today:
        return Problem("next_contact_on", "Enter a date of the next contact that is later than today")
    if next_contact_on > latest:
        return Problem("next_contact_on", f"Enter a date of the next contact that is not after {said(latest)}")
    return None


WHY_NOT = {
    Closing.CONTACT: "Select another ending, or record the contact first: it closes this by itself",
    Closing.DESTINATION: "Select another ending, or close the episode with its destination: that closes this by itself",
    Closing.NEXT_CONTACT: "Select another ending: there is no open episode to set a date for",
    Closing.CONCERN_ANSWERED: "Select another ending, or record a decision about the concern first",
}


@dataclass(frozen=True, slots=True)
class Intervals:
    """An authority's longest times between contacts: months for annual and half-yearly, weeks for close."""

    annual_months: int
    half_yearly_months: int
    close_weeks: int


def latest_next_contact(today: date, tier: Tier, social_care: SocialCare, intervals: Intervals) -> date:
    """The last day for which a next contact may be set: no later than one made today would ask for.

    The social care status may ask for a closer tier than the one set: cp for close, cin and lac for half-yearly.
    """
    if tier is Tier.CLOSE or social_care is SocialCare.CP:
        return today + timedelta(weeks=intervals.close_weeks)
    if tier is Tier.HALF_YEARLY or social_care in (SocialCare.CIN, SocialCare.LAC):
        return add_months(today, intervals.half_yearly_months)
    return add_months(today, intervals.annual_months)


def said(day: date) -> str:
    """A date as people write it."""
    return f"{day.day} {day:%B %Y}"
