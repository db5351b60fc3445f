"""What families send, and what officers key in for them.

A file is in the vault before the row that shows it is committed, and the row of its arrival (`WaitingFile`) before it
is in the vault: so nothing that can be seen lacks its file, and no file lacks a row by which it is thrown away.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from ehe_portal.accounts.policy import Permission, permits
from ehe_portal.core.errors import Refusal
from ehe_portal.core.vault import StoredObject, Vault
from ehe_portal.core.vault_rows import STRAY_AFTER, Kept, known
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules
from ehe_portal.evidence.events import EvidenceSubmitted, StrayFilesRemoved, UnsentFileThrownAway
from ehe_portal.evidence.models import (
    AccountPart,
    Assessment,
    CameBy,
    EducationReview,
    Evidence,
    EvidenceFile,
    EvidencePart,
    InformationRequest,
    ServiceProof,
    Statement,
    WaitingFile,
)
from ehe_portal.evidence.service.asking import note_sent
from ehe_portal.policy import queries as policy
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Child


@dataclass(frozen=True)
class Receipt:
    """When, how and from whom something came. `parent` is the reference of one of the child's, if it was one."""

    received_on: date
    came_by: CameBy
    parent: str | None = None
    from_whom: str = ""


def largest_file(work: Work, child: Child) -> int:
    """How many bytes one file about a child may have."""
    return policy.in_force(work, child.authority_id, work.today).values.evidence_file_mb * rules.MEGABYTE


def expect_file(
    work: Work, child: Child, filename: str, media_type: str, size: int, *, in_parts: bool = False
) -> WaitingFile:
    """Put down that a file of `size` bytes is about to be kept. Raises `Refusal` for one that has no room, and for more
    files in a day than anyone needs to send."""
    account_id = work.actor.account_id
    if account_id is None:
        raise Refusal("Enter your email address and password first", "files")
    # An officer keys in for many families, and each of them may send as much as it could by itself.
    about = child if permits(work.actor, Permission.EVIDENCE_KEY_IN) else None
    sent = queries.files_since(work, account_id, work.at - rules.A_DAY, about)
    if sent >= rules.MOST_FILES_A_DAY:
        raise Refusal(f"Choose up to {rules.MOST_FILES_A_DAY} files a day: ‘{filename}’ was left out", "files")
    values = policy.in_force(work, child.authority_id, work.today).values
    kept = queries.bytes_about(work, child)
    if problem := rules.room_problem(size, kept, values.evidence_file_mb, values.evidence_child_gb):
        raise Refusal(f"{problem}: ‘{filename}’ was left out", "files")
    waiting = WaitingFile(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=account_id,
        filename=filename,
        media_type=media_type,
        arrived_at=work.at,
        to_come=size if in_parts else None,
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


def note_arrived(work: Work, waiting: WaitingFile, stored: StoredObject, filename: str, media_type: str) -> None:
    """Put down that a file that came in parts is in the vault, whole, and what it is found to be."""
    waiting.filename, waiting.media_type = filename, media_type
    waiting.size, waiting.sha256 = stored.size, stored.sha256
    waiting.arrived_at = work.at
    work.session.flush()


def give_up(work: Work, vault: Vault, waiting: WaitingFile) -> None:
    """Throw away a file that comes in parts, or has come, and was not sent. Raises `Overtaken` while it is being
    completed."""
    empty(vault, waiting)
    work.session.delete(waiting)
    work.session.flush()
    work.publish(gone(waiting))


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


def tell(work: Work, child: Child, parts: Mapping[AccountPart, str], kept: Sequence[str] = ()) -> Evidence:
    """Send an account of the education in parts, with files that have arrived. Raises `Refusal`."""
    told = {part: words for part in AccountPart if (words := parts.get(part, "").strip())}
    if problem := rules.parts_problem(told, len(kept)):
        field, message = problem
        raise Refusal(message, field)
    evidence = Evidence(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=work.actor.account_id,
        sent_at=work.at,
        sent_on=work.today,
    )
    evidence.parts.extend(
        EvidencePart(authority_id=child.authority_id, part=part, words=words) for part, words in told.items()
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
    if problem and not evidence.parts:
        field, message = problem
        raise Refusal(message, field)
    return keep_whole(work, evidence, waiting)


def keep_whole(work: Work, evidence: Evidence, waiting: Sequence[WaitingFile], *, at_once: bool = False) -> Evidence:
    """Keep a sending in which nothing is missing, with its files, and say so."""
    work.session.add(evidence)
    work.session.flush()
    for file in waiting:
        evidence.files.append(arrived(file, evidence_id=evidence.id))
        work.session.delete(file)
    work.session.flush()
    work.publish(
        EvidenceSubmitted(
            authority_id=evidence.authority_id,
            child_id=evidence.child_id,
            evidence_id=evidence.id,
            account_id=evidence.account_id,
            sent_on=evidence.sent_on,
            came_by=evidence.came_by.value if evidence.came_by else None,
            at_once=at_once,
        )
    )
    note_sent(work, evidence)
    return evidence


def arrived(file: WaitingFile, *, evidence_id: int | None = None, proof_id: int | None = None) -> EvidenceFile:
    """A file that has arrived, as one that was sent, or was added as a proof."""
    if file.size is None or file.sha256 is None:
        raise ValueError("a file that is not whole cannot be sent")
    return EvidenceFile(
        reference=file.reference,
        authority_id=file.authority_id,
        evidence_id=evidence_id,
        proof_id=proof_id,
        stored_as=file.stored_as,
        filename=file.filename,
        media_type=file.media_type,
        size=file.size,
        sha256=file.sha256,
    )


def move_to_joined(work: Work, joined: Sequence[RecordsJoined]) -> None:
    """Two records were found to be one child: what belongs to the duplicate moves to the record that stays."""
    for event in joined:
        for table in (Evidence, Assessment, EducationReview, InformationRequest, WaitingFile, Statement, ServiceProof):
            work.session.execute(
                update(table).where(table.child_id == event.duplicate_child_id).values(child_id=event.child_id)
            )


def throw_away_unsent(work: Work, ids: Sequence[int]) -> None:
    """Remove files that arrived long ago and were never sent, from the vault and from the list."""
    throw_away(work, portal().vault, ids)


def throw_away(work: Work, vault: Vault, ids: Sequence[int]) -> None:
    """Remove waiting files that are old enough. The vault first: a row that is left over is found again next time."""
    old = queries.held_unsent(work, ids)
    for file in old:
        empty(vault, file)
        work.session.delete(file)
    work.session.flush()
    work.publish(*(gone(file) for file in old))


def forget_refused(waiting_id: int, session: Session) -> None:
    """Take a file off the list that may not be taken, and of which nothing is kept."""
    session.execute(delete(WaitingFile).where(WaitingFile.id == waiting_id, WaitingFile.sha256.is_(None)))


def empty(vault: Vault, file: WaitingFile) -> None:
    """Throw away what has arrived of a file, wherever it is."""
    if file.to_come is not None:
        vault.growing(file.stored_as, file.to_come).discard()
    vault.delete(file.stored_as)


def gone(file: WaitingFile) -> UnsentFileThrownAway:
    """What is said of a waiting file that was thrown away."""
    return UnsentFileThrownAway(authority_id=file.authority_id, child_id=file.child_id, account_id=file.account_id)


def removing_strays(kept: Sequence[Kept]) -> Callable[[Work, Sequence[int]], None]:
    """Removes, of these authorities, the files in the vault that no row of `kept` knows of, and what a process that
    died was writing."""

    def remove(work: Work, authority_ids: Sequence[int]) -> None:
        for authority_id in authority_ids:
            theirs = partial(known, work.session, kept)
            gone = portal().vault.sweep_orphans(theirs, work.at - STRAY_AFTER, str(authority_id))
            if gone:
                work.publish(StrayFilesRemoved(authority_id=authority_id, files=len(gone)))

    return remove
