"""What the stories about letters share."""

import io
from collections.abc import Callable
from datetime import date
from typing import Final

import pytest
from pypdf import PdfReader

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.work import Work
from ehe_portal.letters.models import Letter
from ehe_portal.letters.rules import Facts
from ehe_portal.letters.service import write
from ehe_portal.register.models import Child, Parent
from ehe_portal.register.queries import visible_child
from tests.village import LONG_AGO, Village

NewWork = Callable[..., Work]
LAPSED: Final[Facts] = {"due on": date(2026, 1, 15), "answer by": date(2026, 3, 26)}


def text_of(pdf: bytes) -> str:
    """All the words of a PDF, each blank as one."""
    return " ".join(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages).split())


def a_letter(work: Work, child: Child, kind: str = "contact-lapsed", facts: Facts | None = None) -> Letter:
    """A letter to the first parent of a child."""
    found = visible_child(work, child.reference)
    assert found is not None
    (letter,) = write(work, kind, found, [found.carers[0]], LAPSED if facts is None else facts)
    return letter


@pytest.fixture
def other_parent(work: Work, village: Village) -> Parent:
    """Ada's second parent, verified, who lives elsewhere."""
    account = Account(
        authority_id=village.authority.id, email="ola@wessex.example", name="Ola Byrne", role=Role.PARENT,
        created_at=LONG_AGO,
    )  # fmt: skip
    work.session.add(account)
    work.session.flush()
    parent = Parent(
        authority_id=village.authority.id, child_id=village["Ada"].id, position=2, name="Ola Byrne",
        account_id=account.id, verified_at=LONG_AGO, address="Flat 2, 9 Quay Street, Poole, BH15 1AA",
    )  # fmt: skip
    work.session.add(parent)
    work.session.flush()
    work.session.expire(village["Ada"], ["parents"])
    return parent
