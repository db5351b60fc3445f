"""What other values would mean for the families whose clocks run now, before anybody lets them hold."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from heapq import nsmallest
from typing import Final

from ehe_portal.contact import queries, rules
from ehe_portal.contact.queries import ClockHistory
from ehe_portal.contact.rules import ClockAnswer, Setting
from ehe_portal.core.work import Work
from ehe_portal.policy.models import PolicyValues

LATER: Final = timedelta(weeks=4)
"""How long after their day the effect of values is looked at once more."""


@dataclass
class Standing:
    """How many clocks are overdue, and how many of these lapsed, on a day: as things are, and with other values."""

    on: date
    overdue_now: int = 0
    overdue_then: int = 0
    lapsed_now: int = 0
    lapsed_then: int = 0


@dataclass(frozen=True, slots=True)
class Affected:
    """A child whose contact would be due earlier, or lapse earlier, with other values."""

    child_id: int
    due_now: date
    due_then: date
    grace_now: date
    grace_then: date


@dataclass
class Effect:
    """What other values would mean from a day on, if nobody is in contact before.

    `overdue` and `lapse` are the clocks that would become so on that very day. `affected` are those whose date or
    grace comes forward, the first to lapse first, up to the number asked for; `sooner` counts them all.
    """

    clocks: int = 0
    overdue: int = 0
    lapse: int = 0
    sooner: int = 0
    later: int = 0
    standings: list[Standing] = field(default_factory=list)
    affected: list[Affected] = field(default_factory=list)


def foresee(work: Work, authority_id: int, values: PolicyValues, since: date, named: int) -> Effect:
    """What these values would mean for an authority's running clocks from a day on: by the same rules that run them.

    Histories are read some at a time and let go: of a hundred thousand clocks only numbers and `named` lines are kept.
    """
    effect = Effect(standings=[Standing(since), Standing(since + LATER)])
    wanted = queries.clock_values(values)
    for history in queries.histories(work, queries.running_of(work, authority_id)):
        # Values that are to come and are looked at once more stand among the settings themselves: not as things are.
        held = [one for one in history.settings if one.from_on < since or one.from_on <= work.today]
        other = [*held, Setting(since, held[-1].tier, held[-1].social_care, wanted)]
        note(effect, history, history.clock(since, held), history.clock(since, other))
        if len(effect.affected) > 2 * named:
            effect.affected = first_to_lapse(effect.affected, named)
    effect.affected = first_to_lapse(effect.affected, named)
    return effect


def first_to_lapse(affected: list[Affected], named: int) -> list[Affected]:
    """Those of these whose grace ends first."""
    return nsmallest(named, affected, key=lambda one: (one.grace_then, one.child_id))


def note(effect: Effect, history: ClockHistory, now: ClockAnswer, then: ClockAnswer) -> None:
    """Count one clock: where it stands by what holds, and where it would stand."""
    effect.clocks += 1
    for standing in effect.standings:
        standing.overdue_now += is_overdue(history, now, standing.on)
        standing.overdue_then += is_overdue(history, then, standing.on)
        standing.lapsed_now += rules.has_lapsed(now, history.age_ends, standing.on)
        standing.lapsed_then += rules.has_lapsed(then, history.age_ends, standing.on)
    day = effect.standings[0].on
    effect.overdue += is_overdue(history, then, day) and not is_overdue(history, now, day)
    effect.lapse += rules.has_lapsed(then, history.age_ends, day) and not rules.has_lapsed(now, history.age_ends, day)
    effect.later += then.due_on > now.due_on
    if then.due_on < now.due_on or then.grace_ends < now.grace_ends:
        effect.sooner += 1
        line = Affected(history.child_id, now.due_on, then.due_on, now.grace_ends, then.grace_ends)
        effect.affected.append(line)


def is_overdue(history: ClockHistory, answer: ClockAnswer, on: date) -> bool:
    """Whether the due date is past on a day, of a child of school age."""
    return answer.due_on < on <= history.age_ends
