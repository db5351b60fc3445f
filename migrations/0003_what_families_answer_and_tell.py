"""what families answer and tell"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0003"
down_revision: str | None = "0002"
branch_labels: Sequence[str] = ()
depends_on: str | None = None


OLD_STATES = ("offered", "recorded", "withdrawn")
NEW_STATES = ("offered", "accepted", "another-time", "another-way", "declined", "recorded", "withdrawn")


def allow(batch_op: BatchOperations, states: tuple[str, ...]) -> None:
    """Let the state of a visit be one of these."""
    name, listed = batch_op.f("ck_visit_visitstate"), ", ".join(f"'{state}'" for state in states)
    batch_op.drop_constraint(name, type_="check")
    batch_op.create_check_constraint(name, sa.text(f"state IN ({listed})"))


def upgrade() -> None:
    op.create_table(
        "reported_change",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "address",
                "school",
                "moving-away",
                "new-parent",
                "something-else",
                name="changekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "taken-up",
                "set-aside",
                name="changestate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answer", sa.String(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reported_change_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_reported_change_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_reported_change_child_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_reported_change_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reported_change")),
        sa.UniqueConstraint("reference", name=op.f("uq_reported_change_reference")),
    )
    with op.batch_alter_table("reported_change", schema=None) as batch_op:
        batch_op.create_index("ix_reported_change_account_id", ["account_id", "told_at"], unique=False)
        batch_op.create_index("ix_reported_change_child_id", ["child_id", "told_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_reported_change_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(
            "ix_reported_change_waiting",
            ["authority_id", "told_at"],
            unique=False,
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )

    op.create_table(
        "parent_access",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "invited",
                "claimed",
                "verified",
                "declined",
                "ended",
                name="accessstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("child_named", sa.String(), nullable=True),
        sa.Column("child_born_on", sa.Date(), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("ended_why", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_parent_access_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_parent_access_authority_id")),
        sa.ForeignKeyConstraint(["begun_by_id"], ["account.id"], name=op.f("fk_parent_access_begun_by_id")),
        sa.ForeignKeyConstraint(["ended_by_id"], ["account.id"], name=op.f("fk_parent_access_ended_by_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["parent.id"], name=op.f("fk_parent_access_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parent_access")),
        sa.UniqueConstraint("reference", name=op.f("uq_parent_access_reference")),
    )
    with op.batch_alter_table("parent_access", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parent_access_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parent_access_begun_by_id"), ["begun_by_id"], unique=False)
        batch_op.create_index(
            "ix_parent_access_claimed",
            ["authority_id", "claimed_at"],
            unique=False,
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.create_index("ix_parent_access_email", ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_parent_access_ended_by_id"), ["ended_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parent_access_parent_id"), ["parent_id"], unique=False)
        batch_op.create_index(
            "uq_parent_access_open",
            ["parent_id"],
            unique=True,
            sqlite_where=sa.text("state IN ('invited', 'claimed', 'verified')"),
            postgresql_where=sa.text("state IN ('invited', 'claimed', 'verified')"),
        )

    op.create_table(
        "contact_comment",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_comment_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_contact_comment_authority_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_comment_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_comment")),
    )
    with op.batch_alter_table("contact_comment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_comment_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_comment_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_contact_comment_contact_id", ["contact_id", "id"], unique=False)

    op.create_table(
        "visit_answer",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "answer",
            sa.Enum(
                "accepted",
                "another-time",
                "another-way",
                "declined",
                name="visitreply",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "home-visit",
                "meeting",
                "phone-call",
                "video-call",
                "written-report",
                "letter",
                "email",
                name="contactkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=False),
        sa.Column(
            "way",
            sa.Enum(
                "writing",
                "phone",
                "video",
                "elsewhere",
                name="otherway",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("read_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("read_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_visit_answer_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_visit_answer_authority_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_visit_answer_contact_id")),
        sa.ForeignKeyConstraint(["read_by_id"], ["account.id"], name=op.f("fk_visit_answer_read_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_answer_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_answer")),
    )
    with op.batch_alter_table("visit_answer", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_answer_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_answer_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_answer_read_by_id"), ["read_by_id"], unique=False)
        batch_op.create_index(
            "ix_visit_answer_unread",
            ["authority_id", "answered_at"],
            unique=False,
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.create_index("ix_visit_answer_visit_id", ["visit_id", "id"], unique=False)

    with op.batch_alter_table("visit", schema=None) as batch_op:
        allow(batch_op, NEW_STATES)
        batch_op.add_column(sa.Column("note", sa.String(), nullable=True))


def downgrade() -> None:
    op.execute("UPDATE visit SET state = 'offered' WHERE state NOT IN ('offered', 'recorded', 'withdrawn')")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        allow(batch_op, OLD_STATES)
        batch_op.drop_column("note")

    with op.batch_alter_table("visit_answer", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_answer_visit_id")
        batch_op.drop_index(
            "ix_visit_answer_unread",
            sqlite_where=sa.text("read_at IS NULL"),
            postgresql_where=sa.text("read_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_answer_read_by_id"))
        batch_op.drop_index(batch_op.f("ix_visit_answer_contact_id"))
        batch_op.drop_index(batch_op.f("ix_visit_answer_account_id"))

    op.drop_table("visit_answer")
    with op.batch_alter_table("contact_comment", schema=None) as batch_op:
        batch_op.drop_index("ix_contact_comment_contact_id")
        batch_op.drop_index(batch_op.f("ix_contact_comment_authority_id"))
        batch_op.drop_index(batch_op.f("ix_contact_comment_account_id"))

    op.drop_table("contact_comment")
    with op.batch_alter_table("parent_access", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_parent_access_open",
            sqlite_where=sa.text("state IN ('invited', 'claimed', 'verified')"),
            postgresql_where=sa.text("state IN ('invited', 'claimed', 'verified')"),
        )
        batch_op.drop_index(batch_op.f("ix_parent_access_parent_id"))
        batch_op.drop_index(batch_op.f("ix_parent_access_ended_by_id"))
        batch_op.drop_index("ix_parent_access_email")
        batch_op.drop_index(
            "ix_parent_access_claimed",
            sqlite_where=sa.text("state = 'claimed'"),
            postgresql_where=sa.text("state = 'claimed'"),
        )
        batch_op.drop_index(batch_op.f("ix_parent_access_begun_by_id"))
        batch_op.drop_index(batch_op.f("ix_parent_access_account_id"))

    op.drop_table("parent_access")
    with op.batch_alter_table("reported_change", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_reported_change_waiting",
            sqlite_where=sa.text("state = 'waiting'"),
            postgresql_where=sa.text("state = 'waiting'"),
        )
        batch_op.drop_index(batch_op.f("ix_reported_change_decided_by_id"))
        batch_op.drop_index("ix_reported_change_child_id")
        batch_op.drop_index("ix_reported_change_account_id")

    op.drop_table("reported_change")
