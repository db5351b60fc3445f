"""Pages of Word and OpenDocument texts: what they show, and that nothing hostile in one does anything."""

import re
import subprocess
import time
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops
from pypdf import PdfReader

from ehe_portal.core.files import Limits, NotShowable, page_for_viewing, pages_in, parent
from ehe_portal.core.files.formats import LARGEST_PICTURE as LARGEST
from ehe_portal.core.files.texts import MOST_PICTURES, NO_PICTURE, as_pdf
from tests.core.made_files import docx, opendocument, photograph, pixel_flood
from tests.core.made_texts import (
    altered,
    bodied,
    huge_table,
    laughing,
    nested,
    paragraph,
    pictured,
    reaching_out,
    written,
)

FORMS = ("docx", "odt")
YEAR = f"""---
title: Our year at home
author: Nell Ashworth
---

# Reading

We read *The Moomins* and **two** atlases.[^1]

| Day    | What   |
|--------|--------|
| Monday | Pond   |
| Friday | Violin |

- newts
- a heron

> A quiet one.
{pictured()}
`print("hello")` and $x + 1$, see [the club](https://club.example/x).

***

[^1]: From the library.
"""


def said(content: bytes, form: str) -> str:
    """The words on all pages, their spaces made one."""
    pages = PdfReader(BytesIO(as_pdf(content, form, LARGEST))).pages
    return " ".join(" ".join(page.extract_text() for page in pages).split())


# What is shown


@pytest.mark.parametrize("form", FORMS)
def test_words_and_pictures_are_shown(form: str) -> None:
    content = written(YEAR, form)
    words = said(content, form)
    for part in (
        "Our year at home", "Nell Ashworth", "Reading", "We read The Moomins and two atlases", "Monday Pond",
        "newts", "A quiet one.", 'print("hello")', "see the club.", "From the library.",
    ):  # fmt: skip
        assert part in words
    assert NO_PICTURE not in words
    page = page_for_viewing([content], 1)
    assert (page.width < page.height, page.height, pages_in([content])) == (True, 1600, 1)
    with Image.open(BytesIO(page.jpeg)) as shown:
        red, _, blue = shown.convert("RGB").split()
        much_redder, much_bluer = (
            ImageChops.subtract(one, other).point(lambda more: 255 * (more > 200)).getbbox()
            for one, other in ((red, blue), (blue, red))
        )
    assert much_redder is not None
    assert much_bluer is not None
    assert much_redder[2] <= much_bluer[0] + 2, "the picture is there, red on its left and blue on its right"
    assert b"Ashworth" not in page.jpeg


@pytest.mark.parametrize("form", FORMS)
def test_a_long_text_has_pages_and_a_long_table_goes_on_over_them(form: str) -> None:
    rows = "\n".join(f"| {number} | went well |" for number in range(150))
    content = written(f"| Day | How |\n|---|---|\n{rows}", form)
    assert pages_in([content]) > 2
    assert "149 went well" in said(content, form)
    assert page_for_viewing([content], 2).width > 0
    with pytest.raises(NotShowable):
        page_for_viewing([content], 99)


@pytest.mark.parametrize("form", FORMS)
def test_nothing_leads_anywhere(form: str) -> None:
    made = PdfReader(BytesIO(as_pdf(written(YEAR, form), form, LARGEST)))
    links = [one for page in made.pages for one in page.annotations or [] if "/URI" in str(one.get_object())]
    assert links == []


def test_a_picture_that_is_too_wide_is_made_to_fit() -> None:
    content = written(f"Before{pictured(wide='90cm')}after")
    page = page_for_viewing([content], 1)
    with Image.open(BytesIO(page.jpeg)) as shown:
        edge = shown.convert("RGB").crop((shown.width - 20, 0, shown.width, shown.height)).getcolors()
    assert edge == [(20 * page.height, (255, 255, 255))]


@pytest.mark.parametrize("content", [docx(), opendocument(), opendocument("spreadsheet")])
def test_what_holds_no_words_cannot_be_shown(content: bytes) -> None:
    with pytest.raises(NotShowable):
        page_for_viewing([content], 1)


# Hostile ones

PANIC = '#panic("ran")'
PLACES = (
    "{}", "# {}", "- {}", "> {}", "| a | b |\n|---|---|\n| {} | b |", "Words[^1].\n\n[^1]: {}", "*{}*", "[{}](https://x.example)",
)  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("place", PLACES)
def test_code_for_typst_stays_words(form: str, place: str) -> None:
    words = said(written(place.replace("{}", r"\#panic(ran)\[\#read(x)"), form), form)
    assert "#panic(ran)[#read(x)" in words


@settings(max_examples=40, deadline=None)
@given(
    st.text(alphabet="#[]()$*_`\\/<>@\"'={}~-+:%&;.,\u2028 \tab1\n", max_size=40), st.sampled_from("\"'[]`$/*{\\\n ")
)
def test_no_words_before_it_make_it_run(before: str, end: str) -> None:
    """Were the code run, typst would stop."""
    escaped = "".join(f"&#{ord(one)};" for one in before + end + PANIC)
    as_pdf(bodied(paragraph(escaped) + paragraph(escaped)), "docx", LARGEST)


def test_code_hidden_in_styles_and_formulas_stays_words() -> None:
    marked = f"```python\n{PANIC}\n```\n\n`{PANIC}` and $\\text{{{PANIC}}}$ and [x]{{custom-style='typst:{PANIC}'}}"
    for form in FORMS:
        assert "panic" in said(written(marked, form), form)


@pytest.mark.parametrize(
    "target", ["https://tracker.example/a.png", "file:///etc/passwd", "../../../../etc/passwd", "/etc/passwd", "/0"]
)
def test_a_picture_that_lies_elsewhere_is_not_fetched(target: str) -> None:
    content = written(pictured(), "odt")
    with zipfile.ZipFile(BytesIO(content)) as folder:
        inside = folder.read("content.xml")
    outside = re.sub(rb'xlink:href="Pictures/[^"]*"', f'xlink:href="{target}"'.encode(), inside)
    assert target.encode() in outside
    words = said(altered(content, {"content.xml": outside}), "odt")
    assert NO_PICTURE in words
    assert "root:" not in words


def test_a_picture_is_as_wide_as_it_was() -> None:
    content = written(pictured(wide="5cm"))
    page = page_for_viewing([content], 1)
    with Image.open(BytesIO(page.jpeg)) as shown:
        columns = shown.convert("L").point(lambda grey: 255 * (grey < 128)).getbbox()
    assert columns is not None
    assert abs((columns[2] - columns[0]) / page.width * 21 - 5) < 0.2


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "image/svg+xml"),
        (pixel_flood(), "image/png"),
        (photograph()[:200], "image/jpeg"),
        (b"MZ\x90\0", "image/png"),
    ],
    ids=["SVG", "pixels", "torn", "program"],
)
def test_a_picture_that_is_none_is_said(content: bytes, media_type: str) -> None:
    assert NO_PICTURE in said(written(f"Before{pictured(content, media_type)}after"), "docx")


def test_so_many_pictures_and_no_more() -> None:
    many = "".join(pictured(photograph(20 + number, 20)) for number in range(MOST_PICTURES + 3))
    assert said(written(many), "docx").count(NO_PICTURE) == 3


@pytest.mark.parametrize("make", [laughing, reaching_out, nested, huge_table])
def test_what_is_too_much_is_not_shown_and_ends_the_child_alone(make: object) -> None:
    assert callable(make)
    with pytest.raises(NotShowable):
        page_for_viewing([make()], 1, Limits(processor=2))
    assert page_for_viewing([written("Words")], 1).width > 0


def test_a_reader_that_takes_too_long_is_ended_with_the_child(monkeypatch: pytest.MonkeyPatch) -> None:
    groups: list[int] = []
    start = parent.start

    def noted(task: str, wanted: dict[str, float]) -> subprocess.Popen[bytes]:
        child = start(task, wanted)
        groups.append(child.pid)
        return child

    monkeypatch.setattr(parent, "start", noted)
    with pytest.raises(NotShowable):
        page_for_viewing([huge_table()], 1, Limits(waiting=1.5))
    assert still_running(groups[0]) == [], "nobody goes on reading"


def still_running(group: int) -> list[str]:
    """What runs in a group of processes, after a moment in which the system takes back its memory."""
    end, found = time.monotonic() + 2, [""]
    while found and time.monotonic() < end:
        time.sleep(0.05)
        asked = ["pgrep", "--pgroup", str(group), "--runstates", "R,S,D"]
        found = subprocess.run(asked, check=False, capture_output=True, text=True).stdout.split()
    return found
