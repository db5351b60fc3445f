"""One of each thing in the village that an address can name, for crawling the URL map."""

import io
import json
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any

from flask import Flask
from PIL import Image
from sqlalchemy import select
from werkzeug.routing import Rule

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import AuthorityLogo, Leave
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.models import SavedList
from ehe_portal.contact.models import (
    Contact,
    Visit,
    WelfareCheck,
)
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason
from ehe_portal.evidence.models import (
    Evidence,
    EvidenceFile,
    WaitingFile,
)
from ehe_portal.messages.models import Message, MessageThread
from ehe_portal.notes.models import Note, NoteKind
from ehe_portal.policy.models import TermDate, TermKind
from ehe_portal.register.models import (
    AccessState,
    Address,
    ChangeKind,
    EhcPlan,
    Parent,
    ParentAccess,
    PossibleDouble,
    Registration,
    RegistrationDraft,
    ReportedChange,
    Submission,
    Via,
)
from ehe_portal.register.service.drafts import purpose
from tests.architecture.things_of_contact import grown_up, of_the_clock, suggested_and_expected, values_to_come
from tests.architecture.things_of_decisions import decided, posted
from tests.architecture.things_of_orders import of_orders
from tests.village import Village


def a_picture() -> bytes:
    """A small real PNG."""
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "green").save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class Things:
    """References by the parameter that takes them; `reference` means another thing on each blueprint."""

    child: str
    staff: str
    registration: str
    escalation: str
    contact: str
    check: str
    visit: str
    evidence: str
    statement: str
    complaint: str
    standing: str
    waiting: str
    asked: str
    file: str
    upload: str
    other_child: str
    draft_child: str
    other_draft_child: str
    sent: str
    keyed_in: str
    term: str
    family: str
    message: str
    address: str
    parent: str
    note: str
    change: str
    invitation: str
    kept_list: str
    check_in: str
    hold: str
    sighting: str
    version: str
    leave: str
    feed: str
    grown: str
    case: str
    step: str
    sending: str
    consent: str
    proof: str
    letter: str
    batch: str

    def arguments(self, rule: Rule) -> dict[str, Any]:
        """What to put into one route's address."""
        blueprint = rule.endpoint.partition(".")[0]
        own = {
            "staff": self.staff,
            "leaving": self.staff,
            "hours": self.staff,
            "terms": self.term,
            "registrations": self.registration,
            "registration": self.registration,
            "queue": self.escalation,
            "escalation": self.escalation,
        }
        # Ada is no child of whom there is anything to say about the end of school age.
        child = self.grown if rule.endpoint in ("episode.say_age_ends", "episode.review_end") else self.child
        known = {
            "reference": own.get(blueprint, child),
            "contact_reference": self.contact,
            "check_reference": self.check,
            "section": "education",
            "visit_reference": self.visit,
            "evidence_reference": self.evidence,
            "statement_reference": self.statement,
            "complaint_reference": self.complaint,
            "assessment_reference": self.standing if blueprint == "family_decisions" else self.waiting,
            "request_reference": self.asked,
            "file_reference": self.file,
            "upload_reference": self.upload,
            "other_reference": self.other_child,
            "child_key": self.draft_child,
            "other_key": self.other_draft_child,
            "submission_reference": self.keyed_in if blueprint == "keying" else self.sent,
            "account_reference": self.family,
            "message_reference": self.message,
            "address_reference": self.address,
            "parent_reference": self.parent,
            "note_reference": self.note,
            "change_reference": self.change,
            "change_kind": "address",
            "invitation_reference": self.invitation,
            "list_reference": self.kept_list,
            "check_in_reference": self.check_in,
            "slot": "2026-03-24T14:00",
            "hold_reference": self.hold,
            "sighting_reference": self.sighting,
            "since": self.version,
            "token": self.feed if blueprint == "calendar" else "not-a-token",
            "leave_reference": self.leave,
            "message": "visit-offered",
            "letter_reference": self.letter,
            "letter_kind": "welcome",
            "batch": self.batch,
            "kind": "home-visit",
            "outcome": "held",
            "happened_on": "2026-03-11",
            "case_reference": self.case,
            "step_reference": self.step,
            "sending_reference": self.sending,
            "consent_reference": self.consent,
            "proof_reference": self.proof,
            "route": "attendance",
            "step": "satisfied",
        }
        return {name: known[name] for name in rule.arguments}


def begun(app: Flask, work: Work, village: Village) -> tuple[str, str]:
    """A registration of two children, begun by the parent and by everyone who keys in; gives the children's keys."""
    keys = new_reference(), new_reference()
    address = {"has_address": True, "address_line_1": "1 Mill Lane", "town": "Poole", "postcode": "BH15 1HJ"}
    told = {"children": {key: {"address": address} for key in keys}, "family": {"other": {"has_other": "yes"}}}
    for account in (village.parents["Ada"], village.adviser, village.staff[Role.EHE_MANAGER]):
        sealed = app.extensions["portal"].vault.seal(json.dumps(told).encode(), purpose(account.id))
        work.session.add(RegistrationDraft(account_id=account.id, sealed=sealed, saved_at=work.at))
    return keys


def submissions(work: Work, village: Village) -> tuple[Submission, Submission]:
    """What the parent sent, and what the adviser keyed in."""
    came: dict[str, Any] = {
        "authority_id": village.authority.id, "received_on": work.today, "entered_at": work.at
    }  # fmt: skip
    sent = Submission(**came, account_id=village.parents["Ada"].id)
    keyed = Submission(**came, via=Via.PAPER, keyed_by_id=village.adviser.id, said_by="Her mother")
    work.session.add_all([sent, keyed])
    work.session.flush()
    return sent, keyed


def a_term(work: Work, village: Village) -> str:
    """A term, and beside it a logo, which is known by no reference."""
    term = TermDate(
        authority_id=village.authority.id,
        school_year=2025,
        kind=TermKind.TERM,
        name="Spring term",
        first_on=date(2026, 1, 5),
        last_on=date(2026, 3, 27),
    )
    logo: dict[str, Any] = {
        "jpeg": a_picture(),
        "mark": "f" * 16,
        "width": 8,
        "height": 8,
        "set_at": work.at,
        "set_by_id": None,
    }
    work.session.add_all([term, AuthorityLogo(authority_id=village.authority.id, **logo)])
    work.session.add(AuthorityLogo(authority_id=village.elsewhere.id, **logo))
    work.session.flush()
    return term.reference


def things_of(app: Flask, work: Work, village: Village) -> Things:
    """Everything is about Ada, whose parent has an account here."""
    ada, parent = village["Ada"], village.parents["Ada"]
    keys: dict[str, Any] = {"authority_id": village.authority.id, "child_id": ada.id}
    sent_in, keyed_in = submissions(work, village)
    registration = Registration(
        **keys, account_id=parent.id, answers={}, submitted_at=work.at, submission_id=sent_in.id
    )
    escalation = Escalation(
        **keys, episode_id=None, reason=Reason.CONCERN, raised_on=work.today, raised_at=work.at, words="A worry"
    )
    written = Contact(
        **keys,
        happened_on=work.today - timedelta(days=1),
        kind=ContactKind.WRITTEN_REPORT,
        outcome=ContactOutcome.RECEIVED,
        recorded_at=work.at,
    )
    held = Contact(
        **keys,
        happened_on=work.today - timedelta(days=2),
        kind=ContactKind.HOME_VISIT,
        outcome=ContactOutcome.HELD,
        child_seen=ChildSeen.YES,
        recorded_at=work.at,
    )
    visit = Visit(
        **keys,
        kind=ContactKind.HOME_VISIT,
        on_date=work.today + timedelta(days=9),
        at_time=time(10, 30),
        adviser_id=village.adviser.id,
        offered_at=work.at,
    )
    sent = Evidence(**keys, account_id=parent.id, sent_at=work.at, sent_on=work.today, written_account="We read.")
    change = ReportedChange(
        **keys, account_id=parent.id, kind=ChangeKind.ADDRESS, told={"address": "8 Quay Street"}, told_at=work.at
    )
    second = Parent(**keys, position=2, name="Oz Byrne", email="oz@home.example")
    bens = work.session.scalars(select(Parent).where(Parent.child_id == village["Ben"].id)).one()
    double = PossibleDouble(**keys, other_child_id=village["Ben"].id, score=90, found_on=work.today)
    thread = MessageThread(**keys, account_id=parent.id, last_at=work.at, waiting_since=work.at)
    note = Note(
        **keys,
        kind=NoteKind.GENERAL,
        about_on=work.today,
        words="The GP rang.",
        written_at=work.at,
        written_by_id=village.adviser.id,
    )
    upload = WaitingFile(
        **keys,
        account_id=parent.id,
        filename="Byrne garden.mp4",
        media_type="video/mp4",
        arrived_at=work.at,
        to_come=1000,
    )
    rows = [registration, escalation, written, held, visit, sent, double, thread, note, change, second, upload]
    work.session.add_all(rows)
    kept_list = SavedList(
        authority_id=village.authority.id, account_id=village.adviser.id, name="Overdue", asked={"due": "overdue"}
    )
    work.session.add_all([registration, escalation, written, visit, sent, double, kept_list])
    work.session.flush()
    day = work.today + timedelta(days=20)
    leave = Leave(authority_id=village.authority.id, account_id=village.adviser.id, first_on=day, last_on=day)
    work.session.add(leave)
    message = Message(
        authority_id=village.authority.id,
        thread_id=thread.id,
        author_id=parent.id,
        from_family=True,
        words="Byrne family: may we meet?",
        written_at=work.at,
    )
    work.session.add(message)
    work.session.flush()
    check_in = suggested_and_expected(work, village, visit)
    work.session.add(WelfareCheck(authority_id=village.authority.id, contact_id=held.id, persons_present="Ada"))
    whose: dict[str, Any] = {"authority_id": village.authority.id, "begun_at": work.at, "begun_by_id": None}
    claimed = ParentAccess(
        **whose,
        parent_id=second.id,
        email="oz@home.example",
        state=AccessState.CLAIMED,
        account_id=parent.id,
        child_named="Ada",
        child_born_on=ada.date_of_birth,
        claimed_at=work.at,
    )
    invitation = ParentAccess(**whose, parent_id=bens.id, email=parent.email, state=AccessState.INVITED)
    work.session.add_all([claimed, invitation])
    work.session.flush()
    work.session.expire(ada, ["parents"])
    kept = app.extensions["portal"].vault
    file = EvidenceFile(
        authority_id=village.authority.id,
        evidence_id=sent.id,
        stored_as=f"{village.authority.id}/{new_reference()}",
        filename="leaf.png",
        media_type="image/png",
        size=0,
        sha256="",
    )
    with kept.writer(file.stored_as) as writer:
        writer.write(a_picture())
        stored = writer.finish()
    file.size, file.sha256 = stored.size, stored.sha256
    work.session.add(file)
    work.session.add(EhcPlan(**keys, made_on=date(2025, 1, 9), due_on=date(2026, 1, 8)))
    draft_child, other_draft_child = begun(app, work, village)
    work.session.flush()
    contact = work.session.scalars(select(Contact).where(Contact.id == written.id)).one()
    hold, sighting = of_the_clock(work, village)
    return Things(
        child=ada.reference,
        staff=village.adviser.reference,
        registration=registration.reference,
        escalation=escalation.reference,
        contact=contact.reference,
        check=held.reference,
        visit=visit.reference,
        evidence=sent.reference,
        **decided(work, village),
        file=file.reference,
        upload=upload.reference,
        other_child=village["Ben"].reference,
        draft_child=draft_child,
        other_draft_child=other_draft_child,
        sent=sent_in.reference,
        keyed_in=keyed_in.reference,
        term=a_term(work, village),
        family=parent.reference,
        message=message.reference,
        address=work.session.scalars(select(Address.reference).where(Address.child_id == ada.id)).one(),
        parent=second.reference,
        note=note.reference,
        change=change.reference,
        invitation=invitation.reference,
        kept_list=kept_list.reference,
        check_in=check_in.reference,
        hold=hold,
        sighting=sighting,
        version=values_to_come(work, village),
        leave=leave.reference,
        feed=accounts.make_feed(work, village.adviser),
        grown=grown_up(work, village),
        **of_orders(work, village),
        **posted(work, ada),
    )
