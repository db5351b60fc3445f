"""What happens to an authority's values."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class PolicySet(Event):
    """An authority set its values from a day on."""

    number: int
    in_force_from: date
