"""The daily look at the invariant."""

from collections import Counter
from collections.abc import Sequence

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.events import OutOfSightFound
from ehe_portal.core import outbox
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child

BATCH = 500


def report_out_of_sight(work: Work, child_ids: Sequence[int]) -> None:
    """Tell the managers of each authority, once a day, how many of its children are out of sight."""
    found: Counter[int] = Counter()
    for start in range(0, len(child_ids), BATCH):
        found.update(
            work.session.scalars(
                select(Child.authority_id)
                .where(Child.id.in_(child_ids[start : start + BATCH]))
                .order_by(Child.authority_id)
            )
        )
    for authority_id, how_many in sorted(found.items()):
        rows = [
            outbox.row(
                work,
                authority_id=authority_id,
                account_id=manager.id,
                to=manager.email,
                template="out-of-sight",
                context={"how_many": how_many},
                key=f"out-of-sight-{authority_id}-{work.today:%Y-%m-%d}-{manager.id}",
            )
            for manager in managers(work, authority_id)
        ]
        asked = [row["idempotency_key"] for row in rows]
        told = set(
            work.session.scalars(
                select(OutgoingMessage.idempotency_key)
                .where(OutgoingMessage.idempotency_key.in_(asked))
                .order_by(OutgoingMessage.id)
            )
        )
        news = [row for row in rows if row["idempotency_key"] not in told]
        if news:
            outbox.put(work, news)
            work.publish(OutOfSightFound(authority_id=authority_id, how_many=how_many))


def managers(work: Work, authority_id: int) -> Sequence[Account]:
    """The EHE managers of an authority; without any, its CME managers and heads of service."""
    people = work.session.scalars(
        select(Account)
        .where(
            Account.authority_id == authority_id,
            Account.is_active,
            Account.role.in_((Role.EHE_MANAGER, Role.CME_MANAGER, Role.HEAD_OF_SERVICE)),
        )
        .order_by(Account.id)
    ).all()
    return [one for one in people if one.role is Role.EHE_MANAGER] or people
