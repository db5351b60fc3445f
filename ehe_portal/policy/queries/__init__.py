"""Which values hold when, and which laws, guidance and help families are pointed to."""

from ehe_portal.policy.queries.sources import Confidence, Section, Source, Sources, sources
from ehe_portal.policy.queries.versions import in_force, versions

__all__ = ["Confidence", "Section", "Source", "Sources", "in_force", "sources", "versions"]
