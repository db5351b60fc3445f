"""The end of compulsory school age: which day it is, where the law leaves two; and what ended by itself."""

from sqlalchemy import null, select, true

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import (
    NAME,
    Desk,
    Found,
    Item,
    Kind,
    Terms,
    about,
    an_item,
    here,
    known_to_wait,
)
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.school_age import school_leaving_date
from ehe_portal.register.models import Child, Episode


def find_edges(terms: Terms) -> AnySelect:
    """Children with an open episode and a 16th birthday on the edge of a school year, of whom nobody has said yet."""
    born_then = here(terms, Child.authority_id), Child.date_of_birth.in_(terms.births_asked)
    found = about(terms, Child.date_of_birth, Child.id, Child.age_ends).where(
        *born_then, Child.age_ends_said_on.is_(None), Child.age_ends >= terms.today
    )
    if terms.team:
        return found
    theirs = known_to_wait(terms, Child.id, Child.id, *born_then)
    return found.join(theirs, theirs.c.id == Child.id)


def edge(_desk: Desk, row: Found) -> Item:
    """Both days, and why; by the earlier of them someone is to have said."""
    earlier = school_leaving_date(row.since.year + 16)
    sixteen_on = row.since.replace(year=row.since.year + 16)
    why = f"Say when school age ends: {long_date(earlier)} or {long_date(row.age_ends)}"
    return an_item(row, earlier, why, {"reference": row.child}, f"16 on {long_date(sixteen_on)}")


def find_ended(terms: Terms) -> AnySelect:
    """Episodes that the end of school age has closed, with whoever had them."""
    found = (
        select(
            Child.reference.label("child"),
            NAME,
            Child.sort_name,
            Episode.to_review_since.label("since"),
            Episode.id.label("id"),
            Episode.closed_on,
            (Account.name if terms.team else null()).label("adviser"),
        )
        .join_from(Episode, Child, Child.id == Episode.child_id)
        .where(
            here(terms, Episode.authority_id),
            Episode.to_review_since.is_not(None),
            true() if terms.team else Episode.adviser_id == terms.whose,
        )
    )
    return found.outerjoin(Account, Account.id == Episode.adviser_id) if terms.team else found


def ended(_desk: Desk, row: Found) -> Item:
    """Looked at once, by someone who knows the family."""
    why = "Ended with school age: look at it once"
    return an_item(row, row.since, why, {"reference": row.child}, f"Last day {long_date(row.closed_on)}")


EDGE = Kind(
    key="school-age",
    title="When school age ends",
    needs=Permission.EPISODE_SET_TIER,
    page="episode.say_age_ends",
    find=find_edges,
    item=edge,
    nothing="Of no child has anyone to say when compulsory school age ends.",
    late="ago",
)
ENDED = Kind(
    key="ended",
    title="Ended with school age",
    needs=Permission.EPISODE_SET_TIER,
    page="episode.review_end",
    find=find_ended,
    item=ended,
    nothing="No episode that ended with school age waits to be looked at.",
    date_word="Since",
    late="ago",
    can_be_given=False,
)
