"""Files that show how a document was served: taken in like all files, for the team alone, struck out when wrong."""

import io
from collections.abc import Callable

import pytest
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import jobs
from ehe_portal.core.errors import Refusal
from ehe_portal.core.vault_rows import known
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries as evidence_queries
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.models import Scan, ServiceProof, WaitingFile
from ehe_portal.evidence.rules.proofs import MOST_PROOFS, proof_problem
from ehe_portal.orders import service
from ehe_portal.orders.models import Method, OrderSending
from ehe_portal.register.events import RecordsJoined
from tests.core.clamds import EICAR, StandIn
from tests.core.made_files import docx, pdf, photograph
from tests.evidence.hostile import Hostile, folder
from tests.orders.conftest import Acting, Decide
from tests.orders.test_service import NOON, begin, serve
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
Add = Callable[..., ServiceProof]
SCAN = next(job for job in schedule.JOBS if job.name == "scan-files")


@pytest.fixture
def served(village: Village, acting: Acting, manager: Account, decide: Decide) -> OrderSending:
    """A notice that was posted to Ada's parent."""
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[-1], Method.POST, NOON)
    return case.taken[-1].sendings[0]


@pytest.fixture
def urls(village: Village, served: OrderSending) -> tuple[str, str, str]:
    """Of adding a proof, of the case, and of what evidence has."""
    child = f"/children/{village['Ada'].reference}"
    return (
        f"{child}/orders/sendings/{served.reference}/proof",
        f"{child}/orders/{served.step.case.reference}",
        f"{child}/evidence",
    )


def proofs(work: Work) -> list[ServiceProof]:
    work.session.expire_all()
    return list(work.session.scalars(select(ServiceProof).order_by(ServiceProof.id)))


def a_file(content: bytes, name: str) -> dict[str, object]:
    return {"files": (io.BytesIO(content), name)}


@pytest.mark.parametrize(
    ("media_type", "added", "fine"),
    [
        ("application/pdf", 0, True),
        ("image/jpeg", 0, True),
        ("image/png", MOST_PROOFS - 1, True),
        ("image/heic", 0, True),
        ("image/png", MOST_PROOFS, False),
        ("video/mp4", 0, False),
        ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", 0, False),
    ],
)
def test_a_proof_is_a_picture_or_a_pdf(media_type: str, added: int, fine: bool) -> None:
    assert (proof_problem(media_type, added) is None) is fine


def test_a_certificate_is_added_looked_at_and_saved(
    house: Portal, client_as: ClientAs, village: Village, work: Work, served: OrderSending, urls: tuple[str, str, str]
) -> None:
    add_url, case_url, evidence_url = urls
    adviser = client_as(village.adviser)
    assert add_url in adviser.get(case_url).text
    kept = adviser.submit(add_url, a_file(photograph(place=True), "Certificate of posting.jpg"))
    assert kept.location == case_url
    (proof,) = proofs(work)
    assert (proof.sending_id, proof.added_by_id, proof.child_id) == (served.id, village.adviser.id, village["Ada"].id)
    assert proof.file.evidence_id is None
    assert work.session.scalars(select(WaitingFile)).all() == []
    assert known(work.session, schedule.KEPT, [proof.file.stored_as]), "nothing that the broom may sweep away"
    assert "Certificate of posting.jpg" in words_of(tree_of(adviser.get(case_url).text))
    look = f"{evidence_url}/files/{proof.file.reference}"
    looked = adviser.get(f"{look}/look")
    assert looked.status_code == 200
    assert "Notes against this page" not in looked.text, "a proof is nothing to decide about"
    assert adviser.get(f"{look}/picture").mimetype == "image/jpeg"
    saved = adviser.get(look, follow_redirects=True)
    assert saved.headers["Content-Disposition"].startswith("attachment")
    assert saved.data == photograph(place=True)
    assert adviser.get(f"{look}/note").status_code == 404
    kinds = select(AuditEntry.details).where(AuditEntry.kind == "ServiceProofAdded")
    assert "Certificate" not in str(work.session.scalars(kinds).one())


def test_what_is_no_proof_is_not_kept(
    client_as: ClientAs, village: Village, work: Work, urls: tuple[str, str, str]
) -> None:
    adviser = client_as(village.adviser)
    for content, name in ((docx(), "letter.docx"), (b"MZ" + bytes(200), "photo.jpg"), (pdf("secret"), "locked.pdf")):
        again = adviser.submit(urls[0], a_file(content, name))
        assert again.status_code == 200
        assert name in words_of(tree_of(again.text))
    assert "Upload a picture or a PDF" in adviser.submit(urls[0], a_file(b"", "")).text
    assert proofs(work) == []
    assert work.session.scalars(select(WaitingFile)).all() == [], "nor offered where evidence is keyed in"


def test_a_proof_waits_for_the_scanner_like_every_file(
    house: Portal, client_as: ClientAs, village: Village, work: Work, urls: tuple[str, str, str], clamd: StandIn
) -> None:
    adviser = client_as(village.adviser)
    adviser.submit(urls[0], a_file(pdf(), "fine.pdf"))
    adviser.submit(urls[0], a_file(pdf() + EICAR, "bad.pdf"))
    fine, bad = proofs(work)
    for proof in (fine, bad):
        assert adviser.get(f"{urls[2]}/files/{proof.file.reference}/look").status_code == 423
    assert jobs.run(SCAN, house).done == 2
    assert [one.file.scan for one in proofs(work)] == [Scan.CLEAN, Scan.INFECTED]
    assert adviser.get(f"{urls[2]}/files/{fine.file.reference}/look").status_code == 200
    assert adviser.get(f"{urls[2]}/files/{bad.file.reference}", follow_redirects=True).status_code == 423
    entries = select(AuditEntry.child_id).where(AuditEntry.kind == "FileScanned").order_by(AuditEntry.id)
    assert list(work.session.scalars(entries)) == [None, village["Ada"].id]


def test_nobody_else_opens_it(
    client_as: ClientAs, village: Village, work: Work, served: OrderSending, urls: tuple[str, str, str]
) -> None:
    client_as(village.adviser).submit(urls[0], a_file(pdf(), "certificate.pdf"))
    (proof,) = proofs(work)
    ada, ben = village["Ada"].reference, village["Ben"].reference
    family = client_as(village.parents["Ada"])
    assert family.get(f"/family/children/{ada}/evidence/files/{proof.file.reference}").status_code == 404
    assert family.get(f"{urls[2]}/files/{proof.file.reference}").status_code == 403
    assert "certificate.pdf" not in family.get(f"/family/children/{ada}").text
    assert client_as(village.stranger[Role.ADVISER]).get(f"{urls[2]}/files/{proof.file.reference}").status_code == 404
    assert client_as(village.adviser).get(f"/children/{ben}/evidence/files/{proof.file.reference}").status_code == 404
    auditor = client_as(village.staff[Role.AUDITOR])
    assert auditor.get(urls[0]).status_code == 403
    assert len(proofs(work)) == 1


def test_only_what_was_served_has_a_proof_and_what_was_wrong_is_struck_out(
    client_as: ClientAs, village: Village, work: Work, manager: Account, served: OrderSending,
    urls: tuple[str, str, str], acting: Acting,
) -> None:  # fmt: skip
    client_as(village.adviser).submit(urls[0], a_file(pdf(), "certificate.pdf"))
    (proof,) = proofs(work)
    strike = f"{urls[1].rpartition('/')[0]}/proofs/{proof.reference}/strike-out"
    assert client_as(village.adviser).get(strike).status_code == 403
    boss = client_as(manager)
    assert "Enter what is wrong with it" in boss.submit(strike, {"why": ""}).text
    assert boss.submit(strike, {"why": "Another family's"}).status_code == 302
    page = words_of(tree_of(boss.get(urls[1]).text))
    assert "Struck out by" in page
    assert "Another family's" in page
    with pytest.raises(Refusal, match="already"):
        evidence.strike_out_proof(acting(manager), proofs(work)[0], "Again")
    service.strike_out(acting(manager), served, "It was handed over.")
    unserved = served.step.sendings[-1]
    with pytest.raises(Refusal, match="Enter first how it was served"):
        evidence.add_proof(acting(manager), unserved, None)
    assert boss.get(f"{urls[1].rpartition('/')[0]}/sendings/{unserved.reference}/proof").status_code == 302


def test_proofs_move_with_a_record_that_is_joined(work: Work, village: Village, served: OrderSending) -> None:
    proof = ServiceProof(
        authority_id=served.authority_id, child_id=village["Ada"].id, sending_id=served.id, added_at=work.at,
        added_by_id=None,
    )  # fmt: skip
    work.session.add(proof)
    work.session.flush()
    evidence.move_to_joined(
        work,
        [RecordsJoined(authority_id=served.authority_id, child_id=village["Ben"].id, registration_id=None,
                       account_id=None, duplicate_child_id=village["Ada"].id)],
    )  # fmt: skip
    assert list(evidence_queries.proofs_about(work, village["Ben"].id)) == [served.id]


@pytest.mark.parametrize("hostile", list(folder()), ids=lambda one: one.what)
def test_of_hostile_files_none_is_a_proof_that_is_no_evidence(
    client_as: ClientAs, urls: tuple[str, str, str], manager: Account, work: Work, hostile: Hostile
) -> None:
    answer = client_as(manager).submit(urls[0], a_file(hostile.content, hostile.name))
    taken = proofs(work)
    assert answer.status_code == (302 if taken else 200)
    assert not (taken and hostile.refused)
