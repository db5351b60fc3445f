"""evidence: accounts in parts, statements by others, comments on decisions; complaints with a clock of their own"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0019"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PARTS = "part IN ('learning', 'week', 'reading', 'number', 'interests', 'people', 'own-words', 'more')"


def upgrade() -> None:
    parts()


def parts() -> None:
    """What an account of the education is made of."""
    op.create_table(
        "evidence_part",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("evidence_id", KEY, nullable=False),
        sa.Column("part", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.CheckConstraint(PARTS, name=op.f("ck_evidence_part_accountpart")),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_evidence_part_{name}_id"))
            for name in ("authority", "evidence")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_part")),
        sa.UniqueConstraint("evidence_id", "part", name=op.f("uq_evidence_part_evidence_id")),
    )
    op.create_index(op.f("ix_evidence_part_authority_id"), "evidence_part", ["authority_id"], unique=False)


def downgrade() -> None:
    op.drop_table("evidence_part")
