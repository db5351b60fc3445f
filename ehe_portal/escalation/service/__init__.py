"""Raising, answering and closing escalations: by the contact clock, and by people."""

from ehe_portal.escalation.service.answers import (
    Decision,
    Ending,
    acknowledge,
    close,
    possible_endings,
    raise_concern,
    triage,
)
from ehe_portal.escalation.service.handing_over import hand_over_owned
from ehe_portal.escalation.service.lapses import (
    close_answered,
    close_with_destination,
    note_moved_due,
    raise_lapses,
)

__all__ = [
    "Decision",
    "Ending",
    "acknowledge",
    "close",
    "close_answered",
    "close_with_destination",
    "hand_over_owned",
    "note_moved_due",
    "possible_endings",
    "raise_concern",
    "raise_lapses",
    "triage",
]
