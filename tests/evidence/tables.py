"""A table of what hostile files got, shown at the end of a run in which some were tried."""

from collections.abc import Callable
from typing import Any

PREFIX = "hostile: "


class Table:
    """One test's rows. They travel with its report, so that they arrive from whichever process ran it."""

    def __init__(self, record: Callable[[str, object], None]) -> None:
        self.record = record

    def row(self, what: str, way: str, got: str) -> None:
        """Say what a file got on a way in."""
        self.record(f"{PREFIX}{what}", [way, got])


def lines(reports: list[Any]) -> list[str]:
    """The table, a line for each file and way in; nothing where no file was tried."""
    rows = [
        (name.removeprefix(PREFIX), *told)
        for report in reports
        for name, told in getattr(report, "user_properties", [])
        if name.startswith(PREFIX)
    ]
    widths = [max(len(row[column]) for row in rows) for column in (0, 1)] if rows else []
    return [f"{what:<{widths[0]}}  {way:<{widths[1]}}  {got}" for what, way, got in rows]
