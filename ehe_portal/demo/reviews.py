"""Looking again: advice of some weeks ago, brothers and sisters at once, EHC plans that are reviewed each year."""

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from ehe_portal.accounts.policy import Role
from ehe_portal.core.codes import ChildSeen, SenStatus
from ehe_portal.core.days import add_months, add_working_days
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.council import Council
from ehe_portal.demo.phrases import words
from ehe_portal.demo.sendings import Sendings
from ehe_portal.demo.stages import WHOLE, Stage
from ehe_portal.demo.stories import Line, Story
from ehe_portal.evidence import service
from ehe_portal.evidence.models import Outcome
from ehe_portal.evidence.service import Finding
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register
from ehe_portal.register.models import HouseholdVerdict

SEED: Final = 2014  # the year of the Children and Families Act; of its own, so that nothing else is drawn otherwise
ADVICE_WEEKS: Final = 6
"""After how many weeks this council looks again where it gave advice."""

FAMILIES: Final = 9
"""To 600 children, families whose education was found suitable with advice, long enough ago to be looked at again."""

DUE: Final = (-12, 20, 41, -3)
"""In how many days the first plans are to be reviewed; the others later in the year."""

UNDATED: Final = 15
"""Of so many plans one whose dates nobody has written down."""

GONE: Final = frozenset({Stage.LEFT, Stage.LEAVING, Stage.LOST, Stage.JOINED, Stage.DOUBLED})
QUIET: Final = (Stage.ORDINARY, Stage.DUE_SOON, Stage.HALF_YEARLY, Stage.CLOSE)


def own_values(council: Council, at: datetime) -> None:
    """The administrator sets when this council looks again, on the day on which it got the portal."""
    work = council.acting(council.of_role(Role.ADMINISTRATOR)[0], at)
    set_values(work, council.authority.id, replace(PolicyValues(), review_weeks_advice=ADVICE_WEEKS), work.today)
    council.work.published += work.published


def plan(casework: Casework, sendings: Sendings, told: Sequence[Story]) -> None:
    """Plan what will have to be looked at again, and the plans of children who have one."""
    share = len(told) / WHOLE
    for met in families_met(casework, told)[: max(2, round(FAMILIES * share))]:
        plan_family(casework, sendings, met)
    chance = random.Random(SEED)
    with_plan = [one for one in told if one.kid.sen is SenStatus.EHCP and one.stage not in GONE and not one.is_online]
    with_plan.sort(key=lambda story: story.adviser)
    for number, story in enumerate(with_plan):
        if number % UNDATED != UNDATED - 1:
            days = DUE[number] if number < len(DUE) else chance.randint(60, 340)
            plan_ehc_plan(casework, story, chance, casework.council.work.today + timedelta(days=days))


Met = list[tuple[Story, Line]]


def families_met(casework: Casework, told: Sequence[Story]) -> list[Met]:
    """The children of each family who were met together so long ago that one looks again now; several at once first."""
    until = casework.council.work.today - timedelta(weeks=ADVICE_WEEKS, days=4)
    found: dict[int, dict[date, Met]] = defaultdict(lambda: defaultdict(list))
    for story in told:
        for line in story.lines:
            if story.stage in QUIET and casework.begins <= line.on < until and line.seen is ChildSeen.YES:
                found[id(story.household)][line.on].append((story, line))
    latest = [visits[max(visits)] for visits in found.values()]
    return sorted(latest, key=lambda met: (len(met) < 2, met[0][0].adviser, met[0][1].on))


def plan_family(casework: Casework, sendings: Sendings, met: Met) -> None:
    """Plan that each of the children is decided about after the visit, and that they are written down as one family."""
    on = add_working_days(met[0][1].on, 1)
    for story, line in met:
        casework.council.plan(casework.hour(on), partial(advise, casework, sendings, story, line))
    for story, _ in met[1:]:
        casework.council.plan(casework.hour(on), partial(link, casework, met[0][0], story))


def advise(casework: Casework, sendings: Sendings, story: Story, line: Line, at: datetime) -> None:
    """The adviser finds the education suitable, with advice, resting on what was told and shown."""
    heard = [one for one in sendings.heard(story) if one.happened_on == line.on]
    told = words("decisions")[Outcome.ADVICE.value]
    finding = Finding(
        Outcome.ADVICE,
        casework.say(story, words("decisions")["suitable"]["spoken"]),
        casework.say(story, told["advice"]),
        service.all_satisfied(contacts=[one.reference for one in heard], needs=story.kid.sen in service.NEEDS_KNOWN),
    )
    sendings.decide(story, finding, at)


def link(casework: Casework, story: Story, other: Story, at: datetime) -> None:
    """The adviser says that two children belong to one family."""
    work = casework.council.acting(casework.adviser(story), at)
    child, sibling = casework.council.child(story.child_id), casework.council.child(other.child_id)
    register.decide_household(work, child, sibling, HouseholdVerdict.LINKED)


def plan_ehc_plan(casework: Casework, story: Story, chance: random.Random, due_on: date) -> None:
    """Plan that the adviser writes down a plan whose next review is due by a day, and the review held before that."""
    reviewed_on = add_months(due_on + timedelta(days=1), -12)
    made_on = max(add_months(reviewed_on, -12 * chance.randint(1, 4)), add_months(story.kid.born, 24))
    recorded_on = add_working_days(casework.begins, chance.randint(3, 20))
    if made_on >= reviewed_on:
        made_on = reviewed_on - timedelta(days=90)
    earlier = add_months(made_on, 11) if reviewed_on > recorded_on and add_months(made_on, 11) < recorded_on else None
    known = reviewed_on if reviewed_on <= recorded_on else earlier
    casework.council.plan(casework.hour(recorded_on), partial(record, casework, story, made_on, known))
    if reviewed_on > recorded_on:
        told_on = min(add_working_days(reviewed_on, 2), casework.last)
        casework.council.plan(casework.hour(told_on), partial(review, casework, story, reviewed_on))


def record(casework: Casework, story: Story, made_on: date, reviewed_on: date | None, at: datetime) -> None:
    """The adviser writes down when the plan was made and last reviewed."""
    work = casework.council.acting(casework.adviser(story), at)
    register.record_plan(work, casework.council.child(story.child_id), made_on, reviewed_on, 0)


def review(casework: Casework, story: Story, held_on: date, at: datetime) -> None:
    """The adviser writes down that a review was held."""
    work = casework.council.acting(casework.adviser(story), at)
    child = casework.council.child(story.child_id)
    plan_now = register_queries.plan_of(work, child)
    if plan_now is not None:
        register.hold_review(work, child, held_on, plan_now.version)
