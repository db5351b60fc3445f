"""Offers, whom they are about and what families answered; what parents and officers said of a record afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload, selectinload

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import (
    ANSWERABLE,
    STANDING,
    WITH_ANSWERS,
    Contact,
    ContactAddendum,
    ContactComment,
    SlotState,
    Visit,
    VisitAnswer,
    VisitChild,
    VisitSlot,
    VisitStep,
)
from ehe_portal.contact.queries.contacts import about_child, in_scope, own_children
from ehe_portal.contact.queries.histories import in_portions
from ehe_portal.core.codes import ContactKind, ContactWay
from ehe_portal.core.work import Work
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child, Episode, FamilyWishes, Parent

MOST = 100


@dataclass(frozen=True, slots=True)
class ChildsVisit:
    """A visit, on the pages of one of the children whom it is about."""

    visit: Visit
    child: Child


def visible_visit(work: Work, reference: str, visit_reference: str) -> Visit | None:
    """An offer about a child, both in scope, with its children."""
    found = childs_visit(work, reference, visit_reference)
    return None if found is None else found.visit


def childs_visit(work: Work, reference: str, visit_reference: str) -> ChildsVisit | None:
    """The same, with the child by whose address it was asked for."""
    both: Any = select(Visit, Child)
    found = (
        in_scope(work, both, Visit)
        .join(VisitChild, VisitChild.visit_id == Visit.id)
        .join(Child, Child.id == VisitChild.child_id)
        .where(Visit.reference == visit_reference, Child.reference == reference)
        .options(selectinload(Visit.children).joinedload(VisitChild.child))
    )
    own = own_children(work)
    row = work.session.execute(found if own is None else found.where(Child.id.in_(own))).first()
    return None if row is None else ChildsVisit(*row)


def children_shown(work: Work, visits: Collection[Visit]) -> dict[int, list[Child]]:
    """The children of visits whom the reader may know of, by visit; to a family no child of whom it is not a parent."""
    found = (
        select(VisitChild.visit_id, Child)
        .join(Child, Child.id == VisitChild.child_id)
        .where(VisitChild.visit_id.in_([visit.id for visit in visits]))
        .order_by(VisitChild.visit_id, VisitChild.id)
    )
    own = own_children(work)
    shown: dict[int, list[Child]] = {}
    for visit_id, child in work.session.execute(found if own is None else found.where(Child.id.in_(own))):
        shown.setdefault(visit_id, []).append(child)
    return shown


def companions(work: Work, child: Child, kind: ContactKind | None = None) -> list[Child]:
    """The children of a family who may be visited together with this one: linked, and educated at home now.

    A protected child is visited alone, and so is one to whose family no message may go. To a visit at home only who
    lives there comes along, for anyone else's parents would learn of a visit to another home.
    """
    if child.protected:
        return []
    linked = register.moving_along(work, child) if kind is ContactKind.HOME_VISIT else None
    found = linked if linked is not None else register.linked_children(work, child)
    open_now = set(
        work.session.scalars(
            select(Episode.child_id).where(Episode.child_id.in_([one.id for one in found]), Episode.closed_on.is_(None))
        )
    )
    return [
        one
        for one in found
        if one.id in open_now
        and not one.protected
        and one.messages_stopped_at is None
        and one.authority_id == child.authority_id
    ]


def is_told_otherwise(work: Work, visit: Visit) -> bool:
    """Whether somebody in a visit's families has to be told by other means than mail.

    So it is where no verified parent of a child has an account, and where a family would like to be written to only;
    never while messages to the family of one of them are stopped.
    """
    child_ids = [one.child_id for one in visit.children]
    if register.stopped_children(work, child_ids):
        return False
    has_account = exists().where(
        Parent.child_id == VisitChild.child_id,
        Parent.verified_at.is_not(None),
        Account.id == Parent.account_id,
        Account.is_active,
    )
    without = work.session.scalar(
        select(VisitChild.id).where(VisitChild.visit_id == visit.id, ~has_account).order_by(VisitChild.id).limit(1)
    )
    if without is not None:
        return True
    wishes = work.session.scalars(
        select(FamilyWishes).where(FamilyWishes.child_id.in_(child_ids)).order_by(FamilyWishes.id)
    )
    return any(wish.way_codes == [ContactWay.WRITING] for wish in wishes)


def open_slots(work: Work, visit: Visit) -> list[VisitSlot]:
    """The times among which a family may pick, in order."""
    return slots_on_offer(work, [visit])[visit.id]


def slots_on_offer(work: Work, visits: Collection[Visit]) -> dict[int, list[VisitSlot]]:
    """The times among which a family may pick, of several visits in scope, by visit."""
    found: dict[int, list[VisitSlot]] = {visit.id: [] for visit in visits}
    for slot in work.session.scalars(
        select(VisitSlot)
        .where(VisitSlot.visit_id.in_(found), VisitSlot.answer_id.is_(None), VisitSlot.state == SlotState.OPEN)
        .order_by(VisitSlot.visit_id, VisitSlot.on_date, VisitSlot.at_time, VisitSlot.id)
    ):
        found[slot.visit_id].append(slot)
    return found


def suggestions(work: Work, visit: Visit) -> list[VisitSlot]:
    """The days and times that the family suggested and that have not been taken up or overtaken, in order."""
    return list(
        work.session.scalars(
            select(VisitSlot)
            .where(VisitSlot.visit_id == visit.id, VisitSlot.answer_id.is_not(None), VisitSlot.state == SlotState.OPEN)
            .order_by(VisitSlot.on_date, VisitSlot.at_time, VisitSlot.id)
        )
    )


def steps_of(work: Work, visit: Visit) -> list[VisitStep]:
    """The history of a visit that is in scope, the latest first."""
    return list(
        work.session.scalars(select(VisitStep).where(VisitStep.visit_id == visit.id).order_by(VisitStep.id.desc()))
    )


def steps_of_visits(work: Work, visit_ids: Collection[int]) -> list[VisitStep]:
    """The histories of visits that are in scope, the earliest step first."""
    found = select(VisitStep).where(VisitStep.visit_id.in_(visit_ids)).order_by(VisitStep.id)
    return list(work.session.scalars(found)) if visit_ids else []


def visit_children(work: Work, visit: Visit) -> list[VisitChild]:
    """The children of a visit in scope, with what was recorded of each."""
    return list(
        work.session.scalars(
            select(VisitChild)
            .where(VisitChild.visit_id == visit.id)
            .order_by(VisitChild.id)
            .options(joinedload(VisitChild.child), joinedload(VisitChild.contact))
            .execution_options(populate_existing=True)
        )
    )


def childs_part(work: Work, visit_id: int, child_id: int) -> VisitChild | None:
    """The part of a visit that is about one child; nobody else can record it until this work ends."""
    return work.session.scalar(
        select(VisitChild).where(VisitChild.visit_id == visit_id, VisitChild.child_id == child_id).with_for_update()
    )


def part_behind(work: Work, contact_id: int) -> VisitChild | None:
    """The part of a visit of which a contact is the record."""
    return work.session.scalar(select(VisitChild).where(VisitChild.contact_id == contact_id))


def next_unrecorded(work: Work, visit_id: int) -> Child | None:
    """The next child of a visit in scope of whom nothing is recorded yet."""
    return work.session.scalar(
        select(Child)
        .join(VisitChild, VisitChild.child_id == Child.id)
        .where(VisitChild.visit_id == visit_id, VisitChild.contact_id.is_(None))
        .order_by(VisitChild.id)
        .limit(1)
    )


def standing_at_home(work: Work, child_ids: Collection[int]) -> list[Visit]:
    """Visits at home that are to take place today or later, of these children, with all their children."""
    part = select(VisitChild.visit_id).where(VisitChild.child_id.in_(child_ids))
    return list(
        work.session.scalars(
            select(Visit)
            .where(
                Visit.id.in_(part),
                Visit.kind == ContactKind.HOME_VISIT,
                Visit.state.in_(STANDING),
                Visit.on_date >= work.today,
            )
            .order_by(Visit.id)
            .options(selectinload(Visit.children))
        )
    )


def answerable_about(work: Work, child_ids: Collection[int]) -> list[Visit]:
    """Visits of today or later that are about these children, of whatever kind, with all their children."""
    found: dict[int, Visit] = {}
    for portion in in_portions(child_ids):
        part = select(VisitChild.visit_id).where(VisitChild.child_id.in_(portion))
        for visit in work.session.scalars(
            select(Visit)
            .where(Visit.id.in_(part), Visit.state.in_(ANSWERABLE), Visit.on_date >= work.today)
            .order_by(Visit.id)
            .options(selectinload(Visit.children).joinedload(VisitChild.child))
        ):
            found[visit.id] = visit
    return list(found.values())


def standing_together(work: Work, child_ids: Collection[int]) -> list[Visit]:
    """Those of them that these children share with others."""
    return [visit for visit in answerable_about(work, child_ids) if len(visit.children) > 1]


def without_open_episode(work: Work, child_ids: Collection[int]) -> set[int]:
    """Those of these children who are not educated at home now, as far as is known here."""
    going_on = {
        child_id
        for portion in in_portions(child_ids)
        for child_id in work.session.scalars(
            select(Episode.child_id)
            .where(Episode.child_id.in_(portion), Episode.closed_on.is_(None))
            .order_by(Episode.child_id)
        )
    }
    return set(child_ids) - going_on


def addenda(work: Work, contact: Contact) -> list[ContactAddendum]:
    """What officers added to a signed record in scope, in order; a family reads what was written for it too."""
    found = select(ContactAddendum).where(ContactAddendum.contact_id == contact.id).order_by(ContactAddendum.id)
    if work.scope.authority_id is None and not work.scope.everything:
        known = register.let_through(contact.child_id, ContactAddendum.written_at)
        found = found.where(ContactAddendum.for_family, known)
    return list(work.session.scalars(found))


def offers_made(work: Work, child_id: int, most: int = MOST) -> list[Visit]:
    """Everything that was ever offered to a child's family, with the answers, the latest day first."""
    return list(
        work.session.scalars(
            in_scope(work, select(Visit), Visit)
            .where(about_child(child_id))
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
            .where(about_child(child_id), VisitAnswer.read_at.is_(None), Visit.state.in_(WITH_ANSWERS))
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
