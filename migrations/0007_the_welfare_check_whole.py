"""the welfare check whole, drafts kept as they are written, decisions by criterion"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0007"
down_revision: str | None = "0006"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
KINDS = ("home-visit", "meeting", "phone-call", "video-call", "written-report", "letter", "email")
TOLD = ("yes", "no", "unsure")
REASONS = (
    "mental-health", "physical-health", "covid-19-concerns", "dissatisfaction-general", "dissatisfaction-send",
    "dissatisfaction-bullying", "lifestyle", "philosophical-or-preferential", "religious", "risk-of-exclusion",
    "permanent-exclusion", "not-preferred-school", "difficulty-accessing-place", "offered-place-not-accepted",
    "did-not-apply", "school-suggestion", "other", "no-reason-given", "unknown",
)  # fmt: skip
# A check constraint of its own for each column of codes: adding a column makes none.
CODED = {
    "alone": ("alone", ("yes", "not-asked", "together")),
    "discussed_with_school": ("discussed", TOLD),
    "school_suggested": ("suggested", TOLD),
    "otherwise_considered": ("considered", TOLD),
    "main_reason": ("primaryreason", REASONS),
    "next_kind": ("contactkind", KINDS),
}
WORDS = (
    "place", "environment", "progress", "aspirations", "social", "conclusion", "recommendations", "sen", "health",
    "support", "exams", "referrals",
)  # fmt: skip


def listed(column: str, codes: Sequence[str]) -> str:
    """The condition that a column holds one of these codes."""
    return f"{column} IN ({', '.join(repr(code) for code in codes)})"


def upgrade() -> None:
    op.create_table(
        "form_draft",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("form", sa.String(), nullable=True),
        sa.Column("about", sa.String(), nullable=True),
        sa.Column("title", sa.String(), nullable=True),
        sa.Column("typed_in", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_form_draft")),
        sa.UniqueConstraint("reference", name=op.f("uq_form_draft_reference")),
    )
    with op.batch_alter_table("form_draft", schema=None) as batch_op:
        batch_op.create_index("ix_form_draft_account_path", ["account_id", "path", "saved_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_form_draft_kept_until"), ["kept_until"], unique=False)

    op.create_table(
        "assessment_criterion",
        sa.Column("authority_id", BIG, nullable=False),
        sa.Column("assessment_id", BIG, nullable=False),
        sa.Column(
            "criterion",
            sa.Enum(
                "efficient",
                "full-time",
                "fitting",
                "special-needs",
                name="criterion",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "standing",
            sa.Enum(
                "satisfied",
                "not-enough-information",
                "not-satisfied",
                "does-not-apply",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.Column("other", sa.String(), nullable=True),
        sa.Column("id", BIG, nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_criterion_assessment_id")
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_assessment_criterion_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_criterion")),
        sa.UniqueConstraint("assessment_id", "criterion", name=op.f("uq_assessment_criterion_assessment_id_criterion")),
    )
    with op.batch_alter_table("assessment_criterion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_criterion_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "assessment_ground",
        sa.Column("authority_id", BIG, nullable=False),
        sa.Column("criterion_id", BIG, nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
        sa.Column("evidence_id", BIG, nullable=True),
        sa.Column("contact_id", BIG, nullable=True),
        sa.Column(
            "kind",
            sa.Enum(
                "home-visit",
                "meeting",
                "phone-call",
                "video-call",
                "written-report",
                "letter",
                "email",
                name="contactkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("id", BIG, nullable=False),
        sa.CheckConstraint(
            "(evidence_id IS NULL) <> (contact_id IS NULL)", name=op.f("ck_assessment_ground_one_thing")
        ),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_assessment_ground_authority_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_assessment_ground_contact_id")),
        sa.ForeignKeyConstraint(
            ["criterion_id"], ["assessment_criterion.id"], name=op.f("fk_assessment_ground_criterion_id")
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_assessment_ground_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment_ground")),
    )
    with op.batch_alter_table("assessment_ground", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_ground_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_ground_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_ground_criterion_id"), ["criterion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_ground_evidence_id"), ["evidence_id"], unique=False)

    with op.batch_alter_table("parked_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parked_form_account_id"))
        batch_op.drop_index(batch_op.f("ix_parked_form_at"))

    op.drop_table("parked_form")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.add_column(sa.Column("wanted", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("decided_under_id", BIG, nullable=True))
        batch_op.create_index(batch_op.f("ix_assessment_decided_under_id"), ["decided_under_id"], unique=False)
        batch_op.create_foreign_key(
            batch_op.f("fk_assessment_decided_under_id"), "policy_version", ["decided_under_id"], ["id"]
        )

    with op.batch_alter_table("safeguarding_observation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("consulted", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("action", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("done_time", sa.Time(), nullable=True))

    with op.batch_alter_table("welfare_check", schema=None) as batch_op:
        batch_op.add_column(sa.Column("at_time", sa.Time(), nullable=True))
        batch_op.add_column(sa.Column("minutes", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("first_visit", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("spoken_to", sa.Boolean(), nullable=True))
        for column in WORDS:
            batch_op.add_column(sa.Column(column, sa.String(), nullable=True))
        for column in ("styles", "reasons"):
            batch_op.add_column(sa.Column(column, sa.JSON(), nullable=False, server_default="[]"))
        for column, (name, codes) in CODED.items():
            batch_op.add_column(sa.Column(column, sa.String(length=40), nullable=True))
            batch_op.create_check_constraint(op.f(f"ck_welfare_check_{name}"), sa.text(listed(column, codes)))
        batch_op.add_column(sa.Column("signed_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("signed_by_id", BIG, nullable=True))
        batch_op.create_index(batch_op.f("ix_welfare_check_signed_by_id"), ["signed_by_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_welfare_check_signed_by_id"), "account", ["signed_by_id"], ["id"])
    with op.batch_alter_table("welfare_check", schema=None) as batch_op:
        for column in ("styles", "reasons"):
            batch_op.alter_column(column, existing_type=sa.JSON(), existing_nullable=False, server_default=None)
    # What was recorded before was recorded as finished.
    op.execute(
        "UPDATE welfare_check SET "
        "signed_at = (SELECT recorded_at FROM contact WHERE contact.id = welfare_check.contact_id), "
        "signed_by_id = (SELECT recorded_by_id FROM contact WHERE contact.id = welfare_check.contact_id)"
    )


def downgrade() -> None:
    with op.batch_alter_table("welfare_check", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_welfare_check_signed_by_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_welfare_check_signed_by_id"))
        for name, _ in CODED.values():
            batch_op.drop_constraint(op.f(f"ck_welfare_check_{name}"), type_="check")
        for column in ("signed_by_id", "signed_at", *CODED, "styles", "reasons", *WORDS):
            batch_op.drop_column(column)
        for column in ("spoken_to", "first_visit", "minutes", "at_time"):
            batch_op.drop_column(column)

    with op.batch_alter_table("safeguarding_observation", schema=None) as batch_op:
        batch_op.drop_column("done_time")
        batch_op.drop_column("action")
        batch_op.drop_column("consulted")

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_decided_under_id"))
        batch_op.drop_constraint(batch_op.f("fk_assessment_decided_under_id"), type_="foreignkey")
        batch_op.drop_column("decided_under_id")
        batch_op.drop_column("wanted")

    op.create_table(
        "parked_form",
        sa.Column("account_id", BIG, nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_form")),
    )
    with op.batch_alter_table("parked_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parked_form_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_parked_form_account_id"), ["account_id"], unique=False)

    with op.batch_alter_table("assessment_ground", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_ground_evidence_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_ground_criterion_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_ground_contact_id"))
        batch_op.drop_index(batch_op.f("ix_assessment_ground_authority_id"))

    op.drop_table("assessment_ground")
    with op.batch_alter_table("assessment_criterion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_criterion_authority_id"))

    op.drop_table("assessment_criterion")
    with op.batch_alter_table("form_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_form_draft_kept_until"))
        batch_op.drop_index("ix_form_draft_account_path")

    op.drop_table("form_draft")
