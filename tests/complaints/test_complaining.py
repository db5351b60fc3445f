"""A parent complains: to somebody whom it is not about, on a clock of its own, and nothing else moves."""

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile.queries import today as day
from ehe_portal.casefile.queries.concerned import concerned
from ehe_portal.complaints import queries, service
from ehe_portal.complaints.models import About, Complaint, ComplaintConcerned, Finding, Late
from ehe_portal.complaints.service import Wanted
from ehe_portal.contact.models import Contact, ContactClock
from ehe_portal.core import mail
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.orders.models import OrderCase, OrderStep, Route, StepCode, StepState
from ehe_portal.policy import queries as policy
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register import service as register
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village, an_account

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]
HIDDEN = r'<input[^>]*type="hidden"[^>]*>'
SAID = Wanted(About.VISIT, "Nobody rang before they came.", "The adviser", "Say sorry")


@pytest.fixture
def made(village: Village, new_work: NewWork) -> Complaint:
    """Ada's parent complains about a visit, on Thursday 12 March 2026."""
    work = new_work(village.parents["Ada"])
    return service.make(work, village["Ada"], SAID, concerned(work, village["Ada"]))


def now(new_work: NewWork, complaint: Complaint, account: Account | None = None) -> tuple[Work, Complaint]:
    work = new_work(account) if account is not None else new_work()
    return work, work.session.get_one(Complaint, complaint.id)


def mails(work: Work, template: str) -> list[str]:
    found = select(OutgoingMessage).where(OutgoingMessage.template == template).order_by(OutgoingMessage.id)
    return [one.to_address for one in work.session.scalars(found)]


def test_it_goes_to_the_manager_with_its_own_days(made: Complaint, village: Village, new_work: NewWork) -> None:
    assert made.handler_id == village.staff[Role.EHE_MANAGER].id
    assert (made.acknowledge_by, made.answer_by) == (date(2026, 3, 17), date(2026, 4, 13)), "over Easter"
    assert [one.account_id for one in made.concerned] == [village.adviser.id]
    work = new_work()
    assert mails(work, "complaint-made") == [village.staff[Role.EHE_MANAGER].email]
    assert mails(work, "complaint-received") == [village.parents["Ada"].email]


def test_the_days_are_the_authoritys_own(village: Village, new_work: NewWork) -> None:
    work = new_work(village.staff[Role.ADMINISTRATOR])
    values = PolicyValues(complaint_acknowledge_days=1, complaint_answer_days=10)
    set_values(work, village.authority.id, values, work.today)
    made = service.make(new_work(village.parents["Ada"]), village["Ada"], SAID, [])
    assert (made.acknowledge_by, made.answer_by) == (date(2026, 3, 13), date(2026, 3, 26))


@pytest.mark.parametrize(
    ("about", "role"),
    [
        ({Role.ADVISER}, Role.EHE_MANAGER),
        ({Role.ADVISER, Role.EHE_MANAGER}, Role.HEAD_OF_SERVICE),
        ({Role.EHE_MANAGER, Role.HEAD_OF_SERVICE}, Role.CME_MANAGER),
    ],
)
def test_never_to_anyone_whom_it_is_about(village: Village, new_work: NewWork, about: set[Role], role: Role) -> None:
    work = new_work(village.parents["Ada"])
    complaint = service.make(work, village["Ada"], SAID, [village.staff[one].id for one in about])
    assert complaint.handler_id == village.staff[role].id


def test_of_two_managers_the_one_with_fewer_and_who_is_here(
    village: Village, new_work: NewWork, made: Complaint, work: Work
) -> None:
    second = an_account(work, village.authority, Role.EHE_MANAGER, "second@wessex.example", "Sue Wessex")
    again = service.make(new_work(village.parents["Ada"]), village["Ada"], SAID, [])
    assert again.handler_id == second.id, "who has none yet"
    second.away_from, second.away_until = work.today, work.today + timedelta(days=9)
    work.session.flush()
    third = service.make(new_work(village.parents["Ada"]), village["Ada"], SAID, [])
    assert third.handler_id == village.staff[Role.EHE_MANAGER].id


def test_whoever_decided_or_was_in_contact_in_the_last_year_is_concerned(
    village: Village, new_work: NewWork, work: Work
) -> None:
    officer, auditor = village.cme_officer, village.staff[Role.AUDITOR]
    found = select(Contact).where(Contact.child_id == village["Ada"].id)
    contact = work.session.scalars(found).one()
    contact.adviser_id, contact.recorded_at = officer.id, work.at - timedelta(days=300)
    work.session.flush()
    assert concerned(new_work(village.parents["Ada"]), village["Ada"]) == {village.adviser.id, officer.id}
    contact.adviser_id, contact.recorded_at = auditor.id, work.at - timedelta(days=400)
    work.session.flush()
    assert concerned(new_work(village.parents["Ada"]), village["Ada"]) == {village.adviser.id}


@pytest.mark.parametrize(
    ("whom", "role"),
    [
        ("{name}", Role.HEAD_OF_SERVICE),
        ("Mrs {surname}, who wrote to us", Role.HEAD_OF_SERVICE),
        ("the ehe manager", Role.HEAD_OF_SERVICE),
        ("The person who rang", Role.EHE_MANAGER),
    ],
)
def test_whoever_the_parent_names_does_not_answer_it(
    village: Village, client_as: ClientAs, work: Work, whom: str, role: Role
) -> None:
    manager = village.staff[Role.EHE_MANAGER]
    manager.name = "Moira Kettle"
    work.session.flush()
    whom = whom.format(name=manager.name, surname="Kettle")
    page = f"/family/children/{village['Ada'].reference}/complaints/new"
    said = {"about": About.TREATMENT.value, "whom": whom, "words": "Nobody rang before they came."}
    assert client_as(village.parents["Ada"]).submit(page, said).status_code == 302
    made = work.session.scalars(select(Complaint)).one()
    assert made.handler_id == village.staff[role].id


def test_whoever_took_a_step_of_an_order_does_not_answer(village: Village, new_work: NewWork, work: Work) -> None:
    manager, other = village.staff[Role.EHE_MANAGER], village.staff[Role.HEAD_OF_SERVICE]
    version = policy.in_force(work, village.authority.id, work.today)
    case = OrderCase(
        authority_id=village.authority.id, child_id=village["Ada"].id, route=Route.ATTENDANCE, profile="ea1996",
        begun_under_id=version.id, begun_at=work.at, begun_by_id=other.id, assessment_id=None,
    )  # fmt: skip
    work.session.add(case)
    work.session.flush()
    step = OrderStep(
        authority_id=case.authority_id, case_id=case.id, code=StepCode.NOTICE, state=StepState.TAKEN, reasons="Why.",
        said={}, parents=[], written_at=work.at, written_by_id=other.id,
    )  # fmt: skip
    case.steps.append(step)
    step.taken_at, step.taken_on, step.taken_by_id = work.at, work.today, manager.id
    work.session.flush()
    found = concerned(new_work(village.parents["Ada"]), village["Ada"])
    assert found == {village.adviser.id, other.id, manager.id}
    case.child_id = village["Ben"].id
    work.session.flush()
    assert concerned(new_work(village.parents["Ada"]), village["Ada"]) == {village.adviser.id}


def test_it_moves_no_clock_and_is_no_part_of_the_childs_story(
    village: Village, new_work: NewWork, made: Complaint, client_as: ClientAs
) -> None:
    work = new_work()
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == village["Ada"].id)).one()
    assert (clock.last_contact_on, clock.last_reply_on) == (date(2025, 12, 1), None)
    entries = work.session.scalars(select(AuditEntry).where(AuditEntry.kind.startswith("Complaint"))).all()
    assert [entry.child_id for entry in entries] == [None]
    assert "rang" not in str([entry.details for entry in entries])
    adviser = client_as(village.adviser)
    for page in ("", "/chronology", "/evidence", "/messages", "/notes"):
        shown = adviser.get(f"/children/{village['Ada'].reference}{page}").text
        assert "omplaint" not in shown.partition("<main")[2].partition("</main")[0], page


def test_whoever_it_is_about_finds_it_only_once_it_is_shared(
    village: Village, new_work: NewWork, made: Complaint, client_as: ClientAs
) -> None:
    page = f"/complaints-to-us/{made.reference}"
    assert client_as(village.adviser).get(page).status_code == 404
    assert "None." in client_as(village.adviser).get("/complaints-to-us").text
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert "Nobody rang before they came." in manager.get(page).text
    assert manager.submit(page, button="Share it with Ann Wessex").status_code == 302
    adviser = client_as(village.adviser)
    shown = adviser.get(page).text
    assert "Nobody rang before they came." in shown
    assert "Answer it" not in shown
    assert adviser.get(f"{page}/answer").status_code == 403
    work, complaint = now(new_work, made, village.adviser)
    with pytest.raises(Refusal, match="about you"):
        service.answer(work, complaint, Finding.NOT_UPHELD, "It was fine.", None)
    assert mails(work, "complaint-shared") == [village.adviser.email]


def test_a_manager_whom_it_is_about_passes_it_on_and_sees_it_no_more(
    village: Village, new_work: NewWork, made: Complaint, client_as: ClientAs, work: Work
) -> None:
    page = f"/complaints-to-us/{made.reference}"
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert manager.submit(page, button="It is about me: pass it on").location == "/complaints-to-us"
    assert manager.get(page).status_code == 404
    work.session.expire_all()
    assert work.session.get_one(Complaint, made.id).handler_id == village.staff[Role.HEAD_OF_SERVICE].id
    assert mails(work, "complaint-made")[-1] == village.staff[Role.HEAD_OF_SERVICE].email
    assert client_as(village.staff[Role.HEAD_OF_SERVICE]).get(page).status_code == 200


def test_the_list_goes_on_page_by_page_what_is_open_first(
    village: Village, work: Work, client_as: ClientAs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(queries, "PAGE", 2)
    for number, answered_day in enumerate((None, 3, None, 7, None)):
        answered_at = None if answered_day is None else work.at - timedelta(days=answered_day)
        work.session.add(
            Complaint(
                authority_id=village.authority.id,
                child_id=village["Ada"].id,
                account_id=village.parents["Ada"].id,
                about=About.VISIT,
                words="Nobody rang.",
                made_at=work.at - timedelta(days=600 - number),  # the oldest are open still
                acknowledge_by=work.today,
                answer_by=work.today + timedelta(days=number),
                acknowledged_at=work.at,
                answered_at=answered_at,
                finding=None if answered_at is None else Finding.UPHELD,
                answer=None if answered_at is None else "Sorry.",
            )
        )
    work.session.flush()
    manager, page = client_as(village.staff[Role.EHE_MANAGER]), "/complaints-to-us"
    seen: list[str] = []
    for _ in range(3):
        shown = manager.get(page).text
        seen += re.findall(r'href="/complaints-to-us/([0-9A-Z]{10})"', shown)
        onward = re.search(r'href="(/complaints-to-us\?after=[^"]+)"', shown)
        page = onward.group(1) if onward else ""
    assert page == "", "no page after the third"
    byref = {one.reference: one for one in work.session.scalars(select(Complaint))}
    order = [byref[one] for one in seen]
    assert [one.is_open for one in order] == [True, True, True, False, False]
    assert [(one.answer_by - work.today).days for one in order] == [0, 2, 4, 1, 3]


def test_others_of_the_house_and_other_parents_do_not_find_it(
    village: Village, made: Complaint, client_as: ClientAs
) -> None:
    page = f"/complaints-to-us/{made.reference}"
    assert client_as(village.cme_officer).get(page).status_code == 404
    for role in (Role.AUDITOR, Role.ADMINISTRATOR, Role.PARENT):
        whose = village.parents["Ada"] if role is Role.PARENT else village.staff[role]
        assert client_as(whose).get(page).status_code == 403, role
    assert client_as(village.stranger[Role.EHE_MANAGER]).get(page).status_code == 404
    own = f"/family/children/{village['Ada'].reference}/complaints/{made.reference}"
    assert client_as(village.parents["Zoe"]).get(own).status_code == 404


def test_a_parent_complains_and_reads_the_answer(
    village: Village, client_as: ClientAs, new_work: NewWork, work: Work
) -> None:
    home = f"/family/children/{village['Ada'].reference}"
    parent = client_as(village.parents["Ada"])
    assert f'href="{home}/complaints"' in parent.get(home).text
    wrong = parent.submit(f"{home}/complaints/new", {"wanted": "Say sorry"}).text
    assert 'href="#words">Enter what happened' in wrong
    assert "Say sorry</textarea>" in wrong
    answer = parent.submit(f"{home}/complaints/new", {"about": "visit", "words": "Nobody rang.", "wanted": "Say sorry"})
    page = parent.get(answer.location).text
    assert "You hear from us by 17 March 2026" in page
    assert "13 April 2026" in page
    assert "Ombudsman" in page
    assert "Information Commissioner" in page
    made = work.session.scalars(select(Complaint)).one()
    at = f"/complaints-to-us/{made.reference}"
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert manager.submit(at, button="Tell the parent that you are looking into it").status_code == 302
    assert (
        "Someone is looking into it since 12 March 2026" in client_as(village.parents["Ada"]).get(answer.location).text
    )
    manager = client_as(village.staff[Role.EHE_MANAGER])
    empty = manager.submit(f"{at}/answer", {"finding": "upheld"}).text
    assert "Enter your answer with the reasons" in empty
    assert manager.submit(f"{at}/answer", {"finding": "upheld", "answer": "We should have rung."}).location == at
    read = client_as(village.parents["Ada"]).get(answer.location).text
    assert "We agree with you" in read
    assert "We should have rung." in read
    assert mails(new_work(), "complaint-news") == [village.parents["Ada"].email] * 2
    for template in ("complaint-received", "complaint-news", "complaint-made"):
        message = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == template)).first()
        assert message is not None
        text = mail.render(f"notices/{template}.txt", {**message.context, "authority": None})
        assert "Ada" not in text
        assert "rang" not in text


def test_an_answer_is_given_once_and_to_what_was_read(village: Village, new_work: NewWork, made: Complaint) -> None:
    manager = village.staff[Role.EHE_MANAGER]
    work, complaint = now(new_work, made, manager)
    seen = complaint.version
    service.acknowledge(work, complaint, seen)
    with pytest.raises(ChangedMeanwhile):
        service.answer(work, complaint, Finding.UPHELD, "Sorry.", seen)
    service.answer(work, complaint, Finding.UPHELD, "Sorry.", complaint.version)
    with pytest.raises(Refusal, match="answered already"):
        service.answer(work, complaint, Finding.NOT_UPHELD, "No.", complaint.version)


# Its clock


def test_it_waits_on_the_day_of_whoever_answers_and_of_nobody_else(
    village: Village, new_work: NewWork, made: Complaint
) -> None:
    def waits(role: Role) -> list[str]:
        work = new_work(village.staff[role])
        found = {one.kind.key: one for one in day.day(day.desk(work, None), day.kinds_of(work))}
        return [item.why for item in found["complaint"].items] if "complaint" in found else []

    assert waits(Role.EHE_MANAGER) == ["Tell a parent that you look into their complaint"]
    assert waits(Role.HEAD_OF_SERVICE) == waits(Role.ADVISER) == []


def test_the_next_person_is_told_once_of_each_day_that_passes(
    village: Village, new_work: NewWork, made: Complaint
) -> None:
    def morning(on: date) -> Complaint:
        work = new_work()
        work.at += on - work.today
        ids = list(work.session.scalars(queries.late(work)))
        if ids:
            service.escalate(work, ids)
        return work.session.get_one(Complaint, made.id)

    head = village.staff[Role.HEAD_OF_SERVICE]
    assert morning(date(2026, 3, 17)).overseer_id is None
    assert morning(date(2026, 3, 18)).overseer_id == head.id
    assert morning(date(2026, 3, 19)).late is Late.NOT_ACKNOWLEDGED
    assert mails(new_work(), "complaint-late") == [head.email]
    later = morning(date(2026, 4, 14))
    assert (later.late, later.overseer_id) == (Late.NOT_ANSWERED, village.staff[Role.CME_MANAGER].id)
    assert mails(new_work(), "complaint-late") == [head.email, village.staff[Role.CME_MANAGER].email]
    morning(date(2026, 4, 15))
    assert len(mails(new_work(), "complaint-late")) == 2
    assert later.finding is None, "nothing is decided by a day that passes"


def test_while_messages_are_stopped_the_family_learns_nothing_new(
    village: Village, new_work: NewWork, made: Complaint, client_as: ClientAs, clock: Clock
) -> None:
    own = f"/family/children/{village['Ada'].reference}/complaints/{made.reference}"
    stopping = new_work(village.adviser)
    before = client_as(village.parents["Ada"]).get(own).text
    register.stop_messages(stopping, [(stopping.session.get_one(Child, village["Ada"].id), {})], "A worry")
    stopping.session.flush()
    clock.at += timedelta(hours=1)
    work, complaint = now(new_work, made, village.staff[Role.EHE_MANAGER])
    work.at = clock.at
    service.answer(work, complaint, Finding.UPHELD, "We should have rung.", None)
    after = client_as(village.parents["Ada"]).get(own).text
    assert "We should have rung" not in after
    assert re.sub(HIDDEN, "", before) == re.sub(HIDDEN, "", after)
    assert mails(work, "complaint-news") == []


def test_a_duplicates_complaints_move_to_the_record_that_stays(
    village: Village, new_work: NewWork, made: Complaint
) -> None:
    work = new_work(village.adviser)
    joined = RecordsJoined(
        authority_id=village.authority.id,
        child_id=village["Ben"].id,
        duplicate_child_id=village["Ada"].id,
        registration_id=None,
        account_id=None,
    )
    service.move_to_joined(work, [joined])
    work.session.execute(update(ComplaintConcerned).values(shared_at=work.at))
    work.session.expire_all()
    assert work.session.get_one(Complaint, made.id).child_id == village["Ben"].id
