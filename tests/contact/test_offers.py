"""Offers and what families answer: every answer is a reply, a decline as good as any; offers changed and withdrawn."""

from collections.abc import Callable
from datetime import UTC, datetime, time
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.models import Contact, OtherWay, Visit, VisitAnswer, VisitReply, VisitState
from ehe_portal.contact.service import Answer, Offer
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.days import add_working_days
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, Parent
from tests.conftest import Clock
from tests.contact.stories import ClockOf, d, sweep, visit
from tests.desks import waits
from tests.village import Village, an_account

NewWork = Callable[..., Work]
CALL = Offer(kind=ContactKind.PHONE_CALL, on_date=d("2026-03-20"), at_time=time(10))
ANSWERS = {
    VisitReply.ACCEPTED: Answer(reply=VisitReply.ACCEPTED),
    VisitReply.ANOTHER_TIME: Answer(reply=VisitReply.ANOTHER_TIME, words="Any Tuesday"),
    VisitReply.ANOTHER_WAY: Answer(reply=VisitReply.ANOTHER_WAY, way=OtherWay.WRITING),
    VisitReply.DECLINED: Answer(reply=VisitReply.DECLINED),
    VisitReply.CANCELLED: Answer(reply=VisitReply.CANCELLED),
}
STANDING = ("lapsed_due_on", "lapsed_on", "tier", "basis", "last_contact_on")


@pytest.fixture
def parent(village: Village, new_work: NewWork) -> Callable[[], Work]:
    """Ada's parent at work."""
    return lambda: new_work(village.parents["Ada"])


@pytest.fixture
def offered(work: Work, village: Village) -> Visit:
    """A call offered to Ada's family by her adviser."""
    return offer_to(work, village["Ada"], village.adviser)


def offer_to(work: Work, child: Child, adviser: Account, offer: Offer = CALL) -> Visit:
    made = service.offer_visit(work, child, offer)
    made.adviser_id = adviser.id
    work.session.flush()
    return made


def seen_by(work: Work, child: Child, offered: Visit) -> Visit:
    found = queries.visible_visit(work, child.reference, offered.reference)
    assert found is not None
    return found


def answer(work: Work, child: Child, offered: Visit, given: Answer) -> VisitAnswer:
    found = seen_by(work, child, offered)
    return service.answer_offer(work, found, given, version=found.version)


# The clock


@pytest.mark.parametrize("reply", VisitReply)
def test_every_answer_is_a_reply_in_the_same_transaction(
    village: Village, work: Work, clock: Clock, new_work: NewWork, clock_of: ClockOf, reply: VisitReply
) -> None:
    ada = village["Ada"]
    assert clock_of(ada).due_on == d("2026-12-01")
    clock.at = datetime(2026, 11, 24, 12, tzinfo=UTC)
    adviser = new_work(village.adviser)
    made = service.offer_visit(
        adviser,
        adviser.session.get_one(Child, ada.id),
        Offer(kind=ContactKind.HOME_VISIT, on_date=d("2026-12-08"), at_time=time(10)),
    )
    if reply is VisitReply.CANCELLED:
        made.state = VisitState.ACCEPTED
        adviser.session.flush()
    family = new_work(village.parents["Ada"])
    given = answer(family, ada, made, ANSWERS[reply])
    reply_row = family.session.get_one(Contact, given.contact_id)
    assert (reply_row.outcome, reply_row.substantive, reply_row.happened_on) == (
        ContactOutcome.RECEIVED,
        False,
        d("2026-11-24"),
    )
    work.session.expire_all()
    now = clock_of(ada)
    assert now.last_reply_on == d("2026-11-24")
    assert now.due_on == add_working_days(d("2026-11-24"), 20)
    assert now.last_contact_on == d("2025-12-01"), "a reply is no contact: it buys time, not a year"


def test_a_decline_weighs_no_more_than_a_yes(village: Village, work: Work, new_work: NewWork) -> None:
    """Two families in the same place, one says yes and one no: their clocks and their standing are the same."""
    standings = []
    for name, reply in (("Cleo", VisitReply.ACCEPTED), ("Ben", VisitReply.DECLINED)):
        child = village[name]
        work.session.execute(select(Contact.id))
        account = an_account(work, village.authority, Role.PARENT, f"{name}@home.example".lower(), name)
        parent = work.session.scalars(select(Parent).where(Parent.child_id == child.id)).one()
        parent.account_id, parent.verified_at = account.id, work.at
        for record in work.session.scalars(select(Contact).where(Contact.child_id == child.id)):
            record.happened_on = d("2025-03-05")
        made = offer_to(work, child, village.adviser)
        answer(new_work(account), child, made, ANSWERS[reply])
        work.session.expire_all()
        found = queries.clock_of(work, child.id)
        assert found is not None
        standings.append([getattr(found, key) for key in (*STANDING, "due_on", "grace_ends")])
    assert standings[0] == standings[1]


def test_an_answer_does_not_end_a_lapse(village: Village, work: Work, new_work: NewWork, clock_of: ClockOf) -> None:
    ben = village["Ben"]
    sweep(work)
    account = an_account(work, village.authority, Role.PARENT, "ben@home.example", "Robin")
    parent = work.session.scalars(select(Parent).where(Parent.child_id == ben.id)).one()
    parent.account_id, parent.verified_at = account.id, work.at
    answer(new_work(account), ben, offer_to(work, ben, village.adviser), ANSWERS[VisitReply.ACCEPTED])
    work.session.expire_all()
    assert clock_of(ben).lapsed_on == work.today
    assert clock_of(ben).last_reply_on == work.today


# Answering


def test_answers_are_kept_one_by_one(village: Village, offered: Visit, parent: Callable[[], Work]) -> None:
    ada = village["Ada"]
    answers = [reply for reply in VisitReply if reply is not VisitReply.CANCELLED]
    for reply in answers:
        answer(parent(), ada, offered, ANSWERS[reply])
    family = parent()
    kept = queries.answers_to(family, seen_by(family, ada, offered))
    assert [one.answer for one in kept] == answers
    assert kept[1].words == "Any Tuesday"
    assert kept[2].way is OtherWay.WRITING
    assert seen_by(family, ada, offered).state is VisitState.DECLINED


@pytest.mark.parametrize(
    ("given", "field"),
    [
        (Answer(reply=VisitReply.ANOTHER_TIME), "times"),
        (Answer(reply=VisitReply.ANOTHER_TIME, words="  "), "times"),
        (Answer(reply=VisitReply.ANOTHER_WAY, words="Please write"), "way"),
    ],
)
def test_answers_that_say_too_little(
    village: Village, offered: Visit, parent: Callable[[], Work], given: Answer, field: str
) -> None:
    with pytest.raises(Refusal) as refused:
        answer(parent(), village["Ada"], offered, given)
    assert refused.value.field == field


def test_a_stale_answer_is_refused(village: Village, offered: Visit, parent: Callable[[], Work], work: Work) -> None:
    """Two tabs, or two parents: the second answer was given without having seen the first."""
    family = parent()
    seen = seen_by(family, village["Ada"], offered)
    before = seen.version
    service.answer_offer(family, seen, ANSWERS[VisitReply.ACCEPTED], version=before)
    with pytest.raises(ChangedMeanwhile):
        service.answer_offer(family, seen, ANSWERS[VisitReply.DECLINED], version=before)
    again = service.answer_offer(family, seen, ANSWERS[VisitReply.ACCEPTED], version=seen.version)
    assert seen.version > before + 1, "the same answer anew is a change too: nobody has read it yet"
    assert work.session.scalars(select(VisitAnswer.answer).order_by(VisitAnswer.id)).all() == [
        VisitReply.ACCEPTED,
        again.answer,
    ]


def test_an_offer_that_is_over_cannot_be_answered(
    village: Village, offered: Visit, parent: Callable[[], Work], work: Work, clock: Clock
) -> None:
    clock.at = datetime(2026, 3, 20, 10, tzinfo=UTC)
    with pytest.raises(Refusal, match="has passed"):
        answer(parent(), village["Ada"], offered, ANSWERS[VisitReply.ACCEPTED])
    service.withdraw_offer(work, offered, "", version=offered.version)
    with pytest.raises(Refusal, match="withdrawn"):
        answer(parent(), village["Ada"], offered, ANSWERS[VisitReply.ACCEPTED])


def test_the_adviser_is_mailed_without_a_name_or_a_word(
    village: Village, offered: Visit, parent: Callable[[], Work], work: Work
) -> None:
    answer(parent(), village["Ada"], offered, Answer(reply=VisitReply.DECLINED, words="CANARY"))
    mail = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "from-family")).one()
    assert mail.to_address == village.adviser.email
    entry = mail.context["entry"]
    assert mail.context == {"what": "offer", "child_reference": village["Ada"].reference, "entry": entry}
    assert set(entry) == {"reference", "page", "kind", "on_date", "at_time", "minutes", "status", "round"}


def test_only_verified_parents_of_the_child_find_an_offer(
    village: Village, offered: Visit, work: Work, new_work: NewWork
) -> None:
    ada = village["Ada"]

    def find(account: Account) -> Visit | None:
        return queries.visible_visit(new_work(account), ada.reference, offered.reference)

    assert find(village.parents["Ada"]) is not None
    assert find(village.parents["Zoe"]) is None
    assert find(village.stranger[Role.ADVISER]) is None
    own = work.session.scalars(select(Parent).where(Parent.child_id == ada.id)).one()
    own.verified_at = None
    work.session.flush()
    assert find(village.parents["Ada"]) is None


# What officers do with it


def test_what_was_declined_does_not_stand_to_be_recorded(
    village: Village, offered: Visit, parent: Callable[[], Work], work: Work, on: Callable[[str], Work]
) -> None:
    answer(parent(), village["Ada"], offered, ANSWERS[VisitReply.DECLINED])
    work.session.expire_all()
    assert queries.upcoming_visits(work, village["Ada"].id) == []
    later = on("2026-03-23")
    assert queries.past_visits(later, village["Ada"].id) == []
    assert queries.offered_visit(later, village["Ada"].id, offered.reference) is None
    with pytest.raises(Refusal, match="no longer stands"):
        service.record_contact(later, village["Ada"], visit("2026-03-20", visit=offered))


def test_what_was_accepted_is_recorded(
    village: Village, offered: Visit, parent: Callable[[], Work], work: Work, on: Callable[[str], Work]
) -> None:
    answer(parent(), village["Ada"], offered, ANSWERS[VisitReply.ACCEPTED])
    work.session.expire_all()
    later = on("2026-03-23")
    assert queries.past_visits(later, village["Ada"].id) == [offered]
    service.record_contact(later, village["Ada"], visit("2026-03-20", visit=offered))
    assert offered.state is VisitState.RECORDED
    assert waits(as_staff(later, village), "answer") == []


def test_a_changed_offer_tells_the_family_and_keeps_its_answers(
    village: Village, offered: Visit, parent: Callable[[], Work], work: Work
) -> None:
    answer(parent(), village["Ada"], offered, ANSWERS[VisitReply.ANOTHER_TIME])
    work.session.expire_all()
    new = Offer(kind=ContactKind.MEETING, on_date=d("2026-03-24"), at_time=time(14), place="The library", note="Tea?")
    with pytest.raises(ChangedMeanwhile):
        service.change_offer(work, offered, new, version=1)
    service.change_offer(work, offered, new, version=offered.version)
    assert (offered.state, offered.on_date, offered.note) == (VisitState.OFFERED, d("2026-03-24"), "Tea?")
    (kept,) = queries.answers_to(work, offered)
    assert (kept.on_date, kept.kind) == (d("2026-03-20"), ContactKind.PHONE_CALL), "it says what was on offer then"
    assert kept.read_at is not None
    mails = work.session.scalars(select(OutgoingMessage.to_address).where(OutgoingMessage.template == "visit-changed"))
    assert mails.all() == [village.parents["Ada"].email]


@pytest.mark.parametrize("changes", [{"on_date": d("2026-03-11")}, {"kind": ContactKind.LETTER}])
def test_what_cannot_be_offered_cannot_be_changed_to(
    offered: Visit, work: Work, village: Village, changes: dict[str, Any]
) -> None:
    values: dict[str, Any] = {"kind": ContactKind.HOME_VISIT, "on_date": d("2026-03-20"), "at_time": time(10)}
    with pytest.raises(Refusal):
        service.change_offer(work, offered, Offer(**(values | changes)), version=offered.version)


def test_a_withdrawn_offer_tells_the_family(village: Village, offered: Visit, work: Work) -> None:
    service.withdraw_offer(work, offered, "I am ill", version=offered.version)
    assert (offered.state, offered.note) == (VisitState.WITHDRAWN, "I am ill")
    mail = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "visit-withdrawn")).one()
    assert "I am ill" not in str(mail.context)
    with pytest.raises(Refusal, match="withdrawn"):
        service.change_offer(work, offered, CALL, version=offered.version)


# What waits


def as_staff(work: Work, village: Village, account: Account | None = None) -> Work:
    from tests.conftest import signed_in

    work.actor, work.scope = signed_in(account or village.adviser)
    return work


def test_answers_wait_for_the_adviser_until_read(
    village: Village, offered: Visit, parent: Callable[[], Work], new_work: NewWork, work: Work
) -> None:
    answer(parent(), village["Ada"], offered, ANSWERS[VisitReply.ANOTHER_WAY])
    adviser = new_work(village.adviser)
    (waiting,) = waits(adviser, "answer", village.adviser.id)
    assert (waiting.child_name, waiting.why, waiting.address["visit_reference"], waiting.detail) == (
        "Ada Byrne",
        "Read an answer: Another way, please",
        offered.reference,
        "Offered for 20 March 2026",
    )
    assert len(waits(adviser, "answer")) == 1
    assert waits(adviser, "answer", village.staff[Role.EHE_MANAGER].id) == []
    assert waits(new_work(village.stranger[Role.ADVISER]), "answer") == []
    assert len(queries.answers_unread(adviser, village["Ada"].id)) == 1
    mine = seen_by(adviser, village["Ada"], offered)
    with pytest.raises(ChangedMeanwhile):
        service.note_answers_read(adviser, mine, version=mine.version - 1)
    service.note_answers_read(adviser, mine, version=mine.version)
    assert waits(adviser, "answer") == []
    assert queries.answers_unread(adviser, village["Ada"].id) == []


# Comments


def test_comments_are_added_and_change_nothing(village: Village, parent: Callable[[], Work], work: Work) -> None:
    ada = village["Ada"]
    record = work.session.scalars(select(Contact).where(Contact.child_id == ada.id)).one()
    before = (record.version, record.summary)
    family = parent()
    mine = queries.family_record(family, ada.reference, record.reference)
    assert mine is not None
    service.comment(family, mine, " We met at ten. ")
    service.comment(family, mine, "And had tea.")
    work.session.expire_all()
    assert (record.version, record.summary) == before
    said = queries.comments_on(work, record)
    assert [comment.words for comment, _ in said] == ["We met at ten.", "And had tea."]
    assert {name for _, name in said} == {village.parents["Ada"].name}
    mails = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "from-family")).all()
    assert [mail.context["what"] for mail in mails] == ["comment", "comment"]
    with pytest.raises(Refusal):
        service.comment(family, mine, "  ")
    service.strike_out(work, record, "Another child's", version=record.version)
    assert queries.family_record(parent(), ada.reference, record.reference) is None
