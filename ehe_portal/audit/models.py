"""The audit trail: one row for each thing that happened."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import BIG, Base


class AuditEntry(Base):
    """What happened, who did it, when. `details` holds identifiers, dates and codes; of personal fields only names."""

    __tablename__ = "audit_entry"
    __table_args__ = (
        Index("ix_audit_entry_authority_id_id", "authority_id", "id"),
        Index("ix_audit_entry_child_id_id", "child_id", "id"),
    )

    at: Mapped[datetime]
    authority_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("authority.id"))
    actor_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    actor: Mapped[str]
    kind: Mapped[str]
    child_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("child.id"))
    details: Mapped[dict[str, Any]] = mapped_column(JSON)


class AccessEntry(Base):
    """Someone looked at a record: who, when, at what (`evidence-file/REFERENCE`). Written before anything is shown."""

    __tablename__ = "access_log"
    __housekeeping__ = "reading changes nothing, so there is no event; the row itself is the record"
    __table_args__ = (
        Index("ix_access_log_child_id_id", "child_id", "id"),
        Index("ix_access_log_authority_id_id", "authority_id", "id"),
    )

    at: Mapped[datetime]
    authority_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("authority.id"))
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    child_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("child.id"))
    what: Mapped[str]


class DamagedFile(Base):
    """A file of the vault, by its `identity` there, that someone wanted and that was gone, or not what was kept.

    It stands here until `flask vault verify` finds it whole again, or nobody's.
    """

    __tablename__ = "damaged_file"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    identity: Mapped[str] = mapped_column(unique=True)
    found_at: Mapped[datetime]
