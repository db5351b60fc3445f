"""What happens to evidence."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.work import Event
from ehe_portal.evidence.rules import Outcome


@dataclass(frozen=True, kw_only=True)
class EvidenceSubmitted(Event):
    """A family sent a written account, files, or both. What an officer keyed in has no account, but `came_by` a way."""

    evidence_id: int
    account_id: int | None
    sent_on: date
    came_by: str | None = None


@dataclass(frozen=True, kw_only=True)
class EducationAssessed(Event):
    """An officer decided about a child's education, with reasons."""

    assessment_id: int
    outcome: Outcome


@dataclass(frozen=True, kw_only=True)
class UnsentFileThrownAway(Event):
    """A file that a family uploaded and never sent was removed, a day after it had arrived."""

    account_id: int
