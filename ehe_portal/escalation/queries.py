"""Escalations: one by its reference, those about a child, all of them for a file, and what a lapse meets."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TypeVar

from sqlalchemy import ColumnElement, Select, and_, case, false, func, literal, not_, or_, select, true
from sqlalchemy.orm import aliased

from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.core.codes import SocialCare
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, EscalationRung, Reason, Rung, State
from ehe_portal.escalation.rules import Told
from ehe_portal.register.models import Child, Episode

T = TypeVar("T")
PORTION = 500
ANSWERING = tuple(role for role in Role if Permission.ESCALATION_ANSWER in GRANTS[role])
ABOVE = (Role.CME_MANAGER, Role.HEAD_OF_SERVICE)
"""Who stands above the CME officers on the ladder, in order."""

TOLD_AT: dict[Rung, tuple[Role, ...]] = {
    Rung.MANAGER: ABOVE,
    Rung.HEAD: (Role.HEAD_OF_SERVICE,),
    Rung.UNDECIDED: ABOVE,
    Rung.NEXT_DATE: ABOVE,
    Rung.ABSENT: ABOVE,
}
"""Who is told at each rung above the first alert: the first of these roles in which someone is at work."""


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
    """How many escalations in scope someone owns, or acknowledged and nobody has decided, that are not closed."""
    found = select(func.count(Escalation.id)).where(owned_by(owner_id), within(work))
    return work.session.scalar(found) or 0


def owned_by(owner_id: int) -> ColumnElement[bool]:
    """Not closed, and someone's: as its owner, or as who acknowledged it before there is one."""
    return and_(still_open(), or_(Escalation.owner_id == owner_id, acknowledged_only_by(owner_id)))


def acknowledged_only_by(account_id: int) -> ColumnElement[bool]:
    """In hand with whoever acknowledged it: nobody has decided anything yet."""
    return and_(Escalation.state == State.ACKNOWLEDGED, Escalation.acknowledged_by_id == account_id)


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


# The ladder


def ladder_due(work: Work) -> Select[int]:
    """The escalations of which someone is to be told today, the longest due first."""
    return (
        select(Escalation.id)
        .where(Escalation.next_rung_on.is_not(None), Escalation.next_rung_on <= work.today, within(work))
        .order_by(Escalation.next_rung_on, Escalation.id)
    )


def still_on_ladder(work: Work, escalation_ids: Collection[int]) -> list[Escalation]:
    """Those of these escalations of which someone is to be told, locked: whoever asks meanwhile waits for it."""
    found: list[Escalation] = []
    for portion in in_portions(escalation_ids):
        found += work.session.scalars(
            ladder_due(work)
            .with_only_columns(Escalation)
            .where(Escalation.id.in_(portion))
            .order_by(None)
            .order_by(Escalation.id)
            .with_for_update(of=Escalation)
            .execution_options(populate_existing=True)
        )
    return found


def told(work: Work, escalations: Sequence[Escalation]) -> dict[int, dict[Rung, Told]]:
    """What of each rung was told last since the latest alert of some escalations, by escalation."""
    found: dict[int, dict[Rung, Told]] = {}
    for portion in in_portions([one.id for one in escalations]):
        for escalation_id, rung, due_on, told_on in work.session.execute(
            select(EscalationRung.escalation_id, EscalationRung.rung, EscalationRung.due_on, EscalationRung.told_on)
            .join(
                Escalation,
                and_(Escalation.id == EscalationRung.escalation_id, Escalation.alerts == EscalationRung.alert),
            )
            .where(EscalationRung.escalation_id.in_(portion))
            .order_by(EscalationRung.id)
        ):
            found.setdefault(escalation_id, {})[rung] = Told(due_on, told_on)
    return found


def ladder_staff(work: Work, authority_id: int) -> list[Account]:
    """Those of an authority who stand above its CME officers on the ladder and may sign in. Not scoped to the actor."""
    return accounts.active_staff(work, authority_id, *ABOVE)


def active_owners(work: Work, escalations: Sequence[Escalation]) -> dict[int, Account]:
    """The owners of some escalations who may sign in, by account."""
    ids = {one.owner_id for one in escalations if one.owner_id is not None}
    return {
        account.id: account
        for portion in in_portions(ids)
        for account in work.session.scalars(
            select(Account).where(Account.id.in_(portion), Account.is_active).order_by(Account.id)
        )
    }


def open_of_episodes(work: Work, episode_ids: Collection[int]) -> list[Escalation]:
    """The open escalations of some episodes, lapses and concerns. For reactions: limited by the episodes alone."""
    return [
        escalation
        for portion in in_portions(episode_ids)
        for escalation in work.session.scalars(
            select(Escalation)
            .where(Escalation.episode_id.in_(portion), Escalation.state != State.CLOSED)
            .order_by(Escalation.id)
        )
    ]


# Whoever has one in hand and is not at work


def still_open() -> ColumnElement[bool]:
    """Not closed. Written out, for only so does PostgreSQL know that its index of what is open holds every row."""
    return Escalation.state != literal(State.CLOSED, Escalation.state.type, literal_execute=True)


@cache
def holder_id() -> ColumnElement[int | None]:
    """Who has an escalation in hand, as `Escalation.holder_id` has it."""
    return case(
        (Escalation.state.in_((State.TRIAGED, State.ENQUIRY)), Escalation.owner_id),
        (Escalation.state == State.ACKNOWLEDGED, Escalation.acknowledged_by_id),
    )


def not_at_work(account: type[Account], today: date) -> ColumnElement[bool]:
    """Whether someone may no longer sign in or is marked away today."""
    away = and_(account.away_from <= today, or_(account.away_until.is_(None), account.away_until >= today))
    return or_(not_(account.is_active), and_(account.away_from.is_not(None), away))


def absent_since(escalation: Escalation, holder: Account) -> date:
    """The day that stands for one absence: the first one away; of someone who left, the day of the alert."""
    return holder.away_from if holder.is_active and holder.away_from is not None else escalation.alerted_on


def without_holder(work: Work) -> Select[int]:
    """The escalations whose holder is not at work, and whose manager has not been told of this absence."""
    holder = aliased(Account)
    alerted_on = func.coalesce(Escalation.raised_again_on, Escalation.raised_on)
    since = case((and_(holder.is_active, holder.away_from.is_not(None)), holder.away_from), else_=alerted_on)
    known = (
        select(EscalationRung.id)
        .where(
            EscalationRung.escalation_id == Escalation.id,
            EscalationRung.alert == Escalation.alerts,
            EscalationRung.person_id == holder.id,
            EscalationRung.due_on == since,
        )
        .exists()
    )
    return (
        select(Escalation.id)
        .join(holder, holder.id == holder_id())
        .where(still_open(), not_at_work(holder, work.today), not_(known), within(work))
        .order_by(Escalation.id)
    )


def still_without_holder(work: Work, escalation_ids: Collection[int]) -> list[tuple[Escalation, Account]]:
    """Those of these escalations whose manager is to be told that their holder is not at work, locked."""
    found: list[Escalation] = []
    for portion in in_portions(escalation_ids):
        found += work.session.scalars(
            without_holder(work)
            .with_only_columns(Escalation)
            .where(Escalation.id.in_(portion))
            .with_for_update(of=Escalation)
            .execution_options(populate_existing=True)
        )
    holders: dict[int, Account] = {}
    for portion in in_portions({one.holder_id for one in found if one.holder_id is not None}):
        holders |= {
            one.id: one
            for one in work.session.scalars(select(Account).where(Account.id.in_(portion)).order_by(Account.id))
        }
    return [(one, holders[one.holder_id]) for one in found if one.holder_id is not None]
