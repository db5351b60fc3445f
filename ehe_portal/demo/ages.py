"""Two young people whose 16th birthday was a 1 September: of one somebody has said when school age ended."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Final

from ehe_portal.core.school_age import leaving_dates
from ehe_portal.demo import timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.register import service as register

WHY: Final = (
    "The mother asked whether she still has to write to us. The legal team: no school of ours had begun its year by "
    "the birthday, so that school age ended with the June before it. {name} has begun at the college in town"
)


def plan(casework: Casework, told: Sequence[Story]) -> None:
    """Plan that an adviser says so of one of them; the other is still asked about."""
    since = timing.working_days_before(casework.last, 10)
    asked = [one for one in told if one.stage is Stage.EDGE and all(line.on < since for line in one.lines)]
    for story in asked[:1]:
        day = timing.working_days_before(casework.last, 2)
        casework.council.plan(casework.hour(day), partial(said, casework, story))


def said(casework: Casework, story: Story, at: datetime) -> None:
    """The adviser says that it was the earlier day: the episode ends by itself in the night after."""
    work = casework.council.acting(casework.adviser(story), at)
    child = casework.council.child(story.child_id)
    earlier = leaving_dates(child.date_of_birth)[0]
    register.say_age_ends(work, child, earlier, WHY.format(name=child.known_as))
