"""An authority's values, versioned and dated."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.policy.rules import TermKind

__all__ = ["SINCE_EVER", "PolicyValues", "PolicyVersion", "TermDate", "TermKind"]

SINCE_EVER = date(1900, 1, 1)


@dataclass(frozen=True)
class PolicyValues:
    """What an authority may set for itself. The defaults are those of the contact clock's published table.

    Intervals are months for `annual` and `half_yearly` and weeks for `close`; all `_days` are working days.
    """

    interval_months_annual: int = 12
    interval_months_half_yearly: int = 6
    interval_weeks_close: int = 6
    grace_days_annual: int = 10
    grace_days_half_yearly: int = 10
    grace_days_close: int = 5
    first_contact_days: int = 10
    first_contact_days_social_care: int = 3
    first_contact_grace: int = 5
    reply_days: int = 20
    reply_days_cp: int = 5
    acknowledge_days: int = 5
    confirm_writing_days: int = 5
    team_queue_days: int = 5
    other_arrangement_review_months: int = 6
    backlog_digest_over: int = 20

    def __post_init__(self) -> None:
        """Raises ValueError for a value that is not a whole number from 1 to 366."""
        for named in fields(self):
            value = getattr(self, named.name)
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= 366:
                raise ValueError(f"{named.name} must be a whole number from 1 to 366")

    def as_json(self) -> dict[str, Any]:
        """The values as they are stored."""
        return asdict(self)


class PolicyVersion(Base):
    """The values that hold from a London date on, under a profile of the law (`ea1996`, later `cnis2026`)."""

    __tablename__ = "policy_version"
    __table_args__ = (UniqueConstraint("authority_id", "in_force_from"), UniqueConstraint("authority_id", "number"))

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    number: Mapped[int] = mapped_column(Integer)
    in_force_from: Mapped[date]
    profile: Mapped[str]
    stored: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    @property
    def values(self) -> PolicyValues:
        """The values, typed; one that an older version does not name has its default."""
        known = {named.name for named in fields(PolicyValues)}
        return PolicyValues(**{name: value for name, value in self.stored.items() if name in known})


class TermDate(Referenced, Versioned, Base):
    """A term (or half of one) or a holiday of an authority's schools, both days included.

    `school_year` is the calendar year in which the school year began. A school day is a working day in a term and
    in no holiday (see core.days).
    """

    __tablename__ = "term_date"
    __table_args__ = (
        CheckConstraint("last_on >= first_on", name="last_after_first"),
        UniqueConstraint("authority_id", "kind", "first_on"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    school_year: Mapped[int] = mapped_column(Integer)
    kind: Mapped[TermKind] = mapped_column(coded(TermKind))
    name: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date]
