"""Whether GOV.UK Notify would print a letter, as its letter specification has it: the demonstration's own check.

All measures are millimetres from the left and the top of the page. Notify looks for ink outside of what may be printed
on, and reads the address where the window of its envelope is, so this does too.
"""

import io
import re
from typing import Any, Final

from PIL import Image
from pypdf import PdfReader

from ehe_portal.core.files.pages import drawn

Area = tuple[float, float, float, float]

A4: Final = (210.0, 297.0)
EVERYWHERE: Final[Area] = (15, 5, 195, 292)
ADDRESS: Final[Area] = (24.6, 39.5, 120, 66.3)
FIRST_PAGE: Final[tuple[Area, ...]] = ((15, 5, 125, 30), (125, 5, 195, 95), ADDRESS, (15, 95, 195, 292))
"""Logo, the sender's own corner, the recipient's address, the letter: all else of a first page stays white."""

MOST_PAGES, FEWEST_LINES, MOST_LINES = 10, 3, 7
POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", re.IGNORECASE)
POINTS: Final = 72 / 25.4
DOTS: Final = 4
INK: Final = 200


def letter_problem(pdf: bytes) -> str | None:
    """Why Notify would not print it, in Notify's own codes; None if it would."""
    pages = PdfReader(io.BytesIO(pdf)).pages
    if len(pages) > MOST_PAGES:
        return "letter-too-long"
    for number, page in enumerate(pages, 1):
        size = float(page.mediabox.width) / POINTS, float(page.mediabox.height) / POINTS
        if any(abs(one - other) > 2 for one, other in zip(size, A4, strict=True)):
            return "letter-not-a4-portrait-oriented"
        if is_outside(pdf, number, FIRST_PAGE if number == 1 else (EVERYWHERE,)):
            return "content-outside-printable-area"
    return address_problem(address_in(pages[0]))


def is_outside(pdf: bytes, number: int, areas: tuple[Area, ...]) -> bool:
    """Whether there is ink on a page outside of these areas."""
    jpeg, _, _ = drawn(pdf, number, round(A4[1] * DOTS))
    with Image.open(io.BytesIO(jpeg)) as picture:
        page = picture.convert("L")
    across, down = page.width / A4[0], page.height / A4[1]
    for left, top, right, bottom in areas:
        page.paste(255, (round(left * across), round(top * down), round(right * across), round(bottom * down)))
    darkest: Any = page.getextrema()[0]
    return bool(darkest < INK)


def address_in(page: Any) -> list[str]:
    """The lines that stand in the window, from the top."""
    found: dict[int, str] = {}

    def note(text: str, outer: list[float], inner: list[float], *_: Any) -> None:
        x = inner[4] * outer[0] + inner[5] * outer[2] + outer[4]
        y = inner[4] * outer[1] + inner[5] * outer[3] + outer[5]
        left, top = x / POINTS, A4[1] - y / POINTS
        if text.strip() and ADDRESS[0] <= left <= ADDRESS[2] and ADDRESS[1] <= top <= ADDRESS[3]:
            found[round(top)] = found.get(round(top), "") + text.strip("\n")

    page.extract_text(visitor_text=note)
    return [" ".join(found[top].split()) for top in sorted(found)]


def address_problem(lines: list[str]) -> str | None:
    """What is wrong with an address, in Notify's own codes."""
    if not lines:
        return "address-is-empty"
    if len(lines) < FEWEST_LINES:
        return "not-enough-address-lines"
    if len(lines) > MOST_LINES:
        return "too-many-address-lines"
    return None if POSTCODE.fullmatch(lines[-1]) else "not-a-real-uk-postcode"
