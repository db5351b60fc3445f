"""Writing down how a document was served, and striking out what was written down wrongly."""

from dataclasses import dataclass
from datetime import date
from typing import Final

from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.letters import service as letters
from ehe_portal.letters.models import Goes
from ehe_portal.orders import queries, rules
from ehe_portal.orders.events import DocumentServed, DocumentServedStruckOut
from ehe_portal.orders.models import Method, OrderCase, OrderSending, OrderStep
from ehe_portal.orders.service.clocks import reckon

ON_PAPER: Final = (Method.POST, Method.BY_HAND, Method.LEFT)


@dataclass(frozen=True)
class Serving:
    """How a document was served. `on` is the day on which it was handed over, left, posted or sent."""

    method: Method
    on: date
    note: str = ""


def serve(work: Work, sending: OrderSending, done: Serving) -> None:
    """Write down how a document was served; from then on its time runs. Raises `Refusal`."""
    case = queries.held_case(work, sending.step.case_id)
    step, held = found_in(case, sending)
    if held.struck_out_at is not None or held.served_on is not None:
        raise Refusal("How this was served has been written down already")
    way = queries.way_of(case)
    known = way.steps[step.code]
    consent = None
    if held.parent_id is not None and known.document is not None and done.method is Method.ELECTRONIC:
        consent = queries.consent_for(work, held.parent_id, known.document, done.on)
    problem = rules.serving_problem(
        way,
        known,
        done.method,
        done.on,
        step.taken_on or work.today,
        work.today,
        to_school=held.parent_id is None,
        consented=consent is not None,
    )
    if problem:
        field, message = problem
        raise Refusal(message, field)
    held.method, held.sent_on, held.note = done.method, done.on, done.note.strip() or None
    held.served_on = rules.deemed_served(rules.LAWS[case.profile], done.method, done.on)
    held.recorded_at, held.recorded_by_id = work.at, work.actor.account_id
    held.consent_id = consent.id if consent else None
    note_posted(work, held, done)
    story = reckon(work, case)
    work.publish(
        DocumentServed(
            authority_id=case.authority_id,
            child_id=case.child_id,
            case_id=case.id,
            sending_id=held.id,
            step=step.code,
            method=done.method,
            served_on=held.served_on,
            last_on=own_last_day(known, held, story),
        )
    )


def note_posted(work: Work, sending: OrderSending, done: Serving) -> None:
    """The letter that was made of the step left with it, on the same day and in the same way: it no longer waits for
    the post."""
    letter = sending.letter
    if letter is None or done.method not in ON_PAPER:
        return
    letter.goes = Goes.POST if done.method is Method.POST else Goes.HAND
    if letter.is_to_post:
        letters.confirm_posted(work, [letter], done.on)
    elif letter.posted_on is not None and letter.posted_on != done.on:
        letters.correct_posting(work, [letter], done.on)


def own_last_day(step: rules.Step, sending: OrderSending, story: rules.Story) -> date | None:
    """The last day on which whoever was served may answer: their own, whatever another's is."""
    answer = step.answer
    if answer is None or sending.served_on is None:
        return None
    if (sending.parent_id is None) is not (answer.whose is rules.Whose.SCHOOL):
        return None
    return rules.last_day(answer, sending.served_on, story.schools)


def strike_out(work: Work, sending: OrderSending, why: str) -> None:
    """What was written down about a document's service is wrong: it is to be written down anew. Raises `Refusal`."""
    case = queries.held_case(work, sending.step.case_id)
    step, held = found_in(case, sending)
    if held.served_on is None or held.struck_out_at is not None:
        raise Refusal("Nothing is written down here that could be struck out")
    if not why.strip():
        raise Refusal("Enter what is wrong with it", "why")
    if case.taken[-1] is not step:
        raise Refusal("Choose to withdraw the case: another step already rests on this service")
    held.struck_out_at, held.struck_out_by_id = work.at, work.actor.account_id
    held.struck_out_why = why.strip()
    step.sendings.append(
        OrderSending(
            authority_id=case.authority_id, step_id=step.id, parent_id=held.parent_id, letter_id=held.letter_id
        )
    )
    work.session.flush()
    reckon(work, case)
    work.publish(
        DocumentServedStruckOut(
            authority_id=case.authority_id,
            child_id=case.child_id,
            case_id=case.id,
            sending_id=held.id,
            step=step.code,
        )
    )


def found_in(case: OrderCase, sending: OrderSending) -> tuple[OrderStep, OrderSending]:
    """A sending as its case holds it now, with its step."""
    return next((step, one) for step in case.steps for one in step.sendings if one.id == sending.id)
