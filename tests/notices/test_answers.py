"""What is written to families and advisers when they answer each other: one recipient each, no name and no word."""

from collections.abc import Callable
from datetime import date, time, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account, MailLink, Purpose
from ehe_portal.accounts.policy import Role
from ehe_portal.contact.events import (
    CheckInMissed,
    RecordCommented,
    VisitAgreed,
    VisitAnswered,
    VisitChanged,
    VisitOffered,
    VisitPlaceConfirmed,
    VisitRecorded,
    VisitWithdrawn,
)
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.invitations import Status
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
    "check-in-missed",
    "visit-agreed",
    "visit-answered",
    "visit-cancelled",
    "visit-changed",
    "visit-confirmed",
    "visit-entry",
    "visit-of-yours",
    "visit-place",
    "visit-recorded",
    "visit-times",
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
            parts = [part for part in letter.walk() if not part.is_multipart()]
            said = str(letter["Subject"]) + "".join(str(part.get_content()) for part in parts)
            assert not any(name in said for name in ("Ada", "Byrne", "Mill Lane", "Oz"))
            assert "," not in str(letter["To"])
        return list(mail_server.letters)

    return collect


@pytest.fixture
def about(village: Village) -> dict[str, Any]:
    return {"authority_id": village.authority.id, "child_id": village["Ada"].id}


def words(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    return " ".join(plain.get_content().split()) if plain else ""


def in_calendars(**about: Any) -> dict[str, Any]:
    """What an event about a visit says where it stands in calendars."""
    return {
        **about,
        "visit_id": 1,
        "reference": "7K2MXQ0R4T",
        "adviser_id": None,
        "kind": ContactKind.MEETING,
        "on_date": date(2026, 3, 20),
        "at_time": time(10),
        "minutes": 60,
        "status": Status.TENTATIVE,
        "round": 1,
        "choice": False,
        "stood": False,
    }


def to(letters: list[EmailMessage]) -> list[str]:
    return sorted(str(letter["To"]) for letter in letters)


def test_parents_hear_of_a_changed_offer_each_time(work: Work, village: Village, about: Any, post: Post) -> None:
    for number in (2, 3):
        changed = VisitChanged(**{**in_calendars(**about), "round": number})
        service.tell_visit_changed(work, [changed])
    letters = post()
    assert to(letters) == [village.parents["Ada"].email] * 2
    assert "20 March 2026" in words(letters[0])
    assert f"/family/children/{village['Ada'].reference}/visits" in words(letters[0])


def test_verified_parents_hear_of_a_withdrawn_offer(work: Work, village: Village, about: Any, post: Post) -> None:
    gone = VisitWithdrawn(**in_calendars(**about))
    service.tell_visit_withdrawn(work, [gone])
    (letter,) = post()
    assert letter["Subject"] == "An invitation has been taken back"


VISIT = in_calendars()
TIMES = {**VISIT, "status": Status.CANCELLED, "choice": True}


@pytest.mark.parametrize(
    ("tell", "event", "more", "subject"),
    [
        (service.tell_visit_offered, VisitOffered, TIMES, "with times to choose from"),
        (service.tell_visit_changed, VisitChanged, TIMES, "times to choose from"),
        (service.tell_visit_agreed, VisitAgreed, VISIT, "Agreed: 20 March 2026"),
        (service.tell_visit_place, VisitPlaceConfirmed, VISIT, "The place is confirmed"),
        (
            service.tell_visit_recorded,
            VisitRecorded,
            {"visit_id": 1, "on_date": date(2026, 3, 20), "contact_id": 7, "outcome": ContactOutcome.NO_ACCESS},
            "Our record of 20 March 2026",
        ),
        (service.tell_visit_answered, VisitAnswered, {**VISIT, "answer_id": 1, "answer": "accepted"}, "confirmed"),
        (service.tell_visit_answered, VisitAnswered, {**VISIT, "answer_id": 1, "answer": "cancelled"}, "cancelled"),
    ],
)
def test_parents_hear_of_each_step_once_for_all_their_children(
    work: Work, village: Village, about: Any, post: Post, tell: Any, event: Any, more: Any, subject: str
) -> None:
    bens = work.session.scalars(select(Parent).where(Parent.child_id == village["Ben"].id)).one()
    bens.account_id, bens.verified_at = village.parents["Ada"].id, work.at
    work.session.flush()
    tell(work, [event(**about, **more), event(**{**about, "child_id": village["Ben"].id}, **more)])
    (letter,) = post()
    assert letter["To"] == village.parents["Ada"].email
    assert subject in letter["Subject"]
    assert f"/family/children/{village['Ada'].reference}/" in words(letter)


@pytest.mark.parametrize("answer", ["another-time", "another-way", "declined"])
def test_an_answer_that_settles_nothing_is_for_the_adviser(work: Work, about: Any, post: Post, answer: str) -> None:
    """Parents hear of it only where it takes an entry out of their calendars."""
    gone = {**in_calendars(**about), "status": Status.CANCELLED}
    for number, stood in enumerate((False, True)):
        event = VisitAnswered(**{**gone, "stood": stood, "visit_id": number}, answer_id=number, answer=answer)
        service.tell_visit_answered(work, [event])
        assert len(post()) == int(stood)


def test_whoever_misses_a_colleague_is_told_what_to_do_and_nothing_of_a_child(
    work: Work, village: Village, post: Post
) -> None:
    manager = village.staff[Role.EHE_MANAGER]
    for rung in (1, 2):
        missed = CheckInMissed(
            authority_id=village.authority.id, visit_id=1, check_in_id=1, account_id=manager.id,
            reference="4T7K2MXQ0R", round=1, rung=rung,
        )  # fmt: skip
        service.tell_check_in_missed(work, [missed])
    first, second = post()
    assert (first["Subject"], second["Subject"]) == (
        "Not back yet: a colleague on a visit",
        "Still not back: a colleague on a visit",
    )
    assert "call 999" in words(first)
    assert "/check-ins/4T7K2MXQ0R" in words(first)
    assert "/children/" not in words(first)


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
    if event is VisitAnswered:
        numbers |= in_calendars()
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
    event = VisitAnswered(**in_calendars(**{**about, "child_id": child.id}), answer_id=1, answer="accepted")
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
