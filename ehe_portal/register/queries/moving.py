"""Children to be moved from adviser to adviser: which they are, where they live together, who has how many."""

import hashlib
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import Tier
from ehe_portal.core.school_age import year_born
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, Episode
from ehe_portal.register.queries.children import within

SHOWN: Final = 100
TEAM: Final = "team"
PORTION: Final = 500


@dataclass(frozen=True)
class Chosen:
    """Which open episodes to move. `adviser` is an account's reference, or `team`; `year` a year group.

    `prefixes` are what the postcode begins with; with `references`, only these children of them.
    """

    adviser: str | None = None
    tier: Tier | None = None
    prefixes: tuple[str, ...] = ()
    year: int | None = None
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Moving:
    """One open episode that is to be moved; `home` is alike for those who live together."""

    episode_id: int
    version: int
    child_id: int
    adviser_id: int | None
    home: str


@dataclass(frozen=True, slots=True)
class MovingLine:
    """One child as the page of those to choose from shows it; where the address is protected, without a postcode."""

    reference: str
    name: str
    date_of_birth: date
    tier: Tier
    postcode: str | None
    adviser: str | None


def chosen(work: Work, which: Chosen) -> list[ColumnElement[bool]]:
    """What an episode, its child and the address must be."""
    limits = [Episode.closed_on.is_(None), within(work, Episode.child_id, Episode.authority_id)]
    if which.adviser == TEAM:
        limits.append(Episode.adviser_id.is_(None))
    elif which.adviser:
        limits.append(Episode.adviser_id == adviser_id(work, which.adviser))
    if which.tier is not None:
        limits.append(Episode.tier == which.tier)
    if which.prefixes:
        limits.append(or_(*(Address.postcode.startswith(prefix, autoescape=True) for prefix in which.prefixes)))
    if which.year is not None:
        first, last = year_born(which.year, work.today)
        limits.append(Child.date_of_birth.between(first, last))
    if which.references:
        limits.append(Child.reference.in_(which.references))
    return limits


def adviser_id(work: Work, reference: str) -> Any:
    """The row number of an account in scope; of none where there is no such account."""
    found = select(Account.id).where(Account.reference == reference)
    if not work.scope.everything:
        found = found.where(Account.authority_id == work.scope.authority_id)
    return found.scalar_subquery()


def joined(found: Select[*tuple[Any, ...]], limits: Sequence[ColumnElement[bool]]) -> Select[*tuple[Any, ...]]:
    """From episodes to their children and where these live now."""
    return (
        found.join(Child, Child.id == Episode.child_id)
        .outerjoin(Address, and_(Address.child_id == Child.id, Address.until_on.is_(None)))
        .where(*limits)
    )


def moving(work: Work, which: Chosen) -> list[Moving]:
    """Every episode that is meant, in the order of their numbers."""
    return as_moving(work, chosen(work, which))


def held_by(work: Work, account_id: int) -> list[Moving]:
    """Every open episode in scope that someone has."""
    within_scope = within(work, Episode.child_id, Episode.authority_id)
    return as_moving(work, [Episode.adviser_id == account_id, Episode.closed_on.is_(None), within_scope])


def as_moving(work: Work, limits: Sequence[ColumnElement[bool]]) -> list[Moving]:
    """Episodes as they are moved. Those at one address live together; a child without an address lives alone."""
    found = select(Episode.id, Episode.version, Episode.child_id, Episode.adviser_id, Address.line, Address.postcode)
    return [
        Moving(episode_id, version, child_id, adviser, f"{postcode} {line.casefold()}" if line else f"child {child_id}")
        for episode_id, version, child_id, adviser, line, postcode in work.session.execute(
            joined(found, limits).order_by(Episode.id)
        )
    ]


def moving_lines(work: Work, which: Chosen) -> list[MovingLine]:
    """The first of those who may be chosen, by name; one more than is shown."""
    found = select(
        Child.reference,
        Child.legal_forename + " " + Child.legal_surname,
        Child.date_of_birth,
        Episode.tier,
        case((Child.protected, None), else_=Address.postcode),
        Account.name,
    ).outerjoin(Account, Account.id == Episode.adviser_id)
    rows = work.session.execute(joined(found, chosen(work, which)).order_by(Child.sort_name, Child.id).limit(SHOWN + 1))
    return [MovingLine(*row) for row in rows]


def how_many(work: Work, which: Chosen) -> int:
    """How many are meant."""
    return work.session.scalar(joined(select(func.count(Episode.id)), chosen(work, which))) or 0


def loads(work: Work) -> dict[int | None, int]:
    """How many open episodes everyone has, by adviser; None stands for the team."""
    rows = work.session.execute(
        select(Episode.adviser_id, func.count(Episode.id))
        .where(Episode.closed_on.is_(None), within(work, Episode.child_id, Episode.authority_id))
        .group_by(Episode.adviser_id)
        .order_by(Episode.adviser_id)
    )
    return dict(rows.all())


def advisers_of(work: Work, child_ids: Collection[int]) -> dict[int, int | None]:
    """Who has each of these children, of those in scope with an open episode; None stands for the team."""
    found: dict[int, int | None] = {}
    for portion in in_portions_of_ids(sorted(child_ids)):
        rows = work.session.execute(
            select(Episode.child_id, Episode.adviser_id)
            .where(
                Episode.child_id.in_(portion),
                Episode.closed_on.is_(None),
                within(work, Episode.child_id, Episode.authority_id),
            )
            .order_by(Episode.id)
        )
        found.update(rows.all())
    return found


def seal_of(children: Collection[Moving]) -> str:
    """Tells one set of episodes, as they are, from any other: it changes when one joins, leaves or is changed."""
    said = ",".join(f"{one.episode_id}.{one.version}" for one in sorted(children, key=lambda one: one.episode_id))
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def in_portions_of_ids(ids: Sequence[int]) -> Iterator[list[int]]:
    """Ids in lists that fit into one statement."""
    for start in range(0, len(ids), PORTION):
        yield list(ids[start : start + PORTION])
