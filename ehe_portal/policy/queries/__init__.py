"""Which values hold when, and which laws, guidance and help families are pointed to."""

from ehe_portal.policy.queries.sources import Confidence, Section, Source, Sources, sources
from ehe_portal.policy.queries.versions import (
    autumn_terms,
    calendar,
    calendar_of,
    coming_version,
    in_force,
    latest_number,
    profile_in_force,
    term_dates,
    versions,
    visible_term_date,
    withdrawn_versions,
)

__all__ = [
    "Confidence",
    "Section",
    "Source",
    "Sources",
    "autumn_terms",
    "calendar",
    "calendar_of",
    "coming_version",
    "in_force",
    "latest_number",
    "profile_in_force",
    "sources",
    "term_dates",
    "versions",
    "visible_term_date",
    "withdrawn_versions",
]
