"""messages, and links that change an account's address"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0004"
down_revision: str | None = "0003"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

PURPOSES = ("sign-up", "invitation", "reset")


def upgrade() -> None:
    op.create_table(
        "message_thread",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("waiting_since", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_thread_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_message_thread_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_message_thread_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_thread")),
        sa.UniqueConstraint("child_id", "account_id", name=op.f("uq_message_thread_child_id_account_id")),
    )
    with op.batch_alter_table("message_thread", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_thread_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_message_thread_authority_id", ["authority_id"], unique=False)
        batch_op.create_index(
            "ix_message_thread_waiting",
            ["authority_id", "waiting_since"],
            unique=False,
            sqlite_where=sa.text("waiting_since IS NOT NULL"),
            postgresql_where=sa.text("waiting_since IS NOT NULL"),
        )

    op.create_table(
        "message",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("thread_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("from_family", sa.Boolean(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("told_of_education", sa.Boolean(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["author_id"], ["account.id"], name=op.f("fk_message_author_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_message_authority_id")),
        sa.ForeignKeyConstraint(["thread_id"], ["message_thread.id"], name=op.f("fk_message_thread_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint("reference", name=op.f("uq_message_reference")),
    )
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.create_index("ix_message_author_id_written_at", ["author_id", "written_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_message_thread_id_id", ["thread_id", "id"], unique=False)

    op.create_table(
        "message_reading",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_message_reading_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_message_reading_authority_id")),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_message_reading_message_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message_reading")),
        sa.UniqueConstraint("message_id", "account_id", name=op.f("uq_message_reading_message_id_account_id")),
    )
    with op.batch_alter_table("message_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_message_reading_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_message_reading_authority_id"), ["authority_id"], unique=False)

    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("message_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )  # fmt: skip
        batch_op.create_foreign_key(batch_op.f("fk_contact_message_id"), "message", ["message_id"], ["id"])
        batch_op.create_index("ix_contact_message_id", ["message_id"], unique=False)

    allow_purposes(*PURPOSES, "new-email")


def downgrade() -> None:
    op.execute("DELETE FROM mail_link WHERE purpose = 'new-email'")
    allow_purposes(*PURPOSES)
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_message_id")
        batch_op.drop_constraint(batch_op.f("fk_contact_message_id"), type_="foreignkey")
        batch_op.drop_column("message_id")

    with op.batch_alter_table("message_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_message_reading_authority_id"))
        batch_op.drop_index(batch_op.f("ix_message_reading_account_id"))

    op.drop_table("message_reading")
    with op.batch_alter_table("message", schema=None) as batch_op:
        batch_op.drop_index("ix_message_thread_id_id")
        batch_op.drop_index(batch_op.f("ix_message_authority_id"))
        batch_op.drop_index("ix_message_author_id_written_at")

    op.drop_table("message")
    with op.batch_alter_table("message_thread", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_message_thread_waiting",
            sqlite_where=sa.text("waiting_since IS NOT NULL"),
            postgresql_where=sa.text("waiting_since IS NOT NULL"),
        )
        batch_op.drop_index("ix_message_thread_authority_id")
        batch_op.drop_index(batch_op.f("ix_message_thread_account_id"))

    op.drop_table("message_thread")


def allow_purposes(*purposes: str) -> None:
    """Hold what a link can be for to this list."""
    listed = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_mail_link_purpose"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_mail_link_purpose"), sa.text(f"purpose IN ({listed})"))
