"""A small demonstration, made whole once: nobody is out of sight, and every stage of a case can be seen."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from io import BytesIO

import pytest
from flask import Flask, current_app, url_for
from PIL import Image
from pypdf import PdfReader
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import password_fits
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile.queries import sight
from ehe_portal.complaints.models import Complaint, Late
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import (
    CheckIn,
    Contact,
    ContactAddendum,
    ContactClock,
    ContactComment,
    SafeguardingObservation,
    SeenReview,
    Sighting,
    Visit,
    VisitAnswer,
    VisitChild,
    VisitReply,
    VisitSlot,
    VisitState,
    WelfareCheck,
)
from ehe_portal.core import db
from ehe_portal.core.codes import Arrangement, ChildSeen, ContactOutcome, SocialCare, Tier
from ehe_portal.core.days import LONDON
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.files import FORMATS, pages_in
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.vault import StoredObject, Vault
from ehe_portal.core.web import Portal
from ehe_portal.core.work import COMMAND, Scope, Work
from ehe_portal.demo import cast, tour
from ehe_portal.demo.generating import generate
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.evidence.models import (
    Assessment,
    DecisionComment,
    DecisionState,
    Evidence,
    EvidenceFile,
    InformationRequest,
    Outcome,
    Scan,
    Statement,
    StatementState,
    WaitingFile,
)
from ehe_portal.evidence.service import Criterion, Standing
from ehe_portal.messages.models import Message, MessageThread
from ehe_portal.register.models import (
    ChangeKind,
    ChangeState,
    Child,
    DoubleVerdict,
    Episode,
    Parent,
    PossibleDouble,
    Registration,
    RegistrationState,
    ReportedChange,
)

TODAY = date(2026, 3, 12)
NOW = datetime.combine(TODAY, time(8, 0), LONDON)
CHILDREN = 110
RARE = {"Cancelled by the family", "A concern that could not wait", "The escalation that it raised at once"}
"""What a small council has too few families for."""


@dataclass
class Made:
    """A demonstration after its first sweep. `before` is what doctor found before that, `lapsed` how many lapsed."""

    work: Work
    told: list[Story]
    vault: Vault
    before: sight.Sight
    lapsed: int

    def of_stage(self, stage: Stage) -> list[Child]:
        """The children at a stage."""
        ids = [story.child_id for story in self.told if story.stage is stage]
        return list(self.work.session.scalars(select(Child).where(Child.id.in_(ids)).order_by(Child.id)))


@pytest.fixture(scope="module")
def made(portal_app: Flask) -> Iterator[Made]:
    with portal_app.app_context(), db.db.engine.connect() as connection, connection.begin() as outer:
        house: Portal = portal_app.extensions["portal"]
        session = Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")
        work = Work(session, COMMAND, NOW, Scope(everything=True), house.reactions)
        told = generate(work, CHILDREN, lambda _: None)
        before = sight.examine(work)
        overdue = session.scalars(contact_queries.overdue(work)).all()
        contact.lapse(work, overdue)
        yield Made(work, told, house.vault, before, len(overdue))
        # The rows go by themselves; what had only half arrived would lie where other tests look.
        for one in session.scalars(select(WaitingFile).where(WaitingFile.to_come.is_not(None))).all():
            house.vault.growing(one.stored_as, one.to_come or 1).discard()
        session.close()
        outer.rollback()


def test_nobody_is_out_of_sight_before_the_first_sweep_or_after(made: Made) -> None:
    assert made.before.is_well
    assert made.before.children > CHILDREN * 0.8
    assert sight.examine(made.work).is_well


def test_the_first_sweep_finds_those_planned_for_it_and_nobody_else(made: Made) -> None:
    planned = {story.child_id for story in made.told if story.stage in (Stage.LAPSING, Stage.FIRST_LAPSING)}
    today = select(Escalation.child_id).where(Escalation.raised_on == TODAY)
    assert set(made.work.session.scalars(today)) == planned
    assert made.lapsed == len(planned) >= 2
    officers = made.work.session.scalars(
        select(OutgoingMessage.to_address).where(
            OutgoingMessage.sent_at.is_(None), OutgoingMessage.topic == "escalation"
        )
    ).all()
    assert {"janet.whitlock@aldermere.example", "imran.malik@aldermere.example"} <= set(officers)
    assert "eilidh.fraser@aldermere.example" not in officers


def test_only_the_lapses_that_were_planned_have_happened(made: Made) -> None:
    planned = {story.child_id for story in made.told if story.grace_ends and story.stage is not Stage.FIRST_GRACE}
    lapsed = select(Escalation.child_id).where(Escalation.reason == Reason.CONTACT_LAPSE)
    found = made.work.session.scalars(lapsed).all()
    assert len(found) == len(set(found))
    assert set(found) <= planned


def test_escalations_stand_at_every_state(made: Made) -> None:
    states = made.work.session.execute(select(Escalation.reason, Escalation.state).distinct()).all()
    assert {state for reason, state in states if reason is Reason.CONTACT_LAPSE} == set(State)
    assert State.RAISED in {state for reason, state in states if reason is Reason.CONCERN}
    assert State.CLOSED in {state for reason, state in states if reason is Reason.CONCERN}


def test_registrations_wait_and_two_records_look_alike(made: Made) -> None:
    states = set(made.work.session.scalars(select(Registration.state)))
    assert states == set(RegistrationState)
    alike = made.work.session.scalars(
        select(PossibleDouble).where(PossibleDouble.verdict == DoubleVerdict.UNDECIDED)
    ).all()
    doubled = {child.id for child in made.of_stage(Stage.DOUBLED)}
    assert doubled
    assert doubled <= {pair.other_child_id for pair in alike}


def test_episodes_differ_as_they_do(made: Made) -> None:
    session = made.work.session
    assert set(session.scalars(select(Episode.tier))) == set(Tier)
    assert {SocialCare.CP, SocialCare.CIN} <= set(session.scalars(select(Episode.social_care)))
    other = session.scalars(select(Episode).where(Episode.arrangement != Arrangement.EHE)).all()
    assert other
    assert all(one.service_name and one.review_on and one.review_on >= TODAY for one in other)
    with_team = session.scalars(select(Episode).where(Episode.adviser_id.is_(None), Episode.accepted_at.is_not(None)))
    assert [one for one in with_team if one.is_open]


def test_visits_are_offered_today_and_soon(made: Made) -> None:
    offered = made.work.session.scalars(select(Visit).where(Visit.state == VisitState.OFFERED)).all()
    assert [visit for visit in offered if visit.on_date == TODAY]
    assert [visit for visit in offered if visit.on_date > TODAY]
    assert [visit for visit in offered if visit.on_date < TODAY]
    assert made.work.session.scalar(select(func.count(Visit.id)).where(Visit.state == VisitState.RECORDED))


def test_visits_are_told_as_stories(made: Made) -> None:
    """Siblings visited together, times to pick from, a suggestion, a changed address, someone not back, an addendum."""
    work = made.work
    shared = select(VisitChild.visit_id).group_by(VisitChild.visit_id).having(func.count() > 1)
    assert work.session.scalars(shared).all()
    assert [visit.state for visit in work.session.scalars(select(Visit).where(Visit.choice))] == [VisitState.OFFERED]
    assert work.session.scalars(select(VisitSlot).where(VisitSlot.answer_id.is_not(None))).all()
    (moved,) = work.session.scalars(select(Visit).where(Visit.place_doubtful_since.is_not(None)))
    assert moved.place_was
    (check_in,) = work.session.scalars(select(CheckIn))
    assert (check_in.back_at, check_in.rung) == (None, 1)
    assert work.session.scalars(select(ContactAddendum)).all()


def test_contacts_have_what_officers_write(made: Made) -> None:
    session = made.work.session
    assert set(session.scalars(select(Contact.outcome))) >= {
        ContactOutcome.HELD,
        ContactOutcome.RECEIVED,
        ContactOutcome.NO_ANSWER,
        ContactOutcome.SENT,
    }
    assert session.scalar(select(func.count(Contact.id)).where(Contact.child_seen == ChildSeen.DECLINED))
    words = session.scalars(select(WelfareCheck.childs_words).where(WelfareCheck.childs_words.is_not(None))).all()
    assert len(set(words)) > 3
    assert "{" not in "".join(word for word in words if word)
    assert session.scalar(select(func.count(SafeguardingObservation.id)))
    waiting = select(Contact).where(Contact.outcome == ContactOutcome.RECEIVED, Contact.substantive.is_(None))
    assert session.scalars(waiting).all()


def test_records_are_whole_signed_and_some_are_unfinished(made: Made) -> None:
    session = made.work.session
    whole = session.scalars(select(WelfareCheck).where(WelfareCheck.conclusion.is_not(None))).all()
    assert len({one.progress for one in whole}) > 2
    assert all(one.styles and one.at_time for one in whole)
    assert any(one.signed_at for one in whole)
    begun = session.execute(select(FormDraft, Child).join(Child, Child.reference == FormDraft.about)).all()
    assert {draft.form for draft, _ in begun} == {"contact.describe", "evidence.assess", "family_evidence.tell"}
    assert all(child.known_as not in (draft.title or "") for draft, child in begun)


def test_evidence_is_assessed_with_each_outcome_and_for_reasons(made: Made) -> None:
    found = made.work.session.scalars(select(Assessment)).all()
    assert {one.outcome for one in found} == set(Outcome)
    assert all(len(one.reasons) > 80 for one in found)
    assert all([each.criterion for each in one.criteria] == list(Criterion) for one in found)
    assert all(one.wanted for one in found if one.outcome is Outcome.INSUFFICIENT)
    against = [each for one in found for each in one.criteria if each.standing is Standing.NOT_SATISFIED]
    assert against
    assert all(each.reasons and each.grounds for each in against), "nothing is held against silence"
    spoken = [each for one in found for each in one.criteria if any(ground.contact_id for ground in each.grounds)]
    assert spoken
    assert all(one.advice for one in found if one.outcome is Outcome.ADVICE)
    assert all(sent.written_account or sent.parts for sent in made.work.session.scalars(select(Evidence)))


def test_families_show_it_in_other_ways_and_complain(made: Made) -> None:
    session = made.work.session
    assert any(sent.parts for sent in session.scalars(select(Evidence)))
    assert any(sent.statement for sent in session.scalars(select(Evidence)))
    states = {one.state for one in session.scalars(select(Statement))}
    assert states == {StatementState.ASKED, StatementState.WRITTEN, StatementState.SENT_ON}
    assert session.scalars(select(DecisionComment)).all()
    complaints = session.scalars(select(Complaint)).all()
    assert {one.is_open for one in complaints} == {True, False}
    assert {one.late for one in complaints} == {None, Late.NOT_ANSWERED}
    for one in complaints:
        assert one.handler_id not in {each.account_id for each in one.concerned}
        assert "{" not in f"{one.words}{one.wanted}{one.answer}"


def test_a_decision_waits_for_a_second_person_and_more_is_asked_for(made: Made) -> None:
    found = made.work.session.scalars(select(Assessment)).all()
    assert any(one.state is DecisionState.WAITING for one in found)
    assert all(one.outcome is Outcome.UNSUITABLE for one in found if one.state is not DecisionState.STANDS)
    asked = made.work.session.scalars(select(InformationRequest)).all()
    assert len(asked) == len([one for one in found if one.outcome is Outcome.INSUFFICIENT])
    assert all(one.last_on >= one.asked_on + timedelta(weeks=4) for one in asked)


def test_files_in_the_vault_are_real(made: Made) -> None:
    kinds = set()
    for file in made.work.session.scalars(select(EvidenceFile)):
        stored = StoredObject(file.stored_as, file.size, file.sha256)
        content = BytesIO(b"".join(made.vault.read(file.stored_as, stored)))
        kinds.add(file.media_type)
        if file.media_type == "application/pdf":
            assert "".join(page.extract_text() for page in PdfReader(content).pages).strip()
        elif not file.media_type.startswith("image/"):
            assert pages_in(content) >= 1
        else:
            with Image.open(content) as picture:
                picture.load()
    assert "application/pdf" in kinds
    assert kinds & {"image/jpeg", "image/png"}
    assert {FORMATS["docx"].media_type, FORMATS["odt"].media_type} <= kinds


def test_files_stand_in_each_state_and_one_has_only_half_arrived(made: Made) -> None:
    session = made.work.session
    states = Counter(session.scalars(select(EvidenceFile.scan)))
    assert set(states) == set(Scan)
    assert (states[Scan.INFECTED], states[Scan.UNSCANNED]) == (1, 1)
    assert states[Scan.CLEAN] > states[Scan.WAITING] > 0
    for one in session.scalars(select(WaitingFile)):
        assert 0 < made.vault.growing(one.stored_as, one.to_come or 0).offset < (one.to_come or 0)
    assert session.scalar(select(func.count(WaitingFile.id)))


def test_everyone_of_the_cast_can_sign_in(made: Made) -> None:
    accounts = {one.email: one for one in made.work.session.scalars(select(Account))}
    assert {accounts[person.email].role for person in cast.EVERYONE} == set(Role)
    assert all(password_fits(accounts[person.email], cast.SIGN_IN_WORDS) for person in cast.EVERYONE[:1] + cast.PARENTS)
    verified = made.work.session.execute(
        select(Account.email, Parent.verified_at).join(Parent, Parent.account_id == Account.id)
    )
    by_email: dict[str, list[bool]] = {}
    for email, verified_at in verified:
        by_email.setdefault(email, []).append(verified_at is not None)
    assert by_email[cast.WAITING.email] == [False]
    assert by_email[cast.ACCEPTED.email] == [True, True]
    assert by_email[cast.SILENT.email] == [True]


def test_the_trail_says_when_things_happened(made: Made) -> None:
    moments = made.work.session.scalars(select(AuditEntry.at).order_by(AuditEntry.id)).all()
    assert moments[0] < NOW < max(moments) or max(moments) == NOW
    assert len({moment.date() for moment in moments}) > 40


def test_mail_of_long_ago_is_not_sent_again(made: Made) -> None:
    unsent = made.work.session.scalars(select(OutgoingMessage.created_at).where(OutgoingMessage.sent_at.is_(None)))
    assert all((NOW - moment).days < 2 for moment in unsent)


def test_families_answer_and_tell(made: Made) -> None:
    session = made.work.session
    in_any_town = set(VisitReply) - {VisitReply.CANCELLED}  # a small one has too few offers for every answer
    assert set(session.scalars(select(VisitAnswer.answer))) >= in_any_town
    assert session.scalar(select(func.count(ContactComment.id))) == 3
    assert set(session.scalars(select(ReportedChange.kind))) == set(ChangeKind)
    assert {ChangeState.WAITING, ChangeState.TAKEN_UP} <= set(session.scalars(select(ReportedChange.state)))
    second = session.scalars(select(Account).where(Account.email == cast.SECOND.email)).one()
    theirs = session.scalars(select(Parent).where(Parent.account_id == second.id)).all()
    assert len(theirs) == 2
    assert all(one.verified_at and one.position > 1 for one in theirs)


def test_families_write_and_some_of_it_waits_for_an_answer(made: Made) -> None:
    threads = made.work.session.scalars(select(MessageThread).order_by(MessageThread.id)).all()
    waiting = [thread for thread in threads if thread.waiting_since is not None]
    assert 0 < len(waiting) < len(threads)
    messages = made.work.session.scalars(select(Message).order_by(Message.id)).all()
    assert {message.from_family for message in messages} == {True, False}
    assert not any("{" in message.words for message in messages)
    assert all(message.written_at < NOW for message in messages)
    recorded = made.work.session.scalars(select(Contact.reference).where(Contact.message_id.is_not(None))).all()
    assert sorted(recorded) == sorted(message.reference for message in messages)


@pytest.mark.parametrize(
    "stop", [one for stops in tour.TOUR.values() for one in stops], ids=lambda stop: stop.what.replace(" ", "-")
)
def test_each_story_can_be_found(made: Made, stop: tour.Stop) -> None:
    """A newcomer finds all of them on one page, even of a small council, and its address can be made."""
    keys = stop.find(made.work)
    assert keys is not None or stop.what in RARE, "plan it, or say that a small council has too few"
    if keys is not None:
        with current_app.test_request_context():
            assert url_for(stop.endpoint, **keys).startswith("/")


def test_few_children_have_not_been_seen_for_long(made: Made) -> None:
    """As many as a team can look into, with each adviser; the rest were seen by their adviser or by somebody else."""
    clocks = made.work.session.scalars(select(ContactClock).where(ContactClock.is_running.is_(True))).all()
    long_ago = [one for one in clocks if one.see_by is not None and one.see_by < TODAY]
    assert 1 <= len(long_ago) < len(clocks) * 0.1
    assert made.work.session.scalar(select(func.count(Sighting.id)))
    assert made.work.session.scalar(select(func.count(SeenReview.id)))
