"""reviews of the education, notes against pages, EHC plans"""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from alembic import op

revision: str = "0023"
down_revision: str | None = "0022"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("ended_at IS NULL")
KEPT = sa.text("ended_on IS NULL")
WITH_PLAN = sa.text("sen_status = 'ehcp'")
FRIDAY = 4
WEEKS = {"suitable-with-advice": 26, "appears-unsuitable": 4, "insufficient-information": 5}


def upgrade() -> None:
    op.create_table(
        "education_review",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("child_id", KEY, nullable=False),
        sa.Column("assessment_id", KEY, nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_education_review_{name}_id"))
            for name in ("authority", "child", "assessment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_education_review")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_education_review_assessment_id")),
    )
    with op.batch_alter_table("education_review", schema=None) as batch_op:
        batch_op.create_index("ix_education_review_child_id", ["child_id", "id"], unique=False)
        batch_op.create_index(
            "ix_education_review_open",
            ["authority_id", "due_on"],
            unique=False,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )
    notes()
    plans()
    reviews_of_what_stands()


def notes() -> None:
    """What officers write against pages, and what of it was kept with a decision."""
    op.create_table(
        "page_note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("file_id", KEY, nullable=False),
        sa.Column("page", sa.Integer(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", KEY, nullable=True),
        sa.CheckConstraint("page >= 1", name=op.f("ck_page_note_a_page")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_page_note_authority_id")),
        sa.ForeignKeyConstraint(["file_id"], ["evidence_file.id"], name=op.f("fk_page_note_file_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_page_note_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_page_note")),
        sa.UniqueConstraint("reference", name=op.f("uq_page_note_reference")),
    )
    with op.batch_alter_table("page_note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_page_note_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_page_note_file_id", ["file_id", "page", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_page_note_written_by_id"), ["written_by_id"], unique=False)
    op.create_table(
        "assessment_page_note",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("assessment_id", KEY, nullable=False),
        sa.Column("note_id", KEY, nullable=False),
        sa.Column("relied", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_assessment_page_note_authority_id")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_page_note_assessment_id")
        ),
        sa.ForeignKeyConstraint(["note_id"], ["page_note.id"], name=op.f("fk_assessment_page_note_note_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_page_note")),
        sa.UniqueConstraint("assessment_id", "note_id", name=op.f("uq_assessment_page_note_assessment_id_note_id")),
    )
    with op.batch_alter_table("assessment_page_note", schema=None) as batch_op:
        for name in ("authority_id", "note_id"):
            batch_op.create_index(batch_op.f(f"ix_assessment_page_note_{name}"), [name], unique=False)


def plans() -> None:
    """Education, health and care plans."""
    op.create_table(
        "ehc_plan",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("child_id", KEY, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("reviewed_on", sa.Date(), nullable=True),
        sa.Column("told_on", sa.Date(), nullable=True),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "reviewed_on IS NULL OR reviewed_on >= made_on", name=op.f("ck_ehc_plan_reviewed_after_made")
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_ehc_plan_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_ehc_plan_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ehc_plan")),
        sa.UniqueConstraint("child_id", name=op.f("uq_ehc_plan_child_id")),
    )
    op.create_index("ix_ehc_plan_due", "ehc_plan", ["authority_id", "due_on"], sqlite_where=KEPT, postgresql_where=KEPT)
    op.create_index(
        "ix_child_with_plan", "child", ["authority_id", "id"], sqlite_where=WITH_PLAN, postgresql_where=WITH_PLAN
    )


def reviews_of_what_stands() -> None:
    """The last decision about each child that stands is reviewed as one of today would be."""
    here = op.get_bind()
    found = here.execute(
        sa.text(
            "SELECT id, authority_id, child_id, outcome, stands_since FROM assessment"
            " WHERE state = 'stands' ORDER BY child_id, decided_at, id"
        ).columns(
            sa.column("id", KEY),
            sa.column("authority_id", KEY),
            sa.column("child_id", KEY),
            sa.column("outcome", sa.String()),
            sa.column("stands_since", sa.DateTime(timezone=True)),
        )
    )
    latest: dict[int, dict[str, Any]] = {}
    for one in found:
        latest[one.child_id] = {
            "authority_id": one.authority_id,
            "child_id": one.child_id,
            "assessment_id": one.id,
            "due_on": due(one.outcome, one.stands_since),
        }
    if latest:
        table = sa.table(
            "education_review",
            sa.column("authority_id", KEY),
            sa.column("child_id", KEY),
            sa.column("assessment_id", KEY),
            sa.column("due_on", sa.Date()),
        )
        here.execute(sa.insert(table), list(latest.values()))


def due(outcome: str, since: datetime) -> date:
    """When a decision is reviewed, by the values that an authority begins with. SQLite keeps moments in UTC."""
    moment = since if since.tzinfo else since.replace(tzinfo=ZoneInfo("UTC"))
    stood_on = moment.astimezone(ZoneInfo("Europe/London")).date()
    if outcome in WEEKS:
        day = stood_on + timedelta(weeks=WEEKS[outcome])
    else:
        leap_day = (stood_on.month, stood_on.day) == (2, 29)
        day = stood_on.replace(year=stood_on.year + 1, day=28 if leap_day else stood_on.day)
    while day.weekday() > FRIDAY:
        day += timedelta(days=1)
    return day


def downgrade() -> None:
    op.drop_index("ix_child_with_plan", table_name="child", sqlite_where=WITH_PLAN, postgresql_where=WITH_PLAN)
    op.drop_table("ehc_plan")
    op.drop_table("assessment_page_note")
    op.drop_table("page_note")
    op.drop_table("education_review")
