"""What people type, made fit to keep: blanks stripped, line ends alike, nothing that a database or a page refuses."""

import re
import unicodedata
from typing import Any, Final

_PLANES = "".join(chr((plane << 16) + last) for plane in range(1, 17) for last in (0xFFFE, 0xFFFF))

HIDDEN: Final = re.compile(rf"[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff{_PLANES}]")
"""Characters that nobody types: controls, half surrogates, non-characters. PostgreSQL refuses NUL, HTML all of them."""

HIDDEN_MESSAGE: Final = "Enter this again: it had hidden characters in it, which have now been taken out"

# Soft line breaks of word processors, form feeds and the separators of Unicode.
_LINE_ENDS: Final = re.compile(r"\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_INVISIBLE_EDGES: Final = "\u200b\u2060\ufeff"


def first_text(posted: list[Any]) -> str:
    """The first of the values posted under a name, or "": one that is a file instead of text counts as blank."""
    return posted[0] if posted and isinstance(posted[0], str) else ""


def block(typed: str) -> str:
    """Text of several lines, in Unicode's composed form, with plain line ends and without blanks around it."""
    return _strip(unicodedata.normalize("NFC", _LINE_ENDS.sub("\n", typed)))


def line(typed: str) -> str:
    """One line of text: tabs and line ends become single spaces."""
    return _strip(re.sub(r"[\n\t]+", " ", block(typed)))


def shown_again(typed: str) -> str:
    """What was typed as it may stand on a page: only hidden characters are missing."""
    return HIDDEN.sub("", _LINE_ENDS.sub("\n", typed))


def shown_in_line(typed: str) -> str:
    """The same for a box of one line, which holds no line ends."""
    return shown_again(typed).replace("\n", " ")


def _strip(text: str) -> str:
    before = None
    while text != before:
        before, text = text, text.strip().strip(_INVISIBLE_EDGES)
    return text
