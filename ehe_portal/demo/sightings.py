"""When children were seen: most of them within the year, by their adviser or by somebody else whose work is children.

A family may prefer to write; then nobody of the team has seen the child, and after a while somebody looks into it.
"""

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

from ehe_portal.contact import service as contact
from ehe_portal.contact.service import Seen, SeenBy
from ehe_portal.core.codes import Arrangement, ChildSeen, ContactKind, ContactOutcome, SocialCare
from ehe_portal.core.days import add_working_days
from ehe_portal.demo import timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.phrases import words
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Line, Story

SEED: Final = 1989  # the year of the Children Act; of its own, so that nothing else is drawn otherwise
WRITES: Final = 7
"""Of so many of an adviser's families who have been known for over a year, one writes and never meets anybody."""
IN_PERSON: Final = {ContactKind.HOME_VISIT: 60, ContactKind.MEETING: 22, ContactKind.VIDEO_CALL: 18}
MET: Final = 0.55
"""The share of the latest calls and reports that are meetings instead; most others were seen by somebody else."""
BY_OTHERS: Final = 0.88
YEAR: Final = timedelta(days=365)
LATELY: Final = timedelta(days=320)
"""Within how many days before today somebody else saw a child."""


def meet(told: Sequence[Story], today: date) -> None:
    """Let most families have met their adviser when they were last in contact, and a few only write."""
    chance = random.Random(SEED)
    known = [story for story in told if story.arrangement is Arrangement.EHE and story.lines and not story.is_online]
    writing = writers(known, today)
    drawn: dict[tuple[int, date], ContactKind | None] = {}
    for story in known:
        effective = [line for line in story.lines if line.seen is not None or line.substantive]
        if id(story.household) in writing:
            for line in effective:
                line.kind, line.outcome, line.seen = ContactKind.WRITTEN_REPORT, ContactOutcome.RECEIVED, None
                line.substantive, line.offered = True, False
        elif effective and story.stage is not Stage.LEFT:
            latest = max(effective, key=lambda line: line.on)
            # Brothers and sisters were met together.
            together = (id(story.household), latest.on)
            if together not in drawn:
                drawn[together] = in_person(latest, chance)
            if (kind := drawn[together]) is not None:
                latest.kind, latest.outcome, latest.seen = kind, ContactOutcome.HELD, ChildSeen.YES
                latest.substantive, latest.offered = None, True


def writers(known: Sequence[Story], today: date) -> set[int]:
    """The households that only write: some of each adviser's that are known for over a year and have no other story."""
    shared = {id(story.household) for story in known if story.stage is not Stage.ORDINARY or story.protected}
    homes: dict[int, dict[int, None]] = {}
    for story in known:
        if id(story.household) not in shared and story.opened_on < today - YEAR:
            homes.setdefault(story.adviser, {})[id(story.household)] = None
    return {home for of_adviser in homes.values() for home in list(of_adviser)[::WRITES]}


def in_person(line: Line, chance: random.Random) -> ContactKind | None:
    """How a family was met at a contact; None for a call or report that stays one."""
    if line.kind in IN_PERSON:
        return line.kind
    return chance.choices(list(IN_PERSON), list(IN_PERSON.values()))[0] if chance.random() < MET else None


def plan_sightings(casework: Casework, told: Sequence[Story]) -> None:
    """Plan that advisers write down who else saw the children whom they did not see themselves within the year."""
    chance = random.Random(SEED)
    today = casework.council.work.today
    writing = writers([one for one in told if one.lines and not one.is_online], today)
    for story in unseen(told, today):
        if id(story.household) in writing or chance.random() > BY_OTHERS:
            continue
        seen_on = max(story.opened_on, today - timedelta(days=chance.randint(10, LATELY.days)))
        asked_on = timing.working_days_before(casework.last, chance.randint(4, 60))
        told_on = max(asked_on, add_working_days(seen_on, 1))
        deed = partial(see_elsewhere, casework, story, seen_on, chance.random())
        casework.council.plan(timing.office_hours(chance, told_on), deed)


def unseen(told: Sequence[Story], today: date) -> Iterator[Story]:
    """Children of open episodes whom no adviser has seen for nearly a year."""
    for story in told:
        ended = story.stage in (Stage.LEFT, Stage.LEAVING, Stage.LOST) or story.arrangement is not Arrangement.EHE
        seen = [line.on for line in story.lines if line.seen is ChildSeen.YES]
        if not ended and not story.is_online and max(seen, default=date.min) < today - LATELY:
            yield story


def see_elsewhere(casework: Casework, story: Story, seen_on: date, draw: float, at: datetime) -> None:
    """An adviser writes down who saw a child; social care, where it works with the family."""
    work = casework.council.acting(casework.adviser(story), at)
    involved = story.social_care in (SocialCare.CP, SocialCare.CIN, SocialCare.LAC)
    ways = words("contact")["sightings"]
    fitting = [way for way in ways if (way["by"] == SeenBy.SOCIAL_CARE) is involved]
    way = fitting[int(draw * len(fitting))]
    source = way["source"].format(name=story.kid.known_as)
    contact.record_sighting(work, casework.council.child(story.child_id), Seen(seen_on, SeenBy(way["by"]), source))
