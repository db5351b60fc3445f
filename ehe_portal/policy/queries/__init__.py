"""Which values hold when, and which laws, guidance and help families are pointed to."""

from ehe_portal.policy.queries.sources import Confidence, Section, Source, Sources, sources
from ehe_portal.policy.queries.versions import (
    calendar,
    calendar_of,
    in_force,
    profile_in_force,
    term_dates,
    versions,
    visible_term_date,
)

__all__ = [
    "Confidence",
    "Section",
    "Source",
    "Sources",
    "calendar",
    "calendar_of",
    "in_force",
    "profile_in_force",
    "sources",
    "term_dates",
    "versions",
    "visible_term_date",
]
