"""What the faults came to, counted over all tests and shown at the end of the run."""

from collections import Counter
from collections.abc import Callable
from typing import Any

PREFIX = "faults: "
ALWAYS = ("kills survived", "lapses raised", "alerts written", "duplicates", "losses")


class Tally:
    """One test's part. Travels with the test's report, so that it arrives from whichever process ran the test."""

    def __init__(self, record: Callable[[str, object], None]) -> None:
        self.record = record

    def add(self, what: str, number: int = 1) -> None:
        """Count."""
        self.record(PREFIX + what, number)


def lines(reports: list[Any]) -> list[str]:
    """The sums, a line each; nothing where no fault was injected."""
    sums: Counter[str] = Counter()
    for report in reports:
        for name, number in getattr(report, "user_properties", []):
            if name.startswith(PREFIX):
                sums[name.removeprefix(PREFIX)] += number
    if not sums:
        return []
    named = [*ALWAYS, *sorted(set(sums) - set(ALWAYS))]
    return [f"{what}: {sums[what]:,}" for what in named]
