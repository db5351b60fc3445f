"""The messages of escalations: the first alert of each, every rung of its ladder, and digests of many at once.

None names a child. The one that leaves the house for a social worker has a reference, and whom to ring.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any, Final, Protocol

from ehe_portal.accounts.policy import Role
from ehe_portal.core import outbox
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.queries import Person, SocialWorker
from ehe_portal.notices.service.digests import put_alerts
from ehe_portal.notices.service.writing import AboutChild

LADDER: Final = (Role.CME_OFFICER, Role.CME_MANAGER, Role.HEAD_OF_SERVICE)
"""Who is alerted about an escalation: the first of these roles in which someone is here."""

MANAGERS: Final = (Role.EHE_MANAGER, Role.HEAD_OF_SERVICE)
"""Who is told that the authority itself had not tried."""


class AboutEscalation(AboutChild, Protocol):
    """What every event about an escalation that is told of says: `alert` counts how often it rose."""

    @property
    def escalation_id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def reason(self) -> Any: ...
    @property
    def alert(self) -> int: ...


class Raised(AboutEscalation, Protocol):
    """An escalation rose, or rose again."""

    @property
    def no_attempt(self) -> bool: ...


class Reached(AboutEscalation, Protocol):
    """A rung of its ladder was reached: these people are told."""

    @property
    def rung(self) -> Any: ...
    @property
    def due_on(self) -> date: ...
    @property
    def account_ids(self) -> tuple[int, ...]: ...


# The first alert


def alert_officers(work: Work, raised: Sequence[Raised]) -> None:
    """Alert everyone who should know of these escalations, each by a message of their own.

    That is every CME officer who is here today (without any, the next of `LADDER`); the adviser of the child's
    episode; for a child with a protection plan the social worker; and the EHE managers where the authority itself had
    not tried. Where an authority has nobody at all, there is no message, and the queue shows it.
    """
    authority_ids = {event.authority_id for event in raised if event.authority_id is not None}
    staff = queries.staff_of(work, authority_ids, {*LADDER, *MANAGERS}, work.today)
    by_authority = {one: [person for person in staff if person.authority_id == one] for one in authority_ids}
    officers = {one: whom_to_alert(theirs, LADDER) for one, theirs in by_authority.items()}
    managers = {one: whom_to_alert(theirs, MANAGERS) for one, theirs in by_authority.items()}
    child_ids = {event.child_id for event in raised if event.child_id is not None}
    advisers = queries.adviser_ids(work, child_ids)
    people = queries.people(work, set(advisers.values()), work.today)
    rows = []
    for event in raised:
        if event.authority_id is None:
            continue
        told = {person.account_id: (person, "officer") for person in officers[event.authority_id]}
        adviser = people.get(advisers.get(event.child_id or 0, 0))
        if adviser is not None and adviser.account_id != work.actor.account_id:
            told.setdefault(adviser.account_id, (adviser, "adviser"))
        if event.no_attempt:
            for manager in managers[event.authority_id]:
                told.setdefault(manager.account_id, (manager, "manager"))
        rows += [alert(work, event, person, told_as) for person, told_as in told.values()]
    put_alerts(work, rows)
    tell_social_workers(work, raised, queries.social_workers(work, child_ids))


def whom_to_alert(staff: Sequence[Person], roles: Sequence[Role]) -> list[Person]:
    """The first of some roles in which someone is here; if all are away, the first in which there is someone."""
    here = [person for person in staff if not person.away]
    for group in (here, staff):
        for role in roles:
            found = [person for person in group if person.role is role]
            if found:
                return found
    return []


def alert(work: Work, event: Raised, person: Person, told_as: str) -> dict[str, Any]:
    """One alert to one person. `told_as`: officer, adviser or manager."""
    return outbox.row(
        work,
        authority_id=event.authority_id,
        account_id=person.account_id,
        to=person.email,
        template="escalation-raised",
        context={
            "reference": event.reference,
            "reason": event.reason.value,
            "no_attempt": event.no_attempt,
            "again": event.alert > 1,
            "alert": event.alert,
            "told_as": told_as,
        },
        key=f"escalation-{event.escalation_id}-{event.alert}-{person.account_id}",
        topic="escalation",
        topic_id=event.escalation_id,
    )


def tell_social_workers(work: Work, raised: Sequence[Raised], known: dict[int, SocialWorker]) -> None:
    """Tell the allocated social worker of each child with a protection plan, by mail out of the house."""
    outbox.put(
        work,
        [
            outbox.row(
                work,
                authority_id=event.authority_id,
                to=worker.email,
                template="escalation-social-worker",
                context={
                    "reference": event.reference,
                    "reason": event.reason.value,
                    "alert": event.alert,
                    "told_as": "social-worker",
                },
                key=f"escalation-{event.escalation_id}-{event.alert}-social-worker",
                topic="escalation",
                topic_id=event.escalation_id,
            )
            for event in raised
            if (worker := known.get(event.child_id or 0)) is not None
        ],
    )


# The rungs above


def tell_rung(work: Work, reached: Sequence[Reached]) -> None:
    """Tell the next people on the ladder, each by a message of their own."""
    people = queries.people(work, {one for event in reached for one in event.account_ids}, work.today)
    put_alerts(
        work,
        [
            outbox.row(
                work,
                authority_id=event.authority_id,
                account_id=account_id,
                to=people[account_id].email,
                template="escalation-rung",
                context={
                    "reference": event.reference,
                    "reason": event.reason.value,
                    "rung": event.rung.value,
                    "due_on": event.due_on.isoformat(),
                    "alert": event.alert,
                },
                key=f"escalation-{event.escalation_id}-{event.alert}-{event.rung.value}-{told_of(event)}-{account_id}",
                topic="escalation",
                topic_id=event.escalation_id,
            )
            for event in reached
            for account_id in event.account_ids
            if account_id in people
        ],
    )


def told_of(event: Reached) -> str:
    """What keeps one telling of a rung apart from the next: the day on which it was due, and who is not at work."""
    return "-".join(str(part) for part in (event.due_on.isoformat(), getattr(event, "person_id", None)) if part)
