"""Clocks held, a family to whom messages are stopped, children looked into, a school place offered, values to come."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from typing import Final

from ehe_portal.accounts.policy import Role
from ehe_portal.casefile import service as casefile
from ehe_portal.contact import queries as contact
from ehe_portal.contact import service
from ehe_portal.contact.service import HoldReason, SeenBy
from ehe_portal.core.codes import Destination
from ehe_portal.core.days import LONDON, add_months, roll_forward
from ehe_portal.core.work import Work
from ehe_portal.demo import timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.policy import queries as policy
from ehe_portal.policy import service as values
from ehe_portal.register import service as register

HOLDS: Final = (
    (
        HoldReason.BEREAVEMENT,
        "The grandmother died; her neighbour in Cardiff, where the family is for the funeral, told us",
        24,
    ),
    (HoldReason.HOSPITAL, "The school nurse told us: the mother has had an operation, and rests for some weeks", 38),
)
STOPPED: Final = (
    "The mother has left the house with the children and asks that no letter or mail reach the father’s account. "
    "Agreed with the duty social worker"
)


def plan(casework: Casework, told: Sequence[Story]) -> None:
    """Plan what is done about clocks in the last days."""
    days_ago = partial(timing.working_days_before, casework.last)
    grace = [one for one in told if one.stage is Stage.GRACE and not one.person]
    for number, (story, hold) in enumerate(zip(grace, HOLDS, strict=False)):
        later(casework, days_ago(1 + number), partial(held, casework, story, *hold))
    ordinary = [one for one in told if one.stage is Stage.ORDINARY and not one.person]
    for story in ordinary[:1]:
        later(casework, days_ago(4), partial(seen_elsewhere, casework, story))
    later(casework, days_ago(3), partial(looked_into, casework, ordinary))
    for story, destination, known in zip(ordinary[2:4], *DESTINATIONS, strict=False):
        later(casework, days_ago(5), partial(going, casework, story, destination, known))
    for story in [one for one in told if one.stage is Stage.WELCOMED and not one.person][-1:]:
        # In the last evening, after which nobody has anything to tell the family.
        casework.council.plan(datetime.combine(casework.last, time(20), LONDON), partial(stopped, casework, story))
    later(casework, days_ago(6), partial(values_to_come, casework))


DESTINATIONS: Final = (
    (Destination.SCHOOL, Destination.OTHER_AUTHORITY),
    (
        "The mother says that a school in town has offered a place for the start of next half term",
        "The family moves in with relatives; the authority there has been asked to take over",
    ),
)


def later(casework: Casework, day: date, deed: Callable[[datetime], object]) -> None:
    """Plan a deed in a day's office hours."""
    casework.council.plan(casework.hour(day), deed)


def held(casework: Casework, story: Story, reason: HoldReason, known: str, days: int, at: datetime) -> None:
    """The EHE manager holds a clock."""
    work = casework.council.acting(casework.council.of_role(Role.EHE_MANAGER)[0], at)
    until = work.today + timedelta(days=days)
    service.hold_clock(work, casework.council.child(story.child_id), service.Holding(until, reason, known))


def seen_elsewhere(casework: Casework, story: Story, at: datetime) -> None:
    """The school nurse tells an adviser that she saw the child."""
    work = casework.council.acting(casework.adviser(story), at)
    seen = service.Seen(work.today - timedelta(days=6), SeenBy.HEALTH, "The school nurse, who rang about a vaccination")
    service.record_sighting(work, casework.council.child(story.child_id), seen)


def not_seen_for_long(work: Work, story: Story) -> bool:
    """Whether a child is to be looked into for not having been seen."""
    clock = contact.clock_of(work, story.child_id)
    return clock is not None and clock.see_by is not None and clock.see_by < work.today


def looked_into(casework: Casework, stories: Sequence[Story], at: datetime) -> None:
    """An adviser looks into the first child who has not been seen for long, and decides."""
    asked = casework.council.acting(None, at)
    story = next((one for one in stories if not_seen_for_long(asked, one)), None)
    if story is None:
        return
    work = casework.council.acting(casework.adviser(story), at)
    review = service.Review(
        decision="The family prefers to write, and its reports are full. Nothing gives concern: asked again next year",
        next_review_on=roll_forward(add_months(work.today, 10)),
        health="The surgery has seen the child within the year",
        social_care="Not known to children’s social care",
    )
    service.review_not_seen(work, casework.council.child(story.child_id), review)


def going(casework: Casework, story: Story, destination: Destination, known: str, at: datetime) -> None:
    """A destination that nobody has confirmed yet."""
    adviser = casework.adviser(story)
    work = casework.council.acting(adviser, at)
    episode = casework.council.child(story.child_id).episode
    if episode is not None and episode.is_open:
        next_on = roll_forward(work.today + timedelta(days=12))
        register.await_destination(work, episode, register.Awaited(destination, known, adviser, next_on))


def stopped(casework: Casework, story: Story, at: datetime) -> None:
    """An adviser stops all messages to a family."""
    work = casework.council.acting(casework.adviser(story), at)
    casefile.stop_messages(work, casework.council.child(story.child_id), STOPPED)


def values_to_come(casework: Casework, at: datetime) -> None:
    """The administrator has set values that hold from the month after next."""
    council = casework.council
    work = council.acting(council.of_role(Role.ADMINISTRATOR)[0], at)
    since = add_months(council.work.today.replace(day=1), 2)
    now = policy.in_force(work, council.authority.id, work.today).values
    other = replace(now, grace_days_annual=8, interval_months_half_yearly=5)
    values.set_values(work, council.authority.id, other, since)
