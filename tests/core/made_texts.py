"""Word and OpenDocument texts as word processors make them, and hostile ones with a member put in place of another."""

import base64
import subprocess
import zipfile
from collections.abc import Mapping
from io import BytesIO
from itertools import pairwise

from ehe_portal.core.files.texts import program
from tests.core.made_files import photograph

WORDS = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SHEET = "word/document.xml"


def written(markdown: str, form: str = "docx") -> bytes:
    """A text with these words, as `docx` or `odt`."""
    command = [program(), "--from=markdown+hard_line_breaks", f"--to={form}", "--output=-"]
    return subprocess.run(command, input=markdown.encode(), capture_output=True, check=True).stdout


def pictured(content: bytes | None = None, media_type: str = "image/jpeg", wide: str = "5cm") -> str:
    """Markdown of a picture that becomes part of the text."""
    data = base64.b64encode(photograph(600, 400) if content is None else content).decode()
    return f"\n\n![A den](data:{media_type};base64,{data}){{width={wide}}}\n\n"


def altered(content: bytes, members: Mapping[str, bytes]) -> bytes:
    """The same, with these members instead of its own, or besides."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), *members]):
            new.writestr(name, members[name] if name in members else old.read(name))
    return out.getvalue()


def bodied(body: str, before: str = "") -> bytes:
    """A Word document whose XML has this body; `before` comes before its first element."""
    sheet = f'<?xml version="1.0"?>{before}<w:document xmlns:w="{WORDS}"><w:body>{body}</w:body></w:document>'
    return altered(written("Words"), {SHEET: sheet.encode()})


def paragraph(words: str) -> str:
    """XML of a paragraph."""
    return f"<w:p><w:r><w:t>{words}</w:t></w:r></w:p>"


def laughing() -> bytes:
    """An entity that stands for ten of another, and so on, until it is a billion."""
    names = [f"a{number}" for number in range(10)]
    tens = [(new, f"&{old};" * 10) for old, new in pairwise(names)]
    inner = "".join(f'<!ENTITY {new} "{ten}">' for new, ten in tens)
    return bodied(paragraph("&a9;"), f'<!DOCTYPE x [<!ENTITY a0 "ha">{inner}]>')


def reaching_out() -> bytes:
    """An entity that stands for a file of the machine."""
    return bodied(paragraph("&x;"), '<!DOCTYPE x [<!ENTITY x SYSTEM "file:///etc/passwd">]>')


def nested(depth: int = 20_000) -> bytes:
    """Tables within tables."""
    cell = "<w:tbl><w:tr><w:tc>"
    return bodied(cell * depth + paragraph("deep") + "</w:tc></w:tr></w:tbl>" * depth)


def huge_table(rows: int = 40_000) -> bytes:
    """A table of ten times so many cells, which packs into little."""
    cell = f"<w:tc>{paragraph('x')}</w:tc>"
    return bodied(f"<w:tbl>{f'<w:tr>{cell * 10}</w:tr>' * rows}</w:tbl>")
