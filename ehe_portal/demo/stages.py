"""Where the families of the demonstration stand, and how many of them at each stage."""

import random
from collections import deque
from enum import Enum, auto
from typing import Final


class Stage(Enum):
    """Where a family stands today."""

    # Families who came with the council's spreadsheet
    ORDINARY = auto()  # heard from, nothing due for a while
    DUE_SOON = auto()
    REPLIED = auto()  # overdue, but for a reply that bought time
    GRACE = auto()
    LAPSING = auto()  # at the first sweep
    RAISED = auto()
    ACKNOWLEDGED = auto()
    TRIAGED = auto()
    UNDECIDED = auto()  # acknowledged, and no decision since
    OVERTAKEN = auto()  # decided about, and its next date has passed
    ABSENT = auto()  # decided about by an officer who is away
    ENQUIRY = auto()
    REOPENED = auto()  # closed by a contact that was another child's
    ANSWERED = auto()  # lapsed, and heard from since
    NEXT_SET = auto()  # lapsed, and closed with a dated next contact
    LOST = auto()  # lapsed, looked for and found elsewhere
    CONCERN = auto()
    CONCERN_ANSWERED = auto()
    HALF_YEARLY = auto()
    CLOSE = auto()
    TIGHTENED = auto()  # moved to a closer tier since
    TEAM = auto()  # given back to the team
    OTHER = auto()  # another arrangement
    EDGE = auto()  # school age may have ended with last June, or goes on
    LEFT = auto()  # closed in the spreadsheet
    LEAVING = auto()  # closed since
    JOINED = auto()  # registered online though known, and joined
    DOUBLED = auto()  # the same, not yet decided
    # Families who registered online since
    WAITING = auto()
    FIRST_DUE = auto()
    FIRST_GRACE = auto()
    FIRST_LAPSING = auto()
    WELCOMED = auto()  # heard from


# Families to 600 children; those not named are ordinary.
SHARES: Final = {
    Stage.DUE_SOON: 26,
    Stage.REPLIED: 4,
    Stage.GRACE: 10,
    Stage.LAPSING: 8,
    Stage.RAISED: 4,
    Stage.ACKNOWLEDGED: 2,
    Stage.TRIAGED: 3,
    Stage.UNDECIDED: 1,
    Stage.OVERTAKEN: 1,
    Stage.ABSENT: 2,
    Stage.ENQUIRY: 2,
    Stage.REOPENED: 1,
    Stage.ANSWERED: 6,
    Stage.NEXT_SET: 2,
    Stage.LOST: 2,
    Stage.CONCERN: 3,
    Stage.CONCERN_ANSWERED: 2,
    Stage.HALF_YEARLY: 24,
    Stage.CLOSE: 8,
    Stage.TIGHTENED: 3,
    Stage.TEAM: 4,
    Stage.OTHER: 18,
    Stage.LEFT: 40,
    Stage.LEAVING: 14,
    Stage.JOINED: 3,
    Stage.DOUBLED: 2,
    Stage.WAITING: 4,
    Stage.FIRST_DUE: 6,
    Stage.FIRST_GRACE: 2,
    Stage.WELCOMED: 42,
}
WHOLE: Final = 600

ONLINE: Final = frozenset({Stage.WAITING, Stage.FIRST_DUE, Stage.FIRST_GRACE, Stage.FIRST_LAPSING, Stage.WELCOMED})
WITH_ACCOUNT: Final = ONLINE | {Stage.JOINED, Stage.DOUBLED}
"""Stages of families who have an account."""

OF_ONE_CHILD: Final = frozenset(
    {Stage.CONCERN, Stage.CONCERN_ANSWERED, Stage.TIGHTENED, Stage.OTHER, Stage.LEAVING, Stage.JOINED, Stage.DOUBLED}
)
"""Stages of the eldest alone; brothers and sisters are ordinary. All others are a family's."""

AS_ORDINARY: Final = (OF_ONE_CHILD - {Stage.OTHER}) | {Stage.ORDINARY, Stage.TEAM, Stage.EDGE}
"""Stages in which nothing is due for a while."""

ANY_AGE: Final = ONLINE | {Stage.LEAVING, Stage.OTHER}
"""Stages for families whose eldest has not been of compulsory school age for long, too."""


def queue(chance: random.Random, children: int) -> deque[Stage]:
    """The stages to give to families, in the order in which they are to be given: each once, then the rest."""
    more = [stage for stage, share in SHARES.items() for _ in range(round(share * children / WHOLE) - 1)]
    chance.shuffle(more)
    return deque([*SHARES, *more])
