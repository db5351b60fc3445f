"""The end of compulsory school age: of whom an officer is asked, and which episode it is that ends with it."""

from datetime import date

from sqlalchemy import select

from ehe_portal.core.codes import Destination
from ehe_portal.core.days import add_months
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child, Episode
from ehe_portal.register.queries.children import within
from ehe_portal.register.rules import ages as rules
from ehe_portal.register.rules.ages import Edge


def edge_of(work: Work, child: Child) -> Edge | None:
    """Between which two days an officer chooses for a child, found in scope; None where the law leaves only one.

    No question is asked for the many whose 16th birthday is not in September.
    """
    sixteen_on = add_months(child.date_of_birth, 16 * 12)
    if sixteen_on.month != 9:
        return None
    autumn = policy.autumn_terms(work, child.authority_id, [sixteen_on.year])
    return rules.edge(child.date_of_birth, autumn.get(sixteen_on.year), said=child.age_ends_said_on is not None)


def births_asked(work: Work, authority_id: int) -> list[date]:
    """The days of birth of an authority's children of whom an officer is asked today with which day school age ends."""
    years = rules.years_asked(work.today)
    autumn = policy.autumn_terms(work, authority_id, years)
    return [born for year in years for born in rules.births_of(year, autumn.get(year))]


def episode_of_age(work: Work, child: Child) -> Episode | None:
    """The episode that the end of school age ends: the open one, or the latest where that has ended it by itself."""
    found = work.session.scalars(
        select(Episode)
        .where(Episode.child_id == child.id, within(work, Episode.child_id, Episode.authority_id))
        .order_by(Episode.closed_on.is_not(None), Episode.closed_on.desc(), Episode.id.desc())
        .limit(1)
    ).first()
    return found if found is not None and (found.is_open or found.destination is Destination.OVER_AGE) else None


def episode_to_review(work: Work, child: Child) -> Episode | None:
    """The episode that the end of school age closed by itself, and at which nobody has looked yet."""
    return work.session.scalars(
        select(Episode)
        .where(
            Episode.child_id == child.id,
            Episode.to_review_since.is_not(None),
            within(work, Episode.child_id, Episode.authority_id),
        )
        .order_by(Episode.id.desc())
        .limit(1)
    ).first()
