"""The clock against a second, deliberately naive calculation (see oracle), and what must be true of any history."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from hypothesis import assume, example, given
from hypothesis import settings as running
from hypothesis import strategies as st

from ehe_portal.contact import rules
from ehe_portal.core.codes import SocialCare, Tier
from ehe_portal.core.school_age import compulsory_school_age
from tests.contact.oracle import (
    DEFAULTS,
    ONE_DAY,
    Contact,
    Held,
    Hold,
    Story,
    months_on,
    naive_clock,
    school_age,
    working_days_on,
    works,
)

# The same story for the portal's own rules


def setting(held: Held) -> rules.Setting:
    policy = held.policy
    values = rules.ClockValues(
        interval={
            Tier.ANNUAL: rules.Interval(months=policy["annual"]),
            Tier.HALF_YEARLY: rules.Interval(months=policy["half-yearly"]),
            Tier.CLOSE: rules.Interval(weeks=policy["close"]),
        },
        grace_days={tier: policy[f"{tier} grace"] for tier in Tier},
        first_contact_days=policy["first"],
        first_contact_days_social_care=policy["first if known"],
        first_contact_grace=policy["first grace"],
        reply_days=policy["reply"],
        reply_days_cp=policy["reply cp"],
    )
    return rules.Setting(held.since, Tier(held.tier), SocialCare(held.social_care), values)


def ask(story: Story) -> rules.ClockAnswer:
    return rules.clock(
        story.opened,
        story.born,
        [setting(held) for held in story.held],
        [rules.Heard(c.day, c.effective, c.agreed) for c in story.contacts],
        [rules.Planned(*plan) for plan in story.plans],
        story.asked,
        [rules.Hold(*hold) for hold in story.holds],
    )


# Stories

RANGES = {"annual": (7, 18), "half-yearly": (3, 6), "close": (1, 10)}
RANGES |= {"first": (5, 20), "first if known": (1, 5), "reply": (5, 30), "reply cp": (0, 5)}

policies = st.just(DEFAULTS) | st.fixed_dictionaries(
    {name: st.integers(*RANGES.get(name, (0, 15))) for name in DEFAULTS}
)
tiers = st.sampled_from(["annual", "half-yearly", "close"])
statuses = st.sampled_from(["none", "past", "cin", "cp", "lac", "unknown"])
gaps = st.integers(0, 60) | st.integers(0, 800)


def days(gap: int) -> timedelta:
    return timedelta(days=gap)


@st.composite
def contacts_of(draw: st.DrawFn, opened: date, born: date) -> list[Contact]:
    """Up to six contacts, many on the same few days, and many where the page's cases meet.

    That is: about opening and the start of school age, about an interval before that, and at a month's end.
    """
    starts = max(opened, school_age(born)[0])
    landmarks = [opened, starts, *(starts - days(gap) for gap in (20, 42, 184, 365)), date(opened.year + 1, 8, 31)]
    near_landmarks = st.tuples(st.sampled_from(landmarks), st.integers(-3, 3))
    anywhere = st.tuples(st.just(opened), st.integers(0, 800))
    few_days = [day + days(gap) for day, gap in draw(st.lists(near_landmarks | anywhere, min_size=1, max_size=4))]
    contacts = []
    for day in draw(st.lists(st.sampled_from(few_days), max_size=6)):
        effective = draw(st.booleans())
        agreed_in = draw(st.none() | gaps) if effective else None
        contacts.append(Contact(day, effective, None if agreed_in is None else day + days(agreed_in + 1)))
    return contacts


@st.composite
def stories(
    draw: st.DrawFn, most_changes: int = 3, most_plans: int = 2, most_holds: int = 2, policy: Any = policies
) -> Story:
    """An episode opened between 2018 and 2030, over the end of the list of bank holidays."""
    opened = draw(st.dates(date(2018, 1, 1), date(2030, 12, 31)))
    born = opened - days(draw(st.integers(5 * 365 - 500, 5 * 365) | st.integers(0, 16 * 365)))
    held = [Held(opened - days(draw(st.integers(0, 2))), draw(tiers), draw(statuses), draw(policy))]
    for _ in range(draw(st.integers(0, most_changes))):
        since = held[-1].since + days(draw(st.integers(0, 2) | gaps))
        held.append(Held(since, draw(tiers), draw(statuses), draw(st.just(held[-1].policy) | policy)))
    plans = []
    for _ in range(draw(st.integers(0, most_plans))):
        decided = opened + days(draw(gaps))
        plans.append((decided, decided + days(draw(st.integers(1, 300)))))
    holds = []
    for _ in range(draw(st.integers(0, most_holds))):
        begun = opened + days(draw(gaps))
        lasts = draw(st.integers(0, 59))
        given_up = draw(st.none() | st.integers(0, lasts))
        holds.append(Hold(begun, begun + days(lasts), None if given_up is None else begun + days(given_up)))
    return Story(opened, born, held, draw(contacts_of(opened, born)), plans, opened + days(draw(gaps)), holds)


def often(count: int) -> running:
    return running(max_examples=count, deadline=None)


# Against the oracle


NEW_YEAR = date(2018, 1, 1)
PUT_RIGHT = Story(
    NEW_YEAR,
    date(2007, 5, 17),
    [Held(NEW_YEAR + days(gap), "annual", status, DEFAULTS) for gap, status in ((0, "none"), (1, "cp"), (1, "none"))],
    [],
    [],
    NEW_YEAR + days(1),
    [Hold(NEW_YEAR, NEW_YEAR + days(50), None)],
)


@often(1200)
@given(stories())
@example(PUT_RIGHT)
def test_both_calculations_agree(story: Story) -> None:
    answer = ask(story)
    assert naive_clock(story) == (answer.starts_on, answer.due_on, answer.grace_ends, answer.tier)


@often(500)
@given(st.dates(date(1995, 1, 1), date(2030, 12, 31)))
@example(date(2004, 2, 29))
def test_both_agree_on_school_age(born: date) -> None:
    assert compulsory_school_age(born) == school_age(born)


@often(300)
@given(st.dates(date(2018, 1, 1), date(2030, 12, 31)), st.integers(0, 30), st.integers(0, 12))
@example(date(2027, 8, 31), 6, 0)
@example(date(2024, 2, 29), 12, 0)
def test_both_agree_on_intervals(day: date, months: int, weeks: int) -> None:
    assert rules.Interval(months, weeks).after(day) == months_on(day, months) + weeks * days(7)


@often(200)
@given(stories())
def test_a_lapse_falls_on_the_same_day(story: Story) -> None:
    """Day by day from the start: the first day later than grace, and none after school age."""
    verdict = naive_clock(story)
    answer = ask(story)
    _, age_ends = school_age(story.born)
    day = story.opened
    while day <= min(age_ends, verdict.grace_ends):
        assert not rules.has_lapsed(answer, age_ends, day)
        day += ONE_DAY
    assert rules.has_lapsed(answer, age_ends, answer.lapses_on) is (verdict.grace_ends < age_ends)
    assert answer.lapses_on == verdict.grace_ends + ONE_DAY
    assert not rules.has_lapsed(answer, age_ends, age_ends + ONE_DAY)


# What must be true of any history


@often(200)
@given(stories())
def test_due_is_a_working_day_never_before_the_start(story: Story) -> None:
    answer = ask(story)
    assert works(answer.due_on)
    assert answer.due_on <= answer.grace_ends < answer.lapses_on
    if not story.plans:
        assert answer.due_on >= answer.starts_on


@often(200)
@given(stories(), st.randoms())
def test_the_order_of_recording_does_not_matter(story: Story, chance: Any) -> None:
    shuffled = [*story.contacts]
    chance.shuffle(shuffled)
    assert ask(story._replace(contacts=shuffled)) == ask(story)


@often(200)
@given(stories(), gaps)
def test_what_is_not_in_sight_moves_nothing(story: Story, gap: int) -> None:
    too_early, too_late = story.opened - days(gap + 1), story.asked + days(gap + 1)
    unseen = [Contact(day, effective, None) for day in (too_early, too_late) for effective in (True, False)]
    later = Held(too_late, "close", "cp", DEFAULTS)
    assert ask(story._replace(contacts=story.contacts + unseen, held=[*story.held, later])) == ask(story)


@often(200)
@given(stories(), gaps)
def test_time_alone_moves_no_date(story: Story, gap: int) -> None:
    known = story._replace(
        held=story.held[:1] + [held for held in story.held[1:] if held.since <= story.asked],
        contacts=[contact for contact in story.contacts if contact.day <= story.asked],
        plans=[plan for plan in story.plans if plan[0] <= story.asked],
        holds=[hold for hold in story.holds if hold.begun <= story.asked and not hold.given_up],
    )
    later = ask(known._replace(asked=story.asked + days(gap)))
    assert replace(later, held_until=None) == replace(ask(known), held_until=None)


def test_a_planned_date_is_no_later_than_a_closer_tier_since_then_asks() -> None:
    """Set for a year ahead; then a child protection plan. Six weeks after that day are over: three working days are
    left. Where they are not over, the plan asks for them.
    """
    for since, due, grace_ends in (
        (date(2025, 10, 1), date(2025, 10, 6), date(2025, 10, 13)),
        (date(2025, 4, 7), date(2025, 5, 13), date(2025, 5, 20)),
    ):
        held = [Held(date(2025, 3, 3), "annual", "none", DEFAULTS), Held(since, "close", "cp", DEFAULTS)]
        plans = [(date(2025, 4, 1), date(2026, 3, 31))]
        story = Story(date(2025, 3, 3), date(2015, 1, 1), held, [], plans, since)
        answer = ask(story)
        assert (answer.due_on, answer.grace_ends, answer.basis) == (due, grace_ends, rules.Basis.INTERVAL)
        assert naive_clock(story)[1:3] == (due, grace_ends)


@often(200)
@given(stories(), gaps)
def test_a_reply_never_brings_the_date_forward(story: Story, gap: int) -> None:
    reply = Contact(story.opened + days(gap), effective=False, agreed=None)
    assert ask(story._replace(contacts=[*story.contacts, reply])).due_on >= ask(story).due_on


@often(200)
@given(stories(most_changes=0), st.lists(gaps, max_size=8))
def test_all_replies_together_never_buy_more_than_one_can(story: Story, gaps_of_replies: list[int]) -> None:
    replies = [Contact(story.opened + days(gap), effective=False, agreed=None) for gap in gaps_of_replies]
    without = ask(story._replace(contacts=[contact for contact in story.contacts if contact.effective]))
    with_all = ask(story._replace(contacts=story.contacts + replies))
    held = story.held[0]
    can_buy = held.policy["reply cp" if held.social_care == "cp" else "reply"]
    assert without.due_on <= with_all.due_on <= working_days_on(without.due_on, can_buy)


@often(200)
@given(stories())
def test_a_hold_moves_no_due_date_and_takes_no_day_of_grace(story: Story) -> None:
    held, free = ask(story), ask(story._replace(holds=[]))
    assert (held.due_on, held.tier, held.changed_on) == (free.due_on, free.tier, free.changed_on)
    assert held.grace_ends >= free.grace_ends
    assert held.grace_ends <= max([free.grace_ends, *(hold.until for hold in story.holds)])
    assert held.held_until is None or story.asked <= held.held_until <= held.grace_ends


@often(200)
@given(stories(most_changes=0, most_holds=3))
def test_no_hold_counts_under_a_child_protection_plan(story: Story) -> None:
    """Beyond the day on which it would begin, which no longer gives anything."""
    plan = story._replace(held=[story.held[0]._replace(social_care="cp")])
    first_days = [hold.begun for hold in plan.holds if hold.begun <= plan.asked]
    assert ask(plan).grace_ends == max([ask(plan._replace(holds=[])).grace_ends, *first_days])


@often(200)
@given(stories(most_plans=0))
def test_nobody_heard_from_today_is_late_today(story: Story) -> None:
    heard_today = Contact(story.asked, effective=True, agreed=None)
    answer = ask(story._replace(contacts=[*story.contacts, heard_today]))
    assert answer.due_on > story.asked
    assert answer.last_contact_on == story.asked


@often(200)
@given(stories(most_changes=0, most_holds=0, policy=st.just(DEFAULTS)), st.sampled_from(["cin", "lac", "cp"]))
def test_social_care_never_makes_it_later(story: Story, status: str) -> None:
    """Of a child of school age; before that, a contact may be too old under one tier and not under another."""
    story = story._replace(born=date(story.opened.year - 8, 1, 1))
    quiet = ask(story._replace(held=[story.held[0]._replace(social_care="none")]))
    known = ask(story._replace(held=[story.held[0]._replace(social_care=status)]))
    assert (known.due_on, known.grace_ends) <= (quiet.due_on, quiet.grace_ends)
    assert known.grace_ends <= quiet.grace_ends


@often(200)
@given(stories(most_changes=0, most_holds=0), tiers, statuses, policies)
def test_a_change_makes_nobody_late_overnight_and_gives_nobody_fresh_days(
    story: Story, tier: str, status: str, policy: dict[str, int]
) -> None:
    assume(story.asked > story.opened)
    change = Held(story.asked, tier, status, policy)
    old = ask(story)
    new = ask(story._replace(held=[*story.held, change]))
    recomputed = ask(story._replace(held=[change._replace(since=story.opened)]))
    if old.due_on > story.asked:
        assert new.due_on > story.asked
    elif recomputed.due_on <= old.due_on:
        assert new.due_on == old.due_on
    if recomputed.due_on >= old.due_on:
        assert replace(new, changed_on=None) == recomputed
    else:
        assert recomputed.due_on <= new.due_on <= old.due_on
