"""Complaints made, acknowledged, answered; passed on from whomever they are about; told of when a day has passed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import update

from ehe_portal.complaints import queries, rules
from ehe_portal.complaints.events import (
    ComplaintAcknowledged,
    ComplaintAnswered,
    ComplaintLate,
    ComplaintMade,
    ComplaintPassedOn,
    ComplaintShared,
)
from ehe_portal.complaints.models import About, Complaint, ComplaintConcerned, Finding
from ehe_portal.core.days import add_working_days
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child

__all__ = ["About", "Finding", "Wanted", "acknowledge", "answer", "escalate", "make", "move_to_joined", "share"]
OVER = "Choose another: this one has been answered already"


@dataclass(frozen=True)
class Wanted:
    """What a parent complains of: about what, in their words; whom it is about and what would put it right."""

    about: About | None
    words: str
    whom: str = ""
    wanted: str = ""


def make(work: Work, child: Child, said: Wanted, concerned: Collection[int]) -> Complaint:
    """Complain. `concerned` are the accounts whom it is, or may be, about: none of them answers. Raises `Refusal`."""
    problem = rules.complaint_problem(said.about, said.words)
    if problem or said.about is None or work.actor.account_id is None:
        field, message = problem or (None, "Sign in again to send this")
        raise Refusal(message, field)
    values = policy.in_force(work, child.authority_id, work.today).values
    complaint = Complaint(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=work.actor.account_id,
        about=said.about,
        words=said.words.strip(),
        whom=said.whom.strip() or None,
        wanted=said.wanted.strip() or None,
        made_at=work.at,
        acknowledge_by=add_working_days(work.today, values.complaint_acknowledge_days),
        answer_by=add_working_days(work.today, values.complaint_answer_days),
        handler_id=rules.first_free(queries.ladder(work, child.authority_id), concerned),
    )
    complaint.concerned.extend(
        ComplaintConcerned(authority_id=child.authority_id, account_id=one) for one in sorted(concerned)
    )
    work.session.add(complaint)
    work.session.flush()
    work.publish(
        ComplaintMade(
            **told(complaint),
            about=complaint.about,
            acknowledge_by=complaint.acknowledge_by,
            answer_by=complaint.answer_by,
        )
    )
    return complaint


def acknowledge(work: Work, complaint: Complaint, version: int | None) -> None:
    """Tell the parent that it is being looked into. Raises `Refusal`."""
    refuse_unless_open(complaint, version)
    if complaint.acknowledged_at is not None:
        raise Refusal("Choose another: this one has been acknowledged already")
    complaint.acknowledged_at = work.at
    work.session.flush()
    work.publish(ComplaintAcknowledged(**told(complaint)))


def answer(work: Work, complaint: Complaint, finding: Finding | None, words: str, version: int | None) -> None:
    """Answer it, with reasons that the parent reads. Raises `Refusal`."""
    refuse_unless_open(complaint, version)
    refuse_concerned(work, complaint)
    problem = rules.answer_problem(finding, words)
    if problem or finding is None:
        field, message = problem or ("finding", "Select what you found")
        raise Refusal(message, field)
    complaint.answered_at, complaint.answered_by_id = work.at, work.actor.account_id
    complaint.finding, complaint.answer = finding, words.strip()
    complaint.acknowledged_at = complaint.acknowledged_at or work.at
    work.session.flush()
    work.publish(ComplaintAnswered(**told(complaint), finding=finding))


def pass_on(work: Work, complaint: Complaint, version: int | None) -> None:
    """Give it to somebody else, as it is about the actor, who sees it no more. Raises `Refusal`."""
    refuse_unless_open(complaint, version)
    refuse_concerned(work, complaint)
    concerned = queries.concerned_by(work, complaint) | {work.actor.account_id or 0}
    other = rules.first_free(queries.ladder(work, complaint.authority_id), concerned)
    if other is None:
        raise Refusal("Choose another way: there is nobody else here who could answer it. Ask the complaints team")
    complaint.concerned.append(
        ComplaintConcerned(authority_id=complaint.authority_id, account_id=work.actor.account_id or 0)
    )
    if complaint.handler_id in concerned:
        complaint.handler_id = other
    if complaint.overseer_id in concerned:
        complaint.overseer_id = None
    work.session.flush()
    work.publish(ComplaintPassedOn(**told(complaint)))


def share(work: Work, complaint: Complaint, concerned: ComplaintConcerned) -> None:
    """Let somebody whom it is about read it, so that they can say how they saw it. Raises `Refusal`."""
    refuse_concerned(work, complaint)
    if concerned.shared_at is not None:
        raise Refusal("Choose somebody else: it has been shared with them already")
    concerned.shared_at = work.at
    work.session.flush()
    work.publish(ComplaintShared(**told(complaint), shared_with_id=concerned.account_id))


def escalate(work: Work, ids: Sequence[int]) -> None:
    """Tell the next person of complaints of which a day has passed. Nothing is decided by that."""
    events = []
    for complaint in queries.held_late(work, ids):
        concerned = queries.concerned_by(work, complaint) | {complaint.handler_id or 0, complaint.overseer_id or 0}
        next_one = rules.first_free(queries.ladder(work, complaint.authority_id)[1:], concerned)
        late = rules.what_is_late(
            complaint.acknowledge_by,
            complaint.answer_by,
            acknowledged=complaint.acknowledged_at is not None,
            answered=not complaint.is_open,
            today=work.today,
        )
        if late is None:
            continue
        complaint.late = late
        complaint.overseer_id = next_one or complaint.overseer_id
        events.append(ComplaintLate(**told(complaint), late=late, overseer_id=complaint.overseer_id))
    work.session.flush()
    work.publish(*events)


def move_to_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: complaints move to the record that stays."""
    for event in joined:
        work.session.execute(
            update(Complaint).where(Complaint.child_id == event.duplicate_child_id).values(child_id=event.child_id)
        )


def refuse_unless_open(complaint: Complaint, version: int | None) -> None:
    """Raises `Refusal` for one that was answered or changed since the actor read it."""
    if not complaint.is_open:
        raise Refusal(OVER)
    if version is not None and version != complaint.version:
        raise ChangedMeanwhile("This complaint")


def refuse_concerned(work: Work, complaint: Complaint) -> None:
    """Raises `Refusal` where it is about the actor."""
    if work.actor.account_id in queries.concerned_by(work, complaint):
        raise Refusal("Choose another: this one is, or may be, about you")


def told(complaint: Complaint) -> dict[str, Any]:
    """What every event about a complaint says."""
    return {
        "authority_id": complaint.authority_id,
        "complaint_id": complaint.id,
        "complaint_reference": complaint.reference,
        "of_child_id": complaint.child_id,
        "account_id": complaint.account_id,
        "handler_id": complaint.handler_id,
    }
