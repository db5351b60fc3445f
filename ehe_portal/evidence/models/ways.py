"""Other ways to show an education than files and one text: an account in parts."""

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ehe_portal.core.db import BIG, Base, coded
from ehe_portal.evidence.rules import AccountPart


class EvidencePart(Base):
    """One part of an account of the education, in the family's words. A part that was left out has no row."""

    __tablename__ = "evidence_part"
    __table_args__ = (UniqueConstraint("evidence_id", "part"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(BIG, ForeignKey("evidence.id"), init=False)
    part: Mapped[AccountPart] = mapped_column(coded(AccountPart))
    words: Mapped[str]
