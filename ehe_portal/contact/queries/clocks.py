"""Clocks: what each is worked out from, which are due to be looked at, and what the authority tried."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from ehe_portal.contact import rules
from ehe_portal.contact.models import ANSWERABLE, STANDING, Contact, ContactClock, PlannedContact, Visit
from ehe_portal.contact.rules import ClockAnswer, ClockValues, Heard, Hearing, Interval, Planned, Setting
from ehe_portal.core.codes import Arrangement, ChildSeen, ContactOutcome, Tier
from ehe_portal.core.days import london_date
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.policy.models import PolicyValues, PolicyVersion
from ehe_portal.register.models import Child, Episode, EpisodeChange

AT_ONCE = 1000
"""How many ids one statement names: SQLite takes some 32,000 variables, and short lists plan well everywhere."""

AnyRow = Row[*tuple[Any, ...]]

ATTEMPTS = (
    ContactOutcome.HELD,
    ContactOutcome.NO_ANSWER,
    ContactOutcome.NO_ACCESS,
    ContactOutcome.CANCELLED_BY_FAMILY,
    ContactOutcome.SENT,
)
"""Outcomes that show the authority trying. What it cancelled itself is no attempt."""


def in_portions(ids: Iterable[int], size: int = AT_ONCE) -> Iterator[list[int]]:
    """The ids in ascending order without repeats, some at a time."""
    ordered = iter(sorted(set(ids)))
    while portion := list(islice(ordered, size)):
        yield portion


# What a clock is worked out from


@dataclass(frozen=True, slots=True)
class ClockHistory:
    """All that the clock of one `ehe` episode is worked out from, and whose it is.

    `child_ref` is the authority's reference, or the portal's own where it has none. `last_seen_on` is the last day on
    which anyone saw the child, before or after opening.
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

    def clock(self, as_of: date) -> ClockAnswer:
        """Where the clock stands, as known on a day."""
        return rules.clock(self.opened_on, self.date_of_birth, self.settings, self.heard, self.planned, as_of)


@dataclass(frozen=True, slots=True)
class _Values:
    """One version of an authority's values, as the clock reads them."""

    from_on: date
    number: int
    values: ClockValues


class Policies:
    """The values of each authority that is asked for, read once."""

    def __init__(self, work: Work) -> None:
        self.work = work
        self.known: dict[int, list[_Values]] = {}

    def versions(self, authority_id: int) -> list[_Values]:
        """Every version, the earliest first."""
        if authority_id not in self.known:
            self.known[authority_id] = [
                _Values(version.in_force_from, version.number, clock_values(version.values))
                for version in policy.versions(self.work, authority_id)
            ]
        return self.known[authority_id]

    def number(self, authority_id: int, on: date) -> int:
        """The number of the version in force on a day."""
        return [version.number for version in self.versions(authority_id) if version.from_on <= on][-1]


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
    """The histories of one portion of episodes, in four queries."""
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
                Contact.child_id.in_(sorted({episode.child_id for episode in episodes})),
                Contact.struck_out_at.is_(None),
                or_(
                    Contact.outcome.in_((ContactOutcome.HELD, ContactOutcome.RECEIVED)),
                    Contact.child_seen == ChildSeen.YES,
                ),
            )
            .order_by(Contact.child_id, Contact.happened_on, Contact.id)
        )
    )
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
            last_seen_on=max((c.happened_on for c in of_child if c.child_seen is ChildSeen.YES), default=None),
        )


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


def forecast_episodes(work: Work, authority_id: int, as_of: date) -> list[int]:
    """The `ehe` episodes that were open on a day and whose child had not passed compulsory school age."""
    return list(
        work.session.scalars(
            select(Episode.id)
            .join(Child, Child.id == Episode.child_id)
            .where(
                Episode.authority_id == authority_id,
                Episode.arrangement == Arrangement.EHE,
                Episode.opened_on <= as_of,
                or_(Episode.closed_on.is_(None), Episode.closed_on > as_of),
                Child.age_ends >= as_of,
            )
            .order_by(Episode.id)
        )
    )


# Clocks


def clock_of(work: Work, child_id: int) -> ContactClock | None:
    """The running clock of a child who has been found in scope; None without an open `ehe` episode."""
    return work.session.scalar(
        select(ContactClock)
        .where(ContactClock.child_id == child_id, ContactClock.is_running)
        .order_by(ContactClock.id.desc())
        .limit(1)
        .execution_options(populate_existing=True)
    )


def running_clocks(work: Work, episode_ids: Iterable[int]) -> list[AnyRow]:
    """The running clocks of these episodes as plain rows, locked so that nobody else works them out meanwhile.

    Not scoped: the ids come from what has happened.
    """
    clocks: list[AnyRow] = []
    for portion in in_portions(episode_ids):
        clocks += work.session.execute(
            select(*ContactClock.__table__.c)
            .where(ContactClock.episode_id.in_(portion), ContactClock.is_running)
            .order_by(ContactClock.id)
            .with_for_update(of=ContactClock)
        )
    return clocks


def running_episodes(work: Work, child_ids: Iterable[int]) -> list[int]:
    """The episodes of these children whose clocks run. Not scoped: the ids come from what has happened."""
    return [
        episode_id
        for portion in in_portions(child_ids)
        for episode_id in work.session.scalars(
            select(ContactClock.episode_id)
            .where(ContactClock.child_id.in_(portion), ContactClock.is_running)
            .order_by(ContactClock.id)
        )
    ]


def episodes_of_clocks(work: Work, clock_ids: Collection[int]) -> list[int]:
    """The episodes whose clocks these are. Not scoped: the ids come from a job's own query."""
    return [
        episode_id
        for portion in in_portions(clock_ids)
        for episode_id in work.session.scalars(
            select(ContactClock.episode_id).where(ContactClock.id.in_(portion)).order_by(ContactClock.id)
        )
    ]


def overdue(work: Work) -> Select[int]:
    """The clocks that lapse today: grace is over, compulsory school age is not, and no lapse is open."""
    found = select(ContactClock.id).where(
        ContactClock.is_running,
        ContactClock.lapsed_on.is_(None),
        ContactClock.grace_ends < work.today,
        ContactClock.age_ends >= work.today,
    )
    if not work.scope.everything:
        found = found.where(ContactClock.authority_id == work.scope.authority_id)
    return found.order_by(ContactClock.grace_ends, ContactClock.id)


def still_overdue(work: Work, clock_ids: Collection[int]) -> list[AnyRow]:
    """Those of these clocks that are overdue, locked: whoever asks at the same moment waits, and then finds none."""
    clocks: list[AnyRow] = []
    for portion in in_portions(clock_ids):
        clocks += work.session.execute(
            overdue(work)
            .with_only_columns(*ContactClock.__table__.c)
            .where(ContactClock.id.in_(portion))
            .order_by(None)
            .order_by(ContactClock.id)
            .with_for_update(of=ContactClock)
        )
    return clocks


def under_older_policy(work: Work) -> Select[int]:
    """The running clocks that were worked out under values which are no longer those in force today."""
    in_force = (
        select(PolicyVersion.authority_id, func.max(PolicyVersion.number).label("number"))
        .where(PolicyVersion.in_force_from <= work.today)
        .group_by(PolicyVersion.authority_id)
        .subquery()
    )
    found = (
        select(ContactClock.id)
        .join(in_force, in_force.c.authority_id == ContactClock.authority_id)
        .where(ContactClock.is_running, ContactClock.policy_number < in_force.c.number)
    )
    if not work.scope.everything:
        found = found.where(ContactClock.authority_id == work.scope.authority_id)
    return found.order_by(ContactClock.id)


def last_attempts(work: Work, child_ids: Iterable[int]) -> dict[int, date]:
    """When the authority last tried to reach each of these children's families, on any day up to today.

    A visit offered is an attempt on its own day once that has come, until then on the day of the offer. Not scoped:
    the ids come from what has happened.
    """
    tried: dict[int, date] = {}
    for portion in in_portions(child_ids):
        contacts = work.session.execute(
            select(Contact.child_id, func.max(Contact.happened_on))
            .where(
                Contact.child_id.in_(portion),
                Contact.outcome.in_(ATTEMPTS),
                Contact.struck_out_at.is_(None),
                Contact.happened_on <= work.today,
            )
            .group_by(Contact.child_id)
            .order_by(Contact.child_id)
        )
        tried.update(contacts.all())
        for child_id, on_date, offered_at, state in work.session.execute(
            select(Visit.child_id, Visit.on_date, Visit.offered_at, Visit.state)
            .where(Visit.child_id.in_(portion), Visit.state.in_(ANSWERABLE))
            .order_by(Visit.child_id, Visit.on_date)
        ):
            day = on_date if on_date <= work.today and state in STANDING else london_date(offered_at)
            tried[child_id] = max(day, tried.get(child_id, day))
    return tried
