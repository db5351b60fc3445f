"""What every test stands on: a database of either kind, the portal, a clock to set, people to sign in as."""

import contextlib
import os
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from hypothesis import settings as hypothesis_settings
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import STAFF_ROLES, Role
from ehe_portal.complaints.models import About, Complaint
from ehe_portal.contact.models import CheckIn, ContactClock, Visit
from ehe_portal.core import db, notify, scanner
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.outbox import put, row
from ehe_portal.core.presses import HandledForm
from ehe_portal.core.reference import new_reference
from ehe_portal.core.settings import ROOT, Mail, NotifySettings, Settings
from ehe_portal.core.web import Portal
from ehe_portal.core.work import JOBS, VISITOR, Actor, Scope, Work
from ehe_portal.demo.notifyserver import EMAIL_TEMPLATE, KEY, TEXT_TEMPLATE, Store, notify_server
from ehe_portal.escalation import service as escalation
from ehe_portal.evidence.models import (
    Assessment,
    DecisionState,
    EducationReview,
    Evidence,
    EvidenceFile,
    Outcome,
    WaitingFile,
)
from ehe_portal.letters import service as letters
from ehe_portal.letters.models import LetterSending
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import EhcPlan, RegistrationDraft
from tests import postgres
from tests.core.clamds import StandIn, stand_in
from tests.evidence import tables
from tests.faults import tally
from tests.nursery import Nursery
from tests.pages import LintingClient
from tests.village import Village, a_child, an_account, build

SERVER = "EHE_PORTAL_TEST_SERVER"
NOON = datetime(2026, 3, 12, 12, 0, tzinfo=UTC)  # a Thursday


# How long an example takes says how busy the machine is.
hypothesis_settings.register_profile("unhurried", deadline=None)
hypothesis_settings.load_profile("unhurried")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=("sqlite", "postgresql"), default="sqlite", help="which database to use")


def pytest_configure(config: pytest.Config) -> None:
    """Start one PostgreSQL for all workers, in the process that leads them."""
    if config.getoption("--database") == "postgresql" and not hasattr(config, "workerinput"):
        stack = contextlib.ExitStack()
        os.environ[SERVER] = stack.enter_context(postgres.server())
        config.add_cleanup(stack.close)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The journeys first: they wait for other processes, and at the end nothing would be left to do meanwhile."""
    items.sort(key=lambda item: "journeys" not in item.path.parts)


@pytest.fixture(scope="session")
def new_database(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Callable[[], str]]:
    """Makes empty databases of the kind that this run is about; gives their addresses."""
    made: list[str] = []

    def make() -> str:
        name = f"portal_{uuid.uuid4().hex[:12]}"
        if request.config.getoption("--database") == "sqlite":
            return f"sqlite:///{tmp_path_factory.mktemp('db') / name}.db"
        made.append(name)
        return postgres.create_database(os.environ[SERVER], name)

    yield make
    for name in made:
        postgres.drop_database(os.environ[SERVER], name)


@pytest.fixture(scope="session")
def nursery() -> Iterator[Nursery]:
    """Where processes of the portal come from that need not show how they start."""
    found = Nursery()
    yield found
    found.close()


def settings_for(database_url: str, folder: Path, **changes: Any) -> Settings:
    """Settings of a portal whose files are all in one folder."""
    values: dict[str, Any] = {
        "database_url": database_url,
        "secret_key": "only for tests, and long enough for it",
        "vault_key": b"k" * 32,
        "vault_url": f"file:{folder / 'vault'}",
        "mail": Mail(default_sender="Home education <home.education@wessex.invalid>"),
        "testing": True,
        "root": ROOT,
    }
    return Settings(**{**values, **changes})


@pytest.fixture(scope="session")
def settings(new_database: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return settings_for(new_database(), tmp_path_factory.mktemp("files"))


@pytest.fixture(scope="session")
def portal_app(settings: Settings) -> Iterator[Flask]:
    """The portal with an empty, migrated database: one for each worker."""
    from ehe_portal.app import create_app

    app = create_app(settings)
    app.test_client_class = LintingClient
    with app.app_context():
        db.alembic.upgrade()
    yield app
    with app.app_context():
        db.db.engine.dispose()


@pytest.fixture
def app(portal_app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The portal, all of whose work is undone after the test."""
    with portal_app.app_context():
        connection = db.db.engine.connect()
        outer = connection.begin()

        def new_session(*, writing: bool) -> Session:
            return Session(connection, expire_on_commit=False, join_transaction_mode="create_savepoint")

        monkeypatch.setattr(db, "new_session", new_session)
        yield portal_app
        outer.rollback()
        connection.close()


@pytest.fixture
def house(app: Flask) -> Portal:
    found: Portal = app.extensions["portal"]
    return found


@dataclass
class Clock:
    """The moment that the portal takes for now."""

    at: datetime = NOON


@pytest.fixture
def clock(house: Portal, monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(house, "now", lambda: clock.at)
    return clock


@pytest.fixture
def new_work(house: Portal, clock: Clock) -> Callable[..., Work]:
    """Makes work: as the jobs, or as one account."""

    def make(account: Account | None = None, *, writing: bool = True) -> Work:
        actor, scope = (JOBS, Scope(everything=True)) if account is None else signed_in(account)
        return house.work(actor, scope, writing=writing)

    return make


@pytest.fixture
def work(new_work: Callable[..., Work]) -> Work:
    """One piece of work, as the jobs: for use-cases called without a transaction round them."""
    return new_work()


@pytest.fixture
def village(work: Work) -> Village:
    """Two authorities, their staff, and families at every stage (see village.py)."""
    return build(work)


def signed_in(account: Account) -> tuple[Actor, Scope]:
    """Whom the portal sees when this account is signed in."""
    actor = Actor(account.id, account.role.value, account.authority_id, account.role.value)
    if account.role in STAFF_ROLES:
        return actor, Scope(authority_id=account.authority_id)
    return actor, Scope(account_id=account.id)


@pytest.fixture
def client_as(
    app: Flask, house: Portal, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> Callable[[Account | None], LintingClient]:
    """A browser in which this account is signed in (None: a visitor). One at a time."""

    def sign_in(account: Account | None) -> LintingClient:
        who = (VISITOR, Scope()) if account is None else signed_in(account)
        monkeypatch.setattr(house, "identify", lambda: who)
        client = app.test_client()
        assert isinstance(client, LintingClient)
        return client

    return sign_in


@pytest.fixture
def clamd(house: Portal, clock: Clock, monkeypatch: pytest.MonkeyPatch) -> Iterator[StandIn]:
    """The portal's virus scanner: a stand-in that works until it is told otherwise."""
    monkeypatch.setattr(scanner, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(scanner, "SCAN_SECONDS", 0.3)
    with stand_in(clock.at) as one:
        monkeypatch.setattr(house, "scanner", scanner.Scanner(one.address))
        yield one


@pytest.fixture
def notify_store(house: Portal, monkeypatch: pytest.MonkeyPatch, clock: Clock) -> Iterator[Store]:
    """A GOV.UK Notify of the test's own, which the portal's settings name. It has half a second for each answer."""
    store = Store(now=lambda: clock.at)
    monkeypatch.setattr(notify, "STEP_SECONDS", 0.5)
    with notify_server(store) as url:
        settings = NotifySettings(key=KEY, url=url, email_template=EMAIL_TEMPLATE, text_template=TEXT_TEMPLATE, after=2)
        monkeypatch.setattr(house, "settings", replace(house.settings, notify=settings))
        yield store


@pytest.fixture
def notify_key(house: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A key of GOV.UK Notify, where nobody answers."""
    settings = NotifySettings(key=f"nobody-{uuid.UUID(int=1)}-{uuid.UUID(int=2)}", url="http://127.0.0.1:9")
    monkeypatch.setattr(house, "settings", replace(house.settings, notify=settings))


@pytest.fixture
def busy_village(
    village: Village, house: Portal, new_work: Callable[..., Work], clock: Clock, clamd: StandIn, notify_key: None
) -> None:
    """Something to do for every job: new values in force, a child whom nobody has, a reminder, a message, a file that
    was never sent, one that no row knows of, one to be scanned, reviews and a complaint that are late, a worry that
    nobody answers and one that someone who left had in hand.
    """
    work = new_work()
    set_values(work, village.authority.id, PolicyValues(interval_months_annual=11), clock.at.date())
    a_child(work, village.authority, "Kit", "Lane", date(2014, 4, 4), date(2025, 11, 3))  # too long with the team
    work.at = clock.at - timedelta(days=6)
    escalation.raise_concern(work, village["Ada"], "Nobody answers this", danger_now=False)
    held = escalation.raise_concern(work, village["Cleo"], "Someone had this in hand", danger_now=False)
    leaver = an_account(work, village.authority, Role.CME_OFFICER, "leaver@wessex.example", "Lee Wessex")
    leaving = new_work(leaver)
    leaving.session.close()
    leaving.session, leaving.at = work.session, work.at
    escalation.acknowledge(leaving, held)
    leaver.is_active, work.at = False, clock.at
    put(
        work,
        [
            row(
                work,
                authority_id=village.authority.id,
                to="someone@wessex.example",
                template="known-address",
                context={},
                key="busy",
            )
        ],
    )
    leave_stray(house, f"{village.authority.id}/{new_reference()}", clock.at - timedelta(days=2))
    cleos = select(ContactClock).where(ContactClock.child_id == village["Cleo"].id)
    work.session.scalars(cleos).one().remind_on = clock.at.date()
    long_ago = clock.at - timedelta(days=3)
    ada: dict[str, Any] = {"authority_id": village.authority.id, "child_id": village["Ada"].id}
    account_id = village.parents["Ada"].id
    work.session.add_all(
        [
            RegistrationDraft(account_id=account_id, sealed=b"", saved_at=clock.at - timedelta(days=31)),
            HandledForm(once="long ago", location="/", at=long_ago),
            FormDraft(
                account_id=account_id, path="/", sealed=b"", began_at=long_ago, saved_at=long_ago, kept_until=long_ago
            ),
            WaitingFile(
                **ada,
                account_id=account_id,
                filename="leaf.png",
                media_type="image/png",
                arrived_at=clock.at - timedelta(days=31),
            ),
        ]
    )
    sending = Evidence(**ada, account_id=account_id, sent_at=long_ago, sent_on=long_ago.date())
    work.session.add(sending)
    work.session.flush()
    kept = house.vault.store(f"{village.authority.id}/{new_reference()}", [b"leaves"])
    work.session.add(
        EvidenceFile(
            authority_id=village.authority.id,
            evidence_id=sending.id,
            stored_as=kept.identity,
            filename="leaf.pdf",
            media_type="application/pdf",
            size=kept.size,
            sha256=kept.sha256,
        )
    )
    decided = Assessment(
        **ada,
        outcome=Outcome.SUITABLE,
        reasons="Fine.",
        decided_at=long_ago,
        decided_by_id=village.adviser.id,
        state=DecisionState.STANDS,
        stands_since=long_ago,
    )
    work.session.add_all([decided, EhcPlan(**ada, made_on=date(2025, 1, 9), due_on=date(2026, 1, 8))])
    work.session.flush()
    work.session.add(EducationReview(**ada, assessment_id=decided.id, due_on=date(2026, 1, 8)))
    work.session.add(
        Complaint(
            **ada, account_id=account_id, about=About.VISIT, words="Nobody rang.", made_at=long_ago,
            acknowledge_by=long_ago.date(), answer_by=clock.at.date(), handler_id=village.staff[Role.EHE_MANAGER].id,
        )
    )  # fmt: skip
    (letter,) = letters.write(work, "welcome", village["Ben"], village["Ben"].carers[:1], {})
    letters.give_to_notify(work, [letter], first_class=False)
    work.session.execute(update(LetterSending).values(notify_id="its", status="received", status_on=clock.at.date()))
    visit = Visit(
        **ada, kind=ContactKind.HOME_VISIT, on_date=work.today, at_time=time(9), adviser_id=village.adviser.id,
        offered_at=long_ago,
    )  # fmt: skip
    work.session.add(visit)
    work.session.flush()
    work.session.add(
        CheckIn(
            authority_id=village.authority.id,
            visit_id=visit.id,
            colleague_id=village.staff[Role.EHE_MANAGER].id,
            back_by_at=clock.at - timedelta(hours=1),
            set_at=long_ago,
            next_alarm_at=clock.at - timedelta(minutes=50),
        )
    )
    work.session.flush()


def leave_stray(house: Portal, identity: str, at: datetime) -> None:
    """A file in the vault that no row knows of, kept at a moment."""
    house.vault.store(identity, [b"nobody's"])
    kept = house.vault.incoming.parent / "objects" / f"{identity}.sealed"
    os.utime(kept, (at.timestamp(), at.timestamp()))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """At the end of a run with faults in it: what was survived, raised, lost and doubled; what hostile files got."""
    reports = [report for kind in ("passed", "failed") for report in terminalreporter.getreports(kind)]
    if told := tally.lines(reports):
        terminalreporter.section("Faults")
        for line in told:
            terminalreporter.write_line(line)
    if met := tables.lines(reports):
        terminalreporter.section("Hostile files")
        for line in met:
            terminalreporter.write_line(line)
