"""Escalations: one by its reference, those about a child, all of them for a file, and what a lapse meets."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from sqlalchemy import ColumnElement, case, false, func, select, true

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.register.models import Child, Episode

T = TypeVar("T")
PORTION = 500
ANSWERING = tuple(role for role in Role if Permission.ESCALATION_ANSWER in GRANTS[role])


@dataclass(frozen=True)
class Line:
    """One escalation as `flask escalation list` tells it."""

    child_ref: str
    reason: Reason
    due_on: date | None
    raised_on: date
    state: State


def in_portions(ids: Collection[T]) -> Iterator[list[T]]:
    """Ids or references in lists that fit into one query."""
    ordered = list(ids)
    for start in range(0, len(ordered), PORTION):
        yield ordered[start : start + PORTION]


def within(work: Work) -> ColumnElement[bool]:
    """Limit to the authority of this work; everything for jobs and commands, nothing for a family."""
    if work.scope.everything:
        return true()
    return false() if work.scope.authority_id is None else Escalation.authority_id == work.scope.authority_id


@cache
def urgency() -> tuple[ColumnElement[int], ...]:
    """The order of the queue: danger now, child protection plans, then what nobody has acknowledged or decided."""
    return (
        case((Escalation.danger_now & (Escalation.state == State.RAISED), 0), else_=1),
        case((Escalation.social_care == SocialCare.CP, 0), else_=1),
        case((Escalation.state == State.RAISED, 0), (Escalation.state == State.ACKNOWLEDGED, 1), else_=2),
    )


def visible_escalation(work: Work, reference: str) -> Escalation | None:
    """An escalation in scope, by its reference."""
    return work.session.scalar(select(Escalation).where(Escalation.reference == reference, within(work)))


def open_about(work: Work, child_id: int) -> Sequence[Escalation]:
    """The escalations about a child that have not been closed, most urgent first."""
    return work.session.scalars(
        select(Escalation)
        .where(Escalation.child_id == child_id, Escalation.state != State.CLOSED, within(work))
        .order_by(*urgency(), Escalation.raised_on, Escalation.id)
    ).all()


def closed_about(work: Work, child_id: int) -> Sequence[Escalation]:
    """The escalations about a child that have been closed, the latest first."""
    return work.session.scalars(
        select(Escalation)
        .where(Escalation.child_id == child_id, Escalation.state == State.CLOSED, within(work))
        .order_by(Escalation.closed_at.desc(), Escalation.id.desc())
    ).all()


def every_one(work: Work) -> list[Line]:
    """Every escalation in scope; a child without a reference of the authority's own has the portal's."""
    rows = work.session.execute(
        select(
            Child.authority_ref,
            Child.reference,
            Escalation.reason,
            Escalation.due_on,
            Escalation.raised_on,
            Escalation.state,
        )
        .join(Child, Child.id == Escalation.child_id)
        .where(within(work))
        .order_by(Escalation.raised_on, Escalation.id)
    )
    return [
        Line(own or portals, reason, due_on, raised_on, state)
        for own, portals, reason, due_on, raised_on, state in rows
    ]


def episode_of(work: Work, escalation: Escalation) -> Episode | None:
    """The episode that an escalation is about. The escalation has been found in scope."""
    return None if escalation.episode_id is None else work.session.get(Episode, escalation.episode_id)


def owners(work: Work, authority_id: int) -> list[Account]:
    """Who may own an escalation of an authority: active staff whose role answers escalations."""
    return accounts.active_staff(work, authority_id, *ANSWERING)


def how_many_owned(work: Work, owner_id: int) -> int:
    """How many escalations in scope someone owns that are not closed."""
    found = select(func.count(Escalation.id)).where(
        Escalation.owner_id == owner_id, Escalation.state != State.CLOSED, within(work)
    )
    return work.session.scalar(found) or 0


def ids_of(work: Work, references: Collection[str]) -> dict[str, int]:
    """The row numbers of some escalations, by reference. For reactions: limited by the references alone."""
    return {
        reference: escalation_id
        for portion in in_portions(references)
        for reference, escalation_id in work.session.execute(
            select(Escalation.reference, Escalation.id).where(Escalation.reference.in_(portion)).order_by(Escalation.id)
        )
    }


def lapses_of(work: Work, episode_ids: Collection[int]) -> dict[int, list[Escalation]]:
    """Every lapse of some episodes, open or closed, by episode. For reactions: limited by the episodes alone."""
    found: dict[int, list[Escalation]] = {}
    for portion in in_portions(episode_ids):
        for escalation in work.session.scalars(
            select(Escalation)
            .where(Escalation.episode_id.in_(portion), Escalation.reason == Reason.CONTACT_LAPSE)
            .order_by(Escalation.id)
        ):
            found.setdefault(escalation.episode_id or 0, []).append(escalation)
    return found


def open_lapses_of(work: Work, episode_ids: Collection[int]) -> dict[int, Escalation]:
    """The open lapse of each of some episodes that has one. For reactions: limited by the episodes alone."""
    return {
        escalation.episode_id or 0: escalation
        for portion in in_portions(episode_ids)
        for escalation in work.session.scalars(
            select(Escalation)
            .where(
                Escalation.episode_id.in_(portion),
                Escalation.reason == Reason.CONTACT_LAPSE,
                Escalation.state != State.CLOSED,
            )
            .order_by(Escalation.id)
        )
    }


def social_care_of(work: Work, episode_ids: Collection[int]) -> dict[int, SocialCare]:
    """The social care status of some episodes. For reactions: limited by the episodes alone."""
    return {
        episode_id: social_care
        for portion in in_portions(episode_ids)
        for episode_id, social_care in work.session.execute(
            select(Episode.id, Episode.social_care).where(Episode.id.in_(portion)).order_by(Episode.id)
        )
    }
