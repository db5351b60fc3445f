"""Giving many episodes to other advisers, or to the team, in one go."""

from collections.abc import Mapping, Sequence

from sqlalchemy import select, tuple_, update

from ehe_portal.accounts.models import Account
from ehe_portal.core.errors import ChangedMeanwhile
from ehe_portal.core.work import Work
from ehe_portal.register.events import ChildrenHandedOver, EpisodeAssigned
from ehe_portal.register.models import Episode
from ehe_portal.register.queries import Moving, loads
from ehe_portal.register.rules import handing_over as rules
from ehe_portal.register.service.episodes import check_adviser

PORTION = 500
Given = Mapping[int | None, Sequence[Moving]]
"""Who is given which episodes; None stands for the team."""


def share_out(work: Work, children: Sequence[Moving], advisers: Sequence[Account]) -> dict[int | None, list[Moving]]:
    """Who would be given which: one adviser all of them, several their even shares, none the team."""
    if not advisers:
        return {None: list(children)}
    have_now = loads(work)
    homes: dict[str, list[int]] = {}
    for one in children:
        homes.setdefault(one.home, []).append(one.episode_id)
    by_id = {one.episode_id: one for one in children}
    shares = rules.spread(list(homes.values()), {one.id: have_now.get(one.id, 0) for one in advisers})
    return {adviser_id: [by_id[episode_id] for episode_id in share] for adviser_id, share in shares.items()}


def hand_over(work: Work, authority_id: int, given: Given) -> int:
    """Give episodes to advisers or to the team, in a few statements; how many have changed hands. Raises `Refusal`.

    Each must be as it was when it was chosen: open, and of the same version.
    """
    wanted = [adviser_id for adviser_id, share in given.items() if adviser_id is not None and share]
    for adviser in work.session.scalars(select(Account).where(Account.id.in_(wanted)).order_by(Account.id)):
        check_adviser(authority_id, adviser)
    assigned: list[EpisodeAssigned] = []
    handed: list[ChildrenHandedOver] = []
    for adviser_id, share in given.items():
        moved = [one for one in share if one.adviser_id != adviser_id]
        give(work, authority_id, adviser_id, moved)
        assigned += [
            EpisodeAssigned(
                authority_id=authority_id, child_id=one.child_id, episode_id=one.episode_id, adviser_id=adviser_id
            )
            for one in moved
        ]
        if moved and adviser_id is not None:
            handed.append(ChildrenHandedOver(authority_id=authority_id, adviser_id=adviser_id, how_many=len(moved)))
    for known in list(work.session.identity_map.values()):
        if isinstance(known, Episode):
            work.session.expire(known)
    if assigned:
        work.publish(*assigned, *handed)
    return len(assigned)


def give(work: Work, authority_id: int, adviser_id: int | None, moved: Sequence[Moving]) -> None:
    """Write who has these episodes now. Raises `ChangedMeanwhile`."""
    for start in range(0, len(moved), PORTION):
        portion = moved[start : start + PORTION]
        changed = work.session.scalars(
            update(Episode)
            .where(
                tuple_(Episode.id, Episode.version).in_([(one.episode_id, one.version) for one in portion]),
                Episode.authority_id == authority_id,
                Episode.closed_on.is_(None),
            )
            .values(
                adviser_id=adviser_id,
                team_since=work.today if adviser_id is None else None,
                given_on=None if adviser_id is None else work.today,
                version=Episode.version + 1,
            )
            .returning(Episode.id),
            execution_options={"synchronize_session": False},
        ).all()
        if len(changed) != len(portion):
            raise ChangedMeanwhile("One of these children")
