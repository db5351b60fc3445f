"""What people do about escalations: raise a concern, acknowledge, decide, close. Each is a step with their name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries, rules
from ehe_portal.escalation.events import (
    EscalationAcknowledged,
    EscalationRaised,
    EscalationTriaged,
    NextContactSet,
)
from ehe_portal.escalation.models import Closing, Escalation, Reason, State, Triage
from ehe_portal.escalation.rules import Intervals, Standing
from ehe_portal.escalation.service.ladder import first_rung_on, set_foot
from ehe_portal.escalation.service.steps import add_step, end
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child, Episode

MARKED = "Noted at a contact as something that cannot wait. What it is stands in the safeguarding note of that contact."


class Marked(Protocol):
    """What is read of the event that an officer noted something that cannot wait."""

    @property
    def child_id(self) -> int | None: ...


@dataclass(frozen=True)
class Decision:
    """What a person decided: with reasons, an owner and a next date."""

    decision: Triage
    reasons: str
    owner: Account
    next_on: date


@dataclass(frozen=True)
class Ending:
    """How a person closes an escalation. `next_contact_on` is for `Closing.NEXT_CONTACT`."""

    closing: Closing
    reasons: str
    next_contact_on: date | None = None


def raise_concern(work: Work, child: Child, words: str, *, danger_now: bool) -> Escalation:
    """Tell the CME team of a worry about a child, at once. Raises `Refusal`."""
    words = words.strip()
    if not words:
        raise Refusal("Enter what you are worried about", "words")
    if len(words) > rules.LONGEST_WORDS:
        raise Refusal(f"Enter {rules.LONGEST_WORDS:,} characters or fewer", "words")
    episode = register.open_episode(work, child.id)
    escalation = Escalation(
        authority_id=child.authority_id,
        child_id=child.id,
        episode_id=None if episode is None else episode.id,
        reason=Reason.CONCERN,
        social_care=SocialCare.UNKNOWN if episode is None else episode.social_care,
        raised_on=work.today,
        raised_at=work.at,
        raised_by_id=work.actor.account_id,
        words=words,
        danger_now=danger_now,
        next_rung_on=first_rung_on(work, child.authority_id),
    )
    work.session.add(escalation)
    work.session.flush()
    work.publish(
        EscalationRaised(
            authority_id=child.authority_id,
            child_id=child.id,
            escalation_id=escalation.id,
            reference=escalation.reference,
            reason=Reason.CONCERN,
            alert=1,
            no_attempt=False,
        )
    )
    return escalation


def raise_marked(work: Work, marked: Sequence[Marked]) -> None:
    """Raise what an officer noted at a contact and marked as unable to wait, in the same transaction.

    What it is stays in the restricted note: the escalation says where to read it.
    """
    for event in marked:
        if event.child_id is not None:
            raise_concern(work, work.session.get_one(Child, event.child_id), MARKED, danger_now=True)


def acknowledge(work: Work, escalation: Escalation) -> None:
    """Say that one has seen an escalation and is looking at it. Raises `Refusal`."""
    if escalation.state is State.CLOSED:
        raise Refusal("This escalation has been closed")
    if escalation.state is not State.RAISED:
        raise Refusal("Someone has acknowledged this already")
    escalation.state = State.ACKNOWLEDGED
    note_acknowledged(work, escalation)
    set_foot(work, escalation)
    add_step(work, escalation, "Acknowledged")
    work.session.flush()
    work.publish(acknowledged(escalation))


def triage(work: Work, escalation: Escalation, decided: Decision, version: int) -> None:
    """Record what to do, with reasons, an owner and a next date; it may be decided anew. Raises `Refusal`.

    `version` is the one that the person had before their eyes. Whoever decides has acknowledged.
    """
    expect(escalation, version)
    refuse(rules.triage_problem(escalation.state, decided.reasons, decided.next_on, work.today))
    if decided.owner.id not in {one.id for one in queries.owners(work, escalation.authority_id)}:
        raise Refusal("Select someone who answers escalations", "owner")
    happened: list[Any] = []
    if escalation.acknowledged_at is None:
        note_acknowledged(work, escalation)
        happened.append(acknowledged(escalation))
    escalation.state = rules.state_after(decided.decision)
    escalation.owner_id, escalation.next_on = decided.owner.id, decided.next_on
    set_foot(work, escalation)
    add_step(
        work,
        escalation,
        "Decision recorded",
        decision=decided.decision,
        reasons=decided.reasons.strip(),
        owner_id=decided.owner.id,
        next_on=decided.next_on,
    )
    work.session.flush()
    work.publish(
        *happened,
        EscalationTriaged(
            authority_id=escalation.authority_id,
            child_id=escalation.child_id,
            escalation_id=escalation.id,
            decision=decided.decision,
            owner_id=decided.owner.id,
            next_on=decided.next_on,
        ),
    )


def close(work: Work, escalation: Escalation, ending: Ending, version: int) -> None:
    """Close an escalation in one of the ways that its standing allows. Raises `Refusal`.

    `version` is the one that the person had before their eyes. A dated next contact becomes the episode's due date.
    """
    expect(escalation, version)
    episode = queries.episode_of(work, escalation)
    refuse(
        rules.closing_problem(
            standing_of(escalation, episode),
            ending.closing,
            ending.reasons,
            ending.next_contact_on,
            work.today,
            latest_next_contact(work, episode),
        )
    )
    happened: list[Any] = []
    if escalation.acknowledged_at is None:
        note_acknowledged(work, escalation)
        happened.append(acknowledged(escalation))
    happened.append(end(work, escalation, ending.closing, ending.closing.label, ending.reasons.strip()))
    if ending.closing is Closing.NEXT_CONTACT and episode is not None and ending.next_contact_on is not None:
        happened.append(
            NextContactSet(
                authority_id=escalation.authority_id,
                child_id=escalation.child_id,
                episode_id=episode.id,
                next_contact_on=ending.next_contact_on,
            )
        )
    work.session.flush()
    work.publish(*happened)


def possible_endings(work: Work, escalation: Escalation) -> tuple[list[Closing], date]:
    """The ways in which an escalation may be closed today, and the last day for a dated next contact."""
    episode = queries.episode_of(work, escalation)
    return rules.endings(standing_of(escalation, episode)), latest_next_contact(work, episode)


def standing_of(escalation: Escalation, episode: Episode | None) -> Standing:
    """What the endings of an escalation depend on."""
    return Standing(
        reason=escalation.reason,
        state=escalation.state,
        answered=escalation.answered_at is not None,
        episode_open=episode is not None and episode.is_open,
        destination=None if episode is None else episode.destination,
    )


def latest_next_contact(work: Work, episode: Episode | None) -> date:
    """The last day that a next contact may be set for; today where there is no episode to set it for."""
    if episode is None:
        return work.today
    values = policy.in_force(work, episode.authority_id, work.today).values
    intervals = Intervals(
        values.interval_months_annual, values.interval_months_half_yearly, values.interval_weeks_close
    )
    return rules.latest_next_contact(work.today, episode.tier, episode.social_care, intervals)


def expect(escalation: Escalation, version: int) -> None:
    """Raise `ChangedMeanwhile` unless the escalation is as the person saw it."""
    if escalation.version != version:
        raise ChangedMeanwhile("This escalation")


def refuse(problem: rules.Problem | None) -> None:
    """Raise `Refusal` for a problem."""
    if problem is not None:
        raise Refusal(problem.message, problem.field or None)


def note_acknowledged(work: Work, escalation: Escalation) -> None:
    """Whose it is from now on, and since when."""
    escalation.acknowledged_at, escalation.acknowledged_by_id = work.at, work.actor.account_id


def acknowledged(escalation: Escalation) -> EscalationAcknowledged:
    """The event that someone acknowledged."""
    return EscalationAcknowledged(
        authority_id=escalation.authority_id, child_id=escalation.child_id, escalation_id=escalation.id
    )
