"""What GOV.UK Notify can print and post, and what its answers mean."""

import re
from collections.abc import Sequence
from datetime import date
from types import MappingProxyType
from typing import Final

from ehe_portal.core.days import add_working_days

MOST_PAGES: Final = 10
FEWEST_LINES, MOST_LINES = 3, 7
POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][0-9A-Z]? ?[0-9][A-Z]{2}", re.IGNORECASE | re.ASCII)

POSTED: Final = "received"
"""What Notify says of a letter that its printer has printed and dispatched."""

REFUSED, TRIAL, UNKNOWN, DAMAGED = "refused", "trial-mode", "unknown", "damaged"

PROBLEMS: Final = MappingProxyType(
    {
        "letter-too-long": f"It has more than {MOST_PAGES} pages",
        "address-is-empty": "It has no address",
        "not-enough-address-lines": f"Its address has fewer than {FEWEST_LINES} lines, the name among them",
        "not-a-real-uk-postcode": "Its address does not end with a UK postcode",
        "validation-failed": "It does not fit what can be printed: its page at GOV.UK Notify says why",
        "virus-scan-failed": "Its file did not pass the virus check there",
        "cancelled": "Somebody cancelled it there",
        "technical-failure": "Something went wrong there",
        "permanent-failure": "The printer could not print it",
        TRIAL: "The service there is in trial mode, in which no letters are sent",
        REFUSED: "It was not taken: the settings of the service there may not allow letters",
        UNKNOWN: "Nothing is known of it there any more: find out whether it was printed before you post it again",
        DAMAGED: "The letter itself cannot be opened any more",
    }
)
"""Why a letter comes back to the pile, in plain words: Notify's own answers, and what the portal sees before it asks.

What is not here and not `POSTED` is still under way.
"""

TRIAL_WORDS: Final = "Cannot send letters when service is in trial mode"


def window_lines(lines: Sequence[str]) -> list[str]:
    """A name and an address as Notify's window takes them: of too many lines the last before the postcode run on."""
    if len(lines) <= MOST_LINES:
        return list(lines)
    return [*lines[: MOST_LINES - 2], ", ".join(lines[MOST_LINES - 2 : -1]), lines[-1]]


def printing_problem(lines: Sequence[str], pages: int) -> str | None:
    """Why Notify would not print a letter to this name and address, as a key of `PROBLEMS`; None if it would."""
    if pages > MOST_PAGES:
        return "letter-too-long"
    if len(lines) < 2:
        return "address-is-empty"
    if len(lines) < FEWEST_LINES:
        return "not-enough-address-lines"
    return None if POSTCODE.fullmatch(lines[-1]) else "not-a-real-uk-postcode"


def day_posted(said_on: date | None, handed_on: date) -> date:
    """On which day a letter was posted: as Notify has it, else the working day after it was handed over."""
    return said_on or add_working_days(handed_on, 1)
