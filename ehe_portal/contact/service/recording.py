"""Recording what happened, saying what writing is, and striking out what was recorded in error."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import delete, select, update

from ehe_portal.contact import queries
from ehe_portal.contact.events import ContactRecorded, ContactStruckOut, VisitRecorded, WritingConfirmed
from ehe_portal.contact.models import (
    STANDING,
    Contact,
    SafeguardingObservation,
    Sighting,
    SlotState,
    StepKind,
    Visit,
    VisitChild,
    VisitState,
    VisitStep,
)
from ehe_portal.contact.rules import Hearing, asked_of, classify, valid_combination
from ehe_portal.contact.service.clocks import settle
from ehe_portal.contact.service.steps import about, step
from ehe_portal.contact.service.welfare import Check, Observation, add_check, note_observation, seen_or_refused
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child


@dataclass(frozen=True, slots=True, kw_only=True)
class Happened:
    """What an officer says has happened. `check` goes with a contact that took place, or with a door where nobody came
    in, and is `signed` where the officer says that it is finished; `substantive` goes with writing received,
    `agreed_next_on` with either where it is an effective contact.
    """

    kind: ContactKind
    outcome: ContactOutcome
    happened_on: date
    substantive: bool | None = None
    child_seen: ChildSeen | None = None
    agreed_next_on: date | None = None
    summary: str | None = None
    check: Check | None = None
    signed: bool = False
    observation: Observation | None = None
    visit: Visit | None = None


class Sending(Protocol):
    """What is read of the event that a family sent evidence."""

    @property
    def authority_id(self) -> int | None: ...
    @property
    def child_id(self) -> int | None: ...
    @property
    def account_id(self) -> int | None: ...
    @property
    def evidence_id(self) -> int: ...
    @property
    def sent_on(self) -> date: ...


# Recording


def check_first(work: Work, child: Child, kind: ContactKind, outcome: ContactOutcome, happened_on: date) -> None:
    """Whether a contact of this kind, outcome and date can be recorded. Raises `Refusal`."""
    if not valid_combination(kind, outcome):
        raise Refusal(f"Select an outcome that goes with “{kind.label}”", "outcome")
    if happened_on > work.today:
        raise Refusal("Enter a date that is today or earlier: this is for what has happened", "happened_on")
    if happened_on < child.date_of_birth:
        raise Refusal("Enter a date after the child was born", "happened_on")


def record_contact(work: Work, child: Child, happened: Happened) -> Contact:
    """Record a contact about one child, or an attempt at one. Raises `Refusal`."""
    check_first(work, child, happened.kind, happened.outcome, happened.happened_on)
    check_rest(happened)
    part = part_to_record(work, child, happened)
    by = work.actor.account_id
    received = happened.outcome is ContactOutcome.RECEIVED
    contact = Contact(
        authority_id=child.authority_id,
        child_id=child.id,
        happened_on=happened.happened_on,
        kind=happened.kind,
        outcome=happened.outcome,
        substantive=happened.substantive if received else None,
        child_seen=happened.child_seen,
        agreed_next_on=happened.agreed_next_on,
        adviser_id=by,
        summary=happened.summary or None,
        visit_id=happened.visit.id if happened.visit is not None else None,
        recorded_at=work.at,
        recorded_by_id=by,
        confirmed_by_id=by if received else None,
    )
    work.session.add(contact)
    work.session.flush()
    add_findings(work, contact, happened)
    tell_recorded(work, [contact])
    if happened.visit is not None and part is not None:
        record_part(work, happened.visit, part, contact)
    settle(work, queries.running_episodes(work, [child.id]))
    return contact


def check_rest(happened: Happened) -> None:
    """Whether what is said fits what happened. Raises `Refusal`."""
    held = happened.outcome is ContactOutcome.HELD
    if held and (happened.check is None or not happened.check.persons_present):
        raise Refusal("Enter who was there", "persons_present")
    if held and happened.check is not None:
        seen_or_refused(happened.child_seen, happened.check)
    if happened.outcome is ContactOutcome.RECEIVED and happened.substantive is None:
        raise Refusal("Select whether it tells about the child’s education", "substantive")
    if happened.agreed_next_on is not None:
        if happened.agreed_next_on <= happened.happened_on:
            raise Refusal("Enter a date that is later than this contact", "agreed_next_on")
        if classify(happened.kind, happened.outcome, happened.substantive) is not Hearing.EFFECTIVE:
            raise Refusal(
                "Enter a date only for a contact that took place, or for writing about the child’s education",
                "agreed_next_on",
            )
    visit = happened.visit
    if visit is not None and visit.state not in STANDING:
        raise Refusal("What came of this visit has been recorded already, or it no longer stands")
    if visit is not None and held and visit.place_doubtful_since is not None:
        raise Refusal("The child’s address has changed: confirm where this visit is before you record that it was held")


def part_to_record(work: Work, child: Child, happened: Happened) -> VisitChild | None:
    """The part of a visit that is about this child; none where no visit was offered. Raises `Refusal`."""
    if happened.visit is None:
        return None
    part = queries.childs_part(work, happened.visit.id, child.id)
    if part is None or part.contact_id is not None:
        raise Refusal("What came of this visit has been recorded already for this child, or it is not about them")
    return part


def record_part(work: Work, visit: Visit, part: VisitChild, contact: Contact) -> None:
    """Write down what came of a visit for one child; it is over once that is said of each of its children.

    Whoever was there needs not be told.
    """
    held = contact.outcome is ContactOutcome.HELD
    part.contact_id = contact.id
    if held:
        visit.tell_since = None
    work.session.flush()
    if queries.next_unrecorded(work, visit.id) is None:
        visit.state = VisitState.RECORDED
        settle_time(work, visit, contact.happened_on)
    step(work, visit, StepKind.RECORDED, child_id=contact.child_id, outcome=contact.outcome, tells=not held)
    work.session.flush()
    work.publish(
        VisitRecorded(
            **(about(visit) | {"child_id": contact.child_id}),
            contact_id=contact.id,
            on_date=visit.on_date,
            outcome=contact.outcome,
        )
    )


def settle_time(work: Work, visit: Visit, on: date) -> None:
    """Where no time had been picked, the visit was at the time on offer that day, if there was one; no time is on offer
    any more.
    """
    if not visit.choice:
        return
    for slot in queries.open_slots(work, visit):
        slot.state = SlotState.FELL_AWAY
        if slot.on_date == on and slot.at_time is not None and visit.choice:
            slot.state, visit.choice = SlotState.PICKED, False
            visit.on_date, visit.at_time = slot.on_date, slot.at_time
    visit.choice = False


def add_findings(work: Work, contact: Contact, happened: Happened) -> None:
    """Add the welfare check, where one fits what happened, and the safeguarding observation to a contact."""
    if happened.check is not None and asked_of(contact.kind, contact.outcome):
        add_check(work, contact, happened.check, signed=happened.signed)
    if happened.observation is not None:
        note_observation(work, contact, happened.observation)


def tell_recorded(work: Work, contacts: Sequence[Contact]) -> None:
    """Say that contacts were recorded."""
    work.publish(
        *(
            ContactRecorded(
                authority_id=contact.authority_id,
                child_id=contact.child_id,
                contact_id=contact.id,
                happened_on=contact.happened_on,
                kind=contact.kind,
                outcome=contact.outcome,
                substantive=contact.substantive,
            )
            for contact in contacts
        )
    )


def record_writing_sent_here(work: Work, sent: Sequence[Sending]) -> None:
    """Record evidence sent through the portal as writing received: a reply, until an officer confirms that it tells
    about the child's education. Then it counts from the day on which it came.
    """
    contacts = [
        Contact(
            authority_id=event.authority_id,
            child_id=event.child_id,
            happened_on=event.sent_on,
            kind=ContactKind.WRITTEN_REPORT,
            outcome=ContactOutcome.RECEIVED,
            evidence_id=event.evidence_id,
            recorded_at=work.at,
            recorded_by_id=event.account_id or work.actor.account_id,
        )
        for event in sent
        if event.authority_id is not None and event.child_id is not None
    ]
    work.session.add_all(contacts)
    work.session.flush()
    tell_recorded(work, contacts)
    settle(work, queries.running_episodes(work, [contact.child_id for contact in contacts]))


# Correcting


def confirm_writing(work: Work, contact: Contact, substantive: bool, *, version: int | None) -> None:
    """Say whether writing received tells about the child's education. Raises `Refusal`.

    `version` is the contact's when the officer read it.
    """
    refuse_if_changed(contact, version)
    if contact.outcome is not ContactOutcome.RECEIVED or contact.struck_out_at is not None:
        raise Refusal("Only writing received can be confirmed, and only while it is not struck out")
    contact.substantive = substantive
    contact.confirmed_by_id = work.actor.account_id
    work.session.flush()
    work.publish(
        WritingConfirmed(
            authority_id=contact.authority_id,
            child_id=contact.child_id,
            contact_id=contact.id,
            substantive=substantive,
            message_id=contact.message_id,
        )
    )
    settle(work, queries.running_episodes(work, [contact.child_id]), raising=True)


def strike_out(work: Work, contact: Contact, why: str, *, version: int | None) -> None:
    """Strike out a contact that was recorded in error; it stays readable. Raises `Refusal`.

    A lapse that it had answered is open again at once, and a visit that it came of waits to be recorded again.
    """
    refuse_if_changed(contact, version)
    if contact.struck_out_at is not None:
        raise Refusal("This contact has been struck out already")
    if not why.strip():
        raise Refusal("Enter why it was recorded in error", "why")
    contact.struck_out_at = work.at
    contact.struck_out_by_id = work.actor.account_id
    contact.struck_out_why = why.strip()
    reopen_visit(work, contact)
    work.session.flush()
    work.publish(ContactStruckOut(authority_id=contact.authority_id, child_id=contact.child_id, contact_id=contact.id))
    settle(work, queries.running_episodes(work, [contact.child_id]), raising=True)


def reopen_visit(work: Work, contact: Contact) -> None:
    """Let the visit that a contact came of wait for its record again, for this child."""
    part = queries.part_behind(work, contact.id)
    if part is not None:
        part.contact_id = None
        part.visit.state = VisitState.OFFERED
        step(work, part.visit, StepKind.REOPENED, child_id=contact.child_id, tells=False)


def refuse_if_changed(contact: Contact, version: int | None) -> None:
    """Raises `ChangedMeanwhile` where the contact is no longer as the officer read it."""
    if contact.version != version:
        raise ChangedMeanwhile("This contact")


def move_to_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Move contacts, visits, sightings and observations of a record found to be a duplicate to the child who stays."""
    for event in joined:
        both = select(VisitChild.visit_id).where(VisitChild.child_id == event.child_id)
        work.session.execute(
            delete(VisitChild).where(VisitChild.child_id == event.duplicate_child_id, VisitChild.visit_id.in_(both)),
            execution_options={"synchronize_session": "fetch"},
        )
        for model in (Contact, Visit, VisitChild, VisitStep, SafeguardingObservation, Sighting):
            work.session.execute(
                update(model).where(model.child_id == event.duplicate_child_id).values(child_id=event.child_id),
                execution_options={"synchronize_session": "fetch"},
            )
    settle(work, queries.running_episodes(work, [event.child_id for event in joined if event.child_id is not None]))
