"""What a child must be, to be found on the register by what somebody typed; and which episode of it is listed."""

from typing import Final

from sqlalchemy import ColumnElement, String, and_, exists, func, or_, select, union
from sqlalchemy.orm import aliased

from ehe_portal.core.work import Work
from ehe_portal.register.models import Address, Child, Episode, Registration
from ehe_portal.register.queries.children import within
from ehe_portal.register.rules.search import LONGEST, Search, understood

LONG_WORD: Final = 5
"""From so many letters on a word may be two that are written as one: Alhassan, Annemarie."""


def ids_by_reference(work: Work, search: Search) -> list[int]:
    """The children that what was typed is a reference of: the authority's own, the portal's, or a registration's."""
    typed = {search.typed, search.typed.upper(), search.typed.lower()}
    within_child = within(work, Child.id, Child.authority_id)
    found = [select(Child.id).where(Child.authority_ref.in_(typed), within_child)]
    if search.reference is not None:
        found.append(select(Child.id).where(Child.reference == search.reference, within_child))
        found.append(
            select(Registration.child_id).where(
                Registration.reference == search.reference,
                within(work, Registration.child_id, Registration.authority_id),
            )
        )
    return sorted(work.session.scalars(union(*found)))


def searched(work: Work, search: Search) -> list[ColumnElement[bool]]:
    """What a child must be, to be found by a number, a date, a postcode or the beginnings of names.

    A protected address finds nobody: a list would tell who lives there.
    """
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
        return [Child.id.in_(living_there), Child.protected.is_(False)]
    if not search.spellings:
        return []
    return [or_(*(and_(*(word_matches(word) for word in words)) for words in search.spellings))]


def word_matches(word: str) -> ColumnElement[bool]:
    """Whether some word of a child's name or a whole name written as one begins so; folded words hold no wildcards."""
    begins = (" " + Child.sort_name).contains(" " + word, autoescape=True)
    if len(word) < LONG_WORD:
        return begins
    # Two blanks stand between surname and forename: "al hassan  amira" is "|alhassan|amira".
    parts = func.replace(Child.sort_name, "  ", "|", type_=String())
    as_one = "|" + func.replace(parts, " ", "", type_=String())
    return or_(begins, as_one.contains("|" + word, autoescape=True))


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


__all__ = ["LONGEST", "Search", "ids_by_reference", "in_state", "searched", "understood"]
