"""Children and their episodes: one by its reference, the list, who is over age."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, tuple_
from sqlalchemy.orm import aliased

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import Arrangement, Destination, SocialCare, Tier
from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, Episode, Parent
from ehe_portal.register.rules.search import Search

PAGE: Final = 100
TEAM: Final = "team"
STATES: Final = ("open", "waiting", "closed", "all")

AnySelect = Select[*tuple[Any, ...]]


def within(work: Work, child_id: Any, authority_id: Any) -> ColumnElement[bool]:
    """Limit to the children whom this work may see: an authority's, or those of one family's account."""
    limit: ColumnElement[bool]
    if work.scope.everything:
        limit = authority_id.is_not(None)
        return limit
    if work.scope.authority_id is not None:
        limit = authority_id == work.scope.authority_id
        return limit
    return exists().where(
        Parent.child_id == child_id, Parent.account_id == work.scope.account_id, Parent.account_id.is_not(None)
    )


def visible_child(work: Work, reference: str) -> Child | None:
    """A child in scope, by its reference."""
    return work.session.scalar(
        select(Child).where(Child.reference == reference, within(work, Child.id, Child.authority_id))
    )


def open_episode(work: Work, child_id: int) -> Episode | None:
    """A child's open episode, if there is one."""
    return work.session.scalar(
        select(Episode).where(
            Episode.child_id == child_id,
            Episode.closed_on.is_(None),
            within(work, Episode.child_id, Episode.authority_id),
        )
    )


def over_age(work: Work) -> Select[int]:
    """The open episodes of children past compulsory school age, as ids."""
    return (
        select(Episode.id)
        .join(Child, Child.id == Episode.child_id)
        .where(
            Child.age_ends < work.today,
            Episode.closed_on.is_(None),
            within(work, Episode.child_id, Episode.authority_id),
        )
        .order_by(Episode.id)
    )


def open_with_age(work: Work, episode_ids: Collection[int]) -> list[tuple[Episode, date]]:
    """Those of these episodes that are open, each with the last day of the child's compulsory school age."""
    rows = work.session.execute(
        select(Episode, Child.age_ends)
        .join(Child, Child.id == Episode.child_id)
        .where(Episode.id.in_(episode_ids), Episode.closed_on.is_(None))
        .order_by(Episode.id)
    )
    return [(episode, age_ends) for episode, age_ends in rows]


def open_episodes_of(work: Work, adviser_ids: Collection[int]) -> list[Episode]:
    """The open episodes that these people have."""
    return list(
        work.session.scalars(
            select(Episode).where(Episode.adviser_id.in_(adviser_ids), Episode.closed_on.is_(None)).order_by(Episode.id)
        )
    )


def parents_of_account(work: Work, account_id: int) -> list[Parent]:
    """What the register says of one account's holder, on each of their children's records."""
    return list(work.session.scalars(select(Parent).where(Parent.account_id == account_id).order_by(Parent.id)))


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which children to list. `adviser` is an account's reference, or `team`; `after` and `before` a child's."""

    search: Search | None = None
    adviser: str | None = None
    tier: Tier | None = None
    state: str = "open"
    after: str | None = None
    before: str | None = None


@dataclass(frozen=True, slots=True)
class ChildLine:
    """One line of the register."""

    reference: str
    legal_forename: str
    legal_surname: str
    preferred_name: str | None
    date_of_birth: date
    opened_on: date
    arrangement: Arrangement
    tier: Tier
    social_care: SocialCare
    closed_on: date | None
    destination: Destination | None
    accepted_at: datetime | None
    adviser: str | None


@dataclass(frozen=True, slots=True)
class Page:
    """Up to a hundred lines by name, and the references to go on from."""

    lines: list[ChildLine]
    before: str | None
    after: str | None


def children_page(work: Work, wanted: Wanted) -> Page:
    """One page of the register: children by surname and forename, each with the latest episode."""
    found = lines_of(work, wanted)
    if wanted.search is None:
        return turned(work, found, wanted)
    exact = found.where(by_reference(wanted.search))
    if lines := [ChildLine(*row) for row in work.session.execute(ordered(exact, backwards=False))]:
        return Page(lines, None, None)
    return turned(work, found.where(*searched(work, wanted.search)), wanted)


def turned(work: Work, found: AnySelect, wanted: Wanted) -> Page:
    """The page after or before a child, found by key, never by counting."""
    backwards = wanted.before is not None
    key = place_of(work, wanted.before or wanted.after)
    if key is None and (wanted.before or wanted.after):
        return turned(work, found, replace(wanted, before=None, after=None))
    if key is not None:
        place = tuple_(Child.sort_name, Child.id)
        found = found.where(place < key if backwards else place > key)
    rows = [ChildLine(*row) for row in work.session.execute(ordered(found, backwards=backwards))]
    more = len(rows) > PAGE
    lines = rows[:PAGE]
    if backwards:
        lines.reverse()
    if not lines:
        return Page([], None, None)
    is_before = more if backwards else key is not None
    is_after = True if backwards else more
    return Page(lines, lines[0].reference if is_before else None, lines[-1].reference if is_after else None)


def ordered(found: AnySelect, *, backwards: bool) -> AnySelect:
    """By name, one more than a page holds."""
    if backwards:
        return found.order_by(Child.sort_name.desc(), Child.id.desc()).limit(PAGE + 1)
    return found.order_by(Child.sort_name, Child.id).limit(PAGE + 1)


def place_of(work: Work, reference: str | None) -> ColumnElement[Any] | None:
    """Where a child stands in the list; None where there is no such child."""
    if reference is None:
        return None
    found = work.session.execute(
        select(Child.sort_name, Child.id).where(
            Child.reference == reference, within(work, Child.id, Child.authority_id)
        )
    ).first()
    return None if found is None else tuple_(*found)


def lines_of(work: Work, wanted: Wanted) -> AnySelect:
    """The columns of the list, with everything that is asked for but the search."""
    found = (
        select(
            Child.reference,
            Child.legal_forename,
            Child.legal_surname,
            Child.preferred_name,
            Child.date_of_birth,
            Episode.opened_on,
            Episode.arrangement,
            Episode.tier,
            Episode.social_care,
            Episode.closed_on,
            Episode.destination,
            Episode.accepted_at,
            Account.name,
        )
        .join(Episode, Episode.child_id == Child.id)
        .outerjoin(Account, Account.id == Episode.adviser_id)
        .where(within(work, Child.id, Child.authority_id), in_state(wanted.state))
    )
    if wanted.adviser == TEAM:
        found = found.where(Episode.adviser_id.is_(None))
    elif wanted.adviser:
        found = found.where(Account.reference == wanted.adviser)
    if wanted.tier is not None:
        found = found.where(Episode.tier == wanted.tier)
    return found


def searched(work: Work, search: Search) -> list[ColumnElement[bool]]:
    """What a child must be, to be found by a number, a date, a postcode or the beginnings of names."""
    if search.upn:
        return [Child.upn == search.upn]
    if search.nhs_number:
        return [Child.nhs_number == search.nhs_number]
    if search.born:
        return [Child.date_of_birth == search.born]
    if search.postcode:
        living_there = select(Address.child_id).where(
            Address.postcode == search.postcode,
            Address.until_on.is_(None),
            within(work, Address.child_id, Address.authority_id),
        )
        # A protected child is not found by where it lives: that would tell.
        return [Child.id.in_(living_there), Child.protected.is_(False)]
    return [words_match(word) for word in search.words] or [false()]


def in_state(state: str) -> ColumnElement[bool]:
    """Which episode of a child is listed: the open one, or where it has none the latest."""
    is_open = Episode.closed_on.is_(None)
    if state == "open":
        return is_open
    if state == "waiting":
        return and_(is_open, Episode.accepted_at.is_(None))
    later = aliased(Episode)
    superseded = exists().where(
        later.child_id == Episode.child_id,
        or_(
            later.closed_on.is_(None),
            later.closed_on > Episode.closed_on,
            and_(later.closed_on == Episode.closed_on, later.id > Episode.id),
        ),
    )
    latest_closed = and_(Episode.closed_on.is_not(None), ~superseded)
    return latest_closed if state == "closed" else or_(is_open, latest_closed)


def words_match(word: str) -> ColumnElement[bool]:
    """Whether some word of a child's name begins with this one; folded words hold no wildcards."""
    return (" " + Child.sort_name).contains(" " + word, autoescape=True)


def by_reference(search: Search) -> ColumnElement[bool]:
    """Whether what was typed is a child's reference: the authority's own, or the portal's."""
    own = Child.authority_ref == search.typed
    return own if search.reference is None else or_(own, Child.reference == search.reference)
