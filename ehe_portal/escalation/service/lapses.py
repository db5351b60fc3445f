"""What follows from the contact clock: lapses are raised, moved, answered and closed without anyone's doing."""

from collections.abc import Sequence
from datetime import date
from typing import Any, Protocol

from sqlalchemy import insert

from ehe_portal.core.codes import Destination, SocialCare
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries, rules
from ehe_portal.escalation.events import EscalationDueMoved, EscalationRaised
from ehe_portal.escalation.models import Closing, Escalation, Reason, Rung, State
from ehe_portal.escalation.rules import Known, OnLapse
from ehe_portal.escalation.service.ladder import first_rung_on, set_foot
from ehe_portal.escalation.service.steps import add_step, end
from ehe_portal.register.events import EpisodeClosed

ANSWERED = "The family has been in contact"


class AboutLapse(Protocol):
    """What an event about a lapse says. The room of contact is known by the shape of its events only."""

    @property
    def authority_id(self) -> int | None: ...
    @property
    def child_id(self) -> int | None: ...
    @property
    def episode_id(self) -> int: ...
    @property
    def due_on(self) -> date: ...


class Lapsed(AboutLapse, Protocol):
    """A contact lapsed."""

    @property
    def lapses_on(self) -> date: ...
    @property
    def last_attempt_on(self) -> date | None: ...


def raise_lapses(work: Work, lapsed: Sequence[Lapsed]) -> None:
    """Raise one escalation for each lapse; one of the same episode that is there already takes it in or is reopened.

    New ones are written in bulk. Where another sweep raises the same one at the same moment, a unique index makes the
    whole batch fail, and doing it again finds nothing left to do.
    """
    earlier = queries.lapses_of(work, [event.episode_id for event in lapsed])
    fresh: dict[int, Lapsed] = {}
    raised: list[EscalationRaised] = []
    for event in lapsed:
        known = earlier.get(event.episode_id, [])
        deed, which = rules.on_lapse(event.due_on, [as_known(one) for one in known])
        if deed is OnLapse.RAISE:
            fresh.setdefault(event.episode_id, event)
        elif which is not None:
            met = next(one for one in known if one.due_on == which.due_on)
            raised.append(raise_again(work, met, event, reopening=deed is OnLapse.REOPEN))
    work.session.flush()
    work.publish(*raised, *insert_lapses(work, list(fresh.values())))


def as_known(escalation: Escalation) -> Known:
    """An earlier lapse as the rules see it."""
    return Known(escalation.due_on or date.min, escalation.state, escalation.answered_at is not None)


def insert_lapses(work: Work, lapsed: Sequence[Lapsed]) -> list[EscalationRaised]:
    """Write new escalations in bulk; the events to publish."""
    if not lapsed:
        return []
    social_care = queries.social_care_of(work, [event.episode_id for event in lapsed])
    first = {one: first_rung_on(work, one) for one in {event.authority_id or 0 for event in lapsed}}
    rows: list[dict[str, Any]] = [
        {
            "reference": new_reference(),
            "version": 1,
            "authority_id": event.authority_id,
            "child_id": event.child_id,
            "episode_id": event.episode_id,
            "reason": Reason.CONTACT_LAPSE,
            "state": State.RAISED,
            "due_on": event.due_on,
            "should_have_risen_on": event.lapses_on,
            "last_attempt_on": event.last_attempt_on,
            "social_care": social_care.get(event.episode_id, SocialCare.UNKNOWN),
            "raised_on": work.today,
            "raised_at": work.at,
            "danger_now": False,
            "alerts": 1,
            "rung": Rung.RAISED,
            "next_rung_on": first[event.authority_id or 0],
        }
        for event in lapsed
    ]
    # Asking for the numbers afterwards takes a quarter less time than letting the insert return them.
    work.session.execute(insert(Escalation), rows)
    ids = queries.ids_of(work, [row["reference"] for row in rows])
    return [
        EscalationRaised(
            authority_id=event.authority_id,
            child_id=event.child_id,
            escalation_id=ids[row["reference"]],
            reference=row["reference"],
            reason=Reason.CONTACT_LAPSE,
            alert=1,
            no_attempt=event.last_attempt_on is None,
        )
        for event, row in zip(lapsed, rows, strict=True)
    ]


def raise_again(work: Work, escalation: Escalation, event: Lapsed, *, reopening: bool) -> EscalationRaised:
    """Give an escalation a fresh alert: it is open again, or takes in another lapse of its episode."""
    if reopening:
        escalation.state = State.RAISED
        escalation.acknowledged_at = escalation.acknowledged_by_id = None
        escalation.closed_at = escalation.closed_by_id = escalation.closing = None
        escalation.owner_id = escalation.next_on = None
        what = "Open again: what answered it does not count"
    else:
        escalation.moved_due_on = event.due_on if event.due_on != escalation.due_on else escalation.moved_due_on
        what = f"Contact lapsed again; it was due on {rules.said(event.due_on)}"
    escalation.answered_at = None
    escalation.last_attempt_on = event.last_attempt_on
    escalation.alerts += 1
    escalation.raised_again_on = work.today
    set_foot(work, escalation)
    add_step(work, escalation, what)
    return EscalationRaised(
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        escalation_id=escalation.id,
        reference=escalation.reference,
        reason=escalation.reason,
        alert=escalation.alerts,
        no_attempt=event.last_attempt_on is None,
    )


def close_answered(work: Work, answered: Sequence[AboutLapse]) -> None:
    """Close the lapses that an effective contact answered; an open enquiry goes on for its owner to close."""
    found = queries.open_lapses_of(work, [event.episode_id for event in answered])
    ended = []
    for escalation in found.values():
        if escalation.state is State.ENQUIRY:
            escalation.answered_at = work.at
            add_step(work, escalation, ANSWERED)
        else:
            ended.append(end(work, escalation, Closing.CONTACT, ANSWERED))
    work.session.flush()
    work.publish(*ended)


def note_moved_due(work: Work, moved: Sequence[AboutLapse]) -> None:
    """Add the date to lapses whose due date moved while they stayed open."""
    dates = {event.episode_id: event.due_on for event in moved}
    noted = []
    for episode_id, escalation in queries.open_lapses_of(work, dates).items():
        due_on = dates[episode_id]
        if due_on not in (escalation.moved_due_on, escalation.due_on):
            escalation.moved_due_on = due_on
            noted.append(
                EscalationDueMoved(
                    authority_id=escalation.authority_id,
                    child_id=escalation.child_id,
                    escalation_id=escalation.id,
                    due_on=due_on,
                )
            )
    work.session.flush()
    work.publish(*noted)


def close_with_destination(work: Work, closed: Sequence[EpisodeClosed]) -> None:
    """Close the lapses of episodes that ended with a confirmed destination. Concerns stay: someone has to answer them.

    An enquiry is not ended by age alone, and not by the destination that only says that there is one.
    """
    destinations = {event.episode_id: event.destination for event in closed}
    ended = []
    for episode_id, escalation in queries.open_lapses_of(work, destinations).items():
        destination = destinations[episode_id]
        enquiry_goes_on = escalation.state is State.ENQUIRY and destination is Destination.OVER_AGE
        if destination is Destination.CME_ENQUIRY or enquiry_goes_on:
            continue
        ended.append(end(work, escalation, Closing.DESTINATION, f"The episode has ended: {destination.label}"))
    work.session.flush()
    work.publish(*ended)
