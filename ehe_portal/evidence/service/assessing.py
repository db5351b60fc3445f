"""Deciding about a child's education: a person decides, another approves what has to be approved, then it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from sqlalchemy import select

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.core.codes import ContactKind, SenStatus
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules
from ehe_portal.evidence.events import EducationApproved, EducationAssessed, EducationPutForward, EducationReturned
from ehe_portal.evidence.models import (
    Assessment,
    AssessmentCriterion,
    DecisionState,
    Evidence,
    Ground,
    KeptNote,
    Outcome,
    PageNote,
)
from ehe_portal.evidence.rules import Criterion, Judged, Standing
from ehe_portal.evidence.service.asking import ask, end_with_decision
from ehe_portal.evidence.service.reviewing import plan_review
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries as register
from ehe_portal.register.models import Child

WAITS = (
    "A decision about this child waits for a second person: they approve or return it before there is another. "
    "Ask them to return it if it should be different"
)
NEEDS_KNOWN: Final = frozenset({SenStatus.SUPPORT, SenStatus.EHCP})
NEEDS_ARE_KNOWN = "Select what you found: special educational needs of this child are on record"
ANSWERED = "This decision has been approved or returned already"


@dataclass(frozen=True)
class Finding:
    """What an officer found: the outcome, the reasons that the family reads, and each criterion with its grounds.

    `wanted` is what the authority would like to know where it cannot tell yet. `notes` are those against pages, by
    reference, that it rests on: the family reads them.
    """

    outcome: Outcome
    reasons: str
    advice: str = ""
    criteria: tuple[Judged, ...] = ()
    other_grounds: str = ""
    wanted: str = ""
    notes: tuple[str, ...] = ()


class Heard(Protocol):
    """What is read of a contact at which something was shown or told."""

    @property
    def id(self) -> int: ...
    @property
    def reference(self) -> str: ...
    @property
    def kind(self) -> ContactKind: ...
    @property
    def happened_on(self) -> date: ...


def assess(work: Work, child: Child, finding: Finding, heard: Sequence[Heard] = ()) -> Assessment:
    """Decide about a child's education, with reasons. Raises `Refusal`.

    `heard` are the contacts about this child on which a finding may rest; beside what was sent about this child, it may
    rest on what the same parents sent about brothers and sisters. Only a person decides: nothing in the portal
    calls this by itself, and silence is no ground. What another person has to approve does not stand yet, and the
    family is told nothing of it.
    """
    if register.open_episode(work, child.id) is None:
        raise Refusal("Choose a child with an open episode: this child’s is closed, so there is nothing to decide")
    # One decision at a time about a child: another waits here, and then finds the first.
    work.session.execute(select(Child.id).where(Child.id == child.id).with_for_update())
    if queries.waiting_decision(work, child.id) is not None:
        raise Refusal(WAITS)
    own, about_family = queries.sent(work, child.id), queries.sent_about_family(work, child)
    sent = {one.reference: one for one in (*own, *about_family)}
    told = {one.reference: one for one in heard}
    notes = queries.notes_to_decide(work, child.id, [*own, *about_family])
    check(finding, sent, told, notes)
    if child.sen_status in NEEDS_KNOWN and any(one.standing is Standing.NONE for one in finding.criteria):
        raise Refusal(NEEDS_ARE_KNOWN, Criterion.NEEDS.field)
    version = policy.in_force(work, child.authority_id, work.today)
    assessment = Assessment(
        authority_id=child.authority_id,
        child_id=child.id,
        outcome=finding.outcome,
        reasons=finding.reasons,
        advice=finding.advice or None,
        other_grounds=finding.other_grounds or None,
        wanted=finding.wanted or None,
        decided_at=work.at,
        decided_by_id=work.actor.account_id,
        state=DecisionState.WAITING,
        decided_under_id=version.id,
    )
    work.session.add(assessment)
    rest_on(work, assessment, finding, sent, told)
    keep_notes(work, assessment, notes, finding.notes)
    if rules.needs_approval(finding.outcome, version.values.unsuitable_people):
        work.publish(
            EducationPutForward(
                authority_id=child.authority_id,
                child_id=child.id,
                assessment_id=assessment.id,
                outcome=finding.outcome,
            )
        )
    else:
        let_stand(work, assessment)
    return assessment


def check(finding: Finding, sent: Mapping[str, Evidence], told: Mapping[str, Heard], notes: Sequence[PageNote]) -> None:
    """Raises `Refusal` for a finding that is not whole, or rests on what is not about this child."""
    for judged in finding.criteria:
        if not (set(judged.evidence) <= set(sent) and set(judged.contacts) <= set(told)):
            raise Refusal("Select what was sent or told about this child", f"{judged.criterion.field}_relied")
    if not set(finding.notes) <= {one.reference for one in notes}:
        raise Refusal("Select notes against what you were shown", "notes")
    problem = rules.assessment_problem(
        finding.outcome, finding.reasons, finding.advice, finding.wanted, finding.criteria, finding.other_grounds
    )
    if problem:
        field, message = problem
        raise Refusal(message, field)


def rest_on(
    work: Work, assessment: Assessment, finding: Finding, sent: Mapping[str, Evidence], told: Mapping[str, Heard]
) -> None:
    """Keep what a decision rests on. What had been sent has been looked at with it."""
    relied = {reference for judged in finding.criteria for reference in judged.evidence}
    assessment.evidence.extend(one for reference, one in sent.items() if reference in relied)
    work.session.flush()
    for one in sent.values():
        if one.child_id == assessment.child_id and one.decided_in_id is None:
            one.decided_in_id = assessment.id
    for judged in finding.criteria:
        add_criterion(work, assessment, judged, sent, told)
    work.session.flush()


def keep_notes(work: Work, assessment: Assessment, notes: Sequence[PageNote], relied_on: Sequence[str]) -> None:
    """Keep with a decision the notes that were there for it; the family reads those that it rests on, and no others.

    Of a brother's or sister's pages only those that it rests on are this child's.
    """
    for note in notes:
        relied = note.reference in relied_on
        if relied or note.file.sending.child_id == assessment.child_id:
            work.session.add(
                KeptNote(
                    authority_id=assessment.authority_id,
                    assessment_id=assessment.id,
                    note_id=note.id,
                    relied=relied,
                )
            )
    work.session.flush()


def let_stand(work: Work, assessment: Assessment) -> None:
    """From now a decision stands, and the family is told; what it asks for, it asks from today."""
    assessment.state, assessment.stands_since = DecisionState.STANDS, work.at
    end_with_decision(work, assessment.child_id)
    work.session.flush()
    plan_review(work, assessment)
    work.publish(
        EducationAssessed(
            authority_id=assessment.authority_id,
            child_id=assessment.child_id,
            assessment_id=assessment.id,
            outcome=assessment.outcome,
        )
    )
    if assessment.outcome is Outcome.INSUFFICIENT:
        ask(work, assessment)


# A second person


def approve(work: Work, assessment: Assessment, reasons: str = "") -> None:
    """Approve what another person decided, so that it stands. Raises `Refusal`."""
    held = held_waiting(work, assessment)
    answer(work, held, reasons)
    work.publish(
        EducationApproved(
            authority_id=held.authority_id, child_id=held.child_id, assessment_id=held.id, outcome=held.outcome
        )
    )
    let_stand(work, held)


def return_it(work: Work, assessment: Assessment, reasons: str) -> None:
    """Return what another person decided, with reasons that they read: it never stood, and the family hears nothing.

    What was looked at with it waits to be looked at again. Raises `Refusal`.
    """
    held = held_waiting(work, assessment)
    problem = rules.approval_problem(approved=False, reasons=reasons.strip())
    if problem:
        field, message = problem
        raise Refusal(message, field)
    answer(work, held, reasons)
    held.state = DecisionState.RETURNED
    for one in queries.looked_at_with(work, held):
        one.decided_in_id = None
    work.session.flush()
    work.publish(
        EducationReturned(
            authority_id=held.authority_id, child_id=held.child_id, assessment_id=held.id, outcome=held.outcome
        )
    )


def held_waiting(work: Work, assessment: Assessment) -> Assessment:
    """A decision that waits, which nobody else can answer until this work ends. Raises `Refusal`."""
    if not permits(work.actor, Permission.EVIDENCE_APPROVE):
        raise Refusal("Only managers and the head of service may approve or return a decision")
    held = queries.held_decision(work, assessment)
    if held.state is not DecisionState.WAITING:
        raise Refusal(ANSWERED)
    if held.decided_by_id is None or held.decided_by_id == work.actor.account_id:
        raise Refusal("You decided this yourself: another person has to approve or return it")
    return held


def answer(work: Work, held: Assessment, reasons: str) -> None:
    """Keep who answered, when, and why."""
    held.answered_at, held.answered_by_id, held.answer = work.at, work.actor.account_id, reasons.strip() or None


def add_criterion(
    work: Work, assessment: Assessment, judged: Judged, sent: Mapping[str, Evidence], told: Mapping[str, Heard]
) -> None:
    """Keep what was found about one criterion, and what it rests on."""
    if judged.standing is None:
        raise ValueError("a criterion that was not judged is refused before")
    authority_id = assessment.authority_id
    kept = AssessmentCriterion(
        authority_id=authority_id,
        assessment_id=assessment.id,
        criterion=judged.criterion,
        standing=judged.standing,
        reasons=judged.reasons or None,
        other=judged.other or None,
    )
    work.session.add(kept)
    work.session.flush()
    for evidence in (sent[reference] for reference in judged.evidence):
        work.session.add(
            Ground(
                authority_id=authority_id,
                criterion_id=kept.id,
                happened_on=evidence.sent_on,
                evidence_id=evidence.id,
            )
        )
    for contact in (told[reference] for reference in judged.contacts):
        work.session.add(
            Ground(
                authority_id=authority_id,
                criterion_id=kept.id,
                happened_on=contact.happened_on,
                contact_id=contact.id,
                kind=contact.kind,
            )
        )
