"""Visits and calls still to come, of people who hand over their work."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import ColumnElement, select, true

from ehe_portal.contact.models import ANSWERABLE, Visit, VisitChild, VisitState, status_of
from ehe_portal.contact.queries.histories import in_portions
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work


@dataclass(frozen=True, slots=True)
class VisitToCome:
    """A visit or call that was offered for today or later, whom it is about, and who was to make it."""

    child_ids: tuple[int, ...]
    visit_id: int
    version: int
    adviser_id: int | None
    kind: ContactKind
    on_date: date
    at_time: time
    reference: str
    minutes: int
    state: VisitState
    choice: bool

    @property
    def status(self) -> Status:
        """How it stands in people's calendars: in none while its time is still to be chosen."""
        return Status.CANCELLED if self.choice else status_of(self.state)


def visits_to_come_of(work: Work, adviser_id: int) -> list[VisitToCome]:
    """What someone has offered to families for today or later, the earliest first."""
    return to_come(work, Visit.adviser_id == adviser_id)


def visits_to_come_about(work: Work, child_ids: Collection[int]) -> list[VisitToCome]:
    """What the families of these children have been offered for today or later, each visit once."""
    found: dict[int, VisitToCome] = {}
    for portion in in_portions(child_ids):
        part = select(VisitChild.visit_id).where(VisitChild.child_id.in_(portion))
        found |= {one.visit_id: one for one in to_come(work, Visit.id.in_(part))}
    return list(found.values())


def to_come(work: Work, which: ColumnElement[bool]) -> list[VisitToCome]:
    """Offered visits in scope, from today on, each with its children: two queries."""
    rows = work.session.execute(
        select(Visit.id, Visit.version, Visit.adviser_id, Visit.kind, Visit.on_date, Visit.at_time)
        .add_columns(Visit.reference, Visit.minutes, Visit.state, Visit.choice)
        .where(
            true() if work.scope.everything else Visit.authority_id == work.scope.authority_id,
            Visit.state.in_(ANSWERABLE),
            Visit.on_date >= work.today,
            which,
        )
        .order_by(Visit.on_date, Visit.at_time, Visit.id)
    ).all()
    about = children_by_visit(work, [row.id for row in rows])
    return [VisitToCome(tuple(about[row.id]), *row) for row in rows]


def children_by_visit(work: Work, visit_ids: Collection[int]) -> dict[int, list[int]]:
    """Whom visits in scope are about; the child first for whom each was offered."""
    found: dict[int, list[int]] = {}
    for portion in in_portions(visit_ids):
        for visit_id, child_id in work.session.execute(
            select(VisitChild.visit_id, VisitChild.child_id)
            .where(VisitChild.visit_id.in_(portion))
            .order_by(VisitChild.visit_id, VisitChild.id)
        ):
            found.setdefault(visit_id, []).append(child_id)
    return found
