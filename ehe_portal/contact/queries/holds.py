"""Holds of a clock; who saw a child, and how its not having been seen was reviewed."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select

from ehe_portal.contact.models import ClockHold, ContactClock, ContactReminder, SeenReview, Sighting
from ehe_portal.contact.rules import Reminder
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child

FAMILY = tuple(kind for kind in Reminder if kind.is_for_family)


def holds_of(work: Work, episode_id: int) -> Sequence[ClockHold]:
    """Every hold of an episode that has been found in scope, the latest first."""
    return work.session.scalars(
        select(ClockHold)
        .where(ClockHold.episode_id == episode_id)
        .order_by(ClockHold.from_on.desc(), ClockHold.id.desc())
    ).all()


def running_hold(work: Work, reference: str, hold_reference: str) -> ClockHold | None:
    """A hold in scope, of a clock that runs, whose last day has not passed."""
    last_on = func.coalesce(ClockHold.ended_on, ClockHold.until_on)
    return work.session.scalar(
        select(ClockHold)
        .join(Child, Child.id == ClockHold.child_id)
        .join(ContactClock, ContactClock.episode_id == ClockHold.episode_id)
        .where(
            Child.reference == reference,
            ClockHold.reference == hold_reference,
            ContactClock.is_running,
            last_on >= work.today,
            or_(ClockHold.ended_on.is_(None), ClockHold.ended_on > work.today),
            ClockHold.authority_id == work.scope.authority_id,
        )
    )


def sightings_of(work: Work, child_id: int) -> Sequence[Sighting]:
    """When other professionals saw a child who has been found in scope, the latest first; what was struck out too."""
    return work.session.scalars(
        select(Sighting)
        .where(Sighting.child_id == child_id)
        .order_by(Sighting.seen_on.desc(), Sighting.id.desc())
        .limit(50)
    ).all()


def visible_sighting(work: Work, reference: str, sighting_reference: str) -> Sighting | None:
    """A sighting in scope that stands."""
    return work.session.scalar(
        select(Sighting)
        .join(Child, Child.id == Sighting.child_id)
        .where(
            Child.reference == reference,
            Sighting.reference == sighting_reference,
            Sighting.struck_out_at.is_(None),
            Sighting.authority_id == work.scope.authority_id,
        )
    )


def reviews_of(work: Work, episode_id: int) -> Sequence[SeenReview]:
    """The reviews of an episode that has been found in scope, the latest first."""
    return work.session.scalars(
        select(SeenReview).where(SeenReview.episode_id == episode_id).order_by(SeenReview.id.desc()).limit(50)
    ).all()


def reminders_of_family(work: Work, child_id: int, most: int) -> Sequence[ContactReminder]:
    """What a child's family was reminded of here, the latest first. The child has been found in scope."""
    return work.session.scalars(
        select(ContactReminder)
        .where(ContactReminder.child_id == child_id, ContactReminder.kind.in_(FAMILY), ContactReminder.way.is_(None))
        .order_by(ContactReminder.reminded_at.desc(), ContactReminder.id.desc())
        .limit(most)
    ).all()


def reminded_already(work: Work, episode_ids: Sequence[int]) -> set[tuple[int, date, Reminder]]:
    """Which reminders of these episodes there have been, as (episode, by which day, kind)."""
    found = work.session.execute(
        select(ContactReminder.episode_id, ContactReminder.by_on, ContactReminder.kind)
        .where(ContactReminder.episode_id.in_(episode_ids))
        .order_by(ContactReminder.id)
    )
    return {(episode_id, by_on, kind) for episode_id, by_on, kind in found}
