"""Documents set by typst: a layout with its words as a PDF. The words go in as data and cannot change the layout.

What no font here can show is printed as a replacement mark: nobody's letter fails because of one sign in it.
"""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from pathlib import Path
from threading import Lock
from typing import Any, Final

import typst
from ttf_opensans import TTF_BIN_FOLDER

PDF: Final = "application/pdf"
ACCESSIBLE: Final = "ua-1"
"""PDF/UA-1: tagged, with a title, a language and a reading order; typst refuses a layout that is not."""

REPLACEMENT: Final = "\ufffd"
MOST_TRIES: Final = 20
CONTROLS: Final = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160), *range(0xD800, 0xE000)])
"""Signs that stand for nothing on paper: control characters but the tab and the end of a line, and halves of signs."""

_NOT_SHOWN: Final = re.compile(r'error: the text[a-z ]* `"((?:[^"\\]|\\.)+)"`')
_ESCAPED: Final = re.compile(r"\\u\{([0-9a-f]+)\}")
_ONE_AT_A_TIME: Final = Lock()


@cache
def compiler(layout: Path) -> typst.Compiler:
    """What sets one layout; it reads the fonts once."""
    return typst.Compiler(str(layout), font_paths=[str(TTF_BIN_FOLDER)], ignore_system_fonts=True)


def printed(layout: Path, said: Mapping[str, Any], picture: bytes | None = None) -> bytes:
    """A layout with its words, and a JPEG if there is one, as an accessible PDF; the same words are set once."""
    return _printed(layout, json.dumps(printable(said), sort_keys=True, ensure_ascii=False), as_numbers(picture))


def printable(value: Any) -> Any:
    """The words of a document without control characters."""
    if isinstance(value, str):
        return value.translate(CONTROLS)
    if isinstance(value, Mapping):
        return {name: printable(each) for name, each in value.items()}
    return [printable(each) for each in value] if isinstance(value, list | tuple) else value


@lru_cache(maxsize=4)
def as_numbers(picture: bytes | None) -> str:
    """A picture as typst takes bytes that are no file's; "" where there is none."""
    return "" if picture is None else json.dumps(list(picture), separators=(",", ":"))


@lru_cache(maxsize=16)
def _printed(layout: Path, said: str, picture: str) -> bytes:
    for _ in range(MOST_TRIES):
        try:
            return _set(layout, said, picture)
        except typst.TypstError as error:
            if not (unshown := not_shown(error.diagnostic)):
                raise
            said = said.translate(dict.fromkeys(unshown, REPLACEMENT))
    return _set(layout, said.encode("ascii", "replace").decode(), picture)


def _set(layout: Path, said: str, picture: str) -> bytes:
    with _ONE_AT_A_TIME:
        content = compiler(layout).compile(
            format="pdf", sys_inputs={"said": said, "picture": picture}, pdf_standards=[ACCESSIBLE]
        )
    if not isinstance(content, bytes):
        raise TypeError(f"{layout.name} was to make one PDF")
    return content


def not_shown(error: str) -> set[int]:
    """The characters beyond ASCII that typst says cannot be shown, or not to everyone."""
    texts = [_ESCAPED.sub(lambda found: chr(int(found[1], 16)), text) for text in _NOT_SHOWN.findall(error)]
    return {ord(sign) for sign in "".join(texts) if not sign.isascii()}
