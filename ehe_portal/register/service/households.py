"""Which children belong to one family: an officer decides, and may think again."""

from typing import Any

from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.events import HouseholdDecided
from ehe_portal.register.models import Child, HouseholdLink, HouseholdVerdict
from ehe_portal.register.service.doubles import is_duplicate


def decide_household(
    work: Work, child: Child, other: Child, verdict: HouseholdVerdict, version: int | None = None
) -> None:
    """Say that two children belong to one family, or that they do not; it stands on both records. Raises `Refusal`."""
    if child.id == other.id or child.authority_id != other.authority_id:
        raise Refusal("Choose another child of this authority")
    if is_duplicate(child) or is_duplicate(other):
        raise Refusal("Choose a record that has not been found to be a duplicate")
    queries.hold_child(work, min(child.id, other.id))
    link = queries.link_between(work, child, other)
    if version is not None and version != (link.version if link else 0):
        raise ChangedMeanwhile("What was decided about these two children")
    if link is not None and link.verdict is verdict:
        return
    if link is None:
        first, second = sorted((child.id, other.id))
        link = HouseholdLink(
            authority_id=child.authority_id,
            child_id=first,
            other_child_id=second,
            verdict=verdict,
            decided_at=work.at,
            decided_by_id=work.actor.account_id,
        )
        work.session.add(link)
    else:
        link.verdict, link.decided_at, link.decided_by_id = verdict, work.at, work.actor.account_id
    work.session.flush()
    said: dict[str, Any] = {"authority_id": child.authority_id, "verdict": verdict.value}
    work.publish(
        HouseholdDecided(child_id=child.id, other_child_id=other.id, **said),
        HouseholdDecided(child_id=other.id, other_child_id=child.id, **said),
    )


def move_links(work: Work, duplicate: Child, existing: Child) -> None:
    """Give the record that stays what was decided about the duplicate's family; what it has already stands."""
    about = {duplicate.id, existing.id}
    known = {pair_of(link) - {existing.id} for link in queries.links_of(work, existing)}
    for link in queries.links_of(work, duplicate):
        others = pair_of(link) - {duplicate.id}
        if pair_of(link) != about and others not in known:
            link.child_id, link.other_child_id = sorted((existing.id, *others))
        else:
            work.session.delete(link)


def pair_of(link: HouseholdLink) -> frozenset[int]:
    """The two children that a link is about."""
    return frozenset((link.child_id, link.other_child_id))
