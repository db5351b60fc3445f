"""Registrations, and records that may be one child."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from ehe_portal.core.codes import Destination
from ehe_portal.core.work import Work
from ehe_portal.register.models import (
    Address,
    Child,
    DoubleVerdict,
    Episode,
    PossibleDouble,
    Registration,
    RegistrationDraft,
    RegistrationState,
    Submission,
)
from ehe_portal.register.queries.children import within
from ehe_portal.register.rules.doubles import Known, known

MOST: Final = 100
DRAFT_KEPT_FOR: Final = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """One registration that waits to be checked."""

    reference: str
    child_name: str
    date_of_birth: date
    submitted_at: datetime
    doubles: int


def registration_to_check(work: Work, reference: str) -> Registration | None:
    """A registration in scope of an officer, with its child."""
    return work.session.scalar(
        select(Registration)
        .where(Registration.reference == reference, within(work, Registration.child_id, Registration.authority_id))
        .options(joinedload(Registration.child), joinedload(Registration.submission))
    )


def own_submission(work: Work, submission_reference: str) -> Submission | None:
    """What this account sent in one go, with its registrations and their children."""
    return work.session.scalar(
        select(Submission)
        .where(
            Submission.reference == submission_reference,
            Submission.account_id == work.scope.account_id,
            Submission.account_id.is_not(None),
        )
        .options(selectinload(Submission.registrations).joinedload(Registration.child))
    )


def keyed_submission(work: Work, submission_reference: str) -> Submission | None:
    """What an officer of this authority keyed in, with its registrations and their children."""
    return work.session.scalar(
        select(Submission)
        .where(
            Submission.reference == submission_reference,
            Submission.authority_id == work.scope.authority_id,
            Submission.keyed_by_id.is_not(None),
        )
        .options(selectinload(Submission.registrations).joinedload(Registration.child))
    )


def sent_together(work: Work, registration: Registration) -> list[Registration]:
    """The other registrations that came with one, in scope, with their children."""
    if registration.submission_id is None:
        return []
    return list(
        work.session.scalars(
            select(Registration)
            .where(
                Registration.submission_id == registration.submission_id,
                Registration.id != registration.id,
                within(work, Registration.child_id, Registration.authority_id),
            )
            .order_by(Registration.id)
            .options(joinedload(Registration.child))
        )
    )


def waiting_registrations(work: Work) -> tuple[list[WaitingLine], int]:
    """The registrations that wait to be checked, the oldest first, up to a hundred; and how many there are."""
    undecided = (
        select(func.count(PossibleDouble.id))
        .where(PossibleDouble.child_id == Registration.child_id, PossibleDouble.verdict == DoubleVerdict.UNDECIDED)
        .correlate(Registration)
        .scalar_subquery()
    )
    waiting = and_(
        Registration.state == RegistrationState.WAITING,
        within(work, Registration.child_id, Registration.authority_id),
    )
    rows = work.session.execute(
        select(
            Registration.reference,
            Child.legal_forename + " " + Child.legal_surname,
            Child.date_of_birth,
            Registration.submitted_at,
            undecided,
        )
        .join(Child, Child.id == Registration.child_id)
        .where(waiting)
        .order_by(Registration.submitted_at, Registration.id)
        .limit(MOST)
    )
    lines = [WaitingLine(*row) for row in rows]
    if len(lines) < MOST:
        return lines, len(lines)
    return lines, work.session.scalar(select(func.count(Registration.id)).where(waiting)) or 0


def waiting_registration_of(work: Work, child_id: int) -> Registration | None:
    """The registration of a child that waits to be checked, if there is one."""
    return work.session.scalar(
        select(Registration)
        .where(Registration.child_id == child_id, Registration.state == RegistrationState.WAITING)
        .order_by(Registration.id)
        .limit(1)
    )


def forgotten_drafts(work: Work) -> Select[int]:
    """Which registrations were begun and left alone for 30 days."""
    return (
        select(RegistrationDraft.id)
        .where(RegistrationDraft.saved_at < work.at - DRAFT_KEPT_FOR)
        .order_by(RegistrationDraft.id)
    )


def draft(work: Work, *, to_change: bool = False) -> RegistrationDraft | None:
    """The registration that this account has begun; held until the end of the work where it is read to change it."""
    mine = select(RegistrationDraft).where(RegistrationDraft.account_id == work.actor.account_id)
    return work.session.scalar(mine.with_for_update() if to_change else mine)


@dataclass(frozen=True, slots=True)
class Pair:
    """A possible double of a child: what was found, and the other record."""

    double: PossibleDouble
    other: Child


def undecided_pairs(work: Work, child_id: int) -> list[Pair]:
    """The records that may be this child, the likeliest first, with what is shown of them."""
    doubles = work.session.scalars(
        select(PossibleDouble)
        .where(
            or_(PossibleDouble.child_id == child_id, PossibleDouble.other_child_id == child_id),
            PossibleDouble.verdict == DoubleVerdict.UNDECIDED,
            within(work, PossibleDouble.child_id, PossibleDouble.authority_id),
        )
        .order_by(PossibleDouble.score.desc(), PossibleDouble.id)
        .limit(MOST)
    ).all()
    other_ids = [double.other_child_id if double.child_id == child_id else double.child_id for double in doubles]
    others = {
        child.id: child
        for child in work.session.scalars(
            select(Child)
            .where(Child.id.in_(other_ids))
            .order_by(Child.id)
            .options(selectinload(Child.addresses), selectinload(Child.parents), selectinload(Child.episodes))
        )
    }
    return [Pair(double, others[other_id]) for double, other_id in zip(doubles, other_ids, strict=True)]


@dataclass(frozen=True, slots=True)
class DoubleLine:
    """One child with records that look like it."""

    reference: str
    child_name: str
    date_of_birth: date
    others: int
    score: int


def children_with_doubles(work: Work) -> tuple[list[DoubleLine], bool]:
    """Children that may be on the register twice, the likeliest first, up to a hundred; and whether there are more.

    A child whose registration waits to be checked is left out: that is where its doubles are decided.
    """
    waiting = select(Registration.child_id).where(
        Registration.state == RegistrationState.WAITING,
        within(work, Registration.child_id, Registration.authority_id),
    )
    rows = work.session.execute(
        select(
            Child.reference,
            Child.legal_forename + " " + Child.legal_surname,
            Child.date_of_birth,
            func.count(PossibleDouble.id),
            func.max(PossibleDouble.score),
        )
        .join(PossibleDouble, PossibleDouble.child_id == Child.id)
        .where(
            PossibleDouble.verdict == DoubleVerdict.UNDECIDED,
            within(work, PossibleDouble.child_id, PossibleDouble.authority_id),
            Child.id.not_in(waiting),
        )
        .group_by(Child.id)
        .order_by(func.max(PossibleDouble.score).desc(), Child.id)
        .limit(MOST + 1)
    )
    lines = [DoubleLine(*row) for row in rows]
    return lines[:MOST], len(lines) > MOST


def known_records(work: Work, authority_id: int, near: Any = None) -> list[Known]:
    """What is compared of an authority's children: of all of them, or of those `near` holds for.

    Records that were found to be duplicates are left out.
    """
    duplicate = select(Episode.child_id).where(
        Episode.authority_id == authority_id, Episode.destination == Destination.DUPLICATE
    )
    found = (
        select(
            Child.id,
            Child.legal_forename,
            Child.legal_surname,
            Child.preferred_name,
            Child.date_of_birth,
            Address.postcode,
            Child.upn,
            Child.nhs_number,
        )
        .outerjoin(Address, and_(Address.child_id == Child.id, Address.until_on.is_(None)))
        .where(Child.authority_id == authority_id, Child.id.not_in(duplicate))
        .order_by(Child.id)
    )
    if near is not None:
        found = found.where(near)
    return [known(*row) for row in work.session.execute(found)]


def records_near(work: Work, child: Child, postcode: str | None) -> list[Known]:
    """The records that could be this child: the same or a near date of birth, name or postcode, or the same number."""
    born = child.date_of_birth
    week = timedelta(days=7)
    near = [
        Child.date_of_birth.between(born - week, born + week),
        Child.sort_name == child.sort_name,
    ]
    if born.day <= 12:
        near.append(Child.date_of_birth == date(born.year, born.day, born.month))
    if postcode:
        near.append(
            Child.id.in_(
                select(Address.child_id).where(
                    Address.authority_id == child.authority_id,
                    Address.postcode == postcode,
                    Address.until_on.is_(None),
                )
            )
        )
    if child.upn:
        near.append(Child.upn == child.upn)
    if child.nhs_number:
        near.append(Child.nhs_number == child.nhs_number)
    return known_records(work, child.authority_id, or_(*near))


def pairs_with(work: Work, child_id: int) -> list[set[int]]:
    """The records that were ever found to be like one, each with it, whatever was decided."""
    rows = work.session.execute(
        select(PossibleDouble.child_id, PossibleDouble.other_child_id)
        .where(
            or_(PossibleDouble.child_id == child_id, PossibleDouble.other_child_id == child_id),
            within(work, PossibleDouble.child_id, PossibleDouble.authority_id),
        )
        .order_by(PossibleDouble.id)
    )
    return [{*row} for row in rows]


def pair_of(work: Work, child_ids: Collection[int]) -> PossibleDouble | None:
    """What was found about two records, whichever came first."""
    one, other = child_ids
    return work.session.scalar(
        select(PossibleDouble).where(
            or_(
                and_(PossibleDouble.child_id == one, PossibleDouble.other_child_id == other),
                and_(PossibleDouble.child_id == other, PossibleDouble.other_child_id == one),
            ),
            within(work, PossibleDouble.child_id, PossibleDouble.authority_id),
        )
    )
