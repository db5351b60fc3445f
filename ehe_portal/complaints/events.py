"""What happens to complaints.

None of these has the child as its own: a complaint is no part of the child's story, and whoever it is about must not
learn of it there.
"""

from dataclasses import dataclass
from datetime import date

from ehe_portal.complaints.rules import About, Finding, Late
from ehe_portal.core.work import Event


@dataclass(frozen=True, kw_only=True)
class OfComplaint:
    """What every event about a complaint says; `account_id` is the parent's, `handler_id` who has it now."""

    complaint_id: int
    complaint_reference: str
    of_child_id: int
    account_id: int
    handler_id: int | None


@dataclass(frozen=True, kw_only=True)
class ComplaintMade(OfComplaint, Event):
    """A parent complained."""

    about: About
    acknowledge_by: date
    answer_by: date


@dataclass(frozen=True, kw_only=True)
class ComplaintAcknowledged(OfComplaint, Event):
    """Whoever has it has told the parent that it is being looked into."""


@dataclass(frozen=True, kw_only=True)
class ComplaintAnswered(OfComplaint, Event):
    """A complaint was answered, with reasons."""

    finding: Finding


@dataclass(frozen=True, kw_only=True)
class ComplaintPassedOn(OfComplaint, Event):
    """Somebody else has a complaint now, as it is about whoever had it."""


@dataclass(frozen=True, kw_only=True)
class ComplaintShared(OfComplaint, Event):
    """Somebody whom a complaint is about may read it."""

    shared_with_id: int


@dataclass(frozen=True, kw_only=True)
class ComplaintLate(OfComplaint, Event):
    """A day of a complaint has passed: the next person is told, if there is one."""

    late: Late
    overseer_id: int | None
