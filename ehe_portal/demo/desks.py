"""How officers arrange their work: the lists they keep, and children whom the manager handed from one to another."""

from collections.abc import Sequence
from datetime import datetime
from functools import partial
from typing import Any, Final

from ehe_portal.accounts.policy import Role
from ehe_portal.casefile import service as casefile
from ehe_portal.demo import timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.council import Council
from ehe_portal.demo.stages import Stage
from ehe_portal.demo.stories import Story
from ehe_portal.register import queries as register_queries
from ehe_portal.register import service as register

HANDED: Final = 4
LISTS: Final[dict[str, dict[str, Any]]] = {
    "Overdue": {"due": "overdue", "sort": "due", "columns": ["year", "tier", "due", "last-contact", "last-seen"]},
    "Never seen": {"seen": "never", "columns": ["year", "opened", "adviser", "last-contact", "status"]},
    "Year 11 leavers": {"year": "11", "columns": ["born", "adviser", "due", "sen"]},
}


def plan_desks(council: Council, casework: Casework, told: Sequence[Story]) -> None:
    """Two days ago the manager evened out the load; the first adviser and the manager keep lists."""
    on = casework.hour(timing.working_days_before(casework.last, 2))
    ordinary = [story for story in told if story.stage is Stage.ORDINARY and not story.person and story.adviser]
    for story in ordinary[:HANDED]:
        council.plan(on, partial(hand_over, council, casework, story))
    council.plan(on, partial(keep_lists, council))


def hand_over(council: Council, casework: Casework, story: Story, at: datetime) -> None:
    """Give one child to the first adviser."""
    work = council.acting(council.of_role(Role.EHE_MANAGER)[0], at)
    if (episode := register_queries.open_episode(work, story.child_id)) is not None:
        register.assign(work, episode, casework.advisers[0])


def keep_lists(council: Council, at: datetime) -> None:
    """Keep each list for the first adviser and for the manager."""
    for account in (council.of_role(Role.ADVISER)[0], council.of_role(Role.EHE_MANAGER)[0]):
        for name, asked in LISTS.items():
            casefile.keep_list(council.acting(account, at), name, asked)
