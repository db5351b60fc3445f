"""What stands beside a visit: the times on offer, its history; coming and going safely."""

from datetime import date, datetime, time

from sqlalchemy import ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.contact.models.contacts import Visit
from ehe_portal.core.codes import Code, ContactKind, ContactOutcome
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded


class SlotState(Code):
    """What became of a time that was on offer, or that a family suggested."""

    OPEN = "open", "To be chosen"
    PICKED = "picked", "Chosen"
    FELL_AWAY = "fell-away", "No longer offered"


class VisitSlot(Base):
    """One of several times at which a visit is offered; or, with `answer_id`, one that the family suggested.

    A family may suggest a day without a time.
    """

    __tablename__ = "visit_slot"
    __table_args__ = (Index("ix_visit_slot_visit_id", "visit_id", "on_date"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    visit_id: Mapped[int] = mapped_column(BIG, ForeignKey("visit.id"))
    on_date: Mapped[date]
    at_time: Mapped[time | None]
    answer_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("visit_answer.id"), index=True, default=None)
    state: Mapped[SlotState] = mapped_column(coded(SlotState), default=SlotState.OPEN)


class StepKind(Code):
    """What was done about a visit. The first five are what a family answers."""

    ACCEPTED = "accepted", "Confirmed by the family"
    ANOTHER_TIME = "another-time", "Another time asked for"
    ANOTHER_WAY = "another-way", "Another way asked for"
    DECLINED = "declined", "Not wanted this time"
    CANCELLED = "cancelled", "Cancelled by the family"
    OFFERED = "offered", "Offered"
    TIMES_OFFERED = "times-offered", "Several times offered"
    AGREED = "agreed", "Time suggested by the family agreed"
    CHANGED = "changed", "Changed"
    WITHDRAWN = "withdrawn", "Cancelled by the council"
    HANDED_OVER = "handed-over", "Given to someone else to make"
    PLACE_DOUBTFUL = "place-doubtful", "Address changed: the place has to be confirmed"
    PLACE_CONFIRMED = "place-confirmed", "Place confirmed"
    PARTED = "parted", "One child now has a visit of their own"
    TOLD = "told", "Family told by other means"
    RECORDED = "recorded", "Recorded"
    REOPENED = "reopened", "Record struck out: open again"


class VisitStep(Base):
    """One step of a visit's life: never changed, never removed. `by_id` is None where the portal did it by itself.

    It says what was on offer then. `outcome` and `child_id` go with what was recorded of one child, `words` are those
    of whoever did it, for the reader of the history: a parent's own stand with their answer.
    """

    __tablename__ = "visit_step"
    __table_args__ = (Index("ix_visit_step_visit_id", "visit_id", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    visit_id: Mapped[int] = mapped_column(BIG, ForeignKey("visit.id"))
    step: Mapped[StepKind] = mapped_column(coded(StepKind))
    done_at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    kind: Mapped[ContactKind] = mapped_column(coded(ContactKind))
    on_date: Mapped[date]
    at_time: Mapped[time]
    child_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("child.id"), index=True, default=None)
    outcome: Mapped[ContactOutcome | None] = mapped_column(coded(ContactOutcome), default=None)
    words: Mapped[str | None] = mapped_column(default=None)


class CheckIn(Referenced, Versioned, Base):
    """Coming and going safely: whoever makes a visit is expected back by a moment, or a colleague is told.

    `next_alarm_at` is when somebody is told next, None once there is nobody left to tell or all is well. `round` grows
    when more time is asked for; `rung` says who was told in this round: 0 nobody, 1 the colleague, 2 the managers.
    """

    __tablename__ = "check_in"
    __table_args__ = (
        Index(
            "ix_check_in_due",
            "next_alarm_at",
            "id",
            sqlite_where=text("next_alarm_at IS NOT NULL"),
            postgresql_where=text("next_alarm_at IS NOT NULL"),
        ),
        Index(
            "ix_check_in_not_back",
            "authority_id",
            "back_by_at",
            sqlite_where=text("back_at IS NULL"),
            postgresql_where=text("back_at IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    visit_id: Mapped[int] = mapped_column(BIG, ForeignKey("visit.id"), unique=True)
    colleague_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    back_by_at: Mapped[datetime]
    set_at: Mapped[datetime]
    next_alarm_at: Mapped[datetime | None]
    arrived_at: Mapped[datetime | None] = mapped_column(default=None)
    back_at: Mapped[datetime | None] = mapped_column(default=None)
    round: Mapped[int] = mapped_column(Integer, default=1)
    rung: Mapped[int] = mapped_column(Integer, default=0)

    visit: Mapped[Visit] = relationship(init=False, viewonly=True)


class CheckInAlarm(Base):
    """That one person was told that someone has not come back: once in each round."""

    __tablename__ = "check_in_alarm"
    __table_args__ = (UniqueConstraint("check_in_id", "round", "account_id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    check_in_id: Mapped[int] = mapped_column(BIG, ForeignKey("check_in.id"))
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    round: Mapped[int] = mapped_column(Integer)
    rung: Mapped[int] = mapped_column(Integer)
    raised_at: Mapped[datetime]
