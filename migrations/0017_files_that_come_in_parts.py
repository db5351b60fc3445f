"""evidence: how many bytes are to come of a file that comes in parts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0017"
down_revision: str | None = "0015"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("waiting_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_come", KEY, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("waiting_file", schema=None) as batch_op:
        batch_op.drop_column("to_come")
