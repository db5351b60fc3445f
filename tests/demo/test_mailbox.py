"""The mail server that delivers nothing, and what it keeps."""

import smtplib
from email.message import EmailMessage
from pathlib import Path

from ehe_portal.core.notify import Notify
from ehe_portal.core.settings import NotifySettings
from ehe_portal.demo import mailbox
from ehe_portal.demo.mailserver import HOST, Keeper, mail_server
from ehe_portal.demo.notifyserver import KEY, TEXT_TEMPLATE, Store, as_mail, notify_server


def letter(subject: str, body: str = "Hello\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Home education <home.education@demo.invalid>"
    message["To"] = "ann@aldermere.example"
    message["Subject"] = subject
    message["Date"] = "Thu, 12 Mar 2026 12:00:00 +0000"
    message.set_content(body)
    return message


def send(port: int, *letters: EmailMessage) -> None:
    with smtplib.SMTP(HOST, port, timeout=10) as client:
        for one in letters:
            client.send_message(one)


def test_messages_are_kept_in_order_and_numbering_goes_on(tmp_path: Path) -> None:
    folder = tmp_path / "mailbox"
    with mail_server(Keeper(folder)) as port:
        send(port, letter("First"), letter("Zoë’s second"))
    with mail_server(Keeper(folder)) as port:
        send(port, letter("Third"))
    shown, more = mailbox.listed(folder, None)
    assert [one.subject for one in shown] == ["Third", "Zoë’s second", "First"]
    assert [one.number for one in shown] == [3, 2, 1]
    assert more is None
    assert shown[0].to == "ann@aldermere.example"
    assert shown[0].sent_at is not None
    assert "X-Envelope-To: ann@aldermere.example" in shown[0].source


def test_addresses_in_a_message_become_parts_of_their_own() -> None:
    parts = mailbox.parts_of("Go to http://127.0.0.1:5000/x?a=1&b=2. Or (https://b.example/c).\n<script>")
    assert [part for part, is_link in parts if is_link] == ["http://127.0.0.1:5000/x?a=1&b=2", "https://b.example/c"]
    assert "".join(part for part, _ in parts).endswith("\n<script>")


def test_a_message_that_is_no_message_can_still_be_read(tmp_path: Path) -> None:
    mailbox.file_of(tmp_path, 1).write_bytes(b"\xff\xfe not a message at all")
    mailbox.file_of(tmp_path, 2).write_bytes(b"Date: yesterday, I think\r\nSubject: =?utf-8?q?=FF?=\r\n\r\n")
    assert [one.sent_at for one in mailbox.listed(tmp_path, None)[0]] == [None, None]


def test_a_long_mailbox_comes_in_pages(tmp_path: Path) -> None:
    for number in range(1, mailbox.A_PAGE + 3):
        mailbox.file_of(tmp_path, number).write_bytes(bytes(letter(f"Number {number}")))
    (tmp_path / "arriving").write_bytes(b"half a message")
    first, more = mailbox.listed(tmp_path, None)
    rest, end = mailbox.listed(tmp_path, more)
    assert [one.number for one in (*first, *rest)] == list(range(mailbox.A_PAGE + 2, 0, -1))
    assert end is None


def test_there_may_be_no_mailbox_yet(tmp_path: Path) -> None:
    assert mailbox.listed(tmp_path / "none", None) == ([], None)
    assert mailbox.opened(tmp_path / "none", 1) is None


def test_texts_and_letters_by_notify_stand_among_the_mails(tmp_path: Path) -> None:
    keeper = Keeper(tmp_path / "mailbox")
    store = Store(keep=lambda taken: keeper.keep(as_mail(taken)))
    with mail_server(keeper) as port, notify_server(store) as url:
        notify = Notify(NotifySettings(key=KEY, url=url, text_template=TEXT_TEMPLATE))
        send(port, letter("First"))
        notify.send_text("07700 900 982", "You have a message", "text-1")
        notify.send_letter(b"%PDF-1.7 a letter", "letter-1", first_class=True)
        notify.close()
    shown, _ = mailbox.listed(keeper.folder, None)
    assert [(one.subject, one.to) for one in shown] == [
        ("Letter by post", "Post"),
        ("Text message", "07700 900 982"),
        ("First", "ann@aldermere.example"),
    ]
    assert [one.letter for one in shown] == [b"%PDF-1.7 a letter", None, None]
    assert "first class" in shown[0].parts[0][0]
