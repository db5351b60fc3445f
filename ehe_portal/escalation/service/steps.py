"""The steps of an escalation, and its end: what reactions and people share."""

from datetime import date

from ehe_portal.core.work import Work
from ehe_portal.escalation.events import EscalationClosed
from ehe_portal.escalation.models import Closing, Escalation, EscalationStep, State, Triage


def end(
    work: Work, escalation: Escalation, closing: Closing, what: str, reasons: str | None = None
) -> EscalationClosed:
    """Close an escalation; the event to publish once it has been flushed."""
    escalation.state, escalation.next_rung_on = State.CLOSED, None
    escalation.closed_at, escalation.closed_by_id = work.at, work.actor.account_id
    escalation.closing = closing
    add_step(work, escalation, what, reasons=reasons)
    return EscalationClosed(
        authority_id=escalation.authority_id,
        child_id=escalation.child_id,
        escalation_id=escalation.id,
        episode_id=escalation.episode_id,
        closing=closing,
    )


def add_step(
    work: Work,
    escalation: Escalation,
    what: str,
    *,
    decision: Triage | None = None,
    reasons: str | None = None,
    owner_id: int | None = None,
    next_on: date | None = None,
) -> None:
    """Put down one step, by whoever is acting."""
    work.session.add(
        EscalationStep(
            authority_id=escalation.authority_id,
            escalation_id=escalation.id,
            at=work.at,
            by_id=work.actor.account_id,
            what=what,
            decision=decision,
            reasons=reasons,
            owner_id=owner_id,
            next_on=next_on,
        )
    )
