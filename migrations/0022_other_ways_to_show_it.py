"""evidence: accounts in parts, statements by others, comments on decisions; complaints with a clock of their own"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0022"
down_revision: str | None = "0021"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
PARTS = "part IN ('learning', 'week', 'reading', 'number', 'interests', 'people', 'own-words', 'more')"


STATES = "state IN ('asked', 'taken-back', 'written', 'sent-on', 'kept-back')"
ABOUT = "about IN ('decision', 'visit', 'treatment', 'data', 'other')"
FOUND = "finding IN ('upheld', 'partly-upheld', 'not-upheld')"
LATE = "late IN ('not-acknowledged', 'not-answered')"
UNANSWERED = sa.text("answered_at IS NULL")


def upgrade() -> None:
    parts()
    statements()
    comments()
    complaints()
    concerned()


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
        sa.UniqueConstraint("evidence_id", "part", name=op.f("uq_evidence_part_evidence_id_part")),
    )
    op.create_index(op.f("ix_evidence_part_authority_id"), "evidence_part", ["authority_id"], unique=False)


def statements() -> None:
    """What others were asked to say, and said."""
    op.create_table(
        "statement",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("child_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("asked_of", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("at_once", sa.Boolean(), nullable=False),
        *(sa.Column(name, sa.DateTime(timezone=True), nullable=False) for name in ("asked_at", "mailed_at", "ends_at")),
        sa.Column("state", sa.String(length=40), nullable=False),
        sa.Column("mails", KEY, nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=True),
        *(sa.Column(name, sa.String(), nullable=True) for name in ("writer", "how_known", "words")),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(STATES, name=op.f("ck_statement_statementstate")),
        sa.CheckConstraint("state <> 'written' OR words IS NOT NULL", name=op.f("ck_statement_written_words")),
        sa.CheckConstraint(
            "state NOT IN ('asked', 'taken-back') OR written_at IS NULL", name=op.f("ck_statement_not_written_yet")
        ),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_statement_{name}_id"))
            for name in ("authority", "child", "account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_statement")),
        sa.UniqueConstraint("reference", name=op.f("uq_statement_reference")),
    )
    with op.batch_alter_table("statement", schema=None) as batch_op:
        batch_op.create_index("ix_statement_account_child", ["account_id", "child_id"], unique=False)
        for name in ("authority_id", "child_id"):
            batch_op.create_index(batch_op.f(f"ix_statement_{name}"), [name], unique=False)
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statement_id", KEY, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_evidence_statement_id"), "statement", ["statement_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_evidence_statement_id"), ["statement_id"])
    with op.batch_alter_table("waiting_file", schema=None) as batch_op:
        batch_op.add_column(sa.Column("statement_id", KEY, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_waiting_file_statement_id"), "statement", ["statement_id"], ["id"])
        batch_op.create_index(batch_op.f("ix_waiting_file_statement_id"), ["statement_id"], unique=False)


def comments() -> None:
    """What parents say of decisions."""
    op.create_table(
        "decision_comment",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(f"{name}_id", KEY, nullable=False) for name in ("authority", "assessment", "account")),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("said_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_decision_comment_{name}_id"))
            for name in ("authority", "assessment", "account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_decision_comment")),
    )
    with op.batch_alter_table("decision_comment", schema=None) as batch_op:
        for name in ("authority_id", "account_id"):
            batch_op.create_index(batch_op.f(f"ix_decision_comment_{name}"), [name], unique=False)
        batch_op.create_index("ix_decision_comment_assessment_id", ["assessment_id", "id"], unique=False)


def complaints() -> None:
    """What parents complain of."""
    op.create_table(
        "complaint",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        *(sa.Column(f"{name}_id", KEY, nullable=False) for name in ("authority", "child", "account")),
        sa.Column("about", sa.String(length=40), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("acknowledge_by", sa.Date(), nullable=False),
        sa.Column("answer_by", sa.Date(), nullable=False),
        sa.Column("whom", sa.String(), nullable=True),
        sa.Column("wanted", sa.String(), nullable=True),
        sa.Column("handler_id", KEY, nullable=True),
        sa.Column("overseer_id", KEY, nullable=True),
        sa.Column("late", sa.String(length=40), nullable=True),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", KEY, nullable=True),
        sa.Column("finding", sa.String(length=40), nullable=True),
        sa.Column("answer", sa.String(), nullable=True),
        sa.CheckConstraint(ABOUT, name=op.f("ck_complaint_about")),
        sa.CheckConstraint(FOUND, name=op.f("ck_complaint_finding")),
        sa.CheckConstraint(LATE, name=op.f("ck_complaint_late")),
        sa.CheckConstraint("(answered_at IS NULL) = (answer IS NULL)", name=op.f("ck_complaint_answered_in_words")),
        sa.CheckConstraint(
            "(answered_at IS NULL) = (finding IS NULL)", name=op.f("ck_complaint_answered_with_a_finding")
        ),
        sa.CheckConstraint("answer_by >= acknowledge_by", name=op.f("ck_complaint_acknowledged_first")),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{table}.id"], name=op.f(f"fk_complaint_{name}_id"))
            for name, table in (
                ("authority", "authority"),
                ("child", "child"),
                ("account", "account"),
                ("handler", "account"),
                ("overseer", "account"),
                ("answered_by", "account"),
            )
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint")),
        sa.UniqueConstraint("reference", name=op.f("uq_complaint_reference")),
    )
    with op.batch_alter_table("complaint", schema=None) as batch_op:
        for name in ("account_id", "handler_id", "overseer_id", "answered_by_id"):
            batch_op.create_index(batch_op.f(f"ix_complaint_{name}"), [name], unique=False)
        batch_op.create_index("ix_complaint_child_id", ["child_id", "id"], unique=False)
        batch_op.create_index(
            "ix_complaint_open",
            ["authority_id", "answer_by"],
            unique=False,
            sqlite_where=UNANSWERED,
            postgresql_where=UNANSWERED,
        )


def concerned() -> None:
    """Whom they are, or may be, about."""
    op.create_table(
        "complaint_concerned",
        sa.Column("id", KEY, nullable=False),
        *(sa.Column(f"{name}_id", KEY, nullable=False) for name in ("authority", "account", "complaint")),
        sa.Column("shared_at", sa.DateTime(timezone=True), nullable=True),
        *(
            sa.ForeignKeyConstraint([f"{name}_id"], [f"{name}.id"], name=op.f(f"fk_complaint_concerned_{name}_id"))
            for name in ("authority", "account", "complaint")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_complaint_concerned")),
        sa.UniqueConstraint("complaint_id", "account_id", name=op.f("uq_complaint_concerned_complaint_id_account_id")),
    )
    with op.batch_alter_table("complaint_concerned", schema=None) as batch_op:
        for name in ("authority_id", "account_id"):
            batch_op.create_index(batch_op.f(f"ix_complaint_concerned_{name}"), [name], unique=False)


def downgrade() -> None:
    op.drop_table("complaint_concerned")
    op.drop_table("complaint")
    op.drop_table("decision_comment")
    with op.batch_alter_table("waiting_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waiting_file_statement_id"))
        batch_op.drop_constraint(batch_op.f("fk_waiting_file_statement_id"), type_="foreignkey")
        batch_op.drop_column("statement_id")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("uq_evidence_statement_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_evidence_statement_id"), type_="foreignkey")
        batch_op.drop_column("statement_id")
    op.drop_table("statement")
    op.drop_table("evidence_part")
