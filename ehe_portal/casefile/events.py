"""What the windows notice."""

from dataclasses import dataclass

from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class RegisterExported(Event):
    """Someone took a list of the register away as a file: which filters and columns it had, never whom it named.

    `rows` is the most it can hold: how many the list had at that moment.
    """

    rows: int
    filters: tuple[str, ...]
    columns: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class OutOfSightFound(Event):
    """The daily look found children in no state, or in two; managers are told how many."""

    how_many: int
