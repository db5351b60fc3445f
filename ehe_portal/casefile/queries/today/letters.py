"""Letters that wait to be posted: one row, which leads to the pile."""

from sqlalchemy import and_, func, literal, null, or_, select
from sqlalchemy import true as everything

from ehe_portal.accounts.policy import Permission
from ehe_portal.casefile.queries.today.kind import Desk, Found, Item, Kind, Terms, here, written_out
from ehe_portal.casefile.queries.turning import AnySelect
from ehe_portal.core.days import london_date
from ehe_portal.core.govuk.words import counted, long_date
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.letters.queries import NOT_AWAY
from ehe_portal.register.models import Episode

PILE = "Letters to post"


def find(terms: Terms) -> AnySelect:
    """The adviser's own: about their children, or made by them; of the team's day the whole pile. It begins from the
    pile, which has an index, and which somebody empties."""
    theirs = or_(Episode.id.is_not(None), Letter.made_by_id == terms.whose)
    about_theirs = and_(
        Episode.child_id == Letter.child_id, Episode.closed_on.is_(None), Episode.adviser_id == terms.whose
    )
    found = select(
        literal("").label("child"),
        literal(PILE).label("name"),
        literal(PILE).label("sort_name"),
        func.min(Letter.made_at).label("since"),
        func.min(Letter.id).label("id"),
        func.count(Letter.id).label("letters"),
        null().label("adviser"),
    ).select_from(Letter)
    if not terms.team:
        found = found.outerjoin(Episode, about_theirs)
    return found.where(
        here(terms, Letter.authority_id),
        Letter.goes == written_out(Letter.goes, Goes.POST),
        NOT_AWAY,
        everything() if terms.team else theirs,
    ).having(func.count(Letter.id) > 0)


def item(_desk: Desk, row: Found) -> Item:
    """How many, and since when the oldest waits."""
    since = london_date(row.since)
    oldest = "" if row.letters == 1 else f", the oldest since {long_date(since)}"
    return Item(since, "", row.name, row.sort_name, f"{counted(row.letters, 'letter')} to post{oldest}", {})


LETTERS = Kind(
    key="letters",
    title=PILE,
    needs=Permission.LETTER_POST,
    page="post.to_post",
    find=find,
    item=item,
    nothing="No letter of yours waits to be posted.",
    date_word="Since",
    late="ago",
    can_be_given=False,
    who="Pile",
)
