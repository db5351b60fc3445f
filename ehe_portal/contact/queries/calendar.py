"""What stands in an officer's day already, as far as it bears on another visit."""

from datetime import date

from sqlalchemy import ColumnElement, and_, select, true

from ehe_portal.contact.models import STANDING, SlotState, Visit, VisitSlot
from ehe_portal.contact.rules import Slot, district_of
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child


def standing_slots(work: Work, adviser_id: int, on: date, *, without: int | None = None) -> list[Slot]:
    """An officer's standing visits and calls of one day, in order, but for one; and times of that day that a family may
    still choose.

    Of a home visit it says the postcode district, unless the address is protected or the place is to be confirmed.
    """
    of_visit = select(Visit.id, Visit.at_time, Visit.minutes, Visit.kind, Visit.place_doubtful_since)
    fixed = of_visit.where(Visit.choice.is_(False), Visit.on_date == on)
    to_be_chosen = (
        select(Visit.id, VisitSlot.at_time, Visit.minutes, Visit.kind, Visit.place_doubtful_since)
        .join(VisitSlot, VisitSlot.visit_id == Visit.id)
        .where(Visit.choice, Visit.on_date >= on, on_offer(), VisitSlot.on_date == on)
    )
    rows = [
        row
        for which in (fixed, to_be_chosen)
        for row in work.session.execute(
            which.add_columns(Child.protected, Address.postcode)
            .join(Child, Child.id == Visit.child_id)
            .outerjoin(Address, and_(Address.child_id == Child.id, Address.until_on.is_(None)))
            .where(
                true() if work.scope.everything else Visit.authority_id == work.scope.authority_id,
                Visit.adviser_id == adviser_id,
                Visit.state.in_(STANDING),
            )
            .order_by(Visit.id)
        )
        if row.id != without
    ]
    found = [
        Slot(
            row.at_time,
            row.minutes,
            row.kind,
            district_at(row.kind, row.postcode, protected=row.protected or row.place_doubtful_since is not None),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: one.at_time)


def on_offer() -> ColumnElement[bool]:
    """Whether a time is one among which a family may still pick."""
    return and_(VisitSlot.answer_id.is_(None), VisitSlot.state == SlotState.OPEN)


def district_at(kind: ContactKind, postcode: str | None, *, protected: bool) -> str | None:
    """The postcode district of a visit: of the family's home, where it is there and may be told."""
    return district_of(postcode) if kind is ContactKind.HOME_VISIT and not protected else None
