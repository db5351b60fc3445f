"""Where to see what: each story of the demonstration, as whom, and on which page."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import InstrumentedAttribute

from ehe_portal.accounts.models import Account
from ehe_portal.contact.models import (
    CheckIn,
    ClockHold,
    Contact,
    ContactAddendum,
    ContactClock,
    SafeguardingObservation,
    SeenReview,
    Sighting,
    StepKind,
    Visit,
    VisitChild,
    VisitState,
    VisitStep,
)
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.files import FORMATS
from ehe_portal.core.work import Work
from ehe_portal.demo import cast
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.evidence.models import (
    Assessment,
    DecisionState,
    EducationReview,
    Evidence,
    EvidenceFile,
    InformationRequest,
    PageNote,
    Scan,
)
from ehe_portal.letters.models import Letter, LetterPosting
from ehe_portal.orders.models import Closing, OrderCase, OrderStep, StepCode, StepState
from ehe_portal.policy.models import PolicyVersion
from ehe_portal.register.models import (
    Child,
    EhcPlan,
    Episode,
    HouseholdLink,
    HouseholdVerdict,
    MessageStop,
    Parent,
    PendingDestination,
)

Keys = dict[str, Any]
Find = Callable[[Work], Keys | None]

BY_NAME: Final = {person.name: person for person in cast.EVERYONE}
ADVISER, LONE, MANAGER, OFFICER, HEAD, ADMINISTRATOR, AUDITOR = (
    BY_NAME[name]
    for name in (
        "Priya Nair",
        "Tom Hathaway",
        "Ruth Osgood",
        "Janet Whitlock",
        "Farah Hussain",
        "Colin Pearce",
        "Mei Cheung",
    )
)


@dataclass(frozen=True)
class Stop:
    """One thing to see: in words, as whom, and on which page; `find` gives what the page's address needs."""

    what: str
    person: cast.Person
    endpoint: str
    find: Find = field(default=lambda _: {})


def first(found: Select[*tuple[Any, ...]], *names: str) -> Find:
    """The first row's values by these names; None where there is none."""

    def find(work: Work) -> Keys | None:
        row = work.session.execute(found.limit(1)).first()
        return None if row is None else dict(zip(names, row, strict=True))

    return find


def fixed(**keys: Any) -> Find:
    """What needs no looking up."""
    return lambda _: keys


def child(through: InstrumentedAttribute[int], *where: ColumnElement[bool]) -> Find:
    """A child of whom there is such a row, the latest."""
    row = through.parent.class_
    return first(
        select(Child.reference).join(row, through == Child.id).where(*where).order_by(row.id.desc()), "reference"
    )


def sent_file(*where: ColumnElement[bool]) -> Select[str, str]:
    """Files of evidence, by their child's reference and their own, the latest first."""
    found = select(Child.reference, EvidenceFile.reference).join(Evidence, Evidence.child_id == Child.id)
    return found.join(EvidenceFile, EvidenceFile.evidence_id == Evidence.id).where(*where).order_by(Evidence.id.desc())


def visit(*where: ColumnElement[bool]) -> Find:
    """A visit such as this, the earliest to come or to have been."""
    found = select(Child.reference, Visit.reference).join(Child, Child.id == Visit.child_id).where(*where)
    return first(found.order_by(Visit.on_date, Visit.id), "reference", "visit_reference")


def contact(*where: ColumnElement[bool], key: str = "contact_reference") -> Find:
    """A contact such as this, the latest."""
    found = select(Child.reference, Contact.reference).join(Child, Child.id == Contact.child_id).where(*where)
    return first(found.order_by(Contact.recorded_at.desc(), Contact.id.desc()), "reference", key)


def family(*where: ColumnElement[bool], row: type[Contact] | type[Visit], key: str) -> Find:
    """Something about a child of the parent whose decisions can be read."""
    found = (
        select(Child.reference, row.reference)
        .join(Child, Child.id == row.child_id)
        .join(Parent, Parent.child_id == Child.id)
        .join(Account, Account.id == Parent.account_id)
        .where(Account.email == cast.ACCEPTED.email, *where)
    )
    return first(found.order_by(row.id.desc()), "reference", key)


def letter(*where: ColumnElement[bool]) -> Find:
    """The latest letter of which all this is true."""
    found = select(Child.reference, Letter.reference).join(Letter, Letter.child_id == Child.id).where(*where)
    return first(found.order_by(Letter.id.desc()), "reference", "letter_reference")


def escalation(*where: ColumnElement[bool]) -> Find:
    """An escalation such as this, the oldest."""
    return first(select(Escalation.reference).where(*where).order_by(Escalation.id), "reference")


def order_case(*where: ColumnElement[bool]) -> Find:
    """A case of notices and orders such as this, the earliest."""
    found = select(Child.reference, OrderCase.reference).join(OrderCase, OrderCase.child_id == Child.id).where(*where)
    return first(found.order_by(OrderCase.id), "reference", "case_reference")


def taken(code: StepCode) -> ColumnElement[bool]:
    """Cases in which a step was taken."""
    steps = select(OrderStep.case_id).where(OrderStep.code == code, OrderStep.state == StepState.TAKEN)
    return OrderCase.id.in_(steps)


def unseen(work: Work) -> Keys | None:
    """A child of the adviser's who has not been seen for long."""
    mine = select(Account.id).where(Account.email == ADVISER.email).scalar_subquery()
    long_ago = (ContactClock.is_running.is_(True), ContactClock.see_by < work.today, ContactClock.adviser_id == mine)
    return child(ContactClock.child_id, *long_ago)(work)


def open_at(rung: str) -> Find:
    """An open escalation of which the telling has got so far."""
    return escalation(Escalation.state != State.CLOSED, Escalation.rung == rung)


def stood(kind: StepKind) -> ColumnElement[bool]:
    """Visits to which this happened."""
    return Visit.id.in_(select(VisitStep.visit_id).where(VisitStep.step == kind))


def came_to(kind: ContactKind, outcome: ContactOutcome) -> ColumnElement[bool]:
    """Visits of which this came."""
    ended = select(VisitStep.visit_id).where(VisitStep.step == StepKind.RECORDED, VisitStep.outcome == outcome)
    return (Visit.kind == kind) & Visit.id.in_(ended)


SHARED: Final = Visit.id.in_(select(VisitChild.visit_id).group_by(VisitChild.visit_id).having(func.count() > 1))
RECORDED_LATE: Final = func.date(Contact.recorded_at) > func.date(Contact.happened_on)
HELD: Final = Contact.outcome == ContactOutcome.HELD
NOTED: Final = Contact.id.in_(select(SafeguardingObservation.contact_id))
AT_ONCE: Final = Contact.id.in_(select(SafeguardingObservation.contact_id).where(SafeguardingObservation.cannot_wait))
ADDED_TO: Final = Contact.id.in_(select(ContactAddendum.contact_id))
AT_ONCE_CHILD: Final = Escalation.child_id.in_(
    select(SafeguardingObservation.child_id).where(SafeguardingObservation.cannot_wait)
)

TOUR: Final[dict[str, tuple[Stop, ...]]] = {
    "The life of a visit": (
        Stop("Offered, and no answer yet", ADVISER, "offers.one", visit(Visit.state == VisitState.OFFERED)),
        Stop("Several times to pick from, as the family sees it", cast.ACCEPTED, "family_contact.answer",
             family(Visit.choice.is_(True), row=Visit, key="visit_reference")),
        Stop("Confirmed by the family", ADVISER, "offers.one", visit(Visit.state == VisitState.ACCEPTED)),
        Stop("Another time asked for", ADVISER, "offers.one", visit(Visit.state == VisitState.ANOTHER_TIME)),
        Stop("Another way asked for", ADVISER, "offers.one", visit(Visit.state == VisitState.ANOTHER_WAY)),
        Stop("Declined, with another way", ADVISER, "offers.one", visit(Visit.state == VisitState.DECLINED)),
        Stop("Changed by the adviser", ADVISER, "offers.one", visit(stood(StepKind.CHANGED))),
        Stop("Cancelled by the family", ADVISER, "offers.one", visit(Visit.state == VisitState.CANCELLED)),
        Stop("Cancelled by the council, with a word why", ADVISER, "offers.one",
             visit(Visit.state == VisitState.WITHDRAWN)),
        Stop("Nobody was in", ADVISER, "offers.one", visit(came_to(ContactKind.HOME_VISIT, ContactOutcome.NO_ACCESS))),
        Stop("Nobody answered the call", ADVISER, "offers.one",
             visit(came_to(ContactKind.PHONE_CALL, ContactOutcome.NO_ANSWER))),
        Stop("Brother and sister visited together, each with a record of their own", ADVISER, "offers.one",
             visit(SHARED, Visit.state == VisitState.RECORDED)),
        Stop("Brother and sister who will be visited together", ADVISER, "offers.one",
             visit(SHARED, Visit.state == VisitState.OFFERED)),
        Stop("The family has moved: the old place is struck through, the new one waits to be confirmed", ADVISER,
             "offers.one", visit(Visit.place_doubtful_since.is_not(None))),
    ),
    "The calendar": (
        Stop("An adviser’s week, with a short Friday", ADVISER, "calendar.show"),
        Stop("The team’s week, with someone away", MANAGER, "calendar.show"),
        Stop("A round of visits to plan", ADVISER, "rounds.plan"),
        Stop("Working hours and leave", ADVISER, "hours.show",
             first(select(Account.reference).where(Account.email == ADVISER.email), "reference")),
        Stop("A private address for one’s own calendar", ADVISER, "feed.show"),
        Stop("A colleague who has not said that she or he is back", ADVISER, "check_ins.missed",
             first(select(CheckIn.reference).where(CheckIn.back_at.is_(None)), "check_in_reference")),
        Stop("The same visit, as whoever is out sees it", LONE, "going.one",
             visit(Visit.id.in_(select(CheckIn.visit_id).where(CheckIn.back_at.is_(None))))),
    ),
    "The welfare check": (
        Stop("A signed record with an addendum under it", ADVISER, "contact.one", contact(ADDED_TO)),
        Stop("Fact, opinion and source apart, in the restricted section", ADVISER, "contact.one",
             contact(NOTED, ~AT_ONCE)),
        Stop("A concern that could not wait", ADVISER, "contact.one", contact(AT_ONCE)),
        Stop("The escalation that it raised at once", OFFICER, "queue.escalation", escalation(AT_ONCE_CHILD)),
        Stop("The family’s own copy, as a page and a letter, and its comment", cast.ACCEPTED, "family.record",
             family(HELD, row=Contact, key="contact_reference")),
        Stop("Records and decisions begun and not finished", ADVISER, "my_day.today"),
        Stop("A record that was struck out", ADVISER, "contact.one", contact(Contact.struck_out_at.is_not(None))),
        Stop("A call written down days later, which answered a lapse", ADVISER, "contact.one",
             contact(HELD, RECORDED_LATE, Contact.kind == ContactKind.PHONE_CALL,
                     Contact.child_id.in_(select(Escalation.child_id)), Contact.recorded_by_id.is_not(None))),
    ),
    "Clocks": (
        Stop("A clock that is held", MANAGER, "clock.holds", child(ClockHold.child_id)),
        Stop("Appears not to be suitable: waits for a second person", MANAGER, "decisions.approve", first(
            select(Child.reference, Assessment.reference).join(Assessment, Assessment.child_id == Child.id)
            .where(Assessment.state == DecisionState.WAITING), "reference", "assessment_reference")),
        Stop("Asked for more information, until a day and in any way", ADVISER, "evidence.list_evidence",
             child(InformationRequest.child_id)),
        Stop("A text that a family wrote, looked at here page by page", ADVISER, "evidence.look",
             first(sent_file(EvidenceFile.media_type == FORMATS["docx"].media_type, EvidenceFile.scan == Scan.CLEAN),
                   "reference", "file_reference")),
        Stop("A file that is sealed, as a virus was found in it", ADVISER, "evidence.list_evidence",
             first(sent_file(EvidenceFile.scan == Scan.INFECTED).with_only_columns(Child.reference), "reference")),
        Stop("Not seen for long: to be looked into", ADVISER, "clock.seen",
             unseen),
        Stop("Not seen for long: looked into, with a reasoned decision", ADVISER, "clock.seen",
             first(select(Child.reference).join(Episode, Episode.child_id == Child.id)
                   .join(SeenReview, SeenReview.episode_id == Episode.id).order_by(SeenReview.id), "reference")),
        Stop("Seen by another professional", ADVISER, "clock.seen", child(Sighting.child_id)),
        Stop("Messages to a family stopped", MANAGER, "stops.list_stops",
             child(MessageStop.child_id, MessageStop.lifted_at.is_(None))),
        Stop("A school place offered, and not confirmed yet", ADVISER, "episode.pending",
             first(select(Child.reference).join(Episode, Episode.child_id == Child.id)
                   .join(PendingDestination, PendingDestination.episode_id == Episode.id)
                   .where(PendingDestination.settled_at.is_(None)).order_by(PendingDestination.id), "reference")),
        Stop("Policy values of a day to come", ADMINISTRATOR, "policy.versions"),
        Stop("What those values will change, in numbers", MANAGER, "effect.coming",
             first(select(PolicyVersion.in_force_from).order_by(PolicyVersion.number.desc()), "since")),
    ),
    "Looking again": (
        Stop("Reviews that are due, and EHC plans that are", ADVISER, "my_day.today"),
        Stop("A review, with brothers and sisters to look at in turn", ADVISER, "reviews.begin",
             first(select(Child.reference).join(EducationReview, EducationReview.child_id == Child.id)
                   .join(HouseholdLink, HouseholdLink.child_id == Child.id)
                   .where(EducationReview.ended_at.is_(None),
                          HouseholdLink.verdict == HouseholdVerdict.LINKED)
                   .order_by(EducationReview.due_on, EducationReview.id), "reference")),
        Stop("What was sent, page by page beside the form, with notes against pages", ADVISER, "evidence.assess",
             first(select(Child.reference).join(Evidence, Evidence.child_id == Child.id)
                   .join(EvidenceFile, EvidenceFile.evidence_id == Evidence.id)
                   .join(PageNote, PageNote.file_id == EvidenceFile.id).order_by(PageNote.id), "reference")),
        Stop("An EHC plan whose annual review is late", MANAGER, "child.overview",
             child(EhcPlan.child_id, EhcPlan.told_on.is_not(None))),
    ),
    "Letters": (
        Stop("The pile for the post, and what was posted lately", MANAGER, "post.to_post"),
        Stop("A decision on paper, as it was sent", ADVISER, "letters.one_letter", letter(Letter.kind == "outcome")),
        Stop("In large print, as the parent asked", ADVISER, "letters.one_letter",
             letter(Letter.large_print.is_(True))),
        Stop("Put down as posted by mistake, and put right", MANAGER, "letters.one_letter", letter(
            Letter.id.in_(select(LetterPosting.letter_id).where(LetterPosting.struck_out_at.is_not(None))))),
        Stop("Posted by GOV.UK Notify, as it was printed", MANAGER, "letters.one_letter", letter(
            Letter.id.in_(select(LetterPosting.letter_id).where(LetterPosting.confirmed_by_id.is_(None))))),
        Stop("Letters for GOV.UK Notify to post, one of which came back", MANAGER, "post.by_notify"),
        Stop("Texts when there is something to read", cast.ACCEPTED, "accounts.choose_texts"),
        Stop("A parent’s own letters", cast.ACCEPTED, "family_letters.list_letters", first(
            select(Child.reference).join(Parent, Parent.child_id == Child.id)
            .join(Letter, Letter.parent_id == Parent.id).join(Account, Account.id == Parent.account_id)
            .where(Account.email == cast.ACCEPTED.email), "reference")),
        Stop("The wording of a letter, with its versions", ADMINISTRATOR, "letter_wordings.one_kind",
             fixed(letter_kind="contact-lapsed")),
    ),
    "Lapses and the ladder": (
        Stop("The queue", OFFICER, "queue.escalations"),
        Stop("Just raised: the officers are told", OFFICER, "queue.escalation", open_at("raised")),
        Stop("Nobody acknowledged it: the manager is told", OFFICER, "queue.escalation", open_at("manager")),
        Stop("Still nobody: the head of service is told", HEAD, "queue.escalation", open_at("head")),
        Stop("Acknowledged, and in hand", OFFICER, "queue.escalation", open_at("answered")),
        Stop("Acknowledged, and no decision in time", OFFICER, "queue.escalation", open_at("undecided")),
        Stop("Decided, and the next date has passed", OFFICER, "queue.escalation", open_at("next-date")),
        Stop("Its owner is not at work", OFFICER, "queue.escalations", fixed(rung="absent")),
        Stop("Answered by mistake, and raised again", OFFICER, "queue.escalation",
             escalation(Escalation.alerts > 1, Escalation.state != State.CLOSED)),
        Stop("An enquiry", OFFICER, "queue.escalation", escalation(Escalation.state == State.ENQUIRY)),
    ),
    "Notices and orders": (
        Stop("Every clock that runs, by its last day", MANAGER, "order_clocks.running"),
        Stop("A notice that an adviser has put forward", MANAGER, "orders.answer", first(
            select(Child.reference, OrderStep.reference).join(OrderCase, OrderCase.child_id == Child.id)
            .join(OrderStep, OrderStep.case_id == OrderCase.id).where(OrderStep.state == StepState.PROPOSED),
            "reference", "step_reference")),
        Stop("A notice that was answered in its time: satisfied, and over", ADVISER, "orders.one",
             order_case(OrderCase.closing == Closing.DONE)),
        Stop("The family’s time to choose a school", MANAGER, "orders.one",
             order_case(taken(StepCode.INTENTION), ~taken(StepCode.ORDER))),
        Stop("An order in force, with its whole route", MANAGER, "orders.one", order_case(taken(StepCode.ORDER))),
    ),
    "Proof": (
        Stop("Every child a mark, and the counts that must be zero", MANAGER, "sight.in_sight"),
        Stop("The statement to print", MANAGER, "sight.printed"),
        Stop("One child’s whole story, with what is withheld from an auditor", AUDITOR, "chronology.show",
             child(SafeguardingObservation.child_id)),
        Stop("Is everything running?", MANAGER, "running.everything"),
        Stop("The audit trail", AUDITOR, "audit.trail"),
    ),
}  # fmt: skip
