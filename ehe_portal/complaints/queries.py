"""Complaints: a parent's own, and those that somebody of the council may read. Whom one is about never finds it."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import ColumnElement, Select, and_, case, exists, false, func, or_, select, true, tuple_

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.complaints.models import Complaint, ComplaintConcerned, Late
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, Parent

PAGE: Final = 50
LADDER: Final = (Role.EHE_MANAGER, Role.HEAD_OF_SERVICE, Role.CME_MANAGER)
"""Who answers complaints: the first of these roles in which there is somebody whom it is not about."""


def own_complaints(work: Work, child: Child) -> list[Complaint]:
    """What this account complained of about a child, the latest first."""
    found = select(Complaint).where(Complaint.child_id == child.id, Complaint.account_id == work.scope.account_id)
    return list(work.session.scalars(found.order_by(Complaint.made_at.desc(), Complaint.id.desc())))


def own_complaint(work: Work, reference: str, complaint_reference: str) -> Complaint | None:
    """One of them, while this account is a parent of the child."""
    if work.scope.account_id is None:
        return None
    return work.session.scalar(
        select(Complaint)
        .join(Child, Child.id == Complaint.child_id)
        .where(
            Child.reference == reference,
            Complaint.reference == complaint_reference,
            Complaint.account_id == work.scope.account_id,
            exists().where(Parent.child_id == Child.id, Parent.account_id == work.scope.account_id),
        )
    )


def not_about(account_id: int | None) -> ColumnElement[bool]:
    """Complaints that are not about somebody."""
    return ~exists().where(ComplaintConcerned.complaint_id == Complaint.id, ComplaintConcerned.account_id == account_id)


def may_read(work: Work) -> ColumnElement[bool]:
    """Complaints that the actor may read: of those who answer complaints, what is not about them; of anyone else,
    what is about them and was shared with them."""
    if work.scope.everything:
        return true()
    if work.scope.authority_id is None:
        return false()
    shared = exists().where(
        ComplaintConcerned.complaint_id == Complaint.id,
        ComplaintConcerned.account_id == work.actor.account_id,
        ComplaintConcerned.shared_at.is_not(None),
    )
    answers = not_about(work.actor.account_id) if work.actor.role in LADDER else false()
    return and_(Complaint.authority_id == work.scope.authority_id, or_(answers, shared))


def readable(work: Work, complaint_reference: str) -> Complaint | None:
    """A complaint that the actor may read."""
    return work.session.scalar(select(Complaint).where(Complaint.reference == complaint_reference, may_read(work)))


def answerable(work: Work, complaint_reference: str) -> Complaint | None:
    """A complaint that the actor may answer: it is not about them."""
    found = select(Complaint).where(Complaint.reference == complaint_reference, may_read(work))
    return work.session.scalar(found.where(not_about(work.actor.account_id)))


@dataclass(frozen=True)
class Concern:
    """That a complaint is, or may be, about somebody."""

    complaint: Complaint
    of: ComplaintConcerned

    @property
    def child(self) -> Child:
        """Whose parent complained."""
        return self.complaint.child


def concern_in(work: Work, complaint_reference: str, account_reference: str) -> Concern | None:
    """Somebody whom a complaint is about that the actor may answer."""
    complaint = answerable(work, complaint_reference)
    if complaint is None:
        return None
    one = work.session.scalar(
        select(ComplaintConcerned)
        .join(Account, Account.id == ComplaintConcerned.account_id)
        .where(ComplaintConcerned.complaint_id == complaint.id, Account.reference == account_reference)
    )
    return None if one is None else Concern(complaint, one)


def listed(work: Work, after: Complaint | None = None) -> tuple[list[Complaint], Complaint | None]:
    """What the actor may read: what is open first, by its next day; then what was answered, the latest first. From the
    complaint after `after` on; and after which one the next page goes on, if there is one."""
    rows: list[Complaint] = []
    if after is None or after.is_open:
        day = case((Complaint.acknowledged_at.is_(None), Complaint.acknowledge_by), else_=Complaint.answer_by)
        found = select(Complaint).where(may_read(work), Complaint.answered_at.is_(None))
        if after is not None:
            found = found.where(tuple_(day, Complaint.id) > tuple_(after.next_by, after.id))
        rows += work.session.scalars(found.order_by(day, Complaint.id).limit(PAGE + 1))
    if len(rows) <= PAGE:
        found = select(Complaint).where(may_read(work), Complaint.answered_at.is_not(None))
        if after is not None and not after.is_open:
            found = found.where(tuple_(Complaint.answered_at, Complaint.id) < tuple_(after.answered_at, after.id))
        latest = found.order_by(Complaint.answered_at.desc(), Complaint.id.desc())
        rows += work.session.scalars(latest.limit(PAGE + 1 - len(rows)))
    return rows[:PAGE], rows[PAGE - 1] if len(rows) > PAGE else None


def ladder(work: Work, authority_id: int) -> list[list[int]]:
    """The accounts of each step of the ladder, those with the fewest open complaints first; of those who are away, none
    before anyone who is here. Not scoped: a parent's complaint asks it too."""
    load = (
        select(func.count(Complaint.id))
        .where(Complaint.handler_id == Account.id, Complaint.answered_at.is_(None))
        .scalar_subquery()
    )
    found = select(Account).where(Account.authority_id == authority_id, Account.role.in_(LADDER), Account.is_active)
    people = list(work.session.scalars(found.order_by(load, Account.id)))
    people.sort(key=lambda one: one.is_away(work.today))
    return [[one.id for one in people if one.role is role] for role in LADDER]


def concerned_by(work: Work, complaint: Complaint) -> set[int]:
    """Whom a complaint is about."""
    found = select(ComplaintConcerned.account_id).where(ComplaintConcerned.complaint_id == complaint.id)
    return set(work.session.scalars(found.order_by(ComplaintConcerned.id)))


def concerned_of(work: Work, complaint: Complaint) -> list[tuple[ComplaintConcerned, Account]]:
    """The same with their accounts, by name."""
    found = (
        select(ComplaintConcerned, Account)
        .join(Account, Account.id == ComplaintConcerned.account_id)
        .where(ComplaintConcerned.complaint_id == complaint.id)
        .order_by(Account.name, Account.id)
    )
    return [(one, account) for one, account in work.session.execute(found)]


def late(work: Work) -> Select[int]:
    """Complaints of which a day has passed and the next person has not been told of that day."""
    unacknowledged = and_(
        Complaint.acknowledged_at.is_(None), Complaint.acknowledge_by < work.today, Complaint.late.is_(None)
    )
    unanswered = and_(
        Complaint.answer_by < work.today, or_(Complaint.late.is_(None), Complaint.late != Late.NOT_ANSWERED)
    )
    found = select(Complaint.id).where(Complaint.answered_at.is_(None), or_(unacknowledged, unanswered))
    return found.order_by(Complaint.answer_by, Complaint.id)


def held_late(work: Work, ids: Collection[int]) -> list[Complaint]:
    """Those of `ids` that still are; nobody else changes them until this work ends."""
    found = late(work).where(Complaint.id.in_(ids)).with_only_columns(Complaint)
    return list(work.session.scalars(found.with_for_update(skip_locked=True)))
