"""Documents, and telling formats apart by content. Runs only in the child process."""

import re
import zipfile
import zlib
from io import BytesIO

import filetype
import olefile
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from ehe_portal.core.files.formats import FORMATS, Problem

LOOKED_AT = 8192
MOST_MEMBERS = 2_000
MOST_UNPACKED = 250 * 1024 * 1024
MOST_RATIO = 100
RATIO_MATTERS_FROM = 20 * 1024 * 1024
PIECE = 1024 * 1024

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ZIP = b"PK\x03\x04"
CONTENT_TYPES = "[Content_Types].xml"
WORD_MAIN = re.compile(rb"wordprocessingml\.document\.main\+xml|ms-word\.document\.macroEnabled\.main\+xml")
HEIC_BRANDS = {b"heic", b"heix", b"heim", b"heis"}
ODF_FORMS = {FORMATS[form].media_type: form for form in ("odt", "ods", "odp")}
ENCRYPTED_MEMBER = 0x1
ENCRYPTED_WORD = 0x0100


def form_of(content: bytes) -> str | None:
    """The format that the content has, whatever its name says: a key of `FORMATS`, or None."""
    if content.startswith(OLE):
        return ole_form(content)
    if content.startswith(ZIP):
        return zip_form(content)
    if content[4:8] == b"ftyp" and content[8:12] in HEIC_BRANDS:
        return "heic"
    guessed = filetype.guess(content[:LOOKED_AT])
    for form in ("pdf", "jpeg", "png", "heic"):
        if guessed is not None and guessed.mime == FORMATS[form].media_type:
            return form
    return None


def look_at(content: bytes, form: str) -> Problem | None:
    """The first thing that is wrong with a document of this format."""
    if form == "pdf":
        return pdf_problem(content)
    return ole_problem(content) if content.startswith(OLE) else zip_problem(content, form)


def ole_form(content: bytes) -> str | None:
    """Older Word documents, and newer ones behind a password, which come in the same wrapping."""
    try:
        with olefile.OleFileIO(BytesIO(content)) as wrapping:
            if wrapping.exists("WordDocument"):
                return "doc"
            return "docx" if wrapping.exists("EncryptedPackage") else None
    except OSError:
        return None


def ole_problem(content: bytes) -> Problem | None:
    with olefile.OleFileIO(BytesIO(content)) as wrapping:
        if wrapping.exists("EncryptedPackage"):
            return Problem.LOCKED
        if any(part.upper() in {"MACROS", "VBA", "_VBA_PROJECT"} for path in wrapping.listdir() for part in path):
            return Problem.MACROS
        # [MS-DOC] 2.5.1: the flags of the FibBase are at byte 10 of the document.
        opening = wrapping.openstream("WordDocument").read(12)
        if len(opening) < 12:
            return Problem.DAMAGED
        return Problem.LOCKED if int.from_bytes(opening[10:12], "little") & ENCRYPTED_WORD else None


def zip_form(content: bytes) -> str | None:
    """Word and OpenDocument are folders in a zip; which, a member of theirs says."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as folder:
            names = set(folder.namelist())
            if "mimetype" in names:
                return ODF_FORMS.get(beginning(folder, "mimetype").decode("ascii", "replace").strip())
            if CONTENT_TYPES in names and WORD_MAIN.search(beginning(folder, CONTENT_TYPES)):
                return "docx"
            return None
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        return None


def beginning(folder: zipfile.ZipFile, name: str) -> bytes:
    """The first piece of a member, however long it turns out to be."""
    with folder.open(name) as member:
        return member.read(PIECE)


def zip_problem(content: bytes, form: str) -> Problem | None:
    with zipfile.ZipFile(BytesIO(content)) as folder:
        members = folder.infolist()
        if problem := members_problem(members, len(content)):
            return problem
        if any(is_macro(member.filename, form) for member in members):
            return Problem.MACROS
        if form == "docx" and b"macroEnabled" in beginning(folder, CONTENT_TYPES):
            return Problem.MACROS
        if form != "docx" and b"encryption-data" in odf_manifest(folder):
            return Problem.LOCKED
        return unpacking_problem(folder, members)


def members_problem(members: list[zipfile.ZipInfo], packed: int) -> Problem | None:
    """What is wrong with a zip by its own list of what is in it."""
    unpacked = sum(member.file_size for member in members)
    if len(members) > MOST_MEMBERS or unpacked > MOST_UNPACKED:
        return Problem.UNPACKS_TOO_LARGE
    if unpacked > RATIO_MATTERS_FROM and unpacked > MOST_RATIO * packed:
        return Problem.UNPACKS_TOO_LARGE
    if any(member.flag_bits & ENCRYPTED_MEMBER for member in members):
        return Problem.LOCKED
    names = [member.filename for member in members]
    if len(set(names)) < len(names) or any(leads_out(name) for name in names):
        return Problem.DAMAGED
    if any(member.compress_type not in {zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED} for member in members):
        return Problem.DAMAGED
    return None


def leads_out(name: str) -> bool:
    """Whether a member would be unpacked elsewhere than in the folder."""
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name)


def is_macro(name: str, form: str) -> bool:
    """Whether a member holds programs."""
    if form == "docx":
        return name.lower().endswith("vbaproject.bin")
    return name.startswith(("Basic/", "Scripts/")) and not name.endswith("/")


def odf_manifest(folder: zipfile.ZipFile) -> bytes:
    name = "META-INF/manifest.xml"
    return beginning(folder, name) if name in folder.namelist() else b""


def unpacking_problem(folder: zipfile.ZipFile, members: list[zipfile.ZipInfo]) -> Problem | None:
    """Unpack everything, keep nothing, and see that it is what and as much as the list says."""
    left = MOST_UNPACKED
    try:
        for member in members:
            with folder.open(member) as unpacked:
                while piece := unpacked.read(PIECE):
                    left -= len(piece)
                    if left < 0:
                        return Problem.UNPACKS_TOO_LARGE
    except (zipfile.BadZipFile, zlib.error, EOFError):
        return Problem.DAMAGED
    return None


def pdf_problem(content: bytes) -> Problem | None:
    if b"%%EOF" not in content[-4096:]:
        return Problem.DAMAGED
    try:
        reader = PdfReader(BytesIO(content))
        # Many PDFs only forbid printing or copying: they open with an empty password, as readers do without a word.
        if reader.is_encrypted and not reader.decrypt(""):
            return Problem.LOCKED
        return None if reader.pages else Problem.DAMAGED
    except NotImplementedError:
        return Problem.LOCKED
    except PyPdfError:
        return Problem.DAMAGED
