"""calendar: how long visits take, working hours, leave, private calendar addresses"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0013"
down_revision: str | None = "0012"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("minutes", sa.Integer(), server_default="60", nullable=False))
        batch_op.create_check_constraint(batch_op.f("ck_visit_minutes_likely"), "minutes BETWEEN 5 AND 480")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.alter_column("minutes", existing_type=sa.Integer(), existing_nullable=False, server_default=None)

    op.create_table(
        "working_day",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("from_time", sa.Time(), nullable=False),
        sa.Column("until_time", sa.Time(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.CheckConstraint("until_time > from_time", name=op.f("ck_working_day_ends_later")),
        sa.CheckConstraint("weekday BETWEEN 0 AND 6", name=op.f("ck_working_day_weekday_known")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_working_day_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_working_day_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_working_day")),
        sa.UniqueConstraint("account_id", "weekday", name=op.f("uq_working_day_account_id_weekday")),
    )
    with op.batch_alter_table("working_day", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_working_day_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "staff_leave",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column(
            "part",
            sa.Enum(
                "whole", "morning", "afternoon", name="daypart", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("reason", sa.String(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_staff_leave_last_after_first")),
        sa.CheckConstraint("part = 'whole' OR first_on = last_on", name=op.f("ck_staff_leave_part_of_one_day")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_staff_leave_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_staff_leave_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_staff_leave")),
        sa.UniqueConstraint("reference", name=op.f("uq_staff_leave_reference")),
    )
    with op.batch_alter_table("staff_leave", schema=None) as batch_op:
        batch_op.create_index("ix_staff_leave_account_id", ["account_id", "last_on"], unique=False)
        batch_op.create_index(batch_op.f("ix_staff_leave_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "calendar_feed",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("token_hash", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_calendar_feed_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_calendar_feed_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed")),
        sa.UniqueConstraint("account_id", name=op.f("uq_calendar_feed_account_id")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_calendar_feed_token_hash")),
    )
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "calendar_feed_reading",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("feed_id", KEY, nullable=False),
        sa.Column("hour_began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reads", sa.Integer(), nullable=False),
        sa.Column("last_read_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_calendar_feed_reading_authority_id")),
        sa.ForeignKeyConstraint(
            ["feed_id"], ["calendar_feed.id"], name=op.f("fk_calendar_feed_reading_feed_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar_feed_reading")),
        sa.UniqueConstraint("feed_id", name=op.f("uq_calendar_feed_reading_feed_id")),
    )
    with op.batch_alter_table("calendar_feed_reading", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_calendar_feed_reading_authority_id"), ["authority_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("calendar_feed_reading", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_reading_authority_id"))
    op.drop_table("calendar_feed_reading")
    with op.batch_alter_table("calendar_feed", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_calendar_feed_authority_id"))
    op.drop_table("calendar_feed")
    with op.batch_alter_table("staff_leave", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_staff_leave_authority_id"))
        batch_op.drop_index("ix_staff_leave_account_id")
    op.drop_table("staff_leave")
    with op.batch_alter_table("working_day", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_working_day_authority_id"))
    op.drop_table("working_day")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_visit_minutes_likely"), type_="check")
        batch_op.drop_column("minutes")
