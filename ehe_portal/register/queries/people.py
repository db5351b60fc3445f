"""One address or carer of a child in scope; what their records said before."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, DetailChange, Parent, Subject
from ehe_portal.register.queries.children import within


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


def earlier_details(work: Work, child: Child, *, whereabouts: bool) -> Sequence[DetailChange]:
    """What was put right or changed on a child's record, the latest first; addresses only where they may be told."""
    found = select(DetailChange).where(
        DetailChange.child_id == child.id, within(work, DetailChange.child_id, DetailChange.authority_id)
    )
    if not whereabouts:
        found = found.where(DetailChange.subject.not_in((Subject.ADDRESS, Subject.PROTECTION)))
    return work.session.scalars(found.order_by(DetailChange.id.desc())).all()
