"""Messages to a family that are stopped for a child's safety."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import BIG, Base


class MessageStop(Base):
    """From `stopped_at` on nothing about the child is sent or shown to the family, until it is lifted.

    Why is restricted, as safeguarding records are. `shown` is what the family's own page said at that moment, and goes
    on saying: nobody can tell from it that anything was stopped.
    """

    __tablename__ = "message_stop"
    __table_args__ = (
        Index("ix_message_stop_child_id", "child_id", "id"),
        Index(
            "uq_message_stop_open",
            "child_id",
            unique=True,
            sqlite_where=text("lifted_at IS NULL"),
            postgresql_where=text("lifted_at IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    stopped_at: Mapped[datetime]
    stopped_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    why: Mapped[str]
    shown: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True), default=None)
    lifted_at: Mapped[datetime | None] = mapped_column(default=None)
    lifted_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    lifted_why: Mapped[str | None] = mapped_column(default=None)
