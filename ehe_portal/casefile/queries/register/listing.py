"""The lines of the register, a page at a time."""

from typing import Any, Final

from sqlalchemy import SQLColumnExpression, and_, exists, func, select

from ehe_portal.accounts.models import Account
from ehe_portal.casefile.queries.register.columns import COLUMNS, NAME_COLUMNS
from ehe_portal.casefile.queries.register.filters import Wanted, conditions
from ehe_portal.casefile.queries.turning import AnySelect, Key, Order, Part, Turned, turned
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, Episode

PAGE: Final = 100
SORTS: Final = {"name": "Name", "due": "Next contact due", "opened": "Latest opened"}

BY_NAME: Final = Order((Child.sort_name, Child.id), ("sort_name", "id"))
BY_DUE: Final = Order((ContactClock.due_on, ContactClock.child_id), ("due_on", "id"))
# By the episode's own column, which the index has: the child's number is the same.
LATEST_OPENED: Final = Order((Episode.opened_on, Episode.child_id), ("opened_on", "id"), descending=True)
ORDERS: Final = {"name": [BY_NAME], "due": [BY_DUE, BY_NAME], "opened": [LATEST_OPENED]}


def orders(wanted: Wanted) -> list[Order]:
    """What the parts of the list are ordered by."""
    return ORDERS[wanted.sort]


def lines(work: Work, wanted: Wanted, key: Key | None = None, size: int = PAGE) -> Turned:
    """One page of the register: children, each with the episode that the wanted state lists."""
    return turned(work, parts(work, wanted), key, size)


def how_many(work: Work, wanted: Wanted) -> int:
    """How many lines the whole list has."""
    found = select(Child.id).join(Episode, Episode.child_id == Child.id)
    if wanted.needs_clock:
        found = found.outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
    every = found.where(*conditions(work, wanted)).order_by(None).subquery()
    return work.session.scalar(select(func.count()).select_from(every)) or 0


def parts(work: Work, wanted: Wanted) -> list[Part]:
    """The list in its parts: by the next contact due first those whose clock runs, then everyone else by name."""
    limits = conditions(work, wanted)
    if wanted.sort != "due":
        with_clock = wanted.needs_clock or any(COLUMNS[key].of_clock for key in wanted.columns)
        found = joined(wanted, optional_clock=with_clock).where(*limits)
        return [(found, order) for order in orders(wanted)]
    runs = and_(ContactClock.is_running, ContactClock.authority_id == work.scope.authority_id)
    first = joined(wanted, inner_clock=True).where(*limits, runs)
    clockless = ~exists().where(ContactClock.episode_id == Episode.id, ContactClock.is_running).correlate(Episode)
    rest = joined(wanted, optional_clock=True).where(*limits, clockless)
    return [(first, BY_DUE), (rest, BY_NAME)]


def joined(wanted: Wanted, *, inner_clock: bool = False, optional_clock: bool = False) -> AnySelect:
    """What the chosen columns read, and the tables that they read it from."""
    chosen = [COLUMNS[key] for key in wanted.columns]
    found: AnySelect = select(*read(wanted)).join_from(Child, Episode, Episode.child_id == Child.id)
    if inner_clock:
        found = found.join(ContactClock, ContactClock.episode_id == Episode.id)
    elif optional_clock:
        found = found.outerjoin(ContactClock, ContactClock.episode_id == Episode.id)
    if any(column.of_adviser for column in chosen):
        found = found.outerjoin(Account, Account.id == Episode.adviser_id)
    if any(column.of_address for column in chosen):
        found = found.outerjoin(Address, and_(Address.child_id == Child.id, Address.until_on.is_(None)))
    return found


def read(wanted: Wanted) -> list[SQLColumnExpression[Any]]:
    """Every column that the lines need, each once: a name, what was chosen, and what the order goes by."""
    chosen = [COLUMNS[key] for key in wanted.columns]
    needed = [*NAME_COLUMNS, *(part for column in chosen for part in column.reads)]
    if wanted.sort == "due":
        needed.append(ContactClock.due_on)
    if wanted.sort == "opened":
        needed.append(Episode.opened_on)
    return list({id(column): column for column in needed}.values())
