"""Asking a family for what a decision could not tell: opened with the decision, answered in any way, never demanded.

Nothing follows from a last day by itself: it only brings the request back to a person.
"""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from ehe_portal.core.codes import ContactOutcome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules
from ehe_portal.evidence.events import (
    InformationAnswered,
    InformationAsked,
    InformationTimeGiven,
    InformationWithdrawn,
)
from ehe_portal.evidence.models import Assessment, Evidence, InformationRequest, InformationStep
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import MessagesLetGo

OVER = "This request is over: the family has been told so, or there is a newer decision"


class Told(Protocol):
    """A contact was recorded."""

    @property
    def child_id(self) -> int | None: ...
    @property
    def contact_id(self) -> int: ...
    @property
    def happened_on(self) -> date: ...
    @property
    def outcome(self) -> ContactOutcome: ...
    @property
    def substantive(self) -> bool | None: ...


class Said(Protocol):
    """An officer said whether writing tells about the child's education."""

    @property
    def child_id(self) -> int | None: ...
    @property
    def contact_id(self) -> int: ...
    @property
    def substantive(self) -> bool: ...


class Struck(Protocol):
    """A contact was struck out."""

    @property
    def contact_id(self) -> int: ...


def ask(work: Work, assessment: Assessment) -> InformationRequest:
    """Open the request that belongs to a decision, from today: the policy's weeks are the family's in full."""
    request = InformationRequest(
        authority_id=assessment.authority_id,
        child_id=assessment.child_id,
        assessment_id=assessment.id,
        asked_at=work.at,
        asked_on=work.today,
        last_on=rules.last_day(work.today, weeks(work, assessment.authority_id)),
    )
    work.session.add(request)
    work.session.flush()
    work.publish(
        InformationAsked(
            authority_id=request.authority_id,
            child_id=request.child_id,
            request_id=request.id,
            assessment_id=assessment.id,
            last_on=request.last_on,
        )
    )
    return request


def weeks(work: Work, authority_id: int) -> int:
    """How many weeks a family has, by the values in force today."""
    return policy.in_force(work, authority_id, work.today).values.information_weeks


def end_with_decision(work: Work, child_id: int) -> None:
    """A newer decision stands: what was asked before is asked no longer."""
    for request in queries.open_requests(work, [child_id], hold=True):
        request.ended_at = work.at


def give_time(work: Work, request: InformationRequest, last_on: date | None, reasons: str) -> None:
    """Let a family have until a later day, for reasons that it reads. Raises `Refusal`."""
    held = held_open(work, request)
    problem = rules.more_time_problem(held.last_on, last_on, work.today)
    if problem or last_on is None:
        field, message = problem or ("last_on", "Enter the new last day")
        raise Refusal(message, field)
    add_step(work, held, reasons, last_on)
    held.last_on = last_on
    work.session.flush()
    work.publish(
        InformationTimeGiven(
            authority_id=held.authority_id, child_id=held.child_id, request_id=held.id, last_on=last_on
        )
    )


def withdraw(work: Work, request: InformationRequest, reasons: str) -> None:
    """Ask no longer, for reasons that the family reads. Raises `Refusal`."""
    held = held_open(work, request)
    held.ended_at = work.at
    add_step(work, held, reasons, None)
    work.publish(InformationWithdrawn(authority_id=held.authority_id, child_id=held.child_id, request_id=held.id))


def held_open(work: Work, request: InformationRequest) -> InformationRequest:
    """The request, which nobody else can change until this work ends. Raises `Refusal` for one that is over."""
    still_open = queries.open_requests(work, [request.child_id], hold=True)
    held = next((one for one in still_open if one.id == request.id), None)
    if held is None:
        raise Refusal(OVER)
    return held


def add_step(work: Work, request: InformationRequest, reasons: str, last_on: date | None) -> None:
    """Keep what was done about a request, and why. Raises `Refusal` without reasons."""
    if not reasons.strip():
        raise Refusal("Enter the reasons: the family will read them", "reasons")
    request.steps.append(
        InformationStep(
            authority_id=request.authority_id,
            request_id=request.id,
            was_on=request.last_on,
            reasons=reasons.strip(),
            made_at=work.at,
            made_by_id=work.actor.account_id,
            last_on=last_on,
        )
    )
    work.session.flush()


# What answers it


def note_sent(work: Work, evidence: Evidence) -> None:
    """Something came from the family: it answers what was asked, whatever it holds."""
    unanswered = queries.open_requests(work, [evidence.child_id], hold=True)
    answer(work, [one for one in unanswered if evidence.sent_on >= one.asked_on], evidence=evidence)


def note_told(work: Work, recorded: Sequence[Told]) -> None:
    """Contacts that took place since the family was asked answer what was asked; so does writing that tells of it."""
    for event in recorded:
        if event.child_id is not None and (event.outcome is ContactOutcome.HELD or event.substantive):
            unanswered = queries.open_requests(work, [event.child_id], hold=True)
            since = [one for one in unanswered if event.happened_on >= one.asked_on]
            answer(work, since, contact_id=event.contact_id)


def note_said_of_writing(work: Work, confirmed: Sequence[Said]) -> None:
    """Writing, such as a message, that an officer found to tell about the education answers what was asked."""
    for event in confirmed:
        if event.substantive and event.child_id is not None:
            answer(work, queries.open_requests(work, [event.child_id], hold=True), contact_id=event.contact_id)


def answer(
    work: Work, requests: Sequence[InformationRequest], evidence: Evidence | None = None, contact_id: int | None = None
) -> None:
    """Mark requests as answered that are not yet; an officer looks at the answer, and decides."""
    answered = [one for one in requests if one.answered_at is None]
    for one in answered:
        one.answered_at = work.at
        one.evidence_id, one.contact_id = evidence.id if evidence is not None else None, contact_id
    work.session.flush()
    work.publish(
        *(
            InformationAnswered(
                authority_id=one.authority_id,
                child_id=one.child_id,
                request_id=one.id,
                evidence_id=one.evidence_id,
                contact_id=one.contact_id,
            )
            for one in answered
        )
    )


def open_again(work: Work, struck: Sequence[Struck]) -> None:
    """Contacts were recorded in error: what they answered is not answered."""
    for request in queries.answered_by(work, [event.contact_id for event in struck]):
        request.answered_at = request.contact_id = None
    work.session.flush()


def follow_messages(work: Work, let_go: Sequence[MessagesLetGo]) -> None:
    """Families may be told again: of what was asked meanwhile they know only from today, and have the whole time."""
    children = [event.child_id for event in let_go if event.child_id is not None]
    later = []
    for request in queries.asked_while_stopped(work, children, [event.stop_id for event in let_go]):
        last_on = max(request.last_on, rules.last_day(work.today, weeks(work, request.authority_id)))
        request.asked_on, request.last_on = work.today, last_on
        later.append(request)
    work.session.flush()
    work.publish(
        *(
            InformationTimeGiven(
                authority_id=one.authority_id, child_id=one.child_id, request_id=one.id, last_on=one.last_on
            )
            for one in later
        )
    )
