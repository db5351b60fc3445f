"""Messages leave by a real server, however it behaves: never lost, the same Message-ID at each try, nobody else's."""

import socket
import ssl
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask import Flask
from sqlalchemy import func, select, update

from ehe_portal.accounts.models import Authority
from ehe_portal.core import db, outbox
from ehe_portal.core.outbox import BACK_OFF, LEASE, OutgoingMessage
from ehe_portal.core.transaction import transaction
from ehe_portal.core.work import Work
from ehe_portal.notices import service
from tests.conftest import Clock
from tests.notices.mailserver import MailServer, Mood
from tests.village import Village

Messages = Callable[[], Sequence[OutgoingMessage]]
Put = Callable[..., None]
Send = Callable[[], Any]


def test_a_message_arrives_whole(
    mail_server: MailServer, put: Put, send: Send, messages: Messages, clock: Clock
) -> None:
    put("robin@wessex.example")
    send()
    (letter,) = mail_server.letters
    (row,) = messages()
    assert letter["From"] == "Home education <home.education@wessex.invalid>"
    assert letter["To"] == "robin@wessex.example"
    assert letter["Cc"] is None
    assert letter["Subject"] == "You already have an account"
    assert letter["Message-ID"] == row.message_id
    assert letter["Auto-Submitted"] == "auto-generated"
    assert parsedate_to_datetime(str(letter["Date"])) == clock.at
    words = letter.get_content().replace("\r\n", "\n")
    assert "http://127.0.0.1:5000/sign-in" in words
    assert "\nWessex Council\n" in words
    # A paragraph is one line, so that phones wrap it as they are wide; on the way none is long.
    assert max(map(len, letter.as_bytes().splitlines())) <= 80
    assert row.sent_at is not None
    assert row.sent_at - clock.at < timedelta(seconds=5)
    assert (row.attempts, row.last_problem) == (1, None)


def test_each_recipient_has_a_message_of_their_own(mail_server: MailServer, put: Put, send: Send) -> None:
    put("one@wessex.example", "two@wessex.example", "three@wessex.example")
    send()
    assert [letter["To"] for letter in mail_server.letters] == [
        "one@wessex.example",
        "two@wessex.example",
        "three@wessex.example",
    ]
    assert len({letter["Message-ID"] for letter in mail_server.letters}) == 3
    assert mail_server.connections == 1


def test_what_has_been_sent_is_not_sent_again(mail_server: MailServer, put: Put, send: Send, clock: Clock) -> None:
    put("robin@wessex.example")
    send()
    clock.at += timedelta(days=1)
    send()
    assert len(mail_server.letters) == 1


@pytest.mark.parametrize(
    ("mood", "problem"),
    [
        (Mood.REFUSES, "SMTPRecipientsRefused 550"),
        (Mood.LATER, "SMTPRecipientsRefused 451"),
        (Mood.BUSY, "SMTPConnectError 421"),
        (Mood.HANGS, "SMTPServerDisconnected"),
        (Mood.HANGS_LATE, "SMTPServerDisconnected"),
        (Mood.DIES_BEFORE_250, "SMTPServerDisconnected"),
    ],
)
def test_a_server_that_fails_is_tried_again_at_growing_distances(
    mail_server: MailServer, put: Put, send: Send, messages: Messages, clock: Clock, mood: Mood, problem: str
) -> None:
    put("robin@wessex.example")
    mail_server.behaves(mood)
    send()
    (row,) = messages()
    assert row.sent_at is None
    assert row.last_problem == problem, "its class and code, and nothing that the server said"
    waited = row.next_try_at - clock.at
    assert timedelta(minutes=1) <= waited < timedelta(minutes=1, seconds=2)
    clock.at += timedelta(seconds=59)
    send()
    assert messages()[0].attempts == 1, "it is not yet time"
    clock.at += timedelta(seconds=3)
    mail_server.behaves(Mood.KIND)
    mail_server.letters.clear()
    send()
    (row,) = messages()
    assert row.sent_at is not None
    assert row.last_problem is None
    assert [letter["Message-ID"] for letter in mail_server.letters] == [row.message_id]


def test_it_is_tried_for_as_long_as_it_takes(
    mail_server: MailServer, put: Put, send: Send, messages: Messages, clock: Clock
) -> None:
    put("robin@wessex.example")
    mail_server.behaves(Mood.REFUSES)
    waited = []
    for _ in range(len(BACK_OFF) + 2):
        send()
        (row,) = messages()
        waited.append(round((row.next_try_at - clock.at) / timedelta(minutes=1)))
        clock.at = row.next_try_at
    assert waited == [*BACK_OFF, BACK_OFF[-1], BACK_OFF[-1]]


def test_no_server_at_all(
    app: Flask, put: Put, send: Send, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(app.extensions["mail"], "port", 1)
    put("robin@wessex.example")
    send()
    assert messages()[0].last_problem == "ConnectionRefusedError"


def test_a_server_that_dies_after_taking_it_has_taken_it(
    mail_server: MailServer, put: Put, send: Send, messages: Messages
) -> None:
    put("one@wessex.example", "two@wessex.example")
    mail_server.behaves(Mood.DIES_AFTER_250)
    send()
    sent = [row.sent_at is not None for row in messages()]
    assert sent.count(True) >= 1
    assert len(mail_server.letters) == sent.count(True)


def test_one_that_may_have_arrived_comes_again_under_the_same_id(
    mail_server: MailServer, put: Put, send: Send, clock: Clock
) -> None:
    """Between losing a message and sending it twice, twice; the reader's server can tell that it is one."""
    put("robin@wessex.example")
    mail_server.keeps_what_it_dies_on = True
    mail_server.behaves(Mood.DIES_BEFORE_250)
    send()
    mail_server.behaves(Mood.KIND)
    clock.at += timedelta(minutes=2)
    send()
    assert len(mail_server.letters) == 2
    assert len({letter["Message-ID"] for letter in mail_server.letters}) == 1


def test_a_message_that_kills_the_server_does_not_hold_up_the_others(
    mail_server: MailServer, put: Put, send: Send, messages: Messages
) -> None:
    mail_server.mood = lambda to: Mood.DIES_BEFORE_250 if to.startswith("bad") else Mood.KIND
    put("bad.one@wessex.example", "bad.two@wessex.example", "good.one@wessex.example", "good.two@wessex.example")
    send()
    assert [row.sent_at is not None for row in messages()] == [False, False, True, True]


def test_a_server_that_does_not_answer_is_not_asked_for_each_message(
    mail_server: MailServer, put: Put, send: Send, messages: Messages, clock: Clock
) -> None:
    put(*[f"number{number}@wessex.example" for number in range(9)])
    mail_server.behaves(Mood.HANGS)
    send()
    assert mail_server.connections == 3
    assert [row.attempts for row in messages()] == [1, 1, 1, 0, 0, 0, 0, 0, 0]
    mail_server.behaves(Mood.KIND)
    clock.at += timedelta(minutes=2)
    send()
    assert all(row.sent_at for row in messages())


def test_a_message_that_cannot_be_made_does_not_hold_up_the_others(
    mail_server: MailServer, put: Put, send: Send, messages: Messages, caplog: pytest.LogCaptureFixture
) -> None:
    put("broken@wessex.example", template="registration-accepted")  # without its reference
    put("nobody@wessex.example", template="no-such-template")
    put("fine@wessex.example")
    send()
    problems = [(row.last_problem or "").partition(",")[0] for row in messages()]
    assert problems == ["UndefinedError", "TemplateNotFound", ""]
    assert [letter["To"] for letter in mail_server.letters] == ["fine@wessex.example"]


@pytest.mark.parametrize("to", ["a@wessex.example\nBcc: all@wessex.example", "a@wessex.example\r\n\r\nHello", ""])
def test_an_address_with_lines_in_it_is_not_written_to(
    mail_server: MailServer, put: Put, send: Send, messages: Messages, to: str
) -> None:
    put(to)
    send()
    assert mail_server.letters == []
    assert messages()[0].last_problem is not None


def test_a_name_with_lines_in_it_is_one_line(
    app: Flask, mail_server: MailServer, put: Put, send: Send, village: Village, work: Work, house: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Without a sender of its own the portal sends in the council's name, whatever stands in that."""
    without = replace(house.settings, mail=replace(house.settings.mail, default_sender=None))
    monkeypatch.setattr(house, "settings", without)
    name = 'Wessex, "Home" Council\r\nBcc: all@wessex.example'
    work.session.execute(update(Authority).where(Authority.id == village.authority.id).values(name=name))
    put("robin@wessex.example")
    send()
    (letter,) = mail_server.letters
    assert letter["Bcc"] is None
    assert str(letter["From"]) == "Wessex Home Council Bcc all wessex example <no-reply@localhost>"


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(
    app: Flask, put: Put, send: Send, messages: Messages, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(*own_certificate(tmp_path))
    taken: list[Any] = []

    class Handler:
        async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
            taken.append(envelope)
            return "250 taken"

    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    controller = Controller(Handler(), hostname="127.0.0.1", port=port, tls_context=context)
    controller.start()
    try:
        state = app.extensions["mail"]
        for name, value in {"server": "127.0.0.1", "port": port, "use_tls": True}.items():
            monkeypatch.setattr(state, name, value)
        put("robin@wessex.example")
        send()
    finally:
        controller.stop()
    assert messages()[0].last_problem == "SSLCertVerificationError"
    assert taken == []


def own_certificate(folder: Path) -> tuple[Path, Path]:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail.wessex.example")])
    begins = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=36500))
        .sign(key, hashes.SHA256())
    )
    plain = serialization.NoEncryption()
    kept = folder / "certificate.pem", folder / "key.pem"
    kept[0].write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    kept[1].write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    return kept


# Leases


def test_nobody_else_takes_a_message_that_is_being_sent(put: Put, new_work: Callable[..., Work], clock: Clock) -> None:
    put("robin@wessex.example")
    ids = list(new_work().session.scalars(outbox.waiting(new_work())))
    assert len(outbox.lease(new_work(), ids)) == 1
    assert outbox.lease(new_work(), ids) == []
    assert list(new_work().session.scalars(outbox.waiting(new_work()))) == []
    clock.at += LEASE
    assert len(outbox.lease(new_work(), ids)) == 1


def test_a_sender_frozen_past_its_lease_neither_sends_nor_disturbs(
    mail_server: MailServer, put: Put, send: Send, messages: Messages, new_work: Callable[..., Work], clock: Clock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Two messages are taken; before the first leaves, the process is frozen for longer than the lease."""
    put("one@wessex.example", "two@wessex.example")
    began = time.monotonic()
    frozen = new_work()
    taken = list(frozen.session.scalars(outbox.waiting(frozen)))
    with transaction(frozen, may_write=True):
        service.deliver(frozen, taken)
        held, frozen.later = frozen.later, []
    clock.at += LEASE
    send()  # by another process
    assert len(mail_server.letters) == 2
    monkeypatch.setattr("ehe_portal.core.mail.time.monotonic", lambda: began + LEASE.total_seconds())
    for deed in held:
        with db.new_session(writing=None) as own, own.begin():
            deed(own)
    assert len(mail_server.letters) == 2
    assert [(row.attempts, row.sent_at is not None) for row in messages()] == [(2, True), (2, True)]


def test_what_a_message_takes_is_little_else_than_the_time_of_the_server(
    mail_server: MailServer, put: Put, send: Send, new_work: Callable[..., Work]
) -> None:
    put(*[f"number{number}@wessex.example" for number in range(120)])
    report = send()
    assert report.done == 120
    assert len(mail_server.letters) == 120
    unsent = select(func.count(OutgoingMessage.id)).where(OutgoingMessage.sent_at.is_(None))
    assert new_work().session.scalar(unsent) == 0
    assert mail_server.connections == 3, "one for each batch"


def test_sending_is_done_after_the_commit(
    mail_server: MailServer, put: Put, messages: Messages, new_work: Callable[..., Work]
) -> None:
    put("robin@wessex.example")
    work = new_work()
    with pytest.raises(LookupError), transaction(work, may_write=True):
        service.deliver(work, [messages()[0].id])
        raise LookupError
    assert mail_server.letters == []
    assert messages()[0].attempts == 0
