"""Raising, answering and closing escalations: by the contact clock, and by people."""

from ehe_portal.escalation.service.answers import (
    Decision,
    Ending,
    acknowledge,
    close,
    possible_endings,
    raise_concern,
    raise_marked,
    triage,
)
from ehe_portal.escalation.service.handing_over import hand_over_owned
from ehe_portal.escalation.service.ladder import Ladders, climb, follow_social_care, report_absent, told_since
from ehe_portal.escalation.service.lapses import (
    close_answered,
    close_with_destination,
    note_moved_due,
    raise_lapses,
)

__all__ = [
    "Decision",
    "Ending",
    "Ladders",
    "acknowledge",
    "climb",
    "close",
    "close_answered",
    "close_with_destination",
    "follow_social_care",
    "hand_over_owned",
    "note_moved_due",
    "possible_endings",
    "raise_concern",
    "raise_lapses",
    "raise_marked",
    "report_absent",
    "told_since",
    "triage",
]
