"""A real mail server for each test, and the portal's messages as the database has them."""

import threading
from collections.abc import Callable, Iterator, Sequence
from email.message import EmailMessage
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.accounts.models import Account
from ehe_portal.core import db, jobs, mail, outbox
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from tests.conftest import signed_in
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
