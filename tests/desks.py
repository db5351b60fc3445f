"""What waits on officers' desks, as *My day* shows it."""

from collections.abc import Sequence

from ehe_portal.casefile.queries import today
from ehe_portal.casefile.queries.today import Item
from ehe_portal.core.work import Work


def waits(work: Work, key: str, whose: int | None = None) -> Sequence[Item]:
    """What waits of one kind, for one account or (None) for the team; the longest first."""
    kind = next(one for one in today.KINDS if one.key == key)
    return today.kind_page(today.desk(work, whose), kind, "date", None).items
