"""What families send is what it says it is, and the same each time."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from io import BytesIO

import pytest
from PIL import Image
from pypdf import PdfReader

from ehe_portal.core.files import inspect
from ehe_portal.core.files.texts import as_pdf
from ehe_portal.core.settings import ROOT
from ehe_portal.demo.papers import Learner, Paper, Press
from ehe_portal.demo.pictures import Sketchbook

LEARNER = Learner("Zoë", 5, "Siobhán O'Brien", date(2026, 11, 2))
Draw = Callable[[int], Paper]

PAPERS: dict[str, Draw] = {
    "report": lambda seed: Press(ROOT / "templates" / "demo", random.Random(seed)).report(LEARNER),
    "reading log": lambda seed: Press(ROOT / "templates" / "demo", random.Random(seed)).reading_log(LEARNER),
    "timetable": lambda seed: Press(ROOT / "templates" / "demo", random.Random(seed)).timetable(LEARNER),
}
TEXTS: dict[str, Draw] = {"docx": lambda seed: diary(seed, "docx"), "odt": lambda seed: diary(seed, "odt")}
PICTURES: dict[str, Draw] = {
    "sums": lambda seed: Sketchbook(random.Random(seed)).sums(),
    "leaves": lambda seed: Sketchbook(random.Random(seed)).leaves(),
    "map": lambda seed: Sketchbook(random.Random(seed)).painted_map(),
}


def diary(seed: int, form: str) -> Paper:
    return Press(ROOT, random.Random(seed)).diary(replace(LEARNER, year_group=seed + 1), form)


@pytest.mark.parametrize("name", PAPERS)
def test_a_pdf_opens_and_says_what_it_is_about(name: str) -> None:
    paper = PAPERS[name](1)
    reader = PdfReader(BytesIO(paper.content))
    words = "".join(page.extract_text() for page in reader.pages)
    assert "Zoë" in words
    assert reader.metadata is not None
    assert reader.metadata.title
    assert paper.filename.endswith("Zoë.pdf")


@pytest.mark.parametrize("form", TEXTS)
def test_a_text_can_be_looked_at(form: str) -> None:
    paper = TEXTS[form](4)
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(as_pdf(paper.content, form, 1))).pages)
    for said in ("Zoë’s term", "2 November 2026", "Siobhán O’Brien", "A week", "Mathematics"):
        assert said in words


def test_a_report_speaks_of_each_subject() -> None:
    words = "".join(page.extract_text() for page in PdfReader(BytesIO(PAPERS["report"](2).content)).pages)
    for said in ("2 November 2026", "Siobhán O'Brien", "English", "Mathematics", "Science and nature"):
        assert said in words


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_a_picture_of_a_plausible_size(name: str) -> None:
    paper = PICTURES[name](1)
    with Image.open(BytesIO(paper.content)) as picture:
        picture.load()
        assert min(picture.size) >= 1000
        assert len(picture.convert("RGB").getcolors(2_000_000) or []) > 100
    assert 100_000 < len(paper.content) < 3_000_000


@pytest.mark.parametrize("name", [*PAPERS, *TEXTS, *PICTURES])
def test_the_portal_takes_it_for_what_it_says(name: str) -> None:
    paper = (PAPERS | TEXTS | PICTURES)[name](3)
    verdict = inspect([paper.content], paper.filename)
    assert verdict.fine
    assert verdict.media_type == paper.media_type
    assert verdict.safe_filename == paper.filename


@pytest.mark.parametrize("name", [*PAPERS, *TEXTS, *PICTURES])
def test_the_same_seed_gives_the_same_bytes(name: str) -> None:
    draw = (PAPERS | TEXTS | PICTURES)[name]
    assert draw(5) == draw(5)
    assert len({draw(seed).content for seed in range(4)}) > 1
