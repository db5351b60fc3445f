"""letters: as they were made, when they were posted, how they are worded"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0020"
down_revision: str | None = "0019"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TO_POST = sa.text("goes = 'post' AND posted_on IS NULL AND withdrawn_at IS NULL")
STANDS = sa.text("struck_out_at IS NULL")


def belongs(table: str, **keys: str) -> list[sa.ForeignKeyConstraint]:
    """The foreign keys of a table: its columns, each with the table that it names a row of."""
    return [
        sa.ForeignKeyConstraint([column], [f"{other}.id"], name=op.f(f"fk_{table}_{column}"))
        for column, other in keys.items()
    ]


def upgrade() -> None:
    letter()
    posting()
    op.create_table(
        "letter_wishes",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("parent_id", KEY, nullable=False),
        sa.Column("large_print", sa.Boolean(), nullable=False),
        sa.Column("by_post", sa.Boolean(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        *belongs("letter_wishes", authority_id="authority", parent_id="parent", set_by_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wishes")),
        sa.UniqueConstraint("parent_id", name=op.f("uq_letter_wishes_parent_id")),
    )
    op.create_index(op.f("ix_letter_wishes_authority_id"), "letter_wishes", ["authority_id"], unique=False)
    op.create_index(op.f("ix_letter_wishes_set_by_id"), "letter_wishes", ["set_by_id"], unique=False)
    op.create_table(
        "letter_wording",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", KEY, nullable=True),
        sa.CheckConstraint("(title IS NULL) = (body IS NULL)", name=op.f("ck_letter_wording_whole")),
        *belongs("letter_wording", authority_id="authority", set_by_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_wording")),
        sa.UniqueConstraint("authority_id", "kind", "number", name=op.f("uq_letter_wording_authority_id_kind_number")),
    )
    op.create_index(op.f("ix_letter_wording_set_by_id"), "letter_wording", ["set_by_id"], unique=False)


def letter() -> None:
    """Letters themselves."""
    op.create_table(
        "letter",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("child_id", KEY, nullable=False),
        sa.Column("parent_id", KEY, nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("wording", sa.Integer(), nullable=False),
        sa.Column("goes", sa.String(length=40), nullable=False),
        sa.Column("large_print", sa.Boolean(), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=False),
        sa.Column("size", KEY, nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("posted_on", sa.Date(), nullable=True),
        sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("withdrawn_by_id", KEY, nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("goes IN ('post', 'portal', 'hand')", name=op.f("ck_letter_goes")),
        sa.CheckConstraint("posted_on IS NULL OR withdrawn_at IS NULL", name=op.f("ck_letter_posted_or_withdrawn")),
        sa.CheckConstraint("posted_on IS NULL OR goes <> 'portal'", name=op.f("ck_letter_posted_on_paper")),
        *belongs(
            "letter",
            authority_id="authority",
            child_id="child",
            parent_id="parent",
            made_by_id="account",
            withdrawn_by_id="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("reference", name=op.f("uq_letter_reference")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_letter_stored_as")),
    )
    for column in ("authority_id", "parent_id", "made_by_id", "withdrawn_by_id"):
        op.create_index(op.f(f"ix_letter_{column}"), "letter", [column], unique=False)
    op.create_index("ix_letter_child_id", "letter", ["child_id", "id"], unique=False)
    op.create_index(
        "ix_letter_to_post",
        "letter",
        ["authority_id", "id"],
        unique=False,
        sqlite_where=TO_POST,
        postgresql_where=TO_POST,
    )
    op.create_table(
        "letter_words",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("letter_id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        *belongs("letter_words", authority_id="authority", letter_id="letter"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_words")),
        sa.UniqueConstraint("letter_id", name=op.f("uq_letter_words_letter_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_letter_words_reference")),
    )
    op.create_index(op.f("ix_letter_words_authority_id"), "letter_words", ["authority_id"], unique=False)


def posting() -> None:
    """Confirmations that letters were posted."""
    op.create_table(
        "letter_posting",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("letter_id", KEY, nullable=False),
        sa.Column("batch", sa.String(), nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("confirmed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("confirmed_by_id", KEY, nullable=True),
        sa.Column("struck_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_out_by_id", KEY, nullable=True),
        *belongs(
            "letter_posting",
            authority_id="authority",
            letter_id="letter",
            confirmed_by_id="account",
            struck_out_by_id="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_posting")),
    )
    for column in ("confirmed_by_id", "struck_out_by_id"):
        op.create_index(op.f(f"ix_letter_posting_{column}"), "letter_posting", [column], unique=False)
    op.create_index("ix_letter_posting_letter_id", "letter_posting", ["letter_id", "id"], unique=False)
    op.create_index("ix_letter_posting_batch", "letter_posting", ["authority_id", "batch"], unique=False)
    op.create_index(
        "uq_letter_posting_stands",
        "letter_posting",
        ["letter_id"],
        unique=True,
        sqlite_where=STANDS,
        postgresql_where=STANDS,
    )


def downgrade() -> None:
    for table in ("letter_wording", "letter_wishes", "letter_posting", "letter_words", "letter"):
        op.drop_table(table)
