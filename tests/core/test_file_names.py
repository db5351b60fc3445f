"""Names of files, made safe to show, to send in a header and to save again."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from ehe_portal.core.files import content_disposition, safe_filename


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("essay.pdf", "essay.pdf"),
        ("Ein schöner Aufsatz.pdf", "Ein schöner Aufsatz.pdf"),
        ("دفتر.pdf", "دفتر.pdf"),
        ("🎨 painting 👩‍👧.jpg", "🎨 painting 👩‍👧.jpg"),
        ("C:\\Users\\Nell\\essay.pdf", "essay.pdf"),
        ("../../etc/passwd", "passwd"),
        ("/etc/", "file"),
        ("a\0b\r\nSet-Cookie: x.pdf", "ab Set-Cookie- x.pdf"),
        ("essay\u202efdp.exe", "essayfdp.exe"),
        ("\u2066essay\u2069\ufeff.pdf", "essay.pdf"),
        ('es"sa;y<script>.pdf', "es-sa-y-script-.pdf"),
        ("  . essay .pdf ", "essay.pdf"),
        (".htaccess", "htaccess"),
        ("..", "file"),
        ("", "file"),
        (None, "file"),
        ("CON.pdf", "_CON.pdf"),
        ("nul", "_nul"),
        ("console.pdf", "console.pdf"),
        ("e\u0301ssay.pdf", "éssay.pdf"),
        ("two\u00a0 words\t.pdf", "two words.pdf"),
    ],
)
def test_names_are_made_safe(name: str | None, safe: str) -> None:
    assert safe_filename(name) == safe


@pytest.mark.parametrize("name", ["w" * 300 + ".pdf", "🎨" * 300 + ".pdf", "ш" * 149 + ".pdf"])
def test_long_names_are_cut_and_keep_their_ending(name: str) -> None:
    safe = safe_filename(name)
    assert len(safe.encode()) <= 150
    assert safe.endswith(".pdf")
    assert name.startswith(safe.removesuffix(".pdf"))


@given(st.text(max_size=400), st.sampled_from([(), ("pdf",), ("jpg", "jpeg")]))
@example("\u202e", ("pdf",))
@example(". " * 200, ())
@example("a" * 140 + "." + "🎨" * 20, ("pdf",))
@example("essay.pdf.heic", ("jpg", "jpeg"))
def test_any_name_at_all(name: str, endings: tuple[str, ...]) -> None:
    safe = safe_filename(name, endings)
    assert safe
    assert len(safe.encode()) <= 155
    assert not set('/\\\0\r\n"<>:|?*') & set(safe)
    assert safe == safe.strip(" .")
    assert safe_filename(safe, endings) == safe
    assert not endings or safe.lower().endswith(endings)
    header = content_disposition(name)
    assert header.isascii()
    assert header.isprintable()
    sort, options = parse_options_header(header)
    assert sort == "attachment"
    assert options["filename"] == safe_filename(name)
