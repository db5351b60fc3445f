"""Opening a file: by a link that holds two minutes in one sitting, or page by page as pictures made anew."""

import io
from collections.abc import Callable
from datetime import timedelta

import pytest
import typst
from PIL import Image
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.audit.models import AccessEntry
from ehe_portal.core.files import NotShowable, page_for_viewing, pages_in
from ehe_portal.core.links import sign_link
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import EvidenceFile
from ehe_portal.evidence.views.serving import LINK_HOLDS
from tests.conftest import Clock
from tests.core.made_files import doc, docx, opendocument, pdf, photograph
from tests.core.made_texts import written
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
Sent = Callable[..., EvidenceFile]
PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ODT = "application/vnd.oasis.opendocument.text"
WRITTEN = b"""#set document(title: "Ours", author: "Nell Ashworth")
#set page(paper: "a4", margin: 0pt)
#rect(width: 100%, height: 50%, fill: red)
#pagebreak()
#set page(flipped: true)
#rect(width: 100%, height: 100%, fill: blue)
"""


def address(village: Village, file: EvidenceFile) -> str:
    return f"/children/{village['Ada'].reference}/evidence/files/{file.reference}"


def in_sitting(client: LintingClient, sitting: str) -> LintingClient:
    """The same browser, in a sitting of this name."""
    with client.session_transaction() as session:
        session["sitting"] = sitting
    return client


# Links


def test_a_link_holds_for_two_minutes(
    client_as: ClientAs, village: Village, clock: Clock, sent_file: Sent, work: Work
) -> None:
    file = sent_file(pdf(), "a.pdf", PDF)
    adviser = in_sitting(client_as(village.adviser), "one")
    link = adviser.get(address(village, file)).location
    assert work.session.scalars(select(AccessEntry)).all() == [], "nobody has read anything yet"
    clock.at += LINK_HOLDS - timedelta(seconds=1)
    assert adviser.get(link).data == pdf()
    clock.at += timedelta(seconds=1)
    late = adviser.get(link)
    assert late.status_code == 410
    assert "This link has run out" in late.text
    assert f'href="{address(village, file)}"' in late.text, "a new one is a press away"
    assert len(work.session.scalars(select(AccessEntry)).all()) == 1


def test_a_link_opens_nothing_in_another_sitting(client_as: ClientAs, village: Village, sent_file: Sent) -> None:
    file = sent_file(pdf(), "a.pdf", PDF)
    link = in_sitting(client_as(village.adviser), "one").get(address(village, file)).location
    assert in_sitting(client_as(village.adviser), "two").get(link).status_code == 410
    other = next(one for one in village.staff.values() if one is not village.adviser)
    assert in_sitting(client_as(other), "one").get(link).status_code in (403, 410)
    assert in_sitting(client_as(village.adviser), "one").get(link).data == pdf()


def test_a_link_is_for_one_file_and_made_here(
    client_as: ClientAs, village: Village, house: Portal, sent_file: Sent
) -> None:
    first, second = (sent_file(pdf(pages=n), f"{n}.pdf", PDF) for n in (1, 2))
    adviser = client_as(village.adviser)
    token = adviser.get(address(village, first)).location.partition("link=")[2]
    mail_link = sign_link(house.settings.secret_key, 1)
    for made_up in (token, token[:-1], "", "x", mail_link):
        assert adviser.get(f"{address(village, second)}?link={made_up}").status_code == 410


def test_each_sitting_has_a_name_of_its_own(client_as: ClientAs, village: Village, app: object) -> None:
    from ehe_portal.accounts.views.sittings import begin_sitting

    names = set()
    for _ in range(2):
        with client_as(None).application.test_request_context():
            from flask import session

            begin_sitting(village.adviser)
            names.add(session["sitting"])
    assert len(names) == 2


# Pages


def test_a_pdf_is_shown_page_by_page_as_pictures(client_as: ClientAs, village: Village, sent_file: Sent) -> None:
    file = sent_file(typst.compile(WRITTEN, format="pdf"), "Spring <report>.pdf", PDF)
    adviser, url = client_as(village.adviser), address(village, file)
    first, second = (adviser.get(f"{url}/look?page={page}").text for page in (1, 2))
    assert "Page 1 of 2" in first
    assert "Next page" in first
    assert "Previous page" not in first
    assert "Previous page" in second
    assert "Spring &lt;report&gt;.pdf" in first
    upright, across = (adviser.get(f"{url}/picture?page={page}") for page in (1, 2))
    assert upright.mimetype == "image/jpeg"
    assert upright.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert b"Ashworth" not in upright.data
    with Image.open(io.BytesIO(upright.data)) as page:
        assert page.width < page.height == 1600
        assert near(page, 0.5, 0.25) == (255, 65, 54)
        assert near(page, 0.5, 0.9) == (255, 255, 255)
    with Image.open(io.BytesIO(across.data)) as page:
        assert page.height < page.width == 1600
    assert "Page 2 of 2" in adviser.get(f"{url}/look?page=99").text
    assert adviser.get(f"{url}/picture?page=99").status_code == 410


def near(page: Image.Image, across: float, down: float) -> tuple[int, ...]:
    """The colour at a place of a picture, as typst calls it."""
    found = page.convert("RGB").getpixel((int(page.width * across), int(page.height * down)))
    assert isinstance(found, tuple)
    known = ((255, 65, 54), (255, 255, 255), (0, 116, 217))
    return min(known, key=lambda one: sum(abs(a - b) for a, b in zip(one, found, strict=True)))


def test_a_photograph_is_looked_at_here(client_as: ClientAs, village: Village, sent_file: Sent) -> None:
    photo = sent_file(photograph(place=True), "den.jpg", "image/jpeg")
    page = client_as(village.adviser).get(f"{address(village, photo)}/look")
    assert page.status_code == 200
    assert "Page 1" not in page.text
    assert "without the place and the device" in page.text
    assert f"{address(village, photo)}/picture" in page.text


@pytest.mark.parametrize(("form", "media_type"), [("docx", DOCX), ("odt", ODT)])
def test_a_text_is_looked_at_here_and_the_page_says_that_it_is_set_anew(
    client_as: ClientAs, village: Village, sent_file: Sent, form: str, media_type: str
) -> None:
    adviser = client_as(village.adviser)
    rows = "\n".join(f"| {number} | x |" for number in range(80))
    letter = sent_file(written(f"# Our year\n\n| a | b |\n|--|--|\n{rows}", form), f"letter.{form}", media_type)
    page = adviser.get(f"{address(village, letter)}/look?page=2")
    assert "Page 2 of" in page.text
    assert "made from the words and pictures of the document. It looks different" in page.text
    picture = adviser.get(f"{address(village, letter)}/picture?page=2")
    assert (picture.status_code, picture.mimetype) == (200, "image/jpeg")
    assert "look at it here" in adviser.get(f"/children/{village['Ada'].reference}/evidence").text


def test_an_older_word_document_can_only_be_downloaded(client_as: ClientAs, village: Village, sent_file: Sent) -> None:
    adviser = client_as(village.adviser)
    older = sent_file(doc(), "letter.doc", "application/msword")
    assert adviser.get(f"{address(village, older)}/look").status_code == 404
    page = adviser.get(f"/children/{village['Ada'].reference}/evidence").text
    assert "this kind of file cannot be shown here" in page
    assert "look at it here" not in page


def test_a_pdf_of_which_no_picture_can_be_made_says_so(client_as: ClientAs, village: Village, sent_file: Sent) -> None:
    file = sent_file(b"%PDF-1.7 torn %%EOF", "torn.pdf", PDF)
    for more in ("/look", "/picture"):
        answer = client_as(village.adviser).get(address(village, file) + more)
        assert answer.status_code == 410
        assert "can be downloaded" in answer.text


@pytest.mark.parametrize("page", [0, -1, 2, 10**12])
def test_a_page_that_is_not_there_is_not_drawn(page: int) -> None:
    with pytest.raises(NotShowable):
        page_for_viewing([pdf()], page)


def test_only_documents_have_pages() -> None:
    assert pages_in([pdf(pages=3)]) == 3
    for other in (doc(), docx(), opendocument("spreadsheet"), photograph(), pdf(password="secret")):
        with pytest.raises(NotShowable):
            pages_in([other])
