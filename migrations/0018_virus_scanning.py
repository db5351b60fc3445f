"""files: what a virus scanner said of them"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0018"
down_revision: str | None = "0017"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CODES = ("waiting", "clean", "infected", "could-not-be-scanned")
WAITING = sa.text("scan = 'waiting'")


def upgrade() -> None:
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        # What was sent before waits, and is scanned once there is a scanner; until then it is shown as it was.
        batch_op.add_column(sa.Column("scan", sa.String(length=40), nullable=False, server_default="waiting"))
        batch_op.add_column(sa.Column("scanned_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("found", sa.String(), nullable=True))
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.alter_column("scan", existing_type=sa.String(length=40), existing_nullable=False, server_default=None)
        listed = ", ".join(f"'{code}'" for code in CODES)
        batch_op.create_check_constraint(batch_op.f("ck_evidence_file_scan"), sa.text(f"scan IN ({listed})"))
        batch_op.create_index(
            "ix_evidence_file_to_scan", ["id"], unique=False, sqlite_where=WAITING, postgresql_where=WAITING
        )
    op.create_table(
        "scan_try",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tries", KEY, nullable=False),
        sa.Column("trouble", sa.String(), nullable=True),
        sa.Column("told_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_scan_try_authority_id")),
        sa.ForeignKeyConstraint(["file_id"], ["evidence_file.id"], name=op.f("fk_scan_try_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_scan_try")),
        sa.UniqueConstraint("file_id", name=op.f("uq_scan_try_file_id")),
    )
    op.create_index(op.f("ix_scan_try_authority_id"), "scan_try", ["authority_id"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_scan_try_authority_id"), table_name="scan_try")
    op.drop_table("scan_try")
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_file_to_scan", sqlite_where=WAITING, postgresql_where=WAITING)
        batch_op.drop_constraint(batch_op.f("ck_evidence_file_scan"), type_="check")
        batch_op.drop_column("found")
        batch_op.drop_column("scanned_at")
        batch_op.drop_column("scan")
