"""The kinds of file that families may send, and what is said about one that may not be."""

from dataclasses import dataclass
from enum import StrEnum

from ehe_portal.core.files.names import ending_of

LARGEST_FILE = 500 * 1024 * 1024
MOST_FILES = 10
LARGEST_PICTURE = 120_000_000


class Kind(StrEnum):
    """What a file is, in the words that people use."""

    PDF = "pdf"
    WORD = "word"
    OPENDOCUMENT = "opendocument"
    JPEG = "jpeg"
    PNG = "png"
    HEIC = "heic"
    VIDEO = "video"


@dataclass(frozen=True)
class Format:
    """One format: its kind, its media type, what names may end in (the usual one first), and what it is called."""

    kind: Kind
    media_type: str
    endings: tuple[str, ...]
    called: str


OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
FORMATS = {
    "pdf": Format(Kind.PDF, "application/pdf", ("pdf",), "a PDF"),
    "doc": Format(Kind.WORD, "application/msword", ("doc",), "an older Word document"),
    "docx": Format(Kind.WORD, f"{OOXML}.wordprocessingml.document", ("docx",), "a Word document"),
    "odt": Format(Kind.OPENDOCUMENT, f"{ODF}.text", ("odt",), "an OpenDocument text"),
    "ods": Format(Kind.OPENDOCUMENT, f"{ODF}.spreadsheet", ("ods",), "an OpenDocument spreadsheet"),
    "odp": Format(Kind.OPENDOCUMENT, f"{ODF}.presentation", ("odp",), "an OpenDocument presentation"),
    "jpeg": Format(Kind.JPEG, "image/jpeg", ("jpg", "jpeg", "jpe", "jfif"), "a JPEG picture"),
    "png": Format(Kind.PNG, "image/png", ("png",), "a PNG picture"),
    "heic": Format(Kind.HEIC, "image/heic", ("heic", "heif"), "a HEIC picture"),
    "mp4": Format(Kind.VIDEO, "video/mp4", ("mp4", "m4v"), "an MP4 video"),
    "mov": Format(Kind.VIDEO, "video/quicktime", ("mov", "qt"), "a QuickTime video"),
    "3gp": Format(Kind.VIDEO, "video/3gpp", ("3gp", "3g2"), "a 3GP video"),
}
PICTURES = frozenset({"jpeg", "png", "heic"})
PAGED = frozenset({"pdf", "docx", "odt"})
ACCEPTED = ",".join(f".{ending}" for form in FORMATS.values() for ending in form.endings)


class Problem(StrEnum):
    """Why a file is not taken; the value is the sentence for the person who chose it."""

    EMPTY = "The selected file is empty"
    TOO_LARGE = "The selected file must be smaller than 500 MB"
    OTHER_KIND = "The selected file must be a PDF, Word, OpenDocument, JPEG, PNG or HEIC file, or a video"
    LOCKED = "The selected file is password protected. Save a copy without a password and upload that"
    MACROS = "The selected file contains macros. Save a copy without macros, or as a PDF, and upload that"
    DAMAGED = "The selected file could not be opened and may be damaged. Save it again, or as a PDF, and upload that"
    UNPACKS_TOO_LARGE = "The selected file holds more than can be opened safely. Save it as a PDF and upload that"
    TOO_MANY_PIXELS = "The selected file is too big a picture. Upload a copy of less than 120 megapixels"
    NOT_STORED = "The selected file could not be stored just now. Try again in a few minutes"
    NOT_ASKED_FOR = "The selected file was not taken. Files cannot be uploaded on this page"
    TOO_MANY = f"The selected file was left out. You can upload up to {MOST_FILES} files at a time"


def named_otherwise(form: Format, filename: str | None) -> str | None:
    """What is said about a file whose name promises another format than it has; None if it does not."""
    ending = ending_of(filename)
    if not ending or ending.lower() in form.endings:
        return None
    return (
        f"The selected file is {form.called}, but its name ends in .{ending}. "
        f"Change the end of its name to .{form.endings[0]} and upload it again"
    )


def about(problem: str, filename: str) -> str:
    """`problem` said of one file among several, by its name."""
    return problem.replace("The selected file", f"‘{filename}’", 1)
