"""Mails about messages and about an account's own address: one recipient each, no name, no word of what was written."""

from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any

import pytest

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account, MailLink
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.messages import queries
from ehe_portal.messages import service as messages
from tests.accounts.conftest import PASSWORD
from tests.notices.mailserver import MailServer
from tests.village import Village

SECRET = "Ada Byrne loves newts"
KEY = "only for tests"


@pytest.fixture
def post(mail_server: MailServer, work: Work, send: Callable[[], Any]) -> Callable[[], list[EmailMessage]]:
    """Sends what waits, and gives what has arrived since the last time."""

    def collect() -> list[EmailMessage]:
        work.session.commit()
        mail_server.letters.clear()
        send()
        for letter in mail_server.letters:
            said = str(letter["Subject"]) + letter.get_content()
            assert not any(name in said for name in ("Ada", "Byrne", "newts", "Hal Wessex"))
            assert "," not in str(letter["To"]), "one recipient each"
            assert letter["Cc"] is letter["Bcc"] is None
        return list(mail_server.letters)

    return collect


def words(letter: EmailMessage) -> str:
    return " ".join(letter.get_content().split())


def as_account(new_work: Callable[..., Work], account: Account) -> Work:
    return new_work(account)


def test_a_message_is_announced_and_no_more(
    new_work: Callable[..., Work], village: Village, post: Callable[[], list[EmailMessage]]
) -> None:
    reference, parent = village["Ada"].reference, village.parents["Ada"]
    work = new_work(parent)
    ours = queries.family_conversation(work, reference)
    assert ours is not None
    written = messages.write_to_council(work, ours, SECRET)
    work.session.commit()
    (letter,) = post()
    assert (letter["To"], letter["Subject"]) == (village.adviser.email, "You have a message")
    assert f"/children/{reference}/messages/{written.reference}" in words(letter)
    work = new_work(village.adviser)
    theirs = queries.conversation(work, reference, parent.reference)
    assert theirs is not None
    messages.write_to_family(work, theirs, SECRET)
    work.session.commit()
    (letter,) = post()
    assert (letter["To"], letter["Subject"]) == (parent.email, "You have a message")
    assert f"/family/children/{reference}/messages" in words(letter)


def test_both_addresses_are_told_of_a_change(
    work: Work,
    village: Village,
    post: Callable[[], list[EmailMessage]],
    messages: Callable[[], Sequence[OutgoingMessage]],
) -> None:
    parent = village.parents["Ada"]
    old, new = parent.email, "new.home@example.org"
    parent.password_hash = accounts.HASHER.hash(PASSWORD)
    work.session.flush()
    accounts.ask_for_new_email(work, parent, new, PASSWORD, KEY)
    to_new, to_old = post()
    assert (to_new["To"], to_new["Subject"]) == (new, "Confirm your new email address")
    assert "/link/" in words(to_new)
    assert (to_old["To"], to_old["Subject"]) == (old, "Another email address was asked for")
    assert new not in words(to_old)
    assert "/link/" not in words(to_old)
    assert all("/link/" not in str(one.context) for one in messages()), "no link waits in the outbox"
    link = work.session.query(MailLink).one()
    accounts.confirm_email(work, link, parent, PASSWORD, KEY)
    told = post()
    assert [(one["To"], one["Subject"]) for one in told] == [
        (old, "The email address of your account has changed"),
        (new, "The email address of your account has changed"),
    ]


def test_the_owner_of_a_known_address_is_told_and_gets_no_link(
    work: Work, village: Village, post: Callable[[], list[EmailMessage]]
) -> None:
    parent = village.parents["Ada"]
    parent.password_hash = accounts.HASHER.hash(PASSWORD)
    work.session.flush()
    accounts.ask_for_new_email(work, parent, village.parents["Zoe"].email, PASSWORD, KEY)
    taken, asked = post()
    assert (taken["To"], taken["Subject"]) == (
        village.parents["Zoe"].email,
        "This email address has an account already",
    )
    assert "/link/" not in words(taken)
    assert parent.email not in words(taken)
    assert asked["To"] == parent.email


def test_a_closed_account_gets_one_goodbye(
    work: Work, village: Village, post: Callable[[], list[EmailMessage]]
) -> None:
    parent = village.parents["Ada"]
    email = parent.email
    parent.password_hash = accounts.HASHER.hash(PASSWORD)
    work.session.flush()
    accounts.close_account(work, parent, PASSWORD, KEY)
    (letter,) = post()
    assert (letter["To"], letter["Subject"]) == (email, "Your account is closed")
    assert "This is the last email" in words(letter)
