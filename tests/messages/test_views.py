"""Messages in a browser: who may open whose, what is kept as typed, what is marked as read, who is mailed."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.accounts.service import HASHER
from ehe_portal.audit.models import AccessEntry
from ehe_portal.core.codes import Destination
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.messages.models import Message, MessageReading
from ehe_portal.messages.rules import MOST_A_DAY
from tests.accounts.conftest import PASSWORD
from tests.conftest import Clock
from tests.messages.conftest import CANARY, Write, contact_of, mails, thread_of
from tests.pages import LintingClient, form_of, tree_of, words_of
from tests.village import Village, an_account

ClientAs = Callable[[Account | None], LintingClient]


def ours(village: Village) -> str:
    return f"/family/children/{village['Ada'].reference}/messages"


def theirs(village: Village, parent: Account | None = None) -> str:
    reference = (parent or village.parents["Ada"]).reference
    return f"/children/{village['Ada'].reference}/messages/with/{reference}"


def read(client: LintingClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return words_of(tree_of(response.get_data(as_text=True)))


def all_messages(work: Work) -> list[Message]:
    return list(work.session.scalars(select(Message).order_by(Message.id)))


# Who may open what


def test_a_parent_reads_and_writes_their_own(work: Work, village: Village, client_as: ClientAs) -> None:
    client = client_as(village.parents["Ada"])
    assert "Nothing has been written yet" in read(client, ours(village))
    typed = "  One line.\r\n\r\n    - a list\r\n    - with <b>blanks</b>\r\n"
    answer = client.submit(ours(village), {"words": typed})
    assert (answer.status_code, answer.location) == (302, ours(village))
    page = client.get(ours(village)).text
    assert "Your message has been sent" in page
    assert "One line.\n\n    - a list\n    - with &lt;b&gt;blanks&lt;/b&gt;</div>" in page
    assert "Not read yet" in page
    (message,) = all_messages(work)
    assert "One line.\n\n    - a list" in message.words


def test_the_other_parent_sees_nothing_of_it(
    village: Village, client_as: ClientAs, other_parent: Account, family_writes: Write, council_writes: Write
) -> None:
    family_writes()
    council_writes("An answer about the kayak")
    words = read(client_as(other_parent), ours(village))
    for hidden in ("kayak", village.parents["Ada"].name, "An answer"):
        assert hidden not in words
    assert "Nothing has been written yet" in words


def test_a_parent_who_is_not_verified_and_another_family_find_nothing(
    work: Work, village: Village, client_as: ClientAs, other_parent: Account, family_writes: Write
) -> None:
    family_writes(by=other_parent)
    for parent in village["Ada"].parents:
        if parent.account_id == other_parent.id:
            parent.verified_at = None
    work.session.flush()
    for account in (other_parent, village.parents["Zoe"]):
        client = client_as(account)
        assert client.get(ours(village)).status_code == 404
        page = client.get("/family").text
        token = form_of(page, "Sign out")[1]["csrf_token"]
        sent = client.post(ours(village), data={"csrf_token": token, "words": CANARY})
        assert sent.status_code == 404
    assert len(all_messages(work)) == 1


def test_staff_of_another_authority_find_nothing(village: Village, client_as: ClientAs, family_writes: Write) -> None:
    message = family_writes()
    client = client_as(village.stranger[Role.ADVISER])
    whole = f"/children/{village['Ada'].reference}/messages"
    for url in (whole, theirs(village), f"{theirs(village)}/write", f"{whole}/{message.reference}"):
        assert client.get(url).status_code == 404, url


def test_a_parent_of_another_child_is_no_correspondent(
    work: Work, village: Village, client_as: ClientAs, family_writes: Write
) -> None:
    family_writes()
    neighbour = an_account(work, village.authority, Role.PARENT, "next.door@wessex.example", "Nia Next")
    client = client_as(village.adviser)
    for account in (neighbour, village.parents["Zoe"], village.adviser, village.cme_officer):
        assert client.get(theirs(village, account)).status_code == 404
    leads = client.get(f"/children/{village['Ada'].reference}/messages")
    assert leads.location == theirs(village)


def test_only_those_who_need_to_may_read_what_families_write() -> None:
    readers = {role for role in Role if Permission.MESSAGES_READ in GRANTS[role]}
    writers = {role for role in Role if Permission.MESSAGES_WRITE in GRANTS[role]}
    assert readers == {Role.ADVISER, Role.EHE_MANAGER, Role.HEAD_OF_SERVICE}
    assert writers == {Role.ADVISER, Role.EHE_MANAGER}


def test_whoever_may_only_read_has_no_form(village: Village, client_as: ClientAs, family_writes: Write) -> None:
    family_writes()
    client = client_as(village.staff[Role.HEAD_OF_SERVICE])
    words = read(client, theirs(village))
    assert CANARY in words
    for button in ("Send message", "No answer needed", "Say whether it is about education"):
        assert button not in words
    assert client.get(f"{theirs(village)}/write").status_code == 403


# Writing


def test_an_officer_reads_answers_and_confirms(
    work: Work, village: Village, client_as: ClientAs, family_writes: Write
) -> None:
    message = family_writes()
    client = client_as(village.adviser)
    leads = client.get(f"/children/{village['Ada'].reference}/messages")
    assert leads.location == theirs(village), "with one parent the page is at once theirs"
    page = client.get(theirs(village)).text
    assert "Waits for an answer" in page
    confirm = f"/children/{village['Ada'].reference}/contact/{message.reference}/confirm"
    assert f'href="{confirm}"' in page
    assert f"/messages/{message.reference}" in client.get(confirm).text
    assert client.submit(confirm, {"substantive": "yes"}).status_code == 302
    client.submit(theirs(village), {"words": "Thank you for that"}, button="Send message")
    words = read(client, theirs(village))
    assert "It tells about the education: it counts as contact" in words
    assert "Waits for an answer" not in words
    assert "Thank you for that" in words
    family = read(client_as(village.parents["Ada"]), ours(village))
    assert "it counts as contact from the day it came" in family
    assert f"Read by {village.adviser.name}, 12 March 2026, midday" in family


def test_a_mail_leads_to_the_message_where_it_stands(
    village: Village, client_as: ClientAs, family_writes: Write
) -> None:
    message = family_writes()
    found = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/messages/{message.reference}")
    assert found.location == f"{theirs(village)}#message-{message.reference}"


def test_of_two_parents_an_officer_chooses(
    village: Village, client_as: ClientAs, other_parent: Account, family_writes: Write
) -> None:
    family_writes()
    client = client_as(village.adviser)
    words = read(client, f"/children/{village['Ada'].reference}/messages")
    assert f"{village.parents['Ada'].name} Waits for an answer" in words
    assert "Ola Byrne nothing written yet" in words
    client.submit(theirs(village, other_parent), {"words": "A word to Ola"}, button="Send message")
    assert "A word to Ola" not in read(client_as(village.parents["Ada"]), ours(village))
    assert "A word to Ola" in read(client_as(other_parent), ours(village))


def test_a_child_without_a_parents_account_says_so(village: Village, client_as: ClientAs) -> None:
    words = read(client_as(village.adviser), f"/children/{village['Ben'].reference}/messages")
    assert "No parent of this child has an account here yet" in words


def test_no_answer_needed_takes_it_off_the_list(
    work: Work, village: Village, client_as: ClientAs, family_writes: Write
) -> None:
    family_writes("Thank you!")
    client = client_as(village.adviser)
    page = client.get(theirs(village)).text
    action, fields = form_of(page, "No answer needed")
    family_writes("But when?")
    client.post(action, data=fields)
    assert "something new was written while you were reading" in read(client, theirs(village))
    action, fields = form_of(client.get(theirs(village)).text, "No answer needed")
    assert client.post(action, data=fields).location == theirs(village)
    assert thread_of(work, village.parents["Ada"]).waiting_since is None


@pytest.mark.parametrize("by_family", [True, False])
def test_a_double_press_sends_one_message_and_one_mail(
    work: Work, village: Village, client_as: ClientAs, by_family: bool
) -> None:
    client = client_as(village.parents["Ada"] if by_family else village.adviser)
    url = ours(village) if by_family else theirs(village)
    action, fields = form_of(client.get(url).text, "Send message")
    answers = [client.post(action or url, data={**fields, "words": CANARY}) for _ in range(2)]
    assert [answer.location for answer in answers] == [url, url]
    assert [one.words for one in all_messages(work)] == [CANARY]
    assert len(mails(work)) == 1
    assert contact_of(work, all_messages(work)[0]).message_id == all_messages(work)[0].id


def test_what_was_typed_is_kept_where_it_cannot_be_sent(
    village: Village, client_as: ClientAs, family_writes: Write
) -> None:
    client = client_as(village.parents["Ada"])
    long = "Much to say. " * 1000
    page = client.submit(ours(village), {"words": long}).text
    assert "Enter 10,000 characters or fewer" in page
    assert form_of(page, "Send message")[1]["words"].strip() == long.strip()
    for _ in range(MOST_A_DAY):
        family_writes("Again")
    page = client.submit(ours(village), {"words": "One too many"}).text
    assert "Choose another time to send this: you have sent 20 messages within a day" in page
    assert form_of(page, "Send message")[1]["words"].strip() == "One too many"


def test_an_ended_episode_leaves_no_place_to_write(
    work: Work, village: Village, client_as: ClientAs, family_writes: Write
) -> None:
    family_writes()
    episode = village["Ada"].episode
    assert episode is not None
    episode.closed_on, episode.destination = work.today, Destination.SCHOOL
    work.session.flush()
    for account, url in ((village.parents["Ada"], ours(village)), (village.adviser, theirs(village))):
        words = read(client_as(account), url)
        assert CANARY in words
        assert "Send message" not in words


@pytest.mark.parametrize("by_family", [True, False])
def test_words_of_a_sitting_that_had_ended_come_back(
    app: Flask, work: Work, village: Village, clock: Clock, by_family: bool
) -> None:
    """Nothing is sent, nothing is lost: after signing in again the words stand where they were typed."""
    account = village.parents["Ada"] if by_family else village.adviser
    account.password_hash = HASHER.hash(PASSWORD)
    work.session.flush()
    browser = LintingClient(app, TestResponse)
    browser.submit("/sign-in", {"email": account.email, "password": PASSWORD})
    url = ours(village) if by_family else theirs(village)
    action, fields = form_of(browser.get(url).text, "Send message")
    clock.at += timedelta(minutes=61)
    away = browser.post(action or url, data={**fields, "words": CANARY})
    assert away.location.startswith("/sign-in?next=")
    assert all_messages(work) == []
    back = browser.submit(away.location, {"email": account.email, "password": PASSWORD}).location
    page = browser.get(back).text
    assert "We kept what you typed" in page
    assert form_of(page, "Send message")[1]["words"].strip() == CANARY
    action, fields = form_of(page, "Send message")
    assert browser.post(action or back, data=fields).location == url
    assert [one.words for one in all_messages(work)] == [CANARY]


# Reading


def test_opening_the_page_marks_what_the_other_side_wrote(
    work: Work, village: Village, client_as: ClientAs, family_writes: Write, council_writes: Write
) -> None:
    from_family, from_council = family_writes(), council_writes()
    for account, url in ((village.adviser, theirs(village)), (village.parents["Ada"], ours(village))):
        client = client_as(account)
        client.get(url)
        client.get(url)
    found = work.session.execute(select(MessageReading.message_id, MessageReading.account_id)).all()
    assert sorted(tuple(one) for one in found) == sorted(
        [(from_family.id, village.adviser.id), (from_council.id, village.parents["Ada"].id)]
    )


def test_an_officers_look_is_in_the_access_log(
    work: Work, village: Village, client_as: ClientAs, family_writes: Write
) -> None:
    family_writes()
    client_as(village.adviser).get(theirs(village))
    entry = work.session.scalars(select(AccessEntry)).one()
    assert (entry.what, entry.child_id, entry.account_id) == ("messages", village["Ada"].id, village.adviser.id)


def test_no_words_of_a_message_leave_its_page(
    app: Flask, work: Work, village: Village, client_as: ClientAs, caplog: pytest.LogCaptureFixture
) -> None:
    """Not in a log, an address, a mail, the chronology, the trail, nor on pages about contact."""
    caplog.set_level(logging.DEBUG)
    client = client_as(village.parents["Ada"])
    answer = client.submit(ours(village), {"words": CANARY})
    client.submit(ours(village), {"words": CANARY * 1000})
    assert "kayak" not in caplog.text + str(answer.headers)
    adviser = client_as(village.adviser)
    child = f"/children/{village['Ada'].reference}"
    for url in (child, f"{child}/chronology", f"{child}/contact", "/my-day"):
        assert "kayak" not in adviser.get(url).text
    assert "Message from a parent" in adviser.get(f"{child}/chronology").text
    assert "kayak" not in client_as(village.staff[Role.AUDITOR]).get("/audit").text
    for mail in work.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id)):
        assert "kayak" not in f"{mail.context}{mail.idempotency_key}{mail.template}{mail.last_problem}"
