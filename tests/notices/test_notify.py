"""GOV.UK Notify as the second channel: what the mail server does not take goes by it, once, and texts by it alone."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries.queue import stuck
from ehe_portal.core import db, outbox
from ehe_portal.core.health import what_waits
from ehe_portal.core.outbox import BACK_OFF, LEASE, TEXT, OutgoingMessage
from ehe_portal.core.settings import NotifySettings
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.demo.notifyserver import KEY, SECRET, Mood, Store
from ehe_portal.messages import queries
from ehe_portal.messages import service as threads
from ehe_portal.notices import service
from ehe_portal.notices.service.texting import by_day, texts_for
from ehe_portal.register import service as register
from tests.conftest import Clock
from tests.notices.mailserver import MailServer
from tests.notices.mailserver import Mood as MailMood
from tests.village import Village

Messages = Callable[[], Sequence[OutgoingMessage]]
Put = Callable[..., None]
Send = Callable[[], Any]
AtWork = Callable[[Account], Work]
MOBILE = "+447700900982"
ROBIN = "robin@wessex.example"


def tried(send: Send, messages: Messages, clock: Clock, times: int) -> OutgoingMessage:
    """The only message, after so many tries."""
    for _ in range(times):
        clock.at = max(clock.at, messages()[0].next_try_at)
        send()
    return messages()[0]


@pytest.fixture
def at_once(house: Portal, notify_store: Store, monkeypatch: pytest.MonkeyPatch) -> Store:
    """Notify, by which all mail goes at once."""
    settings = replace(house.settings, notify=replace(house.settings.notify, after=0))
    monkeypatch.setattr(house, "settings", settings)
    return notify_store


# Mail


def test_mail_goes_by_smtp_while_that_takes_it(
    mail_server: MailServer, notify_store: Store, put: Put, send: Send
) -> None:
    put(ROBIN)
    send()
    assert len(mail_server.letters) == 1
    assert notify_store.asked == []


def test_without_a_key_nothing_changes(mail_server: MailServer, put: Put, send: Send, messages: Messages) -> None:
    put(ROBIN)
    mail_server.behaves(MailMood.REFUSES)
    clock_at = messages()[0].next_try_at
    send()
    (row,) = messages()
    assert (row.last_problem, row.given_up_at) == ("SMTPRecipientsRefused 550", None)
    assert row.next_try_at >= clock_at + timedelta(minutes=BACK_OFF[0])


def test_what_the_mail_server_does_not_take_goes_by_notify(
    mail_server: MailServer, notify_store: Store, put: Put, send: Send, messages: Messages, clock: Clock
) -> None:
    put(ROBIN)
    mail_server.behaves(MailMood.LATER)
    tried(send, messages, clock, 2)
    assert notify_store.taken == [], "the mail server is given its two tries"
    row = tried(send, messages, clock, 1)
    (taken,) = notify_store.taken
    assert (taken.kind, taken.to, taken.reference) == ("email", ROBIN, row.message_id)
    assert taken.subject == "You already have an account"
    assert "http://127.0.0.1:5000/sign-in" in taken.body
    assert taken.body.endswith("Please do not reply to it.\n")
    assert row.sent_at is not None
    assert row.last_problem is None


def test_a_down_mail_server_does_not_hold_up_what_goes_by_notify(
    mail_server: MailServer, notify_store: Store, put: Put, send: Send, messages: Messages, clock: Clock
) -> None:
    put(*[f"number{number}@wessex.example" for number in range(5)])
    with db.new_session(writing=True) as session, session.begin():
        later = update(OutgoingMessage).where(OutgoingMessage.to_address == "number4@wessex.example")
        session.execute(later.values(attempts=2))
    mail_server.behaves(MailMood.HANGS)
    send()
    assert [one.to for one in notify_store.taken] == ["number4@wessex.example"]


@pytest.mark.parametrize("mood", [Mood.TAKES_AND_HANGS, Mood.TAKES_AND_CLOSES])
def test_what_notify_took_without_saying_so_is_not_sent_again(
    at_once: Store, put: Put, send: Send, messages: Messages, clock: Clock, mood: Mood
) -> None:
    put(ROBIN)
    at_once.behaves(mood)
    send()
    (row,) = messages()
    assert (row.sent_at, row.last_problem) == (None, "Notify did not answer")
    at_once.behaves(Mood.KIND)
    row = tried(send, messages, clock, 1)
    assert row.sent_at is not None
    assert len(at_once.taken) == 1


def test_a_sender_that_is_killed_after_notify_took_it_sends_nothing_twice(
    at_once: Store, put: Put, send: Send, messages: Messages, clock: Clock, new_work: Callable[..., Work],
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """It dies between Notify's answer and writing that down: nothing of it is left but the lease."""
    put(ROBIN)

    class Killed(BaseException):
        pass

    def killed(*_: object) -> None:
        raise Killed

    work = new_work()
    with monkeypatch.context() as dying:
        dying.setattr("ehe_portal.core.outbox.note_sent", killed)
        with pytest.raises(Killed), transaction(work, may_write=True):
            service.deliver(work, [messages()[0].id])
    assert len(at_once.taken) == 1
    assert messages()[0].sent_at is None
    clock.at += LEASE
    send()
    assert messages()[0].sent_at is not None
    assert len(at_once.taken) == 1


@pytest.mark.parametrize(
    ("mood", "problem"),
    [
        (Mood.LIMITED, "Notify 429 RateLimitError"),
        (Mood.FAILS, "Notify 500 Exception"),
        (Mood.NO_TEMPLATE, "Notify 400 BadRequestError"),
        (Mood.HANGS, "Notify did not answer"),
    ],
)
def test_notify_is_tried_again_at_growing_distances(
    at_once: Store, put: Put, send: Send, messages: Messages, clock: Clock, mood: Mood, problem: str
) -> None:
    put(ROBIN)
    at_once.behaves(mood)
    send()
    (row,) = messages()
    assert (row.sent_at, row.given_up_at, row.last_problem) == (None, None, problem)
    assert timedelta(minutes=1) <= row.next_try_at - clock.at < timedelta(minutes=1, seconds=3)
    at_once.behaves(Mood.KIND)
    assert tried(send, messages, clock, 1).sent_at is not None
    assert len(at_once.taken) == 1


@pytest.mark.parametrize("mood", [Mood.REFUSES, Mood.TRIAL])
def test_what_notify_refuses_is_not_tried_again_where_nothing_else_sends(
    at_once: Store, put: Put, send: Send, messages: Messages, clock: Clock, mood: Mood
) -> None:
    put(ROBIN)
    at_once.behaves(mood)
    send()
    (row,) = messages()
    assert row.given_up_at is not None
    assert row.last_problem in ("Notify 400 ValidationError", "Notify 400 BadRequestError")
    at_once.behaves(Mood.KIND)
    clock.at += timedelta(days=2)
    send()
    assert messages()[0].attempts == 1, "it stays undeliverable, in red"
    assert at_once.taken == []


def test_what_notify_refuses_goes_on_being_tried_by_smtp(
    mail_server: MailServer, notify_store: Store, put: Put, send: Send, messages: Messages, clock: Clock
) -> None:
    put(ROBIN)
    mail_server.behaves(MailMood.BUSY)
    notify_store.behaves(Mood.TRIAL)
    row = tried(send, messages, clock, 3)
    assert row.refused_at is not None
    assert (row.given_up_at, row.last_problem) == (None, "Notify 400 BadRequestError")
    asked = len(notify_store.asked)
    mail_server.behaves(MailMood.KIND)
    assert tried(send, messages, clock, 1).sent_at is not None
    assert len(mail_server.letters) == 1
    assert len(notify_store.asked) == asked


def test_a_notify_that_does_not_answer_is_not_asked_for_each_message(
    at_once: Store, put: Put, send: Send, messages: Messages
) -> None:
    put(*[f"number{number}@wessex.example" for number in range(9)])
    at_once.behaves(Mood.FAILS)
    send()
    assert len(at_once.asked) == 3
    assert [row.attempts for row in messages()] == [1, 1, 1, 0, 0, 0, 0, 0, 0]


def test_a_wrong_key_is_an_error_of_the_council_and_tried_again(
    house: Portal, at_once: Store, put: Put, send: Send, messages: Messages, monkeypatch: pytest.MonkeyPatch
) -> None:
    wrong = replace(house.settings.notify, key=KEY.replace(SECRET, SECRET[::-1]))
    monkeypatch.setattr(house, "settings", replace(house.settings, notify=wrong))
    put(ROBIN)
    send()
    (row,) = messages()
    assert (row.last_problem, row.given_up_at) == ("Notify 403 AuthError", None)
    assert at_once.taken == []


def test_neither_key_nor_address_nor_words_are_logged(
    at_once: Store, put: Put, send: Send, messages: Messages, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    put(ROBIN)
    for mood in (Mood.REFUSES, Mood.FAILS, Mood.HANGS):
        at_once.behaves(mood)
        with db.new_session(writing=True) as session, session.begin():
            session.execute(
                update(OutgoingMessage).values(
                    next_try_at=datetime(2020, 1, 1, tzinfo=UTC), given_up_at=None, refused_at=None
                )
            )
        send()
    assert len(at_once.asked) >= 3
    for said in (SECRET, ROBIN, "Not a valid email address", "already have an account"):
        assert said not in caplog.text


# Texts


@pytest.fixture
def texted(notify_store: Store, mail_server: MailServer, village: Village, at_work: AtWork) -> Account:
    """Ada's parent, who asked for texts."""
    parent = village.parents["Ada"]
    accounts.choose_texts(at_work(parent), parent, "07700 900 982")
    return parent


def write(at_work: AtWork, village: Village, words: str) -> None:
    """The adviser writes to Ada's parent, in the middle of a working day."""
    work = at_work(village.adviser)
    conversation = queries.conversation(work, village["Ada"].reference, village.parents["Ada"].reference)
    assert conversation is not None
    threads.write_to_family(work, conversation, words)
    work.session.commit()


def test_a_text_says_that_there_is_a_message_and_nothing_else(
    texted: Account, notify_store: Store, mail_server: MailServer, at_work: AtWork, village: Village, send: Send,
    messages: Messages,
) -> None:  # fmt: skip
    write(at_work, village, "Ada's tutor rang about fractions")
    send()
    (taken,) = notify_store.taken
    assert (taken.kind, taken.to) == ("sms", MOBILE)
    assert taken.body == (
        "You have a message from Wessex Council about home education. Sign in to read it: http://127.0.0.1:5000/sign-in"
    )
    assert [letter["To"] for letter in mail_server.letters] == [texted.email], "the mail goes as ever"
    (row,) = [one for one in messages() if one.topic == TEXT]
    assert row.context == {}
    assert taken.reference == row.message_id


def test_texts_are_off_until_a_parent_asks_and_again_when_they_want_none(
    notify_store: Store, mail_server: MailServer, at_work: AtWork, village: Village, send: Send
) -> None:
    write(at_work, village, "Hello")
    parent = village.parents["Ada"]
    accounts.choose_texts(at_work(parent), parent, "07700900982")
    accounts.choose_texts(at_work(parent), parent, None)
    write(at_work, village, "Hello again")
    send()
    assert notify_store.taken == []


def test_several_messages_before_a_text_has_left_are_one_text(
    texted: Account, notify_store: Store, at_work: AtWork, village: Village, send: Send
) -> None:
    for words in ("One", "Two", "Three"):
        write(at_work, village, words)
    send()
    assert len(notify_store.taken) == 1
    write(at_work, village, "Four")
    send()
    assert len(notify_store.taken) == 2


def test_receipts_and_messages_to_staff_lead_to_no_text(
    texted: Account, notify_store: Store, at_work: AtWork, village: Village, work: Work
) -> None:
    adviser = village.adviser
    adviser.text_to = MOBILE
    work.session.flush()
    rows = [
        {"template": template, "account_id": account.id, "authority_id": village.authority.id,
         "topic_id": village["Ada"].id, "idempotency_key": template}
        for template, account in (("evidence-received", texted), ("message-sent", adviser), ("link-reset", texted))
    ]  # fmt: skip
    assert texts_for(work, rows) == []
    rows[0]["template"] = "contact-soon"
    assert [row["to_address"] for row in texts_for(work, rows)] == [MOBILE]


def test_a_text_is_not_sent_twice_either(
    texted: Account, notify_store: Store, at_work: AtWork, village: Village, send: Send, clock: Clock
) -> None:
    write(at_work, village, "Hello")
    notify_store.behaves(Mood.TAKES_AND_HANGS)
    send()
    notify_store.behaves(Mood.KIND)
    clock.at += timedelta(minutes=2)
    send()
    assert [one.kind for one in notify_store.taken] == ["sms"]


def test_a_refused_text_is_given_up_and_does_not_alarm_the_team(
    texted: Account, notify_store: Store, at_work: AtWork, village: Village, send: Send, messages: Messages
) -> None:
    write(at_work, village, "Hello")
    notify_store.behaves(Mood.TRIAL)
    send()
    (row,) = [one for one in messages() if one.topic == TEXT]
    assert row.given_up_at is not None
    assert not stuck(at_work(village.adviser)), "the mail has told the same"


def test_no_text_leaves_about_a_child_whose_family_is_not_to_be_written_to(
    texted: Account, notify_store: Store, at_work: AtWork, village: Village, send: Send, messages: Messages, work: Work
) -> None:
    write(at_work, village, "Hello")
    held = [one for one in messages() if one.topic == TEXT]
    register.stop_messages(at_work(village.staff[Role.EHE_MANAGER]), [(village["Ada"], {})], "Somebody is in danger")
    work.session.commit()
    assert [one for one in messages() if one.topic == TEXT] == [], "what waited is thrown away"
    outbox.put(
        work,
        [
            outbox.row(
                work, authority_id=held[0].authority_id, to=MOBILE, template="text-to-read", context={}, key="raced",
                topic=TEXT, topic_id=village["Ada"].id,
            )
        ],
    )  # fmt: skip
    work.session.commit()
    send()
    assert notify_store.taken == [], "nor does what was written at that very moment leave"


@pytest.mark.parametrize(
    ("at", "leaves"),
    [
        ("2026-03-12T07:59:00+00:00", "2026-03-12T08:00:00+00:00"),
        ("2026-03-12T08:00:00+00:00", "2026-03-12T08:00:00+00:00"),
        ("2026-03-12T19:59:00+00:00", "2026-03-12T19:59:00+00:00"),
        ("2026-03-12T20:00:00+00:00", "2026-03-13T08:00:00+00:00"),
        ("2026-03-28T21:00:00+00:00", "2026-03-29T07:00:00+00:00"),
        ("2026-06-12T06:30:00+00:00", "2026-06-12T07:00:00+00:00"),
    ],
)
def test_phones_ring_by_day_only(at: str, leaves: str) -> None:
    assert by_day(datetime.fromisoformat(at)) == datetime.fromisoformat(leaves)


def test_texts_wait_until_the_council_sends_them_again(
    texted: Account, house: Portal, at_work: AtWork, village: Village, send: Send, messages: Messages, clock: Clock,
    monkeypatch: pytest.MonkeyPatch, notify_store: Store,
) -> None:  # fmt: skip
    write(at_work, village, "Hello")
    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(house, "settings", replace(house.settings, notify=NotifySettings()))
        send()
        (row,) = [one for one in messages() if one.topic == TEXT]
        assert (row.sent_at, row.last_problem) == (None, "No way to send texts")
    clock.at = row.next_try_at
    send()
    assert len(notify_store.taken) == 1


def test_a_text_that_waits_for_the_morning_is_no_message_that_waits_too_long(
    texted: Account, at_work: AtWork, village: Village, send: Send, messages: Messages, clock: Clock, work: Work
) -> None:
    clock.at = clock.at.replace(hour=21)
    write(at_work, village, "Hello")
    send()
    (row,) = [one for one in messages() if one.topic == TEXT]
    assert row.next_try_at == datetime(2026, 3, 13, 8, tzinfo=UTC)
    work.at = clock.at
    assert what_waits(work).unsent == 0
