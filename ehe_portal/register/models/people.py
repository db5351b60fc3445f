"""Children, the people who care for them, where they live, and their home-education episodes."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, Integer, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from ehe_portal.core.codes import (
    Arrangement,
    ContactWay,
    Destination,
    EducationStyle,
    Ethnicity,
    PreviousSchoolType,
    PrimaryReason,
    Responsibility,
    SenStatus,
    Sex,
    SocialCare,
    Tier,
)
from ehe_portal.core.db import BIG, Base, Referenced, Versioned, coded
from ehe_portal.register.rules.answers import SchoolSuggested
from ehe_portal.register.rules.people import Place, Whereabouts

# Listing and searching by name go in code-point order on both databases, so that one index serves both.
CODE_POINTS = String().with_variant(String(collation="C"), "postgresql")


class Child(Referenced, Versioned, Base):
    """A child whom the authority knows. `authority_ref` is the authority's own reference (`child_ref` in files).

    `sort_name` is the surname and forename folded for ordering and searching (no case, accents or apostrophes).
    `protected` hides address and whereabouts. Since `messages_stopped_at` nothing about the child is sent or shown to
    the family (see MessageStop). `language` is that of letters; `languages` are those that the family says are spoken
    at home. `age_ends_said_on` is when an officer said with which of two days school age ends (see core.school_age);
    empty where nobody did, or the date of birth has been put right since.
    """

    __tablename__ = "child"
    __table_args__ = (
        UniqueConstraint("authority_id", "authority_ref"),
        Index("ix_child_authority_sort", "authority_id", "sort_name", "id"),
        Index("ix_child_authority_birth", "authority_id", "date_of_birth", "id"),
        Index("ix_child_upn", "authority_id", "upn"),
        Index("ix_child_nhs", "authority_id", "nhs_number"),
        Index("ix_child_age_ends", "age_ends"),
        Index(
            "ix_child_with_plan",
            "authority_id",
            "id",
            sqlite_where=text("sen_status = 'ehcp'"),
            postgresql_where=text("sen_status = 'ehcp'"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    legal_forename: Mapped[str]
    legal_surname: Mapped[str]
    sort_name: Mapped[str] = mapped_column(CODE_POINTS)
    date_of_birth: Mapped[date]
    age_starts: Mapped[date]
    age_ends: Mapped[date]
    created_at: Mapped[datetime]
    authority_ref: Mapped[str | None] = mapped_column(default=None)
    preferred_name: Mapped[str | None] = mapped_column(default=None)
    sex: Mapped[Sex] = mapped_column(coded(Sex), default=Sex.UNKNOWN)
    upn: Mapped[str | None] = mapped_column(default=None)
    nhs_number: Mapped[str | None] = mapped_column(default=None)
    sen_status: Mapped[SenStatus] = mapped_column(coded(SenStatus), default=SenStatus.UNKNOWN)
    protected: Mapped[bool] = mapped_column(default=False)
    language: Mapped[str] = mapped_column(default="en")
    languages: Mapped[str | None] = mapped_column(default=None)
    ethnicity: Mapped[Ethnicity | None] = mapped_column(coded(Ethnicity), default=None)
    messages_stopped_at: Mapped[datetime | None] = mapped_column(default=None)
    age_ends_said_on: Mapped[date | None] = mapped_column(default=None)

    addresses: Mapped[list["Address"]] = relationship(init=False, order_by="Address.id", back_populates="child")
    parents: Mapped[list["Parent"]] = relationship(init=False, order_by="Parent.position", back_populates="child")
    episodes: Mapped[list["Episode"]] = relationship(
        init=False,
        order_by="[Episode.opened_on, Episode.id]",
        back_populates="child",
        foreign_keys="Episode.child_id",
    )
    wishes: Mapped["FamilyWishes | None"] = relationship(init=False, back_populates="child")

    def is_held_back(self, moment: datetime) -> bool:
        """Whether what happened at a moment is not for the family to know now: its messages had been stopped."""
        return self.messages_stopped_at is not None and moment > self.messages_stopped_at

    @property
    def name(self) -> str:
        """The child's legal name."""
        return f"{self.legal_forename} {self.legal_surname}"

    @property
    def known_as(self) -> str:
        """What people call the child."""
        return self.preferred_name or self.legal_forename

    @property
    def carers(self) -> "list[Parent]":
        """The parents and carers of today, without those whose part in the child's life has ended."""
        return [parent for parent in self.parents if parent.until_on is None]

    @property
    def address(self) -> "Address | None":
        """Where the child lives, as far as is known."""
        return next((address for address in reversed(self.addresses) if address.until_on is None), None)

    @property
    def episode(self) -> "Episode | None":
        """The latest episode, open or closed."""
        return self.episodes[-1] if self.episodes else None


class Address(Referenced, Versioned, Base):
    """Where a child lives or lived. `line` is one line, its parts separated by a comma and a space, or says that there
    is no fixed address or that none is known. `confirmed_by_id` is who saw the child's home, or had it confirmed.
    `outside` is whether it lies in another authority's area, so that the child is to be handed over.
    """

    __tablename__ = "address"
    __table_args__ = (
        Index("ix_address_child_id", "child_id"),
        Index(
            "uq_address_current",
            "child_id",
            unique=True,
            sqlite_where=text("until_on IS NULL"),
            postgresql_where=text("until_on IS NULL"),
        ),
        Index("ix_address_postcode", "authority_id", "postcode"),
        Index(
            "ix_address_outside",
            "authority_id",
            "from_on",
            sqlite_where=text("outside = 1 AND until_on IS NULL"),
            postgresql_where=text("outside AND until_on IS NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    line: Mapped[str]
    from_on: Mapped[date]
    postcode: Mapped[str | None] = mapped_column(default=None)
    uprn: Mapped[str | None] = mapped_column(default=None)
    until_on: Mapped[date | None] = mapped_column(default=None)
    outside: Mapped[bool] = mapped_column(default=False)
    confirmed_on: Mapped[date | None] = mapped_column(default=None)
    confirmed_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    child: Mapped[Child] = relationship(init=False, back_populates="addresses")

    @property
    def is_a_place(self) -> bool:
        """Whether it is an address, and not that there is none."""
        return Place(self.line).whereabouts is Whereabouts.ADDRESS


class Parent(Referenced, Versioned, Base):
    """A person who cares for one child. `account_id` is an account that typed itself here; `verified_at` is when an
    officer was satisfied who that is. Without `address` the first parent lives with the child, of the others it is
    not known. After `until_on` they have no part in the child's life: `account_id`, by which an account sees the
    child, is then empty, and `former_account_id` says which it was.
    """

    __tablename__ = "parent"
    __table_args__ = (
        UniqueConstraint("child_id", "position"),
        Index("ix_parent_account_id", "account_id"),
        Index("ix_parent_authority_email", "authority_id", "email"),
        Index("ix_parent_authority_phone", "authority_id", "phone"),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    position: Mapped[int] = mapped_column(Integer)
    name: Mapped[str]
    relationship_: Mapped[str | None] = mapped_column("relationship", default=None)
    responsibility: Mapped[Responsibility] = mapped_column(coded(Responsibility), default=Responsibility.UNKNOWN)
    email: Mapped[str | None] = mapped_column(default=None)
    phone: Mapped[str | None] = mapped_column(default=None)
    address: Mapped[str | None] = mapped_column(default=None)
    account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), default=None)
    verified_at: Mapped[datetime | None] = mapped_column(default=None)
    verified_by_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    from_on: Mapped[date | None] = mapped_column(default=None)
    until_on: Mapped[date | None] = mapped_column(default=None)
    former_account_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)

    child: Mapped[Child] = relationship(init=False, back_populates="parents")


class Episode(Referenced, Versioned, Base):
    """A time of education otherwise than at school. It opens on the day the authority first knew.

    `accepted_at` is empty while it waits to be checked. Without an adviser it is with the team since `team_since`.
    `given_on` is the day on which someone else gave it to its adviser; empty where it came with them.
    An arrangement other than `ehe` has a named service and a review date instead of a contact clock.
    `destination_note` says what confirmed the destination: who said so, which school, what was seen. `styles` are codes
    of how the education is arranged, as the family says; `other_teachers` says who else teaches, "" for nobody.
    `to_review_since` is the day on which the end of school age closed it by itself, or on which a file said so of a
    child who is still of school age by the date of birth; empty once someone has looked at it.
    """

    __tablename__ = "episode"
    __table_args__ = (
        CheckConstraint("(closed_on IS NULL) = (destination IS NULL)", name="closed_with_destination"),
        CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name="closed_after_opening"),
        CheckConstraint("adviser_id IS NOT NULL OR team_since IS NOT NULL", name="someone_has_it"),
        Index("ix_episode_child_id", "child_id"),
        Index(
            "uq_episode_open",
            "child_id",
            unique=True,
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        Index(
            "ix_episode_adviser",
            "authority_id",
            "adviser_id",
            "child_id",
            "given_on",
            sqlite_where=text("closed_on IS NULL"),
            postgresql_where=text("closed_on IS NULL"),
        ),
        Index("ix_episode_opened", "authority_id", "opened_on", "child_id"),
        Index(
            "ix_episode_to_review",
            "authority_id",
            "to_review_since",
            sqlite_where=text("to_review_since IS NOT NULL"),
            postgresql_where=text("to_review_since IS NOT NULL"),
        ),
    )

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"))
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    opened_on: Mapped[date]
    opened_under_id: Mapped[int] = mapped_column(BIG, ForeignKey("policy_version.id"), index=True)
    arrangement: Mapped[Arrangement] = mapped_column(coded(Arrangement), default=Arrangement.EHE)
    ehe_started_on: Mapped[date | None] = mapped_column(default=None)
    closed_on: Mapped[date | None] = mapped_column(default=None)
    destination: Mapped[Destination | None] = mapped_column(coded(Destination), default=None)
    destination_confirmed_by_id: Mapped[int | None] = mapped_column(
        BIG, ForeignKey("account.id"), index=True, default=None
    )
    destination_note: Mapped[str | None] = mapped_column(default=None)
    duplicate_of_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("child.id"), index=True, default=None)
    primary_reason: Mapped[PrimaryReason] = mapped_column(coded(PrimaryReason), default=PrimaryReason.UNKNOWN)
    previous_school_type: Mapped[PreviousSchoolType] = mapped_column(
        coded(PreviousSchoolType), default=PreviousSchoolType.ELSEWHERE_OR_UNKNOWN
    )
    previous_school: Mapped[str | None] = mapped_column(default=None)
    school_suggested: Mapped[SchoolSuggested | None] = mapped_column(coded(SchoolSuggested), default=None)
    styles: Mapped[list[str] | None] = mapped_column(JSON(none_as_null=True), default=None)
    other_teachers: Mapped[str | None] = mapped_column(default=None)
    hours_from_parents: Mapped[int | None] = mapped_column(Integer, default=None)
    hours_from_others: Mapped[int | None] = mapped_column(Integer, default=None)
    tier: Mapped[Tier] = mapped_column(coded(Tier), default=Tier.ANNUAL)
    social_care: Mapped[SocialCare] = mapped_column(coded(SocialCare), default=SocialCare.UNKNOWN)
    adviser_id: Mapped[int | None] = mapped_column(BIG, ForeignKey("account.id"), index=True, default=None)
    team_since: Mapped[date | None] = mapped_column(default=None)
    given_on: Mapped[date | None] = mapped_column(default=None)
    accepted_at: Mapped[datetime | None] = mapped_column(default=None)
    service_name: Mapped[str | None] = mapped_column(default=None)
    review_on: Mapped[date | None] = mapped_column(default=None)
    social_worker_name: Mapped[str | None] = mapped_column(default=None)
    social_worker_email: Mapped[str | None] = mapped_column(default=None)
    to_review_since: Mapped[date | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False, foreign_keys=[child_id], back_populates="episodes")

    @property
    def style_codes(self) -> list[EducationStyle]:
        """How the education is arranged."""
        return [EducationStyle(style) for style in self.styles or ()]

    @property
    def is_open(self) -> bool:
        """Whether it has not been closed."""
        return self.closed_on is None


class EpisodeChange(Base):
    """The tier and social care status of an episode from a London date on; its first row holds from `opened_on`."""

    __tablename__ = "episode_change"
    __table_args__ = (UniqueConstraint("episode_id", "from_on"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    episode_id: Mapped[int] = mapped_column(BIG, ForeignKey("episode.id"))
    from_on: Mapped[date]
    tier: Mapped[Tier] = mapped_column(coded(Tier))
    social_care: Mapped[SocialCare] = mapped_column(coded(SocialCare))


class FamilyWishes(Versioned, Base):
    """How the family of a child would like to be in contact, and what would help. `ways` are codes of ContactWay."""

    __tablename__ = "family_wishes"
    __table_args__ = (UniqueConstraint("child_id"),)

    authority_id: Mapped[int] = mapped_column(BIG, ForeignKey("authority.id"), index=True)
    child_id: Mapped[int] = mapped_column(BIG, ForeignKey("child.id"))
    said_on: Mapped[date]
    ways: Mapped[list[str]] = mapped_column(JSON)
    interpreter: Mapped[bool | None] = mapped_column(default=None)
    interpreter_language: Mapped[str | None] = mapped_column(default=None)
    access_needs: Mapped[str | None] = mapped_column(default=None)
    support: Mapped[str | None] = mapped_column(default=None)

    child: Mapped[Child] = relationship(init=False, back_populates="wishes")

    @property
    def way_codes(self) -> list[ContactWay]:
        """The ways in which the family would like to be in contact."""
        return [ContactWay(way) for way in self.ways]
