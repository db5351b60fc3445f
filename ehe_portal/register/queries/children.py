"""Children and their episodes: one by its reference, who is over age."""

from collections.abc import Collection
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, exists, select

from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, Episode, Parent


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
