"""Which values hold when."""

from datetime import date

from sqlalchemy import select

from ehe_portal.core.work import Work
from ehe_portal.policy.models import PolicyVersion


def versions(work: Work, authority_id: int) -> list[PolicyVersion]:
    """Every version of an authority's values, the earliest first."""
    return list(
        work.session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.authority_id == authority_id)
            .order_by(PolicyVersion.in_force_from, PolicyVersion.number)
        )
    )


def in_force(work: Work, authority_id: int, on: date) -> PolicyVersion:
    """The version that holds on a London date. An authority always has one: the defaults hold from 1900."""
    return work.session.scalars(
        select(PolicyVersion)
        .where(PolicyVersion.authority_id == authority_id, PolicyVersion.in_force_from <= on)
        .order_by(PolicyVersion.in_force_from.desc(), PolicyVersion.number.desc())
        .limit(1)
    ).one()
