"""the ladder of an escalation"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0011"
down_revision: str | None = "0010"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RUNGS = ("raised", "manager", "head", "answered", "undecided", "next-date", "absent")
WAITS = sa.text("next_rung_on IS NOT NULL")
UNSENT = sa.text("sent_at IS NULL")
UNSENT_BY_ITSELF = sa.text("sent_at IS NULL AND carried_by_id IS NULL")
CARRIED = sa.text("carried_by_id IS NOT NULL")
OF_NOBODY, OF_SOMEONE = sa.text("person_id IS NULL"), sa.text("person_id IS NOT NULL")


def upgrade() -> None:
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("raised_again_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("rung", sa.String(length=40), server_default="raised", nullable=False))
        batch_op.add_column(sa.Column("next_rung_on", sa.Date(), nullable=True))
        batch_op.create_check_constraint(
            batch_op.f("ck_escalation_rung"), sa.text(f"rung IN ({', '.join(repr(rung) for rung in RUNGS)})")
        )
        batch_op.create_index(
            "ix_escalation_next_rung",
            ["next_rung_on", "id"],
            unique=False,
            sqlite_where=WAITS,
            postgresql_where=WAITS,
        )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.alter_column("rung", existing_type=sa.String(length=40), existing_nullable=False, server_default=None)
    # The first run of the ladder works out the day of each.
    op.execute("UPDATE escalation SET rung = 'answered' WHERE state IN ('acknowledged', 'triaged', 'enquiry')")
    op.execute("UPDATE escalation SET next_rung_on = raised_on WHERE state <> 'closed'")

    op.create_table(
        "escalation_rung",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("escalation_id", KEY, nullable=False),
        sa.Column("alert", KEY, nullable=False),
        sa.Column(
            "rung",
            sa.Enum(*RUNGS, name="rung", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("told_on", sa.Date(), nullable=False),
        sa.Column("at_work", KEY, nullable=False),
        sa.Column("person_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.CheckConstraint(
            "(rung = 'absent') = (person_id IS NOT NULL)", name=op.f("ck_escalation_rung_absent_is_someone")
        ),
        sa.CheckConstraint("rung NOT IN ('raised', 'answered')", name=op.f("ck_escalation_rung_above_the_first")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_escalation_rung_authority_id")),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_rung_escalation_id")),
        sa.ForeignKeyConstraint(["person_id"], ["account.id"], name=op.f("fk_escalation_rung_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_rung")),
    )
    with op.batch_alter_table("escalation_rung", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_rung_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_rung_person_id"), ["person_id"], unique=False)
        batch_op.create_index(
            "uq_escalation_rung",
            ["escalation_id", "alert", "rung", "due_on"],
            unique=True,
            sqlite_where=OF_NOBODY,
            postgresql_where=OF_NOBODY,
        )
        batch_op.create_index(
            "uq_escalation_rung_absent",
            ["escalation_id", "alert", "person_id", "due_on"],
            unique=True,
            sqlite_where=OF_SOMEONE,
            postgresql_where=OF_SOMEONE,
        )

    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_message_unsent", sqlite_where=UNSENT, postgresql_where=UNSENT)
        batch_op.add_column(sa.Column("carried_by_id", KEY, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_outgoing_message_carried_by_id"), "outgoing_message", ["carried_by_id"], ["id"]
        )
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outgoing_message_unsent",
            ["next_try_at", "id"],
            unique=False,
            sqlite_where=UNSENT_BY_ITSELF,
            postgresql_where=UNSENT_BY_ITSELF,
        )
        batch_op.create_index(
            "ix_outgoing_message_carried",
            ["carried_by_id"],
            unique=False,
            sqlite_where=CARRIED,
            postgresql_where=CARRIED,
        )

    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.add_column(sa.Column("social_worker_name", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("social_worker_email", sa.String(), nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.drop_column("social_worker_email")
        batch_op.drop_column("social_worker_name")

    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.drop_index("ix_outgoing_message_carried", sqlite_where=CARRIED, postgresql_where=CARRIED)
        batch_op.drop_index(
            "ix_outgoing_message_unsent", sqlite_where=UNSENT_BY_ITSELF, postgresql_where=UNSENT_BY_ITSELF
        )
        batch_op.drop_constraint(batch_op.f("fk_outgoing_message_carried_by_id"), type_="foreignkey")
        batch_op.drop_column("carried_by_id")
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.create_index(
            "ix_outgoing_message_unsent",
            ["next_try_at", "id"],
            unique=False,
            sqlite_where=UNSENT,
            postgresql_where=UNSENT,
        )

    with op.batch_alter_table("escalation_rung", schema=None) as batch_op:
        batch_op.drop_index("uq_escalation_rung_absent", sqlite_where=OF_SOMEONE, postgresql_where=OF_SOMEONE)
        batch_op.drop_index("uq_escalation_rung", sqlite_where=OF_NOBODY, postgresql_where=OF_NOBODY)
        batch_op.drop_index(batch_op.f("ix_escalation_rung_person_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_rung_authority_id"))
    op.drop_table("escalation_rung")

    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index("ix_escalation_next_rung", sqlite_where=WAITS, postgresql_where=WAITS)
        batch_op.drop_constraint(batch_op.f("ck_escalation_rung"), type_="check")
        for column in ("next_rung_on", "rung", "raised_again_on"):
            batch_op.drop_column(column)
