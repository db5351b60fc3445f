"""Giving several children to one adviser, each by itself: what has changed meanwhile is left alone and told."""

from collections.abc import Mapping

from ehe_portal.accounts.models import Account
from ehe_portal.casefile.queries import giving as queries
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import service as register


def give(work: Work, seen: Mapping[str, int], adviser: Account | None) -> tuple[list[str], list[str]]:
    """Give the children of these references, each at the version of its episode that was seen.

    Gives the references of those who are now with the adviser, and of those left as they are. Raises `Refusal`.
    """
    if adviser is None:
        raise Refusal("Select an adviser", "adviser")
    given, left = [], []
    for reference, episode in queries.open_episodes(work, seen):
        try:
            register.assign(work, episode, adviser, seen[reference])
        except Refusal as refusal:
            if refusal.field == "adviser":
                raise
            left.append(reference)
        else:
            given.append(reference)
    return given, [*left, *(one for one in seen if one not in {*given, *left})]
