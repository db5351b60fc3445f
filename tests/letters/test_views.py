"""Letters as officers, parents and administrators see them."""

import io
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.audit.models import AccessEntry
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.letters import service
from ehe_portal.letters.models import Goes, Letter, LetterPosting, LetterWording
from ehe_portal.register.models import Parent
from tests.letters.conftest import a_letter, text_of
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]
TODAY = {"posted_on-day": "12", "posted_on-month": "3", "posted_on-year": "2026"}


def filled(page: Any) -> dict[str, Any]:
    """What a browser would send of a page's form that nobody touched."""
    return form_of(page.text)[1]


def test_whoever_posts_letters_may_see_where_they_go() -> None:
    for role, granted in GRANTS.items():
        assert Permission.LETTER_POST not in granted or Permission.CHILD_READ_PROTECTED in granted, role
        assert Permission.LETTER_WRITE not in granted or Permission.LETTER_READ in granted, role


def test_an_officer_previews_and_makes_a_letter(village: Village, client_as: ClientAs, work: Work) -> None:
    client = client_as(village.adviser)
    start = f"/children/{village['Ben'].reference}/letters"
    assert "Letters to the family will appear here" in client.get(start).text
    assert "/letters/new/information-request" in client.get(f"{start}/new").text
    address = f"{start}/new/information-request"
    page = client.get(address)
    empty = client.post(address, data=filled(page) | {"make": "x"})
    assert "Enter an answer to" in empty.text
    typed = filled(page) | {"what_we_need": "How *Ben* learns #to write", "answer_by-day": "9"}
    typed |= {"answer_by-month": "4", "answer_by-year": "2026"}
    looked = client.post(address, data=typed | {"preview": "x"})
    assert "Nothing has been made yet" in looked.text
    assert "How *Ben* learns #to write" in looked.text
    assert "Please tell us by 9 April 2026." in looked.text
    assert work.session.scalars(select(Letter)).all() == []
    made = client.post(address, data=typed | {"make": "x"}, follow_redirects=True)
    assert "The letter has been made." in made.text
    assert "To be posted" in made.text
    letter = work.session.scalars(select(Letter)).one()
    one = client.get(f"{start}/{letter.reference}").text
    assert "3 Mill Lane" in one
    assert "How *Ben* learns #to write" in one
    pdf = client.get(f"{start}/{letter.reference}/letter.pdf")
    assert (pdf.mimetype, pdf.headers["Cache-Control"]) == ("application/pdf", "private, no-store")
    assert "How *Ben* learns #to write" in text_of(pdf.data)
    large = client.get(f"{start}/{letter.reference}/large-print.pdf")
    assert len(PdfReader(io.BytesIO(large.data)).pages) > len(PdfReader(io.BytesIO(pdf.data)).pages)
    read = set(work.session.scalars(select(AccessEntry.what)))
    assert {"letters", f"letter/{letter.reference}"} <= read
    gone = client.post(f"{start}/{letter.reference}/withdraw", data=filled(client.get(f"{start}/{letter.reference}")),
                       follow_redirects=True)  # fmt: skip
    assert "Not to be sent" in gone.text


def test_a_letter_of_a_protected_child_keeps_its_address(
    village: Village, client_as: ClientAs, new_work: NewWork, work: Work
) -> None:
    letter = a_letter(new_work(village.adviser), village["Ben"])
    village["Ben"].protected = True
    work.session.flush()
    start = f"/children/{village['Ben'].reference}/letters/{letter.reference}"
    auditor = client_as(village.staff[Role.AUDITOR])
    shown = auditor.get(start)
    assert "Dear Robin Carter" in shown.text
    assert "Mill Lane" not in shown.text
    assert [auditor.get(f"{start}/{name}.pdf").status_code for name in ("letter", "large-print")] == [403, 403]
    assert "Do not send it" not in shown.text
    assert "Mill Lane" in client_as(village.adviser).get(start).text


def test_a_parent_reads_their_own_letters_and_nobody_elses(
    village: Village, client_as: ClientAs, new_work: NewWork, other_parent: Parent, work: Work
) -> None:
    officer = new_work(village.adviser)
    mine = a_letter(officer, village["Ada"])
    (other,) = service.write(officer, "welcome", village["Ada"], [other_parent], {})
    (paper,) = service.write(officer, "visit-offer", village["Ada"], [village["Ada"].carers[0]],
                             {"what": "a call", "times": ["Monday"]}, goes=Goes.POST)  # fmt: skip
    client = client_as(village.parents["Ada"])
    start = f"/family/children/{village['Ada'].reference}/letters"
    listed = client.get(start).text
    assert mine.reference in listed
    assert other.reference not in listed
    assert paper.reference not in listed, "a letter by post is there once it was posted"
    assert client.get(f"{start}/{paper.reference}").status_code == 404
    service.confirm_posted(officer, [paper], date(2026, 3, 12))
    assert "Posted on 12 March 2026" in client.get(start).text
    shown = client.get(f"{start}/{mine.reference}")
    assert "We had hoped to hear from you about Ada Byrne" in shown.text
    assert client.get(f"{start}/{mine.reference}/letter.pdf").data.startswith(b"%PDF")
    assert client.get(f"{start}/{mine.reference}/large-print.pdf").data.startswith(b"%PDF")
    for name in ("", "/letter.pdf", "/large-print.pdf"):
        assert client.get(f"{start}/{other.reference}{name}").status_code == 404
    story = client.get(f"/family/children/{village['Ada'].reference}/story").text
    assert f"/letters/{mine.reference}" in story
    assert f"/letters/{other.reference}" not in story
    village["Ada"].carers[0].verified_at = None
    work.session.flush()
    assert client.get(start).status_code == 404
    assert client.get(f"{start}/{mine.reference}").status_code == 404


def test_what_came_after_a_stop_is_not_shown(
    village: Village, client_as: ClientAs, new_work: NewWork, work: Work
) -> None:
    officer = new_work(village.adviser)
    before = a_letter(officer, village["Ada"])
    village["Ada"].messages_stopped_at = officer.at.replace(minute=30)
    officer.at = officer.at.replace(hour=13)
    after = a_letter(officer, village["Ada"])
    work.session.flush()
    listed = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}/letters").text
    assert before.reference in listed
    assert after.reference not in listed


def test_a_parent_is_told_without_a_name_and_says_how_letters_come(
    village: Village, client_as: ClientAs, new_work: NewWork
) -> None:
    work = new_work(village.adviser)
    letter = a_letter(work, village["Ada"])
    (told,) = work.session.scalars(select(OutgoingMessage).where(OutgoingMessage.template == "letter-written"))
    assert (told.account_id, told.context) == (
        village.parents["Ada"].id, {"child_reference": village["Ada"].reference},
    )  # fmt: skip
    client = client_as(village.parents["Ada"])
    address = f"/family/children/{village['Ada'].reference}/letters/wishes"
    page = client.get(address)
    done = client.post(address, data=filled(page) | {"large_print": "yes", "by_post": "yes"}, follow_redirects=True)
    assert "In large print, on paper" in done.text
    again = a_letter(work, village["Ada"])
    assert (letter.goes, again.goes, again.large_print) == (Goes.PORTAL, Goes.POST, True)
    sent = work.session.scalars(select(OutgoingMessage.id).where(OutgoingMessage.template == "letter-written"))
    assert list(sent) == [told.id]


def test_an_officer_puts_down_how_a_parent_would_like_letters(village: Village, client_as: ClientAs) -> None:
    client = client_as(village.adviser)
    parent = village["Ben"].carers[0]
    address = f"/children/{village['Ben'].reference}/letters/wishes/{parent.reference}"
    done = client.post(address, data=filled(client.get(address)) | {"large_print": "yes"}, follow_redirects=True)
    assert "In large print" in done.text


def test_the_pile_is_printed_in_one_file_and_put_down_as_posted(
    village: Village, client_as: ClientAs, new_work: NewWork, work: Work
) -> None:
    village["Esi"].carers[0].address = "1 Bay Road, Poole, BH1 1AA"
    work.session.flush()
    officer = new_work(village.adviser)
    client = client_as(village.adviser)
    assert "will wait here" in client.get("/post").text
    assert client.get("/post/letters.pdf").status_code == 302
    cleo, ben = (a_letter(officer, village[name]) for name in ("Cleo", "Ben"))
    esi = a_letter(officer, village["Esi"], "welcome", {})
    page = client.get("/post")
    assert "3 letters wait" in page.text
    pile = client.get(f"/post/letters.pdf?last={esi.id}")
    reader = PdfReader(io.BytesIO(pile.data))
    assert len(reader.pages) % 2 == 0
    fronts = [reader.pages[number].extract_text() for number in range(0, len(reader.pages), 2)]
    firsts = [front for front in fronts if "Dear" in front]
    assert [
        "Dear Robin " + name in front for name, front in zip(("Fraser", "Carter", "Dunn"), firsts, strict=True)
    ] == [True] * 3
    assert not any("Dear" in reader.pages[number].extract_text() for number in range(1, len(reader.pages), 2))
    few = PdfReader(io.BytesIO(client.get(f"/post/letters.pdf?last={ben.id}").data))
    assert len(few.pages) == 4
    typed = filled(page) | TODAY
    typed["letters"] = [ben.reference, cleo.reference]
    late = client.post("/post", data=typed | {"posted_on-year": "2027"})
    assert "Enter a date that is not in the future" in late.text
    done = client.post("/post", data=typed, follow_redirects=True)
    assert "2 letters put down as posted." in done.text
    assert "1 letter waits" in done.text
    officer.session.expire_all()
    assert (ben.posted_on, esi.posted_on) == (date(2026, 3, 12), None)


def test_a_letter_that_cannot_be_opened_holds_the_pile_up_aloud(
    village: Village, client_as: ClientAs, new_work: NewWork
) -> None:
    work = new_work(village.adviser)
    letter = a_letter(work, village["Ben"])
    letter.sha256 = "0" * 64
    work.session.flush()
    client = client_as(village.adviser)
    held_up = client.get("/post/letters.pdf")
    assert held_up.status_code == 410
    assert letter.reference in held_up.text
    alone = client.get(f"/children/{village['Ben'].reference}/letters/{letter.reference}/letter.pdf")
    assert alone.status_code == 410
    assert b"%PDF" not in alone.data


def test_a_mistaken_confirmation_is_put_right_on_its_page(
    village: Village, client_as: ClientAs, new_work: NewWork
) -> None:
    work = new_work(village.adviser)
    ben, cleo = (a_letter(work, village[name]) for name in ("Ben", "Cleo"))
    batch = service.confirm_posted(work, [ben, cleo], date(2026, 3, 12))
    client = client_as(village.adviser)
    page = client.get(f"/post/confirmed/{batch}")
    nothing = client.post(f"/post/confirmed/{batch}", data=filled(page))
    assert "Select the letters for which it is wrong" in nothing.text
    typed = filled(page) | {"letters": ben.reference, "what": "not-posted"}
    done = client.post(f"/post/confirmed/{batch}", data=typed, follow_redirects=True)
    assert "Struck out as a mistake" in done.text
    work.session.expire_all()
    assert (ben.posted_on, cleo.posted_on) == (None, date(2026, 3, 12))
    assert len(work.session.scalars(select(LetterPosting)).all()) == 2
    assert "1 put right since" in client.get("/post").text
    history = client.get(f"/children/{village['Ben'].reference}/letters/{ben.reference}").text
    assert "Struck out as a mistake" in history


def test_a_letter_by_hand_is_put_down_as_handed_over(village: Village, client_as: ClientAs, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    (letter,) = service.write(work, "welcome", village["Ben"], village["Ben"].carers, {}, goes=Goes.HAND)
    client = client_as(village.adviser)
    assert "will wait here" in client.get("/post").text
    start = f"/children/{village['Ben'].reference}/letters/{letter.reference}"
    address = f"{start}/handed-over"
    assert address in client.get(start).text
    done = client.post(address, data=filled(client.get(address)) | TODAY, follow_redirects=True)
    assert "Handed over on 12 March 2026" in done.text


def test_an_administrator_words_a_letter_and_goes_back(village: Village, client_as: ClientAs, work: Work) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    assert "/settings/letters/contact-lapsed" in client.get("/settings/letters").text
    start = "/settings/letters/contact-lapsed"
    assert "17 March 2027" in client.get(start).text
    for size in ("", "?size=large"):
        assert "17 March 2027" in text_of(client.get(f"{start}/example.pdf{size}").data)
    page = client.get(f"{start}/change")
    lacking = client.post(f"{start}/change", data=filled(page) | {"body": "Hello.", "save": "x"})
    assert "Enter ((due on)) somewhere in the letter" in lacking.text
    strange = client.post(f"{start}/change", data=filled(page) | {"body": "((address))", "save": "x"})
    assert "((address)) is not one of them" in strange.text
    first = filled(page) | {"title": "About ((child))", "body": "# Hello\n\nBy ((due on)), ((answer by))."}
    looked = client.post(f"{start}/change", data=first | {"preview": "x"})
    assert "By 17 March 2027, 31 March 2027." in looked.text
    assert work.session.scalars(select(LetterWording)).all() == []
    client.post(f"{start}/change", data=first | {"save": "x"})
    late = client.post(f"{start}/change", data=first | {"title": "Late", "save": "x"})
    assert "was changed by someone else" in late.text
    second = filled(client.get(f"{start}/change")) | {"title": "Second", "save": "x"}
    client.post(f"{start}/change", data=second)
    token = {name: value for name, value in filled(client.get(start)).items() if name in ("csrf_token", "version")}
    back = client.post(f"{start}/restore?number=1", data=token | {"once": "a" * 20}, follow_redirects=True)
    assert "About Sam Carter" in back.text
    assert "Version 3" in back.text
    stale = client.post(f"{start}/restore?number=0", data=token | {"once": "b" * 20}, follow_redirects=True)
    assert "changed the wording meanwhile" in stale.text
    own = service.own_words(work, village.authority.id, service.kinds()["contact-lapsed"])
    assert (own.words.title, own.number) == ("About ((child))", 3)
    assert service.own_words(work, village.elsewhere.id, own.kind).is_original


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.HEAD_OF_SERVICE, Role.ADMINISTRATOR])
def test_who_may_not_write_or_post(village: Village, client_as: ClientAs, role: Role) -> None:
    client = client_as(village.staff[role])
    assert client.get("/post").status_code == 403
    assert client.get(f"/children/{village['Ben'].reference}/letters/new").status_code == 403
