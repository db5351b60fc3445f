"""Letters, their wording in versions, and when they were posted."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, Integer, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.letters.rules import Goes
from ehe_portal.register.models import Child, Parent

__all__ = ["Goes", "Letter", "LetterPosting", "LetterSending", "LetterWishes", "LetterWording", "LetterWords"]

QUEUED = "goes = 'post' AND posted_on IS NULL AND withdrawn_at IS NULL"


class Letter(Referenced, Versioned, Base):
    """One letter to one parent, as it was made. `kind` is a key of letters.rules.KINDS, `wording` the number of the
    version of its wording, 0 for the original. `posted_on` is the day on which it was posted or handed over.
    `given_at`: since when GOV.UK Notify has it to post; empty again once it did, or could not.

    `stored_as` names the PDF itself, in the vault, with its `size` and `sha256`. It is never set anew: what a family
    was sent can be shown exactly as it was sent.
    """

    __tablename__ = "letter"
    __table_args__ = (
        CheckConstraint("posted_on IS NULL OR withdrawn_at IS NULL", name="posted_or_withdrawn"),
        CheckConstraint("posted_on IS NULL OR goes <> 'portal'", name="posted_on_paper"),
        CheckConstraint(
            "given_at IS NULL OR (goes = 'post' AND posted_on IS NULL AND withdrawn_at IS NULL)", name="given_to_post"
        ),
        Index("ix_letter_child_id", "child_id", "id"),
        Index("ix_letter_to_post", "authority_id", "id", sqlite_where=text(QUEUED), postgresql_where=text(QUEUED)),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    parent_id: Mapped[int] = mapped_column(BIG, ForeignKey("parent.id"), index=True)
    kind: Mapped[str]
    wording: Mapped[int] = mapped_column(Integer)
    goes: Mapped[Goes] = mapped_column(coded(Goes))
    large_print: Mapped[bool]
    stored_as: Mapped[str] = mapped_column(unique=True)
    size: Mapped[int]
    sha256: Mapped[str]
    made_at: Mapped[datetime]
    made_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    posted_on: Mapped[date | None] = mapped_column(default=None)
    given_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_at: Mapped[datetime | None] = mapped_column(default=None)
    withdrawn_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    child: Mapped[Child] = relationship(init=False)
    parent: Mapped[Parent] = relationship(init=False)
    words: Mapped["LetterWords | None"] = relationship(default=None, back_populates="letter")

    @property
    def is_to_post(self) -> bool:
        """Whether it waits to be posted, or to be handed over."""
        waits = self.posted_on is None and self.withdrawn_at is None and self.given_at is None
        return waits and self.goes is not Goes.PORTAL

    @property
    def standing(self) -> str:
        """Where it stands, in words."""
        if self.withdrawn_at is not None:
            return "Not to be sent"
        if self.goes is Goes.PORTAL:
            return "On the parent’s own page"
        if self.goes is Goes.HAND:
            return "Handed over" if self.posted_on else "To be handed over"
        if self.given_at is not None:
            return "With GOV.UK Notify to be posted"
        return "Posted" if self.posted_on else "To be posted"


class LetterWords(Base):
    """All that a letter says (see service.keeping.Said), sealed by the vault for the letter's `reference`: for its
    accessible page, and to set it in the other size.
    """

    __tablename__ = "letter_words"
    __housekeeping__ = "the words of a letter: writing the letter published its event"

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    letter_id: Mapped[int] = mapped_column(BIG, ForeignKey("letter.id"), unique=True, init=False)
    reference: Mapped[str] = mapped_column(unique=True)
    sealed: Mapped[bytes]

    letter: Mapped[Letter] = relationship(init=False, back_populates="words")


class LetterPosting(Base):
    """That someone confirmed that a letter was posted on a day; those of one confirmation share a `batch`.

    Without `confirmed_by_id` it was GOV.UK Notify that said so. One that was a mistake is struck out and stays.
    """

    __tablename__ = "letter_posting"
    __table_args__ = (
        Index(
            "uq_letter_posting_stands",
            "letter_id",
            unique=True,
            sqlite_where=text("struck_out_at IS NULL"),
            postgresql_where=text("struck_out_at IS NULL"),
        ),
        Index("ix_letter_posting_letter_id", "letter_id", "id"),
        Index("ix_letter_posting_batch", "authority_id", "batch"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    letter_id: Mapped[int] = mapped_column(BIG, ForeignKey("letter.id"))
    batch: Mapped[str]
    posted_on: Mapped[date]
    confirmed_at: Mapped[datetime]
    confirmed_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    struck_out_at: Mapped[datetime | None] = mapped_column(default=None)
    struck_out_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    letter: Mapped[Letter] = relationship(init=False)


class LetterSending(Referenced, Base):
    """That someone gave a letter to GOV.UK Notify to be printed and posted. Notify knows it by `reference`.

    `stored_as`, `size` and `sha256` are the PDF that it gets, set as Notify prints letters; once it was posted, that is
    the letter's own. `notify_id` is empty until Notify has it. `status` is what Notify said last of it, or a key of
    letters.rules.printing.PROBLEMS; `status_on` the day on which that was so. Since `ended_at` nothing is awaited.
    """

    __tablename__ = "letter_sending"
    __housekeeping__ = "how far Notify has come with a letter; giving, posting and return publish events"
    __table_args__ = (
        Index(
            "uq_letter_sending_open",
            "letter_id",
            unique=True,
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
        Index("ix_letter_sending_letter_id", "letter_id", "id"),
        Index(
            "ix_letter_sending_due",
            "next_try_at",
            sqlite_where=text("ended_at IS NULL"),
            postgresql_where=text("ended_at IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    letter_id: Mapped[int] = mapped_column(BIG, ForeignKey("letter.id"))
    first_class: Mapped[bool]
    given_at: Mapped[datetime]
    given_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    next_try_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    stored_as: Mapped[str | None] = mapped_column(unique=True, default=None)
    size: Mapped[int | None] = mapped_column(default=None)
    sha256: Mapped[str | None] = mapped_column(default=None)
    notify_id: Mapped[str | None] = mapped_column(default=None)
    status: Mapped[str | None] = mapped_column(default=None)
    status_on: Mapped[date | None] = mapped_column(default=None)
    last_problem: Mapped[str | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)

    letter: Mapped[Letter] = relationship(init=False)


class LetterWishes(Versioned, Base):
    """How a parent would like letters: in large print, and on paper although they have an account."""

    __tablename__ = "letter_wishes"
    __table_args__ = (UniqueConstraint("parent_id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    parent_id: Mapped[int] = mapped_column(BIG, ForeignKey("parent.id"))
    large_print: Mapped[bool]
    by_post: Mapped[bool]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)


class LetterWording(Base):
    """One version of an authority's wording of one kind of letter.

    The latest number is in force. Without title and body it says that the original wording holds again.
    """

    __tablename__ = "letter_wording"
    __table_args__ = (
        CheckConstraint("(title IS NULL) = (body IS NULL)", name="whole"),
        UniqueConstraint("authority_id", "kind", "number"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    kind: Mapped[str]
    number: Mapped[int] = mapped_column(Integer)
    title: Mapped[str | None]
    body: Mapped[str | None]
    set_at: Mapped[datetime]
    set_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
