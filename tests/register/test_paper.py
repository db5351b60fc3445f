"""The paper form asks what the pages ask, and can be read by a screen reader."""

import io
import re
from collections.abc import Iterator
from typing import Any

import pytest
from pypdf import PdfReader

from ehe_portal.core.govuk import Field
from ehe_portal.policy.rules.profiles import PROFILES
from ehe_portal.register.forms import ASKED
from tests.conftest import NOON
from tests.pages import LintingClient
from tests.register.conftest import ClientAs
from tests.village import Village

ADDRESS = "/registration-form.pdf"


def squeezed(words: str) -> str:
    """Words without blanks and line ends, as a PDF breaks lines where it likes."""
    return re.sub(r"\s+", "", words)


@pytest.fixture
def visitor(client_as: ClientAs, village: Village) -> LintingClient:
    """Anyone."""
    return client_as(None)


def asked_fields(required: frozenset[str]) -> Iterator[Field]:
    """Every question of every page, those too that belong to a choice."""
    for asked in ASKED.values():
        form = asked.form(NOON.date(), required, online=False)
        yield from (field for field in form if isinstance(field, Field) and field.shown)


def test_it_asks_every_question_with_its_hint_and_its_choices(visitor: LintingClient) -> None:
    answer = visitor.get(ADDRESS)
    assert (answer.status_code, answer.mimetype) == (200, "application/pdf")
    text = squeezed("".join(page.extract_text() for page in PdfReader(io.BytesIO(answer.data)).pages))
    fields = list(asked_fields(PROFILES["ea1996"].required))
    assert len(fields) > 40
    for field in fields:
        wanted = [field.question, field.hint, *(choice.label for choice in getattr(field, "choices", ()))]
        assert [words for words in wanted if squeezed(words) not in text] == []
    assert squeezed("Registering is voluntary today") in text


def test_it_is_tagged_and_says_its_title_and_language(visitor: LintingClient) -> None:
    catalog = PdfReader(io.BytesIO(visitor.get(ADDRESS).data))
    root: Any = catalog.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True
    assert "/StructTreeRoot" in root
    assert str(root["/Lang"]).startswith("en")
    assert catalog.metadata is not None
    assert catalog.metadata.title == "Register for home education: paper form"
    assert b"pdfuaid" in root["/Metadata"].get_data()


def test_it_names_the_council_to_its_own_people_only_where_there_are_several(
    visitor: LintingClient, client_as: ClientAs, village: Village
) -> None:
    def first_page(client: LintingClient) -> str:
        return PdfReader(io.BytesIO(client.get(ADDRESS).data)).pages[0].extract_text()

    assert "Wessex Council" not in first_page(visitor)
    assert "Wessex Council" in first_page(client_as(village.parents["Ada"]))


def test_it_is_made_once_and_not_sent_twice(visitor: LintingClient) -> None:
    first = visitor.get(ADDRESS)
    again = visitor.get(ADDRESS, headers={"If-None-Match": first.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def test_start_page_and_help_lead_to_it(visitor: LintingClient) -> None:
    for page in ("/", "/help"):
        assert f'href="{ADDRESS}"' in visitor.get(page).get_data(as_text=True)
