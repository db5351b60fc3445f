"""The team's load: who has how many children, and what needs them; what is with nobody."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Integer, and_, case, func, or_, select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.contact.models import STANDING, ContactClock, Visit
from ehe_portal.core.codes import Tier
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.escalation.queries import holder_id
from ehe_portal.register.models import Child, Episode

AHEAD = timedelta(days=28)
MOST = 100
ANSWERING = tuple(role for role in Role if Permission.ESCALATION_ANSWER in GRANTS[role])


@dataclass(frozen=True)
class Load:
    """What one adviser has, or the team where there is none. The last four add up to `children`."""

    name: str
    reference: str | None
    away: str
    can_sign_in: bool
    children: int
    annual: int
    half_yearly: int
    close: int
    lapsed: int
    overdue: int
    due_soon: int

    @property
    def rest(self) -> int:
        """Those of whom nothing is due within four weeks."""
        return self.children - self.lapsed - self.overdue - self.due_soon


NOTHING = (0,) * 7


def team_load(work: Work) -> list[Load]:
    """The load of each adviser in scope, by name, then of whoever else has children, and of the team."""
    counts = counted(work)
    with_some = [account_id for account_id in counts if account_id is not None]
    is_adviser = and_(Account.role == Role.ADVISER, Account.is_active)
    advisers = work.session.scalars(
        select(Account)
        .where(Account.authority_id == work.scope.authority_id, or_(is_adviser, Account.id.in_(with_some)))
        .order_by(Account.name, Account.id)
    )
    found = [
        Load(one.name, one.reference, one.away_words(work.today), one.is_active, *counts.get(one.id, NOTHING))
        for one in advisers
    ]
    return [*found, Load("With the team", None, "", True, *counts.get(None, NOTHING))]


def counted(work: Work) -> dict[int | None, tuple[int, ...]]:
    """Open episodes by adviser: all, by tier, lapsed, overdue and due in four weeks; None stands for the team."""
    clock = ContactClock
    lapsed = clock.lapsed_on.is_not(None)
    counts = clock.age_ends >= work.today
    overdue = and_(clock.lapsed_on.is_(None), counts, clock.due_on < work.today)
    soon = and_(clock.lapsed_on.is_(None), counts, clock.due_on.between(work.today, work.today + AHEAD))
    sums = [
        func.sum(case((which, 1), else_=0)).cast(Integer)
        for which in (*(Episode.tier == tier for tier in Tier), lapsed, overdue, soon)
    ]
    rows = work.session.execute(
        select(Episode.adviser_id, func.count(Episode.id), *sums)
        .outerjoin(clock, and_(clock.episode_id == Episode.id, clock.is_running))
        .where(Episode.authority_id == work.scope.authority_id, Episode.closed_on.is_(None))
        .group_by(Episode.adviser_id)
        .order_by(Episode.adviser_id)
    )
    return {row[0]: tuple(int(each or 0) for each in row[1:]) for row in rows}


@dataclass(frozen=True, slots=True)
class Unmanned:
    """Something promised to a family or owned by someone, that nobody here can keep: about which child, and when."""

    child_reference: str
    child_name: str
    on: date
    reference: str


NAME = func.coalesce(Child.preferred_name, Child.legal_forename) + " " + Child.legal_surname


def visits_without_anyone(work: Work) -> Sequence[Unmanned]:
    """Visits and calls offered for today or later, whose maker is not named or can no longer sign in."""
    rows = work.session.execute(
        select(Child.reference, NAME, Visit.on_date, Visit.reference)
        .join(Visit, Visit.child_id == Child.id)
        .outerjoin(Account, Account.id == Visit.adviser_id)
        .where(
            Visit.authority_id == work.scope.authority_id,
            Visit.state.in_(STANDING),
            Visit.on_date >= work.today,
            or_(Visit.adviser_id.is_(None), Account.is_active.is_(False)),
        )
        .order_by(Visit.on_date, Visit.id)
        .limit(MOST)
    )
    return [Unmanned(*row) for row in rows]


def escalations_without_anyone(work: Work) -> Sequence[Unmanned]:
    """Open escalations that someone has in hand who can no longer sign in, or does other work now."""
    rows = work.session.execute(
        select(Child.reference, NAME, func.coalesce(Escalation.next_on, Escalation.raised_on), Escalation.reference)
        .join(Escalation, Escalation.child_id == Child.id)
        .join(Account, Account.id == holder_id())
        .where(
            Escalation.authority_id == work.scope.authority_id,
            Escalation.state != State.CLOSED,
            or_(Account.is_active.is_(False), Account.role.not_in(ANSWERING)),
        )
        .order_by(Escalation.next_on, Escalation.id)
        .limit(MOST)
    )
    return [Unmanned(*row) for row in rows]
