"""Which values hold when; when schools are open."""

from collections.abc import Collection, Sequence
from datetime import date, timedelta

from sqlalchemy import func, select

from ehe_portal.core.days import TermTime
from ehe_portal.core.work import Work
from ehe_portal.policy.models import PolicyVersion, TermDate, TermKind
from ehe_portal.policy.rules.profiles import NOW, PROFILES, Profile


def versions(work: Work, authority_id: int) -> list[PolicyVersion]:
    """Every version of an authority's values that holds, held or will hold, the earliest first."""
    return list(
        work.session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.authority_id == authority_id, PolicyVersion.withdrawn_at.is_(None))
            .order_by(PolicyVersion.in_force_from, PolicyVersion.number)
        )
    )


def latest_number(work: Work, authority_id: int) -> int:
    """The number of the latest version that was ever set, withdrawn ones among them."""
    found = select(func.max(PolicyVersion.number)).where(PolicyVersion.authority_id == authority_id)
    return work.session.scalars(found).one() or 0


def withdrawn_versions(work: Work, authority_id: int) -> list[PolicyVersion]:
    """Versions that were withdrawn before their day, the latest first."""
    return list(
        work.session.scalars(
            select(PolicyVersion)
            .where(PolicyVersion.authority_id == authority_id, PolicyVersion.withdrawn_at.is_not(None))
            .order_by(PolicyVersion.number.desc())
        )
    )


def coming_version(work: Work, since: str) -> PolicyVersion | None:
    """A version in scope that has not been withdrawn and does not hold yet, by the day from which it will."""
    try:
        day = date.fromisoformat(since)
    except ValueError:
        return None
    return work.session.scalar(
        select(PolicyVersion).where(
            PolicyVersion.authority_id == work.scope.authority_id,
            PolicyVersion.in_force_from == day,
            PolicyVersion.withdrawn_at.is_(None),
            PolicyVersion.in_force_from > work.today,
        )
    )


def in_force(work: Work, authority_id: int, on: date) -> PolicyVersion:
    """The version that holds on a London date. An authority always has one: the defaults hold from 1900."""
    return work.session.scalars(
        select(PolicyVersion)
        .where(
            PolicyVersion.authority_id == authority_id,
            PolicyVersion.in_force_from <= on,
            PolicyVersion.withdrawn_at.is_(None),
        )
        .order_by(PolicyVersion.in_force_from.desc(), PolicyVersion.number.desc())
        .limit(1)
    ).one()


def profile_in_force(work: Work, authority_id: int | None, on: date) -> Profile:
    """The law that an authority works under on a London date; for nobody's in particular, the law as it is now."""
    return PROFILES[NOW if authority_id is None else in_force(work, authority_id, on).profile]


def term_dates(work: Work, authority_id: int) -> Sequence[TermDate]:
    """Every term and holiday of an authority, the latest school year first and by day within it."""
    return work.session.scalars(
        select(TermDate)
        .where(TermDate.authority_id == authority_id)
        .order_by(TermDate.school_year.desc(), TermDate.first_on, TermDate.kind.desc(), TermDate.id)
    ).all()


def autumn_terms(work: Work, authority_id: int, years: Collection[int]) -> dict[int, date]:
    """The first day of the autumn term in each of these calendar years, of those in which one is known."""
    rows = work.session.execute(
        select(TermDate.school_year, func.min(TermDate.first_on))
        .where(TermDate.authority_id == authority_id, TermDate.kind == TermKind.TERM, TermDate.school_year.in_(years))
        .group_by(TermDate.school_year)
        .order_by(TermDate.school_year)
    )
    # A year of which only later terms are written down says nothing of its autumn.
    return {year: first_on for year, first_on in rows if first_on.month == 9}


def visible_term_date(work: Work, reference: str) -> TermDate | None:
    """A term or holiday in scope, by its reference."""
    found = select(TermDate).where(TermDate.reference == reference)
    if not work.scope.everything:
        found = found.where(TermDate.authority_id == work.scope.authority_id)
    return work.session.scalar(found)


def calendar(work: Work, authority_id: int) -> tuple[list[TermTime], frozenset[date]]:
    """An authority's school calendar, as core.days counts by it: the terms, and the days of holidays."""
    return calendar_of(term_dates(work, authority_id))


def calendar_of(dates: Sequence[TermDate]) -> tuple[list[TermTime], frozenset[date]]:
    """Terms and holidays as core.days takes them."""
    terms = [TermTime(one.first_on, one.last_on) for one in dates if one.kind is TermKind.TERM]
    closed = frozenset(
        one.first_on + timedelta(days=number)
        for one in dates
        if one.kind is TermKind.HOLIDAY
        for number in range((one.last_on - one.first_on).days + 1)
    )
    return terms, closed
