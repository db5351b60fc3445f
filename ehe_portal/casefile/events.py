"""What the windows notice."""

from dataclasses import dataclass

from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class OutOfSightFound(Event):
    """The daily look found children in no state, or in two; managers are told how many."""

    how_many: int
