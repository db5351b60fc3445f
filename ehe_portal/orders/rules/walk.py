"""Where a case is on its route, what may come next, from when and by when. Pure.

Nothing follows from a day that passes: it only lets a person take the next step, or tells them that one is due.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from ehe_portal.core.govuk.words import long_date
from ehe_portal.orders.rules.codes import Plan, StepCode, Whose
from ehe_portal.orders.rules.counting import A_DAY, Schools, last_day, latest
from ehe_portal.orders.rules.law import Edge, Period, Step, Way

AFTER_AGE = frozenset({StepCode.SUPERVISION, StepCode.PROSECUTE, StepCode.NO_PROSECUTION})
"""What may still be decided about a breach once compulsory school age is over: it happened while the order held."""


@dataclass(frozen=True)
class Sending:
    """A document to one parent, or to the school; `served_on` is empty until it is written down how it was served."""

    to_school: bool = False
    served_on: date | None = None


@dataclass(frozen=True)
class Taken:
    """A step that was taken, with what was written down (days as YYYY-MM-DD) and whom its document goes to."""

    code: StepCode
    taken_on: date
    said: Mapping[str, str] = field(default_factory=dict)
    sendings: tuple[Sending, ...] = ()

    @property
    def is_served(self) -> bool:
        """Whether everyone to whom its document goes has been served."""
        return all(one.served_on is not None for one in self.sendings)


@dataclass(frozen=True)
class Story:
    """The steps of a case so far, the earliest first. `age_ends` is the last day of the child's compulsory school age,
    with which an order and every step towards one end (s.437(4))."""

    way: Way
    taken: Sequence[Taken]
    schools: Schools = field(default_factory=Schools)
    age_ends: date | None = None

    def is_past_age(self, today: date) -> bool:
        """Whether compulsory school age is over."""
        return self.age_ends is not None and today > self.age_ends

    def order_holds(self, today: date) -> bool:
        """Whether an order is in force: made, not revoked, and the child of compulsory school age (s.437(4))."""
        codes = {one.code for one in self.taken}
        return StepCode.ORDER in codes and StepCode.REVOKE not in codes and not self.is_past_age(today)

    @property
    def here(self) -> Step | None:
        """The step at which the case is."""
        return self.way.steps[self.taken[-1].code] if self.taken else None

    @property
    def plan(self) -> Plan:
        """What was last written down about the child's EHC plan."""
        for one in reversed(self.taken):
            if one.code is StepCode.PLAN_NAMES_SCHOOL:
                return Plan.NAMED
            if "plan" in one.said:
                return Plan(one.said["plan"])
        return Plan.NONE

    def said(self, name: str) -> str | None:
        """What was last written down under a name."""
        return next((one.said[name] for one in reversed(self.taken) if name in one.said), None)


@dataclass(frozen=True)
class Possible:
    """A step that may come next: not before `from_on`, if that is known; by `last_on`, where the law says so. `why`
    says why it cannot be taken today; empty where it can."""

    step: Step
    from_on: date | None = None
    last_on: date | None = None
    why: str = ""


def answer_by(story: Story, taken: Taken) -> date | None:
    """The last day on which a step's document can be answered: the latest, where several were served. None while that
    is not known, or where nothing is to be answered."""
    answer = story.way.steps[taken.code].answer
    if answer is None:
        return None
    theirs = [one for one in taken.sendings if one.to_school is (answer.whose is Whose.SCHOOL)]
    return latest([one.served_on and last_day(answer, one.served_on, story.schools) for one in theirs])


def last_answer(story: Story) -> date | None:
    """The last day of the latest time to answer in a story."""
    answered = [one for one in story.taken if story.way.steps[one.code].answer is not None]
    return answer_by(story, answered[-1]) if answered else None


def act_by(story: Story, step: Step, said: Mapping[str, str] | None = None) -> date | None:
    """The last day on which the council may serve a step's document in time; None where no section says one. `said` is
    what is being written down with the step itself."""
    if step.act is None:
        return None
    if step.act.since == "period":
        base = last_answer(story)
    else:
        written = (said or {}).get(step.act.since) or story.said(step.act.since)
        base = date.fromisoformat(written) if written else None
    return None if base is None else last_day(step.act, base, story.schools)


def possible(story: Story, today: date) -> list[Possible]:
    """What may come next, and nothing else may."""
    if story.here is None:
        return [Possible(story.way.steps[story.way.begins])]
    open_to = [edge for edge in story.here.next if edge.fits(story.plan)]
    if story.is_past_age(today):
        open_to = [edge for edge in open_to if edge.step in AFTER_AGE]
    return [may_follow(story, edge, today) for edge in open_to]


def may_follow(story: Story, edge: Edge, today: date) -> Possible:
    """Whether a step may be taken today; from when, and by when."""
    step, before = story.way.steps[edge.step], story.taken[-1]
    last_on = act_by(story, step)
    if (edge.waits or not step.ends) and not before.is_served:
        why = f"Enter first how “{before.code.label}” was served: nothing runs before it is"
        return Possible(step, None, last_on, why)
    answer = story.way.steps[before.code].answer
    if not edge.waits or answer is None:
        return Possible(step, None, last_on)
    over_on = answer_by(story, before)
    if over_on is None:
        return Possible(step, None, last_on, not_reached(answer))
    if today <= over_on:
        return Possible(step, over_on + A_DAY, last_on, too_early(answer, over_on))
    return Possible(step, over_on + A_DAY, last_on)


def not_reached(answer: Period) -> str:
    """Said where the calendar does not say when a period ends."""
    return (
        f"Enter the school terms first: the school calendar does not reach the end of {answer.words} ({answer.section})"
    )


def too_early(answer: Period, over_on: date) -> str:
    """Said to whoever takes a step a day early, or more."""
    who = "school" if answer.whose is Whose.SCHOOL else "family"
    return (
        f"Choose this step from {long_date(over_on + A_DAY)} on: {answer.section} gives the {who} "
        f"until the end of {long_date(over_on)}"
    )


@dataclass(frozen=True)
class Running:
    """A clock: whose time it is, and its last day, if there is one."""

    whose: Whose
    last_on: date


def running(story: Story, ended: bool) -> Running | None:
    """What is waited for, and until when: the answer of whoever was served, or something that the council is to do. The
    council's own last day is that of the law; where no section says one, the day since which it has been its turn. None
    where nothing is: a case that is over, an order in force."""
    if not story.taken or story.here is None:
        return None
    before = story.taken[-1]
    if not before.is_served:
        # Its own time is counted from what came before it.
        earlier = replace(story, taken=story.taken[:-1])
        return Running(Whose.COUNCIL, act_by(earlier, story.here, before.said) or before.taken_on)
    if ended or story.here.code in (StepCode.ORDER, StepCode.AMEND, StepCode.REFUSE_REVOCATION):
        return None
    if story.here.answer is not None:
        return Running(story.here.answer.whose, answer_by(story, before) or before.taken_on)
    if story.here.code in (StepCode.PROSECUTE, StepCode.NO_PROSECUTION):
        return None
    ahead = [day for edge in story.here.next if (day := act_by(story, story.way.steps[edge.step])) is not None]
    return Running(Whose.COUNCIL, min(ahead) if ahead else before.taken_on)


def again_from(period: Period | None, last_on: date | None, schools: Schools) -> date | None:
    """The first day on which there may be another, of what may not be too often; None where there is nothing to wait
    for."""
    return None if period is None or last_on is None else last_day(period, last_on, schools)


def too_soon(period: Period, free_on: date) -> str:
    """Said to whoever begins again too early."""
    return f"Choose this from {long_date(free_on)} on: {period.section} allows it once in {period.words}"


def ask_by(yearly: Period | None, asked_on: date | None, since: date) -> date | None:
    """The last day to ask again for what is to be asked for at least so often (s.436D: once a year); counted from the
    last time, and where nobody has asked yet from the day `since` which there is somebody to ask."""
    return None if yearly is None else last_day(yearly, asked_on or since, Schools())


def past_age(age_ends: date) -> str:
    """Said to whoever takes a step about somebody whose compulsory school age is over."""
    return f"Choose to end this case: compulsory school age ended on {long_date(age_ends)} (section 8)"


def long_day(written: str) -> str:
    """A day that was written down, in words."""
    return long_date(date.fromisoformat(written))
