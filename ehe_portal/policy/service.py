"""Setting an authority's values."""

from collections.abc import Sequence
from datetime import date

from ehe_portal.accounts.events import AuthorityAdded
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries
from ehe_portal.policy.events import PolicySet
from ehe_portal.policy.models import SINCE_EVER, PolicyValues, PolicyVersion
from ehe_portal.policy.rules.profiles import NOW, PROFILES


def begin(work: Work, added: Sequence[AuthorityAdded]) -> None:
    """Give new authorities the default values, in force since 1900, so that every date has a version."""
    for event in added:
        if event.authority_id is not None:
            keep(work, event.authority_id, PolicyValues(), SINCE_EVER, number=1, profile=NOW)


def set_values(
    work: Work, authority_id: int, values: PolicyValues, in_force_from: date, profile: str | None = None
) -> PolicyVersion:
    """Let new values hold from a London date on, today at the earliest, under the same profile or another.

    Raises `Refusal`, also for a profile of a law that is not in force on that day.
    """
    if in_force_from < work.today:
        raise Refusal("Enter a date that is today or later: values that have held cannot be changed", "in_force_from")
    known = queries.versions(work, authority_id)
    if any(version.in_force_from >= in_force_from for version in known):
        raise Refusal("Enter a date after the latest version's: versions follow one another", "in_force_from")
    chosen = profile or known[-1].profile
    if chosen not in PROFILES or not PROFILES[chosen].is_in_force(in_force_from):
        raise Refusal("Select a law that is in force on that date", "profile")
    return keep(work, authority_id, values, in_force_from, number=known[-1].number + 1, profile=chosen)


def keep(
    work: Work, authority_id: int, values: PolicyValues, in_force_from: date, number: int, profile: str
) -> PolicyVersion:
    """Write one version and say so."""
    version = PolicyVersion(
        authority_id=authority_id,
        number=number,
        in_force_from=in_force_from,
        profile=profile,
        stored=values.as_json(),
        created_at=work.at,
    )
    work.session.add(version)
    work.session.flush()
    work.publish(PolicySet(authority_id=authority_id, number=number, in_force_from=in_force_from))
    return version
