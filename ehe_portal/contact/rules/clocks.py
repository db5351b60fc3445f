"""The contact clock: when a family is next due to be heard from, and when silence has lasted too long.

Pure: plain values in, answers out. All dates are London dates; no time of day enters a due date. The words are those
of the clock's own page: due, grace, lapse; effective contact, reply; tier, social care floor; planned date.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from itertools import zip_longest
from operator import attrgetter
from types import MappingProxyType
from typing import Final, NamedTuple

from ehe_portal.contact.rules.holds import Hold, Span, last_day_held
from ehe_portal.core.codes import ContactKind, ContactOutcome, SocialCare, Tier
from ehe_portal.core.days import add_months, add_working_days, roll_forward, working_days_between
from ehe_portal.core.school_age import compulsory_school_age

CONFIRMATION_DAYS: Final = 5
"""Working days in which an officer confirms whether writing is substantive; what is longer is the authority's delay."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A span between contacts, in calendar months (clamped to the month's end), weeks, or both."""

    months: int = 0
    weeks: int = 0

    def after(self, day: date) -> date:
        """The day on which the span that begins on `day` is over."""
        return add_months(day, self.months) + timedelta(weeks=self.weeks)


@dataclass(frozen=True, slots=True)
class ClockValues:
    """One version of an authority's policy values for the clock. Days are working days."""

    interval: Mapping[Tier, Interval]
    grace_days: Mapping[Tier, int]
    first_contact_days: int
    first_contact_days_social_care: int  # Where the social care status is cin, cp or lac.
    first_contact_grace: int
    reply_days: int
    reply_days_cp: int


DEFAULT_VALUES: Final = ClockValues(
    interval=MappingProxyType(
        {Tier.ANNUAL: Interval(months=12), Tier.HALF_YEARLY: Interval(months=6), Tier.CLOSE: Interval(weeks=6)}
    ),
    grace_days=MappingProxyType({Tier.ANNUAL: 10, Tier.HALF_YEARLY: 10, Tier.CLOSE: 5}),
    first_contact_days=10,
    first_contact_days_social_care=3,
    first_contact_grace=5,
    reply_days=20,
    reply_days_cp=5,
)


@dataclass(frozen=True, slots=True)
class Setting:
    """What held from a day on: the tier an officer set, the social care status, the policy version."""

    from_on: date
    tier: Tier
    social_care: SocialCare
    values: ClockValues

    @property
    def effective_tier(self) -> Tier:
        """The tier, never looser than the social care status asks."""
        if self.social_care is SocialCare.CP:
            return Tier.CLOSE
        if self.tier is Tier.ANNUAL and self.social_care in (SocialCare.CIN, SocialCare.LAC):
            return Tier.HALF_YEARLY
        return self.tier

    @property
    def first_contact_days(self) -> int:
        """Working days within which a family is first to be heard from."""
        known_to_social_care = self.social_care in (SocialCare.CIN, SocialCare.CP, SocialCare.LAC)
        return self.values.first_contact_days_social_care if known_to_social_care else self.values.first_contact_days

    @property
    def reply_days(self) -> int:
        """Working days that a reply can buy."""
        return self.values.reply_days_cp if self.social_care is SocialCare.CP else self.values.reply_days


class Hearing(StrEnum):
    """What a contact is to the clock."""

    EFFECTIVE = "effective"
    REPLY = "reply"


@dataclass(frozen=True, slots=True)
class Heard:
    """A day on which the family was heard from: an effective contact, or else a reply. Nothing else is one."""

    on: date
    effective: bool
    agreed_next_on: date | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """A lapse closed on `decided_on` with a dated next contact, which becomes due."""

    decided_on: date
    due_on: date


class Basis(StrEnum):
    """Where a due date comes from."""

    FIRST_CONTACT = "first-contact"
    INTERVAL = "interval"
    AGREED = "agreed"
    PLANNED = "planned"


@dataclass(frozen=True, slots=True)
class ClockAnswer:
    """Where an episode's clock stands.

    `last_contact_on` and `agreed_next_on` are facts of the history: they are given also where they are too old to
    set the date (basis FIRST_CONTACT) or a later plan does. `last_reply_on` is the reply that counts, if any.
    `changed_on` is the day of the change of tier, social care status or policy for whose sake the date is later than
    the rules of today alone would have it; otherwise None. `held_until` is the last day of a hold that runs on the day
    of asking; `grace_ends` is never earlier.
    """

    due_on: date
    grace_ends: date
    lapses_on: date
    basis: Basis
    reply_extended: bool
    changed_on: date | None
    last_contact_on: date | None
    last_reply_on: date | None
    agreed_next_on: date | None
    tier: Tier
    starts_on: date
    held_until: date | None = None


VISITS: Final = frozenset({ContactKind.HOME_VISIT, ContactKind.MEETING})
WRITING: Final = frozenset({ContactKind.WRITTEN_REPORT, ContactKind.LETTER, ContactKind.EMAIL})

_SPOKEN_OUTCOMES: Final = frozenset(
    {
        ContactOutcome.HELD,
        ContactOutcome.NO_ANSWER,
        ContactOutcome.CANCELLED_BY_FAMILY,
        ContactOutcome.CANCELLED_BY_AUTHORITY,
    }
)


def outcomes_of(kind: ContactKind) -> frozenset[ContactOutcome]:
    """The outcomes that a contact of this kind can have."""
    if kind in WRITING:
        return frozenset({ContactOutcome.RECEIVED, ContactOutcome.SENT})
    return _SPOKEN_OUTCOMES | {ContactOutcome.NO_ACCESS} if kind in VISITS else _SPOKEN_OUTCOMES


def valid_combination(kind: ContactKind, outcome: ContactOutcome) -> bool:
    """Whether this outcome goes with this kind of contact."""
    return outcome in outcomes_of(kind)


def classify(kind: ContactKind, outcome: ContactOutcome, substantive: bool | None) -> Hearing | None:
    """What a contact is to the clock; None where it is neither an effective contact nor a reply.

    `substantive` is asked of writing received only: True it tells about the child's education, False it does not,
    None it waits for an officer to say so and counts as a reply meanwhile.
    """
    if not valid_combination(kind, outcome):
        return None
    if outcome is ContactOutcome.HELD:
        return Hearing.EFFECTIVE
    if outcome is ContactOutcome.RECEIVED:
        return Hearing.EFFECTIVE if substantive else Hearing.REPLY
    return None


def days_of_authority_delay(received_on: date, as_of: date) -> int:
    """Working days by which writing has waited longer than it may to be confirmed as substantive or not."""
    return max(0, working_days_between(received_on, as_of) - CONFIRMATION_DAYS)


class _History(NamedTuple):
    """What counts on the day of asking: contacts of the episode up to that day, and the plan still in force."""

    starts_on: date
    last_contact: date | None
    agreed_next_on: date | None
    replies: Sequence[date]
    plan: Planned | None

    def last_reply_after(self, day: date | None) -> date | None:
        """The latest reply dated later than `day`; without a day, the latest of all."""
        return max((on for on in self.replies if day is None or on > day), default=None)


class _Due(NamedTuple):
    """A due date with its reasons."""

    due_on: date
    basis: Basis
    last_reply: date | None
    reply_extended: bool
    changed_on: date | None


def _history(
    opened_on: date, starts_on: date, heard: Iterable[Heard], planned: Iterable[Planned], as_of: date
) -> _History:
    """Reduce an episode's contacts and plans to what counts on the day of asking."""
    last_contact: date | None = None
    agreed_next_on: date | None = None
    replies = []
    for each in heard:
        if not opened_on <= each.on <= as_of:
            continue
        if not each.effective:
            replies.append(each.on)
        elif last_contact is None or each.on > last_contact:
            last_contact, agreed_next_on = each.on, each.agreed_next_on
        elif each.on == last_contact and each.agreed_next_on is not None:
            agreed_next_on = min(agreed_next_on or each.agreed_next_on, each.agreed_next_on)
    plan: Planned | None = None
    for decision in planned:  # Of two decided on one day, the later in the list stands.
        in_force = decision.decided_on <= as_of and (last_contact is None or decision.decided_on >= last_contact)
        if in_force and (plan is None or decision.decided_on >= plan.decided_on):
            plan = decision
    return _History(starts_on, last_contact, agreed_next_on, replies, plan)


def _base(history: _History, setting: Setting) -> tuple[date, Basis, date | None]:
    """The due date before replies, its basis, and the day after which replies count (None: from opening on)."""
    interval = setting.values.interval[setting.effective_tier]
    if history.plan is not None:
        # Set no later than a contact of that day would be followed by; a closer tier since then holds for it too.
        longest = interval.after(history.plan.decided_on)
        basis = Basis.PLANNED if history.plan.due_on <= longest else Basis.INTERVAL
        return roll_forward(min(history.plan.due_on, longest)), basis, history.plan.decided_on
    if history.last_contact is not None:
        due = interval.after(history.last_contact)
        basis = Basis.INTERVAL
        if history.agreed_next_on is not None and history.agreed_next_on < due:
            due, basis = history.agreed_next_on, Basis.AGREED
        due = roll_forward(due)
        if due >= history.starts_on:
            return due, basis, history.last_contact
    return add_working_days(history.starts_on, setting.first_contact_days), Basis.FIRST_CONTACT, None


def _due(history: _History, setting: Setting) -> _Due:
    """The due date that this history has under one setting alone."""
    due, basis, counted_after = _base(history, setting)
    last_reply = history.last_reply_after(counted_after) if history.replies else None
    extended = due
    if last_reply is not None:
        # The earlier of "so long after the reply" and "so long after the date": both grow with the day they count from.
        extended = max(due, add_working_days(min(last_reply, due), setting.reply_days))
    return _Due(extended, basis, last_reply, extended > due, None)


def _after_change(old: _Due, recomputed: _Due, setting: Setting) -> _Due:
    """The due date once `setting` has taken the place of what held before.

    A change that brings the date forward leaves time for a first contact, so that nobody becomes late overnight; and
    it never moves the old date back, so that nobody already late gets fresh days.
    """
    if recomputed.due_on >= old.due_on:
        return recomputed
    allowed = add_working_days(setting.from_on, setting.first_contact_days)
    if recomputed.due_on >= allowed:
        return recomputed
    return recomputed._replace(
        due_on=min(old.due_on, allowed),
        reply_extended=old.reply_extended and old.due_on <= allowed,
        changed_on=setting.from_on,
    )


def clock(
    opened_on: date,
    date_of_birth: date,
    settings: Iterable[Setting],
    heard: Iterable[Heard],
    planned: Iterable[Planned],
    as_of: date,
    holds: Iterable[Hold] = (),
) -> ClockAnswer:
    """When the family is next due, until when there is grace, and why, as known on the day of asking.

    The episode opened under the latest of the `settings` that held on `opened_on` (none held so early: the earliest
    of all; none at all: ValueError), and those after it are changes; of two from the same day, the later in the list
    holds. Contacts dated before `opened_on` or after `as_of`, and changes, plans and holds after `as_of`, do not count.
    """
    age_starts, _ = compulsory_school_age(date_of_birth)
    history = _history(opened_on, max(opened_on, age_starts), heard, planned, as_of)
    ordered = sorted(settings, key=attrgetter("from_on"))
    if not ordered:
        raise ValueError("a clock needs a setting to run under")
    held_at_opening = sum(setting.from_on <= opened_on for setting in ordered) or 1
    in_force = [ordered[held_at_opening - 1]]
    due = _due(history, in_force[0])
    for change in ordered[held_at_opening:]:
        if change.from_on <= as_of:
            in_force.append(change)
            due = _after_change(due, _due(history, change), change)
    current = in_force[-1]
    tier = current.effective_tier
    grace = current.values.first_contact_grace if due.basis is Basis.FIRST_CONTACT else current.values.grace_days[tier]
    held_until = last_day_held(holds, _protection_plans(in_force), as_of)
    grace_ends = max(add_working_days(due.due_on, grace), held_until or date.min)
    return ClockAnswer(
        due_on=due.due_on,
        grace_ends=grace_ends,
        lapses_on=grace_ends + timedelta(days=1),
        basis=due.basis,
        reply_extended=due.reply_extended,
        changed_on=due.changed_on,
        last_contact_on=history.last_contact,
        last_reply_on=due.last_reply,
        agreed_next_on=history.agreed_next_on,
        tier=tier,
        starts_on=history.starts_on,
        held_until=held_until if held_until is not None and held_until >= as_of else None,
    )


def _protection_plans(in_force: Sequence[Setting]) -> list[Span]:
    """When the child had a child protection plan; one that was put right on its first day was none."""
    ends = [setting.from_on for setting in in_force[1:]]
    return [
        Span(setting.from_on, before)
        for setting, before in zip_longest(in_force, ends)
        if setting.social_care is SocialCare.CP and setting.from_on != before
    ]


def has_lapsed(answer: ClockAnswer, age_ends: date, on: date) -> bool:
    """Whether the contact has lapsed on a day: the family has the whole of grace, and school age is not over."""
    return answer.grace_ends < on <= age_ends
