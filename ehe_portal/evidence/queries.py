"""What was sent, what waits, what was decided. Staff see their authority's, a family what it sent itself.

What officers decided is a family's to see once an officer has verified its parent.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, exists, false, func, or_, select, true
from sqlalchemy.orm import selectinload

from ehe_portal.core.work import Work
from ehe_portal.evidence import rules
from ehe_portal.evidence.models import Assessment, AssessmentCriterion, Evidence, EvidenceFile, WaitingFile
from ehe_portal.register.models import Child, Parent


def family_sending(work: Work, reference: str, evidence_reference: str) -> Evidence | None:
    """One sending of this family, about this child."""
    found = (
        select(Evidence)
        .join(Child, Child.id == Evidence.child_id)
        .where(Child.reference == reference, Evidence.reference == evidence_reference)
    )
    return work.session.scalar(found.where(mine(work)).options(selectinload(Evidence.files)))


def child_of(work: Work, evidence: Evidence) -> Child:
    """Whom evidence in scope is about."""
    return work.session.scalars(select(Child).where(Child.id == evidence.child_id)).one()


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
    found = select(Evidence).where(Evidence.child_id == child_id, mine(work)).options(selectinload(Evidence.files))
    return list(
        work.session.scalars(found.order_by(Evidence.sent_on.desc(), Evidence.sent_at.desc(), Evidence.id.desc()))
    )


def assessments(work: Work, child_id: int) -> list[Assessment]:
    """What was decided about a child's education, the latest first."""
    found = select(Assessment).where(Assessment.child_id == child_id, may_be_told(work))
    found = found.options(
        selectinload(Assessment.evidence),
        selectinload(Assessment.criteria).selectinload(AssessmentCriterion.grounds),
    )
    return list(work.session.scalars(found.order_by(Assessment.decided_at.desc(), Assessment.id.desc())))


def latest_assessment(work: Work, child_id: int) -> Assessment | None:
    """The last decision about a child's education."""
    found = select(Assessment).where(Assessment.child_id == child_id, may_be_told(work))
    return work.session.scalar(found.order_by(Assessment.decided_at.desc(), Assessment.id.desc()).limit(1))


def files_kept(work: Work, child: Child, references: Sequence[str], *, hold: bool = False) -> list[WaitingFile]:
    """Which of these files this family has uploaded about a child and not sent yet, whole, in the order of arrival.

    With `hold` nobody else can send or remove them until this work ends.
    """
    found = select(WaitingFile).where(
        WaitingFile.reference.in_(references[: rules.MOST_FILES_A_DAY]),
        WaitingFile.child_id == child.id,
        WaitingFile.account_id == work.actor.account_id,
        WaitingFile.sha256.is_not(None),
        WaitingFile.arrived_at > work.at - rules.WAITING_FILES_KEPT,
    )
    found = found.order_by(WaitingFile.id)
    return list(work.session.scalars(found.with_for_update() if hold else found))


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
    """Which files arrived more than a day ago and were never sent, the oldest first."""
    found = select(WaitingFile.id).where(WaitingFile.arrived_at <= work.at - rules.WAITING_FILES_KEPT)
    return found.order_by(WaitingFile.arrived_at, WaitingFile.id)


def held_unsent(work: Work, ids: Sequence[int]) -> list[WaitingFile]:
    """Those of `ids` that are still old and unsent; nobody can send them until this work ends."""
    found = select(WaitingFile).where(
        WaitingFile.id.in_(ids), WaitingFile.arrived_at <= work.at - rules.WAITING_FILES_KEPT
    )
    return list(work.session.scalars(found.order_by(WaitingFile.id).with_for_update(skip_locked=True)))


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


def may_be_told(work: Work) -> ColumnElement[bool]:
    """Assessments in scope: the authority's, or those about children of whom this account is a verified parent."""
    if work.scope.everything:
        return true()
    if work.scope.authority_id is not None:
        return Assessment.authority_id == work.scope.authority_id
    if work.scope.account_id is None:
        return false()
    return exists().where(
        Parent.child_id == Assessment.child_id,
        Parent.account_id == work.scope.account_id,
        Parent.verified_at.is_not(None),
    )
