"""Education, health and care plans: written down by an officer, reviewed each year, and said aloud when that is late.

The duty is the authority's, wherever the child learns: home education changes nothing about it.
"""

from collections.abc import Sequence
from datetime import date
from typing import Any

from ehe_portal.core.codes import SenStatus
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Event, Work
from ehe_portal.register import queries
from ehe_portal.register.events import (
    ChildDetailsChanged,
    PlanEnded,
    PlanRecorded,
    PlanReviewHeld,
    PlanReviewLate,
    RecordsJoined,
)
from ehe_portal.register.models import Child, EhcPlan, Nature, Subject
from ehe_portal.register.rules.plans import ending_problem, plan_problem, review_by, review_problem
from ehe_portal.register.service.addresses import refuse
from ehe_portal.register.service.carers import Turn
from ehe_portal.register.service.kept import keep_before

NO_PLAN = "There is no plan to review: write down when it was made first"


def record_plan(work: Work, child: Child, made_on: date, reviewed_on: date | None, version: int) -> EhcPlan:
    """Write down a child's plan, or put its dates right; the next review follows. Raises `Refusal`.

    A child who has a plan has special educational needs: the record says so from now on.
    """
    plan = queries.plan_of(work, child)
    if version != (plan.version if plan else 0):
        raise ChangedMeanwhile("The plan")
    refuse(plan_problem(made_on, reviewed_on, child.date_of_birth, work.today))
    events = say_needs(work, child)
    due_on = review_by(made_on, reviewed_on)
    if plan is None:
        plan = EhcPlan(
            authority_id=child.authority_id, child_id=child.id, made_on=made_on, reviewed_on=reviewed_on, due_on=due_on
        )
        work.session.add(plan)
    else:
        plan.made_on, plan.reviewed_on, plan.due_on = made_on, reviewed_on, due_on
        plan.told_on = plan.ended_on = None
    work.session.flush()
    work.publish(
        *events,
        PlanRecorded(
            authority_id=child.authority_id, child_id=child.id, made_on=made_on, reviewed_on=reviewed_on, due_on=due_on
        ),
    )
    return plan


def say_needs(work: Work, child: Child) -> list[Event]:
    """Let the record say that the child has a plan, where it does not yet; the events to publish."""
    if child.sen_status is SenStatus.EHCP:
        return []
    keep_before(work, child, Subject.CHILD, {"sen_status": child.sen_status.value}, Turn(Nature.CHANGE, work.today, ""))
    child.sen_status = SenStatus.EHCP
    return [
        ChildDetailsChanged(
            authority_id=child.authority_id, child_id=child.id, nature=Nature.CHANGE.value, parts=("sen_status",)
        )
    ]


def hold_review(work: Work, child: Child, held_on: date, version: int) -> EhcPlan:
    """A review of the plan was held: the next one is due within the 12 months that start with it. Raises `Refusal`."""
    plan = open_plan(work, child, version)
    refuse(review_problem(held_on, plan.made_on, plan.reviewed_on, work.today))
    plan.reviewed_on, plan.due_on, plan.told_on = held_on, review_by(plan.made_on, held_on), None
    work.session.flush()
    work.publish(PlanReviewHeld(**about(plan), held_on=held_on, due_on=plan.due_on))
    return plan


def end_plan(work: Work, child: Child, ended_on: date, version: int) -> None:
    """The authority keeps the plan no longer: no review of it is due. Raises `Refusal`."""
    plan = open_plan(work, child, version)
    refuse(ending_problem(ended_on, plan.made_on, work.today))
    plan.ended_on = ended_on
    work.session.flush()
    work.publish(PlanEnded(**about(plan), ended_on=ended_on))


def open_plan(work: Work, child: Child, version: int) -> EhcPlan:
    """The plan that the authority keeps for a child. Raises `Refusal`."""
    plan = queries.plan_of(work, child)
    if plan is None or plan.ended_on is not None:
        raise Refusal(NO_PLAN)
    if plan.version != version:
        raise ChangedMeanwhile("The plan")
    return plan


def about(plan: EhcPlan) -> dict[str, Any]:
    """Whose plan it is, as events say it."""
    return {"authority_id": plan.authority_id, "child_id": plan.child_id}


def report_late_plans(work: Work, ids: Sequence[int]) -> None:
    """Say once of each of these plans that the last day for its review is past."""
    late = queries.held_plans_late(work, ids)
    for plan in late:
        plan.told_on = work.today
    if late:
        work.session.flush()
        work.publish(*(PlanReviewLate(**about(plan), due_on=plan.due_on) for plan in late))


def follow_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: the plan that only the duplicate has moves to the record that stays."""
    for event in joined:
        moving = work.session.get(Child, event.duplicate_child_id)
        staying = work.session.get(Child, event.child_id or 0)
        if moving is None or staying is None:
            continue
        plan = queries.plan_of(work, moving)
        if plan is not None and queries.plan_of(work, staying) is None:
            plan.child_id = staying.id
    work.session.flush()
