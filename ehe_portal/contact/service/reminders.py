"""Reminding families and advisers before a contact is due, and once when it was."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from sqlalchemy import insert, update

from ehe_portal.contact import queries, rules
from ehe_portal.contact.events import ContactReminded, RemindersPassedOver
from ehe_portal.contact.models import ContactClock, ContactReminder
from ehe_portal.contact.queries import AnyRow, Policies
from ehe_portal.contact.rules import Reminder, ReminderDays
from ehe_portal.contact.service.clocks import ALIKE, ONE_DAY, asked_by
from ehe_portal.core.codes import ContactWay
from ehe_portal.core.work import Work
from ehe_portal.letters import service as letters

Wishes = Mapping[int, list[ContactWay]]


def remind(work: Work, clock_ids: Collection[int]) -> None:
    """Remind whoever these clocks ask to be reminded today, of each date once; the messages follow from the events.

    A family whose messages are stopped, or of whom nobody has an account or gets letters, is not reminded, and nothing
    is written down as if it had been.
    """
    clocks = queries.still_reminding(work, clock_ids)
    policies = Policies(work)
    children = [clock.child_id for clock in clocks]
    wishes = queries.wishes_of_reachable(work, children, letters.reached_on_paper(work, children))
    known = queries.reminded_already(work, [clock.episode_id for clock in clocks])
    reminded, moved = [], []
    for clock in clocks:
        days = policies.on(clock.authority_id, work.today).reminders
        by_on = asked_by(clock.due_on, clock.held_until)
        kinds = [kind for kind in kinds_for(work, clock, days) if (clock.episode_id, by_on, kind) not in known]
        reminded += reminders(clock, kinds, wishes)
        moved.append({"id": clock.id, "remind_on": rules.next_reminder_on(by_on, days, work.today + ONE_DAY)})
    if moved:
        work.session.execute(update(ContactClock), moved)
    keep(work, reminded)
    work.publish(*reminded, *passed_over(clocks, reminded))


def kinds_for(work: Work, clock: AnyRow, days: ReminderDays) -> list[Reminder]:
    """The reminders that a clock asks for today: none before school age, after it, or once the grace days are over."""
    if not clock.starts_on <= work.today <= min(clock.grace_ends, clock.age_ends):
        return []
    return rules.reminders_on(asked_by(clock.due_on, clock.held_until), days, clock.remind_on, work.today)


def reminders(clock: AnyRow, kinds: Iterable[Reminder], wishes: Wishes) -> list[ContactReminded]:
    """The reminders of these kinds that can reach someone."""
    return [
        ContactReminded(
            authority_id=clock.authority_id,
            child_id=clock.child_id,
            episode_id=clock.episode_id,
            kind=kind,
            by_on=asked_by(clock.due_on, clock.held_until),
            way=rules.way_of(wishes[clock.child_id]) if kind.is_for_family else None,
        )
        for kind in kinds
        if not kind.is_for_family or clock.child_id in wishes
    ]


def keep(work: Work, reminded: Sequence[ContactReminded]) -> None:
    """Write down what is being reminded of: never twice of one date."""
    rows = [
        {
            "authority_id": event.authority_id,
            "child_id": event.child_id,
            "episode_id": event.episode_id,
            "by_on": event.by_on,
            "kind": event.kind,
            "way": event.way,
            "reminded_at": work.at,
        }
        for event in reminded
    ]
    if rows:
        work.session.execute(insert(ContactReminder), rows, execution_options=ALIKE)


def passed_over(clocks: Sequence[AnyRow], reminded: Sequence[ContactReminded]) -> list[RemindersPassedOver]:
    """Of how many clocks of each authority nobody was reminded."""
    spoken_of = {event.episode_id for event in reminded}
    counts: dict[int, int] = {}
    for clock in clocks:
        if clock.episode_id not in spoken_of:
            counts[clock.authority_id] = counts.get(clock.authority_id, 0) + 1
    return [RemindersPassedOver(authority_id=whose, clocks=count) for whose, count in counts.items()]
