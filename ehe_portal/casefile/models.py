"""What the windows keep for themselves."""

from typing import Any

from sqlalchemy import JSON, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import BIG, Base, Referenced


class SavedList(Referenced, Base):
    """A register list that an officer named for themselves: its filters, columns and order; never words of a search."""

    __tablename__ = "saved_list"
    __housekeeping__ = "how one officer likes to see a list; it says nothing about any child"
    __table_args__ = (UniqueConstraint("account_id", "name"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    name: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSON)
