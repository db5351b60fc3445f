"""When a child was last seen, by whom, and what is decided about one who has not been: the rules, deeds and pages."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.contact import service
from ehe_portal.contact.events import SeenReviewed, SightingRecorded
from ehe_portal.contact.models import ContactClock, Sighting
from ehe_portal.contact.rules import SeenBy, review_problem, see_by
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Event, Work
from ehe_portal.escalation.models import Escalation
from ehe_portal.register.models import Child
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
ClockOf = Callable[[Child], ContactClock]


def d(day: str) -> date:
    return date.fromisoformat(day)


@pytest.mark.parametrize(
    ("opened", "starts", "seen", "review", "by"),
    [
        ("2025-09-01", "2025-09-01", None, None, "2026-03-01"),  # never seen: 6 months after opening
        ("2025-08-31", "2025-08-31", None, None, "2026-02-28"),  # clamped to the month's end
        ("2025-09-01", "2025-09-01", "2025-10-10", None, "2026-10-10"),  # 12 months after being seen
        ("2025-09-01", "2025-09-01", "2025-01-10", None, "2026-01-10"),  # also where it was before opening
        ("2025-09-01", "2025-09-01", None, "2026-08-01", "2026-08-01"),  # a review puts it off
        ("2025-09-01", "2025-09-01", "2025-10-10", "2026-02-01", "2026-10-10"),  # being seen counts for more
        ("2025-09-01", "2027-03-31", None, None, "2027-03-31"),  # nothing is due before school age
    ],
)
def test_until_when_a_child_is_to_be_seen(
    opened: str, starts: str, seen: str | None, review: str | None, by: str
) -> None:
    assert see_by(d(opened), d(starts), d(seen) if seen else None, d(review) if review else None) == d(by)


@pytest.mark.parametrize(
    ("on", "fits"), [("2026-03-12", False), ("2026-03-13", True), ("2027-03-12", True), ("2027-03-13", False)]
)
def test_the_next_review_is_within_12_months(on: str, fits: bool) -> None:
    assert (review_problem(d(on), d("2026-03-12")) is None) is fits


def seen_on(day: str, by: SeenBy = SeenBy.HEALTH) -> service.Seen:
    return service.Seen(d(day), by, "The school nurse at Poole, who rang")


def reviewed(until: str = "2026-09-01", **said: str) -> service.Review:
    return service.Review(**{"decision": "Nothing gives concern", "health": "GP: seen last month", **said},
                          next_review_on=d(until))  # fmt: skip


def test_a_sighting_moves_when_the_child_is_to_be_seen_and_no_due_date(
    work: Work, village: Village, told: list[Event], clock_of: ClockOf
) -> None:
    ben = village["Ben"]  # opened on 10 January 2024, never seen
    before = clock_of(ben)
    due_on = before.due_on
    assert before.see_by == d("2024-07-10")
    service.record_sighting(work, ben, seen_on("2026-02-20"))
    after = clock_of(ben)
    assert (after.last_seen_on, after.see_by, after.due_on) == (d("2026-02-20"), d("2027-02-20"), due_on)
    assert [event.seen_by for event in told if isinstance(event, SightingRecorded)] == [SeenBy.HEALTH]


def test_a_sighting_struck_out_no_longer_counts(work: Work, village: Village, clock_of: ClockOf) -> None:
    ben = village["Ben"]
    sighting = service.record_sighting(work, ben, seen_on("2026-02-20"))
    with pytest.raises(Refusal, match="in error"):
        service.strike_out_sighting(work, sighting, "")
    service.strike_out_sighting(work, sighting, "It was his brother")
    assert (clock_of(ben).last_seen_on, clock_of(ben).see_by) == (None, d("2024-07-10"))


@pytest.mark.parametrize("day", ["2026-03-13", "2014-07-06"])
def test_nobody_sees_a_child_tomorrow_or_before_its_birth(work: Work, village: Village, day: str) -> None:
    with pytest.raises(Refusal, match="Enter a date"):
        service.record_sighting(work, village["Ben"], seen_on(day))


def test_a_review_puts_the_task_off_and_escalates_nothing(
    work: Work, village: Village, told: list[Event], clock_of: ClockOf
) -> None:
    ben = village["Ben"]
    service.review_not_seen(work, ben, reviewed())
    assert clock_of(ben).see_by == d("2026-09-01")
    assert [event.next_review_on for event in told if isinstance(event, SeenReviewed)] == [d("2026-09-01")]
    assert work.session.scalars(select(Escalation)).all() == []


def test_a_review_says_what_was_checked_and_why(work: Work, village: Village) -> None:
    for review, words in (
        (reviewed(health=" "), "what was checked"),
        (reviewed(decision=" "), "what you decided"),
        (reviewed("2026-03-12"), "after today"),
    ):
        with pytest.raises(Refusal, match=words):
            service.review_not_seen(work, village["Ben"], review)
    with pytest.raises(Refusal, match="nothing to review"):
        service.review_not_seen(work, village["Gil"], reviewed())


def test_my_day_asks_for_the_review_until_it_is_decided(work: Work, village: Village, client_as: ClientAs) -> None:
    adviser = client_as(village.adviser)
    page = f"/children/{village['Ben'].reference}/clock/seen/review"
    assert page in adviser.get("/my-day?kind=unseen").text
    assert "Not seen since the episode opened" in adviser.get("/my-day?kind=unseen").text
    answers = {
        "health": "GP: seen last month",
        "decision": "Nothing gives concern",
        "next_review_on-day": "1",
        "next_review_on-month": "9",
        "next_review_on-year": "2026",
    }
    assert adviser.submit(page, answers).status_code == 302
    assert page not in adviser.get("/my-day?kind=unseen").text
    shown = adviser.get(f"/children/{village['Ben'].reference}/clock/seen").text
    assert "GP: seen last month" in shown
    assert "1 September 2026" in shown


def test_a_sighting_is_recorded_shown_and_struck_out_on_the_pages(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    ben = village["Ben"]
    home = f"/children/{ben.reference}/clock/seen"
    adviser = client_as(village.adviser)
    answers = {
        "seen_by": "school",
        "source": "Mrs Penny, Hillside School",
        "seen_on-day": "2",
        "seen_on-month": "3",
        "seen_on-year": "2026",
    }
    assert adviser.submit(f"{home}/new", answers).status_code == 302
    assert "2 March 2026, by a school or college" in adviser.get(f"/children/{ben.reference}").text
    assert "Mrs Penny, Hillside School" in adviser.get(home).text
    sighting = work.session.scalars(select(Sighting)).one()
    assert adviser.submit(f"{home}/{sighting.reference}/strike-out", {"why": "His brother"}).status_code == 302
    assert "by a school or college" not in adviser.get(f"/children/{ben.reference}").text
    assert adviser.get(f"{home}/{sighting.reference}/strike-out").status_code == 404
