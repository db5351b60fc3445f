"""Names of files: what people's own devices called them, made safe to show, to send in a header and to save again."""

import re
import unicodedata
from collections.abc import Sequence
from urllib.parse import quote

from ehe_portal.core.files.formats import ENDINGS

NAME_BYTES = 150
NOT_IN_NAMES = re.compile(r'[<>:"|?*%;]')
BLANKS = re.compile(r"\s+")
ENDING = re.compile(r"(?<=.)\.([A-Za-z][A-Za-z0-9]{0,4})\Z")
DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|\Z)", re.IGNORECASE)
JOINERS = {"\u200c", "\u200d"}


def safe_filename(name: str | None, endings: Sequence[str] = ()) -> str:
    """`name` without folders, controls, invisible marks and what file systems refuse; at most 150 bytes in UTF-8.

    Emoji and every script stay. `endings` (`jpg`, `jpeg`) are those of what the file really is, the usual one first: a
    name that ends otherwise gets it, for a phone that makes a JPEG of a HEIC keeps its name, and nobody can change it
    there. A name of which nothing is left becomes `file`.
    """
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name or ""))[-1]
    seen = "".join(" " if character.isspace() else character for character in last if is_seen(character))
    plain = BLANKS.sub(" ", NOT_IN_NAMES.sub("-", seen)).strip(" .")
    ending = ending_of(plain)
    if endings and ending.lower() not in endings:
        plain = plain.removesuffix(f".{ending}") if ending.lower() in ENDINGS else plain
        ending = endings[0]
    stem = plain.removesuffix(f".{ending}")
    suffix = f".{ending}".rstrip(".")
    stem = shortened(stem, NAME_BYTES - len(suffix)).strip(" .") or "file"
    return f"{'_' if DEVICES.match(stem) else ''}{stem}{suffix}"


def ending_of(name: str) -> str:
    """What follows the last dot if it looks like a kind of file (`pdf`), as it is written; else nothing."""
    found = ENDING.search(name)
    return found[1] if found else ""


def content_disposition(name: str) -> str:
    """The header that makes a browser save the file as `name` and not open it (RFC 6266, RFC 8187)."""
    safe = safe_filename(name)
    plain = safe.encode("ascii", "replace").decode().replace("?", "_").replace("'", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"


def is_seen(character: str) -> bool:
    """Whether a character shows, spaces and white space; marks that turn the direction of reading do not."""
    if character in JOINERS or character.isspace():
        return True
    return not unicodedata.category(character).startswith("C")


def shortened(text: str, size: int) -> str:
    """As many whole characters of `text` as fit into `size` bytes of UTF-8."""
    return text.encode()[:size].decode(errors="ignore")
