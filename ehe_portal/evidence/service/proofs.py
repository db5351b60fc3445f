"""Files that show how a document of a notice or order was served (Education Act 1996, s.572)."""

from datetime import date, datetime
from typing import Protocol

from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries
from ehe_portal.evidence.events import ServiceProofAdded, ServiceProofStruckOut
from ehe_portal.evidence.models import EvidenceFile, ServiceProof, WaitingFile
from ehe_portal.evidence.rules.proofs import proof_problem
from ehe_portal.evidence.service.sending import arrived, expect_file
from ehe_portal.register.models import Child


class Served(Protocol):
    """What is read of a document to one parent or school: the room of orders has it."""

    @property
    def id(self) -> int: ...
    @property
    def child(self) -> Child: ...
    @property
    def served_on(self) -> date | None: ...
    @property
    def struck_out_at(self) -> datetime | None: ...


def expect_proof(work: Work, child: Child, filename: str, media_type: str, size: int) -> WaitingFile:
    """Put down that a file that is to be a proof is about to be kept. Raises `Refusal`."""
    if problem := proof_problem(media_type, 0):
        raise Refusal(f"{problem}: ‘{filename}’ was left out", "files")
    return expect_file(work, child, filename, media_type, size)


def add_proof(work: Work, served: Served, kept: str | None) -> ServiceProof:
    """Keep a file that has arrived (`kept`, by reference) as a proof of how a document was served. Raises `Refusal`."""
    if served.served_on is None or served.struck_out_at is not None:
        raise Refusal("Enter first how it was served", "files")
    waiting = queries.files_kept(work, served.child, [kept] if kept else [], hold=True)
    if not waiting:
        raise Refusal("Upload a picture or a PDF", "files")
    file = waiting[0]
    already = queries.proofs_about(work, served.child.id).get(served.id, [])
    if problem := proof_problem(file.media_type, sum(one.struck_out_at is None for one in already)):
        raise Refusal(problem, "files")
    proof = ServiceProof(
        authority_id=served.child.authority_id,
        child_id=served.child.id,
        sending_id=served.id,
        added_at=work.at,
        added_by_id=work.actor.account_id,
    )
    work.session.add(proof)
    work.session.flush()
    found: EvidenceFile = arrived(file, proof_id=proof.id)
    work.session.add(found)
    work.session.delete(file)
    work.session.flush()
    work.publish(
        ServiceProofAdded(
            authority_id=proof.authority_id,
            child_id=proof.child_id,
            proof_id=proof.id,
            sending_id=proof.sending_id,
            file_id=found.id,
        )
    )
    return proof


def strike_out_proof(work: Work, proof: ServiceProof, why: str) -> None:
    """A file is no proof of this; it stays, struck out, with reasons. Raises `Refusal`."""
    held = queries.held_proof(work, proof)
    if held.struck_out_at is not None:
        raise Refusal("This has been struck out already")
    if not why.strip():
        raise Refusal("Enter what is wrong with it", "why")
    held.struck_out_at, held.struck_out_by_id = work.at, work.actor.account_id
    held.struck_out_why = why.strip()
    work.session.flush()
    work.publish(
        ServiceProofStruckOut(
            authority_id=held.authority_id, child_id=held.child_id, proof_id=held.id, sending_id=held.sending_id
        )
    )
