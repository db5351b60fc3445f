"""What a file really is: good ones are taken, hostile ones end a child process and never the portal."""

import os
import resource
import secrets
import struct
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from ehe_portal.core import files
from ehe_portal.core.files import Kind, Limits, NotShowable, Problem, inspect
from tests.core import made_files as made

MB = 1024 * 1024
OOXML = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def problem_of(content: bytes, name: str, limits: Limits | None = None) -> str | None:
    """The one thing that is wrong with a file."""
    problems = inspect(BytesIO(content), name, limits).problems
    assert len(problems) <= 1
    return problems[0] if problems else None


# Files that are taken


@pytest.mark.parametrize(
    ("content", "name", "kind", "media_type"),
    [
        (made.pdf(), "essay.pdf", Kind.PDF, "application/pdf"),
        (made.pdf(owner="office"), "not for printing.pdf", Kind.PDF, "application/pdf"),
        (b"\xef\xbb\xbf" + made.pdf(), "with a mark before it.pdf", Kind.PDF, "application/pdf"),
        (made.doc(), "essay.doc", Kind.WORD, "application/msword"),
        (made.docx(), "essay.docx", Kind.WORD, OOXML),
        (made.docx({"word/media/image1.png": made.photograph(kind="PNG")}), "ESSAY.DOCX", Kind.WORD, OOXML),
        (made.opendocument(), "essay.odt", Kind.OPENDOCUMENT, "application/vnd.oasis.opendocument.text"),
        (
            made.opendocument("spreadsheet"),
            "sums.ods",
            Kind.OPENDOCUMENT,
            "application/vnd.oasis.opendocument.spreadsheet",
        ),
        (
            made.opendocument("presentation"),
            "talk.odp",
            Kind.OPENDOCUMENT,
            "application/vnd.oasis.opendocument.presentation",
        ),
        (made.photograph(), "garden.jpg", Kind.JPEG, "image/jpeg"),
        (made.photograph(), "garden.JPEG", Kind.JPEG, "image/jpeg"),
        (made.photograph(kind="PNG"), "garden.png", Kind.PNG, "image/png"),
        (made.photograph(kind="HEIF"), "IMG_0001.HEIC", Kind.HEIC, "image/heic"),
    ],
    ids=lambda value: value if isinstance(value, str) and "." in value else "",
)
def test_what_families_send_is_taken(content: bytes, name: str, kind: Kind, media_type: str) -> None:
    verdict = inspect(BytesIO(content), name)
    assert verdict.problems == ()
    assert verdict.fine
    assert (verdict.kind, verdict.media_type, verdict.safe_filename) == (kind, media_type, name)
    if kind in {Kind.JPEG, Kind.PNG, Kind.HEIC}:
        assert (verdict.width, verdict.height) == (60, 40)


def test_a_name_without_an_ending_gets_one() -> None:
    verdict = inspect(BytesIO(made.photograph()), "1000012345")
    assert (verdict.fine, verdict.safe_filename) == (True, "1000012345.jpg")
    assert inspect(BytesIO(made.pdf()), None).safe_filename == "file.pdf"


def test_a_path_a_stream_or_pieces(tmp_path: Path) -> None:
    content = made.docx()
    (tmp_path / "essay").write_bytes(content)
    pieces = [content[:7], b"", content[7:]]
    for source in (tmp_path / "essay", BytesIO(content), pieces, iter(pieces)):
        assert inspect(source, "essay.docx").kind is Kind.WORD


# Files that are not


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"We read every morning.", "essay.txt"),
        (b"<html><script>alert(1)</script>", "essay.html"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "drawing.svg"),
        (b"GIF89a" + bytes(40), "cat.gif"),
        (b"MZ" + bytes(4000), "setup.exe"),
        (b"{\\rtf1 words}", "letter.doc"),
        (b"#!/bin/sh\n", "essay.pdf"),
        (made.zipped({"readme.txt": "words"}), "things.zip"),
        (made.zipped({"xl/workbook.xml": "<x/>", "[Content_Types].xml": "<x/>"}), "sums.xlsx"),
        (made.zipped({"mimetype": "application/epub+zip"}), "book.epub"),
        (made.opendocument("text-template"), "letter.ott"),
        (made.doc({"Workbook": b"numbers"}), "sums.xls"),
        (b"PK\x03\x04" + secrets.token_bytes(3000), "essay.docx"),
        (struct.pack(">I", 24) + b"ftypavif\0\0\0\0mif1avif" + bytes(50), "picture.heic"),
        (b"\0", "nothing.pdf"),
        (secrets.token_bytes(70_000), "essay.pdf"),
        (b"\n" * 300 + made.pdf(), "late.pdf"),
        (b"MZ" + made.docx(), "essay.docx"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_other_kinds_are_refused(content: bytes, name: str) -> None:
    assert problem_of(content, name) == Problem.OTHER_KIND.value


@pytest.mark.parametrize(
    ("content", "name", "kept"),
    [
        (made.photograph(), "IMG_0001.HEIC", "IMG_0001.jpg"),
        (made.photograph(), "at the zoo.JPEG", "at the zoo.JPEG"),
        (made.photograph(), "our.plan", "our.plan.jpg"),
        (made.photograph(kind="PNG"), "a.JPG", "a.png"),
        (made.pdf(), "essay.docx", "essay.pdf"),
        (made.docx(), "essay.doc", "essay.docx"),
        (made.doc(), "essay.docx", "essay.doc"),
        (made.pdf(), "essay.pdf.exe", "essay.pdf.exe.pdf"),
    ],
)
def test_a_name_that_promises_something_else_is_put_right(content: bytes, name: str, kept: str) -> None:
    verdict = inspect(BytesIO(content), name)
    assert (verdict.problems, verdict.safe_filename) == ((), kept)


def test_an_empty_file_is_told() -> None:
    for nothing in (BytesIO(), [], [b"", b""]):
        assert inspect(nothing, "essay.pdf").problems == (Problem.EMPTY,)


def test_a_file_too_large_is_told_without_reading_on() -> None:
    given_out = 0

    def pieces() -> Iterator[bytes]:
        nonlocal given_out
        while True:
            given_out += MB
            yield bytes(MB)

    assert inspect(pieces(), "film.pdf", Limits(file=50 * MB)).problems == (
        "The selected file must be smaller than 500 MB",
    )
    assert given_out == 51 * MB


def test_exactly_fifty_megabytes_are_taken() -> None:
    content = made.photograph()
    assert problem_of(content.ljust(50 * MB, b"\0"), "garden.jpg") is None


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (made.pdf("secret"), "essay.pdf"),
        (made.doc({"EncryptedPackage": b"x", "EncryptionInfo": b"x"}), "essay.docx"),
        (made.doc(flags=0x0100), "essay.doc"),
        (made.opendocument(manifest="<m:manifest><m:encryption-data/></m:manifest>"), "essay.odt"),
    ],
    ids=["pdf", "docx", "doc", "odt"],
)
def test_a_file_behind_a_password_is_told(content: bytes, name: str) -> None:
    assert problem_of(content, name) == Problem.LOCKED


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (made.docx({"word/vbaProject.bin": b"x"}), "essay.docx"),
        (made.docx({"word/VBAPROJECT.BIN": b"x"}), "essay.docx"),
        (made.docx(main=made.DOCM_TYPE), "essay.docx"),
        (made.doc({"WordDocument": bytes(12), "Macros": b"x"}), "essay.doc"),
        (made.opendocument(extra={"Basic/Standard/Module1.xml": "<x/>"}), "essay.odt"),
        (made.opendocument(extra={"Scripts/python/run.py": "x"}), "essay.odt"),
    ],
    ids=["docx", "docx in capitals", "docm", "doc", "odt basic", "odt python"],
)
def test_macros_are_told(content: bytes, name: str) -> None:
    problem = problem_of(content, name)
    assert problem == Problem.MACROS
    assert "contains macros" in problem


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (made.pdf()[:-60], "essay.pdf"),
        (b"%PDF-1.7\n" + bytes(500) + b"\n%%EOF", "essay.pdf"),
        (made.docx()[:-30], "essay.docx"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + secrets.token_bytes(3000), "essay.doc"),
        (made.docx({"../../etc/cron.d/x": "x"}), "essay.docx"),
        (made.docx({"/etc/passwd": "x"}), "essay.docx"),
        (made.photograph(400, 400)[:-900], "garden.jpg"),
        (made.photograph(400, 400, "PNG")[:-90], "garden.png"),
        (made.photograph(400, 400, "HEIF")[:-90], "garden.heic"),
        (b"\xff\xd8\xff" + bytes(200), "garden.jpg"),
    ],
    ids=[
        "pdf cut",
        "pdf hollow",
        "docx cut",
        "doc chance",
        "leads out",
        "leads to root",
        "jpeg",
        "png",
        "heic",
        "no",
    ],
)
def test_what_cannot_be_opened_is_told(content: bytes, name: str) -> None:
    assert problem_of(content, name) in {Problem.DAMAGED, Problem.OTHER_KIND}


def test_changed_words_in_a_zip_are_noticed() -> None:
    stored = BytesIO()
    with zipfile.ZipFile(stored, "w") as folder, zipfile.ZipFile(BytesIO(made.docx())) as original:
        for name in original.namelist():
            folder.writestr(name, original.read(name))
    assert problem_of(stored.getvalue(), "essay.docx") is None
    assert problem_of(stored.getvalue().replace(b"morning", b"evening"), "essay.docx") == Problem.DAMAGED


# Files that mean harm


def test_a_zip_bomb_is_refused() -> None:
    bomb = made.zip_bomb()
    assert len(bomb) < 400_000
    assert problem_of(bomb, "essay.docx") == Problem.UNPACKS_TOO_LARGE
    assert problem_of(made.zip_bomb(30 * MB), "essay.docx") == Problem.UNPACKS_TOO_LARGE


def test_a_zip_bomb_that_lies_about_its_size_is_refused() -> None:
    assert problem_of(made.understated_zip_bomb(), "essay.docx") in {Problem.DAMAGED, Problem.UNPACKS_TOO_LARGE}


def test_a_zip_of_very_many_members_is_refused() -> None:
    many = made.docx({f"word/media/{number}.png": b"" for number in range(2_100)})
    assert problem_of(many, "essay.docx") == Problem.UNPACKS_TOO_LARGE


def test_a_flood_of_pixels_is_refused_before_it_is_unpacked() -> None:
    flood = made.pixel_flood()
    assert len(flood) < 80_000
    verdict = inspect(BytesIO(flood), "dots.png")
    assert verdict.problems == (Problem.TOO_MANY_PIXELS,)
    with pytest.raises(NotShowable):
        files.picture_for_viewing(BytesIO(flood))


def test_a_picture_as_large_as_may_be_is_opened() -> None:
    out = BytesIO()
    Image.new("RGBA", (10_900, 10_900), (1, 2, 3, 128)).save(out, "PNG", compress_level=1)
    assert problem_of(out.getvalue(), "large.png") is None
    shown = files.picture_for_viewing(BytesIO(out.getvalue()))
    assert (shown.width, shown.height) == (2000, 2000)


def test_memory_eaten_up_ends_the_child_and_not_the_portal() -> None:
    little = Limits(pixels=10**9, memory=300 * MB)
    flood = made.pixel_flood(20_000)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    assert problem_of(flood, "large.png", little) == Problem.UNPACKS_TOO_LARGE
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60 * 1024
    assert problem_of(made.photograph(), "garden.jpg", little) is None


def test_a_hang_is_ended() -> None:
    content = made.photograph(kind="PNG")
    assert problem_of(content, "garden.png", Limits(waiting=0.02)) == Problem.UNPACKS_TOO_LARGE


def test_too_much_processor_is_ended() -> None:
    limits = Limits(pixels=10**10, memory=8_000 * MB, processor=1)
    assert problem_of(made.pixel_flood(40_000), "dots.png", limits) == Problem.UNPACKS_TOO_LARGE


def test_a_child_that_cannot_start_refuses_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    assert problem_of(made.pdf(), "essay.pdf") == Problem.DAMAGED


def test_the_child_knows_no_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VAULT_KEY", "made-up")
    spy = tmp_path / "spy"
    seen = tmp_path / "seen"
    spy.write_text(f'#!/bin/sh\nenv > {seen}\nexec {sys.executable} "$@"\n')
    spy.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(spy))
    assert problem_of(made.pdf(), "essay of Nell Ashworth.pdf") is None
    assert "VAULT_KEY" not in seen.read_text()


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(["pdf", "docx", "doc", "odt", "jpg", "png", "heic"]), st.data())
def test_a_spoilt_file_gets_an_answer(sort: str, data: st.DataObject) -> None:
    content = bytearray(
        {
            "pdf": made.pdf(),
            "docx": made.docx(),
            "doc": made.doc(),
            "odt": made.opendocument(),
            "jpg": made.photograph(),
            "png": made.photograph(kind="PNG"),
            "heic": made.photograph(kind="HEIF"),
        }[sort]
    )
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    verdict = inspect(BytesIO(bytes(content)), f"spoilt.{sort}")
    assert verdict.fine or verdict.problems[0].startswith("The selected file ")


# Words


def test_one_file_among_several_is_called_by_its_name() -> None:
    assert files.about(Problem.EMPTY, "essay.pdf") == "‘essay.pdf’ is empty"
    assert files.about(Problem.TOO_LARGE, "a.pdf") == "‘a.pdf’ must be smaller than 500 MB"


def test_every_message_speaks_of_the_file() -> None:
    assert all(problem.value.startswith("The selected file ") for problem in Problem)
    assert os.linesep not in "".join(problem.value for problem in Problem)
