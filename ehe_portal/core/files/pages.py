"""Pages of PDFs, drawn by typst, which runs nothing that a PDF asks for. Runs only in the child process."""

import os
import threading
from contextlib import suppress
from io import BytesIO

import typst
from PIL import Image
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ehe_portal.core.files.pictures import QUALITY

SHORT, LONG = 595, 842  # A4, in points: each page is drawn as large as fits on it
POINTS_OF_AN_INCH = 72
SHEET = """#set page(width: {width}pt, height: {height}pt, margin: 0pt, fill: white)
#image("/{number}", format: "pdf", page: {page}, width: 100%, height: 100%, fit: "contain")
"""


class NotDrawn(Exception):
    """The page is not there, or cannot be drawn."""


def count(content: bytes) -> int:
    """How many pages a PDF has that was looked at before."""
    return len(PdfReader(BytesIO(content)).pages)


def drawn(content: bytes, page: int, longest_side: int) -> tuple[bytes, int, int]:
    """A JPEG of a page, counted from 1, the longer side of its sheet `longest_side` pixels; its width and height.

    Raises `NotDrawn`.
    """
    width, height = (LONG, SHORT) if lies_across(content, page) else (SHORT, LONG)
    # Typst takes files from a folder only: it gets this one through a pipe, so that nothing is written to disk.
    coming, going = os.pipe()
    threading.Thread(target=pour, args=(going, content), daemon=True).start()
    sheet = SHEET.format(width=width, height=height, number=coming, page=page)
    try:
        compiler = typst.Compiler(sheet.encode(), root="/dev/fd", ignore_system_fonts=True)
        png = compiler.compile(format="png", ppi=longest_side * POINTS_OF_AN_INCH / LONG)
    except RuntimeError:
        raise NotDrawn from None
    finally:
        os.close(coming)
    if not isinstance(png, bytes):
        raise NotDrawn
    with Image.open(BytesIO(png), formats=["PNG"]) as picture:
        clean = picture.convert("RGB")
    out = BytesIO()
    clean.save(out, "JPEG", quality=QUALITY)
    return out.getvalue(), clean.width, clean.height


def lies_across(content: bytes, page: int) -> bool:
    """Whether a page is wider than it is high, as it is shown. Raises `NotDrawn`."""
    try:
        pages = PdfReader(BytesIO(content)).pages
        if not 1 <= page <= len(pages):
            raise NotDrawn
        box, turned = pages[page - 1].cropbox, pages[page - 1].rotation % 180 != 0
        return bool((box.width > box.height) != turned)
    except (PyPdfError, ValueError, TypeError):
        raise NotDrawn from None


def pour(into: int, content: bytes) -> None:
    """Give a content to whoever reads at the other end, who may hang up."""
    with suppress(OSError), open(into, "wb") as pipe:
        pipe.write(content)
