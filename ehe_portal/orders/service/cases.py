"""Beginning a case, putting steps forward and taking them, ending it."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.core.codes import SenStatus
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.work import Work
from ehe_portal.orders import queries, rules
from ehe_portal.orders.events import (
    OrderCaseBegun,
    OrderCaseEnded,
    OrderStepProposed,
    OrderStepReturned,
    OrderStepTaken,
)
from ehe_portal.orders.models import Closing, OrderCase, OrderFinding, OrderSending, OrderStep, Route, StepState
from ehe_portal.orders.service import letters
from ehe_portal.orders.service.clocks import reckon
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child, Parent

WAITING = "Choose what to do with the step that waits first: take it, or return it"
OVER = "This case is over"


def begin(work: Work, child: Child, route: Route, wanted: rules.Wanted) -> OrderCase:
    """Begin a case with its first step, under the law in force today. Raises `Refusal`."""
    # One beginning at a time about a child: another waits here, and then finds the first.
    work.session.execute(select(Child.id).where(Child.id == child.id).with_for_update())
    way = way_to_begin(work, child, route)
    finding = found_unsuitable(work, way, child.id)
    version = policy.in_force(work, child.authority_id, work.today)
    case = OrderCase(
        authority_id=child.authority_id,
        child_id=child.id,
        route=route,
        profile=version.profile,
        begun_under_id=version.id,
        begun_at=work.at,
        begun_by_id=work.actor.account_id,
        assessment_id=finding.assessment_id if finding else None,
    )
    case.child = child
    check(work, case, way.steps[way.begins], wanted)
    work.session.add(case)
    work.session.flush()
    work.publish(
        OrderCaseBegun(
            authority_id=case.authority_id,
            child_id=case.child_id,
            case_id=case.id,
            route=case.route,
            profile=case.profile,
        )
    )
    write_down(work, case, way.steps[way.begins], wanted)
    return case


def found_unsuitable(work: Work, way: rules.Way, child_id: int) -> OrderFinding | None:
    """The decision on which a case can rest. Raises `Refusal` where there is none and the law wants one."""
    finding = queries.finding_of(work, child_id)
    if way.rests_on == "finding" and finding is None:
        raise Refusal(rules.UNFOUNDED)
    return finding


def way_to_begin(work: Work, child: Child, route: Route) -> rules.Way:
    """The route as the law in force has it. Raises `Refusal` where no case of it can begin today."""
    way = queries.law_in_force(work, child.authority_id).ways.get(route)
    if way is None:
        raise Refusal("Choose another step: the law in force does not have this one")
    refuse_without_episode(work, child)
    if not child.age_starts <= work.today <= child.age_ends:
        raise Refusal(
            f"Choose a child of compulsory school age: this child is from {long_date(child.age_starts)} "
            f"to {long_date(child.age_ends)} (section 8)"
        )
    last = queries.latest_case(work, child.id, route)
    if last is None:
        return way
    if last.ended_at is None:
        raise Refusal("Choose the case that is open: there is one about this child already")
    if way.again_after is not None and (not last.taken or last.taken[-1].code is not way.again_after):
        return way
    free_on = rules.again_from(way.again, last_began_on(last), rules.Schools())
    if way.again is not None and free_on is not None and work.today < free_on:
        raise Refusal(rules.too_soon(way.again, free_on))
    return way


def refuse_without_episode(work: Work, child: Child) -> None:
    """Raises `Refusal` where the child is not educated at home any more: nothing begins then, nor what was put forward
    before."""
    if register.open_episode(work, child.id) is None:
        raise Refusal("Choose a child with an open episode: this child’s is closed")


def last_began_on(case: OrderCase) -> date | None:
    """The day from which it is counted when another case of its kind may begin: that of the application or request."""
    if not case.taken:
        return None
    first = case.taken[0]
    applied_on = first.said.get("applied_on")
    return date.fromisoformat(applied_on) if applied_on else first.taken_on


@dataclass(frozen=True)
class Asking:
    """When a family is to be asked again, at least so often as `period` says: by `last_on`, not before `from_on`.

    It was last asked on `asked_on`, if ever.
    """

    way: rules.Way
    period: rules.Period
    last_on: date
    from_on: date | None
    asked_on: date | None


def asking(work: Work, child: Child) -> list[Asking]:
    """What the law in force has a council ask a child's family for again and again (s.436D).

    Nothing about a child whose episode is closed, or who is not of compulsory school age.
    """
    episode = register.open_episode(work, child.id)
    if episode is None or not child.age_starts <= work.today <= child.age_ends:
        return []
    found = []
    for way in queries.law_in_force(work, child.authority_id).ways.values():
        last = queries.latest_case(work, child.id, way.code) if way.yearly is not None else None
        asked_on = last_began_on(last) if last is not None else None
        last_on = rules.ask_by(way.yearly, asked_on, max(episode.opened_on, child.age_starts))
        if way.yearly is not None and last_on is not None:
            from_on = rules.again_from(way.again, asked_on, rules.Schools())
            found.append(Asking(way, way.yearly, last_on, from_on, asked_on))
    return found


def put_down(work: Work, case: OrderCase, wanted: rules.Wanted, version: int) -> OrderStep:
    """Take a step, or put it forward where another person has to. Raises `Refusal`."""
    if case.version != version:
        raise ChangedMeanwhile("This case")
    held = queries.held_case(work, case.id)
    if held.proposed is not None:
        raise Refusal(WAITING)
    step = step_to_take(work, held, wanted.code)
    check(work, held, step, wanted)
    return write_down(work, held, step, wanted)


def step_to_take(work: Work, case: OrderCase, code: rules.StepCode) -> rules.Step:
    """The step that is wanted, if it may be taken today. Raises `Refusal`, with the section where it says when."""
    if case.ended_at is not None:
        raise Refusal(OVER)
    story = queries.story_of(case, queries.schools_of(work, case.authority_id))
    if story.is_past_age(work.today) and code not in rules.AFTER_AGE:
        raise Refusal(rules.past_age(case.child.age_ends))
    found = next((one for one in rules.possible(story, work.today) if one.step.code is code), None)
    if found is None:
        raise Refusal("Choose one of the steps that may come next")
    if found.why:
        raise Refusal(found.why)
    return found.step


def check(work: Work, case: OrderCase, step: rules.Step, wanted: rules.Wanted) -> None:
    """Raises `Refusal` for a step that is not filled in as the law wants it, or comes after compulsory school age."""
    if work.today > case.child.age_ends and step.code not in rules.AFTER_AGE:
        raise Refusal(rules.past_age(case.child.age_ends))
    known = rules.Known(
        unsuitable=queries.finding_of(work, case.child_id) is not None,
        has_plan=case.child.sen_status is SenStatus.EHCP,
        begun_on=case.taken[0].taken_on if case.taken else None,
    )
    problem = rules.step_problem(step, wanted, known, work.today)
    if problem:
        field, message = problem
        raise Refusal(message, field)
    carers = {one.reference for one in case.child.carers}
    if not set(wanted.parents) <= carers:
        raise Refusal("Select parents or carers of this child", "parents")


def write_down(work: Work, case: OrderCase, step: rules.Step, wanted: rules.Wanted) -> OrderStep:
    """Keep a step; it is taken at once by a person with the right role, and otherwise waits for one."""
    kept = OrderStep(
        authority_id=case.authority_id,
        case_id=case.id,
        code=step.code,
        state=StepState.PROPOSED,
        reasons=wanted.reasons.strip(),
        said={name: answer for name, answer in wanted.said.items() if name in step.asks and answer},
        parents=list(wanted.parents) if "parents" in step.served else [],
        written_at=work.at,
        written_by_id=work.actor.account_id,
    )
    case.steps.append(kept)
    work.session.flush()
    if permits(work.actor, Permission.ORDER_DECIDE):
        take(work, case, kept)
    else:
        work.publish(
            OrderStepProposed(
                authority_id=case.authority_id,
                child_id=case.child_id,
                case_id=case.id,
                step_id=kept.id,
                step=kept.code,
            )
        )
    return kept


def take(work: Work, case: OrderCase, kept: OrderStep) -> None:
    """From now on a step is taken; its document waits to be served, and a last step ends the case."""
    step = queries.way_of(case).steps[kept.code]
    kept.state, kept.taken_at, kept.taken_on = StepState.TAKEN, work.at, work.today
    kept.taken_by_id = work.actor.account_id
    addressed: list[int | None] = list(
        work.session.scalars(
            select(Parent.id)
            .where(Parent.child_id == case.child_id, Parent.reference.in_(kept.parents))
            .order_by(Parent.position)
        )
    )
    if "school" in step.served:
        addressed.append(None)
    for parent_id in addressed:
        kept.sendings.append(OrderSending(authority_id=case.authority_id, step_id=kept.id, parent_id=parent_id))
    work.session.flush()
    letters.make(work, case, kept, step)
    work.publish(
        OrderStepTaken(
            authority_id=case.authority_id, child_id=case.child_id, case_id=case.id, step_id=kept.id, step=kept.code
        )
    )
    if step.ends:
        end(work, case, Closing.DONE, None)
    reckon(work, case)


# A second person


def issue(work: Work, step: OrderStep, answer: str = "") -> None:
    """Take a step that someone put forward. Raises `Refusal`, also where it may not be taken today."""
    case, held = held_proposal(work, step)
    wanted = rules.Wanted(held.code, held.reasons, held.said, tuple(held.parents))
    if case.taken:
        wanted_step = step_to_take(work, case, held.code)
    else:
        way = queries.way_of(case)
        refuse_without_episode(work, case.child)
        found_unsuitable(work, way, case.child_id)
        wanted_step = way.steps[way.begins]
    check(work, case, wanted_step, wanted)
    held.answer = answer.strip() or None
    take(work, case, held)


def return_step(work: Work, step: OrderStep, answer: str) -> None:
    """Do not take a step that someone put forward, with reasons that they read. Raises `Refusal`."""
    case, held = held_proposal(work, step)
    if not answer.strip():
        raise Refusal("Enter why it is returned", "answer")
    held.state, held.answer = StepState.RETURNED, answer.strip()
    work.session.flush()
    work.publish(
        OrderStepReturned(
            authority_id=case.authority_id, child_id=case.child_id, case_id=case.id, step_id=held.id, step=held.code
        )
    )
    if not case.taken:
        # Nothing ever came of it.
        end(work, case, Closing.WITHDRAWN, answer.strip())
    reckon(work, case)


def held_proposal(work: Work, step: OrderStep) -> tuple[OrderCase, OrderStep]:
    """A step that waits, and its case, which nobody else can change until this work ends. Raises `Refusal`."""
    if not permits(work.actor, Permission.ORDER_DECIDE):
        raise Refusal("Only EHE managers and the head of service may take or return a step")
    case = queries.held_case(work, step.case_id)
    held = next(one for one in case.steps if one.id == step.id)
    if held.state is not StepState.PROPOSED:
        raise Refusal("This step has been taken or returned already")
    return case, held


# The end


def withdraw(work: Work, case: OrderCase, why: str, version: int) -> None:
    """End a case at any time, with reasons. Raises `Refusal`."""
    if case.version != version:
        raise ChangedMeanwhile("This case")
    held = queries.held_case(work, case.id)
    if held.ended_at is not None:
        raise Refusal(OVER)
    if not why.strip():
        raise Refusal("Enter why this case ends", "why")
    waiting = held.proposed
    if waiting is not None:
        waiting.state, waiting.answer = StepState.RETURNED, why.strip()
    end(work, held, Closing.WITHDRAWN, why.strip())
    reckon(work, held)


def end(work: Work, case: OrderCase, closing: Closing, why: str | None) -> None:
    """From now on a case is over."""
    case.ended_at, case.ended_by_id = work.at, work.actor.account_id
    case.closing, case.ended_why = closing, why
    work.session.flush()
    work.publish(
        OrderCaseEnded(authority_id=case.authority_id, child_id=case.child_id, case_id=case.id, closing=closing)
    )
