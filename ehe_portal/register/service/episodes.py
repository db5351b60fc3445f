"""Who has an episode, how tightly it is followed, and how it ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ehe_portal.accounts.events import StaffChanged
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Permission, Role, permits
from ehe_portal.core.codes import Destination, SocialCare, Tier
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.events import EpisodeAssigned, EpisodeClosed, SocialWorkerNamed, TierChanged
from ehe_portal.register.models import Episode, EpisodeChange, ReportedChange
from ehe_portal.register.rules.closing import closing_problem, loosest_tier, tight_enough
from ehe_portal.register.service.changes import taken_up_by_closing


@dataclass(frozen=True)
class Closing:
    """How an episode ends. `note` says what confirms the destination; `confirmed` that it was, where it must be."""

    destination: Destination
    closed_on: date
    note: str
    confirmed: bool = False


@dataclass(frozen=True)
class SocialWorker:
    """The social worker of a child with a protection plan, who does not sign in here; empty where none is known."""

    name: str = ""
    email: str = ""


def check_open(episode: Episode, version: int | None) -> None:
    """Raises `Refusal` where an episode has ended or, by its version, has changed since it was read."""
    if not episode.is_open:
        raise Refusal("This episode has ended. It can be read, but no longer changed")
    if version is not None and version != episode.version:
        raise ChangedMeanwhile("This episode")


def check_adviser(authority_id: int, adviser: Account) -> None:
    """Raises `Refusal` where someone cannot have an authority's episodes."""
    is_adviser = adviser.role is Role.ADVISER and adviser.is_active
    if not is_adviser or adviser.authority_id != authority_id:
        raise Refusal("Select an adviser who works here now", "adviser")


def give_to(work: Work, episode: Episode, adviser: Account | None) -> EpisodeAssigned:
    """Give an episode to an adviser, who has been checked, or to the team; gives the event to publish."""
    episode.adviser_id = adviser.id if adviser else None
    episode.team_since = None if adviser else work.today
    episode.given_on = work.today if adviser and adviser.id != work.actor.account_id else None
    return EpisodeAssigned(
        authority_id=episode.authority_id,
        child_id=episode.child_id,
        episode_id=episode.id,
        adviser_id=episode.adviser_id,
    )


def assign(work: Work, episode: Episode, adviser: Account | None, version: int | None = None) -> None:
    """Give an episode to an adviser, or back to the team. Raises `Refusal`."""
    check_open(episode, version)
    if episode.adviser_id == (adviser.id if adviser else None):
        return
    if adviser is not None:
        check_adviser(episode.authority_id, adviser)
    assigned = give_to(work, episode, adviser)
    work.session.flush()
    work.publish(assigned)


def return_to_team(work: Work, changed: Sequence[StaffChanged]) -> None:
    """Give back to the team the open episodes of those who are no longer advisers here."""
    gone = [event.account_id for event in changed if not event.is_active or event.role is not Role.ADVISER]
    returned = [give_to(work, episode, None) for episode in queries.open_episodes_of(work, gone)] if gone else []
    if returned:
        work.session.flush()
        work.publish(*returned)


def set_tier(work: Work, episode: Episode, tier: Tier, social_care: SocialCare, version: int | None = None) -> None:
    """Set how often contact is planned, and what is known of social care, from today on. Raises `Refusal`.

    The tier is never looser than the social care status asks.
    """
    check_open(episode, version)
    if not tight_enough(tier, social_care):
        least = loosest_tier(social_care)
        or_closer = "" if least is Tier.CLOSE else ", or close"
        raise Refusal(f"Select {least.label.lower()}{or_closer}: the social care status asks for it", "tier")
    if (tier, social_care) == (episode.tier, episode.social_care):
        return
    episode.tier = tier
    episode.social_care = social_care
    change = work.session.scalar(
        select(EpisodeChange).where(EpisodeChange.episode_id == episode.id, EpisodeChange.from_on == work.today)
    )
    if change is None:
        work.session.add(
            EpisodeChange(
                authority_id=episode.authority_id,
                episode_id=episode.id,
                from_on=work.today,
                tier=tier,
                social_care=social_care,
            )
        )
    else:
        change.tier, change.social_care = tier, social_care
    work.session.flush()
    work.publish(
        TierChanged(
            authority_id=episode.authority_id,
            child_id=episode.child_id,
            episode_id=episode.id,
            from_on=work.today,
            tier=tier,
            social_care=social_care,
        )
    )


def name_social_worker(work: Work, episode: Episode, worker: SocialWorker) -> None:
    """Write down who is told outside the portal when an escalation about the child rises. Raises `Refusal`."""
    check_open(episode, None)
    name, email = " ".join(worker.name.split()), worker.email.strip().lower()
    if email and not name:
        raise Refusal("Enter the name of the social worker", "social_worker_name")
    if name and not email:
        raise Refusal("Enter the email address of the social worker", "social_worker_email")
    if (name or None, email or None) == (episode.social_worker_name, episode.social_worker_email):
        return
    episode.social_worker_name, episode.social_worker_email = name or None, email or None
    work.session.flush()
    work.publish(
        SocialWorkerNamed(
            authority_id=episode.authority_id,
            child_id=episode.child_id,
            episode_id=episode.id,
            named=bool(email),
        )
    )


def may_close_as_error(work: Work) -> bool:
    """Whether the actor is a manager, who may say that an episode was recorded in error."""
    return permits(work.actor, Permission.EPISODE_ASSIGN)


def close_episode(
    work: Work,
    episode: Episode,
    closing: Closing,
    version: int | None = None,
    change: ReportedChange | None = None,
) -> None:
    """End an episode with a destination that someone confirms. Raises `Refusal`.

    `change` is what a parent told us that led to this: it is taken up with it.
    """
    check_open(episode, version)
    problem = closing_problem(
        closing.destination,
        closing.closed_on,
        closing.note,
        confirmed=closing.confirmed,
        opened_on=episode.opened_on,
        today=work.today,
        manager=may_close_as_error(work),
    )
    if problem is not None:
        raise Refusal(problem.message, problem.field)
    episode.destination_note = closing.note.strip()
    episode.destination_confirmed_by_id = work.actor.account_id
    ended = end(episode, closing.closed_on, closing.destination)
    taken_up = taken_up_by_closing(work, change)
    work.session.flush()
    work.publish(ended, *taken_up)


def end(episode: Episode, closed_on: date, destination: Destination) -> EpisodeClosed:
    """Close an episode; gives the event to publish once it is saved."""
    episode.closed_on = closed_on
    episode.destination = destination
    episode.to_review_since = None
    return EpisodeClosed(
        authority_id=episode.authority_id,
        child_id=episode.child_id,
        episode_id=episode.id,
        closed_on=closed_on,
        destination=destination,
    )
