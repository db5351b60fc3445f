"""A failure that must not hold up the rest: its kind and its place are kept, its words are not.

What an exception says may quote what was being saved (a name, an address), so only its class, the lines of code it
came through, and a random reference reach the log.
"""

import traceback
from pathlib import Path
from types import TracebackType

from ehe_portal.core.reference import new_reference
from ehe_portal.core.settings import ROOT

OURS = ROOT / "ehe_portal"


class Caught:
    """Holds back any `Exception` but the `passing` ones, and remembers it.

    `problem` is None where nothing failed; otherwise the exception's class and a reference, fit to be stored and
    shown. `kind` is that class; `place` is for the log.
    """

    def __init__(self, *passing: type[Exception]) -> None:
        self.passing = passing
        self.problem: str | None = None
        self.kind: type[BaseException] | None = None
        self.place = ""

    def __enter__(self) -> "Caught":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, failure: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if not isinstance(failure, Exception) or isinstance(failure, self.passing):
            return False
        self.kind = kind
        self.problem = f"{type(failure).__name__}, reference {new_reference()}"
        self.place = place(trace)
        return True


def place(trace: TracebackType | None) -> str:
    """Where in our own code a failure came from, as file, line and function."""
    ours = [frame for frame in traceback.extract_tb(trace) if Path(frame.filename).is_relative_to(OURS)]
    if not ours:
        return "outside the portal's code"
    return f"{Path(ours[-1].filename).relative_to(OURS)}:{ours[-1].lineno} in {ours[-1].name}"


def story(failure: BaseException) -> str:
    """How a failure came about, for the log: classes and lines of code, with what led to it first, without its words.

    PostgreSQL quotes the row that it refuses, and Python the value that it cannot read.
    """
    told: list[str] = []
    met: set[int] = set()
    current: BaseException | None = failure
    while current is not None and id(current) not in met:
        met.add(id(current))
        told.insert(0, "".join(traceback.format_tb(current.__traceback__)) + type(current).__name__)
        current = current.__cause__ or current.__context__
    return "\n".join(told)
