"""Education, health and care plans: a child's, and those of which the yearly review is late."""

from collections.abc import Sequence

from sqlalchemy import Select, and_, select

from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, EhcPlan, Episode
from ehe_portal.register.queries.children import within


def plan_of(work: Work, child: Child) -> EhcPlan | None:
    """The plan of a child in scope, also where it has ended."""
    found = select(EhcPlan).where(EhcPlan.child_id == child.id, within(work, EhcPlan.child_id, EhcPlan.authority_id))
    return work.session.scalar(found)


def plans_late(work: Work) -> Select[int]:
    """Which plans of children with an open episode are past the last day for a review, with no manager told."""
    found = (
        select(EhcPlan.id)
        .join(Episode, and_(Episode.child_id == EhcPlan.child_id, Episode.closed_on.is_(None)))
        .where(EhcPlan.ended_on.is_(None), EhcPlan.due_on < work.today, EhcPlan.told_on.is_(None))
    )
    return found.order_by(EhcPlan.due_on, EhcPlan.id)


def held_plans_late(work: Work, ids: Sequence[int]) -> list[EhcPlan]:
    """Those of `ids` that still are; nobody can change them until this work ends."""
    found = plans_late(work).where(EhcPlan.id.in_(ids)).with_only_columns(EhcPlan)
    return list(work.session.scalars(found.with_for_update(of=EhcPlan, skip_locked=True)))
