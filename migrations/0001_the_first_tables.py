"""the first tables"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0001"
down_revision: str | None = None
branch_labels: Sequence[str] = ("default",)
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "authority",
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("contact_email", sa.String(), nullable=True),
        sa.Column("contact_phone", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority")),
        sa.UniqueConstraint("code", name=op.f("uq_authority_code")),
    )
    op.create_table(
        "handled_form",
        sa.Column("once", sa.String(), nullable=False),
        sa.Column("location", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_handled_form")),
        sa.UniqueConstraint("once", name=op.f("uq_handled_form_once")),
    )
    with op.batch_alter_table("handled_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_handled_form_at"), ["at"], unique=False)

    op.create_table(
        "job_leader",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_leader")),
        sa.UniqueConstraint("name", name=op.f("uq_job_leader_name")),
    )
    op.create_table(
        "job_run",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=True),
        sa.Column("fence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=False),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("done", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("failed", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("problem", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_run")),
        sa.UniqueConstraint("job", "slot", name=op.f("uq_job_run_job_slot")),
    )
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.create_index("ix_job_run_job_id", ["job", "id"], unique=False)

    op.create_table(
        "parked_form",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("path", sa.String(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parked_form")),
    )
    with op.batch_alter_table("parked_form", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_parked_form_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_parked_form_at"), ["at"], unique=False)

    op.create_table(
        "sign_in_attempt",
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sign_in_attempt")),
        sa.UniqueConstraint("who", name=op.f("uq_sign_in_attempt_who")),
    )
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_sign_in_attempt_last_at"), ["last_at"], unique=False)

    op.create_table(
        "account",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "adviser",
                "ehe-manager",
                "cme-officer",
                "cme-manager",
                "head-of-service",
                "administrator",
                "auditor",
                "parent",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), nullable=False),
        sa.Column("away_from", sa.Date(), nullable=True),
        sa.Column("away_until", sa.Date(), nullable=True),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_account_email_lower")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_account_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("reference", name=op.f("uq_account_reference")),
    )
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.create_index("ix_account_authority_role", ["authority_id", "role", "is_active"], unique=False)

    op.create_table(
        "child",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("legal_forename", sa.String(), nullable=False),
        sa.Column("legal_surname", sa.String(), nullable=False),
        sa.Column("sort_name", sa.String().with_variant(sa.String(collation="C"), "postgresql"), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=False),
        sa.Column("age_starts", sa.Date(), nullable=False),
        sa.Column("age_ends", sa.Date(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authority_ref", sa.String(), nullable=True),
        sa.Column("preferred_name", sa.String(), nullable=True),
        sa.Column(
            "sex",
            sa.Enum("F", "M", "U", name="sex", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("upn", sa.String(), nullable=True),
        sa.Column("nhs_number", sa.String(), nullable=True),
        sa.Column(
            "sen_status",
            sa.Enum(
                "none",
                "support",
                "ehcp",
                "unknown",
                name="senstatus",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("protected", sa.Boolean(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_child_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_child")),
        sa.UniqueConstraint("authority_id", "authority_ref", name=op.f("uq_child_authority_id_authority_ref")),
        sa.UniqueConstraint("reference", name=op.f("uq_child_reference")),
    )
    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.create_index("ix_child_age_ends", ["age_ends"], unique=False)
        batch_op.create_index("ix_child_authority_birth", ["authority_id", "date_of_birth"], unique=False)
        batch_op.create_index("ix_child_authority_sort", ["authority_id", "sort_name", "id"], unique=False)
        batch_op.create_index("ix_child_nhs", ["authority_id", "nhs_number"], unique=False)
        batch_op.create_index("ix_child_upn", ["authority_id", "upn"], unique=False)

    op.create_table(
        "policy_version",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("in_force_from", sa.Date(), nullable=False),
        sa.Column("profile", sa.String(), nullable=False),
        sa.Column("stored", sa.JSON(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_policy_version_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("authority_id", "in_force_from", name=op.f("uq_policy_version_authority_id_in_force_from")),
        sa.UniqueConstraint("authority_id", "number", name=op.f("uq_policy_version_authority_id_number")),
    )
    op.create_table(
        "access_log",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_access_log_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_access_log_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_access_log_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_access_log_account_id"), ["account_id"], unique=False)
        batch_op.create_index("ix_access_log_authority_id_id", ["authority_id", "id"], unique=False)
        batch_op.create_index("ix_access_log_child_id_id", ["child_id", "id"], unique=False)

    op.create_table(
        "address",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("line", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=True),
        sa.Column("uprn", sa.String(), nullable=True),
        sa.Column("until_on", sa.Date(), nullable=True),
        sa.Column("confirmed_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_address_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_address_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_address")),
    )
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.create_index("ix_address_child_id", ["child_id"], unique=False)
        batch_op.create_index("ix_address_postcode", ["authority_id", "postcode"], unique=False)
        batch_op.create_index(
            "uq_address_current",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("until_on IS NULL"),
            postgresql_where=sa.text("until_on IS NULL"),
        )

    op.create_table(
        "assessment",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "suitable",
                "insufficient-information",
                "suitable-with-advice",
                "appears-unsuitable",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reasons", sa.String(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("advice", sa.String(), nullable=True),
        sa.Column("other_grounds", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_assessment_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_assessment_child_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_assessment_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assessment")),
        sa.UniqueConstraint("reference", name=op.f("uq_assessment_reference")),
    )
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_assessment_child_id", ["child_id", "decided_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_assessment_decided_by_id"), ["decided_by_id"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("actor", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["account.id"], name=op.f("fk_audit_entry_actor_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_audit_entry_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_audit_entry_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index("ix_audit_entry_authority_id_id", ["authority_id", "id"], unique=False)
        batch_op.create_index("ix_audit_entry_child_id_id", ["child_id", "id"], unique=False)

    op.create_table(
        "episode",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("opened_on", sa.Date(), nullable=False),
        sa.Column("opened_under_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "arrangement",
            sa.Enum(
                "ehe",
                "flexi",
                "eotas",
                "section-19",
                "college-14-16",
                name="arrangement",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("ehe_started_on", sa.Date(), nullable=True),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.Column(
            "destination",
            sa.Enum(
                "school",
                "other-authority",
                "over-age",
                "abroad",
                "died",
                "cme-enquiry",
                "other-arranged",
                "duplicate",
                "recorded-in-error",
                name="destination",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("destination_confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("destination_note", sa.String(), nullable=True),
        sa.Column("duplicate_of_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "primary_reason",
            sa.Enum(
                "mental-health",
                "physical-health",
                "covid-19-concerns",
                "dissatisfaction-general",
                "dissatisfaction-send",
                "dissatisfaction-bullying",
                "lifestyle",
                "philosophical-or-preferential",
                "religious",
                "risk-of-exclusion",
                "permanent-exclusion",
                "not-preferred-school",
                "difficulty-accessing-place",
                "offered-place-not-accepted",
                "did-not-apply",
                "school-suggestion",
                "other",
                "no-reason-given",
                "unknown",
                name="primaryreason",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "previous_school_type",
            sa.Enum(
                "early-years",
                "none",
                "la-maintained",
                "academy",
                "free-school",
                "independent",
                "special",
                "alternative-provision",
                "pru",
                "ehe-elsewhere",
                "elsewhere-or-unknown",
                name="previousschooltype",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("previous_school", sa.String(), nullable=True),
        sa.Column(
            "tier",
            sa.Enum(
                "annual", "half-yearly", "close", name="tier", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "social_care",
            sa.Enum(
                "none",
                "past",
                "cin",
                "cp",
                "lac",
                "unknown",
                name="socialcare",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("adviser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("team_since", sa.Date(), nullable=True),
        sa.Column("accepted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("service_name", sa.String(), nullable=True),
        sa.Column("review_on", sa.Date(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(closed_on IS NULL) = (destination IS NULL)", name=op.f("ck_episode_closed_with_destination")
        ),
        sa.CheckConstraint("adviser_id IS NOT NULL OR team_since IS NOT NULL", name=op.f("ck_episode_someone_has_it")),
        sa.CheckConstraint("closed_on IS NULL OR closed_on >= opened_on", name=op.f("ck_episode_closed_after_opening")),
        sa.ForeignKeyConstraint(["adviser_id"], ["account.id"], name=op.f("fk_episode_adviser_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_episode_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_episode_child_id")),
        sa.ForeignKeyConstraint(
            ["destination_confirmed_by_id"], ["account.id"], name=op.f("fk_episode_destination_confirmed_by_id")
        ),
        sa.ForeignKeyConstraint(["duplicate_of_id"], ["child.id"], name=op.f("fk_episode_duplicate_of_id")),
        sa.ForeignKeyConstraint(["opened_under_id"], ["policy_version.id"], name=op.f("fk_episode_opened_under_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode")),
        sa.UniqueConstraint("reference", name=op.f("uq_episode_reference")),
    )
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.create_index("ix_episode_adviser", ["authority_id", "adviser_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_episode_adviser_id"), ["adviser_id"], unique=False)
        batch_op.create_index("ix_episode_child_id", ["child_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_episode_destination_confirmed_by_id"), ["destination_confirmed_by_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_episode_duplicate_of_id"), ["duplicate_of_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_episode_opened_under_id"), ["opened_under_id"], unique=False)
        batch_op.create_index(
            "uq_episode_open",
            ["child_id"],
            unique=True,
            sqlite_where=sa.text("closed_on IS NULL"),
            postgresql_where=sa.text("closed_on IS NULL"),
        )

    op.create_table(
        "evidence",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sent_on", sa.Date(), nullable=False),
        sa.Column("written_account", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_evidence_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_evidence_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_evidence_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
        sa.UniqueConstraint("reference", name=op.f("uq_evidence_reference")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_evidence_child_id", ["child_id", "sent_at"], unique=False)

    op.create_table(
        "mail_link",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "sign-up", "invitation", "reset", name="purpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mail_link_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_mail_link_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_link")),
    )
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_mail_link_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_link_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_link_email"), ["email"], unique=False)
        batch_op.create_index(batch_op.f("ix_mail_link_expires_at"), ["expires_at"], unique=False)

    op.create_table(
        "outgoing_message",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("to_address", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("context", sa.JSON(), nullable=False),
        sa.Column("idempotency_key", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("topic", sa.String(), nullable=True),
        sa.Column("topic_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("attempts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("last_problem", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_outgoing_message_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_outgoing_message_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outgoing_message")),
        sa.UniqueConstraint("idempotency_key", name=op.f("uq_outgoing_message_idempotency_key")),
    )
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outgoing_message_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_outgoing_message_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_outgoing_message_topic", ["topic", "topic_id"], unique=False)
        batch_op.create_index(
            "ix_outgoing_message_unsent",
            ["next_try_at", "id"],
            unique=False,
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        )

    op.create_table(
        "parent",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("relationship", sa.String(), nullable=True),
        sa.Column(
            "responsibility",
            sa.Enum(
                "yes", "no", "unknown", name="responsibility", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column("phone", sa.String(), nullable=True),
        sa.Column("address", sa.String(), nullable=True),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("verified_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_parent_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_parent_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_parent_child_id")),
        sa.ForeignKeyConstraint(["verified_by_id"], ["account.id"], name=op.f("fk_parent_verified_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_parent")),
        sa.UniqueConstraint("child_id", "position", name=op.f("uq_parent_child_id_position")),
    )
    with op.batch_alter_table("parent", schema=None) as batch_op:
        batch_op.create_index("ix_parent_account_id", ["account_id"], unique=False)
        batch_op.create_index("ix_parent_authority_email", ["authority_id", "email"], unique=False)
        batch_op.create_index(batch_op.f("ix_parent_verified_by_id"), ["verified_by_id"], unique=False)

    op.create_table(
        "possible_double",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("score", sa.Integer(), nullable=False),
        sa.Column("found_on", sa.Date(), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum(
                "undecided",
                "same",
                "different",
                name="doubleverdict",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_possible_double_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_possible_double_child_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_possible_double_decided_by_id")),
        sa.ForeignKeyConstraint(["other_child_id"], ["child.id"], name=op.f("fk_possible_double_other_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_possible_double")),
        sa.UniqueConstraint("child_id", "other_child_id", name=op.f("uq_possible_double_child_id_other_child_id")),
    )
    with op.batch_alter_table("possible_double", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_possible_double_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index("ix_possible_double_open", ["authority_id", "verdict"], unique=False)
        batch_op.create_index(batch_op.f("ix_possible_double_other_child_id"), ["other_child_id"], unique=False)

    op.create_table(
        "registration",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "accepted",
                "joined",
                name="registrationstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("joined_child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_registration_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_registration_authority_id")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["account.id"], name=op.f("fk_registration_checked_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_registration_child_id")),
        sa.ForeignKeyConstraint(["joined_child_id"], ["child.id"], name=op.f("fk_registration_joined_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration")),
        sa.UniqueConstraint("reference", name=op.f("uq_registration_reference")),
    )
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.create_index("ix_registration_account_id", ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_checked_by_id"), ["checked_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_registration_joined_child_id"), ["joined_child_id"], unique=False)
        batch_op.create_index("ix_registration_waiting", ["authority_id", "state", "submitted_at"], unique=False)

    op.create_table(
        "registration_draft",
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_registration_draft_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_registration_draft")),
        sa.UniqueConstraint("account_id", name=op.f("uq_registration_draft_account_id")),
    )
    with op.batch_alter_table("registration_draft", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_registration_draft_saved_at"), ["saved_at"], unique=False)

    op.create_table(
        "visit",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
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
            nullable=False,
        ),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=False),
        sa.Column("adviser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("offered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("place", sa.String(), nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "offered",
                "recorded",
                "withdrawn",
                name="visitstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["adviser_id"], ["account.id"], name=op.f("fk_visit_adviser_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_visit_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_visit_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit")),
        sa.UniqueConstraint("reference", name=op.f("uq_visit_reference")),
    )
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.create_index("ix_visit_adviser_day", ["authority_id", "adviser_id", "on_date"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_adviser_id"), ["adviser_id"], unique=False)
        batch_op.create_index("ix_visit_child_id", ["child_id", "on_date"], unique=False)

    op.create_table(
        "waiting_file",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_waiting_file_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_waiting_file_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_waiting_file_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_waiting_file")),
        sa.UniqueConstraint("reference", name=op.f("uq_waiting_file_reference")),
    )
    with op.batch_alter_table("waiting_file", schema=None) as batch_op:
        batch_op.create_index("ix_waiting_file_account_child", ["account_id", "child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_file_arrived_at"), ["arrived_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_file_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_waiting_file_child_id"), ["child_id"], unique=False)

    op.create_table(
        "assessment_evidence",
        sa.Column("assessment_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("fk_assessment_evidence_assessment_id")
        ),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_assessment_evidence_evidence_id")),
        sa.PrimaryKeyConstraint("assessment_id", "evidence_id", name=op.f("pk_assessment_evidence")),
    )
    with op.batch_alter_table("assessment_evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assessment_evidence_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "contact",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("happened_on", sa.Date(), nullable=False),
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
            nullable=False,
        ),
        sa.Column(
            "outcome",
            sa.Enum(
                "held",
                "received",
                "no-answer",
                "no-access",
                "cancelled-by-family",
                "cancelled-by-authority",
                "sent",
                name="contactoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("substantive", sa.Boolean(), nullable=True),
        sa.Column(
            "child_seen",
            sa.Enum("yes", "no", "declined", name="childseen", native_enum=False, create_constraint=True, length=40),
            nullable=True,
        ),
        sa.Column("agreed_next_on", sa.Date(), nullable=True),
        sa.Column("adviser_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("summary", sa.String(), nullable=True),
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("visit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("struck_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_out_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("struck_out_why", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "agreed_next_on IS NULL OR agreed_next_on > happened_on", name=op.f("ck_contact_agreed_later")
        ),
        sa.ForeignKeyConstraint(["adviser_id"], ["account.id"], name=op.f("fk_contact_adviser_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_contact_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_contact_child_id")),
        sa.ForeignKeyConstraint(["confirmed_by_id"], ["account.id"], name=op.f("fk_contact_confirmed_by_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_contact_evidence_id")),
        sa.ForeignKeyConstraint(["recorded_by_id"], ["account.id"], name=op.f("fk_contact_recorded_by_id")),
        sa.ForeignKeyConstraint(["struck_out_by_id"], ["account.id"], name=op.f("fk_contact_struck_out_by_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_contact_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
        sa.UniqueConstraint("reference", name=op.f("uq_contact_reference")),
    )
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_adviser_id"), ["adviser_id"], unique=False)
        batch_op.create_index("ix_contact_child_id_happened_on", ["child_id", "happened_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_confirmed_by_id"), ["confirmed_by_id"], unique=False)
        batch_op.create_index("ix_contact_evidence_id", ["evidence_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_recorded_by_id"), ["recorded_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_struck_out_by_id"), ["struck_out_by_id"], unique=False)
        batch_op.create_index(
            "ix_contact_to_confirm",
            ["authority_id", "happened_on"],
            unique=False,
            sqlite_where=sa.text("outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"),
            postgresql_where=sa.text("outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"),
        )
        batch_op.create_index(batch_op.f("ix_contact_visit_id"), ["visit_id"], unique=False)

    op.create_table(
        "contact_clock",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("episode_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("is_running", sa.Boolean(), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("age_ends", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("grace_ends", sa.Date(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "annual", "half-yearly", "close", name="tier", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("policy_number", sa.Integer(), nullable=False),
        sa.Column("last_contact_on", sa.Date(), nullable=True),
        sa.Column("last_reply_on", sa.Date(), nullable=True),
        sa.Column("agreed_next_on", sa.Date(), nullable=True),
        sa.Column("last_seen_on", sa.Date(), nullable=True),
        sa.Column("lapsed_due_on", sa.Date(), nullable=True),
        sa.Column("lapsed_on", sa.Date(), nullable=True),
        sa.Column("answered_due_on", sa.Date(), nullable=True),
        sa.Column("answered_after", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("(lapsed_due_on IS NULL) = (lapsed_on IS NULL)", name=op.f("ck_contact_clock_lapsed_whole")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_contact_clock_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_contact_clock_child_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_contact_clock_episode_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_clock")),
        sa.UniqueConstraint("episode_id", name=op.f("uq_contact_clock_episode_id")),
    )
    with op.batch_alter_table("contact_clock", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_clock_child_id"), ["child_id"], unique=False)
        batch_op.create_index(
            "ix_contact_clock_due",
            ["authority_id", "due_on"],
            unique=False,
            sqlite_where=sa.text("is_running = 1"),
            postgresql_where=sa.text("is_running"),
        )
        batch_op.create_index(
            "ix_contact_clock_lapsed",
            ["authority_id", "lapsed_on"],
            unique=False,
            sqlite_where=sa.text("lapsed_on IS NOT NULL"),
            postgresql_where=sa.text("lapsed_on IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_contact_clock_policy",
            ["authority_id", "policy_number"],
            unique=False,
            sqlite_where=sa.text("is_running = 1"),
            postgresql_where=sa.text("is_running"),
        )
        batch_op.create_index(
            "ix_contact_clock_sweep",
            ["grace_ends", "id"],
            unique=False,
            sqlite_where=sa.text("is_running = 1 AND lapsed_on IS NULL"),
            postgresql_where=sa.text("is_running AND lapsed_on IS NULL"),
        )

    op.create_table(
        "episode_change",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("episode_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column(
            "tier",
            sa.Enum(
                "annual", "half-yearly", "close", name="tier", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "social_care",
            sa.Enum(
                "none",
                "past",
                "cin",
                "cp",
                "lac",
                "unknown",
                name="socialcare",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_episode_change_authority_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_episode_change_episode_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_episode_change")),
        sa.UniqueConstraint("episode_id", "from_on", name=op.f("uq_episode_change_episode_id_from_on")),
    )
    with op.batch_alter_table("episode_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_episode_change_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "escalation",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("episode_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "reason",
            sa.Enum("contact-lapse", "concern", name="reason", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("raised_on", sa.Date(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "raised",
                "acknowledged",
                "triaged",
                "enquiry",
                "closed",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("due_on", sa.Date(), nullable=True),
        sa.Column("moved_due_on", sa.Date(), nullable=True),
        sa.Column("should_have_risen_on", sa.Date(), nullable=True),
        sa.Column("last_attempt_on", sa.Date(), nullable=True),
        sa.Column(
            "social_care",
            sa.Enum(
                "none",
                "past",
                "cin",
                "cp",
                "lac",
                "unknown",
                name="socialcare",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("raised_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("danger_now", sa.Boolean(), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("alerts", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("acknowledged_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("acknowledged_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column(
            "closing",
            sa.Enum(
                "contact",
                "destination",
                "next-contact",
                "concern-answered",
                name="closing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "(reason = 'contact-lapse') = (due_on IS NOT NULL)", name=op.f("ck_escalation_lapse_has_due")
        ),
        sa.CheckConstraint("(state = 'closed') = (closed_at IS NOT NULL)", name=op.f("ck_escalation_closed_whole")),
        sa.CheckConstraint(
            "state NOT IN ('triaged', 'enquiry') OR (owner_id IS NOT NULL AND next_on IS NOT NULL)",
            name=op.f("ck_escalation_triaged_has_owner"),
        ),
        sa.ForeignKeyConstraint(["acknowledged_by_id"], ["account.id"], name=op.f("fk_escalation_acknowledged_by_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_escalation_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_escalation_child_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["account.id"], name=op.f("fk_escalation_closed_by_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_escalation_episode_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_escalation_owner_id")),
        sa.ForeignKeyConstraint(["raised_by_id"], ["account.id"], name=op.f("fk_escalation_raised_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation")),
        sa.UniqueConstraint("reference", name=op.f("uq_escalation_reference")),
    )
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_acknowledged_by_id"), ["acknowledged_by_id"], unique=False)
        batch_op.create_index("ix_escalation_child_id", ["child_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_closed_by_id"), ["closed_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_episode_id"), ["episode_id"], unique=False)
        batch_op.create_index(
            "ix_escalation_open",
            ["authority_id", "raised_on", "id"],
            unique=False,
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.create_index(batch_op.f("ix_escalation_owner_id"), ["owner_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_raised_by_id"), ["raised_by_id"], unique=False)
        batch_op.create_index(
            "uq_escalation_lapse",
            ["episode_id", "due_on"],
            unique=True,
            sqlite_where=sa.text("reason = 'contact-lapse'"),
            postgresql_where=sa.text("reason = 'contact-lapse'"),
        )
        batch_op.create_index(
            "uq_escalation_open_lapse",
            ["episode_id"],
            unique=True,
            sqlite_where=sa.text("reason = 'contact-lapse' AND state <> 'closed'"),
            postgresql_where=sa.text("reason = 'contact-lapse' AND state <> 'closed'"),
        )

    op.create_table(
        "evidence_file",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("evidence_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=False),
        sa.Column("filename", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_evidence_file_authority_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_evidence_file_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence_file")),
        sa.UniqueConstraint("reference", name=op.f("uq_evidence_file_reference")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_evidence_file_stored_as")),
    )
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_file_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_file_evidence_id"), ["evidence_id"], unique=False)

    op.create_table(
        "planned_contact",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("episode_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("decided_on", sa.Date(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_planned_contact_authority_id")),
        sa.ForeignKeyConstraint(["episode_id"], ["episode.id"], name=op.f("fk_planned_contact_episode_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_planned_contact")),
        sa.UniqueConstraint("episode_id", "decided_on", name=op.f("uq_planned_contact_episode_id_decided_on")),
    )
    with op.batch_alter_table("planned_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_planned_contact_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "escalation_step",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("escalation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column(
            "decision",
            sa.Enum(
                "whereabouts-unknown",
                "no-information",
                "welfare",
                "danger",
                "contact-made",
                "in-error",
                name="triage",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column("reasons", sa.String(), nullable=True),
        sa.Column("owner_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("next_on", sa.Date(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_escalation_step_authority_id")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_escalation_step_by_id")),
        sa.ForeignKeyConstraint(["escalation_id"], ["escalation.id"], name=op.f("fk_escalation_step_escalation_id")),
        sa.ForeignKeyConstraint(["owner_id"], ["account.id"], name=op.f("fk_escalation_step_owner_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_escalation_step")),
    )
    with op.batch_alter_table("escalation_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_escalation_step_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_step_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_step_escalation_id"), ["escalation_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_escalation_step_owner_id"), ["owner_id"], unique=False)

    op.create_table(
        "safeguarding_observation",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("fact", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("recorded_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("opinion", sa.String(), nullable=True),
        sa.Column("source", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(
            ["authority_id"], ["authority.id"], name=op.f("fk_safeguarding_observation_authority_id")
        ),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_safeguarding_observation_child_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_safeguarding_observation_contact_id")),
        sa.ForeignKeyConstraint(
            ["recorded_by_id"], ["account.id"], name=op.f("fk_safeguarding_observation_recorded_by_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_safeguarding_observation")),
    )
    with op.batch_alter_table("safeguarding_observation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_safeguarding_observation_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safeguarding_observation_child_id"), ["child_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_safeguarding_observation_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            batch_op.f("ix_safeguarding_observation_recorded_by_id"), ["recorded_by_id"], unique=False
        )

    op.create_table(
        "welfare_check",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("contact_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("persons_present", sa.String(), nullable=False),
        sa.Column("childs_words", sa.String(), nullable=True),
        sa.Column("education_seen", sa.String(), nullable=True),
        sa.Column("address_confirmed", sa.Boolean(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_welfare_check_authority_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_welfare_check_contact_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_welfare_check")),
        sa.UniqueConstraint("contact_id", name=op.f("uq_welfare_check_contact_id")),
    )
    with op.batch_alter_table("welfare_check", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_welfare_check_authority_id"), ["authority_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("welfare_check", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_welfare_check_authority_id"))

    op.drop_table("welfare_check")
    with op.batch_alter_table("safeguarding_observation", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_safeguarding_observation_recorded_by_id"))
        batch_op.drop_index(batch_op.f("ix_safeguarding_observation_contact_id"))
        batch_op.drop_index(batch_op.f("ix_safeguarding_observation_child_id"))
        batch_op.drop_index(batch_op.f("ix_safeguarding_observation_authority_id"))

    op.drop_table("safeguarding_observation")
    with op.batch_alter_table("escalation_step", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_escalation_step_owner_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_step_escalation_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_step_by_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_step_authority_id"))

    op.drop_table("escalation_step")
    with op.batch_alter_table("planned_contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_planned_contact_authority_id"))

    op.drop_table("planned_contact")
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_evidence_file_evidence_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_file_authority_id"))

    op.drop_table("evidence_file")
    with op.batch_alter_table("escalation", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_escalation_open_lapse",
            sqlite_where=sa.text("reason = 'contact-lapse' AND state <> 'closed'"),
            postgresql_where=sa.text("reason = 'contact-lapse' AND state <> 'closed'"),
        )
        batch_op.drop_index(
            "uq_escalation_lapse",
            sqlite_where=sa.text("reason = 'contact-lapse'"),
            postgresql_where=sa.text("reason = 'contact-lapse'"),
        )
        batch_op.drop_index(batch_op.f("ix_escalation_raised_by_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_owner_id"))
        batch_op.drop_index(
            "ix_escalation_open",
            sqlite_where=sa.text("state <> 'closed'"),
            postgresql_where=sa.text("state <> 'closed'"),
        )
        batch_op.drop_index(batch_op.f("ix_escalation_episode_id"))
        batch_op.drop_index(batch_op.f("ix_escalation_closed_by_id"))
        batch_op.drop_index("ix_escalation_child_id")
        batch_op.drop_index(batch_op.f("ix_escalation_acknowledged_by_id"))

    op.drop_table("escalation")
    with op.batch_alter_table("episode_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_episode_change_authority_id"))

    op.drop_table("episode_change")
    with op.batch_alter_table("contact_clock", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_contact_clock_sweep",
            sqlite_where=sa.text("is_running = 1 AND lapsed_on IS NULL"),
            postgresql_where=sa.text("is_running AND lapsed_on IS NULL"),
        )
        batch_op.drop_index(
            "ix_contact_clock_policy", sqlite_where=sa.text("is_running = 1"), postgresql_where=sa.text("is_running")
        )
        batch_op.drop_index(
            "ix_contact_clock_lapsed",
            sqlite_where=sa.text("lapsed_on IS NOT NULL"),
            postgresql_where=sa.text("lapsed_on IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_contact_clock_due", sqlite_where=sa.text("is_running = 1"), postgresql_where=sa.text("is_running")
        )
        batch_op.drop_index(batch_op.f("ix_contact_clock_child_id"))

    op.drop_table("contact_clock")
    with op.batch_alter_table("contact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_visit_id"))
        batch_op.drop_index(
            "ix_contact_to_confirm",
            sqlite_where=sa.text("outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"),
            postgresql_where=sa.text("outcome = 'received' AND substantive IS NULL AND struck_out_at IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_contact_struck_out_by_id"))
        batch_op.drop_index(batch_op.f("ix_contact_recorded_by_id"))
        batch_op.drop_index("ix_contact_evidence_id")
        batch_op.drop_index(batch_op.f("ix_contact_confirmed_by_id"))
        batch_op.drop_index("ix_contact_child_id_happened_on")
        batch_op.drop_index(batch_op.f("ix_contact_adviser_id"))

    op.drop_table("contact")
    with op.batch_alter_table("assessment_evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_evidence_evidence_id"))

    op.drop_table("assessment_evidence")
    with op.batch_alter_table("waiting_file", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_waiting_file_child_id"))
        batch_op.drop_index(batch_op.f("ix_waiting_file_authority_id"))
        batch_op.drop_index(batch_op.f("ix_waiting_file_arrived_at"))
        batch_op.drop_index("ix_waiting_file_account_child")

    op.drop_table("waiting_file")
    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_child_id")
        batch_op.drop_index(batch_op.f("ix_visit_adviser_id"))
        batch_op.drop_index("ix_visit_adviser_day")

    op.drop_table("visit")
    with op.batch_alter_table("registration_draft", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_draft_saved_at"))

    op.drop_table("registration_draft")
    with op.batch_alter_table("registration", schema=None) as batch_op:
        batch_op.drop_index("ix_registration_waiting")
        batch_op.drop_index(batch_op.f("ix_registration_joined_child_id"))
        batch_op.drop_index(batch_op.f("ix_registration_child_id"))
        batch_op.drop_index(batch_op.f("ix_registration_checked_by_id"))
        batch_op.drop_index("ix_registration_account_id")

    op.drop_table("registration")
    with op.batch_alter_table("possible_double", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_possible_double_other_child_id"))
        batch_op.drop_index("ix_possible_double_open")
        batch_op.drop_index(batch_op.f("ix_possible_double_decided_by_id"))

    op.drop_table("possible_double")
    with op.batch_alter_table("parent", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parent_verified_by_id"))
        batch_op.drop_index("ix_parent_authority_email")
        batch_op.drop_index("ix_parent_account_id")

    op.drop_table("parent")
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_outgoing_message_unsent",
            sqlite_where=sa.text("sent_at IS NULL"),
            postgresql_where=sa.text("sent_at IS NULL"),
        )
        batch_op.drop_index("ix_outgoing_message_topic")
        batch_op.drop_index(batch_op.f("ix_outgoing_message_authority_id"))
        batch_op.drop_index(batch_op.f("ix_outgoing_message_account_id"))

    op.drop_table("outgoing_message")
    with op.batch_alter_table("mail_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mail_link_expires_at"))
        batch_op.drop_index(batch_op.f("ix_mail_link_email"))
        batch_op.drop_index(batch_op.f("ix_mail_link_authority_id"))
        batch_op.drop_index(batch_op.f("ix_mail_link_account_id"))

    op.drop_table("mail_link")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index("ix_evidence_child_id")
        batch_op.drop_index(batch_op.f("ix_evidence_authority_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_account_id"))

    op.drop_table("evidence")
    with op.batch_alter_table("episode", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_episode_open", sqlite_where=sa.text("closed_on IS NULL"), postgresql_where=sa.text("closed_on IS NULL")
        )
        batch_op.drop_index(batch_op.f("ix_episode_opened_under_id"))
        batch_op.drop_index(batch_op.f("ix_episode_duplicate_of_id"))
        batch_op.drop_index(batch_op.f("ix_episode_destination_confirmed_by_id"))
        batch_op.drop_index("ix_episode_child_id")
        batch_op.drop_index(batch_op.f("ix_episode_adviser_id"))
        batch_op.drop_index("ix_episode_adviser")

    op.drop_table("episode")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_child_id_id")
        batch_op.drop_index("ix_audit_entry_authority_id_id")
        batch_op.drop_index(batch_op.f("ix_audit_entry_actor_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_assessment_decided_by_id"))
        batch_op.drop_index("ix_assessment_child_id")
        batch_op.drop_index(batch_op.f("ix_assessment_authority_id"))

    op.drop_table("assessment")
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_address_current", sqlite_where=sa.text("until_on IS NULL"), postgresql_where=sa.text("until_on IS NULL")
        )
        batch_op.drop_index("ix_address_postcode")
        batch_op.drop_index("ix_address_child_id")

    op.drop_table("address")
    with op.batch_alter_table("access_log", schema=None) as batch_op:
        batch_op.drop_index("ix_access_log_child_id_id")
        batch_op.drop_index("ix_access_log_authority_id_id")
        batch_op.drop_index(batch_op.f("ix_access_log_account_id"))

    op.drop_table("access_log")
    op.drop_table("policy_version")
    with op.batch_alter_table("child", schema=None) as batch_op:
        batch_op.drop_index("ix_child_upn")
        batch_op.drop_index("ix_child_nhs")
        batch_op.drop_index("ix_child_authority_sort")
        batch_op.drop_index("ix_child_authority_birth")
        batch_op.drop_index("ix_child_age_ends")

    op.drop_table("child")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_index("ix_account_authority_role")

    op.drop_table("account")
    with op.batch_alter_table("sign_in_attempt", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_sign_in_attempt_last_at"))

    op.drop_table("sign_in_attempt")
    with op.batch_alter_table("parked_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_parked_form_at"))
        batch_op.drop_index(batch_op.f("ix_parked_form_account_id"))

    op.drop_table("parked_form")
    with op.batch_alter_table("job_run", schema=None) as batch_op:
        batch_op.drop_index("ix_job_run_job_id")

    op.drop_table("job_run")
    op.drop_table("job_leader")
    with op.batch_alter_table("handled_form", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_handled_form_at"))

    op.drop_table("handled_form")
    op.drop_table("authority")
