"""A council at work, set up by the portal's own services straight on a running portal's database.

For stories that begin in the middle: everything is about Ada, whose parent has an account here.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from flask import Flask
from sqlalchemy import select

import config
from ehe_portal.accounts import queries as accounts
from ehe_portal.accounts import service as account_service
from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import STAFF_ROLES, Role
from ehe_portal.accounts.service import add_account
from ehe_portal.app import create_app
from ehe_portal.casefile import service as casefile
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact
from ehe_portal.core import db
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome, Destination, Responsibility
from ehe_portal.core.days import LONDON
from ehe_portal.core.hours import DaysOff
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import COMMAND, Actor, Scope, Work
from ehe_portal.escalation import service as escalation
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.events import EducationAssessed
from ehe_portal.evidence.models import Assessment, DecisionState, Evidence, Outcome
from ehe_portal.messages import queries as message_queries
from ehe_portal.messages import service as messages
from ehe_portal.notes import service as notes
from ehe_portal.notes.models import NoteKind
from ehe_portal.policy import service as policy
from ehe_portal.policy.models import PolicyValues, TermKind
from ehe_portal.register import queries as register
from ehe_portal.register import service as registrations
from ehe_portal.register.models import ChangeKind, Child, HouseholdVerdict, Registration, ReportedChange, Via
from ehe_portal.register.rules.answers import Answers
from tests.core import made_files
from tests.journeys.cast import PASSWORD, STAFF, years_ago
from tests.journeys.running import RunningPortal
from tests.village import a_child

PARENT = "pat.byrne@families.example"
SECOND = "sam.byrne@families.example"
VISIT, HELD = ContactKind.HOME_VISIT, ContactOutcome.HELD


@dataclass
class Stage:
    """Who is here and what is known of them; staff by their roles, references of children by their forenames."""

    app: Flask
    house: Portal
    staff: dict[Role, Account] = field(default_factory=dict)
    children: dict[str, str] = field(default_factory=dict)
    references: dict[str, str] = field(default_factory=dict)

    @contextmanager
    def deed(self, account: Account | None = None) -> Iterator[Work]:
        """A piece of work, as an operator or as one account; kept when it is done."""
        with self.app.app_context(), transaction(self.house.work(*seen_as(account), writing=True), may_write=True) as w:
            yield w

    def address_of(self, role: Role) -> str:
        """What someone of this role signs in with."""
        return PARENT if role is Role.PARENT else f"{role.value}@wessex.example"


def seen_as(account: Account | None) -> tuple[Actor, Scope]:
    """Whom the portal sees when this account is signed in."""
    if account is None:
        return COMMAND, Scope(everything=True)
    actor = Actor(account.id, account.role.value, account.authority_id, account.role.value)
    if account.role in STAFF_ROLES:
        return actor, Scope(authority_id=account.authority_id)
    return actor, Scope(account_id=account.id)


@contextmanager
def set_stage(portal: RunningPortal) -> Iterator[Stage]:
    """Everyone comes in, and something of every kind happens."""
    app = create_app(config.read(portal.environment))
    stage = Stage(app, app.extensions["portal"])
    with stage.deed() as work:
        authority = accounts.authority_by_code(work, "838")
        assert authority is not None
        people_come(stage, work, authority)
        families_come(stage, work, authority)
    ada_registers(stage)
    ada_is_visited(stage)
    family_tells(stage)
    concerns_are_raised(stage)
    messages_are_written(stage)
    ada_is_written_about(stage)
    clocks_are_kept(stage)
    portal.flask("jobs", "run", "lapse-overdue-contact")
    yield stage
    with app.app_context():
        db.db.engine.dispose()


def people_come(stage: Stage, work: Work, authority: Authority) -> None:
    """Staff of every role, one of whom has not chosen a password yet, and a parent."""
    for role, name in [*((Role(role), name) for role, name in STAFF.items()), (Role.PARENT, "Pat Byrne")]:
        stage.staff[role] = add_account(work, authority, stage.address_of(role), name, role, PASSWORD)
    invited = add_account(work, authority, "invited@wessex.example", "Ines Vaughan", Role.ADVISER)
    stage.references["staff"] = invited.reference
    term = policy.TermWanted(TermKind.TERM, "Autumn term", date(2026, 9, 2), date(2026, 12, 18))
    stage.references["term"] = policy.add_term_date(work, authority.id, term).reference


def families_come(stage: Stage, work: Work, authority: Authority) -> None:
    """Silent, overdue, due soon, with the team, past school age, and one like the child who will be registered."""
    adviser, today = stage.staff[Role.ADVISER], work.today
    born, opened_on = years_ago(11), years_ago(3)

    def move_in(forename: str, surname: str, seen: date | None, adviser: Account | None = adviser) -> None:
        contacts = ((seen, VISIT, HELD),) if seen else ()
        child = a_child(work, authority, forename, surname, born, opened_on, adviser=adviser, contacts=contacts)
        stage.children[forename] = child.reference

    move_in("Ben", "Carter", years_ago(2))
    move_in("Cleo", "Dunn", years_ago(1, 7))
    move_in("Dilan", "Erdem", years_ago(1) + timedelta(days=14))
    move_in("Esi", "Fraser", today - timedelta(days=40), adviser=None)
    move_in("Ruth", "Byrne", today - timedelta(days=50))


def answers(forename: str) -> Answers:
    """What Pat types about a child."""
    return Answers(
        legal_forename=forename,
        legal_surname="Byrne",
        date_of_birth=years_ago(11),
        has_address=True,
        address_line_1="3 Mill Lane",
        town="Sturminster",
        postcode="BH16 6AA",
        parent_name="Pat Byrne",
        relationship="Father",
        responsibility=Responsibility.YES,
        ehe_started_on=years_ago(2),
    )


def ada_registers(stage: Stage) -> None:
    """Pat registers Ada, who is accepted, and Ruth, who may be known already; and sends something about Ada."""
    parent, adviser = stage.staff[Role.PARENT], stage.staff[Role.ADVISER]
    with stage.deed(parent) as work:
        ada = registrations.submit_registration(work, answers("Ada"))
        ruth = registrations.submit_registration(work, answers("Ruth"))
        assert ruth.submission is not None
        stage.references["sent"] = ruth.submission.reference
    stage.references |= {"registration": ruth.reference, "other": stage.children["Ruth"]}
    with stage.deed(adviser) as work:
        waiting = work.session.get_one(Registration, ada.id)
        registrations.accept(work, waiting, adviser)
        stage.children["Ada"] = waiting.child.reference
    with stage.deed(parent) as work:
        stage.references |= references_of(send_something(stage, work))


def send_something(stage: Stage, work: Work) -> Evidence:
    """A written account, a picture and a PDF."""
    child = child_of(stage, work, "Ada")
    kept = []
    for name, kind, content in (
        ("pond.jpg", "image/jpeg", made_files.photograph(600, 400)),
        ("reading list.pdf", "application/pdf", made_files.pdf()),
    ):
        waiting = evidence.expect_file(work, child, name, kind, len(content))
        evidence.note_kept(work, [stage.house.vault.store(waiting.stored_as, iter([content]))])
        kept.append(waiting.reference)
    work.session.expire_all()
    return evidence.submit(work, child, "Ada draws what lives in the pond, and reads about it.", kept)


def references_of(sent: Evidence) -> dict[str, str]:
    """By which names addresses ask for this."""
    return {"evidence": sent.reference, "file": sent.files[0].reference}


def child_of(stage: Stage, work: Work, forename: str) -> Child:
    """One of the children, in this piece of work."""
    found = register.visible_child(work, stage.children[forename])
    assert found is not None
    return found


def ada_is_visited(stage: Stage) -> None:
    """A visit that took place, one that is offered, and a decision."""
    with stage.deed(stage.staff[Role.ADVISER]) as work:
        child = child_of(stage, work, "Ada")
        recorded = contact.record_contact(work, child, a_visit(work.today))
        offered = contact.offer_visit(work, child, an_offer(work.today + timedelta(days=9)))
        evidence.assess(
            work,
            child,
            evidence.Finding(
                Outcome.ADVICE,
                "Ada explained a food web to me.",
                "Try more sums.",
                evidence.all_satisfied(contacts=[recorded.reference]),
                "The visit",
            ),
            [recorded],
        )
        stage.references |= {"visited": recorded.reference, "visit": offered.reference}
        written = next(one for one in contact_rows(work, child) if one.evidence_id is not None)
        stage.references["contact"] = written.reference


def contact_rows(work: Work, child: Child) -> list[Contact]:
    """Every contact about a child."""
    return list(work.session.query(Contact).filter_by(child_id=child.id).order_by(Contact.id))


def a_visit(on: date) -> contact.Happened:
    """A home visit with everything that can be said of one."""
    return contact.Happened(
        kind=VISIT,
        outcome=HELD,
        happened_on=on,
        child_seen=ChildSeen.YES,
        summary="We talked about the pond.",
        check=contact.Check(
            persons_present="Ada and her father",
            childs_words="I like newts best.",
            education_seen="Drawings, a diary",
            address_confirmed=True,
        ),
        observation=contact.Observation(
            fact="A cough that went on all morning.", opinion="A cold, most likely.", source="Seen myself"
        ),
        signed=True,
    )


def an_offer(on: date, at: time = time(10, 30)) -> contact.Offer:
    """A call to come."""
    return contact.Offer(kind=ContactKind.PHONE_CALL, on_date=on, at_time=at)


def messages_are_written(stage: Stage) -> None:
    """Ada's father asks something, and is answered; then he writes again."""
    parent, adviser = stage.staff[Role.PARENT], stage.staff[Role.ADVISER]
    for asked in (True, False, True):
        with stage.deed(parent if asked else adviser) as work:
            reference = stage.children["Ada"]
            if asked:
                ours = message_queries.family_conversation(work, reference)
                assert ours is not None
                written = messages.write_to_council(work, ours, "May we meet at the library?\n\n  - or by the pond")
            else:
                theirs = message_queries.conversation(work, reference, parent.reference)
                assert theirs is not None
                written = messages.write_to_family(work, theirs, "Gladly. Which day?")
            stage.references |= {"message": written.reference, "family": parent.reference}


def family_tells(stage: Stage) -> None:
    """Pat tells of a second parent, who waits to be verified, and of an address; and is invited to see Ben's page."""
    parent, adviser = stage.staff[Role.PARENT], stage.staff[Role.ADVISER]
    with stage.deed(parent) as work:
        child = child_of(stage, work, "Ada")
        told = registrations.report_change(work, child, ChangeKind.NEW_PARENT, {"name": "Sam Byrne"})
        moved = registrations.report_change(work, child, ChangeKind.ADDRESS, {"address": "8 Quay Street"})
        stage.references["change"] = moved.reference
    with stage.deed(adviser) as work:
        change = work.session.get_one(ReportedChange, told.id)
        new = registrations.Carer(name="Sam Byrne", relationship="Mother", email=SECOND)
        registrations.take_up_parent(work, change, new, "Thank you", version=change.version)
        for forename, place, address in (("Ada", 1, SECOND), ("Ben", 0, PARENT)):
            known = child_of(stage, work, forename).parents[place]
            known.email = address
            work.session.flush()
            access = registrations.invite_parent(work, known, version=known.version)
            stage.references[f"invitation of {forename}"] = access.reference
            stage.references["second parent"] = stage.references.get("second parent", known.reference)
    with stage.deed() as work:
        authority = accounts.authority_by_code(work, "838")
        assert authority is not None
        second = add_account(work, authority, SECOND, "Sam Byrne", Role.PARENT, PASSWORD)
    with stage.deed(second) as work:
        mine = register.own_invitation(work, stage.references["invitation of Ada"])
        assert mine is not None
        registrations.answer_invitation(work, mine, claims=True, child_named="Ada", child_born_on=years_ago(11))


def concerns_are_raised(stage: Stage) -> None:
    """One that waits, and one that is being looked into."""
    with stage.deed(stage.staff[Role.ADVISER]) as work:
        child = child_of(stage, work, "Ada")
        raised = escalation.raise_concern(work, child, "She said that she is often alone at night.", danger_now=False)
        stage.references["escalation"] = raised.reference


def clocks_are_kept(stage: Stage) -> None:
    """Ada's clock is held, a nurse has seen her, somebody is expected back from her visit; other values are to come."""
    staff = stage.staff
    with stage.deed(staff[Role.EHE_MANAGER]) as work:
        child = child_of(stage, work, "Ada")
        until = work.today + timedelta(days=9)
        held = contact.hold_clock(work, child, contact.Holding(until, contact.HoldReason.HOSPITAL, "On the ward"))
        seen = contact.record_sighting(work, child, contact.Seen(work.today, contact.SeenBy.HEALTH, "The school nurse"))
        stage.references |= {"hold": held.reference, "sighting": seen.reference}
        assert child.episode is not None
        stopped = child_of(stage, work, "Esi")
        casefile.stop_messages(work, stopped, "A worry about a wedding abroad", ())
        stage.references["stopped"] = stopped.reference
        school = registrations.Awaited(Destination.SCHOOL, "A place is offered", staff[Role.ADVISER], until)
        registrations.await_destination(work, child.episode, school)
    with stage.deed(staff[Role.ADVISER]) as work:
        visit = contact_queries.visible_visit(work, stage.children["Ada"], stage.references["visit"])
        assert visit is not None
        back_by = datetime.combine(visit.on_date, time(12), LONDON)
        check_in = contact.set_check_in(work, visit, back_by, staff[Role.EHE_MANAGER])
        stage.references["check-in"] = check_in.reference
    with stage.deed(staff[Role.ADVISER]) as work:
        account = work.session.get_one(Account, staff[Role.ADVISER].id)
        leave = account_service.add_leave(work, account, DaysOff(work.today, work.today + timedelta(days=2)))
        stage.references |= {"leave": leave.reference, "adviser": account.reference}
        account_service.make_feed(work, account)
    with stage.deed(staff[Role.ADMINISTRATOR]) as work:
        since = work.today + timedelta(days=30)
        policy.set_values(work, staff[Role.ADMINISTRATOR].authority_id, PolicyValues(grace_days_annual=15), since)
        stage.references["since"] = since.isoformat()


def registrations_are_begun(stage: Stage) -> None:
    """An officer has keyed in two; Pat has begun to register two more, and officers to key in others."""
    with stage.deed(stage.staff[Role.ADVISER]) as work:
        paper = registrations.Source(Via.PAPER, "The child’s aunt", work.today)
        keyed = registrations.key_in_registrations(work, [answers("Winnie"), answers("Xan")], paper)
        stage.references["keyed in"] = keyed.reference
    vault = stage.house.vault
    for role in (Role.PARENT, Role.ADVISER, Role.EHE_MANAGER):
        with stage.deed(stage.staff[role]) as work:
            keys = [registrations.add_child(work, vault) for _ in range(2)]
            for key in keys:
                address = {"has_address": True, "address_line_1": "3 Mill Lane", "town": "Sturminster"}
                registrations.keep_page(work, vault, "address", {**address, "postcode": "BH16 6AA"}, key)
            registrations.keep_page(work, vault, "other", {"has_other": "yes", "other_name": "Sam"})
            stage.references[f"draft of {role.value}"] = keys[0]


def ada_is_written_about(stage: Stage) -> None:
    """A note, a restricted one, a brother, an earlier address, and what was put right."""
    with stage.deed(stage.staff[Role.ADVISER]) as work:
        child = child_of(stage, work, "Ada")
        note = notes.write(work, child, notes.Draft(NoteKind.GENERAL, work.today, "The library rang."))
        notes.write(work, child, notes.Draft(NoteKind.OTHER_AGENCY, work.today, "The social worker rang.", True))
        registrations.decide_household(work, child, child_of(stage, work, "Ben"), HouseholdVerdict.LINKED)
        address, parent = child.addresses[0], child.carers[0]
        right = registrations.Place("3 Mill Lane, Sturminster", "BH16 6AB")
        registrations.correct_address(work, address, right, address.from_on, address.version, "The postcode")
        stage.references |= {"note": note.reference, "address": address.reference, "parent": parent.reference}


def appears_unsuitable(stage: Stage, forename: str) -> None:
    """Two people have decided, by what they were shown and told."""
    manager = stage.staff[Role.EHE_MANAGER]
    with stage.deed(manager) as work:
        child = work.session.scalars(select(Child).where(Child.reference == stage.children[forename])).one()
        keys: dict[str, Any] = {"authority_id": child.authority_id, "child_id": child.id}
        made = Assessment(
            **keys, outcome=Outcome.UNSUITABLE, reasons="A few pages from last spring.", decided_at=work.at,
            decided_by_id=manager.id, state=DecisionState.STANDS, stands_since=work.at,
        )  # fmt: skip
        work.session.add(made)
        work.session.flush()
        work.publish(EducationAssessed(**keys, assessment_id=made.id, outcome=Outcome.UNSUITABLE))
