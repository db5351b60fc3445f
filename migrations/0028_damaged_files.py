"""files of the vault that were found damaged"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0028"
down_revision: str | None = "0027"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "damaged_file",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("found_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_damaged_file_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_damaged_file")),
        sa.UniqueConstraint("identity", name=op.f("uq_damaged_file_identity")),
    )
    op.create_index(op.f("ix_damaged_file_authority_id"), "damaged_file", ["authority_id"])


def downgrade() -> None:
    op.drop_table("damaged_file")
