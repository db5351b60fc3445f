"""Everything that one account and the council sent each other about a child, in one order."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Select, or_, select

from ehe_portal.contact import queries as contact
from ehe_portal.contact.models import Contact, ContactComment, ContactReminder, StepKind, Visit, VisitAnswer, VisitStep
from ehe_portal.core.days import LONDON, london_date
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries as evidence_queries
from ehe_portal.evidence.models import Assessment, DecisionComment, Evidence
from ehe_portal.letters import queries as letters_queries
from ehe_portal.messages.models import Message, MessageThread
from ehe_portal.register.models import ChangeState, Registration, ReportedChange
from ehe_portal.register.queries import let_through

PAGE = 50
FROM_US, FROM_YOU, BETWEEN_US, FROM_ANOTHER = "us", "you", "you and us", "another parent"
MIDDAY = time(12)


@dataclass(frozen=True)
class Entry:
    """One thing that was sent or received: when, what, by whom; the page on which it can be read, and its key there."""

    at: datetime | date
    title: str
    by: str
    order: datetime
    page: str | None = None
    key: str | None = None


def latest(found: Select[*tuple[Any, ...]], moment: Any, before: date | None) -> Select[*tuple[Any, ...]]:
    """The latest of these, all earlier than the London day `before` where one is given."""
    if before is not None:
        found = found.where(moment < datetime.combine(before, time(0), LONDON))
    return found.order_by(moment.desc()).limit(PAGE + 1)


def registered(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """The registration."""
    own = select(Registration.submitted_at).where(
        Registration.child_id == child_id, Registration.account_id == work.scope.account_id
    )
    for (at,) in work.session.execute(latest(own, Registration.submitted_at, before)):
        yield Entry(at, "Registration", FROM_YOU, at)


def evidence(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """What this account sent about the education."""
    own = select(Evidence.sent_at, Evidence.reference).where(Evidence.child_id == child_id, evidence_queries.mine(work))
    for at, reference in work.session.execute(latest(own, Evidence.sent_at, before)):
        yield Entry(at, "Something about the education", FROM_YOU, at, "evidence", reference)


def decisions(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """What was decided about the education."""
    made = select(Assessment.stands_since, Assessment.outcome).where(
        Assessment.child_id == child_id, evidence_queries.told(Assessment.child_id)
    )
    for at, outcome in work.session.execute(latest(made, Assessment.stands_since, before)):
        yield Entry(at, f"Decision about the education: {outcome.label.lower()}", FROM_US, at, "decisions")


def offers(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """What was offered, as it stands now."""
    made = select(Visit.offered_at, Visit.kind, Visit.on_date).where(
        contact.about_child(child_id), let_through(child_id, Visit.offered_at)
    )
    for at, kind, on_date in work.session.execute(latest(made, Visit.offered_at, before)):
        yield Entry(at, f"Offer: {kind.label.lower()} on {on_date.day} {on_date:%B %Y}", FROM_US, at, "offers")


def answers(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """Answers to offers: of another parent only that there was one, and which; their words are theirs."""
    given = (
        select(VisitAnswer.answered_at, VisitAnswer.answer, VisitAnswer.account_id)
        .join(Visit, Visit.id == VisitAnswer.visit_id)
        .where(contact.about_child(child_id))
    )
    for at, answer, account_id in work.session.execute(latest(given, VisitAnswer.answered_at, before)):
        by = FROM_YOU if account_id == work.scope.account_id else FROM_ANOTHER
        yield Entry(at, f"Answer to an offer: {answer.label}", by, at, "offers")


STEPS = (
    StepKind.CHANGED,
    StepKind.AGREED,
    StepKind.WITHDRAWN,
    StepKind.PLACE_DOUBTFUL,
    StepKind.PLACE_CONFIRMED,
    StepKind.TOLD,
)
"""What we did about an offer since: its beginning, the family's answers and our records stand by themselves."""


def steps(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """What became of offers since."""
    done = (
        select(VisitStep.done_at, VisitStep.step, VisitStep.kind, VisitStep.on_date)
        .join(Visit, Visit.id == VisitStep.visit_id)
        .where(contact.about_child(child_id), VisitStep.step.in_(STEPS), let_through(child_id, VisitStep.done_at))
    )
    for at, step, kind, on_date in work.session.execute(latest(done, VisitStep.done_at, before)):
        title = f"{kind.label} on {on_date.day} {on_date:%B %Y}: {step.label[:1].lower()}{step.label[1:]}"
        yield Entry(at, title, FROM_US, at, "offers")


def records(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """Visits, calls and writing on the record; what this account sent through its own page stands by itself."""
    kept = select(Contact.happened_on, Contact.kind, Contact.outcome, Contact.reference).where(
        Contact.child_id == child_id,
        Contact.recorded_by_id.is_distinct_from(work.scope.account_id),
        *contact.for_family(work),
    )
    if before is not None:
        kept = kept.where(Contact.happened_on < before)
    kept = kept.order_by(Contact.happened_on.desc(), Contact.id.desc()).limit(PAGE + 1)
    for on, kind, outcome, reference in work.session.execute(kept):
        title = f"{kind.label}: {outcome.label.lower()}"
        yield Entry(on, title, BETWEEN_US, datetime.combine(on, MIDDAY, LONDON), "record", reference)


def comments(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """What this account said of records."""
    own = (
        select(ContactComment.said_at, Contact.reference)
        .join(Contact, Contact.id == ContactComment.contact_id)
        .where(
            Contact.child_id == child_id,
            ContactComment.account_id == work.scope.account_id,
            *contact.for_family(work),
        )
    )
    for at, reference in work.session.execute(latest(own, ContactComment.said_at, before)):
        yield Entry(at, "Comment on our record", FROM_YOU, at, "record", reference)


def decision_comments(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """What this account said of decisions."""
    own = (
        select(DecisionComment.said_at)
        .join(Assessment, Assessment.id == DecisionComment.assessment_id)
        .where(Assessment.child_id == child_id, DecisionComment.account_id == work.scope.account_id)
    )
    for (at,) in work.session.execute(latest(own, DecisionComment.said_at, before)):
        yield Entry(at, "Comment on our decision", FROM_YOU, at, "decisions")


def changes(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """Changes that this account told us of, and our answers."""
    shown = let_through(ReportedChange.child_id, ReportedChange.decided_at)
    own = select(
        ReportedChange.told_at, ReportedChange.kind, ReportedChange.state, ReportedChange.decided_at, shown
    ).where(ReportedChange.child_id == child_id, ReportedChange.account_id == work.scope.account_id)
    for at, kind, state, decided_at, may_know in work.session.execute(latest(own, ReportedChange.told_at, before)):
        yield Entry(at, f"You told us: {kind.label.lower()}", FROM_YOU, at, "changes")
        if state is not ChangeState.WAITING and decided_at is not None and may_know:
            yield Entry(decided_at, f"{kind.label}: {state.label.lower()}", FROM_US, decided_at, "changes")


def messages(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """What this account and the team wrote to each other."""
    own = (
        select(Message.written_at, Message.from_family)
        .join(MessageThread, MessageThread.id == Message.thread_id)
        .where(
            MessageThread.child_id == child_id,
            MessageThread.account_id == work.scope.account_id,
            or_(Message.from_family, let_through(MessageThread.child_id, Message.written_at)),
        )
    )
    for at, from_family in work.session.execute(latest(own, Message.written_at, before)):
        yield Entry(at, "Message", FROM_YOU if from_family else FROM_US, at, "messages")


def letters(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """Letters to this account's holder."""
    for letter in letters_queries.own_letters(work, child_id):
        if before is None or london_date(letter.made_at) < before:
            yield Entry(letter.made_at, "Letter", FROM_US, letter.made_at, "letter", letter.reference)


def reminders(work: Work, child_id: int, before: date | None) -> Iterable[Entry]:
    """What the family was reminded of by mail."""
    sent = select(ContactReminder.reminded_at, ContactReminder.kind, ContactReminder.by_on).where(
        ContactReminder.child_id == child_id,
        ContactReminder.kind.in_(contact.FAMILY),
        ContactReminder.way.is_(None),
        let_through(ContactReminder.child_id, ContactReminder.reminded_at),
    )
    for at, kind, by_on in work.session.execute(latest(sent, ContactReminder.reminded_at, before)):
        passed = kind is contact.Reminder.FAMILY_AFTER
        asked = "we had hoped to hear from you by" if passed else "we would like to hear from you by"
        yield Entry(at, f"Reminder: {asked} {by_on.day} {by_on:%B %Y}", FROM_US, at, "child")


SOURCES: tuple[Callable[[Work, int, date | None], Iterable[Entry]], ...] = (
    registered,
    evidence,
    decisions,
    offers,
    answers,
    steps,
    records,
    comments,
    decision_comments,
    changes,
    messages,
    letters,
    reminders,
)


def story(work: Work, child_id: int, before: date | None = None) -> tuple[list[Entry], date | None]:
    """Up to a page of entries, the latest first, and the day before which the next page goes on, if there is one.

    A page ends between two days, so that no entry of a day is passed over.
    """
    found = [entry for source in SOURCES for entry in source(work, child_id, before)]
    found.sort(key=lambda entry: entry.order, reverse=True)
    if len(found) <= PAGE:
        return found, None
    cut = london_date(found[PAGE].order)
    shown = [entry for entry in found[:PAGE] if london_date(entry.order) > cut] or found[:PAGE]
    return shown, london_date(shown[-1].order)
