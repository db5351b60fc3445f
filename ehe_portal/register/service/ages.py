"""The end of compulsory school age: it ends episodes by itself, an officer looks at that, or says which day it is."""

from collections.abc import Sequence
from datetime import date

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import Destination
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Event, Work
from ehe_portal.register import queries
from ehe_portal.register.events import EpisodeReopened, SchoolAgeEndReviewed, SchoolAgeEndSaid
from ehe_portal.register.models import Child, Episode, Nature, Subject
from ehe_portal.register.rules.ages import saying_problem
from ehe_portal.register.rules.closing import closes_over_age_on
from ehe_portal.register.service.carers import Turn
from ehe_portal.register.service.episodes import end, give_to
from ehe_portal.register.service.kept import keep_before


def close_over_age(work: Work, ids: Sequence[int]) -> None:
    """End the episodes, of these, whose children are past compulsory school age: computed, and confirmed by nobody
    until an officer has looked at each.
    """
    ended: list[Event] = []
    for episode, age_ends in queries.open_with_age(work, ids):
        if age_ends < work.today:
            ended.append(end(episode, closes_over_age_on(episode.opened_on, age_ends), Destination.OVER_AGE))
            episode.to_review_since = work.today
    if ended:
        work.session.flush()
        work.publish(*ended)


def review_end(work: Work, episode: Episode, found: str, version: int | None = None) -> None:
    """Say that one has looked at an episode that school age closed by itself, and what one `found`. Raises `Refusal`.

    It stays closed and readable, with whoever looked at it as the one who confirms where the child went.
    """
    if version is not None and version != episode.version:
        raise ChangedMeanwhile("This episode")
    if episode.to_review_since is None:
        raise Refusal("This episode does not wait to be looked at")
    if not found.strip():
        raise Refusal("Enter what you looked at", "found")
    episode.to_review_since = None
    episode.destination_confirmed_by_id = work.actor.account_id
    episode.destination_note = found.strip()
    work.session.flush()
    work.publish(
        SchoolAgeEndReviewed(authority_id=episode.authority_id, child_id=episode.child_id, episode_id=episode.id)
    )


def say_age_ends(work: Work, child: Child, ends_on: date, why: str, version: int | None = None) -> None:
    """Say with which of two days compulsory school age ends, where a 16th birthday on the edge leaves that open.

    The contact clock follows, and so does the end of the episode. Raises `Refusal`.
    """
    if version is not None and version != child.version:
        raise ChangedMeanwhile("What is known of this child")
    said = child.age_ends_said_on is not None
    problem = saying_problem(queries.edge_of(work, child), ends_on, child.age_ends, why, said=said)
    if problem is not None:
        raise Refusal(problem.message, problem.field)
    if queries.episode_of_age(work, child) is None:
        raise Refusal("This child’s episode has ended for another reason: it can be read, but no longer changed")
    keep_before(
        work,
        child,
        Subject.SCHOOL_AGE,
        {"age_ends": child.age_ends.isoformat()},
        Turn(Nature.CHANGE, work.today, why.strip()),
    )
    child.age_ends, child.age_ends_said_on = ends_on, work.today
    work.session.flush()
    work.publish(
        SchoolAgeEndSaid(authority_id=child.authority_id, child_id=child.id, ends_on=ends_on),
        *reopened(work, child),
    )


def reopened(work: Work, child: Child) -> list[Event]:
    """Open again an episode that school age had closed, where it is not over, as is known now; the events to publish.

    Without that a child of compulsory school age would stand as closed for being past it, and be out of sight.
    """
    episode = queries.episode_of_age(work, child)
    if episode is None or episode.is_open or child.age_ends < work.today:
        return []
    episode.closed_on = episode.destination = episode.to_review_since = None
    episode.destination_confirmed_by_id = episode.destination_note = None
    about = {"authority_id": episode.authority_id, "child_id": episode.child_id, "episode_id": episode.id}
    events: list[Event] = [EpisodeReopened(**about)]
    adviser = work.session.get(Account, episode.adviser_id) if episode.adviser_id else None
    if adviser is None or not adviser.is_active or adviser.role is not Role.ADVISER:
        events.append(give_to(work, episode, None))
    work.session.flush()
    return events
