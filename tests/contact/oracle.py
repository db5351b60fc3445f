"""The second, deliberately naive calculation of the clock, written from the clock's page alone.

It walks day by day, has its own list of bank holidays and its own way of adding months, and shares no code with the
portal: keep it so.
"""

from datetime import date, timedelta
from typing import NamedTuple

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


DEFAULTS = {"annual": 12, "half-yearly": 6, "close": 6, "annual grace": 10, "half-yearly grace": 10, "close grace": 5}
DEFAULTS |= {"first": 10, "first if known": 3, "first grace": 5, "reply": 20, "reply cp": 5}


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


class Hold(NamedTuple):
    """A manager holds the clock; `given_up` is the last day where it was ended early."""

    begun: date
    until: date
    given_up: date | None


class Story(NamedTuple):
    """An episode as the page knows it."""

    opened: date
    born: date
    held: list[Held]
    contacts: list[Contact]
    plans: list[tuple[date, date]]
    asked: date
    holds: list[Hold] = []  # noqa: RUF012


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


def an_interval_on(day: date, held: Held) -> date:
    tier = tier_asked(held)
    if tier == "close":
        return day + 7 * held.policy["close"] * ONE_DAY
    return months_on(day, held.policy[tier])


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
        due, grace = rolled(min(planned, an_interval_on(decided, held))), held.policy[f"{tier} grace"]
        replies = [day for day in replies if day > decided]
    elif effective:
        last_contact = effective[-1]
        next_due = an_interval_on(last_contact, held)
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


def held_at_all(story: Story, held: list[Held], hold: Hold) -> date:
    """Day by day through a hold: it goes on until it ends, is given up, or the child has a child protection plan."""
    day = hold.begun
    while day < hold.until and not (hold.given_up and hold.given_up <= story.asked and day >= hold.given_up):
        if [h for h in held if h.since <= day or h is held[0]][-1].social_care == "cp":
            break
        day += ONE_DAY
    return day


def naive_clock(story: Story) -> Verdict:
    held = [h for h in story.held if h.since <= story.opened][-1:]
    held += [h for h in story.held if story.opened < h.since <= story.asked]
    due = due_after_changes(story, held)
    _, grace = plain_due(story, held[-1])
    starts = max(story.opened, school_age(story.born)[0])
    ends = [held_at_all(story, held, hold) for hold in story.holds if hold.begun <= story.asked]
    return Verdict(starts, due, max([working_days_on(due, grace), *ends]), tier_asked(held[-1]))
