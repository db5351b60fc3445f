"""The life of a visit: several times to pick from, suggestions, cancelling, its history, and who is told how."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.models import SlotState, StepKind, Visit, VisitReply, VisitSlot, VisitState
from ehe_portal.contact.service import Answer, Offer
from ehe_portal.contact.service.recording import settle_time
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.register.models import FamilyWishes
from tests.conftest import Clock
from tests.contact.stories import d, visit
from tests.desks import waits
from tests.village import Village

NewWork = Callable[..., Work]
FIRST, SECOND, THIRD = (d("2026-03-20"), time(10)), (d("2026-03-24"), time(14)), (d("2026-03-26"), time(9, 30))
SEVERAL = Offer(kind=ContactKind.HOME_VISIT, on_date=SECOND[0], at_time=SECOND[1], or_at=(FIRST, THIRD))
ONE = Offer(kind=ContactKind.HOME_VISIT, on_date=FIRST[0], at_time=FIRST[1])


@pytest.fixture
def adviser(village: Village, new_work: NewWork) -> Work:
    return new_work(village.adviser)


@pytest.fixture
def offer(village: Village, adviser: Work) -> Callable[..., Visit]:
    """Offers Ada's family something, as her adviser."""

    def make(wanted: Offer = ONE, child: str = "Ada") -> Visit:
        return service.offer_visit(adviser, adviser.session.merge(village[child]), wanted)

    return make


@pytest.fixture
def answer(village: Village, new_work: NewWork, adviser: Work) -> Callable[..., None]:
    """Ada's parent answers."""

    def give(made: Visit, reply: VisitReply, **more: Any) -> None:
        adviser.session.flush()
        family = new_work(village.parents["Ada"])
        found = queries.visible_visit(family, village["Ada"].reference, made.reference)
        assert found is not None
        service.answer_offer(family, found, Answer(reply=reply, **more), version=found.version)
        adviser.session.refresh(made)
        adviser.session.expire_all()

    return give


def steps(work: Work, made: Visit) -> list[StepKind]:
    return [one.step for one in reversed(queries.steps_of(work, made))]


def mails(work: Work) -> list[str]:
    sent = work.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id))
    return [one.template for one in sent if one.template != "visit-entry"]  # which goes to the adviser's calendar


# Several times


def test_what_is_held_before_a_time_was_picked_was_at_the_time_of_that_day(
    offer: Callable[..., Visit], adviser: Work
) -> None:
    made = offer(SEVERAL)
    settle_time(adviser, made, SECOND[0])
    adviser.session.flush()
    assert (made.choice, made.on_date, made.at_time) == (False, *SECOND)
    assert queries.open_slots(adviser, made) == []


def test_the_first_picked_holds_and_the_others_fall_away(
    offer: Callable[..., Visit], answer: Callable[..., None], adviser: Work
) -> None:
    made = offer(SEVERAL)
    assert made.choice
    assert (made.on_date, made.at_time) == THIRD, "the last is its day: until then the family may pick"
    assert [(one.on_date, one.at_time) for one in queries.open_slots(adviser, made)] == [FIRST, SECOND, THIRD]
    assert mails(adviser) == ["visit-times"]
    answer(made, VisitReply.ACCEPTED, picked=SECOND)
    assert (made.on_date, made.at_time, made.choice, made.state) == (*SECOND, False, VisitState.ACCEPTED)
    states = {
        (one.on_date, one.at_time): one.state
        for one in adviser.session.scalars(select(VisitSlot).where(VisitSlot.visit_id == made.id))
    }
    assert states == {FIRST: SlotState.FELL_AWAY, SECOND: SlotState.PICKED, THIRD: SlotState.FELL_AWAY}
    assert steps(adviser, made) == [StepKind.TIMES_OFFERED, StepKind.ACCEPTED]
    assert mails(adviser) == ["visit-times", "from-family", "visit-confirmed"]


@pytest.mark.parametrize("picked", [None, (d("2026-03-21"), time(10))])
def test_only_a_time_on_offer_can_be_picked(
    offer: Callable[..., Visit], answer: Callable[..., None], picked: Any
) -> None:
    made = offer(SEVERAL)
    with pytest.raises(Refusal, match="Select the time that suits you"):
        answer(made, VisitReply.ACCEPTED, picked=picked)


def test_a_time_that_has_passed_cannot_be_picked(
    offer: Callable[..., Visit], answer: Callable[..., None], clock: Clock
) -> None:
    made = offer(SEVERAL)
    clock.at = datetime(2026, 3, 20, 12, tzinfo=UTC)
    with pytest.raises(Refusal, match="has passed"):
        answer(made, VisitReply.ACCEPTED, picked=FIRST)
    answer(made, VisitReply.ACCEPTED, picked=SECOND)
    assert made.on_date == SECOND[0]


def test_nobody_picks_after_somebody_else_has(
    offer: Callable[..., Visit], answer: Callable[..., None], village: Village, new_work: NewWork
) -> None:
    made = offer(SEVERAL)
    before = made.version
    answer(made, VisitReply.ACCEPTED, picked=FIRST)
    family = new_work(village.parents["Ada"])
    found = queries.visible_visit(family, village["Ada"].reference, made.reference)
    assert found is not None
    with pytest.raises(ChangedMeanwhile):
        service.answer_offer(family, found, Answer(reply=VisitReply.ACCEPTED, picked=SECOND), version=before)


@pytest.mark.parametrize("on", ["2026-03-11", "2027-04-01"])
def test_every_time_has_to_be_one_that_can_be_offered(offer: Callable[..., Visit], on: str) -> None:
    with pytest.raises(Refusal) as refused:
        offer(Offer(kind=ContactKind.PHONE_CALL, on_date=FIRST[0], at_time=FIRST[1], or_at=((d(on), time(9)),)))
    assert refused.value.field == "or_on_1"


def test_while_no_time_is_picked_the_day_says_so_only_when_all_have_passed(
    offer: Callable[..., Visit], village: Village, new_work: NewWork, clock: Clock
) -> None:
    offer(SEVERAL)
    clock.at = datetime(2026, 3, 25, 9, tzinfo=UTC)
    assert waits(new_work(village.adviser), "visit", village.adviser.id) == []
    clock.at = datetime(2026, 3, 27, 9, tzinfo=UTC)
    (row,) = waits(new_work(village.adviser), "visit", village.adviser.id)
    assert row.why == "Home visit: no time was picked"


# Another time, with suggestions


def test_a_suggested_time_is_agreed_in_one_press(
    offer: Callable[..., Visit], answer: Callable[..., None], adviser: Work
) -> None:
    made = offer()
    answer(made, VisitReply.ANOTHER_TIME, suggested=((SECOND[0], SECOND[1]), (THIRD[0], None)))
    with_time, day_only = queries.suggestions(adviser, made)
    assert (day_only.on_date, day_only.at_time) == (THIRD[0], None)
    with pytest.raises(Refusal, match="a day with a time"):
        service.agree_suggestion(adviser, made, day_only, version=made.version)
    with pytest.raises(ChangedMeanwhile):
        service.agree_suggestion(adviser, made, with_time, version=made.version - 1)
    service.agree_suggestion(adviser, made, with_time, version=made.version)
    assert (made.on_date, made.at_time, made.state) == (*SECOND, VisitState.ACCEPTED)
    assert queries.suggestions(adviser, made) == []
    assert steps(adviser, made) == [StepKind.OFFERED, StepKind.ANOTHER_TIME, StepKind.AGREED]
    assert mails(adviser)[-1] == "visit-agreed"
    assert all(one.read_at for one in queries.answers_to(adviser, made))


def test_another_time_needs_words_or_days(offer: Callable[..., Visit], answer: Callable[..., None]) -> None:
    with pytest.raises(Refusal, match="Enter the days or times"):
        answer(offer(), VisitReply.ANOTHER_TIME)


# Cancelling


def test_a_family_cancels_what_is_confirmed_up_to_the_moment(
    offer: Callable[..., Visit], answer: Callable[..., None], adviser: Work, village: Village, clock: Clock
) -> None:
    made = offer()
    with pytest.raises(Refusal, match="only a visit that is confirmed"):
        answer(made, VisitReply.CANCELLED)
    answer(made, VisitReply.ACCEPTED)
    clock.at = datetime(2026, 3, 20, 9, 59, tzinfo=UTC)
    answer(made, VisitReply.CANCELLED)
    assert made.state is VisitState.CANCELLED
    assert mails(adviser)[-1] == "visit-cancelled"
    assert [row.why for row in waits(adviser, "answer", village.adviser.id)] == [
        "Read an answer: Yes, that suits us",
        "Read an answer: We have to cancel",
    ]
    assert queries.upcoming_visits(adviser, village["Ada"].id) == []
    with pytest.raises(Refusal, match="cancelled by the family"):
        service.change_offer(adviser, made, ONE, version=made.version)


def test_once_it_has_begun_it_is_too_late_to_cancel(
    offer: Callable[..., Visit], answer: Callable[..., None], clock: Clock
) -> None:
    made = offer()
    answer(made, VisitReply.ACCEPTED)
    clock.at = datetime(2026, 3, 20, 10, tzinfo=UTC)
    with pytest.raises(Refusal, match="has passed"):
        answer(made, VisitReply.CANCELLED)


def test_after_confirming_a_family_may_still_ask_for_another_time(
    offer: Callable[..., Visit], answer: Callable[..., None]
) -> None:
    made = offer()
    answer(made, VisitReply.ACCEPTED)
    answer(made, VisitReply.ANOTHER_TIME, words="Thursday?")
    assert made.state is VisitState.ANOTHER_TIME


def test_the_council_cancels_and_says_why(
    offer: Callable[..., Visit], answer: Callable[..., None], adviser: Work
) -> None:
    made = offer()
    answer(made, VisitReply.ACCEPTED)
    service.withdraw_offer(adviser, made, "I am ill", version=made.version)
    (last, *_) = queries.steps_of(adviser, made)
    assert (last.step, last.words, last.by_id) == (StepKind.WITHDRAWN, "I am ill", adviser.actor.account_id)
    assert made.state.label == "Cancelled by the council"


# Its history


def test_each_step_is_a_row_with_who_when_and_what(
    offer: Callable[..., Visit], answer: Callable[..., None], adviser: Work, village: Village, clock: Clock
) -> None:
    made = offer()
    answer(made, VisitReply.ANOTHER_TIME, words="Later?")
    later = Offer(kind=ContactKind.HOME_VISIT, on_date=SECOND[0], at_time=SECOND[1], note="This?")
    service.change_offer(adviser, made, later, version=made.version)
    answer(made, VisitReply.ACCEPTED)
    clock.at = datetime(2026, 3, 24, 16, tzinfo=UTC)
    adviser.at = clock.at
    nobody_in = service.Happened(
        kind=made.kind, outcome=ContactOutcome.NO_ACCESS, happened_on=d("2026-03-24"), visit=made
    )
    service.record_contact(adviser, adviser.session.merge(village["Ada"]), nobody_in)
    found = list(reversed(queries.steps_of(adviser, made)))
    assert [one.step.value for one in found] == ["offered", "another-time", "changed", "accepted", "recorded"]
    family, council = village.parents["Ada"].id, village.adviser.id
    assert [one.by_id for one in found] == [council, family, council, family, council]
    assert [one.on_date for one in found] == [FIRST[0], FIRST[0], SECOND[0], SECOND[0], SECOND[0]]
    assert (found[2].words, found[4].outcome) == ("This?", ContactOutcome.NO_ACCESS)
    assert found[1].words is None, "a parent's words stand with the answer, and nowhere else"
    assert mails(adviser)[-1] == "visit-recorded"


def test_a_record_struck_out_is_open_again(offer: Callable[..., Visit], adviser: Work, village: Village) -> None:
    made = offer()
    adviser.at = datetime(2026, 3, 20, 16, tzinfo=UTC)
    kept = service.record_contact(adviser, adviser.session.merge(village["Ada"]), visit("2026-03-20", visit=made))
    assert made.state is VisitState.RECORDED
    with pytest.raises(Refusal, match="recorded already"):
        service.record_contact(adviser, adviser.session.merge(village["Ada"]), visit("2026-03-20", visit=made))
    service.strike_out(adviser, kept, "Another child", version=kept.version)
    assert adviser.session.get_one(Visit, made.id).state is VisitState.OFFERED
    assert steps(adviser, made)[-1] is StepKind.REOPENED
    assert queries.next_unrecorded(adviser, made.id) is not None


# Told in the family's way


def test_who_has_no_account_is_told_by_other_means(
    offer: Callable[..., Visit], adviser: Work, village: Village, work: Work
) -> None:
    made = offer(child="Cleo")
    assert made.tell_since is not None
    assert mails(adviser) == []
    (row,) = waits(adviser, "tell", village.adviser.id)
    assert (row.child_name, row.why) == ("Cleo Dunn", "Tell the family, by letter or call")
    with pytest.raises(Refusal, match="how you told"):
        service.note_told(adviser, made, " ", version=made.version)
    service.note_told(adviser, made, "I rang", version=made.version)
    assert waits(adviser, "tell", village.adviser.id) == []
    assert steps(adviser, made)[-1] is StepKind.TOLD
    service.withdraw_offer(adviser, made, "", version=made.version)
    assert len(waits(adviser, "tell", village.adviser.id)) == 1, "each step is told anew"


@pytest.mark.parametrize(("ways", "waiting"), [(["writing"], 1), (["writing", "phone"], 0), (["phone"], 0)])
def test_who_wants_to_be_written_to_only_is_told_on_paper_too(
    offer: Callable[..., Visit], adviser: Work, village: Village, work: Work, ways: list[str], waiting: int
) -> None:
    ada = village["Ada"]
    work.session.add(FamilyWishes(authority_id=ada.authority_id, child_id=ada.id, said_on=date(2026, 1, 1), ways=ways))
    work.session.flush()
    offer()
    assert len(waits(adviser, "tell", village.adviser.id)) == waiting
    assert mails(adviser) == ["visit-offered"]


# Whose day it is


def test_a_visit_is_on_the_day_of_whoever_goes(
    offer: Callable[..., Visit], village: Village, new_work: NewWork, adviser: Work, clock: Clock, work: Work
) -> None:
    made = offer()
    manager = village.staff[Role.EHE_MANAGER]
    made.adviser_id = manager.id
    adviser.session.flush()
    clock.at = datetime(2026, 3, 20, 8, tzinfo=UTC)

    def day(account: Any) -> list[str]:
        return [row.child_name for row in waits(new_work(account), "visit", account.id)]

    assert (day(manager), day(village.adviser)) == (["Ada Byrne"], [])
    work.session.merge(manager).away_from = date(2026, 3, 20)
    work.session.flush()
    assert day(village.adviser) == ["Ada Byrne"], "away: with the adviser of the child"
    work.session.merge(manager).away_from = None
    work.session.merge(manager).is_active = False
    work.session.flush()
    assert day(village.adviser) == ["Ada Byrne"], "gone: with the adviser of the child"
    assert [row.child_name for row in waits(new_work(village.adviser), "visit")] == ["Ada Byrne"]
    assert waits(new_work(village.stranger[Role.EHE_MANAGER]), "visit") == []
