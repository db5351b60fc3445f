"""Who is due for contact, for planning a round of visits: five queries, however many children there are."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import selectinload

from ehe_portal.casefile.rules.rounds import Situation
from ehe_portal.contact.models import STANDING, ContactClock, Visit, VisitChild, VisitState
from ehe_portal.core.codes import ContactWay
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, FamilyWishes, HouseholdLink, HouseholdVerdict

NAME = func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname
LOOKED_AT: Final = 200
"""How many children who are due are looked at, the earliest due first."""

LATELY: Final = timedelta(days=90)
"""For how long an answer to an offer is remembered when a round is planned."""

ASKED_OTHERWISE: Final = (VisitState.ANOTHER_TIME, VisitState.ANOTHER_WAY)


@dataclass(frozen=True, slots=True)
class Due:
    """A child who is due for contact, and what bears on proposing a visit. `line` is where it lives, but for the
    postcode; None where that is not known or hidden.
    """

    child_id: int
    reference: str
    name: str
    due_on: date
    line: str | None
    situation: Situation

    @property
    def home(self) -> tuple[str, str] | None:
        """Where it lives, to tell whether another child lives there too."""
        postcode = self.situation.postcode
        return None if self.line is None or postcode is None else (self.line, postcode)


def due(work: Work, adviser_id: int, until: date, prefixes: Sequence[str] = ()) -> list[Due]:
    """An adviser's children in scope whose contact is due until a day, the earliest first; with `prefixes` those whose
    postcode begins so.

    Children whose address is hidden are among them whatever their postcode: a list by district would tell where they
    live.
    """
    found = (
        select(Child.id, Child.reference, NAME, ContactClock.due_on, Child.protected, Address.postcode)
        .add_columns(FamilyWishes.ways, Child.messages_stopped_at, Address.line)
        .join(ContactClock, ContactClock.child_id == Child.id)
        .outerjoin(Address, and_(Address.child_id == Child.id, Address.until_on.is_(None)))
        .outerjoin(FamilyWishes, FamilyWishes.child_id == Child.id)
        .where(
            ContactClock.authority_id == work.scope.authority_id,
            ContactClock.adviser_id == adviser_id,
            ContactClock.is_running,
            ContactClock.due_on <= until,
            ContactClock.age_ends >= work.today,
        )
        .order_by(ContactClock.due_on, Child.id)
        .limit(LOOKED_AT)
    )
    if prefixes:
        within = [Address.postcode.startswith(prefix, autoescape=True) for prefix in prefixes]
        found = found.where(or_(Child.protected, *within))
    rows = work.session.execute(found).all()
    offers = latest_offers(work, [row.id for row in rows])
    return [
        Due(
            row.id,
            row.reference,
            row[2],
            row.due_on,
            None if row.protected else row.line,
            Situation(
                protected=row.protected,
                postcode=None if row.protected else row.postcode,
                stopped=row.messages_stopped_at is not None,
                ways=[ContactWay(way) for way in row.ways or ()],
                **offers.get(row.id, {}),
            ),
        )
        for row in rows
    ]


def linked(work: Work, child_ids: Collection[int]) -> set[frozenset[int]]:
    """Which two of these children belong to one family, as an officer has found."""
    rows = work.session.execute(
        select(HouseholdLink.child_id, HouseholdLink.other_child_id)
        .where(
            HouseholdLink.authority_id == work.scope.authority_id,
            HouseholdLink.verdict == HouseholdVerdict.LINKED,
            HouseholdLink.child_id.in_(child_ids),
            HouseholdLink.other_child_id.in_(child_ids),
        )
        .order_by(HouseholdLink.id)
    )
    return {frozenset((one, other)) for one, other in rows}


def latest_offers(work: Work, child_ids: Collection[int]) -> dict[int, dict[str, date]]:
    """What was offered to the families of these children and stands, or was answered otherwise lately."""
    rows = work.session.execute(
        select(VisitChild.child_id, Visit.state, Visit.on_date)
        .join(Visit, Visit.id == VisitChild.visit_id)
        .where(
            VisitChild.child_id.in_(child_ids),
            or_(
                and_(Visit.state.in_(STANDING), Visit.on_date >= work.today),
                and_(Visit.state.in_((*ASKED_OTHERWISE, VisitState.DECLINED)), Visit.on_date >= work.today - LATELY),
            ),
        )
        .order_by(Visit.on_date, Visit.id)
    )
    found: dict[int, dict[str, date]] = {}
    for child_id, state, on_date in rows:
        if state in STANDING:
            named = "standing_on"
        else:
            named = "declined_on" if state is VisitState.DECLINED else "asked_otherwise_on"
        found.setdefault(child_id, {})[named] = on_date
    return found


def children(work: Work, references: Collection[str]) -> dict[str, Child]:
    """Children in scope by their references, with their episodes."""
    found = (
        select(Child)
        .where(Child.authority_id == work.scope.authority_id, Child.reference.in_(references))
        .order_by(Child.id)
        .options(selectinload(Child.episodes))
    )
    return {child.reference: child for child in work.session.scalars(found)}
