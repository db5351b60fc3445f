"""Reminders before a contact is due: the rules, the job, and what becomes of what was missed."""

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
from ehe_portal.contact.events import ContactReminded, RemindersPassedOver
from ehe_portal.contact.models import ContactClock, ContactReminder
from ehe_portal.contact.rules import HoldReason, Reminder, ReminderDays, days_of, next_reminder_on, reminders_on, way_of
from ehe_portal.core.codes import ContactKind, ContactOutcome, ContactWay, SocialCare, Tier
from ehe_portal.core.work import Event, Work
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, FamilyWishes
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village

DAYS = ReminderDays()
BY = date(2026, 12, 1)
ONE_DAY = timedelta(days=1)


def d(day: str) -> date:
    return date.fromisoformat(day)


# Rules


def test_days_are_counted_back_from_the_date() -> None:
    assert days_of(BY, DAYS) == {
        Reminder.FAMILY_FIRST: d("2026-11-03"),
        Reminder.FAMILY_AGAIN: d("2026-11-24"),
        Reminder.ADVISER_BEFORE: d("2026-11-24"),
        Reminder.ADVISER_DUE: BY,
        Reminder.FAMILY_AFTER: d("2026-12-02"),
        Reminder.ADVISER_AFTER: d("2026-12-02"),
    }


@pytest.mark.parametrize(
    ("since", "today", "kinds"),
    [
        ("2026-11-03", "2026-11-03", "family-first"),
        ("2026-11-24", "2026-11-24", "family-again adviser-before"),
        ("2026-12-01", "2026-12-01", "adviser-due"),
        ("2026-12-02", "2026-12-02", "family-after adviser-after"),
        # Missed while nothing ran: the latest that still says something true.
        ("2026-11-03", "2026-11-10", "family-first"),
        ("2026-11-03", "2026-11-25", "family-again adviser-before"),
        ("2026-11-24", "2026-12-01", "family-again adviser-due"),
        ("2026-11-03", "2026-12-05", "family-after adviser-after"),
        ("2026-12-02", "2026-12-08", "family-after adviser-after"),
        ("2026-11-04", "2026-11-23", ""),
        ("2026-12-03", "2026-12-09", ""),
    ],
)
def test_who_is_reminded_today(since: str, today: str, kinds: str) -> None:
    assert [kind.value for kind in reminders_on(BY, DAYS, d(since), d(today))] == kinds.split()


@running(max_examples=300, deadline=None)
@given(
    st.dates(date(2026, 1, 1), date(2027, 12, 31)),
    st.builds(ReminderDays, st.integers(1, 90), st.integers(1, 90), st.integers(1, 90)),
    st.lists(st.integers(1, 40), min_size=1, max_size=30),
)
def test_each_is_sent_once_however_irregularly_the_job_runs(by_on: date, days: ReminderDays, gaps: list[int]) -> None:
    first = by_on - timedelta(days=100)
    sent: list[Reminder] = []
    remind_on, today = next_reminder_on(by_on, days, first), first
    for gap in gaps:
        today += timedelta(days=gap)
        if remind_on is not None and remind_on <= today:
            kinds = reminders_on(by_on, days, remind_on, today)
            assert today <= by_on or set(kinds) <= {Reminder.FAMILY_AFTER, Reminder.ADVISER_AFTER}
            sent += kinds
            remind_on = next_reminder_on(by_on, days, today + ONE_DAY)
    assert len(sent) == len(set(sent))
    if today > by_on:
        assert {Reminder.FAMILY_AFTER, Reminder.ADVISER_AFTER} <= set(sent)


@pytest.mark.parametrize(
    ("wishes", "way"),
    [
        ([], None),
        ([ContactWay.WRITING], None),
        ([ContactWay.PHONE, ContactWay.WRITING], None),
        ([ContactWay.PHONE], ContactWay.PHONE),
        ([ContactWay.MEETING, ContactWay.VIDEO], ContactWay.MEETING),
    ],
)
def test_a_family_is_written_to_unless_it_asked_for_something_else(
    wishes: list[ContactWay], way: ContactWay | None
) -> None:
    assert way_of(wishes) is way


# The job


@pytest.fixture
def run(work: Work, on: Callable[[str], Work], told: list[Event]) -> Callable[[str], list[ContactReminded]]:
    """Runs the job on a day, and gives the reminders that it led to."""

    def remind(day: str) -> list[ContactReminded]:
        on(day)
        told.clear()
        service.remind(work, list(work.session.scalars(queries.reminding(work))))
        return [event for event in told if isinstance(event, ContactReminded)]

    return remind


def about(reminded: list[ContactReminded], child: Child) -> list[str]:
    return sorted(event.kind.value for event in reminded if event.child_id == child.id)


def test_a_year_of_one_family(
    village: Village, run: Callable[[str], list[ContactReminded]], clock_of: Callable[[Child], ContactClock]
) -> None:
    ada = village["Ada"]
    assert clock_of(ada).due_on == BY
    for day, kinds in {
        "2026-11-02": [],
        "2026-11-03": ["family-first"],
        "2026-11-04": [],
        "2026-11-24": ["adviser-before", "family-again"],
        "2026-12-01": ["adviser-due"],
        "2026-12-02": ["adviser-after", "family-after"],
        "2026-12-03": [],
    }.items():
        assert about(run(day), ada) == kinds, day
        assert about(run(day), ada) == [], "a second run changes nothing"


def test_each_is_written_down_once(work: Work, village: Village, run: Callable[[str], list[ContactReminded]]) -> None:
    run("2026-11-24")
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == village["Ada"].id)).one()
    clock.remind_on = d("2026-11-24")  # as if the job had been cut off before it wrote this
    assert about(run("2026-11-24"), village["Ada"]) == []
    kept = work.session.scalars(select(ContactReminder).where(ContactReminder.child_id == village["Ada"].id)).all()
    assert {(one.by_on, one.kind) for one in kept} == {(BY, Reminder.FAMILY_AGAIN), (BY, Reminder.ADVISER_BEFORE)}


def test_hearing_from_the_family_begins_anew(
    work: Work, village: Village, run: Callable[[str], list[ContactReminded]], on: Callable[[str], Work]
) -> None:
    ada = village["Ada"]
    run("2026-11-03")
    on("2026-11-10")
    happened = service.Happened(
        kind=ContactKind.LETTER, outcome=ContactOutcome.RECEIVED, happened_on=d("2026-11-10"), substantive=True
    )
    service.record_contact(work, ada, happened)
    assert about(run("2026-12-02"), ada) == []
    assert about(run("2027-10-13"), ada) == ["family-first"]  # four weeks before 10 November 2027


def test_nobody_is_reminded_once_the_contact_has_lapsed_or_of_a_child_under_school_age(
    work: Work, village: Village, run: Callable[[str], list[ContactReminded]], clock_of: Callable[[Child], ContactClock]
) -> None:
    service.lapse(work, [clock_of(village["Ben"]).id])
    assert about(run("2026-03-12"), village["Ben"]) == []
    assert about(run("2026-12-28"), village["Ivo"]) == []
    assert about(run("2027-03-25"), village["Ivo"]) == []


def test_nor_while_a_lapse_stands_whose_date_has_moved(
    work: Work, village: Village, run: Callable[[str], list[ContactReminded]], clock_of: Callable[[Child], ContactClock]
) -> None:
    """Whoever answers it has it in hand: the portal does not write beside them."""
    service.lapse(work, [clock_of(village["Ben"]).id])
    assert village["Ben"].episode is not None
    register.set_tier(work, village["Ben"].episode, Tier.ANNUAL, SocialCare.NONE)
    set_values(work, village.authority.id, PolicyValues(interval_months_annual=24), d("2026-03-12"))
    service.follow_policy(work, [clock_of(village["Ben"]).id])
    clock = clock_of(village["Ben"])
    assert (clock.lapsed_due_on, clock.due_on) == (d("2026-01-15"), d("2027-01-15"))
    assert about(run("2027-01-08"), village["Ben"]) == []


def test_a_family_that_nothing_reaches_is_not_written_down_as_reminded(
    work: Work, village: Village, run: Callable[[str], list[ContactReminded]]
) -> None:
    """Nobody has an account, and letters are not made by themselves."""
    set_values(work, village.authority.id, PolicyValues(letters_by_itself=1), work.today)
    assert about(run("2026-03-12"), village["Cleo"]) == []  # her reminders of 5 March are past when the clock began
    clock = work.session.scalars(select(ContactClock).where(ContactClock.child_id == village["Cleo"].id)).one()
    clock.remind_on = d("2026-03-06")
    assert about(run("2026-03-12"), village["Cleo"]) == ["adviser-after"]


def test_a_family_whose_messages_are_stopped_is_not_reminded_but_its_adviser_is(
    work: Work, village: Village, run: Callable[[str], list[ContactReminded]], told: list[Event]
) -> None:
    village["Ada"].messages_stopped_at = work.at
    work.session.flush()
    assert about(run("2026-11-03"), village["Ada"]) == []
    assert any(isinstance(event, RemindersPassedOver) for event in told)
    assert about(run("2026-11-24"), village["Ada"]) == ["adviser-before"]


def test_a_family_that_would_be_rung_is_left_to_its_adviser(
    work: Work, village: Village, run: Callable[[str], list[ContactReminded]]
) -> None:
    ada = village["Ada"]
    work.session.add(
        FamilyWishes(authority_id=ada.authority_id, child_id=ada.id, said_on=d("2026-01-01"), ways=["phone"])
    )
    work.session.flush()
    (event,) = run("2026-11-03")
    assert (event.kind, event.way) == (Reminder.FAMILY_FIRST, ContactWay.PHONE)


def test_a_hold_puts_reminders_off_to_its_own_end(
    village: Village,
    new_work: Callable[..., Work],
    work: Work,
    on: Callable[[str], Work],
    run: Callable[[str], list[ContactReminded]],
) -> None:
    ada = village["Ada"]
    manager = new_work(village.staff[Role.EHE_MANAGER])
    manager.session, manager.at = work.session, on("2026-11-10").at
    service.hold_clock(manager, ada, service.Holding(d("2027-01-08"), HoldReason.HOSPITAL, "Rang from the ward"))
    for day in ("2026-11-24", "2026-12-01", "2026-12-02"):
        assert about(run(day), ada) == [], day
    reminded = run("2026-12-11")
    assert about(reminded, ada) == ["family-first"]
    assert [event.by_on for event in reminded if event.child_id == ada.id] == [d("2027-01-08")]


def test_the_days_are_values_of_the_authority(
    work: Work, village: Village, run: Callable[[str], list[ContactReminded]], on: Callable[[str], Work]
) -> None:
    values = PolicyValues(remind_family_first_days=40, remind_family_again_days=3, remind_adviser_days=1)
    set_values(work, village.authority.id, values, work.today)
    service.follow_policy(work, list(work.session.scalars(queries.under_older_policy(work))))
    for day, kinds in {
        "2026-10-22": ["family-first"],
        "2026-11-24": [],
        "2026-11-28": ["family-again"],
        "2026-11-30": ["adviser-before"],
    }.items():
        assert about(run(day), village["Ada"]) == kinds, day


def test_what_was_missed_while_nothing_ran_is_made_up_for_where_it_is_still_true(
    village: Village, run: Callable[[str], list[ContactReminded]]
) -> None:
    assert about(run("2026-11-29"), village["Ada"]) == ["adviser-before", "family-again"]
    assert about(run("2026-12-09"), village["Ada"]) == ["adviser-after", "family-after"]


def test_the_family_finds_it_among_what_was_sent_and_received(
    village: Village,
    run: Callable[[str], list[ContactReminded]],
    client_as: Callable[[Account | None], LintingClient],
    clock: Clock,
    work: Work,
) -> None:
    run("2026-11-03")
    clock.at = work.at
    story = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}/story").text
    assert "Reminder: we would like to hear from you by 1 December 2026" in story
    page = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}").text
    assert "We sent you a reminder of it on 3 November 2026" in page
    told = client_as(village.adviser).get(f"/children/{village['Ada'].reference}/chronology").text
    assert "Reminded of the next contact" in told
