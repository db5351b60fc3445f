"""What every kind of waiting thing is made of. A new kind is a small file beside this one and a line in `KINDS`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from sqlalchemy import Date, Row, SQLColumnExpression, Subquery, and_, bindparam, func, literal, null, select, true

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.db import BIG
from ehe_portal.core.work import Work
from ehe_portal.policy.models import PolicyValues
from ehe_portal.register.models import Child, Episode

DAYS: Final = {"today": 0, "until": 28, "lately": -14}
"""The days that statements speak of, from today: how far ahead what falls due is shown, since when a child is new."""
NAME: Final = (func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname).label("name")


@dataclass(frozen=True)
class Terms:
    """What a statement may speak of: it is made once, for one adviser's day or the team's, and asked for every desk."""

    team: bool

    authority_id = bindparam("authority_id", type_=BIG)
    whose = bindparam("whose", type_=BIG)
    reader = bindparam("reader", type_=BIG)
    today = bindparam("today", type_=Date())
    until = bindparam("until", type_=Date())
    lately = bindparam("lately", type_=Date())
    plans_until = bindparam("plans_until", type_=Date())
    births_asked = bindparam("births_asked", type_=Date(), expanding=True)


@dataclass(frozen=True)
class Desk:
    """Whose day it is: an adviser's (`whose`, by account), or with None the whole team's; by the values in force.

    `births_asked` are the days of birth of those of whom someone is to say when compulsory school age ends.
    """

    work: Work
    whose: int | None
    values: PolicyValues
    births_asked: Sequence[date]

    @property
    def today(self) -> date:
        """The London date of the day."""
        return self.work.today

    @property
    def terms(self) -> Terms:
        """What its statements speak of."""
        return Terms(team=self.whose is None)

    @property
    def said(self) -> dict[str, Any]:
        """The values of what its statements speak of."""
        days = {name: self.today + timedelta(days=days) for name, days in DAYS.items()}
        known = {
            "authority_id": self.work.scope.authority_id,
            "whose": self.whose,
            "reader": self.work.actor.account_id,
        }
        days["plans_until"] = self.today + timedelta(weeks=self.values.plan_review_weeks)
        return {**known, **days, "births_asked": self.births_asked}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits: which child, why, and by when. `address` is what the kind's page is asked for,
    `url` the whole address of what is dealt with elsewhere.

    `clock` has what the picture of a contact clock needs; `adviser` is told on the team's day.
    """

    by: date
    child_reference: str
    child_name: str
    sort_name: str
    why: str
    address: Mapping[str, str]
    detail: str = ""
    clock: Any = None
    adviser: str | None = None
    url: str | None = None


Found = Row[*tuple[Any, ...]]


@dataclass(frozen=True)
class Kind:
    """One kind of waiting thing.

    `find` gives the rows of any desk, not ordered: `about` with the columns `since` (what they are ordered by) and `id`
    (one of its own for each row); None where such a desk can have none. `item` makes of a row what is shown. `page` is
    the endpoint that deals with it, None where each row has an address of its own; only those who hold `needs` have
    any. `late` is how a day that is past is said; `is_everyones` that it is nobody's own, whoever's day it is.
    `who` is whom the rows are about, `tag` what stands with each row in the kind's colour.
    """

    key: str
    title: str
    needs: Permission
    page: str | None
    find: Callable[[Terms], AnySelect | None]
    item: Callable[[Desk, Found], Item]
    nothing: str
    date_word: str = "By"
    late: str = "overdue"
    has_clock: bool = False
    is_everyones: bool = False
    # Whether the rows are about open episodes, which a manager may give to an adviser, several at once.
    can_be_given: bool = True
    colour: str = "grey"
    who: str = "Child"
    tag: str = ""


def about(
    terms: Terms, since: SQLColumnExpression[Any], id_: SQLColumnExpression[Any], *more: SQLColumnExpression[Any]
) -> AnySelect:
    """Children of a desk by their open episodes; the kind joins what waits."""
    columns = (Child.reference.label("child"), NAME, Child.sort_name, since.label("since"), id_.label("id"), *more)
    found = select(*columns).join_from(Child, Episode, Episode.child_id == Child.id).where(mine(terms))
    if not terms.team:
        return found.add_columns(null().label("adviser"))
    return found.add_columns(Account.name.label("adviser")).outerjoin(Account, Account.id == Episode.adviser_id)


def known_to_wait(terms: Terms, child_id: Any, id_: Any, *waits: SQLColumnExpression[bool]) -> Subquery:
    """Which things of a desk wait, by their `id`: to be joined where reading each child's, or all that waits, is long.

    Whose they are and that they wait stands in two indexes, and no table is read for it. It is distinct so that
    PostgreSQL answers it by itself. The team's are all that wait.
    """
    found = select(id_.label("id")).where(*waits)
    if not terms.team:
        found = found.join(Episode, Episode.child_id == child_id).where(mine(terms))
    return found.distinct().subquery()


def mine(terms: Terms) -> SQLColumnExpression[bool]:
    """Open episodes of one adviser, or of the whole team; always of one authority."""
    theirs = true() if terms.team else Episode.adviser_id == terms.whose
    return and_(here(terms, Episode.authority_id), Episode.closed_on.is_(None), theirs)


def here(terms: Terms, authority_id: Any) -> SQLColumnExpression[bool]:
    """Rows of the authority whose desk it is."""
    limit: SQLColumnExpression[bool] = authority_id == terms.authority_id
    return limit


def written_out(column: Any, value: Any) -> SQLColumnExpression[Any]:
    """A code that is part of the statement itself, not one of its values: only so does PostgreSQL know that its index
    of what waits holds every row asked for."""
    return literal(value, column.type, literal_execute=True)


def an_item(row: Found, by: date, why: str, address: Mapping[str, str], detail: str = "", clock: Any = None) -> Item:
    """What is shown of a row."""
    return Item(by, row.child, row.name, row.sort_name, why, address, detail, clock, row.adviser)
