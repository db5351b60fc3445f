"""What the stories about evidence share."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import service
from ehe_portal.evidence.models import EvidenceFile, WaitingFile
from ehe_portal.register.models import Child, Parent
from tests.village import LONG_AGO, Village

NewWork = Callable[..., Work]
Arrive = Callable[..., str]


@pytest.fixture
def arrive(house: Portal, village: Village, new_work: NewWork) -> Arrive:
    """Lets a file of Ada's parent arrive, whole, as it would with a form; its reference."""

    def make(content: bytes = b"leaves", filename: str = "leaf.pdf", child: Child | None = None) -> str:
        with transaction(new_work(village.parents["Ada"]), may_write=True) as work:
            waiting = service.expect_file(work, child or village["Ada"], filename, "application/pdf", len(content))
            stored = house.vault.store(waiting.stored_as, [content])
            service.note_kept(work, [stored])
        return waiting.reference

    return make


@pytest.fixture
def sent_file(house: Portal, village: Village, new_work: NewWork) -> Callable[..., EvidenceFile]:
    """A file that Ada's parent has sent; of any content and kind."""

    def make(content: bytes, filename: str, media_type: str) -> EvidenceFile:
        with transaction(new_work(village.parents["Ada"]), may_write=True) as work:
            waiting = service.expect_file(work, village["Ada"], filename, media_type, len(content))
            service.note_kept(work, [house.vault.store(waiting.stored_as, [content])])
            evidence = service.submit(work, village["Ada"], "", [waiting.reference])
            return evidence.files[0]

    return make


@pytest.fixture
def other_parent(work: Work, village: Village) -> Account:
    """Ada's second parent, with an account of their own, not verified yet."""
    account = Account(
        authority_id=village.authority.id, email="ola@wessex.example", name="Ola Byrne", role=Role.PARENT,
        created_at=LONG_AGO,
    )  # fmt: skip
    work.session.add(account)
    work.session.flush()
    work.session.add(
        Parent(
            authority_id=village.authority.id, child_id=village["Ada"].id, position=2, name="Ola Byrne",
            account_id=account.id,
        )
    )  # fmt: skip
    work.session.flush()
    return account


def waiting_files(work: Work) -> list[WaitingFile]:
    return list(work.session.scalars(select(WaitingFile).order_by(WaitingFile.id)))
