"""Messages to whoever makes a visit: its entry for their own calendar, and what somebody else has done about it.

Of what they did themselves they get the entry and no more; of many visits offered in one go, one message.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from ehe_portal.core import outbox
from ehe_portal.core.invitations import Status
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.queries import Person
from ehe_portal.notices.service.invitations import STAFF_PAGE, InCalendars, called, has_entry, kept
from ehe_portal.notices.service.writing import mail_to, once_each


class HandedOver(InCalendars, Protocol):
    """A visit will be made by someone else."""

    @property
    def former_adviser_id(self) -> int | None: ...


class Left(InCalendars, Protocol):
    """A child is no longer part of a visit."""

    @property
    def staying(self) -> tuple[int, ...]: ...
    @property
    def told(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Telling:
    """What one person is told of one visit: how it stands for them, on whose pages it is read, and `what` somebody else
    has done about it (see `visit-of-yours.txt`); None where only the entry is of interest.
    """

    event: InCalendars
    whose: int | None
    status: Status
    child_id: int | None
    what: str | None = None


def tell_maker_offered(work: Work, offered: Sequence[InCalendars]) -> None:
    """Send whoever makes them the entries of visits: each by itself, or several that were offered in one go in one."""
    by_person: dict[int | None, dict[int, InCalendars]] = {}
    for event in offered:
        by_person.setdefault(event.adviser_id, {}).setdefault(event.visit_id, event)
    several = {whose: visits for whose, visits in by_person.items() if whose is not None and len(visits) > 1}
    tell_of_several(work, several)
    tell_makers(work, of_each([event for event in offered if event.adviser_id not in several], "offered"))


def tell_maker_changed(work: Work, changed: Sequence[InCalendars]) -> None:
    """Tell whoever makes a visit that something else is offered."""
    tell_makers(work, of_each(changed, "changed"))


def tell_maker_agreed(work: Work, agreed: Sequence[InCalendars]) -> None:
    """Tell whoever makes a visit that a time which the family suggested is taken."""
    tell_makers(work, of_each(agreed, "agreed"))


def tell_maker_withdrawn(work: Work, withdrawn: Sequence[InCalendars]) -> None:
    """Tell whoever was to make a visit that it has been cancelled."""
    tell_makers(work, of_each(withdrawn, "cancelled"))


def tell_maker_answered(work: Work, answered: Sequence[InCalendars]) -> None:
    """Tell whoever makes a visit that its family has answered."""
    tell_makers(work, of_each(answered, "answered"))


def tell_maker_place(work: Work, confirmed: Sequence[InCalendars]) -> None:
    """Tell whoever makes a visit that somebody else has confirmed its place, which no entry says."""
    tell_makers(work, of_each([event for event in confirmed if event.adviser_id != work.actor.account_id], "place"))


def tell_maker_parted(work: Work, parted: Sequence[InCalendars]) -> None:
    """Send the entry of a visit that was part of another."""
    tell_makers(work, of_each(parted, None))


def tell_maker_left(work: Work, left: Sequence[Left]) -> None:
    """Tell whoever makes a visit that it is about fewer children, or about nobody any more; on the pages of those who
    stay, for those who left have it no longer.
    """
    tell_makers(
        work,
        [
            Telling(
                event,
                event.adviser_id,
                event.status,
                event.staying[0] if event.staying else event.child_id,
                "parted" if event.staying else "cancelled",
            )
            for event in left
            if not event.told
        ],
    )


def move_to_other_calendars(work: Work, handed: Sequence[HandedOver]) -> None:
    """Send each visit's entry to whoever makes it now, and take it out of the calendar of whoever does not any more."""
    standing = [event for event in handed if event.status is not Status.CANCELLED]
    tell_makers(
        work,
        [
            *(Telling(one, one.former_adviser_id, Status.CANCELLED, one.child_id, "taken") for one in standing),
            *(Telling(one, one.adviser_id, one.status, one.child_id, "given") for one in standing),
        ],
    )


def of_each(happened: Iterable[InCalendars], what: str | None) -> list[Telling]:
    """What whoever makes each visit is told."""
    return [Telling(event, event.adviser_id, event.status, event.child_id, what) for event in happened]


def tell_makers(work: Work, told: Sequence[Telling]) -> None:
    """Write to the holders of accounts, each of one visit: one message, of however many children it is."""
    people = queries.people(work, {one.whose for one in told if one.whose is not None}, work.today)
    references = queries.child_references(work, {one.child_id for one in told if one.child_id is not None})
    rows = []
    for one in told:
        person = people.get(one.whose or 0)
        if person is None or one.child_id is None:
            continue
        by_other = one.what is not None and one.whose != work.actor.account_id
        if not by_other and not has_entry(one.event):
            continue
        context = {
            "child_reference": references[one.child_id],
            "visit_reference": one.event.reference,
            "on_date": one.event.on_date.isoformat(),
            "is_over": one.status is Status.CANCELLED,
            "entry": kept(one.event, STAFF_PAGE, one.status),
        }
        template = "visit-entry"
        if by_other:
            template, context = (
                "visit-of-yours",
                context
                | {
                    "what": one.what,
                    "called": called(one.event.kind),
                    "choice": one.event.choice,
                },
            )
        rows.append(mail_to(work, person, template, context, f"{one.event.visit_id}-{one.event.round}"))
    outbox.put(work, once_each(rows))


def tell_of_several(work: Work, by_person: Mapping[int, Mapping[int, InCalendars]]) -> None:
    """Write to the holders of accounts, each once of all the visits that were offered in one go, with their entries."""
    people: Mapping[int, Person] = queries.people(work, set(by_person), work.today)
    about = {event.child_id for visits in by_person.values() for event in visits.values()}
    references = queries.child_references(work, {child_id for child_id in about if child_id is not None})
    rows = []
    for whose, visits in by_person.items():
        entries: list[dict[str, Any]] = []
        for event in visits.values():
            entry = kept(event, STAFF_PAGE)
            if entry is not None and event.child_id is not None:
                entries.append(entry | {"child_reference": references[event.child_id]})
        if whose in people:
            days = [event.on_date for event in visits.values()]
            context = {
                "how_many": len(visits),
                "first_on": min(days).isoformat(),
                "by_other": whose != work.actor.account_id,
                "entries": entries,
            }
            rows.append(mail_to(work, people[whose], "visits-of-yours", context, str(min(visits))))
    outbox.put(work, rows)
