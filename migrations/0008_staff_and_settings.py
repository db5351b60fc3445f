"""staff and settings"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0008"
down_revision: str | None = "0007"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.add_column(sa.Column("contact_address", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("opening_hours", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("brand_colour", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("brand_text_colour", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("logo_mark", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), server_default="1", nullable=False))
        batch_op.create_check_constraint(
            batch_op.f("ck_authority_brand_colours_paired"),
            "(brand_colour IS NULL) = (brand_text_colour IS NULL)",
        )
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), existing_nullable=False, server_default=None)

    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.add_column(sa.Column("created_by_id", KEY, nullable=True))
        batch_op.create_index(batch_op.f("ix_policy_version_created_by_id"), ["created_by_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_policy_version_created_by_id"), "account", ["created_by_id"], ["id"])

    op.create_table(
        "authority_logo",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("jpeg", sa.LargeBinary(), nullable=False),
        sa.Column("mark", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_authority_logo_authority_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_authority_logo_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_authority_logo")),
        sa.UniqueConstraint("authority_id", name=op.f("uq_authority_logo_authority_id")),
    )
    with op.batch_alter_table("authority_logo", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_authority_logo_set_by_id"), ["set_by_id"], unique=False)

    op.create_table(
        "term_date",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("school_year", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum("term", "holiday", name="termkind", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("first_on", sa.Date(), nullable=False),
        sa.Column("last_on", sa.Date(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.CheckConstraint("last_on >= first_on", name=op.f("ck_term_date_last_after_first")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_term_date_authority_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_term_date")),
        sa.UniqueConstraint("authority_id", "kind", "first_on", name=op.f("uq_term_date_authority_id_kind_first_on")),
        sa.UniqueConstraint("reference", name=op.f("uq_term_date_reference")),
    )
    op.create_table(
        "notice_wording",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=True),
        sa.Column("body", sa.String(), nullable=True),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.CheckConstraint("(subject IS NULL) = (body IS NULL)", name=op.f("ck_notice_wording_whole")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_notice_wording_authority_id")),
        sa.ForeignKeyConstraint(["set_by_id"], ["account.id"], name=op.f("fk_notice_wording_set_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice_wording")),
        sa.UniqueConstraint(
            "authority_id", "template", "number", name=op.f("uq_notice_wording_authority_id_template_number")
        ),
    )
    with op.batch_alter_table("notice_wording", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_notice_wording_set_by_id"), ["set_by_id"], unique=False)


def downgrade() -> None:
    with op.batch_alter_table("notice_wording", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_notice_wording_set_by_id"))
    op.drop_table("notice_wording")
    op.drop_table("term_date")
    with op.batch_alter_table("authority_logo", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_authority_logo_set_by_id"))
    op.drop_table("authority_logo")
    with op.batch_alter_table("policy_version", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_policy_version_created_by_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_policy_version_created_by_id"))
        batch_op.drop_column("created_by_id")
    with op.batch_alter_table("authority", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_authority_brand_colours_paired"), type_="check")
        for column in (
            "version",
            "logo_mark",
            "brand_text_colour",
            "brand_colour",
            "opening_hours",
            "contact_address",
        ):
            batch_op.drop_column(column)
