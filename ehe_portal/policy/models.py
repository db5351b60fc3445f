"""An authority's values, versioned and dated."""

from dataclasses import asdict, dataclass, fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.policy.rules import LARGEST, MOST_WITH_TEAM, TermKind

__all__ = ["MOST_WITH_TEAM", "SINCE_EVER", "PolicyValues", "PolicyVersion", "TermDate", "TermKind"]

SINCE_EVER = date(1900, 1, 1)


@dataclass(frozen=True)
class PolicyValues:
    """What an authority may set for itself. The defaults are those of the contact clock's published table.

    Intervals are months for `annual` and `half_yearly` and weeks for `close`; all `_days` are working days, but for
    those of `remind_`, which are calendar days; all `_minutes` are minutes. `unsuitable_people` is how many people
    decide that education appears not to be suitable, before the family is told: with 2, another approves what one
    decided. `letters_by_itself` says to whom letters on paper are made without anybody writing them: 1 to nobody, 2 to
    parents without an account and those who asked for paper, 3 to every parent. Megabytes (`_mb`) are of 1024² bytes,
    gigabytes (`_gb`) of 1024³.
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
    contacts_a_week: int = 8
    check_in_minutes: int = 10
    check_in_manager_minutes: int = 15
    unacknowledged_manager_days: int = 1
    unacknowledged_head_days: int = 2
    undecided_days: int = 5
    undecided_days_cp: int = 1
    remind_family_first_days: int = 28
    remind_family_again_days: int = 7
    remind_adviser_days: int = 7
    travel_minutes_near: int = 15
    travel_minutes_far: int = 30
    information_weeks: int = 5
    unsuitable_people: int = 2
    letters_by_itself: int = 2
    evidence_file_mb: int = 500
    evidence_child_gb: int = 5

    def __post_init__(self) -> None:
        """Raises ValueError for a value that is not a whole number from 1 to the largest that any value may have."""
        for named in fields(self):
            value = getattr(self, named.name)
            if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= LARGEST:
                raise ValueError(f"{named.name} must be a whole number from 1 to {LARGEST}")

    def as_json(self) -> dict[str, Any]:
        """The values as they are stored."""
        return asdict(self)


class PolicyVersion(Base):
    """The values that hold from a London date on, under a profile of the law (`ea1996`, later `cnis2026`).

    One that was withdrawn before its day never held.
    """

    __tablename__ = "policy_version"
    __table_args__ = (
        UniqueConstraint("authority_id", "number"),
        Index(
            "uq_policy_version_in_force_from",
            "authority_id",
            "in_force_from",
            unique=True,
            sqlite_where=text("withdrawn_at IS NULL"),
            postgresql_where=text("withdrawn_at IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    number: Mapped[int] = mapped_column(Integer)
    in_force_from: Mapped[date]
    profile: Mapped[str]
    stored: Mapped[dict[str, Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    created_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

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
