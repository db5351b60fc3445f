"""Giving the escalations that someone owns to another person who answers escalations."""

from sqlalchemy import case, insert, update

from ehe_portal.accounts.models import Account
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.escalation import queries
from ehe_portal.escalation.events import EscalationHandedOver
from ehe_portal.escalation.models import Escalation, EscalationStep


def hand_over_owned(work: Work, owner: Account, to: Account) -> int:
    """Let someone else have all that a person owns or acknowledged and that is not closed; how many. Raises `Refusal`.

    State, decision, next date and ladder stay: only the name changes, and each has a step that says so. Who
    acknowledged it once stands in its steps.
    """
    if to.id == owner.id or to.id not in {one.id for one in queries.owners(work, owner.authority_id)}:
        raise Refusal("Select someone who answers escalations", "owner")
    changed = work.session.execute(
        update(Escalation)
        .where(Escalation.authority_id == owner.authority_id, queries.owned_by(owner.id))
        .values(
            owner_id=case((Escalation.owner_id == owner.id, to.id), else_=Escalation.owner_id),
            acknowledged_by_id=case(
                (queries.acknowledged_only_by(owner.id), to.id), else_=Escalation.acknowledged_by_id
            ),
            version=Escalation.version + 1,
        )
        .returning(Escalation.id, Escalation.child_id, Escalation.next_on),
        execution_options={"synchronize_session": False},
    ).all()
    if not changed:
        return 0
    for known in list(work.session.identity_map.values()):
        if isinstance(known, Escalation):
            work.session.expire(known)
    work.session.execute(
        insert(EscalationStep),
        [
            {
                "authority_id": owner.authority_id,
                "escalation_id": row.id,
                "at": work.at,
                "by_id": work.actor.account_id,
                "what": "Handed over",
                "owner_id": to.id,
                "next_on": row.next_on,
            }
            for row in changed
        ],
    )
    work.publish(
        *(
            EscalationHandedOver(
                authority_id=owner.authority_id, child_id=row.child_id, escalation_id=row.id, owner_id=to.id
            )
            for row in changed
        )
    )
    return len(changed)
