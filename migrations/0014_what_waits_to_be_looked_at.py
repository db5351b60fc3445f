"""evidence: by which decision it was looked at"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0014"
down_revision: str | None = "0013"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("decided_in_id IS NULL")


def upgrade() -> None:
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("decided_in_id", KEY, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_evidence_decided_in_id"), "assessment", ["decided_in_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_evidence_decided_in_id"), ["decided_in_id"], unique=False)
        batch_op.create_index(
            "ix_evidence_waiting",
            ["child_id", "sent_on"],
            unique=False,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )
    # As was said until now: what had been sent when someone decided.
    op.execute(
        """
        UPDATE evidence SET decided_in_id = (
            SELECT id FROM assessment
            WHERE assessment.child_id = evidence.child_id AND assessment.decided_at >= evidence.sent_at
            ORDER BY decided_at, id LIMIT 1
        )
        """
    )


def downgrade() -> None:
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_waiting", sqlite_where=WAITING, postgresql_where=WAITING)
        batch_op.drop_index(batch_op.f("ix_evidence_decided_in_id"))
        batch_op.drop_constraint(batch_op.f("fk_evidence_decided_in_id"), type_="foreignkey")
        batch_op.drop_column("decided_in_id")
