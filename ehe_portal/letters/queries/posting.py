"""What waits to be posted, and what was confirmed as posted."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import Select, and_, func, select, update
from sqlalchemy.orm import joinedload

from ehe_portal.core.work import Work
from ehe_portal.letters.models import Goes, Letter, LetterPosting, LetterSending
from ehe_portal.letters.queries.asking import within
from ehe_portal.letters.rules.printing import POSTED

MOST_TO_POST = 500
MOST_BATCHES = 30


NOT_AWAY = and_(Letter.posted_on.is_(None), Letter.withdrawn_at.is_(None), Letter.given_at.is_(None))
"""A letter for the post that nobody has posted, withdrawn, or given to GOV.UK Notify: it lies on the pile."""


def to_post(work: Work) -> Sequence[Letter]:
    """The letters that wait to be posted, the oldest first."""
    found = select(Letter).where(Letter.goes == Goes.POST, NOT_AWAY, within(work))
    found = found.options(joinedload(Letter.child), joinedload(Letter.parent))
    return work.session.scalars(found.order_by(Letter.id).limit(MOST_TO_POST)).all()


def with_notify(work: Work) -> Sequence[LetterSending]:
    """The letters that GOV.UK Notify has, the oldest first."""
    found = select(LetterSending).join(Letter, Letter.id == LetterSending.letter_id)
    found = found.where(LetterSending.ended_at.is_(None), within(work)).options(
        joinedload(LetterSending.letter).joinedload(Letter.child),
        joinedload(LetterSending.letter).joinedload(Letter.parent),
    )
    return work.session.scalars(found.order_by(LetterSending.id).limit(MOST_TO_POST)).all()


def came_back(work: Work, letter_ids: Collection[int]) -> dict[int, LetterSending]:
    """How GOV.UK Notify last ended with letters that were found in scope and wait again, by letter."""
    found = select(LetterSending).where(
        LetterSending.letter_id.in_(letter_ids), LetterSending.ended_at.is_not(None), LetterSending.status != POSTED
    )
    return {one.letter_id: one for one in work.session.scalars(found.order_by(LetterSending.id))}


def sendings_due(work: Work) -> Select[int]:
    """Which letters that GOV.UK Notify has been given are to be gone on with now."""
    due = select(LetterSending.id).where(LetterSending.ended_at.is_(None), LetterSending.next_try_at <= work.at)
    return due.order_by(LetterSending.next_try_at, LetterSending.id)


def lease_sendings(work: Work, ids: Sequence[int], lease: timedelta) -> list[LetterSending]:
    """Take these for a while, in which nobody else goes on with them. Those already taken are left out."""
    taken = work.session.scalars(
        update(LetterSending)
        .where(LetterSending.id.in_(ids), LetterSending.ended_at.is_(None), LetterSending.next_try_at <= work.at)
        .values(next_try_at=work.at + lease, attempts=LetterSending.attempts + 1)
        .returning(LetterSending),
        execution_options={"populate_existing": True, "synchronize_session": False},
    ).all()
    return sorted(taken, key=lambda one: one.id)


def standing_postings(work: Work, letter_ids: Collection[int]) -> Sequence[LetterPosting]:
    """The confirmations that hold for letters that were found in scope."""
    found = select(LetterPosting).where(LetterPosting.letter_id.in_(letter_ids), LetterPosting.struck_out_at.is_(None))
    return work.session.scalars(found.order_by(LetterPosting.id)).all()


def postings_of(work: Work, letter_id: int) -> Sequence[LetterPosting]:
    """Every confirmation of a letter that was found in scope, the latest first."""
    found = select(LetterPosting).where(LetterPosting.letter_id == letter_id)
    return work.session.scalars(found.order_by(LetterPosting.id.desc())).all()


@dataclass(frozen=True, slots=True)
class Batch:
    """Letters that someone confirmed as posted in one go; `standing` of them still are down so."""

    batch: str
    posted_on: date
    confirmed_at: datetime
    confirmed_by_id: int | None
    letters: int
    standing: int


def batches(work: Work) -> list[Batch]:
    """The latest confirmations."""
    found = (
        select(
            LetterPosting.batch,
            func.min(LetterPosting.posted_on),
            func.min(LetterPosting.confirmed_at),
            func.min(LetterPosting.confirmed_by_id),
            func.count(),
            func.count().filter(LetterPosting.struck_out_at.is_(None)),
        )
        .join(Letter, Letter.id == LetterPosting.letter_id)
        .where(within(work))
        .group_by(LetterPosting.batch)
        .order_by(func.min(LetterPosting.id).desc())
        .limit(MOST_BATCHES)
    )
    return [Batch(*row) for row in work.session.execute(found)]


def postings_in(work: Work, batch: str) -> Sequence[LetterPosting]:
    """The confirmations of one batch in scope, those struck out too."""
    found = (
        select(LetterPosting)
        .join(Letter, Letter.id == LetterPosting.letter_id)
        .where(LetterPosting.batch == batch, within(work))
        .options(
            joinedload(LetterPosting.letter).joinedload(Letter.child),
            joinedload(LetterPosting.letter).joinedload(Letter.parent),
        )
    )
    return work.session.scalars(found.order_by(LetterPosting.id)).all()
