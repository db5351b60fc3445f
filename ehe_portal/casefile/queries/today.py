"""An officer's day: what cannot wait, first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import IntEnum

from sqlalchemy import ColumnElement, and_, exists, func, literal, select

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import STANDING, Contact, ContactClock, Visit
from ehe_portal.core.codes import ContactOutcome
from ehe_portal.core.days import add_working_days, london_date
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.evidence.models import Assessment, Evidence
from ehe_portal.policy.models import PolicyValues
from ehe_portal.register.models import Child, DoubleVerdict, Episode, PossibleDouble, Registration, RegistrationState

MOST = 100  # of each kind; the page says so when there are more


class Urgency(IntEnum):
    """What cannot wait comes first."""

    RAISED = 1
    REGISTRATION = 2
    OVERDUE = 3
    VISIT = 4
    WRITING = 5
    EVIDENCE = 6
    DOUBLE = 7
    DUE = 8


@dataclass(frozen=True)
class Item:
    """One row of the worklist: which child, why, and by when. `reference` is what the link needs beside the child's."""

    urgency: Urgency
    by: date
    child_reference: str
    child_name: str
    why: str
    reference: str | None = None
    clock: ContactClock | None = None
    adviser: str | None = None


@dataclass(frozen=True)
class Day:
    """The worklist; `cut` says that some kind had more than is shown."""

    items: list[Item]
    cut: bool

    def by_urgency(self) -> dict[Urgency, list[Item]]:
        """The items of each kind, what cannot wait first."""
        return {kind: found for kind in Urgency if (found := [item for item in self.items if item.urgency == kind])}


def mine(work: Work, whose: int | None) -> ColumnElement[bool]:
    """Episodes of one adviser (`whose`), or of the whole team; always of this authority, open."""
    theirs = literal(True) if whose is None else Episode.adviser_id == whose
    return and_(Episode.authority_id == work.scope.authority_id, Episode.closed_on.is_(None), theirs)


NAME = (func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname).label("name")


def raised(work: Work, whose: int | None) -> Iterable[Item]:
    """Open escalations about the children."""
    rows = work.session.execute(
        select(Child.reference, NAME, Escalation.raised_on, Escalation.reason, Escalation.state, Escalation.reference)
        .join(Escalation, Escalation.child_id == Child.id)
        .join(Episode, Episode.child_id == Child.id)
        .where(mine(work, whose), Escalation.state != State.CLOSED)
        .order_by(Escalation.raised_on, Escalation.id)
        .limit(MOST + 1)
    )
    for reference, name, raised_on, reason, state, escalation in rows:
        yield Item(Urgency.RAISED, raised_on, reference, name, f"{reason.label}: {state.label.lower()}", escalation)


def registrations(work: Work) -> Iterable[Item]:
    """Registrations that wait to be checked: everyone's, for nobody has them yet."""
    rows = work.session.execute(
        select(Child.reference, NAME, Registration.submitted_at, Registration.reference)
        .join(Registration, Registration.child_id == Child.id)
        .where(Registration.authority_id == work.scope.authority_id, Registration.state == RegistrationState.WAITING)
        .order_by(Registration.submitted_at, Registration.id)
        .limit(MOST + 1)
    )
    for reference, name, submitted_at, registration in rows:
        by = add_working_days(london_date(submitted_at), PolicyValues.acknowledge_days)
        yield Item(Urgency.REGISTRATION, by, reference, name, "Check a new registration", registration)


def contacts(work: Work, whose: int | None, until: date) -> Iterable[Item]:
    """Contacts overdue, and those due until a date. A lapsed one stands among the escalations."""
    rows = work.session.execute(
        select(Child.reference, NAME, ContactClock, Account.name.label("adviser"))
        .join(ContactClock, ContactClock.child_id == Child.id)
        .join(Episode, Episode.id == ContactClock.episode_id)
        .outerjoin(Account, Account.id == Episode.adviser_id)
        .where(
            mine(work, whose),
            ContactClock.authority_id == work.scope.authority_id,
            ContactClock.is_running,
            ContactClock.due_on <= until,
            ContactClock.lapsed_on.is_(None),
            ContactClock.age_ends >= work.today,
        )
        .order_by(ContactClock.due_on, ContactClock.id)
        .limit(MOST + 1)
    )
    for reference, name, clock, adviser in rows:
        late = clock.due_on < work.today
        why = "Contact is overdue" if late else "Contact is due"
        kind = Urgency.OVERDUE if late else Urgency.DUE
        yield Item(kind, clock.due_on, reference, name, why, clock=clock, adviser=adviser)


def visits(work: Work, whose: int | None) -> Iterable[Item]:
    """Visits and calls of today, and earlier ones of which nothing has been recorded."""
    rows = work.session.execute(
        select(Child.reference, NAME, Visit.on_date, Visit.at_time, Visit.kind, Visit.reference)
        .join(Visit, Visit.child_id == Child.id)
        .join(Episode, Episode.child_id == Child.id)
        .where(mine(work, whose), Visit.state.in_(STANDING), Visit.on_date <= work.today)
        .order_by(Visit.on_date, Visit.at_time, Visit.id)
        .limit(MOST + 1)
    )
    for reference, name, on_date, at_time, kind, visit in rows:
        when = f"today at {at_time:%H:%M}" if on_date == work.today else "record what happened"
        yield Item(Urgency.VISIT, on_date, reference, name, f"{kind.label}: {when}", visit)


def writing(work: Work, whose: int | None) -> Iterable[Item]:
    """Writing from families that waits for someone to say whether it tells about the child's education."""
    rows = work.session.execute(
        select(Child.reference, NAME, Contact.happened_on, Contact.reference)
        .join(Contact, Contact.child_id == Child.id)
        .join(Episode, Episode.child_id == Child.id)
        .where(
            mine(work, whose),
            Contact.authority_id == work.scope.authority_id,
            Contact.outcome == ContactOutcome.RECEIVED,
            Contact.substantive.is_(None),
            Contact.struck_out_at.is_(None),
        )
        .order_by(Contact.happened_on, Contact.id)
        .limit(MOST + 1)
    )
    for reference, name, happened_on, contact in rows:
        by = add_working_days(happened_on, PolicyValues.confirm_writing_days)
        yield Item(Urgency.WRITING, by, reference, name, "Say whether writing tells about the education", contact)


def evidence(work: Work, whose: int | None) -> Iterable[Item]:
    """Evidence sent since the last decision about the child's education."""
    decided = exists().where(Assessment.child_id == Evidence.child_id, Assessment.decided_at >= Evidence.sent_at)
    rows = work.session.execute(
        select(Child.reference, NAME, func.min(Evidence.sent_on))
        .join(Evidence, Evidence.child_id == Child.id)
        .join(Episode, Episode.child_id == Child.id)
        .where(mine(work, whose), ~decided)
        .group_by(Child.id)
        .order_by(func.min(Evidence.sent_on), Child.id)
        .limit(MOST + 1)
    )
    for reference, name, sent_on in rows:
        yield Item(Urgency.EVIDENCE, sent_on, reference, name, "Look at evidence the family sent")


def doubles(work: Work) -> Iterable[Item]:
    """Pairs of records that may be one child."""
    rows = work.session.execute(
        select(Child.reference, NAME, PossibleDouble.found_on)
        .join(PossibleDouble, PossibleDouble.child_id == Child.id)
        .where(
            PossibleDouble.authority_id == work.scope.authority_id,
            PossibleDouble.verdict == DoubleVerdict.UNDECIDED,
        )
        .order_by(PossibleDouble.found_on, PossibleDouble.id)
        .limit(MOST + 1)
    )
    for reference, name, found_on in rows:
        yield Item(Urgency.DOUBLE, found_on, reference, name, "May be the same child as another record")


def day(work: Work, whose: int | None, until: date, *, checks_registrations: bool) -> Day:
    """The worklist of one adviser, or of the team: at most `MOST` of each kind, what cannot wait first."""
    kinds = [
        list(raised(work, whose)),
        list(registrations(work)) if checks_registrations else [],
        list(contacts(work, whose, until)),
        list(visits(work, whose)),
        list(writing(work, whose)),
        list(evidence(work, whose)),
        list(doubles(work)) if checks_registrations else [],
    ]
    items = sorted((item for kind in kinds for item in kind[:MOST]), key=lambda item: (item.urgency, item.by))
    return Day(items, cut=any(len(kind) > MOST for kind in kinds))
