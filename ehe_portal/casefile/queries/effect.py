"""The children whom other policy values would affect, by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from ehe_portal.casefile.queries.sight import within
from ehe_portal.contact.service import Affected
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child

NAMED = 50
"""How many children one page names."""


@dataclass(frozen=True)
class AffectedLine:
    """One child with what would change for them."""

    reference: str
    name: str
    change: Affected


def affected_lines(work: Work, affected: Sequence[Affected]) -> list[AffectedLine]:
    """These children by name, in their order."""
    found = select(Child).where(Child.id.in_([one.child_id for one in affected]), within(work, Child.authority_id))
    children = {child.id: child for child in work.session.scalars(found.order_by(Child.id))}
    return [
        AffectedLine(children[one.child_id].reference, children[one.child_id].name, one)
        for one in affected
        if one.child_id in children
    ]
