"""what is open or waits, by child"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0009"
down_revision: str | None = "0008"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

OPEN = sa.text("state <> 'closed'")
WAITS = sa.text("state IN ('offered', 'accepted')")


def upgrade() -> None:
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(
            "ix_escalation_open_child", ["child_id"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
        )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index(
            "ix_visit_waiting_child", ["child_id"], unique=False, sqlite_where=WAITS, postgresql_where=WAITS
        )


def downgrade() -> None:
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_waiting_child", sqlite_where=WAITS, postgresql_where=WAITS)
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index("ix_escalation_open_child", sqlite_where=OPEN, postgresql_where=OPEN)
