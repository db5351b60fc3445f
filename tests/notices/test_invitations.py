"""Entries for people's own calendars, in real mails: one entry, its sequence rising, gone when the visit is."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, time
from email.message import EmailMessage
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import OtherWay, Visit, VisitReply
from ehe_portal.contact.service import Answer, Offer
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, HouseholdLink, HouseholdVerdict, Parent
from tests.notices.conftest import Post
from tests.village import Village, an_account

OFFER = Offer(
    kind=ContactKind.HOME_VISIT, on_date=date(2026, 3, 20), at_time=time(10), place="3 Mill Lane", note="Hello Ada"
)


def calendar_of(letter: EmailMessage) -> tuple[Any, Any]:
    """The calendar part of a mail, and its event."""
    (part,) = [part for part in letter.walk() if part.get_content_type() == "text/calendar"]
    written = part.get_payload(decode=True)
    assert isinstance(written, bytes)
    calendar = Calendar.from_ical(written)
    assert part.get_param("method") == calendar["METHOD"]
    (event,) = calendar.walk("VEVENT")
    return calendar, event


def told(letter: EmailMessage) -> tuple[str, str, int]:
    """How a mail's entry stands: the method, the status and the sequence."""
    calendar, event = calendar_of(letter)
    return str(calendar["METHOD"]), str(event["STATUS"]), int(event["SEQUENCE"])


@pytest.fixture
def offered(at_work: Callable[[Account], Work], village: Village) -> Visit:
    work = at_work(village.adviser)
    return contact.offer_visit(work, work.session.get_one(Child, village["Ada"].id), OFFER)


def seen(work: Work, village: Village, visit: Visit) -> Visit:
    found = contact_queries.visible_visit(work, village["Ada"].reference, visit.reference)
    assert found is not None
    return found


def answer(work: Work, village: Village, visit: Visit, reply: VisitReply, **more: Any) -> None:
    found = seen(work, village, visit)
    contact.answer_offer(work, found, Answer(reply=reply, **more), version=found.version)


def test_an_offer_puts_an_entry_into_the_familys_and_the_advisers_calendar(
    village: Village, offered: Visit, post: Post
) -> None:
    letters = post()
    parent, adviser = village.parents["Ada"].email, village.adviser.email
    assert set(letters) == {parent, adviser}
    for whose in (parent, adviser):
        (letter,) = letters[whose]
        calendar, event = calendar_of(letter)
        assert [str(calendar["METHOD"]), str(event["STATUS"])] == ["REQUEST", "TENTATIVE"]
        assert event["UID"] == f"visit-{offered.reference.lower()}@127.0.0.1"
        assert event["ATTENDEE"] == f"mailto:{whose}"
        assert event["ORGANIZER"] == "mailto:home.education@wessex.invalid"
        assert event.decoded("DTSTART").isoformat() == "2026-03-20T10:00:00+00:00"
    _, family = calendar_of(letters[parent][0])
    _, own = calendar_of(letters[adviser][0])
    assert f"/family/children/{village['Ada'].reference}/visits" in family["DESCRIPTION"]
    assert f"/children/{village['Ada'].reference}/offers/{offered.reference}" in own["DESCRIPTION"]


def test_no_entry_names_a_child_or_says_an_address_or_a_word(village: Village, offered: Visit, post: Post) -> None:
    """Fails when an event, a message or an entry begins to carry a name, a place or what somebody wrote."""
    for letter in (one for letters in post().values() for one in letters):
        parts = [part for part in letter.walk() if not part.is_multipart()]
        said = str(letter["Subject"]) + "".join(str(part.get_content()) for part in parts)
        _, event = calendar_of(letter)
        said += str(event.to_ical())
        for word in ("Ada", "Byrne", "Mill", "BH16", "Hello"):
            assert word not in said, word


def test_words_and_entry_are_alternatives_as_calendars_expect(village: Village, offered: Visit, post: Post) -> None:
    (letter,) = post()[village.parents["Ada"].email]
    (both,) = [part for part in letter.walk() if part.get_content_type() == "multipart/alternative"]
    kinds = [part.get_content_type() for part in both.iter_parts()]
    assert kinds == ["text/plain", "text/calendar"]
    body = letter.get_body(("plain",))
    assert body is not None
    assert "It is an invitation." in body.get_content()


def test_a_change_is_the_same_entry_with_a_higher_sequence(
    village: Village, offered: Visit, post: Post, at_work: Callable[[Account], Work]
) -> None:
    parent = village.parents["Ada"].email
    _, before = calendar_of(post()[parent][0])
    work = at_work(village.adviser)
    found = seen(work, village, offered)
    new = Offer(kind=ContactKind.HOME_VISIT, on_date=date(2026, 3, 30), at_time=time(14), minutes=45)
    contact.change_offer(work, found, new, version=found.version)
    letters = post()
    for whose in (parent, village.adviser.email):
        (letter,) = letters[whose]
        calendar, after = calendar_of(letter)
        assert calendar["METHOD"] == "REQUEST"
        assert after["UID"] == before["UID"]
        assert after["SEQUENCE"] > before["SEQUENCE"]
        assert after.decoded("DTSTART").isoformat() == "2026-03-30T14:00:00+01:00"  # summer time by then


def test_what_is_withdrawn_is_cancelled_everywhere(
    village: Village, offered: Visit, post: Post, at_work: Callable[[Account], Work]
) -> None:
    post()
    work = at_work(village.adviser)
    found = seen(work, village, offered)
    contact.withdraw_offer(work, found, "I am sorry", version=found.version)
    letters = post()
    assert {whose: told(*theirs) for whose, theirs in letters.items()} == {
        village.parents["Ada"].email: ("CANCEL", "CANCELLED", 2),
        village.adviser.email: ("CANCEL", "CANCELLED", 2),
    }


@pytest.mark.parametrize(
    ("reply", "more", "method", "status"),
    [
        (VisitReply.ACCEPTED, {}, "REQUEST", "CONFIRMED"),
        (VisitReply.DECLINED, {}, "CANCEL", "CANCELLED"),
        (VisitReply.ANOTHER_TIME, {"words": "Any Tuesday"}, "CANCEL", "CANCELLED"),
        (VisitReply.ANOTHER_WAY, {"way": OtherWay.WRITING}, "CANCEL", "CANCELLED"),
    ],
)
def test_an_answer_brings_both_calendars_up_to_date(
    village: Village, offered: Visit, post: Post, at_work: Callable[[Account], Work], reply: VisitReply,
    more: dict[str, Any], method: str, status: str
) -> None:  # fmt: skip
    post()
    answer(at_work(village.parents["Ada"]), village, offered, reply, **more)
    letters = post()
    for whose in (village.parents["Ada"].email, village.adviser.email):
        (letter,) = letters[whose]  # one mail to each: the entry comes with the one that goes anyhow
        assert told(letter)[:2] == (method, status)
    assert letters[village.adviser.email][0]["Subject"] == "A family has answered an offer"


def test_after_another_time_was_asked_for_a_new_offer_stands_again(
    village: Village, offered: Visit, post: Post, at_work: Callable[[Account], Work]
) -> None:
    answer(at_work(village.parents["Ada"]), village, offered, VisitReply.ANOTHER_TIME, words="Later")
    (gone,) = [told(one) for one in post()[village.parents["Ada"].email][1:]]
    work = at_work(village.adviser)
    found = seen(work, village, offered)
    contact.change_offer(work, found, OFFER, version=found.version)
    (again,) = [told(one) for one in post()[village.parents["Ada"].email]]
    assert (gone[0], again[0]) == ("CANCEL", "REQUEST")
    assert again[2] > gone[2]


def test_whoever_makes_the_visit_gets_the_entry_even_where_a_manager_hears_of_the_answer(
    village: Village, offered: Visit, post: Post, at_work: Callable[[Account], Work], work: Work
) -> None:
    post()
    village.adviser.away_from = work.today
    work.session.flush()
    answer(at_work(village.parents["Ada"]), village, offered, VisitReply.ACCEPTED)
    letters = post()
    assert told(*letters[village.adviser.email])[1] == "CONFIRMED"
    (heard,) = letters[village.staff[Role.EHE_MANAGER].email]
    assert "text/calendar" not in [part.get_content_type() for part in heard.walk()]


def test_a_visit_that_is_handed_over_moves_to_another_calendar(
    village: Village, offered: Visit, post: Post, work: Work
) -> None:
    post()
    colleague = an_account(work, village.authority, Role.ADVISER, "second@wessex.example", "Second Adviser")
    visits = contact_queries.visits_to_come_of(work, village.adviser.id)
    contact.hand_over_visits(work, village.authority.id, {colleague.id: visits})
    letters = post()
    assert told(*letters[village.adviser.email])[0] == "CANCEL"
    assert told(*letters[colleague.email])[0] == "REQUEST"
    _, gone = calendar_of(*letters[village.adviser.email])
    _, new = calendar_of(*letters[colleague.email])
    assert gone["UID"] == new["UID"]


def test_the_entry_is_as_it_stood_however_late_the_mail_leaves(
    village: Village, offered: Visit, post: Post, at_work: Callable[[Account], Work]
) -> None:
    work = at_work(village.adviser)
    found = seen(work, village, offered)
    contact.withdraw_offer(work, found, "", version=found.version)
    stood = sorted(told(letter) for letter in post()[village.parents["Ada"].email])
    assert stood == [("CANCEL", "CANCELLED", 2), ("REQUEST", "TENTATIVE", 1)]


# Several times, several children


SEVERAL = replace(OFFER, or_at=((date(2026, 3, 24), time(14)), (date(2026, 3, 26), time(9, 30))))


def entries(letters: dict[str, list[EmailMessage]]) -> dict[str, list[tuple[str, str, int]]]:
    """The entries of mails, by whom they went to."""
    return {
        whose: [told(one) for one in theirs if "text/calendar" in [part.get_content_type() for part in one.walk()]]
        for whose, theirs in letters.items()
    }


@pytest.fixture
def to_choose(at_work: Callable[[Account], Work], village: Village) -> Visit:
    work = at_work(village.adviser)
    return contact.offer_visit(work, work.session.get_one(Child, village["Ada"].id), SEVERAL)


def test_what_is_still_to_be_chosen_stands_in_no_calendar_until_it_is(
    village: Village, to_choose: Visit, post: Post, at_work: Callable[[Account], Work]
) -> None:
    parent, adviser = village.parents["Ada"].email, village.adviser.email
    assert entries(post()) == {parent: []}
    answer(at_work(village.parents["Ada"]), village, to_choose, VisitReply.ACCEPTED, picked=SEVERAL.or_at[0])
    letters = post()
    assert {whose: [one[:2] for one in theirs] for whose, theirs in entries(letters).items()} == {
        parent: [("REQUEST", "CONFIRMED")],
        adviser: [("REQUEST", "CONFIRMED")],
    }
    _, event = calendar_of(*letters[parent])
    assert event.decoded("DTSTART").isoformat() == "2026-03-24T14:00:00+00:00"


def test_what_never_stood_is_not_taken_out(
    village: Village, to_choose: Visit, post: Post, at_work: Callable[[Account], Work]
) -> None:
    post()
    answer(at_work(village.parents["Ada"]), village, to_choose, VisitReply.DECLINED)
    assert entries(post()) == {village.adviser.email: []}
    work = at_work(village.adviser)
    found = seen(work, village, to_choose)
    contact.withdraw_offer(work, found, "", version=found.version)
    assert entries(post()) == {village.parents["Ada"].email: []}


def test_several_times_in_place_of_one_take_the_entry_out(
    village: Village, offered: Visit, post: Post, at_work: Callable[[Account], Work]
) -> None:
    post()
    work = at_work(village.adviser)
    found = seen(work, village, offered)
    contact.change_offer(work, found, SEVERAL, version=found.version)
    gone = [("CANCEL", "CANCELLED", found.version)]
    assert entries(post()) == {village.parents["Ada"].email: gone, village.adviser.email: gone}


def test_what_the_family_cancels_is_taken_out_of_every_calendar(
    village: Village, offered: Visit, post: Post, at_work: Callable[[Account], Work]
) -> None:
    answer(at_work(village.parents["Ada"]), village, offered, VisitReply.ACCEPTED)
    post()
    answer(at_work(village.parents["Ada"]), village, offered, VisitReply.CANCELLED)
    found = entries(post())
    assert set(found) == {village.parents["Ada"].email, village.adviser.email}
    assert all([one[:2] for one in theirs] == [("CANCEL", "CANCELLED")] for theirs in found.values())


def test_one_visit_about_several_children_is_one_entry_for_each_person(
    village: Village, post: Post, at_work: Callable[[Account], Work], work: Work
) -> None:
    shared(work, village)
    adviser = at_work(village.adviser)
    ada = adviser.session.get_one(Child, village["Ada"].id)
    visit = contact.offer_visit(adviser, ada, replace(OFFER, along=(village["Ben"].reference,)))
    whose = (village.parents["Ada"].email, village.adviser.email)
    assert entries(post()) == {one: [("REQUEST", "TENTATIVE", visit.version)] for one in whose}
    answer(at_work(village.parents["Ada"]), village, visit, VisitReply.ACCEPTED)
    assert {one: [entry[1] for entry in theirs] for one, theirs in entries(post()).items()} == {
        one: ["CONFIRMED"] for one in whose
    }


def shared(work: Work, village: Village) -> None:
    """Ada and Ben are of one family and live at one address, with one parent who has an account."""
    first, second = sorted((village["Ada"].id, village["Ben"].id))
    work.session.add(
        HouseholdLink(
            authority_id=village.authority.id,
            child_id=first,
            other_child_id=second,
            verdict=HouseholdVerdict.LINKED,
            decided_at=work.at,
            decided_by_id=None,
        )
    )
    adas, bens = village["Ada"].address, village["Ben"].address
    assert adas is not None
    assert bens is not None
    bens.line, bens.postcode = adas.line, adas.postcode
    parent = work.session.scalars(select(Parent).where(Parent.child_id == village["Ben"].id)).one()
    parent.account_id, parent.verified_at = village.parents["Ada"].id, work.at
    work.session.flush()
