"""Things about notices and orders for `things_of`: about Ada, a case with a step taken and one that waits."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select

from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import EvidenceFile, ServiceProof
from ehe_portal.orders.models import (
    Document,
    OrderCase,
    OrderSending,
    OrderStep,
    Route,
    ServiceConsent,
    StepCode,
    StepState,
    Whose,
)
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Parent
from tests.village import Village


def of_orders(work: Work, village: Village) -> dict[str, str]:
    """References by the parameter that takes them: a case, its waiting step, a document to serve, a consent,
    a proof of service."""
    keys: dict[str, Any] = {"authority_id": village.authority.id}
    case = OrderCase(
        **keys,
        child_id=village["Ada"].id,
        route=Route.ATTENDANCE,
        profile="ea1996",
        begun_under_id=policy.in_force(work, village.authority.id, work.today).id,
        begun_at=work.at,
        begun_by_id=village.adviser.id,
        clock_on=work.today,
        clock_whose=Whose.COUNCIL,
    )
    work.session.add(case)
    work.session.flush()
    step: dict[str, Any] = {
        **keys,
        "case_id": case.id,
        "reasons": "Because.",
        "said": {},
        "parents": [],
        "written_at": work.at,
        "written_by_id": village.adviser.id,
    }
    taken = OrderStep(
        **step, code=StepCode.NOTICE, state=StepState.TAKEN, taken_at=work.at, taken_on=work.today, taken_by_id=None
    )
    waiting = OrderStep(
        **{**step, "written_at": work.at + timedelta(minutes=1)}, code=StepCode.SATISFIED, state=StepState.PROPOSED
    )
    work.session.add_all([taken, waiting])
    work.session.flush()
    parent = work.session.scalars(
        select(Parent).where(Parent.child_id == village["Ada"].id, Parent.position == 1)
    ).one()
    sending = OrderSending(**keys, step_id=taken.id, parent_id=parent.id)
    consent = ServiceConsent(
        **keys,
        parent_id=parent.id,
        document=Document.NOTICE,
        address="ada@home.example",
        given_on=work.today,
        recorded_at=work.at,
        recorded_by_id=village.adviser.id,
    )
    work.session.add_all([sending, consent])
    work.session.flush()
    proof = ServiceProof(
        **keys, child_id=village["Ada"].id, sending_id=sending.id, added_at=work.at, added_by_id=village.adviser.id
    )
    work.session.add(proof)
    work.session.flush()
    file = EvidenceFile(
        **keys,
        evidence_id=None,
        proof_id=proof.id,
        stored_as=f"{village.authority.id}/{new_reference()}",
        filename="Byrne receipt.png",
        media_type="image/png",
        size=1,
        sha256="0" * 64,
    )
    work.session.add(file)
    work.session.flush()
    return {
        "case": case.reference,
        "step": waiting.reference,
        "sending": sending.reference,
        "consent": consent.reference,
        "proof": proof.reference,
    }
