"""What is written to families and advisers when they answer each other: one recipient each, no name and no word."""

from collections.abc import Callable
from datetime import date, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from ehe_portal.accounts.models import Account, MailLink, Purpose
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.events import RecordCommented, VisitAnswered, VisitChanged, VisitWithdrawn
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.work import Work
from ehe_portal.notices import service
from ehe_portal.register.events import (
    ChangeDecided,
    ChangeReported,
    InvitationAnswered,
    ParentAccessEnded,
    ParentInvited,
    ParentVerified,
)
from ehe_portal.register.models import AccessState, Parent, ParentAccess
from tests.notices.mailserver import MailServer
from tests.village import Village, an_account

SEEN_AMONG_ANSWERS = {
    "access-ended",
    "change-decided",
    "from-family",
    "parent-invited",
    "parent-verified",
    "visit-changed",
    "visit-withdrawn",
}
Post = Callable[[], list[EmailMessage]]


@pytest.fixture
def post(mail_server: MailServer, work: Work, send: Callable[[], Any]) -> Post:
    """Sends what waits, and gives what has arrived since the last time. Nobody's name is in any of it."""

    def collect() -> list[EmailMessage]:
        work.session.commit()
        mail_server.letters.clear()
        send()
        for letter in mail_server.letters:
            said = str(letter["Subject"]) + letter.get_content()
            assert not any(name in said for name in ("Ada", "Byrne", "Mill Lane", "Oz"))
            assert "," not in str(letter["To"])
        return list(mail_server.letters)

    return collect


@pytest.fixture
def about(village: Village) -> dict[str, Any]:
    return {"authority_id": village.authority.id, "child_id": village["Ada"].id}


def words(letter: EmailMessage) -> str:
    return " ".join(letter.get_content().split())


def to(letters: list[EmailMessage]) -> list[str]:
    return sorted(str(letter["To"]) for letter in letters)


def test_parents_hear_of_a_changed_offer_each_time(work: Work, village: Village, about: Any, post: Post) -> None:
    for number in (2, 3):
        changed = VisitChanged(**about, visit_id=1, on_date=date(2026, 3, 20), kind=ContactKind.MEETING, round=number)
        service.tell_visit_changed(work, [changed])
    letters = post()
    assert to(letters) == [village.parents["Ada"].email] * 2
    assert "20 March 2026" in words(letters[0])
    assert f"/family/children/{village['Ada'].reference}/visits" in words(letters[0])


def test_verified_parents_hear_of_a_withdrawn_offer(work: Work, village: Village, about: Any, post: Post) -> None:
    gone = VisitWithdrawn(**about, visit_id=1, on_date=date(2026, 3, 20), kind=ContactKind.MEETING)
    service.tell_visit_withdrawn(work, [gone])
    (letter,) = post()
    assert letter["Subject"] == "An invitation has been taken back"


@pytest.mark.parametrize(
    ("tell", "event", "subject", "page"),
    [
        (service.tell_answered, VisitAnswered, "A family has answered an offer", "contact"),
        (service.tell_commented, RecordCommented, "A parent has commented on a record", "contact"),
        (service.tell_change_reported, ChangeReported, "A family has told us of a change", "changes"),
        (service.tell_invitation_answered, InvitationAnswered, "An invitation to a parent has been answered", "access"),
    ],
)
def test_the_adviser_hears_from_a_family(
    work: Work, village: Village, about: Any, post: Post, tell: Any, event: Any, subject: str, page: str
) -> None:
    numbers = {name: 1 for name in event.__dataclass_fields__ if name not in ("authority_id", "child_id")}
    tell(work, [event(**about, **numbers)])
    (letter,) = post()
    assert (letter["To"], letter["Subject"]) == (village.adviser.email, subject)
    assert f"/children/{village['Ada'].reference}/{page}" in words(letter)


@pytest.mark.parametrize("why", ["away", "nobody"])
def test_without_an_adviser_the_managers_hear(work: Work, village: Village, about: Any, post: Post, why: str) -> None:
    if why == "away":
        village.adviser.away_from = work.today
        work.session.flush()
    child = village["Ada"] if why == "away" else village["Ivo"]
    event = VisitAnswered(**{**about, "child_id": child.id}, visit_id=1, answer_id=1, answer="accepted")
    service.tell_answered(work, [event])
    assert to(post()) == [village.staff[Role.EHE_MANAGER].email]


def test_only_who_told_hears_what_became_of_it(work: Work, village: Village, about: Any, post: Post) -> None:
    account = an_account(work, village.authority, Role.PARENT, "second@home.example", "Second")
    parent = Parent(**about, position=2, name="Second", account_id=account.id, verified_at=work.at)
    work.session.add(parent)
    work.session.flush()
    decided = ChangeDecided(**about, change_id=1, account_id=account.id, kind="address", state="taken-up")
    service.tell_change_decided(work, [decided])
    assert to(post()) == ["second@home.example"]


def test_a_parent_hears_that_the_page_is_open_and_that_it_is_closed(
    work: Work, village: Village, about: Any, post: Post
) -> None:
    account: Account = village.parents["Ada"]
    service.tell_parent_verified(work, [ParentVerified(**about, access_id=1, account_id=account.id)])
    service.tell_access_ended(work, [ParentAccessEnded(**about, access_id=1, account_id=account.id)])
    service.tell_access_ended(work, [ParentAccessEnded(**about, access_id=2, account_id=None)])
    letters = post()
    assert to(letters) == [account.email] * 2
    assert {str(letter["Subject"]) for letter in letters} == {
        "You can see the page now",
        "A page is no longer open to you",
    }


@pytest.mark.parametrize("has_account", [True, False])
def test_an_invitation_carries_the_way_in(
    work: Work, village: Village, about: Any, post: Post, has_account: bool
) -> None:
    parent = Parent(**about, position=2, name="Oz Byrne", email="oz@home.example")
    work.session.add(parent)
    work.session.flush()
    access = ParentAccess(
        authority_id=village.authority.id,
        parent_id=parent.id,
        email="oz@home.example",
        state=AccessState.INVITED,
        begun_at=work.at,
        begun_by_id=None,
    )
    link = MailLink(
        authority_id=village.authority.id,
        email="oz@home.example",
        purpose=Purpose.INVITATION,
        expires_at=work.at + timedelta(days=7),
    )
    work.session.add_all([access, link])
    work.session.flush()
    link_id = None if has_account else link.id
    service.invite_parent(work, [ParentInvited(**about, access_id=access.id, link_id=link_id)])
    (letter,) = post()
    assert letter["To"] == "oz@home.example"
    assert ("/link/" in words(letter)) is not has_account
    assert ("/family" in words(letter)) is has_account
