"""Who saw a child, and what is decided about one who has not been seen for long."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.contact import queries, rules
from ehe_portal.contact.events import SeenReviewed, SightingRecorded, SightingStruckOut
from ehe_portal.contact.models import SeenReview, Sighting
from ehe_portal.contact.rules import SeenBy
from ehe_portal.contact.service.clocks import settle
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child


@dataclass(frozen=True)
class Seen:
    """When another professional saw the child, and who that was: name, post, how we know."""

    seen_on: date
    seen_by: SeenBy
    source: str


@dataclass(frozen=True)
class Review:
    """What was checked and with what result, what was decided and why, and when it is next looked at."""

    decision: str
    next_review_on: date
    health: str = ""
    social_care: str = ""
    schools: str = ""


def record_sighting(work: Work, child: Child, seen: Seen) -> Sighting:
    """Write down that another professional saw the child. It is no contact with the family: no due date moves."""
    if seen.seen_on > work.today:
        raise Refusal("Enter a date that is today or earlier", "seen_on")
    if seen.seen_on < child.date_of_birth:
        raise Refusal("Enter a date after the child’s birth", "seen_on")
    if not seen.source.strip():
        raise Refusal("Enter who saw the child, and how we know", "source")
    sighting = Sighting(
        authority_id=child.authority_id,
        child_id=child.id,
        seen_on=seen.seen_on,
        seen_by=seen.seen_by,
        source=seen.source.strip(),
        recorded_at=work.at,
        recorded_by_id=work.actor.account_id,
    )
    work.session.add(sighting)
    work.session.flush()
    work.publish(
        SightingRecorded(
            authority_id=sighting.authority_id,
            child_id=sighting.child_id,
            sighting_id=sighting.id,
            seen_on=sighting.seen_on,
            seen_by=sighting.seen_by,
        )
    )
    settle(work, queries.running_episodes(work, [child.id]))
    return sighting


def strike_out_sighting(work: Work, sighting: Sighting, why: str) -> None:
    """Strike out a sighting that was recorded in error: it stays readable and no longer counts. Raises `Refusal`."""
    if not why.strip():
        raise Refusal("Enter why it was recorded in error", "why")
    sighting.struck_out_at, sighting.struck_out_by_id = work.at, work.actor.account_id
    sighting.struck_out_why = why.strip()
    work.session.flush()
    work.publish(
        SightingStruckOut(authority_id=sighting.authority_id, child_id=sighting.child_id, sighting_id=sighting.id)
    )
    settle(work, queries.running_episodes(work, [sighting.child_id]))


def review_not_seen(work: Work, child: Child, review: Review) -> SeenReview:
    """Record what was decided about a child who has not been seen. Raises `Refusal`. Nothing is escalated by it."""
    episode = child.episode
    if episode is None or not queries.running_episodes(work, [child.id]):
        raise Refusal("There is nothing to review: this child has no open episode of home education")
    if not any(said.strip() for said in (review.health, review.social_care, review.schools)):
        raise Refusal("Enter what was checked, and with what result", "health")
    if not review.decision.strip():
        raise Refusal("Enter what you decided, and why", "decision")
    problem = rules.review_problem(review.next_review_on, work.today)
    if problem is not None:
        raise Refusal(problem, "next_review_on")
    decided = SeenReview(
        authority_id=child.authority_id,
        child_id=child.id,
        episode_id=episode.id,
        decided_at=work.at,
        decided_by_id=work.actor.account_id,
        decided_on=work.today,
        next_review_on=review.next_review_on,
        decision=review.decision.strip(),
        health=review.health.strip() or None,
        social_care=review.social_care.strip() or None,
        schools=review.schools.strip() or None,
    )
    work.session.add(decided)
    work.session.flush()
    work.publish(
        SeenReviewed(
            authority_id=decided.authority_id,
            child_id=decided.child_id,
            episode_id=decided.episode_id,
            review_id=decided.id,
            next_review_on=decided.next_review_on,
        )
    )
    settle(work, [episode.id])
    return decided
