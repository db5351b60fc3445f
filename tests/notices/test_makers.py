"""What advisers hear of their visits: of what others do, by a message; of what they did themselves, the entry only."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import Visit, VisitReply
from ehe_portal.contact.service import Answer, Offer
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.work import Work
from ehe_portal.notices.service import uid_of
from ehe_portal.register import service as register
from ehe_portal.register.models import Child
from ehe_portal.register.rules.people import Place
from tests.notices.mailserver import MailServer
from tests.village import Village, an_account

OFFER = Offer(
    kind=ContactKind.HOME_VISIT, on_date=date(2026, 3, 20), at_time=time(10), place="3 Mill Lane", note="Hello Ada"
)
LATER = replace(OFFER, on_date=date(2026, 3, 24))
SEVERAL = replace(OFFER, or_at=((date(2026, 3, 24), time(14)),))
AtWork = Callable[[Account], Work]
Post = Callable[[], list[EmailMessage]]


@pytest.fixture
def post(mail_server: MailServer, work: Work, village: Village, send: Callable[[], Any]) -> Post:
    """Sends what waits, and gives what came to the adviser. No child is named in any of it, nor where one lives."""

    def collect() -> list[EmailMessage]:
        work.session.commit()
        mail_server.letters.clear()
        send()
        theirs = [one for one in mail_server.letters if str(one["To"]) == village.adviser.email]
        for letter in theirs:
            parts = [part for part in letter.walk() if not part.is_multipart()]
            said = str(letter["Subject"]) + "".join(str(part.get_content()) for part in parts)
            assert not any(name in said for name in ("Ada", "Byrne", "Ben", "Carter", "Cleo", "Mill", "Quay", "Hello"))
        return theirs

    return collect


def words(letter: EmailMessage) -> str:
    plain = letter.get_body(("plain",))
    return " ".join(plain.get_content().split()) if plain else ""


def calendar_in(letter: EmailMessage) -> Calendar | None:
    """The calendar that a mail carries, if any."""
    for part in letter.walk():
        if part.get_content_type() == "text/calendar":
            written = part.get_payload(decode=True)
            assert isinstance(written, bytes)
            calendar: Calendar = Calendar.from_ical(written)
            assert part.get_param("method") == calendar["METHOD"]
            return calendar
    return None


@pytest.fixture
def ada(village: Village, work: Work) -> Child:
    return work.session.get_one(Child, village["Ada"].id)


@pytest.fixture
def visit(at_work: AtWork, village: Village, ada: Child, post: Post) -> Visit:
    """A visit that the adviser has offered."""
    made = contact.offer_visit(at_work(village.adviser), ada, OFFER)
    post()
    return made


def change(work: Work, visit: Visit) -> None:
    contact.change_offer(work, visit, LATER, version=visit.version)


def to_several(work: Work, visit: Visit) -> None:
    contact.change_offer(work, visit, SEVERAL, version=visit.version)


def withdraw(work: Work, visit: Visit) -> None:
    contact.withdraw_offer(work, visit, "", version=visit.version)


def agree(work: Work, visit: Visit) -> None:
    slot = next(iter(contact_queries.suggestions(work, visit)))
    contact.agree_suggestion(work, visit, slot, version=visit.version)


def move_and_confirm(work: Work, visit: Visit) -> None:
    register.move(work, visit.child, Place("8 Quay Street, Poole", "BH15 1HJ"), work.today)
    contact.confirm_place(work, visit, None, version=visit.version)


DEEDS: list[tuple[Callable[[Work, Visit], None], str, str | None]] = [
    (change, "A visit of yours has been changed: 24 March 2026", "REQUEST"),
    (to_several, "A visit of yours has been changed", "CANCEL"),
    (withdraw, "A visit of yours has been cancelled: 20 March 2026", "CANCEL"),
    (agree, "The time of a visit of yours has been agreed: 23 March 2026", "REQUEST"),
    (move_and_confirm, "The place of a visit of yours has been confirmed: 20 March 2026", "REQUEST"),
]


@pytest.mark.parametrize(("deed", "subject", "method"), DEEDS)
def test_what_a_manager_does_with_an_advisers_visit_the_adviser_is_told(
    visit: Visit, village: Village, at_work: AtWork, post: Post, deed: Any, subject: str, method: str
) -> None:
    """Fails when a visit changes and whoever makes it learns of it by nothing but an entry, or by two messages."""
    if deed is agree:
        suggest(at_work, village, visit)
        post()
    deed(at_work(village.staff[Role.EHE_MANAGER]), visit)
    (letter,) = post()
    assert letter["Subject"] == subject
    assert "It was somebody else who did this." in words(letter)
    assert f"/children/{village['Ada'].reference}/offers/{visit.reference}" in words(letter)
    calendar = calendar_in(letter)
    assert calendar is not None
    assert calendar["METHOD"] == method
    assert [event["UID"] for event in calendar.walk("VEVENT")] == [uid_of(visit.reference)]


@pytest.mark.parametrize(("deed", "method"), [(deed, method) for deed, _, method in DEEDS])
def test_of_what_they_did_themselves_they_get_the_entry_at_most(
    visit: Visit, village: Village, at_work: AtWork, post: Post, deed: Any, method: str
) -> None:
    if deed is agree:
        suggest(at_work, village, visit)
        post()
    deed(at_work(village.adviser), visit)
    letters = post()
    assert len(letters) == (0 if deed is move_and_confirm else 1)
    for letter in letters:
        assert "somebody else" not in words(letter)
        assert str(letter["Subject"]).startswith(("A visit for your calendar", "A visit that no longer stands"))


def suggest(at_work: AtWork, village: Village, visit: Visit) -> None:
    """The family would rather have another day."""
    answer = Answer(reply=VisitReply.ANOTHER_TIME, suggested=((date(2026, 3, 23), time(11)),))
    contact.answer_offer(at_work(village.parents["Ada"]), visit, answer, version=visit.version)


def test_what_stands_in_no_calendar_is_told_all_the_same(
    village: Village, at_work: AtWork, post: Post, ada: Child
) -> None:
    """Several times are on offer: there is no entry that could say that they are others now."""
    made = contact.offer_visit(at_work(village.adviser), ada, SEVERAL)
    assert post() == []
    contact.change_offer(
        at_work(village.staff[Role.EHE_MANAGER]),
        made,
        replace(SEVERAL, or_at=((date(2026, 3, 25), time(9)),)),
        version=made.version,
    )
    (letter,) = post()
    assert letter["Subject"] == "A visit of yours has been changed"
    assert calendar_in(letter) is None


def test_a_visit_that_is_given_to_somebody_else_is_told_to_both(
    visit: Visit, village: Village, at_work: AtWork, post: Post, work: Work, mail_server: MailServer
) -> None:
    colleague = an_account(work, village.authority, Role.ADVISER, "second@wessex.example", "Second Adviser")
    manager = at_work(village.staff[Role.EHE_MANAGER])
    visits = contact_queries.visits_to_come_of(manager, village.adviser.id)
    contact.hand_over_visits(manager, village.authority.id, {colleague.id: visits})
    (letter,) = post()
    assert letter["Subject"] == "A visit of yours has been given to somebody else: 20 March 2026"
    (other,) = [one for one in mail_server.letters if str(one["To"]) == "second@wessex.example"]
    assert other["Subject"] == "A visit has been given to you to make: 20 March 2026"


def test_a_call_is_called_a_call(village: Village, at_work: AtWork, post: Post, ada: Child) -> None:
    call = replace(OFFER, kind=ContactKind.PHONE_CALL, place=None)
    made = contact.offer_visit(at_work(village.adviser), ada, call)
    post()
    withdraw(at_work(village.staff[Role.EHE_MANAGER]), made)
    assert [one["Subject"] for one in post()] == ["A call of yours has been cancelled: 20 March 2026"]


# Many at once


def offer_round(work: Work, village: Village) -> list[Visit]:
    """Three visits of one day, offered in one go, for the adviser to make."""
    offers = [
        (work.session.get_one(Child, village[name].id), replace(OFFER, note=None, at_time=time(hour)))
        for name, hour in (("Ada", 10), ("Ben", 11), ("Cleo", 14))
    ]
    return contact.offer_visits(work, offers, village.adviser.id)


@pytest.mark.parametrize(
    ("role", "said"),
    [(Role.ADVISER, "You have offered 3 visits in one go."), (Role.EHE_MANAGER, "Somebody else has offered 3 visits")],
)
def test_a_round_is_one_message_with_every_entry(
    village: Village, at_work: AtWork, post: Post, role: Role, said: str
) -> None:
    """Fails when whoever books a round of thirty gets thirty messages."""
    whose = village.adviser if role is Role.ADVISER else village.staff[role]
    visits = offer_round(at_work(whose), village)
    (letter,) = post()
    assert letter["Subject"] == "3 visits offered, the first on 20 March 2026"
    assert said in words(letter)
    calendar = calendar_in(letter)
    assert calendar is not None
    assert calendar["METHOD"] == "PUBLISH", "an invitation is of one thing only (RFC 5546)"
    events = calendar.walk("VEVENT")
    stands = {event["UID"]: event["SEQUENCE"] for event in events}
    assert stands == {uid_of(one.reference): one.version for one in visits}
    assert {str(event["ORGANIZER"]) for event in events} == {"mailto:home.education@wessex.invalid"}
    assert all(event.get("ATTENDEE") is None for event in events)
    for event, name in zip(events, ("Ada", "Ben", "Cleo"), strict=True):
        assert f"/children/{village[name].reference}/offers/" in str(event["DESCRIPTION"])


def test_one_of_a_round_changes_by_its_own_entry(village: Village, at_work: AtWork, post: Post) -> None:
    visits = offer_round(at_work(village.adviser), village)
    post()
    before = visits[1].version
    withdraw(at_work(village.adviser), visits[1])
    (letter,) = post()
    calendar = calendar_in(letter)
    assert calendar is not None
    (event,) = calendar.walk("VEVENT")
    assert (calendar["METHOD"], event["UID"]) == ("CANCEL", uid_of(visits[1].reference))
    assert int(str(event["SEQUENCE"])) > before
