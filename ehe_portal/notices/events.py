"""What happens to the wording of messages."""

from dataclasses import dataclass

from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class WordingSet(Event):
    """An administrator worded a message anew, or with `original` went back to the original wording."""

    template: str
    number: int
    original: bool
