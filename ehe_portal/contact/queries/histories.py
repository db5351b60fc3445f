"""What each clock is worked out from: an episode's whole history, and its authority's values."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Row, func, or_, select

from ehe_portal.contact import rules
from ehe_portal.contact.models import ClockHold, Contact, PlannedContact, SeenReview, Sighting
from ehe_portal.contact.rules import (
    ClockAnswer,
    ClockValues,
    Heard,
    Hearing,
    Hold,
    Interval,
    Planned,
    ReminderDays,
    Setting,
)
from ehe_portal.core.codes import Arrangement, ChildSeen, ContactOutcome, Tier
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.policy.models import PolicyValues
from ehe_portal.register.models import Child, Episode, EpisodeChange

AT_ONCE = 1000
"""How many ids one statement names: SQLite takes some 32,000 variables, and short lists plan well everywhere."""

AnyRow = Row[*tuple[Any, ...]]


def in_portions(ids: Iterable[int], size: int = AT_ONCE) -> Iterator[list[int]]:
    """The ids in ascending order without repeats, some at a time."""
    ordered = iter(sorted(set(ids)))
    while portion := list(islice(ordered, size)):
        yield portion


@dataclass(frozen=True, slots=True)
class ClockHistory:
    """All that the clock of one `ehe` episode is worked out from, and whose it is.

    `child_ref` is the authority's reference, or the portal's own where it has none. `last_seen_on` is the last day on
    which anyone saw the child, before or after opening. `next_review_on` is the day to which the latest review put off
    looking into a child who has not been seen; a sighting later than that review has taken its place.
    """

    authority_id: int
    child_id: int
    episode_id: int
    adviser_id: int | None
    child_ref: str
    opened_on: date
    closed_on: date | None
    date_of_birth: date
    age_ends: date
    settings: Sequence[Setting]
    heard: Sequence[Heard]
    planned: Sequence[Planned]
    last_seen_on: date | None
    holds: Sequence[Hold] = ()
    next_review_on: date | None = None

    def clock(self, as_of: date, settings: Sequence[Setting] | None = None) -> ClockAnswer:
        """Where the clock stands, as known on a day; with other `settings`, where it would stand."""
        return rules.clock(
            self.opened_on, self.date_of_birth, settings or self.settings, self.heard, self.planned, as_of, self.holds
        )


@dataclass(frozen=True, slots=True)
class _Values:
    """One version of an authority's values, as the clock reads them."""

    from_on: date
    number: int
    values: ClockValues
    reminders: ReminderDays


class Policies:
    """The values of each authority that is asked for, read once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.known: dict[int, list[_Values]] = {}

    def versions(self, authority_id: int) -> list[_Values]:
        """Every version, the earliest first."""
        if authority_id not in self.known:
            self.known[authority_id] = [
                _Values(
                    version.in_force_from,
                    version.number,
                    clock_values(version.values),
                    reminder_days(version.values),
                )
                for version in policy.versions(self.work, authority_id)
            ]
        return self.known[authority_id]

    def number(self, authority_id: int, on: date) -> int:
        """The number of the version in force on a day."""
        return self.on(authority_id, on).number

    def on(self, authority_id: int, on: date) -> _Values:
        """The version in force on a day."""
        return [version for version in self.versions(authority_id) if version.from_on <= on][-1]


def clock_values(values: PolicyValues) -> ClockValues:
    """An authority's values in the words of the clock's rules."""
    return ClockValues(
        interval={
            Tier.ANNUAL: Interval(months=values.interval_months_annual),
            Tier.HALF_YEARLY: Interval(months=values.interval_months_half_yearly),
            Tier.CLOSE: Interval(weeks=values.interval_weeks_close),
        },
        grace_days={
            Tier.ANNUAL: values.grace_days_annual,
            Tier.HALF_YEARLY: values.grace_days_half_yearly,
            Tier.CLOSE: values.grace_days_close,
        },
        first_contact_days=values.first_contact_days,
        first_contact_days_social_care=values.first_contact_days_social_care,
        first_contact_grace=values.first_contact_grace,
        reply_days=values.reply_days,
        reply_days_cp=values.reply_days_cp,
    )


def reminder_days(values: PolicyValues) -> ReminderDays:
    """When an authority reminds whom."""
    return ReminderDays(
        family_first=values.remind_family_first_days,
        family_again=values.remind_family_again_days,
        adviser_before=values.remind_adviser_days,
    )


def merged_settings(changes: Sequence[Any], versions: Sequence[_Values]) -> list[Setting]:
    """What held from each day on which the episode's tier or status, or the authority's values, changed.

    `changes` (from_on, tier, social_care) and `versions` are in order, the earliest first, neither empty.
    """
    settings = []
    for day in sorted({each.from_on for each in (*changes, *versions)}):
        change = [each for each in changes if each.from_on <= day][-1:] or changes[:1]
        version = [each for each in versions if each.from_on <= day][-1:] or versions[:1]
        settings.append(Setting(day, change[0].tier, change[0].social_care, version[0].values))
    return settings


def histories(work: Work, episode_ids: Iterable[int], policies: Policies | None = None) -> Iterator[ClockHistory]:
    """The histories of these episodes, of those that are `ehe`, in ascending order of their ids.

    Not scoped: the ids come from what has happened, or from a query that was.
    """
    policies = policies or Policies(work)
    for portion in in_portions(episode_ids):
        yield from _some_histories(work, portion, policies)


def _some_histories(work: Work, ids: list[int], policies: Policies) -> Iterator[ClockHistory]:
    """The histories of one portion of episodes, in seven queries."""
    episodes = work.session.execute(
        select(
            Episode.id,
            Episode.authority_id,
            Episode.child_id,
            Episode.adviser_id,
            Episode.opened_on,
            Episode.closed_on,
            Child.date_of_birth,
            Child.age_ends,
            func.coalesce(Child.authority_ref, Child.reference).label("child_ref"),
        )
        .join(Child, Child.id == Episode.child_id)
        .where(Episode.id.in_(ids), Episode.arrangement == Arrangement.EHE)
        .order_by(Episode.id)
    ).all()
    child_ids = sorted({episode.child_id for episode in episodes})
    changes = _grouped(
        work.session.execute(
            select(EpisodeChange.episode_id, EpisodeChange.from_on, EpisodeChange.tier, EpisodeChange.social_care)
            .where(EpisodeChange.episode_id.in_(ids))
            .order_by(EpisodeChange.episode_id, EpisodeChange.from_on)
        )
    )
    plans = _grouped(
        work.session.execute(
            select(PlannedContact.episode_id, PlannedContact.decided_on, PlannedContact.due_on)
            .where(PlannedContact.episode_id.in_(ids))
            .order_by(PlannedContact.episode_id, PlannedContact.decided_on)
        )
    )
    contacts = _grouped(
        work.session.execute(
            select(
                Contact.child_id,
                Contact.happened_on,
                Contact.kind,
                Contact.outcome,
                Contact.substantive,
                Contact.agreed_next_on,
                Contact.child_seen,
            )
            .where(
                Contact.child_id.in_(child_ids),
                Contact.struck_out_at.is_(None),
                or_(
                    Contact.outcome.in_((ContactOutcome.HELD, ContactOutcome.RECEIVED)),
                    Contact.child_seen == ChildSeen.YES,
                ),
            )
            .order_by(Contact.child_id, Contact.happened_on, Contact.id)
        )
    )
    holds, seen, reviews = _holds(work, ids), _seen_by_others(work, child_ids), _reviews(work, ids)
    for episode in episodes:
        of_child = contacts.get(episode.child_id, [])
        yield ClockHistory(
            authority_id=episode.authority_id,
            child_id=episode.child_id,
            episode_id=episode.id,
            adviser_id=episode.adviser_id,
            child_ref=episode.child_ref,
            opened_on=episode.opened_on,
            closed_on=episode.closed_on,
            date_of_birth=episode.date_of_birth,
            age_ends=episode.age_ends,
            settings=merged_settings(changes[episode.id], policies.versions(episode.authority_id)),
            heard=[heard for heard in map(_heard, of_child) if heard is not None],
            planned=[Planned(plan.decided_on, plan.due_on) for plan in plans.get(episode.id, [])],
            last_seen_on=(last_seen := _last_seen(of_child, seen.get(episode.child_id))),
            holds=holds.get(episode.id, ()),
            next_review_on=_still_put_off(reviews.get(episode.id), last_seen),
        )


def _holds(work: Work, episode_ids: list[int]) -> dict[int, list[Hold]]:
    """The holds of episodes, by episode."""
    found = _grouped(
        work.session.execute(
            select(ClockHold.episode_id, ClockHold.from_on, ClockHold.until_on, ClockHold.ended_on)
            .where(ClockHold.episode_id.in_(episode_ids))
            .order_by(ClockHold.episode_id, ClockHold.from_on, ClockHold.id)
        )
    )
    return {whose: [Hold(row.from_on, row.until_on, row.ended_on) for row in rows] for whose, rows in found.items()}


def _seen_by_others(work: Work, child_ids: list[int]) -> dict[int, date]:
    """When other professionals last saw children."""
    rows = work.session.execute(
        select(Sighting.child_id, func.max(Sighting.seen_on))
        .where(Sighting.child_id.in_(child_ids), Sighting.struck_out_at.is_(None))
        .group_by(Sighting.child_id)
        .order_by(Sighting.child_id)
    )
    return dict(rows.all())


def _reviews(work: Work, episode_ids: list[int]) -> dict[int, tuple[date, date]]:
    """The latest review of each episode: on which day it was decided, and until when it puts off the next."""
    rows = work.session.execute(
        select(SeenReview.episode_id, SeenReview.decided_on, SeenReview.next_review_on)
        .where(SeenReview.episode_id.in_(episode_ids))
        .order_by(SeenReview.episode_id, SeenReview.id)
    )
    return {episode_id: (decided_on, next_on) for episode_id, decided_on, next_on in rows}


def _last_seen(contacts: Iterable[Any], by_others: date | None) -> date | None:
    """The last day on which anyone saw a child."""
    seen = [contact.happened_on for contact in contacts if contact.child_seen is ChildSeen.YES]
    return max(seen if by_others is None else [*seen, by_others], default=None)


def _still_put_off(review: tuple[date, date] | None, last_seen: date | None) -> date | None:
    """Until when a review puts off the next, unless the child has been seen since."""
    if review is None or (last_seen is not None and last_seen >= review[0]):
        return None
    return review[1]


def _grouped(rows: Iterable[AnyRow]) -> dict[int, list[Any]]:
    """Rows by their first column."""
    groups: dict[int, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row[0]].append(row)
    return groups


def _heard(contact: Any) -> Heard | None:
    """What a contact is to the clock, None where it is nothing."""
    hearing = rules.classify(contact.kind, contact.outcome, contact.substantive)
    if hearing is None:
        return None
    return Heard(contact.happened_on, hearing is Hearing.EFFECTIVE, contact.agreed_next_on)
