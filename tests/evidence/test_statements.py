"""A statement by somebody else: asked by a link, written without an account, the parent's until it is sent on."""

import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import product

import pytest
from sqlalchemy import select, update

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.contact.models import Contact
from ehe_portal.core import mail
from ehe_portal.core.errors import Refusal
from ehe_portal.core.links import read_visitor_link, sign_link, sign_visitor_link
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries
from ehe_portal.evidence import service as evidence_service
from ehe_portal.evidence.models import Evidence, Statement, StatementState, WaitingFile
from ehe_portal.evidence.rules import statements as rules
from ehe_portal.evidence.service import statements as service
from ehe_portal.evidence.service.statements import Said, Wanted
from ehe_portal.register.models import Parent
from tests.conftest import Clock
from tests.core.made_files import pdf, photograph
from tests.evidence.conftest import NewWork, waiting_files
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
GRAN = Wanted("Gran", "gran@home.example", at_once=False)
SAID = Said("Grace Byrne", "I am her grandmother", "We bake, and she weighs and doubles.")
NOW = datetime(2026, 3, 12, 12, tzinfo=UTC)


@pytest.fixture
def asked(village: Village, new_work: NewWork) -> Statement:
    """Ada's parent asks her grandmother."""
    return service.ask(new_work(village.parents["Ada"]), village["Ada"], GRAN)


@pytest.fixture
def link(house: Portal) -> Callable[[Statement], str]:
    """The address in the mail about a statement."""
    return lambda one: f"/statement/{sign_visitor_link(house.settings.secret_key, one.id, one.mails)}"


Link = Callable[[Statement], str]


def mails(work: Work, template: str) -> list[OutgoingMessage]:
    found = select(OutgoingMessage).where(OutgoingMessage.template == template)
    return list(work.session.scalars(found.order_by(OutgoingMessage.id)))


def sendings(work: Work) -> list[Evidence]:
    work.session.expire_all()
    return list(work.session.scalars(select(Evidence).order_by(Evidence.id)))


# Rules


@pytest.mark.parametrize(
    ("email", "waiting", "today", "allowed"),
    [
        ("gran@home.example", 0, 0, True),
        ("gran@home.example", rules.MOST_OPEN - 1, rules.MOST_ASKED_A_DAY - 1, True),
        (" Parent@Wessex.example", 0, 0, False),
        ("gran@home.example", rules.MOST_OPEN, 0, False),
        ("gran@home.example", 0, rules.MOST_ASKED_A_DAY, False),
    ],
)
def test_whom_a_parent_may_ask(email: str, waiting: int, today: int, allowed: bool) -> None:
    assert (rules.asking_problem(email, "parent@wessex.example", waiting, today) is None) is allowed


@pytest.mark.parametrize(
    ("state", "mails", "hours", "allowed"),
    [
        (StatementState.ASKED, 1, 24, True),
        (StatementState.ASKED, 1, 23, False),
        (StatementState.ASKED, rules.MOST_MAILS, 48, False),
        (StatementState.WRITTEN, 1, 48, False),
        (StatementState.TAKEN_BACK, 1, 48, False),
    ],
)
def test_how_often_a_link_is_sent(state: StatementState, mails: int, hours: int, allowed: bool) -> None:
    assert (rules.again_problem(state, mails, NOW, NOW + timedelta(hours=hours)) is None) is allowed


def test_only_one_that_waits_and_whose_parent_is_one_still_opens_anything() -> None:
    for state, late, still_asked in product(StatementState, (False, True), (False, True)):
        ends_at = NOW - timedelta(seconds=1) if late else NOW + timedelta(seconds=1)
        found = rules.link_state(state, ends_at, NOW, still_asked=still_asked)
        fresh = state is StatementState.ASKED and not late and still_asked
        assert (found is rules.LinkState.FRESH) is fresh


@pytest.mark.parametrize(
    ("said", "field"),
    [
        (("Grace", "Gran", "We bake.", 0), None),
        (("Grace", "Gran", "", 1), None),
        (("", "Gran", "We bake.", 0), "name"),
        (("Grace", "", "We bake.", 0), "how_known"),
        (("Grace", "Gran", "", 0), "words"),
        (("Grace", "Gran", "We bake.", rules.MOST_FILES + 1), "files"),
    ],
)
def test_what_a_statement_needs(said: tuple[str, str, str, int], field: str | None) -> None:
    problem = rules.statement_problem(*said)
    assert (problem[0] if problem else None) == field


# Asking


def test_the_mail_names_nobody_and_no_secret_waits_in_the_outbox(
    asked: Statement, village: Village, new_work: NewWork, house: Portal
) -> None:
    message = mails(new_work(), "statement-asked")[0]
    assert message.to_address == "gran@home.example"
    assert set(message.context) == {"statement_id", "mails", "ends_at"}
    text = mail.render("notices/statement-asked.txt", {**message.context, "authority": None})
    for name in ("Ada", "Byrne", village.parents["Ada"].name, "Gran", asked.reference):
        assert name not in text
    found = re.search(r"/statement/(\S+)", text)
    assert found is not None
    assert read_visitor_link(house.settings.secret_key, found[1]) == (asked.id, 1)
    assert asked.ends_at == asked.asked_at + rules.LINK_HOLDS


def test_a_link_of_another_kind_opens_nothing(asked: Statement, house: Portal, client_as: ClientAs) -> None:
    assert read_visitor_link(house.settings.secret_key, sign_link(house.settings.secret_key, asked.id)) is None
    page = client_as(None).get(f"/statement/{sign_visitor_link('another key of more than 32 characters', asked.id, 1)}")
    assert "does not work any more" in page.text


def test_asking_has_limits(village: Village, new_work: NewWork) -> None:
    parent = village.parents["Ada"]
    for number in range(rules.MOST_OPEN):
        service.ask(new_work(parent), village["Ada"], Wanted(f"{number}", f"{number}@home.example", at_once=False))
    with pytest.raises(Refusal, match="have not answered yet"):
        service.ask(new_work(parent), village["Ada"], GRAN)
    work = new_work(parent)
    work.session.execute(update(Statement).values(state=StatementState.TAKEN_BACK))
    with pytest.raises(Refusal, match="people a day"):
        service.ask(work, village["Ada"], GRAN)
    work.at += timedelta(days=1, seconds=1)
    service.ask(work, village["Ada"], GRAN)


def test_a_new_link_replaces_the_one_before_and_one_taken_back_opens_nothing(
    asked: Statement, village: Village, new_work: NewWork, client_as: ClientAs, link: Link, house: Portal, clock: Clock
) -> None:
    first = link(asked)
    with pytest.raises(Refusal, match="less than a day ago"):
        service.ask_again(new_work(village.parents["Ada"]), asked)
    clock.at += timedelta(days=2)
    work = new_work(village.parents["Ada"])
    service.ask_again(work, asked)
    again = link(work.session.get_one(Statement, asked.id))
    visitor = client_as(None)
    assert "does not work any more" in visitor.get(first).text
    assert "See who asks, and write" in visitor.get(again).text
    assert [one.context["mails"] for one in mails(new_work(), "statement-asked")] == [2], "the first had not left"
    service.take_back(new_work(village.parents["Ada"]), house.vault, asked)
    assert "does not work any more" in visitor.get(again).text
    assert mails(new_work(), "statement-asked") == []
    with pytest.raises(Refusal):
        service.ask_again(new_work(village.parents["Ada"]), asked)


def test_a_link_ends_with_its_days_and_with_its_parents_part(
    asked: Statement, village: Village, new_work: NewWork, client_as: ClientAs, link: Link, clock: Clock
) -> None:
    visitor = client_as(None)
    clock.at = asked.ends_at - timedelta(seconds=1)
    assert "See who asks, and write" in visitor.get(link(asked)).text
    clock.at = asked.ends_at
    assert "does not work any more" in visitor.get(link(asked)).text
    clock.at = asked.asked_at
    work = new_work()
    work.session.execute(update(Parent).where(Parent.child_id == village["Ada"].id).values(verified_at=None))
    assert "does not work any more" in visitor.get(link(asked)).text
    with pytest.raises(Refusal, match="does not work any more"):
        service.write(new_work(), visitor.application.extensions["portal"].vault, asked, SAID)


# Writing


def test_a_link_shows_nobody_before_its_button_is_pressed(
    asked: Statement, client_as: ClientAs, village: Village, link: Link
) -> None:
    visitor = client_as(None)
    opened = visitor.get(link(asked)).text
    asker = village.parents["Ada"].name
    assert "Ada" not in opened
    assert asker not in opened
    assert visitor.get(f"{link(asked)}/write").location == link(asked), "a scanner that guesses on is led back"
    onward = visitor.submit(link(asked))
    assert onward.location == f"{link(asked)}/write"
    page = visitor.get(onward.location).text
    assert f"<strong>{asker}</strong> educates Ada at home" in page
    for secret in ("Byrne, ", "Mill Lane", "2015", village["Ada"].reference, "Gran"):
        assert secret not in page


def test_it_is_the_parents_until_they_send_it_on(
    asked: Statement, client_as: ClientAs, village: Village, new_work: NewWork, link: Link, house: Portal, work: Work
) -> None:
    visitor = client_as(None)
    visitor.submit(link(asked))
    wrong = visitor.submit(
        f"{link(asked)}/write", {"name": "Grace Byrne", "words": "We bake.", "files": (io.BytesIO(b""), "")}
    ).text
    assert '<a href="#how_known">Enter how you know the child' in wrong
    assert "We bake.</textarea>" in wrong
    answer = visitor.submit(
        f"{link(asked)}/write",
        {
            "name": "Grace Byrne",
            "how_known": "I am her grandmother",
            "words": "We bake, and she doubles.",
            "files": [(io.BytesIO(photograph()), "cake.jpg"), (io.BytesIO(pdf()), "recipe.pdf")],
        },
    )
    assert "arrived" in visitor.get(answer.location).text
    again = visitor.get(link(asked)).text
    assert "used already" in again
    assert "bake" not in again
    assert sendings(work) == []
    parent = client_as(village.parents["Ada"])
    home = f"/family/children/{village['Ada'].reference}"
    assert "Written: for you to read" in parent.get(f"{home}/statements").text
    read = parent.get(f"{home}/statements/{asked.reference}").text
    assert "We bake, and she doubles." in read
    assert "cake.jpg" in read
    assert "cake.jpg" not in parent.get(f"{home}/evidence/new").text, "they are no files of the parent’s own"
    adviser = client_as(village.adviser)
    for page in ("/evidence", "/chronology"):
        shown = adviser.get(f"/children/{village['Ada'].reference}{page}").text
        assert "Grace Byrne" not in shown
        assert "tatement" not in shown, "what is kept back is no part of what officers read"
    parent = client_as(village.parents["Ada"])
    assert parent.submit(f"{home}/statements/{asked.reference}", {"send_on": "yes"}).status_code == 302
    evidence = sendings(work)[0]
    assert (evidence.written_account, evidence.account_id) == (
        "We bake, and she doubles.",
        village.parents["Ada"].id,
    )
    assert [file.filename for file in evidence.files] == ["cake.jpg", "recipe.pdf"]
    assert b"".join(house.vault.read(evidence.files[1].stored_as)) == pdf()
    assert waiting_files(work) == []
    assert "statement by Grace Byrne" in parent.get(f"{home}/decisions").text
    adviser = client_as(village.adviser)
    shown = adviser.get(f"/children/{village['Ada'].reference}/evidence").text
    assert "A statement by Grace Byrne" in shown
    assert "I am her grandmother" in shown
    assert "A statement by Grace Byrne" in adviser.get(f"/children/{village['Ada'].reference}/evidence/assess").text
    record = work.session.scalars(select(Contact).where(Contact.evidence_id == evidence.id)).one()
    assert record.substantive is None


def test_it_goes_at_once_where_the_parent_said_so(
    village: Village, new_work: NewWork, client_as: ClientAs, link: Link, work: Work
) -> None:
    wanted = Wanted("Tutor", "tutor@lessons.example", at_once=True)
    statement = service.ask(new_work(village.parents["Ada"]), village["Ada"], wanted)
    visitor = client_as(None)
    visitor.submit(link(statement))
    page = visitor.get(f"{link(statement)}/write").text
    assert "What you write goes to the home education team of Wessex Council" in page
    visitor.submit(
        f"{link(statement)}/write",
        {"name": "Tom", "how_known": "Her tutor", "words": "Scales", "files": (io.BytesIO(b""), "")},
    )
    assert [one.written_account for one in sendings(work)] == ["Scales"]
    assert len(mails(work, "statement-written")) == 1
    assert mails(work, "evidence-received") == [], "one deed, one mail"
    assert (
        "Scales"
        in client_as(village.parents["Ada"])
        .get(f"/family/children/{village['Ada'].reference}/statements/{statement.reference}")
        .text
    )


def test_what_is_kept_back_is_gone_and_no_officer_learns_of_it(
    asked: Statement, village: Village, new_work: NewWork, client_as: ClientAs, link: Link, house: Portal, work: Work
) -> None:
    visitor = client_as(None)
    visitor.submit(link(asked))
    words = {"name": "Grace", "how_known": "Gran", "words": "We bake.", "files": (io.BytesIO(pdf()), "recipe.pdf")}
    visitor.submit(f"{link(asked)}/write", words)
    kept = waiting_files(work)[0].stored_as
    assert house.vault.exists(kept)
    parent = client_as(village.parents["Ada"])
    page = f"/family/children/{village['Ada'].reference}/statements/{asked.reference}"
    parent.submit(page, {"keep_back": "yes"})
    work.session.expire_all()
    statement = work.session.get_one(Statement, asked.id)
    assert (statement.state, statement.words, statement.writer, statement.how_known) == (
        StatementState.KEPT_BACK, None, None, None,
    )  # fmt: skip
    assert waiting_files(work) == []
    assert not house.vault.exists(kept)
    assert sendings(work) == []
    entries = work.session.scalars(select(AuditEntry).where(AuditEntry.kind.startswith("Statement"))).all()
    assert {entry.child_id for entry in entries} == {None}
    assert "We bake" not in str([entry.details for entry in entries])
    with pytest.raises(Refusal):
        service.send_on(new_work(village.parents["Ada"]), statement)


def test_files_are_taken_by_a_link_that_works_alone(
    asked: Statement, client_as: ClientAs, link: Link, work: Work, clock: Clock
) -> None:
    visitor = client_as(None)
    visitor.submit(link(asked))
    page = f"{link(asked)}/write"
    files = [(io.BytesIO(pdf()), f"{number}.pdf") for number in range(rules.MOST_FILES + 1)]
    answer = visitor.submit(page, {"name": "Grace", "how_known": "Gran", "words": "Cakes", "files": files}).text
    assert f"Choose up to {rules.MOST_FILES} files" in answer
    assert "Cakes</textarea>" in answer
    assert len(waiting_files(work)) == rules.MOST_FILES
    assert "0.pdf" in answer, "those that arrived are listed, and go with it"
    fields = visitor.get(page)
    clock.at = asked.ends_at
    late = visitor.post(page, data={"name": "Grace", "files": (io.BytesIO(pdf()), "late.pdf")})
    assert "late.pdf" not in late.text
    assert fields.status_code == 200
    assert len(waiting_files(work)) == rules.MOST_FILES


def test_files_of_one_that_waits_for_its_parent_are_kept(
    asked: Statement, client_as: ClientAs, link: Link, new_work: NewWork, house: Portal, work: Work
) -> None:
    visitor = client_as(None)
    visitor.submit(link(asked))
    words = {"name": "Grace", "how_known": "Gran", "words": "We bake.", "files": (io.BytesIO(pdf()), "recipe.pdf")}
    visitor.submit(f"{link(asked)}/write", words)
    later = new_work()
    later.at += timedelta(days=90)
    assert list(later.session.scalars(queries.never_sent(later))) == []
    later.session.execute(update(Statement).values(state=StatementState.ASKED, written_at=None))
    ids = list(later.session.scalars(queries.never_sent(later)))
    assert len(ids) == 1
    evidence_service.throw_away(later, house.vault, ids)
    assert list(later.session.scalars(select(WaitingFile))) == []


# Whose it is


def test_nobody_else_sees_what_one_parent_asked(
    asked: Statement, village: Village, client_as: ClientAs, other_parent: Account, work: Work
) -> None:
    work.session.execute(
        update(Parent).where(Parent.account_id == other_parent.id).values(verified_at=village.adviser.created_at)
    )
    listed = f"/family/children/{village['Ada'].reference}/statements"
    page = client_as(other_parent).get(listed)
    assert page.status_code == 200
    assert "Gran" not in page.text
    assert client_as(other_parent).get(f"{listed}/{asked.reference}").status_code == 404
    assert client_as(village.parents["Zoe"]).get(listed).status_code == 404
    for role in (Role.ADVISER, Role.AUDITOR):
        assert client_as(village.staff[role]).get(f"{listed}/{asked.reference}").status_code == 403


def test_a_parent_whom_nobody_has_verified_asks_nobody(
    village: Village, client_as: ClientAs, other_parent: Account
) -> None:
    page = client_as(other_parent).get(f"/family/children/{village['Ada'].reference}/statements/new")
    assert page.status_code == 404
