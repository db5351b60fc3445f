"""A parent's own letters: those addressed to them, and nobody else's."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from ehe_portal.core.work import Work
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.register.models import Child, Parent
from ehe_portal.register.queries import let_through


@dataclass(frozen=True)
class MyLetters:
    """A child, and which of its parents this account is: one whom an officer has verified."""

    child: Child
    parent: Parent


@dataclass(frozen=True)
class MyLetter:
    """One letter to this parent."""

    child: Child
    parent: Parent
    letter: Letter


def verified(work: Work) -> ColumnElement[bool]:
    """Parents whom this account is, as an officer was satisfied, and may know since before a stop of messages."""
    return and_(
        Parent.account_id.is_not(None),
        Parent.account_id == work.scope.account_id,
        Parent.verified_at.is_not(None),
        let_through(Parent.child_id, Parent.verified_at),
    )


def to_be_seen() -> ColumnElement[bool]:
    """Letters that have gone: one on paper once it has been posted or handed over. What came after a stop waits."""
    gone = or_(Letter.goes == Goes.PORTAL, Letter.posted_on.is_not(None))
    return and_(gone, Letter.withdrawn_at.is_(None), let_through(Letter.child_id, Letter.made_at))


def my_child(work: Work, reference: str) -> MyLetters | None:
    """A child of this account's, if an officer has verified the parent."""
    found = work.session.execute(
        select(Child, Parent)
        .join(Parent, Parent.child_id == Child.id)
        .where(Child.reference == reference, verified(work))
        .order_by(Parent.id)
        .limit(1)
    ).first()
    return None if found is None else MyLetters(*found)


def own_letters(work: Work, child_id: int) -> Sequence[Letter]:
    """The letters to this account's holder about a child, the latest first."""
    found = (
        select(Letter)
        .join(Parent, Parent.id == Letter.parent_id)
        .where(Letter.child_id == child_id, verified(work), to_be_seen())
    )
    return work.session.scalars(found.order_by(Letter.id.desc())).all()


def my_letter(work: Work, reference: str, letter_reference: str) -> MyLetter | None:
    """One of them."""
    found = work.session.execute(
        select(Child, Parent, Letter)
        .join(Letter, Letter.child_id == Child.id)
        .join(Parent, Parent.id == Letter.parent_id)
        .where(Child.reference == reference, Letter.reference == letter_reference, verified(work), to_be_seen())
    ).first()
    return None if found is None else MyLetter(*found)
