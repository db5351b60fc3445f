"""what waits of an adviser's own children is found in indexes alone"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0027"
down_revision: str | None = "0025"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

OPEN, KEPT, RETURNED = sa.text("ended_at IS NULL"), sa.text("ended_on IS NULL"), sa.text("state = 'returned'")
BIRTH, REVIEW, PLAN = "ix_child_authority_birth", "ix_education_review_open", "ix_ehc_plan_due"


def upgrade() -> None:
    op.drop_index(BIRTH, table_name="child")
    op.create_index(BIRTH, "child", ["authority_id", "date_of_birth", "id"])
    op.drop_index(REVIEW, table_name="education_review")
    op.create_index(
        REVIEW,
        "education_review",
        ["authority_id", "due_on", "child_id", "id"],
        sqlite_where=OPEN,
        postgresql_where=OPEN,
    )
    op.drop_index(PLAN, table_name="ehc_plan")
    op.create_index(PLAN, "ehc_plan", ["authority_id", "due_on", "child_id"], sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_index(
        "ix_assessment_returned", "assessment", ["child_id"], sqlite_where=RETURNED, postgresql_where=RETURNED
    )


def downgrade() -> None:
    op.drop_index("ix_assessment_returned", table_name="assessment")
    op.drop_index(PLAN, table_name="ehc_plan")
    op.create_index(PLAN, "ehc_plan", ["authority_id", "due_on"], sqlite_where=KEPT, postgresql_where=KEPT)
    op.drop_index(REVIEW, table_name="education_review")
    op.create_index(REVIEW, "education_review", ["authority_id", "due_on"], sqlite_where=OPEN, postgresql_where=OPEN)
    op.drop_index(BIRTH, table_name="child")
    op.create_index(BIRTH, "child", ["authority_id", "date_of_birth"])
