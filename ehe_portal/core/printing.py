"""Documents set by typst: a layout with its words as a PDF. The words go in as data and cannot change the layout."""

import json
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

_ONE_AT_A_TIME: Final = Lock()


@cache
def compiler(layout: Path) -> typst.Compiler:
    """What sets one layout; it reads the fonts once."""
    return typst.Compiler(str(layout), font_paths=[str(TTF_BIN_FOLDER)], ignore_system_fonts=True)


def printed(layout: Path, said: Mapping[str, Any]) -> bytes:
    """A layout with its words as an accessible PDF; the same words are set once."""
    return _printed(layout, json.dumps(said, sort_keys=True))


@lru_cache(maxsize=16)
def _printed(layout: Path, said: str) -> bytes:
    with _ONE_AT_A_TIME:
        content = compiler(layout).compile(format="pdf", sys_inputs={"said": said}, pdf_standards=[ACCESSIBLE])
    if not isinstance(content, bytes):
        raise TypeError(f"{layout.name} was to make one PDF")
    return content
