"""Mails of reminders: to each parent by themselves, to advisers, and of many at once in one."""

from collections.abc import Callable
from datetime import date
from email.message import EmailMessage
from typing import Any

import pytest

from ehe_portal.accounts.policy import Role
from ehe_portal.contact.events import ContactReminded
from ehe_portal.contact.rules import Reminder
from ehe_portal.core.codes import ContactWay
from ehe_portal.core.work import Work
from ehe_portal.notices import service
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register.models import Parent
from tests.notices.mailserver import MailServer
from tests.village import Village, an_account

Post = Callable[[], list[EmailMessage]]
SEEN_AMONG_REMINDERS = {
    "contact-soon",
    "contact-passed",
    "adviser-contact-soon",
    "adviser-contact-passed",
    "remind-by-phone",
    "remind-in-person",
    "contacts-due",
}


@pytest.fixture
def post(mail_server: MailServer, work: Work, send: Callable[[], Any]) -> Post:
    """Sends what waits, and gives what has arrived. No child is named in any of it."""

    def collect() -> list[EmailMessage]:
        work.session.commit()
        mail_server.letters.clear()
        send()
        for letter in mail_server.letters:
            said = str(letter["Subject"]) + letter.get_content()
            assert not any(name in said for name in ("Ada", "Byrne", "Cleo", "Dunn"))
            assert "," not in str(letter["To"])
        return list(mail_server.letters)

    return collect


def reminded(village: Village, kind: Reminder, way: ContactWay | None = None, child: str = "Ada") -> ContactReminded:
    episode = village[child].episode
    assert episode is not None
    return ContactReminded(
        authority_id=village.authority.id,
        child_id=village[child].id,
        episode_id=episode.id,
        kind=kind,
        by_on=date(2026, 12, 1),
        way=way,
    )


def words(letter: EmailMessage) -> str:
    return " ".join(letter.get_content().split())


def test_each_verified_parent_is_reminded_by_themselves(work: Work, village: Village, post: Post) -> None:
    account = an_account(work, village.authority, Role.PARENT, "second@home.example", "Second")
    about: dict[str, Any] = {"authority_id": village.authority.id, "child_id": village["Ada"].id}
    work.session.add_all(
        [
            Parent(**about, position=2, name="Second", account_id=account.id, verified_at=work.at),
            Parent(**about, position=3, name="Third", email="third@home.example"),  # not verified
        ]
    )
    work.session.flush()
    service.remind(work, [reminded(village, Reminder.FAMILY_FIRST), reminded(village, Reminder.FAMILY_AGAIN)])
    letters = post()
    both = [village.parents["Ada"].email, "second@home.example"]
    assert sorted(str(one["To"]) for one in letters) == sorted(both * 2)
    assert {str(one["Subject"]) for one in letters} == {"We would like to hear from you by 1 December 2026"}
    assert f"/family/children/{village['Ada'].reference}" in words(letters[0])
    assert "must" not in words(letters[0])


def test_once_the_day_has_passed_it_is_said_kindly(work: Work, village: Village, post: Post) -> None:
    service.remind(work, [reminded(village, Reminder.FAMILY_AFTER)])
    (letter,) = post()
    assert letter["Subject"] == "We would still be glad to hear from you"
    assert "1 December 2026" in words(letter)


@pytest.mark.parametrize(
    ("kind", "way", "subject"),
    [
        (Reminder.ADVISER_BEFORE, None, "A contact falls due on 1 December 2026"),
        (Reminder.ADVISER_DUE, None, "A contact falls due on 1 December 2026"),
        (Reminder.ADVISER_AFTER, None, "A contact was due on 1 December 2026"),
        (Reminder.FAMILY_FIRST, ContactWay.PHONE, "Please remind a family by phone or video call"),
        (Reminder.FAMILY_AFTER, ContactWay.MEETING, "Please remind a family in person"),
    ],
)
def test_the_adviser_is_reminded(
    work: Work, village: Village, post: Post, kind: Reminder, way: ContactWay | None, subject: str
) -> None:
    service.remind(work, [reminded(village, kind, way)])
    (letter,) = post()
    assert (letter["To"], letter["Subject"]) == (village.adviser.email, subject)
    assert f"/children/{village['Ada'].reference}" in words(letter)


def test_while_the_adviser_is_away_the_managers_are_reminded(work: Work, village: Village, post: Post) -> None:
    village.adviser.away_from = work.today
    work.session.flush()
    service.remind(work, [reminded(village, Reminder.ADVISER_DUE)])
    assert [str(one["To"]) for one in post()] == [village.staff[Role.EHE_MANAGER].email]


def test_while_nobody_is_here_a_reminder_waits_for_all_of_them(work: Work, village: Village, post: Post) -> None:
    village.adviser.away_from = village.staff[Role.EHE_MANAGER].away_from = work.today
    work.session.flush()
    service.remind(work, [reminded(village, Reminder.ADVISER_DUE)])
    told = {village.adviser.email, village.staff[Role.EHE_MANAGER].email}
    assert {str(one["To"]) for one in post()} == told


def test_many_at_once_are_one_message(work: Work, village: Village, post: Post) -> None:
    set_values(work, village.authority.id, PolicyValues(backlog_digest_over=1), work.today)
    both = [reminded(village, Reminder.ADVISER_DUE), reminded(village, Reminder.ADVISER_AFTER, child="Cleo")]
    service.remind(work, both)
    (letter,) = post()
    assert letter["Subject"] == "Contact is due with 2 children"
    assert "/my-day" in words(letter)
