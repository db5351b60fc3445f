"""Offers and what families answered; what parents said of their record."""

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import ANSWERABLE, Contact, ContactComment, Visit, VisitAnswer
from ehe_portal.contact.queries.contacts import in_scope
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child

MOST = 100


def visible_visit(work: Work, reference: str, visit_reference: str) -> Visit | None:
    """An offer about a child, both in scope, with its child."""
    found: Visit | None = work.session.scalar(
        in_scope(work, select(Visit), Visit)
        .join(Child, Child.id == Visit.child_id)
        .where(Visit.reference == visit_reference, Child.reference == reference)
        .options(joinedload(Visit.child))
    )
    return found


def offers_made(work: Work, child_id: int, most: int = MOST) -> list[Visit]:
    """Everything that was ever offered to a child's family, with the answers, the latest day first."""
    return list(
        work.session.scalars(
            in_scope(work, select(Visit), Visit)
            .where(Visit.child_id == child_id)
            .order_by(Visit.on_date.desc(), Visit.id.desc())
            .limit(most)
            .options(selectinload(Visit.answers))
        )
    )


def answers_to(work: Work, visit: Visit) -> list[VisitAnswer]:
    """What was answered to an offer that is in scope, in order."""
    return list(
        work.session.scalars(select(VisitAnswer).where(VisitAnswer.visit_id == visit.id).order_by(VisitAnswer.id))
    )


def answer_behind(work: Work, contact: Contact) -> VisitAnswer | None:
    """The answer to an offer that a contact in scope is the reply of, with the offer."""
    return work.session.scalar(
        select(VisitAnswer)
        .where(VisitAnswer.contact_id == contact.id)
        .order_by(VisitAnswer.id)
        .limit(1)
        .options(joinedload(VisitAnswer.visit))
    )


def answers_unread(work: Work, child_id: int) -> list[VisitAnswer]:
    """The answers about one child that no officer has read yet, the earliest first, with their offers."""
    return list(
        work.session.scalars(
            in_scope(work, select(VisitAnswer).join(Visit, Visit.id == VisitAnswer.visit_id), Visit)
            .where(Visit.child_id == child_id, VisitAnswer.read_at.is_(None), Visit.state.in_(ANSWERABLE))
            .order_by(VisitAnswer.id)
            .limit(MOST)
            .options(joinedload(VisitAnswer.visit))
        )
    )


def comments_on(work: Work, contact: Contact) -> list[tuple[ContactComment, str]]:
    """What parents said of a record in scope, in order, each with the name of who said it; a parent sees their own."""
    found = (
        select(ContactComment, Account.name)
        .join(Account, Account.id == ContactComment.account_id)
        .where(ContactComment.contact_id == contact.id)
        .order_by(ContactComment.id)
        .limit(MOST)
    )
    if work.scope.account_id is not None:
        found = found.where(ContactComment.account_id == work.scope.account_id)
    return [(comment, name) for comment, name in work.session.execute(found)]
