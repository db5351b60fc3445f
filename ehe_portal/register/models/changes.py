"""What records said before, who belongs to one family, what parents tell us of, and their ways to a child’s page."""

from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.codes import (
    Code,
)
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.register.models.people import Child, Parent


class Subject(StrEnum):
    """What part of a child's record was corrected or changed."""

    CHILD = "child"
    ADDRESS = "address"
    PARENT = "parent"
    PROTECTION = "protection"
    SCHOOL_AGE = "school-age"


class Nature(StrEnum):
    """Why a record says something else than before: it was wrong, life changed, or something ended."""

    CORRECTION = "correction"
    CHANGE = "change"
    ENDING = "ending"


class DetailChange(Base):
    """What a record said before it was put right or changed: written once, so that no earlier value is ever lost.

    `before` holds the earlier values by name, as text; `changed_on` is the day from which the new ones hold.
    """

    __tablename__ = "detail_change"
    __table_args__ = (Index("ix_detail_change_child_id", "child_id", "id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    subject: Mapped[Subject] = mapped_column(coded(Subject))
    nature: Mapped[Nature] = mapped_column(coded(Nature))
    before: Mapped[dict[str, Any]] = mapped_column(JSON)
    at: Mapped[datetime]
    by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    address_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("address.id"), index=True, default=None)
    parent_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("parent.id"), index=True, default=None)
    changed_on: Mapped[date | None] = mapped_column(default=None)
    why: Mapped[str | None] = mapped_column(default=None)


class HouseholdVerdict(StrEnum):
    """What an officer decided about two children who may belong to one family."""

    LINKED = "linked"
    APART = "apart"


class HouseholdLink(Versioned, Base):
    """Two children of one family, or not, as an officer decided. It says nothing about where either of them lives.

    `child_id` is the lower number of the two, so that a pair stands here once.
    """

    __tablename__ = "household_link"
    __table_args__ = (
        UniqueConstraint("child_id", "other_child_id"),
        CheckConstraint("child_id < other_child_id", name="lower_first"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    other_child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"), index=True)
    verdict: Mapped[HouseholdVerdict] = mapped_column(coded(HouseholdVerdict))
    decided_at: Mapped[datetime]
    decided_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)


class ChangeKind(Code):
    """What a family may tell us of."""

    ADDRESS = "address", "A change of address"
    SCHOOL = "school", "Going back to school"
    MOVING_AWAY = "moving-away", "Moving away"
    NEW_PARENT = "new-parent", "Another parent or carer"
    SOMETHING_ELSE = "something-else", "Something else"


class ChangeState(Code):
    """What became of a change that a family told us of."""

    WAITING = "waiting", "Waiting to be read"
    TAKEN_UP = "taken-up", "Taken up"
    SET_ASIDE = "set-aside", "Not taken up"


TOLD_WORDS: Final = {
    "school": "School",
    "where": "Moving to",
    "name": "Name",
    "relationship": "Relationship to the child",
    "email": "Email",
    "phone": "Phone",
    "address": "Address",
    "postcode": "Postcode",
    "words": "What was said",
}


class ReportedChange(Referenced, Versioned, Base):
    """A change that a parent told us of. By itself it changes nothing: an officer takes it up, or sets it aside.

    `told` holds what was typed, by the names of the questions; `answer` is what the officer says of it to the parent.
    The other parent does not see it: it is what one parent sent.
    """

    __tablename__ = "reported_change"
    __table_args__ = (
        Index("ix_reported_change_child_id", "child_id", "told_at"),
        Index("ix_reported_change_account_id", "account_id", "told_at"),
        Index(
            "ix_reported_change_waiting",
            "authority_id",
            "told_at",
            sqlite_where=text("state = 'waiting'"),
            postgresql_where=text("state = 'waiting'"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    account_id: Mapped[int] = mapped_column(BIG, ForeignKey("account.id"))
    kind: Mapped[ChangeKind] = mapped_column(coded(ChangeKind))
    told: Mapped[dict[str, str]] = mapped_column(JSON)
    told_at: Mapped[datetime]
    from_on: Mapped[date | None] = mapped_column(default=None)
    state: Mapped[ChangeState] = mapped_column(coded(ChangeState), default=ChangeState.WAITING)
    answer: Mapped[str | None] = mapped_column(default=None)
    decided_at: Mapped[datetime | None] = mapped_column(default=None)
    decided_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    child: Mapped[Child] = relationship(init=False)

    @property
    def lines(self) -> list[tuple[str, str]]:
        """What was typed, each with its question in short."""
        return [(words, self.told[name]) for name, words in TOLD_WORDS.items() if name in self.told]


class AccessState(Code):
    """Where a parent's way to a child's page stands."""

    INVITED = "invited", "Invited"
    CLAIMED = "claimed", "Waiting to be verified"
    VERIFIED = "verified", "Verified"
    DECLINED = "declined", "Said that it is not theirs"
    ENDED = "ended", "Ended"


class ParentAccess(Referenced, Versioned, Base):
    """How one parent came to see a child's page, and how that ended. It opens nothing: only `Parent.verified_at` does.

    `email` is where the invitation went; only an account of that address can answer it, and then waits for an officer.
    What that person says of the child (`child_named`, `child_born_on`) is for the officer to compare.
    """

    __tablename__ = "parent_access"
    __table_args__ = (
        Index("ix_parent_access_email", "email"),
        Index(
            "uq_parent_access_open",
            "parent_id",
            unique=True,
            sqlite_where=text("state IN ('invited', 'claimed', 'verified')"),
            postgresql_where=text("state IN ('invited', 'claimed', 'verified')"),
        ),
        Index(
            "ix_parent_access_claimed",
            "authority_id",
            "claimed_at",
            sqlite_where=text("state = 'claimed'"),
            postgresql_where=text("state = 'claimed'"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    parent_id: Mapped[int] = mapped_column(BIG, ForeignKey("parent.id"), index=True)
    email: Mapped[str]
    state: Mapped[AccessState] = mapped_column(coded(AccessState))
    begun_at: Mapped[datetime]
    begun_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True)
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    child_named: Mapped[str | None] = mapped_column(default=None)
    child_born_on: Mapped[date | None] = mapped_column(default=None)
    claimed_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_at: Mapped[datetime | None] = mapped_column(default=None)
    ended_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    ended_why: Mapped[str | None] = mapped_column(default=None)

    parent: Mapped[Parent] = relationship(init=False)
