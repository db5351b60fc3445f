"""Messages to a family stopped, as people meet it: who may, what the family sees (no change), what nobody may read."""

import io
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AccessEntry, AuditEntry
from ehe_portal.casefile import service as casefile
from ehe_portal.contact import rules as contact_rules
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Contact, ContactClock, StepKind, Visit, VisitState, VisitStep
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import Assessment, DecisionState, Outcome
from ehe_portal.messages import queries as conversations
from ehe_portal.messages import service as messages
from ehe_portal.messages.models import MessageReading
from ehe_portal.register import service as register
from ehe_portal.register.models import ChangeKind, Child, MessageStop
from tests.conftest import Clock
from tests.contact.stories import visit as a_visit
from tests.pages import LintingClient
from tests.village import Village

WHY = "The aunt says that a wedding is planned in Mirpur"
ClientAs = Callable[[Account | None], LintingClient]
FAMILY_PAGES = ("", "/visits", "/decisions", "/records", "/messages", "/story", "/changes")


def as_the_family_sees_it(village: Village, client_as: ClientAs, more: Sequence[str] = ()) -> list[str]:
    """Every page of Ada's parent, without what is another each time it is opened; of a letter what it says."""
    parent = client_as(village.parents["Ada"])
    home = f"/family/children/{village['Ada'].reference}"
    pages = []
    for page in (*FAMILY_PAGES, *more):
        answer = parent.get(f"{home}{page}")
        assert answer.status_code == 200, page
        if page.endswith(".pdf"):
            pages.append("".join(leaf.extract_text() for leaf in PdfReader(io.BytesIO(answer.data)).pages))
            continue
        text = re.sub(r'<input[^>]*type="hidden"[^>]*>', "", answer.text)
        pages.append(re.sub(r'nonce="[^"]*"', "", text))
    return pages


def stop(work: Work, child: Child) -> None:
    casefile.stop_messages(work, child, WHY)
    work.session.flush()


def later_deeds(work: Work, village: Village, on: date) -> None:
    """What staff do in the days after: a record, a decision, another adviser, and time that goes by."""
    ada = village["Ada"]
    happened = contact.Happened(
        kind=ContactKind.LETTER, outcome=ContactOutcome.RECEIVED, happened_on=on, substantive=True, summary="A report"
    )
    contact.record_contact(work, ada, happened)
    assert ada.episode is not None
    register.assign(work, ada.episode, None)
    finding = Assessment(
        authority_id=ada.authority_id,
        child_id=ada.id,
        outcome=Outcome.SUITABLE,
        decided_by_id=village.adviser.id,
        reasons="A full report",
        decided_at=work.at,
        state=DecisionState.STANDS,
        stands_since=work.at,
    )
    work.session.add(finding)
    work.session.flush()


@pytest.mark.parametrize("days", [1, 400])
def test_the_family_cannot_tell_from_its_pages(
    work: Work, village: Village, client_as: ClientAs, clock: Clock, days: int
) -> None:
    before = as_the_family_sees_it(village, client_as)
    stop(work, village["Ada"])
    assert as_the_family_sees_it(village, client_as) == before
    work.at += timedelta(days=days)
    later_deeds(work, village, work.today)
    contact.lapse(work, list(work.session.scalars(select(ContactClock.id).order_by(ContactClock.id))))
    assert as_the_family_sees_it(village, client_as) == before


@dataclass
class Kept:
    """A visit to Ada confirmed for today, two signed records of her, and one that is not."""

    visit: Visit
    records: list[Contact]


@pytest.fixture
def kept(work: Work, village: Village) -> Kept:
    ada = village["Ada"]
    at = (work.at + timedelta(hours=1)).time()
    offer = contact.Offer(kind=ContactKind.HOME_VISIT, on_date=work.today, at_time=at, place="Here", note=None)
    visit = contact.offer_visit(work, ada, offer)
    visit.state = VisitState.ACCEPTED
    work.session.add(
        VisitStep(
            authority_id=ada.authority_id,
            visit_id=visit.id,
            step=StepKind.ACCEPTED,
            done_at=work.at,
            by_id=village.parents["Ada"].id,
            kind=visit.kind,
            on_date=visit.on_date,
            at_time=visit.at_time,
        )
    )
    records = [
        contact.record_contact(work, ada, a_visit("2026-03-10", signed=signed)) for signed in (True, True, False)
    ]
    work.session.flush()
    return Kept(visit, records)


@pytest.mark.parametrize("days", [0, 1])
def test_nor_from_what_is_recorded_signed_added_or_struck_out(
    work: Work, village: Village, client_as: ClientAs, clock: Clock, kept: Kept, days: int
) -> None:
    added_to, struck_out, unsigned = kept.records
    stop(work, village["Ada"])
    work.at += timedelta(days=days, hours=3)
    clock.at = work.at
    letters = [f"/records/{one.reference}" for one in kept.records] + [f"/records/{added_to.reference}/letter.pdf"]
    before = as_the_family_sees_it(village, client_as, letters)
    contact.record_contact(work, village["Ada"], a_visit(f"{work.today}", visit=kept.visit, signed=True))
    assert kept.visit.state is VisitState.RECORDED
    contact.add_to_record(work, added_to, "CANARY-ADDED", for_family=True)
    assert unsigned.welfare_check is not None
    names = contact_rules.sections_of(unsigned.kind, unsigned.outcome)[contact_rules.Section.NEXT]
    now = contact_rules.as_read(contact.said_in(unsigned, names))
    said = {"summary": "CANARY-CHANGED", "agreed_next_on": work.today + timedelta(days=90)}
    contact.save_section(work, unsigned, contact_rules.Section.NEXT, said, as_read=now)
    contact.sign(work, unsigned, version=unsigned.welfare_check.version)
    contact.strike_out(work, struck_out, "Another child", version=struck_out.version)
    work.session.flush()
    assert as_the_family_sees_it(village, client_as, letters) == before
    letter = client_as(village.parents["Ada"]).get(
        f"/family/children/{village['Ada'].reference}/records/{unsigned.reference}/letter.pdf"
    )
    assert letter.status_code == 302, "there is no copy of what was signed since"
    register.let_messages_go(work, village["Ada"], "She is safe")
    parent, home = client_as(village.parents["Ada"]), f"/family/children/{village['Ada'].reference}"
    assert "Over: see our record" in parent.get(f"{home}/visits").text
    assert "CANARY-CHANGED" in parent.get(f"{home}/records").text
    assert "CANARY-ADDED" in parent.get(f"{home}/records/{added_to.reference}").text
    assert parent.get(f"{home}/records/{struck_out.reference}").status_code == 404


def test_nor_from_a_change_that_was_answered_or_an_address_that_changed(
    work: Work, new_work: Callable[..., Work], village: Village, client_as: ClientAs, clock: Clock
) -> None:
    ada = village["Ada"]
    at = work.at.time()
    offer = contact.Offer(kind=ContactKind.HOME_VISIT, on_date=date(2026, 4, 2), at_time=at, place="Here", note=None)
    visit = contact.offer_visit(work, ada, offer)
    parent = new_work(village.parents["Ada"])
    parent.session, parent.at = work.session, work.at
    change = register.report_change(parent, ada, ChangeKind.SCHOOL, {"school": "Poole High"})
    stop(work, ada)
    before = as_the_family_sees_it(village, client_as)
    work.at += timedelta(hours=1)
    register.set_aside(work, change, "The school knows nothing of it", version=change.version)
    register.move(work, ada, register.Place("9 Hidden Row, Poole", "BH15 9ZZ"), work.today)
    assert visit.place_doubtful_since is not None
    assert as_the_family_sees_it(village, client_as) == before


def test_a_visit_whose_record_was_struck_out_since_shows_as_recorded(
    work: Work, village: Village, client_as: ClientAs, clock: Clock, kept: Kept
) -> None:
    work.at = clock.at = work.at + timedelta(hours=3)
    made = contact.record_contact(work, village["Ada"], a_visit(f"{work.today}", visit=kept.visit, signed=True))
    stop(work, village["Ada"])
    work.at = clock.at = work.at + timedelta(days=1)
    before = as_the_family_sees_it(village, client_as)
    contact.strike_out(work, made, "Another child", version=made.version)
    assert kept.visit.state is VisitState.OFFERED
    assert as_the_family_sees_it(village, client_as) == before


def test_what_the_family_comments_on_is_not_said_to_be_struck_out(
    work: Work, new_work: Callable[..., Work], village: Village, kept: Kept
) -> None:
    stop(work, village["Ada"])
    work.at += timedelta(hours=1)
    _, struck_out, _ = kept.records
    contact.strike_out(work, struck_out, "Another child", version=struck_out.version)
    parent = new_work(village.parents["Ada"])
    parent.session, parent.at = work.session, work.at
    assert contact.comment(parent, struck_out, "It was a good talk").words == "It was a good talk"
    register.let_messages_go(work, village["Ada"], "She is safe")
    with pytest.raises(Refusal, match="struck out"):
        contact.comment(parent, struck_out, "Once more")


def test_once_let_go_the_pages_show_what_there_is(work: Work, village: Village, client_as: ClientAs) -> None:
    before = as_the_family_sees_it(village, client_as)
    stop(work, village["Ada"])
    work.at += timedelta(hours=1)
    later_deeds(work, village, work.today)
    register.let_messages_go(work, village["Ada"], "She is safe, and lives with her aunt")
    after = as_the_family_sees_it(village, client_as)
    assert after != before
    assert "12 March 2027" in after[0]


def test_what_the_family_sends_arrives_and_shows_as_ever(
    work: Work, new_work: Callable[..., Work], village: Village, client_as: ClientAs
) -> None:
    stop(work, village["Ada"])
    parent = client_as(village.parents["Ada"])
    home = f"/family/children/{village['Ada'].reference}"
    assert parent.submit(f"{home}/messages", {"words": "Is everything all right?"}).status_code == 302
    assert "Is everything all right?" in parent.get(f"{home}/messages").text
    assert "Is everything all right?" not in client_as(village.staff[Role.CME_OFFICER]).get("/my-day").text


def test_who_read_what_the_family_wrote_is_not_shown_meanwhile(
    work: Work, village: Village, client_as: ClientAs, clock: Clock
) -> None:
    ada = village["Ada"]
    parent = client_as(village.parents["Ada"])
    parent.submit(f"/family/children/{ada.reference}/messages", {"words": "Is everything all right?"})
    stop(work, ada)
    clock.at += timedelta(hours=1)
    before = as_the_family_sees_it(village, client_as)
    account = village.parents["Ada"].reference
    opened = client_as(village.adviser).get(f"/children/{ada.reference}/messages/with/{account}")
    assert "Is everything all right?" in opened.text
    assert work.session.scalars(select(MessageReading)).all()
    assert as_the_family_sees_it(village, client_as) == before
    register.let_messages_go(work, ada, "She is safe")
    assert as_the_family_sees_it(village, client_as) != before


def test_staff_cannot_write_offer_or_invite_meanwhile(
    work: Work, new_work: Callable[..., Work], village: Village
) -> None:
    ada = village["Ada"]
    officer = new_work(village.adviser)
    officer.session, officer.at = work.session, work.at
    offer = contact.Offer(
        kind=ContactKind.PHONE_CALL, on_date=date(2026, 4, 2), at_time=work.at.time(), place=None, note=None
    )
    visit = contact.offer_visit(officer, ada, offer)
    stop(work, ada)
    parents = conversations.correspondents(officer, ada)
    assert parents
    for refused in (
        lambda: messages.write_to_family(officer, parents[0], "Hello"),
        lambda: contact.offer_visit(officer, ada, offer),
        lambda: contact.change_offer(officer, visit, offer, version=visit.version),
        lambda: contact.withdraw_offer(officer, visit, "", version=visit.version),
        lambda: register.invite_parent(officer, ada.parents[0], version=ada.parents[0].version),
    ):
        with pytest.raises(Refusal, match="Messages to this family are stopped"):
            refused()


def test_who_may_stop_and_who_may_lift(work: Work, village: Village, client_as: ClientAs) -> None:
    home = f"/children/{village['Ada'].reference}/messages-stopped"
    may_stop = {role for role, one in village.staff.items() if client_as(one).get(f"{home}/stop").status_code == 200}
    assert may_stop == {
        Role.ADVISER,
        Role.EHE_MANAGER,
        Role.CME_OFFICER,
        Role.CME_MANAGER,
        Role.HEAD_OF_SERVICE,
    }
    stop(work, village["Ada"])
    may_lift = {role for role, one in village.staff.items() if client_as(one).get(f"{home}/let-go").status_code == 200}
    assert may_lift == {Role.EHE_MANAGER, Role.CME_MANAGER, Role.HEAD_OF_SERVICE}


def test_a_button_stops_and_a_manager_lets_go(work: Work, village: Village, client_as: ClientAs) -> None:
    ada = village["Ada"]
    home = f"/children/{ada.reference}/messages-stopped"
    adviser = client_as(village.adviser)
    assert "Enter the reason" in adviser.submit(f"{home}/stop", {"why": " "}).text
    assert adviser.submit(f"{home}/stop", {"why": WHY}).status_code == 302
    assert "Messages to the family are stopped: do not write" in adviser.get(f"/children/{ada.reference}").text
    assert WHY in adviser.get(home).text
    assert adviser.get(f"{home}/stop").status_code == 302
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert manager.submit(f"{home}/let-go", {"why": "She is safe"}).status_code == 302
    assert "She is safe" in manager.get(home).text
    assert "Messages to the family are stopped" not in manager.get(f"/children/{ada.reference}").text
    assert manager.get(f"{home}/let-go").status_code == 404


def test_the_reason_is_restricted_and_its_reading_noted(
    work: Work, village: Village, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    ada = village["Ada"]
    stop(work, ada)
    auditor = client_as(village.staff[Role.AUDITOR])
    assert "Messages to the family are stopped" in auditor.get(f"/children/{ada.reference}").text
    assert auditor.get(f"/children/{ada.reference}/messages-stopped").status_code == 403
    for page in ("", "/chronology", "/contact"):
        assert "Mirpur" not in auditor.get(f"/children/{ada.reference}{page}").text
    client_as(village.adviser).get(f"/children/{ada.reference}/messages-stopped")
    assert "messages-stopped" in [entry.what for entry in work.session.scalars(select(AccessEntry))]
    for entry in work.session.scalars(select(AuditEntry)):
        assert "Mirpur" not in str(entry.details)
    for mail in work.session.scalars(select(OutgoingMessage)):
        assert "Mirpur" not in str(mail.context)
    assert "Mirpur" not in caplog.text


def test_only_children_of_this_family_can_be_named_along(work: Work, village: Village) -> None:
    with pytest.raises(Refusal, match="linked as one family"):
        casefile.stop_messages(work, village["Ada"], WHY, [village["Ben"].reference])
    assert work.session.scalars(select(MessageStop)).all() == []


def test_stopping_twice_is_refused(work: Work, village: Village) -> None:
    stop(work, village["Ada"])
    with pytest.raises(Refusal, match="stopped already"):
        stop(work, village["Ada"])


def test_the_staff_clock_runs_on(work: Work, village: Village) -> None:
    ben = village["Ben"]
    stop(work, ben)
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == ben.id)).one()
    contact.lapse(work, [clock.id])
    work.session.refresh(clock)
    assert clock.lapsed_on == work.today
