"""The kinds of file that families may send, and what is said about one that may not be."""

from dataclasses import dataclass
from enum import StrEnum

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
    """One format: its kind, its media type, and what names may end in, the usual one first."""

    kind: Kind
    media_type: str
    endings: tuple[str, ...]


OOXML = "application/vnd.openxmlformats-officedocument"
ODF = "application/vnd.oasis.opendocument"
FORMATS = {
    "pdf": Format(Kind.PDF, "application/pdf", ("pdf",)),
    "doc": Format(Kind.WORD, "application/msword", ("doc",)),
    "docx": Format(Kind.WORD, f"{OOXML}.wordprocessingml.document", ("docx",)),
    "odt": Format(Kind.OPENDOCUMENT, f"{ODF}.text", ("odt",)),
    "ods": Format(Kind.OPENDOCUMENT, f"{ODF}.spreadsheet", ("ods",)),
    "odp": Format(Kind.OPENDOCUMENT, f"{ODF}.presentation", ("odp",)),
    "jpeg": Format(Kind.JPEG, "image/jpeg", ("jpg", "jpeg", "jpe", "jfif")),
    "png": Format(Kind.PNG, "image/png", ("png",)),
    "heic": Format(Kind.HEIC, "image/heic", ("heic", "heif")),
    "mp4": Format(Kind.VIDEO, "video/mp4", ("mp4", "m4v")),
    "mov": Format(Kind.VIDEO, "video/quicktime", ("mov", "qt")),
    "3gp": Format(Kind.VIDEO, "video/3gpp", ("3gp", "3g2")),
}
PICTURES = frozenset({"jpeg", "png", "heic"})
PAGED = frozenset({"pdf", "docx", "odt"})
ENDINGS = tuple(ending for form in FORMATS.values() for ending in form.endings)
ACCEPTED = ",".join(f".{ending}" for ending in ENDINGS)


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


def about(problem: str, filename: str) -> str:
    """`problem` said of one file among several, by its name."""
    return problem.replace("The selected file", f"‘{filename}’", 1)
