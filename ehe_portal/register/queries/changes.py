"""Changes that families told us of, and how parents came to see a child's page."""

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from ehe_portal.accounts.models import Account
from ehe_portal.core.work import Work
from ehe_portal.register.models import (
    AccessState,
    Child,
    Parent,
    ParentAccess,
    ReportedChange,
)
from ehe_portal.register.queries.children import within

MOST_WAITING: Final = 100
OPEN_ACCESS: Final = (AccessState.INVITED, AccessState.CLAIMED, AccessState.VERIFIED)


def verified_child(work: Work, reference: str) -> Child | None:
    """A child in scope; a family's only where an officer has verified this account as its parent."""
    found = select(Child).where(Child.reference == reference, within(work, Child.id, Child.authority_id))
    if work.scope.account_id is not None:
        own = select(Parent.child_id).where(Parent.account_id == work.scope.account_id, Parent.verified_at.is_not(None))
        found = found.where(Child.id.in_(own))
    return work.session.scalar(found)


def reported_change(work: Work, reference: str, change_reference: str) -> ReportedChange | None:
    """One change that a family told an authority in scope of, with its child."""
    return work.session.scalar(
        select(ReportedChange)
        .join(Child, Child.id == ReportedChange.child_id)
        .where(
            ReportedChange.reference == change_reference,
            Child.reference == reference,
            ReportedChange.authority_id == work.scope.authority_id,
        )
        .options(joinedload(ReportedChange.child))
    )


def changes_of(work: Work, child_id: int) -> list[ReportedChange]:
    """The changes that were told of about a child, the latest first; a family sees those that it told itself."""
    found = (
        select(ReportedChange)
        .where(ReportedChange.child_id == child_id, within(work, ReportedChange.child_id, ReportedChange.authority_id))
        .order_by(ReportedChange.told_at.desc(), ReportedChange.id.desc())
        .limit(MOST_WAITING)
    )
    if work.scope.account_id is not None:
        found = found.where(ReportedChange.account_id == work.scope.account_id)
    return list(work.session.scalars(found))


NAME: Any = func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname


def open_access(work: Work, parent: Parent) -> ParentAccess | None:
    """A parent's invitation or access that has not ended."""
    return work.session.scalar(
        select(ParentAccess).where(ParentAccess.parent_id == parent.id, ParentAccess.state.in_(OPEN_ACCESS))
    )


def access_history(work: Work, parents: Sequence[Parent]) -> dict[int, list[ParentAccess]]:
    """How the parents of a child in scope came to see its page, by parent, the latest first."""
    history: dict[int, list[ParentAccess]] = {parent.id: [] for parent in parents}
    for access in work.session.scalars(
        select(ParentAccess)
        .where(ParentAccess.parent_id.in_(list(history)))
        .order_by(ParentAccess.begun_at.desc(), ParentAccess.id.desc())
    ):
        history[access.parent_id].append(access)
    return history


def own_invitations(work: Work) -> list[ParentAccess]:
    """The invitations to the address of this account that still stand, or wait for an officer."""
    return list(work.session.scalars(to_this_account(work).order_by(ParentAccess.id)))


def own_invitation(work: Work, invitation_reference: str) -> ParentAccess | None:
    """An invitation to the address of this account, by its reference, while it stands."""
    found = to_this_account(work).where(
        ParentAccess.reference == invitation_reference, ParentAccess.state == AccessState.INVITED
    )
    return work.session.scalar(found.options(joinedload(ParentAccess.parent)))


def to_this_account(work: Work) -> Select[ParentAccess]:
    """Invitations to the address of this account, which is proven: the account was opened by a link mailed there."""
    found: Select[ParentAccess] = (
        select(ParentAccess)
        .join(Account, Account.email == ParentAccess.email)
        .where(
            Account.id == work.scope.account_id,
            Account.authority_id == ParentAccess.authority_id,
            ParentAccess.state.in_((AccessState.INVITED, AccessState.CLAIMED)),
        )
    )
    return found
