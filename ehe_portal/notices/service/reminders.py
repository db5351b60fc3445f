"""Reminders of the next contact: to each parent by themselves, and to the child's adviser.

The family's say by which day we would like to hear, and no more. Messages to a family that are stopped leave no more,
those that wait among them.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, Final, Protocol

from ehe_portal.accounts.policy import Role
from ehe_portal.core import outbox
from ehe_portal.core.codes import ContactWay
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.notices.queries import Person
from ehe_portal.notices.service.writing import FAMILY, AboutChild, mail_to, tell_families
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import MessagesStopped


class Kind(Protocol):
    """Which reminder it is: its code, and whether the family is reminded by it."""

    @property
    def value(self) -> str: ...
    @property
    def is_for_family(self) -> bool: ...


class Reminded(AboutChild, Protocol):
    """Someone is reminded of the day by which we would like to hear; `way` is the family's, where it is not writing."""

    @property
    def episode_id(self) -> int: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def by_on(self) -> date: ...
    @property
    def way(self) -> ContactWay | None: ...


AFTER: Final = ("family-after", "adviser-after")
"""The codes of reminders that say that the day has passed."""


def remind(work: Work, reminded: Sequence[Reminded]) -> None:
    """Write to whom each reminder is for. A family that would not be written to is reminded by its adviser."""
    family = [event for event in reminded if event.kind.is_for_family and event.way is None]
    for template, after in (("contact-soon", False), ("contact-passed", True)):
        told = [event for event in family if (event.kind.value in AFTER) is after]
        tell_families(
            work, template, [(event, number_of(event), {"on_date": event.by_on.isoformat()}) for event in told]
        )
    remind_advisers(work, [event for event in reminded if event not in family])


def number_of(event: Reminded) -> str:
    """What a reminder is about: no other has it."""
    return f"{event.episode_id}-{event.by_on.isoformat()}-{event.kind.value}"


def remind_advisers(work: Work, reminded: Sequence[Reminded]) -> None:
    """Write to the adviser of each child, to the EHE managers where none is here; of many at once in one message."""
    references = queries.child_references(work, {event.child_id for event in reminded if event.child_id is not None})
    whom = recipients(work, reminded)
    rows = []
    for person, theirs in whom.values():
        most = policy.in_force(work, person.authority_id, work.today).values.backlog_digest_over
        if len(theirs) > most:
            rows.append(mail_to(work, person, "contacts-due", {"how_many": len(theirs)}, new_reference()))
            continue
        for event in theirs:
            context: dict[str, Any] = {
                "child_reference": references[event.child_id or 0],
                "on_date": event.by_on.isoformat(),
            }
            rows.append(mail_to(work, person, template_for(event), context, number_of(event)))
    outbox.put(work, rows)


def template_for(event: Reminded) -> str:
    """Which message an adviser gets."""
    if event.way is not None:
        return "remind-by-phone" if event.way in (ContactWay.PHONE, ContactWay.VIDEO) else "remind-in-person"
    return "adviser-contact-passed" if event.kind.value in AFTER else "adviser-contact-soon"


def recipients(work: Work, reminded: Sequence[Reminded]) -> Mapping[int, tuple[Person, list[Reminded]]]:
    """Who is to hear of which reminders: the adviser, else the EHE managers, who are here; or else all."""
    about = {event.child_id: event.authority_id for event in reminded if event.child_id and event.authority_id}
    advisers = queries.adviser_ids(work, set(about))
    people = queries.people(work, set(advisers.values()), work.today)
    managers = queries.staff_of(work, set(about.values()), {Role.EHE_MANAGER}, work.today)
    found: dict[int, tuple[Person, list[Reminded]]] = {}
    for event in reminded:
        adviser = people.get(advisers.get(event.child_id or 0, 0))
        above = [one for one in managers if one.authority_id == event.authority_id]
        named = [adviser] if adviser else []
        here = [one for one in named if not one.away] or [one for one in above if not one.away]
        for person in here or [*named, *above]:
            found.setdefault(person.account_id, (person, []))[1].append(event)
    return found


def hold_back(work: Work, stopped: Sequence[MessagesStopped]) -> None:
    """Let nothing that still waits leave for the families of these children about them.

    What waits about several children at once goes without these.
    """
    child_ids = [event.child_id for event in stopped if event.child_id is not None]
    for topic in (FAMILY, outbox.TEXT):
        outbox.withdraw_about(work, topic, child_ids)
    gone = queries.registrations_of(work, child_ids)
    for message in queries.waiting_receipts(work, set(gone.values())):
        left = [reference for reference in message.context["references"] if reference not in gone]
        if left:
            message.context = {**message.context, "references": left}
        else:
            work.session.delete(message)
    work.session.flush()
