"""Visits and calls still to come, of people who hand over their work."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import ColumnElement, select, true

from ehe_portal.contact.models import ANSWERABLE, Visit
from ehe_portal.contact.queries.clocks import in_portions
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.work import Work


@dataclass(frozen=True, slots=True)
class VisitToCome:
    """A visit or call that was offered for today or later, and who was to make it."""

    visit_id: int
    version: int
    child_id: int
    adviser_id: int | None
    kind: ContactKind
    on_date: date
    at_time: time


def visits_to_come_of(work: Work, adviser_id: int) -> list[VisitToCome]:
    """What someone has offered to families for today or later, the earliest first."""
    return to_come(work, Visit.adviser_id == adviser_id)


def visits_to_come_about(work: Work, child_ids: Collection[int]) -> list[VisitToCome]:
    """What the families of these children have been offered for today or later."""
    return [one for portion in in_portions(child_ids) for one in to_come(work, Visit.child_id.in_(portion))]


def to_come(work: Work, which: ColumnElement[bool]) -> list[VisitToCome]:
    """Offered visits in scope, from today on."""
    rows = work.session.execute(
        select(Visit.id, Visit.version, Visit.child_id, Visit.adviser_id, Visit.kind, Visit.on_date, Visit.at_time)
        .where(
            true() if work.scope.everything else Visit.authority_id == work.scope.authority_id,
            Visit.state.in_(ANSWERABLE),
            Visit.on_date >= work.today,
            which,
        )
        .order_by(Visit.on_date, Visit.at_time, Visit.id)
    )
    return [VisitToCome(*row) for row in rows]
