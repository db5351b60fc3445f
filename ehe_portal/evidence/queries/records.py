"""What was sent, what waits, what was decided. Staff see their authority's, a family what it sent itself.

What officers decided is a family's to see once an officer has verified its parent.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, exists, false, func, not_, or_, select, true
from sqlalchemy.orm import selectinload

from ehe_portal.core.vault_rows import Kept
from ehe_portal.core.work import Work
from ehe_portal.evidence import rules
from ehe_portal.evidence.models import (
    Assessment,
    AssessmentCriterion,
    DecisionState,
    Evidence,
    EvidenceFile,
    InformationRequest,
    KeptNote,
    Scan,
    ScanTry,
    ServiceProof,
    Statement,
    StatementState,
    WaitingFile,
)
from ehe_portal.register.models import Child, MessageStop, Parent
from ehe_portal.register.queries import let_through, within

KEPT = (
    Kept(WaitingFile, cast(WaitingFile.authority_id, String) + "/" + WaitingFile.reference),
    Kept(EvidenceFile, EvidenceFile.stored_as.expression),
)
"""The rows that know of a file in the vault."""

WHOLE = (selectinload(Evidence.files), selectinload(Evidence.parts), selectinload(Evidence.statement))
"""What a sending is read with."""


def family_sending(work: Work, reference: str, evidence_reference: str) -> Evidence | None:
    """One sending of this family, about this child."""
    found = (
        select(Evidence)
        .join(Child, Child.id == Evidence.child_id)
        .where(Child.reference == reference, Evidence.reference == evidence_reference)
    )
    return work.session.scalar(found.where(mine(work)).options(*WHOLE))


def file_on(work: Work, reference: str, file_reference: str) -> EvidenceFile | None:
    """One file about a child, in scope."""
    return work.session.scalar(
        select(EvidenceFile)
        .join(Evidence, Evidence.id == EvidenceFile.evidence_id)
        .join(Child, Child.id == Evidence.child_id)
        .where(Child.reference == reference, EvidenceFile.reference == file_reference, mine(work))
        .options(selectinload(EvidenceFile.evidence))
    )


def sent(work: Work, child_id: int) -> list[Evidence]:
    """What was sent about a child, with its files, what came last first."""
    found = select(Evidence).where(Evidence.child_id == child_id, mine(work)).options(*WHOLE)
    return list(
        work.session.scalars(found.order_by(Evidence.sent_on.desc(), Evidence.sent_at.desc(), Evidence.id.desc()))
    )


def assessments(work: Work, child_id: int) -> list[Assessment]:
    """What was decided about a child's education, the latest first; for staff also what waits or was returned."""
    found = select(Assessment).where(Assessment.child_id == child_id, may_be_told(work))
    found = found.options(
        selectinload(Assessment.evidence),
        selectinload(Assessment.criteria).selectinload(AssessmentCriterion.grounds),
        selectinload(Assessment.request).selectinload(InformationRequest.steps),
        selectinload(Assessment.notes).selectinload(KeptNote.note),
    )
    return list(work.session.scalars(found.order_by(Assessment.decided_at.desc(), Assessment.id.desc())))


def latest_assessment(work: Work, child_id: int) -> Assessment | None:
    """The last decision about a child's education that stands."""
    found = select(Assessment).where(
        Assessment.child_id == child_id, Assessment.state == DecisionState.STANDS, may_be_told(work)
    )
    return work.session.scalar(found.order_by(Assessment.decided_at.desc(), Assessment.id.desc()).limit(1))


def waiting_decision(work: Work, child_id: int) -> Assessment | None:
    """The decision about a child's education that another person has still to approve."""
    found = select(Assessment).where(
        Assessment.child_id == child_id, Assessment.state == DecisionState.WAITING, may_be_told(work)
    )
    return work.session.scalar(found.order_by(Assessment.id).limit(1))


def decision_on(work: Work, reference: str, assessment_reference: str) -> Assessment | None:
    """One decision about a child, in scope."""
    return work.session.scalar(
        select(Assessment)
        .join(Child, Child.id == Assessment.child_id)
        .where(Child.reference == reference, Assessment.reference == assessment_reference, may_be_told(work))
    )


def held_decision(work: Work, assessment: Assessment) -> Assessment:
    """A decision in scope as it is now; nobody else can change it until this work ends."""
    found = select(Assessment).where(Assessment.id == assessment.id).with_for_update()
    return work.session.scalars(found, execution_options={"populate_existing": True}).one()


def looked_at_with(work: Work, assessment: Assessment) -> list[Evidence]:
    """What waited to be looked at until a decision in scope was made."""
    found = select(Evidence).where(Evidence.decided_in_id == assessment.id)
    return list(work.session.scalars(found.order_by(Evidence.id)))


def request_on(work: Work, reference: str, request_reference: str) -> InformationRequest | None:
    """One request for information about a child, for staff, in scope."""
    return work.session.scalar(
        select(InformationRequest)
        .join(Child, Child.id == InformationRequest.child_id)
        .join(Assessment, Assessment.id == InformationRequest.assessment_id)
        .where(Child.reference == reference, InformationRequest.reference == request_reference, may_be_told(work))
    )


def open_requests(work: Work, child_ids: Sequence[int], *, hold: bool = False) -> list[InformationRequest]:
    """Requests about children that are not over, answered or not. Not scoped: the ids are of what happened.

    With `hold` nobody else can change them until this work ends.
    """
    found = select(InformationRequest).where(
        InformationRequest.child_id.in_(child_ids), InformationRequest.ended_at.is_(None)
    )
    found = found.order_by(InformationRequest.id)
    options = {"populate_existing": True} if hold else {}
    return list(work.session.scalars(found.with_for_update() if hold else found, execution_options=options))


def answered_by(work: Work, contact_ids: Sequence[int]) -> list[InformationRequest]:
    """Requests that are not over and were answered by one of these contacts. Not scoped, as above."""
    found = select(InformationRequest).where(
        InformationRequest.contact_id.in_(contact_ids), InformationRequest.ended_at.is_(None)
    )
    return list(work.session.scalars(found.order_by(InformationRequest.id).with_for_update()))


def asked_while_stopped(work: Work, child_ids: Sequence[int], stop_ids: Sequence[int]) -> list[InformationRequest]:
    """Unanswered requests of which these stops kept families from knowing. Not scoped, as above."""
    stopped = exists().where(
        MessageStop.id.in_(stop_ids),
        MessageStop.child_id == InformationRequest.child_id,
        MessageStop.stopped_at < InformationRequest.asked_at,
    )
    found = select(InformationRequest).where(
        InformationRequest.child_id.in_(child_ids),
        InformationRequest.ended_at.is_(None),
        InformationRequest.answered_at.is_(None),
        stopped,
    )
    return list(work.session.scalars(found.order_by(InformationRequest.id).with_for_update()))


def files_kept(work: Work, child: Child, references: Sequence[str], *, hold: bool = False) -> list[WaitingFile]:
    """Which of these files this family has uploaded about a child and not sent yet, whole, in the order of arrival.

    With `hold` nobody else can send or remove them until this work ends.
    """
    found = select(WaitingFile).where(
        WaitingFile.reference.in_(references[: rules.MOST_FILES_A_DAY]),
        WaitingFile.child_id == child.id,
        WaitingFile.account_id == work.actor.account_id,
        WaitingFile.statement_id.is_(None),
        WaitingFile.sha256.is_not(None),
        WaitingFile.arrived_at > work.at - rules.WAITING_FILES_KEPT,
    )
    found = found.order_by(WaitingFile.id)
    return list(work.session.scalars(found.with_for_update() if hold else found))


def files_waiting(work: Work, child: Child) -> list[WaitingFile]:
    """All files about a child that this account has uploaded and not sent yet, in the order of arrival."""
    found = select(WaitingFile).where(
        WaitingFile.child_id == child.id,
        WaitingFile.account_id == work.actor.account_id,
        WaitingFile.statement_id.is_(None),
        WaitingFile.sha256.is_not(None),
        WaitingFile.arrived_at > work.at - rules.WAITING_FILES_KEPT,
    )
    return list(work.session.scalars(found.order_by(WaitingFile.id)))


def unfinished(work: Work, child: Child) -> list[WaitingFile]:
    """Files about a child that this account has begun to upload and may go on with, in the order of their beginning."""
    found = select(WaitingFile).where(
        WaitingFile.child_id == child.id,
        WaitingFile.account_id == work.actor.account_id,
        WaitingFile.statement_id.is_(None),
        WaitingFile.to_come.is_not(None),
        WaitingFile.sha256.is_(None),
        not_(old(work)),
    )
    return list(work.session.scalars(found.order_by(WaitingFile.id)))


def upload_on(work: Work, reference: str, upload_reference: str) -> WaitingFile | None:
    """A file about a child in scope that comes in parts, whole or not, to the account that sends it."""
    return work.session.scalar(
        select(WaitingFile)
        .join(Child, Child.id == WaitingFile.child_id)
        .where(
            WaitingFile.reference == upload_reference,
            WaitingFile.account_id == work.actor.account_id,
            WaitingFile.to_come.is_not(None),
            not_(old(work)),
            Child.reference == reference,
            within(work, Child.id, Child.authority_id),
        )
    )


def bytes_about(work: Work, child: Child) -> int:
    """How many bytes are kept about a child, whoever sent them, and announced."""
    sent_bytes = (
        select(func.coalesce(func.sum(EvidenceFile.size), 0))
        .join(Evidence, Evidence.id == EvidenceFile.evidence_id)
        .where(Evidence.child_id == child.id)
    )
    size = func.coalesce(WaitingFile.size, WaitingFile.to_come, 0)
    waiting = select(func.coalesce(func.sum(size), 0)).where(WaitingFile.child_id == child.id)
    return int(work.session.scalars(sent_bytes).one()) + int(work.session.scalars(waiting).one())


def files_since(work: Work, account_id: int, moment: datetime, about: Child | None = None) -> int:
    """How many files an account has uploaded since a moment, sent or not; or those alone that are about a child."""
    sent_files = (
        select(func.count(EvidenceFile.id))
        .join(Evidence, Evidence.id == EvidenceFile.evidence_id)
        .where(or_(Evidence.account_id == account_id, Evidence.keyed_in_by_id == account_id), Evidence.sent_at > moment)
    )
    waiting = select(func.count(WaitingFile.id)).where(
        WaitingFile.account_id == account_id, WaitingFile.arrived_at > moment
    )
    if about is not None:
        sent_files = sent_files.where(Evidence.child_id == about.id)
        waiting = waiting.where(WaitingFile.child_id == about.id)
    return work.session.scalars(sent_files).one() + work.session.scalars(waiting).one()


def never_sent(work: Work) -> Select[int]:
    """Which files arrived long ago and were never sent, or were begun and never finished, the oldest first."""
    found = select(WaitingFile.id).where(old(work))
    return found.order_by(WaitingFile.arrived_at, WaitingFile.id)


def held_unsent(work: Work, ids: Sequence[int]) -> list[WaitingFile]:
    """Those of `ids` that are still old and unsent; nobody can send them until this work ends."""
    found = select(WaitingFile).where(WaitingFile.id.in_(ids), old(work))
    return list(work.session.scalars(found.order_by(WaitingFile.id).with_for_update(skip_locked=True)))


def old(work: Work) -> ColumnElement[bool]:
    """Waiting files that are kept no longer. Those of a statement are kept for as long as its parent has to decide."""
    unfinished = and_(
        WaitingFile.to_come.is_not(None),
        WaitingFile.sha256.is_(None),
        WaitingFile.arrived_at <= work.at - rules.UNFINISHED_KEPT,
    )
    waits = exists().where(Statement.id == WaitingFile.statement_id, Statement.state == StatementState.WRITTEN)
    return and_(or_(WaitingFile.arrived_at <= work.at - rules.WAITING_FILES_KEPT, unfinished), not_(waits))


def to_scan(work: Work) -> Select[int]:
    """Which files are to be looked into by the virus scanner now, in the order in which they came."""
    found = select(EvidenceFile.id).outerjoin(ScanTry, ScanTry.file_id == EvidenceFile.id)
    due = or_(ScanTry.id.is_(None), ScanTry.next_try_at <= work.at)
    return found.where(EvidenceFile.scan == Scan.WAITING, due).order_by(EvidenceFile.id)


def held_to_scan(work: Work, ids: Sequence[int]) -> list[EvidenceFile]:
    """Those of `ids` that still are; nobody else takes them until this work ends."""
    found = to_scan(work).where(EvidenceFile.id.in_(ids)).with_only_columns(EvidenceFile)
    found = found.options(selectinload(EvidenceFile.evidence), selectinload(EvidenceFile.proof))
    held = found.with_for_update(of=EvidenceFile, skip_locked=True)
    return list(work.session.scalars(held))


def scan_tries(work: Work, file_ids: Sequence[int]) -> dict[int, ScanTry]:
    """How far the scanning of these files has come, by file."""
    found = select(ScanTry).where(ScanTry.file_id.in_(file_ids)).order_by(ScanTry.id)
    return {one.file_id: one for one in work.session.scalars(found)}


def scanning_held_up(work: Work) -> tuple[int, datetime | None]:
    """How many files could not be scanned yet though it was tried, and since when the oldest waits; within scope."""
    found = (
        select(func.count(ScanTry.id), func.min(func.coalesce(Evidence.sent_at, ServiceProof.added_at)))
        .join(EvidenceFile, EvidenceFile.id == ScanTry.file_id)
        .outerjoin(Evidence, Evidence.id == EvidenceFile.evidence_id)
        .outerjoin(ServiceProof, ServiceProof.id == EvidenceFile.proof_id)
        .where(EvidenceFile.scan == Scan.WAITING, ScanTry.trouble.is_not(None), or_(mine(work), proof_in_scope(work)))
    )
    how_many, since = work.session.execute(found).one()
    return how_many, since


def people_told(work: Work, authority_id: int) -> bool:
    """Whether people of an authority know that its files wait for the scanner."""
    found = select(ScanTry.id).where(ScanTry.authority_id == authority_id, ScanTry.told_at.is_not(None))
    return work.session.scalar(found.order_by(ScanTry.id).limit(1)) is not None


def proof_in_scope(work: Work) -> ColumnElement[bool]:
    """Proofs of service in scope: the authority's. A family has none."""
    if work.scope.everything:
        return true()
    return ServiceProof.authority_id == work.scope.authority_id if work.scope.authority_id is not None else false()


def mine(work: Work) -> ColumnElement[bool]:
    """Evidence in scope: the authority's, or what the family's own account sent, or its holder on paper, while they
    are a parent of the child.

    What one parent sent is never another's, whichever way it came.
    """
    if work.scope.everything:
        return true()
    if work.scope.authority_id is not None:
        return Evidence.authority_id == work.scope.authority_id
    if work.scope.account_id is None:
        return false()
    still_a_parent = exists().where(Parent.child_id == Evidence.child_id, Parent.account_id == work.scope.account_id)
    themselves = select(Parent.id).where(Parent.account_id == work.scope.account_id, Parent.verified_at.is_not(None))
    sent_here = and_(Evidence.account_id == work.scope.account_id, still_a_parent)
    return or_(sent_here, Evidence.parent_id.in_(themselves))


def told(child_id: Any) -> ColumnElement[bool]:
    """Decisions of which a child's family may know: those that stand, and did before a stop of its messages."""
    return and_(Assessment.stands_since.is_not(None), let_through(child_id, Assessment.stands_since))


def may_be_told(work: Work) -> ColumnElement[bool]:
    """Assessments in scope: the authority's, or those that stand about children of whom this account is a verified
    parent."""
    if work.scope.everything:
        return true()
    if work.scope.authority_id is not None:
        return Assessment.authority_id == work.scope.authority_id
    if work.scope.account_id is None:
        return false()
    verified = exists().where(
        Parent.child_id == Assessment.child_id,
        Parent.account_id == work.scope.account_id,
        Parent.verified_at.is_not(None),
    )
    return and_(verified, Assessment.stands_since.is_not(None))
