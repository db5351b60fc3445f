"""A folder of hostile files, made from nothing, with what each is expected to get wherever evidence is taken."""

import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property, partial
from io import BytesIO

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, StreamObject, TextStringObject

from ehe_portal.core.files import Problem
from tests.core.clamds import EICAR
from tests.core.made_files import (
    DOCM_TYPE,
    MB,
    doc,
    docx,
    opendocument,
    pdf,
    photograph,
    pixel_flood,
    understated_zip_bomb,
    zip_bomb,
    zipped,
)
from tests.core.made_texts import altered, laughing, pictured, reaching_out, written

HTML = b"<!doctype html><html><body><script>alert(document.domain)</script></body></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


@dataclass(frozen=True)
class Hostile:
    """One file: what it is, the name it comes under, why evidence refuses it, and what a scanner finds in it.

    One without a `refused` is taken, and what is shown of it is made anew.
    """

    what: str
    name: str
    make: Callable[[], bytes]
    refused: Problem | None = None
    infected: bool = False
    drawn: bool = True

    @cached_property
    def content(self) -> bytes:
        """The file, made when it is first wanted: some take a while."""
        return self.make()


def with_script() -> bytes:
    """A PDF that runs a script when it is opened, and would start a program."""
    writer = PdfWriter(clone_from=BytesIO(pdf()))
    script = "app.alert('opened'); this.exportDataObject({cName: 'run.exe', nLaunch: 2});"
    action = {"/Type": NameObject("/Action"), "/S": NameObject("/JavaScript"), "/JS": TextStringObject(script)}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(
        {NameObject(name): value for name, value in action.items()}
    )
    writer.add_attachment("run.exe", b"MZ\x90" + bytes(100))
    out = BytesIO()
    writer.write(out)
    return out.getvalue() + b"\n%%EOF\n"


def unpacking_page(size: int) -> bytes:
    """A PDF with one page whose drawing unpacks to `size` bytes of spaces."""
    writer = PdfWriter(clone_from=BytesIO(pdf()))
    stream = StreamObject()
    packer = zlib.compressobj(9)
    stream._data = b"".join(packer.compress(b" " * MB) for _ in range(size // MB)) + packer.flush()
    stream[NameObject("/Filter")] = NameObject("/FlateDecode")
    writer.pages[0][NameObject("/Contents")] = writer._add_object(stream)
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def folder() -> Iterator[Hostile]:
    """Every one of them."""
    kind, macros, large = Problem.OTHER_KIND, Problem.MACROS, Problem.UNPACKS_TOO_LARGE
    yield Hostile("Word document of 300 MB of zeros", "plan.docx", zip_bomb, large)
    yield Hostile("the same, its list says 1 kB", "plan.docx", understated_zip_bomb, Problem.DAMAGED)
    nested = zipped({"a.zip": zipped({"b.zip": zipped({"c.zip": zipped({"deep.txt": b"0" * MB})})})})
    yield Hostile("archive in an archive in an archive", "work.zip", lambda: nested, kind)
    yield Hostile("the same, named a Word document", "work.docx", lambda: nested, kind)
    yield Hostile(
        "Word document with archives inside", "a.docx", lambda: altered(written("We"), {"word/media/a.zip": nested})
    )
    yield Hostile("Word document with an entity that is a billion", "a.docx", laughing, drawn=False)
    yield Hostile("Word document with an entity that is a file of ours", "a.docx", reaching_out, drawn=False)
    code = r"\#read(/etc/passwd) \#panic(ran) \#import @preview/x:1.0.0"
    yield Hostile("Word document that is code for what sets it", "a.docx", lambda: written(code))
    yield Hostile("OpenDocument text that is code for what sets it", "a.odt", lambda: written(code, "odt"))
    flood = pictured(pixel_flood(), "image/png")
    yield Hostile("Word document with 625 megapixels inside", "a.docx", lambda: written(flood))
    yield Hostile(
        "Word document with a member that leads out", "a.docx", lambda: docx({"../../evil": b"x"}), Problem.DAMAGED
    )
    yield Hostile("page of HTML, then a PDF", "both.pdf", lambda: HTML + b"\n" + pdf(), kind)
    yield Hostile("PDF, then a page of HTML", "both.pdf", lambda: pdf() + HTML)
    yield Hostile("PDF, then a ZIP", "both.pdf", lambda: pdf() + zipped({"run.exe": b"MZ\x90"}))
    yield Hostile("ZIP, then a PDF", "both.pdf", lambda: zipped({"run.exe": b"MZ\x90"}) + pdf(), kind)
    yield Hostile("photograph, then a ZIP", "both.jpg", lambda: photograph() + zipped({"run.exe": b"MZ\x90"}))
    yield Hostile("photograph, then a page of HTML", "both.jpg", lambda: photograph() + HTML)
    yield Hostile("Windows program named a PDF", "report.pdf", lambda: b"MZ\x90\0" + bytes(400), kind)
    yield Hostile("Linux program named a picture", "den.jpg", lambda: b"\x7fELF\2\1\1" + bytes(400), kind)
    yield Hostile("program with two endings", "report.pdf.exe", lambda: b"MZ\x90\0" + bytes(400), kind)
    yield Hostile("shell script named a Word document", "a.docx", lambda: b"#!/bin/sh\nrm -rf /\n", kind)
    yield Hostile("page of HTML named a PDF", "a.pdf", lambda: HTML, kind)
    yield Hostile("SVG with a script, named a picture", "leaf.png", lambda: SVG, kind)
    yield Hostile("Word document with macros", "a.docx", lambda: docx(main=DOCM_TYPE), macros)
    yield Hostile(
        "Word document with a hidden VBA project", "a.docx", lambda: docx({"word/vbaProject.bin": b"x"}), macros
    )
    older = doc({"WordDocument": b"\xec\xa5\xc1\0" + bytes(30), "Macros": b"x"})
    yield Hostile("older Word document with macros", "a.doc", lambda: older, macros)
    yield Hostile("OpenDocument text with macros", "a.odt", lambda: opendocument(extra={"Basic/a.xml": b"x"}), macros)
    yield Hostile("EICAR's test virus", "eicar.com", lambda: EICAR, kind)
    yield Hostile("the same, named a PDF", "eicar.pdf", lambda: EICAR, kind)
    inside = docx({"word/media/image1.bin": EICAR})
    yield Hostile("Word document with EICAR's inside", "a.docx", lambda: inside, infected=True)
    yield Hostile("PDF with EICAR's after its end", "a.pdf", lambda: pdf() + EICAR, infected=True)
    yield Hostile("PNG of 625 megapixels in 76 kB", "flood.png", pixel_flood, Problem.TOO_MANY_PIXELS)
    yield Hostile("PDF that runs a script and starts a program", "a.pdf", with_script)
    yield Hostile("PDF with a page of 300 MB of spaces", "a.pdf", partial(unpacking_page, 300 * MB), drawn=False)
    yield Hostile("PDF behind a password", "a.pdf", lambda: pdf(password="secret"), Problem.LOCKED)
    yield Hostile("nothing at all", "empty.pdf", lambda: b"", Problem.EMPTY)
