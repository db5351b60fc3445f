"""Visits and calls of today, and earlier ones of which nothing has been recorded: a row for each child of a visit."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import SQLColumnExpression, Subquery, and_, null, or_, select, union
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import (
    NAME,
    Desk,
    Found,
    Item,
    Kind,
    Terms,
    an_item,
    here,
    mine,
    written_out,
)
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.contact.models import STANDING, Visit, VisitChild
from ehe_portal.core.govuk.words import clock_time
from ehe_portal.register.models import Child, Episode

GOES = aliased(Account)
STANDS = Visit.state.in_([written_out(Visit.state, state) for state in STANDING])


def to_make(terms: Terms, *waiting: SQLColumnExpression[bool]) -> Subquery:
    """The visits of a desk, by id: those of whoever goes. Where that person is away, gone or not named, the visit is
    with the advisers of its children's episodes, so that nobody's absence hides it.
    """
    every = select(Visit.id).where(here(terms, Visit.authority_id), *waiting)
    if terms.team:
        return every.subquery("to_make")
    away = and_(GOES.away_from <= terms.today, or_(GOES.away_until.is_(None), GOES.away_until >= terms.today))
    theirs = (
        every.join(VisitChild, VisitChild.visit_id == Visit.id)
        .join(Episode, Episode.child_id == VisitChild.child_id)
        .where(mine(terms))
    )
    # Few are away, and each arm has the visits' index by who goes: none reads the visits of everyone.
    absent = theirs.join(GOES, GOES.id == Visit.adviser_id).where(
        here(terms, GOES.authority_id), or_(GOES.is_active.is_(False), away)
    )
    own, nobodys = every.where(Visit.adviser_id == terms.whose), theirs.where(Visit.adviser_id.is_(None))
    return union(own, nobodys, absent).subquery("to_make")


def of_visits(
    terms: Terms,
    since: SQLColumnExpression[Any],
    *more: SQLColumnExpression[Any],
    waiting: Sequence[SQLColumnExpression[bool]],
    each_child: bool = False,
) -> AnySelect:
    """The visits of a desk, for the team with who goes: a row for each, or for each child of whom nothing is recorded.

    They are found first, and only theirs is read of the tables beside them.
    """
    mine = to_make(terms, *waiting)
    found: AnySelect = select(
        Child.reference.label("child"),
        NAME,
        Child.sort_name,
        since.label("since"),
        (VisitChild.id if each_child else Visit.id).label("id"),
        Visit.kind,
        Visit.reference,
        Visit.on_date,
        Visit.at_time,
        (Account.name if terms.team else null()).label("adviser"),
        *more,
    ).select_from(mine)
    found = found.join(Visit, Visit.id == mine.c.id)
    if each_child:
        unrecorded = and_(VisitChild.visit_id == Visit.id, VisitChild.contact_id.is_(None))
        found = found.join(VisitChild, unrecorded).join(Child, Child.id == VisitChild.child_id)
    else:
        found = found.join(Child, Child.id == Visit.child_id)
    return found.outerjoin(Account, Account.id == Visit.adviser_id) if terms.team else found


def find(terms: Terms) -> AnySelect:
    """Those offered until today."""
    waiting = (STANDS, Visit.on_date <= terms.today)
    return of_visits(terms, Visit.on_date, Visit.choice, waiting=waiting, each_child=True)


def item(desk: Desk, row: Found) -> Item:
    """When, or that its record is missing."""
    address = {"reference": row.child, "visit": row.reference}
    if row.choice:
        return an_item(row, row.since, f"{row.kind.label}: no time was picked", address, "Several times were offered")
    when = f"today at {clock_time(row.at_time)}" if row.since == desk.today else "record what happened"
    return an_item(row, row.since, f"{row.kind.label}: {when}", address)


VISIT = Kind(
    key="visit",
    title="Visits and calls",
    needs=Permission.CONTACT_RECORD,
    page="contact.record",
    find=find,
    item=item,
    nothing="No visit or call is planned for today, and none waits for its record.",
    date_word="On",
    late="ago",
    colour="blue",
)
