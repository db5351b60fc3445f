"""Files that show how a document was served."""

from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.db import BIG, Base, Referenced
from ehe_portal.register.models import Child

if TYPE_CHECKING:
    from ehe_portal.evidence.models import EvidenceFile


class ServiceProof(Referenced, Base):
    """One file that shows how a document of a notice or order was served (Education Act 1996, s.572): a certificate of
    posting, a photograph of a signature. For staff alone.

    `sending_id` is the document to one parent or school, which the room of orders keeps. What was added wrongly is
    struck out and stays.
    """

    __tablename__ = "service_proof"
    __table_args__ = (
        CheckConstraint("(struck_out_at IS NULL) = (struck_out_why IS NULL)", name="struck_out_with_reasons"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    sending_id: Mapped[int] = mapped_column(BIG, ForeignKey("order_sending.id"), index=True)
    added_at: Mapped[datetime]
    added_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    struck_out_at: Mapped[datetime | None] = mapped_column(default=None)
    struck_out_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    struck_out_why: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False)
    file: Mapped["EvidenceFile"] = relationship(init=False, back_populates="proof")
