"""An address as it stands in the window of an envelope, and the order in which a pile of letters lies."""

import re

MOST_LINES = 7
"""As many as the window of a DL envelope shows beneath the name."""


def address_lines(line: str, postcode: str | None = None) -> list[str]:
    """An address that is kept on one line, line by line; one that is too long for the window runs on in its last."""
    parts = [part for part in (" ".join(each.split()) for each in re.split(r"[,\n]", line)) if part]
    if postcode and (not parts or parts[-1].casefold() != postcode.casefold()):
        parts.append(postcode)
    if len(parts) > MOST_LINES:
        parts = [*parts[: MOST_LINES - 2], ", ".join(parts[MOST_LINES - 2 : -1]), parts[-1]]
    return parts


def by_address(lines: list[str]) -> tuple[str, ...]:
    """The place of a letter in a pile in address order: by postcode, then street by street, then name."""
    return tuple(part.casefold() for part in (lines[-1] if lines else "", *reversed(lines[1:-1]), *lines[:1]))
