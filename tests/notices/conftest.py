"""Real servers for each test, of mail and of GOV.UK Notify, and the portal's messages as the database has them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.accounts.models import Account
from ehe_portal.core import db, jobs, mail, notify, outbox
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.settings import NotifySettings
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.demo.notifyserver import EMAIL_TEMPLATE, KEY, TEXT_TEMPLATE, Store, notify_server
from tests.conftest import Clock, signed_in
from tests.notices.mailserver import MailServer
from tests.village import Village

Post = Callable[[], dict[str, list[EmailMessage]]]
SENDING = next(job for job in schedule.JOBS if job.name == "send-messages")


@pytest.fixture
def mail_server(app: Flask, monkeypatch: pytest.MonkeyPatch) -> Iterator[MailServer]:
    """The server that the portal sends by. It is given half a second for each answer."""
    server = MailServer()
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.setattr(app.extensions["mail"], "server", "127.0.0.1")
    monkeypatch.setattr(app.extensions["mail"], "port", server.port)
    monkeypatch.setattr(mail, "STEP_SECONDS", 0.5)
    yield server
    server.released.set()
    server.shutdown()
    server.server_close()


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
def messages(app: Flask) -> Callable[[], Sequence[OutgoingMessage]]:
    """Every message in the outbox, as it is now."""

    def read() -> Sequence[OutgoingMessage]:
        with db.new_session(writing=False) as session:
            return session.scalars(
                select(OutgoingMessage).order_by(OutgoingMessage.id).execution_options(populate_existing=True)
            ).all()

    return read


@pytest.fixture
def put(work: Work, village: Village) -> Callable[..., None]:
    """Puts plain messages to these addresses into the outbox."""

    def write(*addresses: str, template: str = "known-address", **context: Any) -> None:
        rows = [
            outbox.row(
                work, authority_id=village.authority.id, to=to, template=template, context=context, key=f"to-{to}"
            )
            for to in addresses
        ]
        outbox.put(work, rows)
        work.session.commit()

    return write


@pytest.fixture
def send(house: Portal) -> Callable[[], jobs.JobRun | Any]:
    """Runs the job that sends."""
    return lambda: jobs.run(SENDING, house)


@pytest.fixture
def post(mail_server: MailServer, work: Work, send: Callable[[], Any]) -> Post:
    """Sends what waits, and gives what has arrived since the last time, by address."""

    def collect() -> dict[str, list[EmailMessage]]:
        work.session.commit()
        mail_server.letters.clear()
        send()
        found: dict[str, list[EmailMessage]] = {}
        for letter in mail_server.letters:
            found.setdefault(str(letter["To"]), []).append(letter)
        return found

    return collect


@pytest.fixture
def at_work(work: Work, house: Portal) -> Callable[[Account], Work]:
    """Someone of the village at work, in the test's own session and with the portal's own reactions."""
    return lambda account: house.work(*signed_in(account), writing=True, session=work.session)
