"""How an episode is going to end, while nobody has confirmed it yet."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.codes import Destination
from ehe_portal.core.db import BIG, Base, Versioned, coded
from ehe_portal.register.rules.closing import AWAITED


class PendingDestination(Versioned, Base):
    """Where a child is said to be going: a school place is offered, another authority was asked; not confirmed yet.

    The episode stays open and its clock runs. `owner_id` finds out more by `next_on`. Once it is settled, by closing
    the episode or because it came to nothing, it is over.
    """

    __tablename__ = "pending_destination"
    __table_args__ = (
        Index(
            "uq_pending_destination_open",
            "episode_id",
            unique=True,
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index(
            "ix_pending_destination_owner",
            "authority_id",
            "owner_id",
            "next_on",
            sqlite_where=text("settled_at IS NULL"),
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index("ix_pending_destination_episode_id", "episode_id", "id"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    episode_id: Mapped[int] = mapped_column(BIG, ForeignKey("episode.id"))
    destination: Mapped[Destination] = mapped_column(coded(Destination))
    known: Mapped[str]
    owner_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    next_on: Mapped[date]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    settled_at: Mapped[datetime | None] = mapped_column(default=None)
    settled_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    settled_why: Mapped[str | None] = mapped_column(default=None)

    @property
    def words(self) -> str:
        """Where the child is said to be going."""
        return self.words_of(self.destination)

    @staticmethod
    def words_of(destination: Destination) -> str:
        """A destination that is awaited, in words."""
        return AWAITED[destination]
