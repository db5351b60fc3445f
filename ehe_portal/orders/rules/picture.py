"""The route of a case as a picture: a line of steps, with where we are. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from ehe_portal.core.codes import Code
from ehe_portal.core.govuk.words import long_date
from ehe_portal.orders.rules.law import Step
from ehe_portal.orders.rules.walk import Possible, Story, answer_by

MARGIN = 4.0  # Per cent kept free at both ends, so that no mark is cut off.


class Mark(Code):
    """Where a step of the picture stands."""

    DONE = "done", "Done"
    HERE = "here", "We are here"
    OPEN = "open", "Possible now"
    WAITS = "waits", "Not yet"
    LATER = "later", "Later"


@dataclass(frozen=True)
class Point:
    """One step on the line. `when` says when it was, from when it may be, or by when it is to be."""

    number: int
    step: Step
    mark: Mark
    when: str
    place: str


@dataclass(frozen=True)
class Picture:
    """The line, from the first step to the last."""

    points: Sequence[Point]
    title: str
    description: str


def drawn(story: Story, ahead: Sequence[Possible], *, ended: bool) -> Picture:
    """The steps that were taken, then those that the route usually takes from here, unless it is over."""
    marked: list[tuple[Step, Mark, str]] = []
    for number, one in enumerate(story.taken, 1):
        here = number == len(story.taken)
        by = answer_by(story, one)
        until = f", answer by {long_date(by)}" if by is not None and here and not ended else ""
        marked.append(
            (story.way.steps[one.code], Mark.HERE if here else Mark.DONE, f"{long_date(one.taken_on)}{until}")
        )
    if not ended:
        marked += [(step, *standing(step, ahead)) for step in usual(story)]
    last = max(len(marked) - 1, 1)
    points = [
        Point(number, step, mark, when, f"{MARGIN + (number - 1) / last * (100 - 2 * MARGIN):.2f}%")
        for number, (step, mark, when) in enumerate(marked, 1)
    ]
    said = ". ".join(f"{one.number}: {one.step.code.label}, {one.mark.label.lower()}" for one in points)
    here_is = story.here.code.label if story.here else "not begun"
    return Picture(points, f"The route of this case: {here_is}{' (over)' if ended else ''}", f"{said}.")


def standing(step: Step, ahead: Sequence[Possible]) -> tuple[Mark, str]:
    """Whether a step ahead is possible now, and from when or by when it is."""
    found = next((one for one in ahead if one.step is step), None)
    if found is None:
        return Mark.LATER, ""
    by = f"by {long_date(found.last_on)}" if found.last_on else ""
    if not found.why:
        return Mark.OPEN, by
    from_on = f"from {long_date(found.from_on)}" if found.from_on else ""
    return Mark.WAITS, ", ".join(part for part in (from_on, by) if part)


def usual(story: Story) -> list[Step]:
    """The rest of the route's usual line from here, without what such a child's plan leaves out."""
    line, steps = story.way.line, story.way.steps
    reached = [line.index(one.code) for one in story.taken if one.code in line]
    rest = list(line[max(reached) + 1 :]) if reached else list(line)
    found: list[Step] = []
    here = story.here
    for code in rest:
        open_to = None if here is None else {edge.step for edge in here.next if edge.fits(story.plan)}
        if open_to is None or code in open_to:
            found.append(steps[code])
            here = steps[code]
    return found
