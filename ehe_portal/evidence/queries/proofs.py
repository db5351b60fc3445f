"""Files that show how documents of notices and orders were served. Staff alone have them."""

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from ehe_portal.core.work import Work
from ehe_portal.evidence.models import EvidenceFile, ServiceProof
from ehe_portal.evidence.queries.records import file_on, proof_in_scope
from ehe_portal.register.models import Child


def proofs_about(work: Work, child_id: int) -> dict[int, list[ServiceProof]]:
    """Every proof about a child with its file, by the number of the document that was served, in order of adding."""
    found = select(ServiceProof).where(ServiceProof.child_id == child_id, proof_in_scope(work))
    proofs: dict[int, list[ServiceProof]] = {}
    for one in work.session.scalars(found.options(selectinload(ServiceProof.file)).order_by(ServiceProof.id)):
        proofs.setdefault(one.sending_id, []).append(one)
    return proofs


def proof_on(work: Work, reference: str, proof_reference: str) -> ServiceProof | None:
    """One proof about a child, in scope."""
    return work.session.scalar(
        select(ServiceProof)
        .join(Child, Child.id == ServiceProof.child_id)
        .where(Child.reference == reference, ServiceProof.reference == proof_reference, proof_in_scope(work))
    )


def held_proof(work: Work, proof: ServiceProof) -> ServiceProof:
    """A proof in scope as it is now; nobody else can change it until this work ends."""
    found = select(ServiceProof).where(ServiceProof.id == proof.id).with_for_update()
    return work.session.scalars(found, execution_options={"populate_existing": True}).one()


def file_for_staff(work: Work, reference: str, file_reference: str) -> EvidenceFile | None:
    """One file about a child, sent or added as a proof of service, in scope. For a family as `file_on`."""
    found = file_on(work, reference, file_reference)
    if found is not None:
        return found
    return work.session.scalar(
        select(EvidenceFile)
        .join(ServiceProof, ServiceProof.id == EvidenceFile.proof_id)
        .join(Child, Child.id == ServiceProof.child_id)
        .where(Child.reference == reference, EvidenceFile.reference == file_reference, proof_in_scope(work))
        .options(selectinload(EvidenceFile.proof))
    )
