"""lists and days: who was handed a child when, lists that officers keep, indexes for turning pages"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0005"
down_revision: str | None = "0004"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

RUNNING = {"sqlite_where": sa.text("is_running = 1"), "postgresql_where": sa.text("is_running")}
OPEN = {"sqlite_where": sa.text("closed_on IS NULL"), "postgresql_where": sa.text("closed_on IS NULL")}
WAITING = "outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"
STANDS = "state IN ('offered', 'accepted')"
STANDING = {"sqlite_where": sa.text(STANDS), "postgresql_where": sa.text(STANDS)}


def upgrade() -> None:
    op.create_table(
        "saved_list",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("asked", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_saved_list_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_saved_list_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_saved_list")),
        sa.UniqueConstraint("account_id", "name", name=op.f("uq_saved_list_account_id_name")),
        sa.UniqueConstraint("reference", name=op.f("uq_saved_list_reference")),
    )
    op.create_index("ix_saved_list_authority_id", "saved_list", ["authority_id"])
    op.add_column("episode", sa.Column("given_on", sa.Date(), nullable=True))
    op.drop_index("ix_episode_adviser", "episode")
    op.create_index("ix_episode_adviser", "episode", ["authority_id", "adviser_id", "child_id", "given_on"], **OPEN)
    op.create_index("ix_episode_opened", "episode", ["authority_id", "opened_on", "child_id"])
    with op.batch_alter_table("contact_clock", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("adviser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.create_foreign_key(op.f("fk_contact_clock_adviser_id"), "account", ["adviser_id"], ["id"])
    op.execute(
        "UPDATE contact_clock SET adviser_id ="
        " (SELECT episode.adviser_id FROM episode WHERE episode.id = contact_clock.episode_id)"
    )
    op.drop_index("ix_contact_clock_due", "contact_clock")
    op.create_index("ix_contact_clock_due", "contact_clock", ["authority_id", "due_on", "child_id"], **RUNNING)
    op.create_index("ix_contact_clock_adviser", "contact_clock", ["adviser_id", "due_on", "child_id"], **RUNNING)
    op.create_index(
        "ix_contact_waiting_child",
        "contact",
        ["child_id"],
        sqlite_where=sa.text(WAITING),
        postgresql_where=sa.text(WAITING),
    )
    op.create_index("ix_visit_waiting", "visit", ["authority_id", "on_date", "id"], **STANDING)
    op.drop_index("ix_possible_double_open", "possible_double")
    op.create_index("ix_possible_double_open", "possible_double", ["authority_id", "verdict", "found_on", "id"])


def downgrade() -> None:
    op.drop_index("ix_possible_double_open", "possible_double")
    op.create_index("ix_possible_double_open", "possible_double", ["authority_id", "verdict"])
    op.drop_index("ix_visit_waiting", "visit")
    op.drop_index("ix_contact_clock_due", "contact_clock")
    op.create_index("ix_contact_clock_due", "contact_clock", ["authority_id", "due_on"], **RUNNING)
    op.drop_index("ix_contact_waiting_child", "contact")
    op.drop_index("ix_contact_clock_adviser", "contact_clock")
    with op.batch_alter_table("contact_clock", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("fk_contact_clock_adviser_id"), type_="foreignkey")
        batch_op.drop_column("adviser_id")
    op.drop_index("ix_episode_opened", "episode")
    op.drop_index("ix_episode_adviser", "episode")
    op.create_index("ix_episode_adviser", "episode", ["authority_id", "adviser_id"])
    op.drop_column("episode", "given_on")
    op.drop_table("saved_list")
