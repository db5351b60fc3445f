"""An officer's day: what cannot wait, first. Kinds are listed in `KINDS`, the most urgent first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from sqlalchemy import CompoundSelect, func, literal, null, select, union_all

from ehe_portal.accounts.policy import permits
from ehe_portal.casefile.queries.today.ages import EDGE, ENDED
from ehe_portal.casefile.queries.today.answers import ANSWER
from ehe_portal.casefile.queries.today.asked import ASKED
from ehe_portal.casefile.queries.today.changes import CHANGE, CLAIM
from ehe_portal.casefile.queries.today.complaints import COMPLAINT
from ehe_portal.casefile.queries.today.contacts import DUE, OVERDUE
from ehe_portal.casefile.queries.today.decisions import RETURNED, WAITS
from ehe_portal.casefile.queries.today.doubles import DOUBLE
from ehe_portal.casefile.queries.today.escalations import RAISED
from ehe_portal.casefile.queries.today.evidence import EVIDENCE
from ehe_portal.casefile.queries.today.handed import HANDED
from ehe_portal.casefile.queries.today.kind import Desk, Item, Kind, Terms
from ehe_portal.casefile.queries.today.letters import LETTERS
from ehe_portal.casefile.queries.today.messages import MESSAGE
from ehe_portal.casefile.queries.today.orders import PROPOSED, TURN
from ehe_portal.casefile.queries.today.outside import OUTSIDE
from ehe_portal.casefile.queries.today.pending import PENDING
from ehe_portal.casefile.queries.today.places import PLACE, TELL
from ehe_portal.casefile.queries.today.registrations import REGISTRATION
from ehe_portal.casefile.queries.today.reviews import PLAN, REVIEW
from ehe_portal.casefile.queries.today.safety import GOING, MISSED
from ehe_portal.casefile.queries.today.seen import UNSEEN
from ehe_portal.casefile.queries.today.unfinished import UNFINISHED
from ehe_portal.casefile.queries.today.visits import VISIT
from ehe_portal.casefile.queries.today.writing import WRITING
from ehe_portal.casefile.queries.turning import AnySelect, Key, Order, at_most, ordered, turned
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries as register

KINDS: Final = (
    MISSED,
    RAISED,
    TURN,
    PROPOSED,
    REGISTRATION,
    OVERDUE,
    GOING,
    PLACE,
    VISIT,
    TELL,
    MESSAGE,
    ANSWER,
    CHANGE,
    CLAIM,
    OUTSIDE,
    WRITING,
    COMPLAINT,
    WAITS,
    RETURNED,
    EVIDENCE,
    ASKED,
    LETTERS,
    PLAN,
    REVIEW,
    UNFINISHED,
    PENDING,
    UNSEEN,
    EDGE,
    ENDED,
    DOUBLE,
    HANDED,
    DUE,
)

SHOWN: Final = 20
"""Of each kind, on a day that shows all of them."""
PAGE: Final = 50
"""On the page of one kind."""
MOST: Final = 100
"""Of each kind, where all are one list."""
COUNTED: Final = 200
"""Where counting stops: nobody's day is planned by whether 300 or 400 wait."""


@dataclass(frozen=True)
class Waiting:
    """What waits of one kind: the first of it, and how many there are (`COUNTED` and one more: too many to count)."""

    kind: Kind
    items: Sequence[Item]
    count: int


@dataclass(frozen=True)
class KindPage:
    """One page of one kind."""

    items: Sequence[Item]
    before: Key | None
    after: Key | None


def desk(work: Work, whose: int | None) -> Desk:
    """Someone's desk, by the values in force today."""
    if work.scope.authority_id is None:
        raise Refusal("A day is an authority's")
    authority_id = work.scope.authority_id
    values = policy.in_force(work, authority_id, work.today).values
    return Desk(work, whose, values, register.births_asked(work, authority_id))


def kinds_of(work: Work) -> dict[str, Kind]:
    """The kinds that the actor may deal with, the most urgent first."""
    return {kind.key: kind for kind in KINDS if permits(work.actor, kind.needs)}


def by_date(found: AnySelect) -> Order:
    """The longest waiting, or the soonest due, first."""
    return Order((found.selected_columns["since"], found.selected_columns["id"]), ("since", "id"))


def by_name(found: AnySelect) -> Order:
    """By the children's names."""
    named = ("sort_name", "id")
    return Order(tuple(found.selected_columns[name] for name in named), named)


ORDERS: Final = {"date": by_date, "name": by_name}


def day(desk: Desk, kinds: Mapping[str, Kind]) -> list[Waiting]:
    """The first of each kind that has any, what cannot wait first."""
    return counted(desk, [first(desk, kind, "date", SHOWN) for kind in kinds.values()])


def day_in_one(desk: Desk, kinds: Mapping[str, Kind], sort: str) -> tuple[list[Waiting], list[tuple[Kind, Item]]]:
    """The same in one list, by date or by name: up to a hundred of each kind; and what there is of each."""
    waiting = counted(desk, [first(desk, kind, sort, MOST) for kind in kinds.values()])
    pairs = [(one.kind, item) for one in waiting for item in one.items]
    pairs.sort(key=lambda pair: (pair[1].sort_name, pair[1].by) if sort == "name" else (pair[1].by, 0))
    return waiting, pairs


def first(desk: Desk, kind: Kind, sort: str, most: int) -> Waiting:
    """The first of one kind; with one too many where there are more, whose count is still to be made."""
    found = beginning(kind, desk.terms, sort, most)
    if found is None:
        return Waiting(kind, [], 0)
    rows = desk.work.session.execute(found, desk.said).all()
    number = rows[0].number if rows else 0
    return Waiting(kind, [kind.item(desk, row) for row in rows[:most]], len(rows) if number is None else number)


@cache
def beginning(kind: Kind, terms: Terms, sort: str, most: int) -> AnySelect | None:
    """The statement that gives the first of a kind, and one more: made once, for making it takes as long as asking."""
    found = kind.find(terms)
    if found is None:
        return None
    # What is one adviser's own is few: its number comes along. What is everyone's is counted by itself, up to a limit.
    number = null() if terms.team or kind.is_everyones else func.count().over()
    return at_most(ordered(found.add_columns(number.label("number")), ORDERS[sort](found)), most + 1)


def counted(desk: Desk, waiting: Sequence[Waiting]) -> list[Waiting]:
    """Those that there are any of, with their counts: one question for all of which there are more than were read."""
    more = [one.kind for one in waiting if one.count > len(one.items) and (desk.whose is None or one.kind.is_everyones)]
    counts = counts_of(desk, more) if more else {}
    return [Waiting(one.kind, one.items, counts.get(one.kind.key, one.count)) for one in waiting if one.count]


def counts_of(desk: Desk, kinds: Sequence[Kind]) -> dict[str, int]:
    """How many wait of each kind, counted up to `COUNTED` and one more."""
    rows = desk.work.session.execute(counting(tuple(kinds), desk.terms), desk.said)
    return {row.key: row.number for row in rows}


@cache
def counting(kinds: tuple[Kind, ...], terms: Terms) -> CompoundSelect[str, int]:
    """The statement that counts several kinds at once."""
    parts = []
    for kind in kinds:
        if (found := kind.find(terms)) is not None:
            some = found.with_only_columns(found.selected_columns["id"], maintain_column_froms=True)
            some = at_most(some, COUNTED + 1)
            parts.append(
                select(literal(kind.key).label("key"), func.count().label("number")).select_from(some.subquery())
            )
    return union_all(*parts)


def kind_page(desk: Desk, kind: Kind, sort: str, key: Key | None) -> KindPage:
    """One page of one kind, by date or by name."""
    found = kind.find(desk.terms)
    if found is None:
        return KindPage([], None, None)
    page = turned(desk.work, [(found, ORDERS[sort](found))], key, PAGE, desk.said)
    return KindPage([kind.item(desk, row) for row in page.rows], page.before, page.after)


def orders_of(desk: Desk, kind: Kind, sort: str) -> list[Order]:
    """What the pages of a kind are ordered by."""
    found = kind.find(desk.terms)
    return [] if found is None else [ORDERS[sort](found)]


__all__ = [
    "COUNTED",
    "KINDS",
    "PAGE",
    "SHOWN",
    "Desk",
    "Item",
    "Kind",
    "KindPage",
    "Waiting",
    "counts_of",
    "day",
    "day_in_one",
    "desk",
    "kind_page",
    "kinds_of",
    "orders_of",
]
