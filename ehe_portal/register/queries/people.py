"""One address or carer of a child in scope; what their records said before."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import joinedload

from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, DetailChange, Episode, Parent, Subject
from ehe_portal.register.queries.children import within
from ehe_portal.register.rules.people import NOT_KNOWN

LIVES_NOBODY_KNOWS_WHERE = exists().where(
    Address.child_id == Child.id, Address.until_on.is_(None), Address.line == NOT_KNOWN
)
"""Whether an officer wrote down that nobody knows where a child lives now."""


def visible_address(work: Work, reference: str, address_reference: str) -> Address | None:
    """Where a child in scope lives or lived."""
    return work.session.scalar(
        select(Address)
        .join(Child, Child.id == Address.child_id)
        .where(
            Child.reference == reference,
            Address.reference == address_reference,
            within(work, Child.id, Child.authority_id),
        )
        .options(joinedload(Address.child))
    )


def visible_parent(work: Work, reference: str, parent_reference: str) -> Parent | None:
    """A parent or carer, of today or of before, of a child in scope."""
    return work.session.scalar(
        select(Parent)
        .join(Child, Child.id == Parent.child_id)
        .where(
            Child.reference == reference,
            Parent.reference == parent_reference,
            within(work, Child.id, Child.authority_id),
        )
        .options(joinedload(Parent.child))
    )


def hold_child(work: Work, child_id: int) -> None:
    """Let nobody else write down people or addresses of a child until this work ends: of two at once the second waits,
    and then finds what the first did.
    """
    work.session.execute(select(Child.id).where(Child.id == child_id).with_for_update()).one()


def earlier_details(work: Work, child: Child, *, whereabouts: bool, reasons: bool) -> Sequence[DetailChange]:
    """What was put right or changed on a child's record, the latest first; addresses only where they may be told.

    `reasons`: also why the child is or was protected, which tells as much as an address does.
    """
    found = select(DetailChange).where(
        DetailChange.child_id == child.id, within(work, DetailChange.child_id, DetailChange.authority_id)
    )
    if not whereabouts:
        found = found.where(DetailChange.subject != Subject.ADDRESS)
    if not (whereabouts and reasons):
        found = found.where(DetailChange.subject != Subject.PROTECTION)
    return work.session.scalars(found.order_by(DetailChange.id.desc())).all()


@dataclass(frozen=True, slots=True)
class LostLine:
    """A child of whom nobody knows where they live, and since when."""

    reference: str
    name: str
    since: date


def nobody_knows_where(work: Work, adviser_id: int | None = None, most: int = 50) -> list[LostLine]:
    """The children with an open episode of whom nobody knows where they live, those longest so first.

    For an officer's day: of one adviser's children, or of the whole authority's.
    """
    found = (
        select(Child.reference, Child.legal_forename + " " + Child.legal_surname, Address.from_on)
        .join(Episode, Episode.child_id == Child.id)
        .join(Address, Address.child_id == Child.id)
        .where(
            Episode.closed_on.is_(None),
            Address.until_on.is_(None),
            Address.line == NOT_KNOWN,
            within(work, Child.id, Child.authority_id),
        )
        .order_by(Address.from_on, Child.id)
        .limit(most)
    )
    if adviser_id is not None:
        found = found.where(Episode.adviser_id == adviser_id)
    return [LostLine(*row) for row in work.session.execute(found)]


# For what follows from a changed address: asked by the row numbers of what has just happened.


def lines_before(work: Work, address_ids: Collection[int]) -> dict[int, str]:
    """Where the children of these new addresses lived before, by child."""
    moved = select(Address.child_id).where(Address.id.in_(address_ids))
    found = (
        select(Address.child_id, Address.line)
        .where(Address.child_id.in_(moved), Address.until_on.is_not(None))
        .order_by(Address.child_id, Address.until_on, Address.id)
    )
    return dict(work.session.execute(found).all())


def lines_corrected(work: Work, address_ids: Collection[int]) -> dict[int, str]:
    """What was wrong of these addresses, by child: of those where a child lives now, and where the place differs."""
    found = (
        select(Address.child_id, Address.line, DetailChange.before)
        .join(DetailChange, DetailChange.address_id == Address.id)
        .where(Address.id.in_(address_ids), Address.until_on.is_(None))
        .order_by(Address.child_id, DetailChange.id)
    )
    latest = {child_id: (line, before) for child_id, line, before in work.session.execute(found)}
    return {
        child_id: str(before.get("line") or line)
        for child_id, (line, before) in latest.items()
        if {"line", "postcode"} & set(before)
    }


def lines_now(work: Work, child_ids: Collection[int]) -> dict[int, str]:
    """Where these children live now, by child."""
    found = select(Address.child_id, Address.line).where(Address.child_id.in_(child_ids), Address.until_on.is_(None))
    return dict(work.session.execute(found.order_by(Address.child_id)).all())
