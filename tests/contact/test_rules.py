"""The clock in tables: what is effective, when a family is due, and when it has lapsed.

How the tables are written. Setting: a tier, and a social care status if any ("close cp"); what held from opening
first, then each change with its day ("annual; 2026-03-02 close"). Heard: an effective contact is its date, with the
agreed next date after ">"; a reply has "~" before its date. A plan is the day it was decided on and its date.
"""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from ehe_portal.contact.rules import (
    DEFAULT_VALUES,
    Basis,
    ClockAnswer,
    Heard,
    Hearing,
    Interval,
    Planned,
    Setting,
    classify,
    clock,
    days_of_authority_delay,
    has_lapsed,
    outcomes_of,
    valid_combination,
)
from ehe_portal.core.codes import ContactKind, ContactOutcome, SocialCare, Tier
from ehe_portal.core.school_age import compulsory_school_age


def d(text: str) -> date:
    return date.fromisoformat(text)


BORN = d("2015-05-04")  # Of school age on every day of these tables: from 31 August 2020 to 27 June 2031.
OPENED = d("2025-03-03")  # A Monday.


def setting(text: str) -> Setting:
    words = text.split()
    from_on = d(words.pop(0)) if words[0][0] == "2" else OPENED
    tier, *status = words
    return Setting(from_on, Tier(tier), SocialCare(*status or ["none"]), DEFAULT_VALUES)


def settings_of(text: str) -> list[Setting]:
    return [setting(each) for each in text.split(";")]


def hearing(text: str) -> Heard:
    on, _, agreed = text.removeprefix("~").partition(">")
    return Heard(d(on), effective=not text.startswith("~"), agreed_next_on=d(agreed) if agreed else None)


def ask(
    heard: str = "",
    setting_text: str = "annual",
    *,
    settings: list[Setting] | None = None,
    planned: str = "",
    opened_on: date = OPENED,
    born: str | date = BORN,
    as_of: str = "2026-11-23",
) -> ClockAnswer:
    return clock(
        opened_on,
        d(born) if isinstance(born, str) else born,
        settings or settings_of(setting_text),
        [hearing(each) for each in heard.split()],
        [Planned(*map(d, each.split(">"))) for each in planned.split()],
        d(as_of),
    )


def table(text: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.split("|")] for line in text.strip().splitlines()]


# What a contact is to the clock

SPOKEN = {"held", "no-answer", "cancelled-by-family", "cancelled-by-authority"}


@pytest.mark.parametrize(
    ("kind", "outcomes"),
    [
        ("home-visit", SPOKEN | {"no-access"}),
        ("meeting", SPOKEN | {"no-access"}),
        ("phone-call", SPOKEN),
        ("video-call", SPOKEN),
        ("written-report", {"received", "sent"}),
        ("letter", {"received", "sent"}),
        ("email", {"received", "sent"}),
    ],
)
def test_which_outcome_goes_with_which_kind(kind: str, outcomes: set[str]) -> None:
    assert outcomes_of(ContactKind(kind)) == outcomes
    for outcome in ContactOutcome:
        assert valid_combination(ContactKind(kind), outcome) is (outcome in outcomes)


@pytest.mark.parametrize("kind", ContactKind)
@pytest.mark.parametrize("outcome", ContactOutcome)
@pytest.mark.parametrize("substantive", [True, False, None])
def test_what_a_contact_is_to_the_clock(kind: ContactKind, outcome: ContactOutcome, substantive: bool | None) -> None:
    expected = None
    if kind in {"home-visit", "meeting", "phone-call", "video-call"} and outcome == "held":
        expected = Hearing.EFFECTIVE
    if kind in {"written-report", "letter", "email"} and outcome == "received":
        expected = Hearing.EFFECTIVE if substantive is True else Hearing.REPLY
    assert classify(kind, outcome, substantive) is expected


@pytest.mark.parametrize(
    ("received", "as_of", "delay"),
    [
        ("2026-11-23", "2026-11-23", 0),
        ("2026-11-23", "2026-11-30", 0),
        ("2026-11-23", "2026-12-01", 1),
        ("2026-11-21", "2026-11-27", 0),
        ("2026-12-23", "2027-01-04", 0),
        ("2026-12-23", "2027-01-05", 1),
        ("2026-11-23", "2026-11-01", 0),
    ],
)
def test_after_five_working_days_the_delay_is_the_authoritys(received: str, as_of: str, delay: int) -> None:
    assert days_of_authority_delay(d(received), d(as_of)) == delay


# One setting: due, grace, lapse

FIRST_CONTACT = """
    annual                | 2025-03-17 | 2025-03-24
    half-yearly unknown   | 2025-03-17 | 2025-03-24
    close                 | 2025-03-17 | 2025-03-24
    annual past           | 2025-03-17 | 2025-03-24
    annual cin            | 2025-03-06 | 2025-03-13
    annual lac            | 2025-03-06 | 2025-03-13
    annual cp             | 2025-03-06 | 2025-03-13
    close cin             | 2025-03-06 | 2025-03-13
"""


@pytest.mark.parametrize(("held", "due", "grace_ends"), table(FIRST_CONTACT))
def test_first_contact(held: str, due: str, grace_ends: str) -> None:
    answer = ask("", held)
    assert (answer.due_on, answer.grace_ends) == (d(due), d(grace_ends))
    assert (answer.basis, answer.starts_on) == (Basis.FIRST_CONTACT, OPENED)


ONE_SETTING = """
    a year on                      | annual      | 2025-06-10             | 2026-06-10 | 2026-06-24 | interval
    half a year on                 | half-yearly | 2025-06-10             | 2025-12-10 | 2025-12-24 | interval
    six weeks on                   | close       | 2025-06-10             | 2025-07-22 | 2025-07-29 | interval
    a year on, a Sunday            | annual      | 2025-06-14             | 2026-06-15 | 2026-06-29 | interval
    half a year after 31 August    | half-yearly | 2025-08-31             | 2026-03-02 | 2026-03-16 | interval
    six weeks on, Easter Monday    | close       | 2026-02-23             | 2026-04-07 | 2026-04-14 | interval
    six weeks on, Christmas Day    | close       | 2025-11-13             | 2025-12-29 | 2026-01-06 | interval
    grace over Christmas           | half-yearly | 2025-06-17             | 2025-12-17 | 2026-01-05 | interval
    the latest counts              | annual      | 2026-01-12 2025-06-10  | 2027-01-12 | 2027-01-26 | interval
    on the day of opening          | annual      | 2025-03-03             | 2026-03-03 | 2026-03-17 | interval
    before opening                 | annual      | 2025-03-02>2025-12-01  | 2025-03-17 | 2025-03-24 | first-contact
    on the day of asking           | close       | 2026-11-23             | 2027-01-04 | 2027-01-11 | interval
    after the day of asking        | close       | 2026-11-24             | 2025-03-17 | 2025-03-24 | first-contact
    agreed, earlier                | annual      | 2025-06-10>2025-09-01  | 2025-09-01 | 2025-09-15 | agreed
    agreed, a Saturday             | annual      | 2025-06-10>2025-09-06  | 2025-09-08 | 2025-09-22 | agreed
    agreed, later                  | close       | 2025-06-10>2025-09-01  | 2025-07-22 | 2025-07-29 | interval
    agreed, the same               | close       | 2025-06-10>2025-07-22  | 2025-07-22 | 2025-07-29 | interval
    agreed at an earlier contact   | annual | 2025-06-10>2025-09-01 2025-07-10 | 2026-07-10 | 2026-07-24 | interval
    the earliest agreed that day   | annual | 2025-06-10>2025-10-01 2025-06-10 2025-06-10>2025-09-01 \
                                                                            | 2025-09-01 | 2025-09-15 | agreed
    reply without contact          | annual      | ~2025-03-12            | 2025-04-09 | 2025-04-16 | first-contact+
    reply on the day of opening    | annual      | ~2025-03-03            | 2025-03-31 | 2025-04-07 | first-contact+
    reply before opening           | annual      | ~2025-03-02            | 2025-03-17 | 2025-03-24 | first-contact
    reply long before due          | annual      | 2025-06-10 ~2025-11-03 | 2026-06-10 | 2026-06-24 | interval
    reply that ends before due     | annual      | 2025-06-10 ~2026-05-11 | 2026-06-10 | 2026-06-24 | interval
    reply that ends just after due | annual      | 2025-06-10 ~2026-05-13 | 2026-06-11 | 2026-06-25 | interval+
    reply near due                 | annual      | 2025-06-10 ~2026-06-01 | 2026-06-29 | 2026-07-13 | interval+
    reply on due                   | annual      | 2025-06-10 ~2026-06-10 | 2026-07-08 | 2026-07-22 | interval+
    reply after due: no more       | annual      | 2025-06-10 ~2026-06-17 | 2026-07-08 | 2026-07-22 | interval+
    many replies: no more          | annual | 2025-06-10 ~2026-06-01 ~2026-06-30 ~2026-07-30 | 2026-07-08 | 2026-07-22 \
                                                                                                    | interval+
    reply on the day of contact    | close       | 2025-06-10 ~2025-06-10 | 2025-07-22 | 2025-07-29 | interval
    reply before the contact       | close       | 2025-06-10 ~2025-06-09 | 2025-07-22 | 2025-07-29 | interval
    reply after the day of asking  | close       | 2026-10-12 ~2026-11-24 | 2026-11-23 | 2026-11-30 | interval
    reply near an agreed date      | annual | 2025-06-10>2025-09-01 ~2025-08-29 | 2025-09-26 | 2025-10-10 | agreed+
    reply, child protection        | annual cp   | 2025-06-10 ~2025-07-22 | 2025-07-29 | 2025-08-05 | interval+
    reply, child in need           | close cin   | 2025-06-10 ~2025-07-22 | 2025-08-19 | 2025-08-27 | interval+
"""


@pytest.mark.parametrize(("what", "held", "heard", "due", "grace_ends", "basis"), table(ONE_SETTING))
def test_due_and_grace(what: str, held: str, heard: str, due: str, grace_ends: str, basis: str) -> None:
    answer = ask(heard, held)
    assert (answer.due_on, answer.grace_ends) == (d(due), d(grace_ends)), what
    assert f"{answer.basis}{'+' if answer.reply_extended else ''}" == basis
    assert answer.lapses_on == d(grace_ends) + timedelta(days=1)
    assert answer.changed_on is None


def test_the_facts_of_the_history_are_told() -> None:
    answer = ask("2025-06-10>2025-09-01 ~2025-06-20 ~2025-06-15 ~2025-05-01")
    assert answer.last_contact_on == d("2025-06-10")
    assert answer.agreed_next_on == d("2025-09-01")
    assert answer.last_reply_on == d("2025-06-20")
    silent = ask()
    assert (silent.last_contact_on, silent.agreed_next_on, silent.last_reply_on) == (None, None, None)


@pytest.mark.parametrize("tier", Tier)
@pytest.mark.parametrize(
    ("status", "floor"),
    table("none|annual\npast|annual\nunknown|annual\ncin|half-yearly\nlac|half-yearly\ncp|close"),
)
def test_the_tier_is_never_looser_than_social_care_asks(tier: Tier, status: str, floor: str) -> None:
    strictness = list(Tier)
    due_under = {Tier.ANNUAL: "2026-06-10", Tier.HALF_YEARLY: "2025-12-10", Tier.CLOSE: "2025-07-22"}
    answer = ask("2025-06-10", f"{tier} {status}")
    assert answer.tier is max(tier, Tier(floor), key=strictness.index)
    assert answer.due_on == d(due_under[answer.tier])


def test_leap_days() -> None:
    assert ask("2028-02-29", as_of="2028-03-01").due_on == d("2029-02-28")
    assert ask("2027-08-31", "half-yearly", as_of="2027-09-01").due_on == d("2028-02-29")


def test_an_authoritys_own_values() -> None:
    own = replace(
        DEFAULT_VALUES,
        interval={Tier.ANNUAL: Interval(months=9), Tier.HALF_YEARLY: Interval(months=4), Tier.CLOSE: Interval(weeks=4)},
        grace_days={Tier.ANNUAL: 0, Tier.HALF_YEARLY: 3, Tier.CLOSE: 1},
        first_contact_days=15,
        first_contact_grace=2,
        reply_days=10,
    )
    held = [replace(setting("annual"), values=own)]
    assert (ask(settings=held).due_on, ask(settings=held).grace_ends) == (d("2025-03-24"), d("2025-03-26"))
    answer = ask("2025-06-10 ~2026-03-10", settings=held)
    assert answer.due_on == answer.grace_ends == d("2026-03-24")
    assert Interval(months=1, weeks=1).after(d("2026-01-31")) == d("2026-03-07")


# Both ends of compulsory school age

UNDER_AGE = """
    nobody heard from                     | 2021-09-10 |            | 2026-12-31 | 2027-01-15 | first-contact
    already five, not yet of age          | 2021-04-01 |            | 2026-08-31 | 2026-09-14 | first-contact
    five on a prescribed day              | 2021-12-31 |            | 2026-12-31 | 2027-01-15 | first-contact
    five a day later                      | 2022-01-01 |            | 2027-03-31 | 2027-04-14 | first-contact
    of age four weeks after opening       | 2020-03-03 |            | 2025-03-31 | 2025-04-14 | first-contact
    contact a year before: due on that day| 2021-09-10 | 2025-12-31 | 2026-12-31 | 2026-12-31 | interval
    a day earlier: too old                | 2021-09-10 | 2025-12-30 | 2026-12-31 | 2027-01-15 | first-contact
    rolled over a weekend, still too old  | 2021-03-15 | 2025-03-28 | 2026-03-31 | 2026-04-16 | first-contact
    rolled over a weekend to after it     | 2021-08-31 | 2025-08-29 | 2026-08-31 | 2026-09-01 | interval
"""


@pytest.mark.parametrize(("what", "born", "heard", "starts", "due", "basis"), table(UNDER_AGE))
def test_nothing_is_due_before_school_age(what: str, born: str, heard: str, starts: str, due: str, basis: str) -> None:
    answer = ask(heard, born=born)
    assert (answer.starts_on, answer.due_on, answer.basis) == (d(starts), d(due), basis), what


def test_a_contact_too_old_to_count_leaves_every_reply_counting() -> None:
    """A reply from before that contact, which the contact would otherwise have answered, counts again."""
    answer = ask("~2025-04-01 2025-04-02", born="2021-09-10")
    assert answer.basis is Basis.FIRST_CONTACT
    assert answer.last_reply_on == d("2025-04-01")
    assert answer.last_contact_on == d("2025-04-02")
    assert answer.due_on == d("2027-01-15"), "a reply so long before buys nothing"
    late = ask("~2027-01-07 2025-04-02", born="2021-09-10", as_of="2027-01-08")
    assert (late.due_on, late.reply_extended) == (d("2027-02-04"), True)


def test_which_contact_is_too_old_depends_on_the_tier() -> None:
    assert ask("2026-10-01", born="2021-09-10").basis is Basis.INTERVAL
    close = ask("2026-10-01", "close", born="2021-09-10")
    assert (close.basis, close.due_on, close.grace_ends) == (Basis.FIRST_CONTACT, d("2027-01-15"), d("2027-01-22"))


def test_the_family_has_the_whole_of_the_last_day_of_grace() -> None:
    answer = ask("2025-06-10")
    _, age_ends = compulsory_school_age(BORN)
    assert not has_lapsed(answer, age_ends, d("2026-06-24"))
    assert has_lapsed(answer, age_ends, d("2026-06-25"))
    assert answer.lapses_on == d("2026-06-25")


def test_nothing_lapses_after_school_age() -> None:
    born = d("2010-09-30")
    _, age_ends = compulsory_school_age(born)
    assert age_ends == d("2027-06-25")
    in_time = ask("2026-06-10", born=born)
    assert has_lapsed(in_time, age_ends, age_ends)
    assert not has_lapsed(in_time, age_ends, age_ends + timedelta(days=1))
    too_late = ask("2026-06-11", born=born)
    assert too_late.lapses_on == d("2027-06-26")
    assert not any(has_lapsed(too_late, age_ends, age_ends + timedelta(days=n)) for n in range(-30, 30))


# Changes of tier, social care status and policy. The one contact was on 10 June 2025: due on 10 June 2026 if annual,
# 10 December 2025 if half-yearly, 22 July 2025 if close.

CHANGES = """
    days left for a first contact  | annual; 2026-03-02 close       | 2026-03-16 | 2026-03-23 | 2026-03-02
    child in need: three days      | annual; 2026-03-02 annual cin  | 2026-03-05 | 2026-03-19 | 2026-03-02
    child protection: three days   | annual; 2026-03-02 annual cp   | 2026-03-05 | 2026-03-12 | 2026-03-02
    the old date is nearer         | annual; 2026-06-08 close       | 2026-06-10 | 2026-06-17 | 2026-06-08
    already late: no fresh days    | annual; 2026-06-15 close       | 2026-06-10 | 2026-06-17 | 2026-06-15
    early enough: as recomputed    | annual; 2025-11-03 half-yearly | 2025-12-10 | 2025-12-24 |
    just early enough              | annual; 2025-11-26 half-yearly | 2025-12-10 | 2025-12-24 |
    a day too late for that        | annual; 2025-11-27 half-yearly | 2025-12-11 | 2025-12-29 | 2025-11-27
    of no matter to the clock      | annual; 2026-03-02 annual past | 2026-06-10 | 2026-06-24 |
    looser                         | close; 2025-07-01 annual       | 2026-06-10 | 2026-06-24 |
    on the day of opening          | annual; 2025-03-03 close       | 2025-07-22 | 2025-07-29 |
    on the day of asking           | annual; 2026-11-23 close       | 2026-06-10 | 2026-06-17 | 2026-11-23
    after the day of asking        | annual; 2026-11-24 close       | 2026-06-10 | 2026-06-24 |
    in any order                   | 2026-03-02 close; annual       | 2026-03-16 | 2026-03-23 | 2026-03-02
    one more, of no matter    | annual; 2026-03-02 close; 2026-03-10 close past | 2026-03-16 | 2026-03-23 | 2026-03-10
    one more, looser               | annual; 2026-03-02 close; 2026-03-10 annual | 2026-06-10 | 2026-06-24 |
    one more, stricter        | annual; 2026-03-02 close; 2026-03-04 close cp | 2026-03-09 | 2026-03-16 | 2026-03-04
    taken back the same day        | annual; 2026-03-02 close; 2026-03-02 annual | 2026-06-10 | 2026-06-24 |
"""


@pytest.mark.parametrize(("what", "held", "due", "grace_ends", "changed_on"), table(CHANGES))
def test_a_change_makes_nobody_late_overnight(what: str, held: str, due: str, grace_ends: str, changed_on: str) -> None:
    answer = ask("2025-06-10", held)
    assert (answer.due_on, answer.grace_ends) == (d(due), d(grace_ends)), what
    assert answer.changed_on == (d(changed_on) if changed_on else None)


@pytest.mark.parametrize(("months", "due"), [(8, "2026-03-16"), (10, "2026-04-10"), (18, "2026-12-10")])
def test_a_new_policy_is_a_change_like_any_other(months: int, due: str) -> None:
    own = replace(DEFAULT_VALUES, interval={**DEFAULT_VALUES.interval, Tier.ANNUAL: Interval(months=months)})
    change = replace(setting("2026-03-02 annual"), values=own)
    assert ask("2025-06-10", settings=[setting("annual"), change]).due_on == d(due)


def test_what_came_to_hold_on_the_day_of_opening_is_no_change() -> None:
    weekly = replace(DEFAULT_VALUES, interval={**DEFAULT_VALUES.interval, Tier.CLOSE: Interval(weeks=1)})
    at_opening = replace(setting("close"), values=weekly)
    assert ask("2025-03-03", settings=[setting("annual"), at_opening]).due_on == d("2025-03-10")


def test_a_contact_after_the_change_counts_as_ever() -> None:
    answer = ask("2025-06-10 2026-03-09", "annual; 2026-03-02 close")
    assert (answer.due_on, answer.changed_on) == (d("2026-04-20"), None)


def test_a_change_before_any_contact() -> None:
    answer = ask("", "annual; 2025-03-05 annual lac")
    assert (answer.due_on, answer.grace_ends) == (d("2025-03-10"), d("2025-03-17"))


def test_a_reply_that_moved_the_old_date_is_still_told() -> None:
    assert ask("2025-06-10 ~2026-06-08").due_on == d("2026-07-06")
    changed = ask("2025-06-10 ~2026-06-08", "annual; 2026-07-03 close")
    assert (changed.due_on, changed.reply_extended, changed.changed_on) == (d("2026-07-06"), True, d("2026-07-03"))


def test_an_episode_older_than_every_setting_opened_under_the_earliest() -> None:
    assert ask("2025-06-10", "2025-03-04 half-yearly").due_on == d("2025-12-10")
    with pytest.raises(ValueError, match="a setting"):
        clock(OPENED, BORN, [], [], [], d("2026-11-23"))


# A lapse closed with a dated next contact

PLANS = """
    becomes due                       |             | 2025-04-01>2025-06-03 | 2025-06-03 | 2025-06-17 | planned
    a Saturday                        |             | 2025-04-01>2025-06-07 | 2025-06-09 | 2025-06-23 | planned
    decided after the contact         | 2025-06-10  | 2026-07-01>2026-09-01 | 2026-09-01 | 2026-09-15 | planned
    decided on the day of the contact | 2026-07-01  | 2026-07-01>2026-09-01 | 2026-09-01 | 2026-09-15 | planned
    a contact since                   | 2026-07-02  | 2026-07-01>2026-09-01 | 2027-07-02 | 2027-07-16 | interval
    the latest plan stands          | | 2025-07-01>2025-08-04 2025-04-01>2025-06-03 | 2025-08-04 | 2025-08-18 | planned
    two in a day: the later listed  | | 2025-04-01>2025-06-03 2025-04-01>2025-05-01 | 2025-05-01 | 2025-05-16 | planned
    after the day of asking           |             | 2026-11-24>2026-12-01 | 2025-03-17 | 2025-03-24 | first-contact
    a later reply buys time           | ~2025-06-02 | 2025-04-01>2025-06-03 | 2025-06-30 | 2025-07-14 | planned
    a reply of that day does not      | ~2025-04-01 | 2025-04-01>2025-04-10 | 2025-04-10 | 2025-04-28 | planned
"""


@pytest.mark.parametrize(("what", "heard", "planned", "due", "grace_ends", "basis"), table(PLANS))
def test_a_planned_contact(what: str, heard: str, planned: str, due: str, grace_ends: str, basis: str) -> None:
    answer = ask(heard, planned=planned)
    assert (answer.due_on, answer.grace_ends, answer.basis) == (d(due), d(grace_ends), basis), what


def test_grace_after_a_planned_date_is_the_tiers() -> None:
    assert ask("", "close", planned="2025-04-01>2025-05-06").grace_ends == d("2025-05-13")


def test_dates_long_ago_are_answered_too() -> None:
    """An import may hold a slip of the pen such as the year 205."""
    answer = ask("0300-01-01", opened_on=d("0205-03-03"))
    assert (answer.starts_on, answer.due_on) == (d("2020-08-31"), d("2020-09-14"))
