"""Holding a clock: the rules as tables and properties, the use-cases, the pages."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import settings as running
from hypothesis import strategies as st
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, service
from ehe_portal.contact.events import ClockHeld, ContactLapsed, HoldEnded
from ehe_portal.contact.models import ClockHold, ContactClock
from ehe_portal.contact.rules import Hold, HoldReason, days_held, hold_problem
from ehe_portal.core.codes import SocialCare, Tier
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Event, Work
from ehe_portal.register import service as register
from ehe_portal.register.models import Child
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village

TODAY = date(2026, 3, 12)
ONE_DAY = timedelta(days=1)


def d(day: str) -> date:
    return date.fromisoformat(day)


def problem(until: date, *earlier: Hold, heard: date | None = None, plan: bool = False, again: bool = False) -> str:
    found = hold_problem(until, earlier, heard, today=TODAY, protection_plan=plan, may_hold_again=again)
    return "" if found is None else found.message


@pytest.mark.parametrize(
    ("until", "part"),
    [
        ("2026-03-12", "after today"),
        ("2026-03-11", "after today"),
        ("2026-03-13", ""),
        ("2026-05-10", ""),  # the 60th day, today being the first
        ("2026-05-11", "on or before 10 May 2026: a hold lasts 60 days at most"),
    ],
)
def test_a_hold_lasts_60_days_at_most(until: str, part: str) -> None:
    assert part in problem(d(until))
    assert bool(problem(d(until))) is bool(part)


def test_a_second_hold_in_a_row_is_for_the_cme_manager() -> None:
    earlier = Hold(d("2026-01-10"), d("2026-01-20"))
    assert "only the CME manager" in problem(d("2026-03-20"), earlier)
    assert problem(d("2026-03-20"), earlier, again=True) == ""
    assert problem(d("2026-03-20"), earlier, heard=d("2026-01-10")) == ""  # heard from since it began: not in a row
    assert problem(d("2026-03-20"), earlier, heard=d("2026-01-09"))


def test_a_child_protection_plan_allows_none() -> None:
    assert "child protection plan cannot be held" in problem(d("2026-03-20"), plan=True, again=True)


def test_120_days_in_any_12_months() -> None:
    earlier = [Hold(d("2025-06-01"), d("2025-07-30")), Hold(d("2025-10-01"), d("2025-11-03"))]  # 60 and 34
    assert problem(TODAY + timedelta(days=25), *earlier, again=True) == ""
    assert "120 days at most" in problem(TODAY + timedelta(days=26), *earlier, again=True)
    # What was ended early counts for the days that it lasted.
    ended = [earlier[0], Hold(d("2025-10-01"), d("2025-11-03"), d("2025-10-08"))]
    assert problem(TODAY + timedelta(days=51), *ended, again=True) == ""
    assert problem(TODAY + timedelta(days=52), *ended, again=True)


def test_the_oldest_days_fall_out_of_the_12_months() -> None:
    long_ago = [Hold(d("2025-03-14"), d("2025-05-12")), Hold(d("2025-10-01"), d("2025-11-29"))]  # 60 and 60
    assert "120 days" in problem(TODAY + ONE_DAY, *long_ago, again=True)
    # With each later last day one of the oldest leaves as one more is added: it stays too many.
    assert "120 days" in problem(TODAY + timedelta(days=50), *long_ago, again=True)
    older = [Hold(d("2025-01-01"), d("2025-03-01")), long_ago[1]]
    assert problem(TODAY + timedelta(days=59), *older, again=True) == ""


HOLDS = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 59)).map(
        lambda pair: Hold(TODAY + timedelta(pair[0]), TODAY + timedelta(pair[0] + pair[1]))
    ),
    max_size=5,
)


@running(max_examples=300, deadline=None)
@given(HOLDS, st.integers(0, 400), st.integers(0, 400))
def test_held_days_are_those_on_which_any_hold_runs(holds: list[Hold], first: int, length: int) -> None:
    days = [TODAY + timedelta(first + number) for number in range(length + 1)]
    naive = sum(any(hold.from_on <= day <= hold.until_on for hold in holds) for day in days)
    assert days_held(holds, days[0], days[-1]) == naive


# The use-cases


@pytest.fixture
def as_role(work: Work, village: Village, new_work: Callable[..., Work]) -> Callable[[Role], Work]:
    """The same session and moment, as someone of a role."""

    def make(role: Role) -> Work:
        theirs = new_work(village.staff[role])
        theirs.session, theirs.reactions, theirs.at = work.session, work.reactions, work.at
        return theirs

    return make


def holding(until: str, words: str = "Her mother rang: the funeral is in Lagos") -> service.Holding:
    return service.Holding(d(until), HoldReason.BEREAVEMENT, words)


def test_a_held_clock_does_not_lapse_before_its_last_day(
    work: Work,
    village: Village,
    as_role: Callable[[Role], Work],
    told: list[Event],
    on: Callable[[str], Work],
    clock_of: Callable[[Child], ContactClock],
) -> None:
    cleo = village["Cleo"]  # due on 5 March 2026, in her days of grace until 19 March
    due_on = clock_of(cleo).due_on
    service.hold_clock(as_role(Role.EHE_MANAGER), cleo, holding("2026-04-20"))
    clock = clock_of(cleo)
    assert (clock.due_on, clock.grace_ends, clock.held_until) == (due_on, d("2026-04-20"), d("2026-04-20"))
    assert [event.until_on for event in told if isinstance(event, ClockHeld)] == [d("2026-04-20")]
    assert clock.id not in list(work.session.scalars(queries.overdue(on("2026-04-20"))))
    assert clock.id in list(work.session.scalars(queries.overdue(on("2026-04-21"))))
    service.lapse(work, [clock.id])
    assert [event.lapses_on for event in told if isinstance(event, ContactLapsed)] == [d("2026-04-21")]


def test_the_forecast_knows_holds(work: Work, village: Village, as_role: Callable[[Role], Work]) -> None:
    def lapses_of_cleo() -> list[date]:
        found = service.forecast(work, village.authority.id, as_of=TODAY, since=TODAY, until=d("2026-12-31"))
        return [one.lapses_on for one in found if one.child_ref == "W-Cleo"]

    assert lapses_of_cleo() == [d("2026-03-20")]
    service.hold_clock(as_role(Role.EHE_MANAGER), village["Cleo"], holding("2026-04-20"))
    assert lapses_of_cleo() == [d("2026-04-21")]


def test_a_hold_ended_early_ends_that_day_and_not_overnight(
    village: Village,
    as_role: Callable[[Role], Work],
    told: list[Event],
    on: Callable[[str], Work],
    clock_of: Callable[[Child], ContactClock],
) -> None:
    hold = service.hold_clock(as_role(Role.EHE_MANAGER), village["Cleo"], holding("2026-04-20"))
    on("2026-04-01")
    with pytest.raises(Refusal, match="why the hold ends"):
        service.end_hold(as_role(Role.EHE_MANAGER), hold, " ")
    service.end_hold(as_role(Role.EHE_MANAGER), hold, "They are back")
    clock = clock_of(village["Cleo"])
    assert (clock.held_until, clock.grace_ends) == (d("2026-04-01"), d("2026-04-01"))
    assert [event.last_on for event in told if isinstance(event, HoldEnded)] == [d("2026-04-01")]
    with pytest.raises(Refusal, match="over"):
        service.end_hold(as_role(Role.EHE_MANAGER), hold, "Again")


def test_a_second_hold_takes_the_place_of_one_that_runs(
    village: Village, as_role: Callable[[Role], Work], clock_of: Callable[[Child], ContactClock]
) -> None:
    cleo = village["Cleo"]
    first = service.hold_clock(as_role(Role.EHE_MANAGER), cleo, holding("2026-03-30"))
    with pytest.raises(Refusal, match="only the CME manager"):
        service.hold_clock(as_role(Role.EHE_MANAGER), cleo, holding("2026-04-20"))
    service.hold_clock(as_role(Role.CME_MANAGER), cleo, holding("2026-04-20"))
    assert first.ended_on == TODAY
    assert clock_of(cleo).grace_ends == d("2026-04-20")


def test_no_hold_for_a_protection_plan_a_lapsed_clock_or_no_clock(
    work: Work, village: Village, as_role: Callable[[Role], Work], clock_of: Callable[[Child], ContactClock]
) -> None:
    manager = as_role(Role.CME_MANAGER)
    with pytest.raises(Refusal, match="child protection plan"):
        service.hold_clock(manager, village["Esi"], holding("2026-04-20"))
    with pytest.raises(Refusal, match="no clock to hold"):
        service.hold_clock(manager, village["Gil"], holding("2026-04-20"))
    with pytest.raises(Refusal, match="from whom"):
        service.hold_clock(manager, village["Cleo"], holding("2026-04-20", " "))
    service.lapse(work, [clock_of(village["Ben"]).id])
    with pytest.raises(Refusal, match="has lapsed"):
        service.hold_clock(manager, village["Ben"], holding("2026-04-20"))


def test_a_protection_plan_ends_a_hold(
    work: Work,
    village: Village,
    as_role: Callable[[Role], Work],
    on: Callable[[str], Work],
    clock_of: Callable[[Child], ContactClock],
) -> None:
    cleo = village["Cleo"]
    service.hold_clock(as_role(Role.EHE_MANAGER), cleo, holding("2026-04-20"))
    on("2026-03-25")
    assert cleo.episode is not None
    register.set_tier(work, cleo.episode, Tier.CLOSE, SocialCare.CP)
    clock = clock_of(cleo)
    assert (clock.held_until, clock.grace_ends) == (d("2026-03-25"), d("2026-03-25"))


# The pages


def test_only_the_two_managers_hold_a_clock(
    village: Village, client_as: Callable[[Account | None], LintingClient]
) -> None:
    page = f"/children/{village['Cleo'].reference}/clock/hold"
    opens = {role for role, account in village.staff.items() if client_as(account).get(page).status_code == 200}
    assert opens == {Role.EHE_MANAGER, Role.CME_MANAGER}


def test_holding_and_ending_a_hold_on_the_pages(
    work: Work, village: Village, client_as: Callable[[Account | None], LintingClient]
) -> None:
    child = village["Cleo"]
    home = f"/children/{child.reference}/clock"
    manager = client_as(village.staff[Role.EHE_MANAGER])
    answers = {
        "reason": "hospital",
        "words": "Mr Dunn rang from the ward",
        "until_on-day": "20",
        "until_on-month": "4",
        "until_on-year": "2026",
    }
    too_long = manager.submit(f"{home}/hold", answers | {"until_on-month": "9"})
    assert "a hold lasts 60 days at most" in too_long.text
    assert manager.submit(f"{home}/hold", answers).status_code == 302
    shown = manager.get(f"{home}/holds").text
    assert "held until 20 April 2026" in shown
    assert "Mr Dunn rang from the ward" in shown
    assert "Held until 20 April 2026" in manager.get(f"/children/{child.reference}").text
    hold = work.session.scalars(select(ClockHold)).one()
    assert manager.submit(f"{home}/holds/{hold.reference}/end", {"why": "Home again"}).status_code == 302
    assert manager.get(f"{home}/holds/{hold.reference}/end").status_code == 404
    assert "Ended early" in manager.get(f"{home}/holds").text


def test_a_held_clock_is_said_plainly_on_my_day(
    village: Village, as_role: Callable[[Role], Work], client_as: Callable[[Account | None], LintingClient]
) -> None:
    service.hold_clock(as_role(Role.EHE_MANAGER), village["Cleo"], holding("2026-04-20"))
    text = client_as(village.adviser).get("/my-day").text
    assert "Contact is overdue; the clock is held" in text
    assert "Held until 20 April 2026" in text


def test_the_family_reads_until_when_there_is_time_and_not_why(
    village: Village,
    as_role: Callable[[Role], Work],
    client_as: Callable[[Account | None], LintingClient],
    on: Callable[[str], Work],
    clock: Clock,
) -> None:
    ada = village["Ada"]  # due on 1 December 2026
    clock.at = on("2026-11-20").at
    service.hold_clock(as_role(Role.EHE_MANAGER), ada, holding("2026-12-31"))
    text = client_as(village.parents["Ada"]).get(f"/family/children/{ada.reference}").text
    assert "There is time until" in text
    assert "31 December 2026" in text
    assert "Lagos" not in text
    assert "ereavement" not in text
