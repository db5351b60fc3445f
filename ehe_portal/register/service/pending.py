"""Where a child is said to be going, kept in sight until someone confirms it or it comes to nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import update

from ehe_portal.accounts.models import Account
from ehe_portal.core.codes import Destination
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.events import DestinationAwaited, DestinationHandedOver, DestinationSettled, EpisodeClosed
from ehe_portal.register.models import Episode, PendingDestination
from ehe_portal.register.rules.closing import pending_problem
from ehe_portal.register.service.episodes import check_open


@dataclass(frozen=True)
class Awaited:
    """Where a child is said to be going, what is known of it, who finds out more, and by when."""

    destination: Destination
    known: str
    owner: Account | None
    next_on: date


def await_destination(work: Work, episode: Episode, awaited: Awaited, version: int | None = None) -> None:
    """Keep a destination in sight that nobody has confirmed. The episode stays open, and its clock runs on.

    `version` is that of what was awaited before, 0 for nothing. Raises `Refusal`.
    """
    check_open(episode, None)
    problem = pending_problem(awaited.destination, awaited.known, awaited.next_on, work.today)
    if problem is not None:
        raise Refusal(problem.message, problem.field)
    owner = awaited.owner
    if owner is None:
        raise Refusal("Select who finds out more", "owner")
    check_finder(work, episode.authority_id, owner)
    known = queries.pending_of(work, episode.id)
    if version is not None and version != (known.version if known else 0):
        raise ChangedMeanwhile("This destination")
    if known is None:
        known = PendingDestination(
            authority_id=episode.authority_id,
            child_id=episode.child_id,
            episode_id=episode.id,
            destination=awaited.destination,
            known=awaited.known.strip(),
            owner_id=owner.id,
            next_on=awaited.next_on,
            set_at=work.at,
            set_by_id=work.actor.account_id,
        )
        work.session.add(known)
    else:
        known.destination, known.known = awaited.destination, awaited.known.strip()
        known.owner_id, known.next_on = owner.id, awaited.next_on
    work.session.flush()
    work.publish(
        DestinationAwaited(
            authority_id=known.authority_id,
            child_id=known.child_id,
            episode_id=known.episode_id,
            destination=known.destination,
            owner_id=known.owner_id,
            next_on=known.next_on,
        )
    )


def check_finder(work: Work, authority_id: int, owner: Account, field: str = "owner") -> None:
    """Raises `Refusal` where someone cannot be asked to find out where an authority's children went."""
    if owner.id not in {one.id for one in queries.finders(work, authority_id)}:
        raise Refusal("Select someone who works here and may close episodes", field)


def hand_over_awaited(work: Work, owner: Account, to: Account) -> int:
    """Let someone else find out about all destinations that a person was to find out about; how many.

    What is known and the next date stay: only the name changes. Raises `Refusal`.
    """
    if to.id == owner.id:
        raise Refusal("Select somebody else: this person is leaving", "finder")
    check_finder(work, owner.authority_id, to, "finder")
    changed = work.session.execute(
        update(PendingDestination)
        .where(
            PendingDestination.authority_id == owner.authority_id,
            PendingDestination.owner_id == owner.id,
            PendingDestination.settled_at.is_(None),
        )
        .values(owner_id=to.id, version=PendingDestination.version + 1)
        .returning(PendingDestination.child_id, PendingDestination.episode_id),
        execution_options={"synchronize_session": False},
    ).all()
    for known in list(work.session.identity_map.values()):
        if isinstance(known, PendingDestination):
            work.session.expire(known)
    if changed:
        work.publish(
            *(
                DestinationHandedOver(
                    authority_id=owner.authority_id, child_id=row.child_id, episode_id=row.episode_id, owner_id=to.id
                )
                for row in changed
            )
        )
    return len(changed)


def give_up_destination(work: Work, episode: Episode, why: str) -> None:
    """It came to nothing: the child stays home educated. Raises `Refusal`."""
    known = queries.pending_of(work, episode.id)
    if known is None:
        raise Refusal("No destination is waiting to be confirmed")
    if not why.strip():
        raise Refusal("Enter why it came to nothing", "why")
    work.publish(settle(work, known, why.strip()))


def settle_with_closing(work: Work, closed: Sequence[EpisodeClosed]) -> None:
    """Closing an episode with a destination that is confirmed settles what was awaited."""
    found = queries.pending_of_episodes(work, [event.episode_id for event in closed])
    work.publish(*(settle(work, one, "The episode was closed") for one in found))


def settle(work: Work, known: PendingDestination, why: str) -> DestinationSettled:
    """End the waiting; gives the event to publish."""
    known.settled_at, known.settled_by_id, known.settled_why = work.at, work.actor.account_id, why
    work.session.flush()
    return DestinationSettled(authority_id=known.authority_id, child_id=known.child_id, episode_id=known.episode_id)
