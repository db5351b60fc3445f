"""Coming and going safely: who is expected back, and who is told when they are not."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.models import CheckIn, Visit
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child


@dataclass(frozen=True, slots=True)
class Expected:
    """A check-in with its visit and a child's pages on which the visit stands."""

    check_in: CheckIn
    visit: Visit
    child: Child


def check_in_of(work: Work, visit: Visit) -> CheckIn | None:
    """The check-in of a visit in scope, if it has one."""
    return work.session.scalar(select(CheckIn).where(CheckIn.visit_id == visit.id))


def visible_check_in(work: Work, check_in_reference: str) -> Expected | None:
    """A check-in of the scope's authority, by its reference; none is a family's."""
    if work.scope.authority_id is None:
        return None
    row = work.session.execute(
        select(CheckIn, Visit, Child)
        .join(Visit, Visit.id == CheckIn.visit_id)
        .join(Child, Child.id == Visit.child_id)
        .where(CheckIn.reference == check_in_reference, CheckIn.authority_id == work.scope.authority_id)
    ).first()
    return None if row is None else Expected(*row)


def check_ins_due(work: Work) -> Select[int]:
    """The check-ins about which somebody is to be told now, the longest missed first."""
    return select(CheckIn.id).where(CheckIn.next_alarm_at <= work.at).order_by(CheckIn.next_alarm_at, CheckIn.id)


def held_check_ins(work: Work, ids: Collection[int]) -> list[CheckIn]:
    """Those of these that are still due, which nobody else can change until this work ends."""
    return list(
        work.session.scalars(
            select(CheckIn)
            .where(CheckIn.id.in_(ids), CheckIn.next_alarm_at <= work.at)
            .order_by(CheckIn.id)
            .with_for_update(of=CheckIn)
            .options(joinedload(CheckIn.visit, innerjoin=True))
            .execution_options(populate_existing=True)
        )
    )


def managers_to_tell(work: Work, authority_id: int) -> list[Account]:
    """The managers of an authority's advisers who are here today; where all are away, all of them."""
    found = list(
        work.session.scalars(
            select(Account)
            .where(Account.authority_id == authority_id, Account.role == Role.EHE_MANAGER, Account.is_active)
            .order_by(Account.id)
        )
    )
    return [one for one in found if not one.is_away(work.today)] or found
