"""Education, health and care plans, and the yearly review that the law asks of each."""

from datetime import date

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.db import BIG, Base, Versioned
from ehe_portal.register.models.people import Child


class EhcPlan(Versioned, Base):
    """The education, health and care plan that the authority keeps for a child: a clock of its own.

    It was first made on `made_on` and last reviewed on `reviewed_on`; the last day for the next review is `due_on`
    (section 44 of the Children and Families Act 2014). `told_on` is when the managers were told that this day is past.
    After `ended_on` the authority keeps it no longer.
    """

    __tablename__ = "ehc_plan"
    __table_args__ = (
        UniqueConstraint("child_id"),
        CheckConstraint("reviewed_on IS NULL OR reviewed_on >= made_on", name="reviewed_after_made"),
        Index(
            "ix_ehc_plan_due",
            "authority_id",
            "due_on",
            "child_id",
            sqlite_where=text("ended_on IS NULL"),
            postgresql_where=text("ended_on IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    made_on: Mapped[date]
    due_on: Mapped[date]
    reviewed_on: Mapped[date | None] = mapped_column(default=None)
    told_on: Mapped[date | None] = mapped_column(default=None)
    ended_on: Mapped[date | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
