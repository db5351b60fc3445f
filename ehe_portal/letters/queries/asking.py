"""Letters about a child, how parents would like them, and how an authority words them."""

from collections.abc import Collection, Sequence

from sqlalchemy import ColumnElement, false, select, true
from sqlalchemy.orm import joinedload, selectinload

from ehe_portal.accounts.models import Account, Authority
from ehe_portal.core.vault_rows import Kept
from ehe_portal.core.work import Work
from ehe_portal.letters.models import Letter, LetterSending, LetterWishes, LetterWording
from ehe_portal.register.models import Child

KEPT = (Kept(Letter, Letter.stored_as.expression), Kept(LetterSending, LetterSending.stored_as.expression))
"""The rows that know of a file in the vault."""


def within(work: Work) -> ColumnElement[bool]:
    """Letters of the authority in scope. A family finds its own otherwise (see mine.py)."""
    if work.scope.everything:
        return true()
    return Letter.authority_id == work.scope.authority_id if work.scope.authority_id is not None else false()


def letters_about(work: Work, child_id: int) -> Sequence[Letter]:
    """Every letter about a child, the latest first."""
    found = select(Letter).where(Letter.child_id == child_id, within(work)).options(joinedload(Letter.parent))
    return work.session.scalars(found.order_by(Letter.id.desc())).all()


def visible_letter(work: Work, reference: str, letter_reference: str) -> Letter | None:
    """One letter about a child in scope."""
    return work.session.scalar(
        select(Letter)
        .join(Child, Child.id == Letter.child_id)
        .where(Child.reference == reference, Letter.reference == letter_reference, within(work))
        .options(joinedload(Letter.child), joinedload(Letter.parent))
    )


def fetch_families(work: Work, child_ids: Collection[int]) -> list[object]:
    """Fetch at once what letters need to know of children who have been found in scope: parents, homes, advisers.

    To be held while the letters are written: a session forgets what nobody holds.
    """
    whole = (selectinload(Child.parents), selectinload(Child.addresses), selectinload(Child.episodes))
    children = work.session.scalars(select(Child).where(Child.id.in_(child_ids)).order_by(Child.id).options(*whole))
    found = children.all()
    advisers = {child.episode.adviser_id for child in found if child.episode}
    people = work.session.scalars(select(Account).where(Account.id.in_(advisers)).order_by(Account.id))
    authorities = {child.authority_id for child in found}
    councils = work.session.scalars(select(Authority).where(Authority.id.in_(authorities)).order_by(Authority.id))
    return [*found, *people, *councils]


def wishes_of(work: Work, parent_ids: Collection[int]) -> dict[int, LetterWishes]:
    """How these parents, found in scope, would like letters; those who said nothing are missing."""
    found = select(LetterWishes).where(LetterWishes.parent_id.in_(parent_ids)).order_by(LetterWishes.id)
    return {one.parent_id: one for one in work.session.scalars(found)}


# Wording. Asked with the number of an authority whose settings or whose child has been found in scope.


def latest_wording(work: Work, authority_id: int, kind: str) -> LetterWording | None:
    """The latest version of an authority's wording of one kind of letter, if it ever had its own."""
    return work.session.scalar(
        select(LetterWording)
        .where(LetterWording.authority_id == authority_id, LetterWording.kind == kind)
        .order_by(LetterWording.number.desc())
        .limit(1)
    )


def wording_numbered(work: Work, authority_id: int, kind: str, number: int) -> LetterWording | None:
    """One version by its number."""
    return work.session.scalar(
        select(LetterWording).where(
            LetterWording.authority_id == authority_id, LetterWording.kind == kind, LetterWording.number == number
        )
    )


def wordings_of(work: Work, authority_id: int, kind: str) -> Sequence[LetterWording]:
    """Every version of one kind of letter, the latest first."""
    found = select(LetterWording).where(LetterWording.authority_id == authority_id, LetterWording.kind == kind)
    return work.session.scalars(found.order_by(LetterWording.number.desc())).all()


def wordings_in_force(work: Work, authority_id: int) -> dict[str, LetterWording]:
    """The latest version of every kind that an authority worded itself, by kind."""
    found = select(LetterWording).where(LetterWording.authority_id == authority_id)
    return {one.kind: one for one in work.session.scalars(found.order_by(LetterWording.number))}
