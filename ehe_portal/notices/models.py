"""An authority's own wording of messages, every version of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Integer, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import BIG, Base


class NoticeWording(Base):
    """One version of an authority's wording of one message (`template`, a key of notices.rules.MESSAGES).

    The latest number is in force. Without subject and body it says that the original wording holds again.
    """

    __tablename__ = "notice_wording"
    __table_args__ = (
        CheckConstraint("(subject IS NULL) = (body IS NULL)", name="whole"),
        UniqueConstraint("authority_id", "template", "number"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    template: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    subject: Mapped[str | None]
    body: Mapped[str | None]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
