"""Keeping the clocks: each is worked out from its history whenever that changes, and lapses when silence was too long.

A clock that lapsed stays so until the family is in contact, a next contact is planned or the episode ends. A reply,
or a change of tier, status or policy, only moves its date. When the contact that answered a lapse turns out to be
none, that lapse is open again at once.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Protocol

from sqlalchemy import delete, insert, update

from ehe_portal.contact import queries, rules
from ehe_portal.contact.events import ContactLapsed, LapseAnswered, LapseMoved, PolicyFollowed
from ehe_portal.contact.models import ContactClock, PlannedContact
from ehe_portal.contact.queries import AnyRow, ClockHistory, Policies
from ehe_portal.core.work import Work
from ehe_portal.register.events import (
    ChildDetailsChanged,
    EpisodeAssigned,
    EpisodeClosed,
    EpisodeOpened,
    EpisodeReopened,
    SchoolAgeEndSaid,
    TierChanged,
)

ONE_DAY = timedelta(days=1)
NEAR = timedelta(days=28)
"""How long before the due date the authority's own attempts begin to count."""

ALIKE: dict[str, Any] = {"render_nulls": True}
"""For bulk inserts: rows with and without a value share one statement, instead of one for each pattern of them."""

NO_LAPSE: dict[str, date | None] = dict.fromkeys(("lapsed_due_on", "lapsed_on", "answered_due_on", "answered_after"))


class NextContact(Protocol):
    """What is read of the event that a lapse ended with a dated next contact."""

    @property
    def authority_id(self) -> int | None: ...
    @property
    def episode_id(self) -> int: ...
    @property
    def next_contact_on(self) -> date: ...


# Working out


@dataclass
class Settling:
    """What came of working out some clocks anew: rows to write, and what to say. A lapse is a clock, its due date and
    the first day on which it could be found.
    """

    rows: list[dict[str, Any]] = field(default_factory=list)
    answered: list[LapseAnswered] = field(default_factory=list)
    lapsed: list[tuple[AnyRow, date, date]] = field(default_factory=list)
    moved: list[LapseMoved] = field(default_factory=list)


def settle(work: Work, episode_ids: Iterable[int], *, raising: bool = False) -> None:
    """Work out the running clocks of these episodes anew from their histories, and say what that means for lapses.

    With `raising`, a clock that is found overdue lapses at once; otherwise that is left to the sweep.
    """
    clocks = queries.running_clocks(work, episode_ids)
    policies = Policies(work)
    histories = queries.histories(work, [clock.episode_id for clock in clocks], policies)
    by_episode = {history.episode_id: history for history in histories}
    settling = Settling()
    for clock in clocks:
        history = by_episode[clock.episode_id]
        values = worked_out(history, policies, work.today)
        lapse_values = judged(settling, clock, values, work.today, raising=raising)
        row = {**values, **lapse_values}
        if asks_otherwise(clock, row):
            row["remind_on"] = next_reminder(clock.authority_id, row, policies, work.today)
        if any(getattr(clock, name) != value for name, value in row.items()):
            settling.rows.append({"id": clock.id, **row})
    if settling.rows:
        work.session.execute(update(ContactClock), settling.rows)
    work.publish(*settling.answered, *lapses(work, settling.lapsed), *settling.moved)


def worked_out(history: ClockHistory, policies: Policies, today: date) -> dict[str, Any]:
    """What a clock's row says today, but for its lapse."""
    answer = history.clock(today)
    return {
        "starts_on": answer.starts_on,
        "age_ends": history.age_ends,
        "due_on": answer.due_on,
        "grace_ends": answer.grace_ends,
        "basis": answer.basis.value,
        "tier": answer.tier,
        "last_contact_on": answer.last_contact_on,
        "last_reply_on": answer.last_reply_on,
        "agreed_next_on": answer.agreed_next_on,
        "last_seen_on": history.last_seen_on,
        "held_until": answer.held_until,
        "see_by": rules.see_by(history.opened_on, answer.starts_on, history.last_seen_on, history.next_review_on),
        "policy_number": policies.number(history.authority_id, today),
    }


def asks_otherwise(clock: AnyRow, row: dict[str, Any]) -> bool:
    """Whether a clock asks for contact by another day than before, or under values that may remind on other days."""
    asked_by = ("due_on", "held_until", "policy_number")
    return clock.remind_on is None or any(getattr(clock, name) != row[name] for name in asked_by)


def next_reminder(authority_id: int, row: dict[str, Any], policies: Policies, since: date) -> date | None:
    """The first day, from `since` on, on which someone is reminded of what a clock's row asks."""
    by_on = asked_by(row["due_on"], row["held_until"])
    return rules.next_reminder_on(by_on, policies.on(authority_id, since).reminders, since)


def asked_by(due_on: date, held_until: date | None) -> date:
    """The day by which we would like to hear: the due date, or the last day of a hold that ends later."""
    return due_on if held_until is None else max(due_on, held_until)


def judged(
    settling: Settling, clock: AnyRow, values: dict[str, Any], today: date, *, raising: bool
) -> dict[str, date | None]:
    """What a clock's row says of its lapses under its new `values`; what there is to say goes into `settling`."""
    about = {"authority_id": clock.authority_id, "child_id": clock.child_id, "episode_id": clock.episode_id}
    due_on, grace_ends, age_ends = values["due_on"], values["grace_ends"], values["age_ends"]
    now = {name: getattr(clock, name) for name in NO_LAPSE}
    open_lapse = clock.lapsed_due_on
    if open_lapse is not None and today <= grace_ends and later(values["last_contact_on"], clock.last_contact_on):
        settling.answered.append(LapseAnswered(**about, due_on=open_lapse))
        return NO_LAPSE | {"answered_due_on": open_lapse, "answered_after": clock.last_contact_on}
    if open_lapse is not None:
        if due_on != clock.due_on:
            settling.moved.append(LapseMoved(**about, due_on=due_on))
        return now
    if fallen_back(clock, values["last_contact_on"]) and today <= age_ends:
        settling.lapsed.append((clock, clock.answered_due_on, min(grace_ends + ONE_DAY, today)))
        if due_on != clock.answered_due_on:
            settling.moved.append(LapseMoved(**about, due_on=due_on))
        return NO_LAPSE | {"lapsed_due_on": clock.answered_due_on, "lapsed_on": today}
    if raising and grace_ends < today <= age_ends:
        settling.lapsed.append((clock, due_on, grace_ends + ONE_DAY))
        return NO_LAPSE | {"lapsed_due_on": due_on, "lapsed_on": today}
    return now


def later(day: date | None, than: date | None) -> bool:
    """Whether a contact was made on `day`, and is later than the other, if there was another."""
    return day is not None and (than is None or day > than)


def fallen_back(clock: AnyRow, last_contact_on: date | None) -> bool:
    """Whether nothing is left of the contacts that answered the clock's latest lapse."""
    return clock.answered_due_on is not None and not later(last_contact_on, clock.answered_after)


# Starting, following, stopping


def start_clocks(work: Work, opened: Sequence[EpisodeOpened | EpisodeReopened]) -> None:
    """Give each new open `ehe` episode its clock. Nothing lapses here: the sweep judges."""
    policies = Policies(work)
    rows = []
    for history in queries.histories(work, [event.episode_id for event in opened], policies):
        if history.closed_on is None:
            row = {
                "authority_id": history.authority_id,
                "child_id": history.child_id,
                "episode_id": history.episode_id,
                "adviser_id": history.adviser_id,
                "is_running": True,
                **worked_out(history, policies, work.today),
            }
            rows.append(row | {"remind_on": next_reminder(history.authority_id, row, policies, work.today)})
    if rows:
        work.session.execute(insert(ContactClock), rows, execution_options=ALIKE)


def restart_clocks(work: Work, reopened: Sequence[EpisodeReopened]) -> None:
    """Let the clocks of episodes run that are open again, as if they had never stopped; the sweep judges."""
    ids = [event.episode_id for event in reopened]
    stopped: set[int] = set()
    for portion in queries.in_portions(ids):
        stopped.update(
            work.session.scalars(
                update(ContactClock)
                .where(ContactClock.episode_id.in_(portion))
                .values(is_running=True, remind_on=None)
                .returning(ContactClock.episode_id),
                execution_options={"synchronize_session": False},
            )
        )
    # One that came closed in a file has never had a clock.
    start_clocks(work, [event for event in reopened if event.episode_id not in stopped])
    settle(work, ids)


def follow_changes(work: Work, changed: Sequence[TierChanged]) -> None:
    """Work out the clocks of episodes whose tier or social care status changed."""
    settle(work, [event.episode_id for event in changed])


def follow_details(work: Work, changed: Sequence[ChildDetailsChanged]) -> None:
    """Work out the clocks of children whose date of birth was put right: school age, and so the clock, follows it."""
    born = [event.child_id for event in changed if event.child_id is not None and "date_of_birth" in event.parts]
    settle(work, queries.running_episodes(work, born))


def follow_school_age(work: Work, said: Sequence[SchoolAgeEndSaid]) -> None:
    """Let the clocks of children end with the day that an officer said."""
    settle(work, queries.running_episodes(work, [event.child_id for event in said if event.child_id is not None]))


def follow_policy(work: Work, clock_ids: Collection[int]) -> None:
    """Work out clocks under the values in force today."""
    clocks = queries.running_clocks(work, queries.episodes_of_clocks(work, clock_ids))
    settle(work, [clock.episode_id for clock in clocks])
    followed: dict[int, int] = {}
    for clock in clocks:
        followed[clock.authority_id] = followed.get(clock.authority_id, 0) + 1
    work.publish(*(PolicyFollowed(authority_id=whose, clocks=count) for whose, count in followed.items()))


def plan_next(work: Work, planned: Sequence[NextContact]) -> None:
    """Let the dated next contact with which a lapse ended become due; of two decided in one day the later stands."""
    episode_ids = [event.episode_id for event in planned]
    for portion in queries.in_portions(episode_ids):
        work.session.execute(
            delete(PlannedContact).where(
                PlannedContact.episode_id.in_(portion), PlannedContact.decided_on == work.today
            )
        )
        work.session.execute(
            update(ContactClock).where(ContactClock.episode_id.in_(portion)).values(**NO_LAPSE),
            execution_options={"synchronize_session": False},
        )
    latest = {event.episode_id: event for event in planned}
    work.session.execute(
        insert(PlannedContact),
        [
            {
                "authority_id": event.authority_id,
                "episode_id": event.episode_id,
                "decided_on": work.today,
                "due_on": event.next_contact_on,
            }
            for event in latest.values()
        ],
    )
    settle(work, episode_ids)


def follow_advisers(work: Work, assigned: Sequence[EpisodeAssigned]) -> None:
    """Note on the clocks who has the episodes now."""
    given: dict[int | None, list[int]] = {}
    for event in assigned:
        given.setdefault(event.adviser_id, []).append(event.episode_id)
    for adviser_id, episode_ids in given.items():
        for portion in queries.in_portions(episode_ids):
            work.session.execute(
                update(ContactClock).where(ContactClock.episode_id.in_(portion)).values(adviser_id=adviser_id),
                execution_options={"synchronize_session": False},
            )


def stop_clocks(work: Work, closed: Sequence[EpisodeClosed]) -> None:
    """Stop the clocks of episodes that ended: a confirmed destination ends a lapse too."""
    for portion in queries.in_portions(event.episode_id for event in closed):
        work.session.execute(
            update(ContactClock).where(ContactClock.episode_id.in_(portion)).values(is_running=False, **NO_LAPSE),
            execution_options={"synchronize_session": False},
        )


# The sweep


def lapse(work: Work, clock_ids: Collection[int]) -> None:
    """Let those of these clocks lapse that are overdue today: once each, whoever else is sweeping.

    They are judged under lock. Any that were last worked out under older values are first worked out anew.
    """
    stale = list(work.session.scalars(queries.under_older_policy(work).where(ContactClock.id.in_(clock_ids))))
    if stale:
        follow_policy(work, stale)
    clocks = queries.still_overdue(work, clock_ids)
    for portion in queries.in_portions(clock.id for clock in clocks):
        work.session.execute(
            update(ContactClock)
            .where(ContactClock.id.in_(portion))
            .values(NO_LAPSE | {"lapsed_due_on": ContactClock.due_on, "lapsed_on": work.today}),
            execution_options={"synchronize_session": False},
        )
    found = [(clock, clock.due_on, clock.grace_ends + ONE_DAY) for clock in clocks]
    work.publish(*lapses(work, found))


def lapses(work: Work, found: Sequence[tuple[AnyRow, date, date]]) -> list[ContactLapsed]:
    """The events of clocks that lapsed, with what the authority had tried since the date came near."""
    since = min((due_on for _, due_on, _ in found), default=work.today) - NEAR
    tried = queries.last_attempts(work, [clock.child_id for clock, _, _ in found], since)
    events = []
    for clock, due_on, lapses_on in found:
        attempt = tried.get(clock.child_id)
        events.append(
            ContactLapsed(
                authority_id=clock.authority_id,
                child_id=clock.child_id,
                episode_id=clock.episode_id,
                due_on=due_on,
                lapses_on=lapses_on,
                last_attempt_on=attempt if attempt is not None and attempt >= due_on - NEAR else None,
            )
        )
    return events
