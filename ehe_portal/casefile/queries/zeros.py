"""The counts that must be zero: what is behind each is asked for only where one is not."""

from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, SQLColumnExpression, and_, exists, func, select

from ehe_portal.casefile.queries import sight
from ehe_portal.casefile.queries.today.kind import written_out
from ehe_portal.casefile.rules.sight import ZEROS, Counted, Stand, ZeroCount
from ehe_portal.core.jobs import Job
from ehe_portal.core.jobs.standing import standing
from ehe_portal.core.outbox import IN_VAIN, OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, State
from ehe_portal.policy import queries as policy
from ehe_portal.policy.models import MOST_WITH_TEAM
from ehe_portal.register.models import Child, Episode

SHOWN: Final = 50
"""How many references stand beside a count."""

ALERT: Final = and_(OutgoingMessage.topic == "escalation", OutgoingMessage.topic_id == Escalation.id)


def must_be_zero(work: Work, counts: Sequence[Counted], sweep: Job) -> list[ZeroCount]:
    """Every count that must be zero, from how many children of the whole authority stand where."""
    found = numbers(work, counts)
    of_sweep = standing(work.session, sweep, work.at)
    found["sweep_late"] = int(of_sweep.is_late or of_sweep.last_run_at is None)
    found["sweep_failed"] = of_sweep.failed
    listed = {key: LISTS[key](work)[:SHOWN] for key, count in found.items() if count and key in LISTS}
    return [ZeroCount(zero, found[zero.key], listed.get(zero.key, ())) for zero in ZEROS]


def numbers(work: Work, counts: Sequence[Counted]) -> dict[str, int]:
    """The counts of children and escalations: those that the picture does not have in one statement."""
    asked = select(*(part.scalar_subquery().label(key) for key, part in parts(work).items()))
    row = work.session.execute(asked).mappings().one()
    drawn = {stand: sum(each.children for each in counts if each.stand is stand) for stand in Stand}
    of_age = sum(drawn.values()) - drawn[Stand.YOUNG]
    return {
        "no_state": drawn[Stand.OUT],
        # A child who is in two states has two marks.
        "two_states": of_age - int(row["children"]),
        "unanswered": drawn[Stand.UNANSWERED],
        **{key: int(row[key]) for key in ("undelivered", "nobody_told", "with_team")},
    }


def parts(work: Work) -> dict[str, Any]:
    """The counts that one statement asks for."""
    return {
        "children": select(func.count(Child.id)).where(
            Child.authority_id == work.scope.authority_id, Child.age_starts <= work.today, Child.age_ends >= work.today
        ),
        "undelivered": select(func.count(OutgoingMessage.id)).where(*not_delivered(work)),
        "nobody_told": select(func.count(Escalation.id)).where(*told_to_nobody(work)),
        "with_team": select(func.count(Episode.id)).where(*with_team_too_long(work)),
    }


def not_delivered(work: Work) -> list[ColumnElement[bool]]:
    """Alerts that were tried and have not left."""
    return [
        OutgoingMessage.authority_id == work.scope.authority_id,
        OutgoingMessage.topic == "escalation",
        IN_VAIN,
    ]


def told_to_nobody(work: Work) -> list[ColumnElement[bool]]:
    """Open escalations without any alert."""
    return [
        Escalation.authority_id == work.scope.authority_id,
        Escalation.state != written_out(Escalation.state, State.CLOSED),
        ~exists().where(ALERT),
    ]


def with_team_too_long(work: Work) -> list[ColumnElement[bool]]:
    """Open episodes, each with its child of school age, that the team has had for longer than it may."""
    since = sight.team_from(work.today, team_days(work))
    return [
        Episode.authority_id == work.scope.authority_id,
        Episode.closed_on.is_(None),
        Episode.adviser_id.is_(None),
        Episode.team_since < since,
        Child.id == Episode.child_id,
        Child.age_starts < since,
        Child.age_starts <= work.today,
        Child.age_ends >= work.today,
    ]


def team_days(work: Work) -> int:
    """For how many working days the team may have an episode, by the values in force; never longer than is in sight."""
    values = policy.in_force(work, work.scope.authority_id or 0, work.today).values
    return min(values.team_queue_days, MOST_WITH_TEAM)


def some(work: Work, column: SQLColumnExpression[str], limits: Sequence[ColumnElement[bool]]) -> Sequence[str]:
    """The references behind a count, each once."""
    return work.session.scalars(select(column).distinct().where(*limits).order_by(column).limit(SHOWN)).all()


LISTS: Final[dict[str, Callable[[Work], Sequence[str]]]] = {
    "no_state": lambda work: sight.examine(work).in_no_state,
    "two_states": lambda work: sight.examine(work).in_two_states,
    "unanswered": lambda work: work.session.scalars(sight.unanswered_lapses(work)).all(),
    "undelivered": lambda work: some(work, Escalation.reference, [ALERT, *not_delivered(work)]),
    "nobody_told": lambda work: some(work, Escalation.reference, told_to_nobody(work)),
    "with_team": lambda work: some(work, Child.reference, with_team_too_long(work)),
}
