"""The clock against a second, deliberately naive calculation, and against what must be true of any history.

The oracle below was written from the clock's page alone. It walks day by day, has its own list of bank holidays and its
own way of adding months, and shares no code with the portal: keep it so.
"""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import assume, example, given
from hypothesis import settings as running
from hypothesis import strategies as st

from ehe_portal.contact import rules
from ehe_portal.core.codes import SocialCare, Tier
from ehe_portal.core.school_age import compulsory_school_age

ONE_DAY = timedelta(days=1)

PUBLISHED = """
2018-01-01 2018-03-30 2018-04-02 2018-05-07 2018-05-28 2018-08-27 2018-12-25 2018-12-26
2019-01-01 2019-04-19 2019-04-22 2019-05-06 2019-05-27 2019-08-26 2019-12-25 2019-12-26
2020-01-01 2020-04-10 2020-04-13 2020-05-08 2020-05-25 2020-08-31 2020-12-25 2020-12-28
2021-01-01 2021-04-02 2021-04-05 2021-05-03 2021-05-31 2021-08-30 2021-12-27 2021-12-28
2022-01-03 2022-04-15 2022-04-18 2022-05-02 2022-06-02 2022-06-03 2022-08-29 2022-09-19 2022-12-26 2022-12-27
2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26
2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26
2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26
2026-01-01 2026-04-03 2026-04-06 2026-05-04 2026-05-25 2026-08-31 2026-12-25 2026-12-28
2027-01-01 2027-03-26 2027-03-29 2027-05-03 2027-05-31 2027-08-30 2027-12-27 2027-12-28
2028-01-03 2028-04-14 2028-04-17 2028-05-01 2028-05-29 2028-08-28 2028-12-25 2028-12-26
"""
BANK_HOLIDAYS = frozenset(map(date.fromisoformat, PUBLISHED.split()))


class Held(NamedTuple):
    """What held from a day on. The policy's interval for `close` is in weeks, the others in months."""

    since: date
    tier: str
    social_care: str
    policy: dict[str, int]


class Contact(NamedTuple):
    day: date
    effective: bool
    agreed: date | None


class Story(NamedTuple):
    """An episode as the page knows it."""

    opened: date
    born: date
    held: list[Held]
    contacts: list[Contact]
    plans: list[tuple[date, date]]
    asked: date


class Verdict(NamedTuple):
    starts: date
    due: date
    grace_ends: date
    tier: str


# The naive calculation


def works(day: date) -> bool:
    return day.isoweekday() not in (6, 7) and day not in BANK_HOLIDAYS


def working_days_on(day: date, count: int) -> date:
    while count > 0:
        day += ONE_DAY
        if works(day):
            count -= 1
    return day


def rolled(day: date) -> date:
    while not works(day):
        day += ONE_DAY
    return day


def months_on(day: date, months: int) -> date:
    """Day by day to the month wanted; there, to the same day or the month's last."""
    wanted = day.month - 1 + months
    year, month = day.year + wanted // 12, wanted % 12 + 1
    reached = date(year, month, 1)
    while reached.day < day.day and (reached + ONE_DAY).month == month:
        reached += ONE_DAY
    return reached


def school_age(born: date) -> tuple[date, date]:
    starts = months_on(born, 60)
    while (starts.day, starts.month) not in {(31, 8), (31, 12), (31, 3)}:
        starts += ONE_DAY
    ends = months_on(born, 192)
    while (ends.day, ends.month) != (31, 8):
        ends += ONE_DAY
    while (ends.isoweekday(), ends.month) != (5, 6):
        ends -= ONE_DAY
    return starts, ends


def tier_asked(held: Held) -> str:
    floors = {"cp": ["close"], "cin": ["half-yearly", "close"], "lac": ["half-yearly", "close"]}
    allowed = floors.get(held.social_care, ["annual", "half-yearly", "close"])
    return held.tier if held.tier in allowed else allowed[0]


def first_contact_days(held: Held) -> int:
    return held.policy["first if known"] if held.social_care in ("cin", "cp", "lac") else held.policy["first"]


def plain_due(story: Story, held: Held) -> tuple[date, int]:
    """Due and grace by the page's formula, as if this had held all along."""
    tier = tier_asked(held)
    starts = max(story.opened, school_age(story.born)[0])
    in_sight = [c for c in story.contacts if story.opened <= c.day and c.day <= story.asked]
    replies = [c.day for c in in_sight if not c.effective]
    effective = sorted(c.day for c in in_sight if c.effective)
    plans = [p for p in story.plans if p[0] <= story.asked and (not effective or p[0] >= effective[-1])]

    due, grace = working_days_on(starts, first_contact_days(held)), held.policy["first grace"]
    if plans:
        decided, planned = [p for p in plans if p[0] == max(q[0] for q in plans)][-1]
        due, grace = rolled(planned), held.policy[f"{tier} grace"]
        replies = [day for day in replies if day > decided]
    elif effective:
        last_contact = effective[-1]
        if tier == "close":
            next_due = last_contact + 7 * held.policy["close"] * ONE_DAY
        else:
            next_due = months_on(last_contact, held.policy[tier])
        agreed = [c.agreed for c in in_sight if c.effective and c.day == last_contact and c.agreed]
        next_due = rolled(min([next_due, *agreed]))
        if not next_due < starts:
            due, grace = next_due, held.policy[f"{tier} grace"]
            replies = [day for day in replies if day > last_contact]
    if replies:
        bought = held.policy["reply cp"] if held.social_care == "cp" else held.policy["reply"]
        due = max(due, min(working_days_on(max(replies), bought), working_days_on(due, bought)))
    return due, grace


def due_after_changes(story: Story, held: list[Held]) -> date:
    recomputed, _ = plain_due(story, held[-1])
    if len(held) == 1:
        return recomputed
    old_due = due_after_changes(story, held[:-1])
    if recomputed < old_due:
        return min(old_due, max(recomputed, working_days_on(held[-1].since, first_contact_days(held[-1]))))
    return recomputed


def naive_clock(story: Story) -> Verdict:
    held = [h for h in story.held if h.since <= story.opened][-1:]
    held += [h for h in story.held if story.opened < h.since <= story.asked]
    due = due_after_changes(story, held)
    _, grace = plain_due(story, held[-1])
    starts = max(story.opened, school_age(story.born)[0])
    return Verdict(starts, due, working_days_on(due, grace), tier_asked(held[-1]))


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
    )


# Stories

DEFAULTS = {"annual": 12, "half-yearly": 6, "close": 6, "annual grace": 10, "half-yearly grace": 10, "close grace": 5}
DEFAULTS |= {"first": 10, "first if known": 3, "first grace": 5, "reply": 20, "reply cp": 5}
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
def stories(draw: st.DrawFn, most_changes: int = 3, most_plans: int = 2, policy: Any = policies) -> Story:
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
    return Story(opened, born, held, draw(contacts_of(opened, born)), plans, opened + days(draw(gaps)))


def often(count: int) -> running:
    return running(max_examples=count, deadline=None)


# Against the oracle


@often(1200)
@given(stories())
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
    )
    assert ask(known._replace(asked=story.asked + days(gap))) == ask(known)


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
@given(stories(most_plans=0))
def test_nobody_heard_from_today_is_late_today(story: Story) -> None:
    heard_today = Contact(story.asked, effective=True, agreed=None)
    answer = ask(story._replace(contacts=[*story.contacts, heard_today]))
    assert answer.due_on > story.asked
    assert answer.last_contact_on == story.asked


@often(200)
@given(stories(most_changes=0, policy=st.just(DEFAULTS)), st.sampled_from(["cin", "lac", "cp"]))
def test_social_care_never_makes_it_later(story: Story, status: str) -> None:
    """Of a child of school age; before that, a contact may be too old under one tier and not under another."""
    story = story._replace(born=date(story.opened.year - 8, 1, 1))
    quiet = ask(story._replace(held=[story.held[0]._replace(social_care="none")]))
    known = ask(story._replace(held=[story.held[0]._replace(social_care=status)]))
    assert (known.due_on, known.grace_ends) <= (quiet.due_on, quiet.grace_ends)
    assert known.grace_ends <= quiet.grace_ends


@often(200)
@given(stories(most_changes=0), tiers, statuses, policies)
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
