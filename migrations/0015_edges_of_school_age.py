"""edges of school age: what an officer says of the end, and ends by themselves that someone looks at"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0015"
down_revision: str | None = "0014"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

SUBJECTS = ("child", "address", "parent", "protection")


def subjects(*codes: str) -> None:
    """Let a change of details be about these."""
    listed = ", ".join(f"'{code}'" for code in codes)
    with op.batch_alter_table("detail_change", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_detail_change_subject"), type_="check")
        batch_op.create_check_constraint(batch_op.f("ck_detail_change_subject"), sa.text(f"subject IN ({listed})"))


def upgrade() -> None:
    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.add_column(sa.Column("age_ends_said_on", sa.Date(), nullable=True))
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.add_column(sa.Column("to_review_since", sa.Date(), nullable=True))
        batch_op.create_index(
            "ix_episode_to_review",
            ["authority_id", "to_review_since"],
            unique=False,
            sqlite_where=sa.text("to_review_since IS NOT NULL"),
            postgresql_where=sa.text("to_review_since IS NOT NULL"),
        )
    subjects(*SUBJECTS, "school-age")


def downgrade() -> None:
    # What was said keeps its reasons, as a change of the child's details.
    op.execute("UPDATE detail_change SET subject = 'child' WHERE subject = 'school-age'")
    subjects(*SUBJECTS)
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.drop_index("ix_episode_to_review")
        batch_op.drop_column("to_review_since")
    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.drop_column("age_ends_said_on")
