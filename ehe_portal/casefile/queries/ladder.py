"""Who was told about one escalation, by which message, and what became of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, EscalationRung


@dataclass(frozen=True)
class Alert:
    """One message about an escalation. `name` and `role` of whoever signs in here; of anyone else only the address.

    `carried`: it is part of a digest. `context` has the number of the alert, and the rung with the day it was due.
    """

    name: str | None
    role: Role | None
    address: str
    context: dict[str, Any]
    created_at: datetime
    sent_at: datetime | None
    attempts: int
    problem: str | None
    carried: bool


def alerts(work: Work, escalation: Escalation) -> list[Alert]:
    """Who was told about an escalation, in order. The escalation has been found in scope."""
    rows = work.session.execute(
        select(
            Account.name,
            Account.role,
            OutgoingMessage.to_address,
            OutgoingMessage.context,
            OutgoingMessage.created_at,
            OutgoingMessage.sent_at,
            OutgoingMessage.attempts,
            OutgoingMessage.last_problem,
            OutgoingMessage.carried_by_id.is_not(None),
        )
        .outerjoin(Account, Account.id == OutgoingMessage.account_id)
        .where(OutgoingMessage.topic == "escalation", OutgoingMessage.topic_id == escalation.id)
        .order_by(OutgoingMessage.id)
    )
    return [Alert(*row) for row in rows]


def rungs(work: Work, escalation: Escalation) -> Sequence[EscalationRung]:
    """The rungs of an escalation that were told, in order. The escalation has been found in scope."""
    return work.session.scalars(
        select(EscalationRung).where(EscalationRung.escalation_id == escalation.id).order_by(EscalationRung.id)
    ).all()
