"""Word and OpenDocument texts set as a PDF, of which pages can be drawn. Runs only in the child process.

Pandoc reads the words, in a sandbox of its own and within the child's limits; all that it found besides words, their
shape and pictures is dropped here (links, names, raw code, formulas as they would be set); typst sets what is left.
Pictures are made anew as any others are. Nothing is written to disk: pandoc gets the words through a pipe, typst gets
text. It looks otherwise than in the program it was written with, which the page that shows it says.
"""

import base64
import json
import posixpath
import re
import subprocess
import zipfile
import zlib
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import Any

import typst

from ehe_portal.core.files import documents, pictures
from ehe_portal.core.files.formats import PICTURES

MOST_WORDS = 32 * 1024 * 1024
MOST_READ = 16 * 1024 * 1024
MOST_PICTURES = 40
MOST_HEAP = "-M700m"
LONGEST_SIDE = 1000
WIDEST, HIGHEST = 481, 640  # points, of a picture on the page
POINTS = {"in": 72.0, "cm": 28.35, "mm": 2.835, "pt": 1.0, "px": 0.75}
PIECE = 1024 * 1024
NO_PICTURE = "[a picture that cannot be shown here]"
NOTHING: list[Any] = ["", [], []]

PREAMBLE = """#set document(title: "Page pictures")
#set page(paper: "a4", margin: 2cm)
#set text(size: 11pt)
#set par(justify: false)
#set table(inset: 5pt, stroke: 0.5pt)
#show table: set align(start)
#set figure(numbering: none)
#show figure: set block(breakable: true)
#show figure.caption: it => it.body
#let horizontalrule = line(length: 100%, stroke: 0.5pt)
#let picture(name, wide) = layout(size => image(
  bytes(sys.inputs.at(name)), format: "svg", width: calc.min(wide, size.width),
))

"""
PICTURE = """<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">
<image width="{width}" height="{height}" href="data:image/jpeg;base64,{data}"/></svg>"""


class NotSet(Exception):
    """Nothing can be set of this text."""


def as_pdf(content: bytes, form: str, most_pixels: int) -> bytes:
    """A text that was looked at before, as a PDF of its words and pictures. Raises `NotSet`."""
    with zipfile.ZipFile(BytesIO(content)) as folder:
        try:
            read = json.loads(pandoc(words_alone(folder), form, "json"))
            cleaning = Cleaning(folder, most_pixels)
            blocks = [*opening_of(read["meta"]), *read["blocks"]]
            clean = {**read, "meta": {}, "blocks": cleaning.cleaned(blocks)}
            words = pandoc(json.dumps(clean).encode(), "json", "typst")
        except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, LookupError, TypeError, RecursionError):
            raise NotSet from None
    # The only files that typst could reach are this process's own pipes.
    compiler = typst.Compiler(
        PREAMBLE.encode() + words, root="/dev/fd", ignore_system_fonts=True, sys_inputs=cleaning.made
    )
    try:
        made = compiler.compile(format="pdf", pdf_tags=False)
    except RuntimeError:
        raise NotSet from None
    if not isinstance(made, bytes):
        raise NotSet
    return made


def words_alone(folder: zipfile.ZipFile) -> bytes:
    """The same folder with what holds words; all else, pictures too, is there by name and empty."""
    left, out = MOST_WORDS, BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as kept:
        for name in folder.namelist():
            words = b""
            if name.endswith((".xml", ".rels")) or name == "mimetype":
                with folder.open(name) as member:
                    words = member.read(left + 1)
            left -= len(words)
            if left < 0:
                raise NotSet
            kept.writestr(name, words)
    return out.getvalue()


def pandoc(content: bytes, come: str, go: str) -> bytes:
    """What pandoc makes of a content: at most `MOST_READ` bytes of it. Raises `NotSet`."""
    command = [program(), "+RTS", MOST_HEAP, "-RTS", "--sandbox", f"--from={come}", f"--to={go}", "--wrap=none"]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, env={"LANG": "C.UTF-8"}
    ) as reader:
        try:
            said, _ = reader.communicate(content)
        finally:
            reader.kill()
    if reader.returncode or len(said) > MOST_READ:
        raise NotSet
    return said


def program() -> str:
    """The pandoc that comes with the library of this name: no other that the machine may have."""
    found = find_spec("pypandoc")
    if found is None or found.origin is None:
        raise NotSet
    return str(Path(found.origin).parent / "files" / "pandoc")


def opening_of(meta: dict[str, Any]) -> list[Any]:
    """Title and the like, which pandoc sets apart, as the first lines."""
    said = [(name, inlines) for name in ("title", "subtitle", "author", "date") for inlines in lines_of(meta.get(name))]
    return [
        {"t": "Header", "c": [1, NOTHING, words]} if name == "title" else {"t": "Para", "c": words}
        for name, words in said
    ] + ([*meta["abstract"]["c"]] if meta.get("abstract", {}).get("t") == "MetaBlocks" else [])


def lines_of(value: Any) -> list[Any]:
    """The lines of one such value."""
    if not value:
        return []
    if value["t"] == "MetaList":
        return [line for one in value["c"] for line in lines_of(one)]
    return [value["c"]] if value["t"] == "MetaInlines" else []


class Cleaning:
    """Goes through what pandoc read and keeps words, their shape and pictures; `made` holds the pictures by name."""

    def __init__(self, folder: zipfile.ZipFile, most_pixels: int) -> None:
        self.folder, self.most_pixels = folder, most_pixels
        self.made: dict[str, str] = {}
        self.sizes: dict[str, tuple[int, int] | None] = {}

    def cleaned(self, part: Any) -> Any:
        """One part of the text, and all within it."""
        if isinstance(part, list):
            if is_attributes(part):
                return NOTHING
            return [self.cleaned(one) for one in part if not is_raw(one)]
        if not isinstance(part, dict):
            return part
        kind: Any = part.get("t")
        held: Any = part.get("c")
        if kind == "Image":
            return self.picture(*held)
        if kind == "Link":
            return {"t": "Span", "c": [NOTHING, self.cleaned(held[1])]}
        if kind == "Math":
            return {"t": "Code", "c": [NOTHING, held[1]]}
        return {"t": kind} if held is None else {"t": kind, "c": self.cleaned(held)}

    def picture(self, attributes: list[Any], _words: list[Any], target: list[str]) -> dict[str, Any]:
        """A picture of the document made anew, or words that say that there was one."""
        name = self.member(target[0])
        size = None if name is None else self.made_anew(name)
        if name is None or size is None:
            return {"t": "Emph", "c": [{"t": "Str", "c": NO_PICTURE}]}
        wide = in_points(dict(attributes[2]).get("width", "")) or size[0] * POINTS["px"]
        wide = max(1.0, min(wide, WIDEST, HIGHEST * size[0] / size[1]))
        number = list(self.sizes).index(name)
        return {"t": "RawInline", "c": ["typst", f'#picture("{number}", {wide:.1f}pt)']}

    def member(self, target: str) -> str | None:
        """Which member of the folder a picture is; None for one that lies elsewhere."""
        plain = posixpath.normpath(target).lstrip("/")
        names = self.folder.NameToInfo
        return next((name for name in (f"word/{plain}", plain) if name in names), None)

    def made_anew(self, name: str) -> tuple[int, int] | None:
        """Make a member anew, once; its measures, or None where it is no picture or one too many."""
        if name not in self.sizes:
            number = str(len(self.sizes))
            self.sizes[name] = None
            if len(self.made) < MOST_PICTURES:
                content = self.folder.read(name)
                form = documents.form_of(content)
                if form in PICTURES and not pictures.look_at(BytesIO(content), form, self.most_pixels)[0]:
                    jpeg, width, height = pictures.made_anew(BytesIO(content), form, LONGEST_SIDE)
                    data = base64.b64encode(jpeg).decode()
                    self.made[number] = PICTURE.format(width=width, height=height, data=data)
                    self.sizes[name] = width, height
        return self.sizes[name]


def is_raw(part: Any) -> bool:
    """Whether a part is code for some program that sets text."""
    return isinstance(part, dict) and part.get("t") in {"RawBlock", "RawInline"}


def is_attributes(part: list[Any]) -> bool:
    """Whether this is a name, classes, and values that pandoc hands on to whoever sets the text."""
    return len(part) == 3 and isinstance(part[0], str) and isinstance(part[1], list) and isinstance(part[2], list)


def in_points(measure: str) -> float | None:
    """A measure such as `2.5in`, in points; None for one that is none."""
    found = re.fullmatch(r"([0-9.]{1,24})(in|cm|mm|pt|px)", measure)
    try:
        return float(found[1]) * POINTS[found[2]] if found else None
    except ValueError:
        return None
