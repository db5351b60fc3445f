"""evidence: decisions that another person approves, and dated requests for information"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0019"
down_revision: str | None = "0018"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WAITING = sa.text("state = 'waiting'")
OPEN = sa.text("ended_at IS NULL")
STATES = "state IN ('waiting', 'returned', 'stands')"

NEVER_STOOD = (
    """
    UPDATE evidence SET decided_in_id = NULL
    WHERE decided_in_id IN (SELECT id FROM assessment WHERE state <> 'stands')
    """,
    """
    DELETE FROM assessment_ground WHERE criterion_id IN (
        SELECT assessment_criterion.id FROM assessment_criterion
        JOIN assessment ON assessment.id = assessment_criterion.assessment_id
        WHERE assessment.state <> 'stands'
    )
    """,
    """
    DELETE FROM assessment_criterion
    WHERE assessment_id IN (SELECT id FROM assessment WHERE state <> 'stands')
    """,
    """
    DELETE FROM assessment_evidence
    WHERE assessment_id IN (SELECT id FROM assessment WHERE state <> 'stands')
    """,
    "DELETE FROM assessment WHERE state <> 'stands'",
)


def upgrade() -> None:
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("state", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("stands_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("answered_by_id", KEY, nullable=True))
        batch_op.add_column(sa.Column("answer", sa.String(), nullable=True))
    # Until now every decision stood, and was told, as soon as it was made.
    op.execute("UPDATE assessment SET state = 'stands', stands_since = decided_at")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.alter_column("state", existing_type=sa.String(length=40), nullable=False)
        batch_op.create_check_constraint(batch_op.f("ck_assessment_decisionstate"), sa.text(STATES))
        batch_op.create_check_constraint(
            batch_op.f("ck_assessment_another_answers"), sa.text("answered_by_id <> decided_by_id")
        )
        batch_op.create_check_constraint(
            batch_op.f("ck_assessment_stands_since_a_moment"),
            sa.text("(state = 'stands') = (stands_since IS NOT NULL)"),
        )
        batch_op.create_foreign_key(batch_op.f("fk_assessment_answered_by_id"), "account", ["answered_by_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_assessment_answered_by_id"), ["answered_by_id"], unique=False)
        batch_op.create_index(
            "ix_assessment_waiting",
            ["authority_id", "decided_at"],
            unique=False,
            sqlite_where=WAITING,
            postgresql_where=WAITING,
        )
    requests()
    steps()


def requests() -> None:
    """What families are asked for."""
    op.create_table(
        "information_request",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("child_id", KEY, nullable=False),
        sa.Column("assessment_id", KEY, nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("asked_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("evidence_id", KEY, nullable=True),
        sa.Column("contact_id", KEY, nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("last_on > asked_on", name=op.f("ck_information_request_time_to_answer")),
        sa.CheckConstraint("evidence_id IS NULL OR contact_id IS NULL", name=op.f("ck_information_request_one_answer")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (evidence_id IS NULL AND contact_id IS NULL)",
            name=op.f("ck_information_request_answered_by_something"),
        ),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_information_request_{name}_id"))
            for name in ("authority", "child", "assessment", "evidence", "contact")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_request")),
        sa.UniqueConstraint("assessment_id", name=op.f("uq_information_request_assessment_id")),
        sa.UniqueConstraint("reference", name=op.f("uq_information_request_reference")),
    )
    with op.batch_alter_table("information_request", schema=None) as batch_op:
        for name in ("authority_id", "evidence_id", "contact_id"):
            batch_op.create_index(batch_op.f(f"ix_information_request_{name}"), [name], unique=False)
        batch_op.create_index("ix_information_request_child_id", ["child_id", "id"], unique=False)
        batch_op.create_index(
            "ix_information_request_open",
            ["child_id", "last_on"],
            unique=False,
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        )


def steps() -> None:
    """What officers did about them."""
    op.create_table(
        "information_step",
        sa.Column("id", KEY, nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("request_id", KEY, nullable=False),
        sa.Column("was_on", sa.Date(), nullable=False),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("made_by_id", KEY, nullable=True),
        sa.Column("last_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_information_step_authority_id")),
        sa.ForeignKeyConstraint(
            ["request_id"], ["information_request.id"], name=op.f("fk_information_step_request_id")
        ),
        sa.ForeignKeyConstraint(["made_by_id"], ["account.id"], name=op.f("fk_information_step_made_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_information_step")),
    )
    with op.batch_alter_table("information_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_information_step_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_information_step_made_by_id"), ["made_by_id"], unique=False)
        batch_op.create_index("ix_information_step_request_id", ["request_id", "id"], unique=False)


def downgrade() -> None:
    op.drop_table("information_step")
    op.drop_table("information_request")
    # What never stood has no place in the older schema.
    for statement in NEVER_STOOD:
        op.execute(statement)
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index("ix_assessment_waiting", sqlite_where=WAITING, postgresql_where=WAITING)
        batch_op.drop_index(batch_op.f("ix_assessment_answered_by_id"))
        batch_op.drop_constraint(batch_op.f("fk_assessment_answered_by_id"), type_="foreignkey")
        for name in ("stands_since_a_moment", "another_answers", "decisionstate"):
            batch_op.drop_constraint(batch_op.f(f"ck_assessment_{name}"), type_="check")
        for name in ("answer", "answered_by_id", "answered_at", "stands_since", "state"):
            batch_op.drop_column(name)
