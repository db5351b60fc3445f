"""What families send and what officers find in it.

A file is in the vault before the row that shows it is committed, and the row of its arrival (`WaitingFile`) before it
is in the vault: so nothing that can be seen lacks its file, and no file lacks a row by which it is thrown away.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

from sqlalchemy import update

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.errors import Refusal
from ehe_portal.core.vault import StoredObject, Vault
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules
from ehe_portal.evidence.events import EducationAssessed, EvidenceSubmitted, UnsentFileThrownAway
from ehe_portal.evidence.models import (
    Assessment,
    AssessmentCriterion,
    CameBy,
    Evidence,
    EvidenceFile,
    Ground,
    Outcome,
    WaitingFile,
)
from ehe_portal.evidence.rules import Criterion, Judged, Standing, all_satisfied
from ehe_portal.policy import queries as policy
from ehe_portal.register import queries as register
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child

__all__ = [
    "Criterion",
    "Finding",
    "Heard",
    "Judged",
    "Standing",
    "all_satisfied",
    "assess",
    "expect_file",
    "move_to_joined",
    "note_kept",
    "submit",
    "throw_away",
    "throw_away_unsent",
]


@dataclass(frozen=True)
class Finding:
    """What an officer found: the outcome, the reasons that the family reads, and each criterion with its grounds.

    `wanted` is what the authority would like to know where it cannot tell yet.
    """

    outcome: Outcome
    reasons: str
    advice: str = ""
    criteria: tuple[Judged, ...] = ()
    other_grounds: str = ""
    wanted: str = ""


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


@dataclass(frozen=True)
class Receipt:
    """When, how and from whom something came. `parent` is the reference of one of the child's, if it was one."""

    received_on: date
    came_by: CameBy
    parent: str | None = None
    from_whom: str = ""


def expect_file(work: Work, child: Child, filename: str, media_type: str) -> WaitingFile:
    """Put down that a file is about to be kept. Raises `Refusal` for more files in a day than anyone needs to send."""
    account_id = work.actor.account_id
    if account_id is None:
        raise Refusal("Enter your email address and password first", "files")
    # An officer keys in for many families, and each of them may send as much as it could by itself.
    about = child if permits(work.actor, Permission.EVIDENCE_KEY_IN) else None
    sent = queries.files_since(work, account_id, work.at - rules.WAITING_FILES_KEPT, about)
    if sent >= rules.MOST_FILES_A_DAY:
        raise Refusal(f"Choose up to {rules.MOST_FILES_A_DAY} files a day: ‘{filename}’ was left out", "files")
    waiting = WaitingFile(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=account_id,
        filename=filename,
        media_type=media_type,
        arrived_at=work.at,
    )
    work.session.add(waiting)
    work.session.flush()
    return waiting


def note_kept(work: Work, kept: Sequence[StoredObject]) -> None:
    """Put down that files are in the vault, whole."""
    for stored in kept:
        reference = stored.identity.rpartition("/")[2]
        work.session.execute(
            update(WaitingFile).where(WaitingFile.reference == reference).values(size=stored.size, sha256=stored.sha256)
        )


def submit(work: Work, child: Child, written_account: str, kept: Sequence[str] = ()) -> Evidence:
    """Send a written account, files that have arrived (`kept`, by reference), or both. Raises `Refusal`."""
    evidence = Evidence(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=work.actor.account_id,
        sent_at=work.at,
        sent_on=work.today,
        written_account=written_account or None,
    )
    return keep(work, child, evidence, kept)


def key_in(work: Work, child: Child, receipt: Receipt, written_account: str, kept: Sequence[str] = ()) -> Evidence:
    """Add what came on paper, by mail or by hand; it counts from the day on which it came. Raises `Refusal`."""
    sender = next((one for one in child.carers if one.reference == receipt.parent), None)
    if receipt.parent is not None and sender is None:
        raise Refusal("Select who sent it", "sender")
    from_whom = sender.name if sender is not None else receipt.from_whom
    problem = rules.receipt_problem(receipt.received_on, from_whom, child.date_of_birth, work.today)
    if problem:
        field, message = problem
        raise Refusal(message, field)
    evidence = Evidence(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=None,
        sent_at=work.at,
        sent_on=receipt.received_on,
        written_account=written_account or None,
        keyed_in_by_id=work.actor.account_id,
        came_by=receipt.came_by,
        from_whom=from_whom,
        parent_id=sender.id if sender is not None else None,
    )
    return keep(work, child, evidence, kept)


def keep(work: Work, child: Child, evidence: Evidence, kept: Sequence[str]) -> Evidence:
    """Keep a sending with the files that have arrived for it. Raises `Refusal`."""
    waiting = queries.files_kept(work, child, kept, hold=True)
    if len(waiting) < len(set(kept)):
        raise Refusal("Choose your files again: those you had chosen are not kept any longer", "files")
    problem = rules.sending_problem(evidence.written_account or "", len(waiting))
    if problem:
        field, message = problem
        raise Refusal(message, field)
    work.session.add(evidence)
    work.session.flush()
    for file in waiting:
        evidence.files.append(shown(evidence, file))
        work.session.delete(file)
    work.session.flush()
    work.publish(
        EvidenceSubmitted(
            authority_id=child.authority_id,
            child_id=child.id,
            evidence_id=evidence.id,
            account_id=evidence.account_id,
            sent_on=evidence.sent_on,
            came_by=evidence.came_by.value if evidence.came_by else None,
        )
    )
    return evidence


def shown(evidence: Evidence, file: WaitingFile) -> EvidenceFile:
    """A file that has arrived, as one that was sent."""
    if file.size is None or file.sha256 is None:
        raise ValueError("a file that is not whole cannot be sent")
    return EvidenceFile(
        reference=file.reference,
        authority_id=evidence.authority_id,
        evidence_id=evidence.id,
        stored_as=file.stored_as,
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
    )


def assess(work: Work, child: Child, finding: Finding, heard: Sequence[Heard] = ()) -> Assessment:
    """Decide about a child's education, with reasons. Raises `Refusal`.

    `heard` are the contacts about this child on which a finding may rest. Only a person decides: nothing in the portal
    calls this by itself, and silence is no ground.
    """
    if register.open_episode(work, child.id) is None:
        raise Refusal("Choose a child with an open episode: this child’s is closed, so there is nothing to decide")
    sent = {one.reference: one for one in queries.sent(work, child.id)}
    told = {one.reference: one for one in heard}
    for judged in finding.criteria:
        if not (set(judged.evidence) <= set(sent) and set(judged.contacts) <= set(told)):
            raise Refusal("Select what was sent or told about this child", f"{judged.criterion.field}_relied")
    problem = rules.assessment_problem(
        finding.outcome, finding.reasons, finding.advice, finding.wanted, finding.criteria, finding.other_grounds
    )
    if problem:
        field, message = problem
        raise Refusal(message, field)
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
        decided_under_id=policy.in_force(work, child.authority_id, work.today).id,
    )
    work.session.add(assessment)
    relied = {reference for judged in finding.criteria for reference in judged.evidence}
    assessment.evidence.extend(one for reference, one in sent.items() if reference in relied)
    work.session.flush()
    for judged in finding.criteria:
        add_criterion(work, assessment, judged, sent, told)
    work.session.flush()
    work.publish(
        EducationAssessed(
            authority_id=child.authority_id,
            child_id=child.id,
            assessment_id=assessment.id,
            outcome=finding.outcome,
        )
    )
    return assessment


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


def move_to_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: what belongs to the duplicate moves to the record that stays."""
    for event in joined:
        for table in (Evidence, Assessment, WaitingFile):
            work.session.execute(
                update(table).where(table.child_id == event.duplicate_child_id).values(child_id=event.child_id)
            )


def throw_away_unsent(work: Work, ids: Sequence[int]) -> None:
    """Remove files that arrived more than a day ago and were never sent, from the vault and from the list."""
    throw_away(work, portal().vault, ids)


def throw_away(work: Work, vault: Vault, ids: Sequence[int]) -> None:
    """Remove waiting files that are old enough. The vault first: a row that is left over is found again next time."""
    old = queries.held_unsent(work, ids)
    for file in old:
        vault.delete(file.stored_as)
        work.session.delete(file)
    work.session.flush()
    work.publish(
        *(
            UnsentFileThrownAway(authority_id=file.authority_id, child_id=file.child_id, account_id=file.account_id)
            for file in old
        )
    )
