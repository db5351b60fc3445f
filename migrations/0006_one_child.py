"""one child, for officers: people and addresses with their history, families, notes, what came on paper"""

import secrets
from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0006"
down_revision: str | None = "0005"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def give_references(name: str) -> None:
    """Give every row that is there a random reference, as new ones get by themselves."""
    rows = sa.table(name, sa.column("id", sa.BigInteger()), sa.column("reference", sa.String()))
    connection = op.get_bind()
    ids = list(connection.scalars(sa.select(rows.c.id)))
    change = sa.update(rows).where(rows.c.id == sa.bindparam("row")).values(reference=sa.bindparam("given"))
    given = [{"row": row, "given": "".join(ALPHABET[byte % 32] for byte in secrets.token_bytes(10))} for row in ids]
    if given:
        connection.execute(change, given)


def upgrade() -> None:
    op.create_table(
        "household_link",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("other_child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "verdict",
            sa.Enum("linked", "apart", name="householdverdict", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("child_id < other_child_id", name=op.f("ck_household_link_lower_first")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_household_link_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_household_link_child_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["account.id"], name=op.f("fk_household_link_decided_by_id")),
        sa.ForeignKeyConstraint(["other_child_id"], ["child.id"], name=op.f("fk_household_link_other_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_household_link")),
        sa.UniqueConstraint("child_id", "other_child_id", name=op.f("uq_household_link_child_id_other_child_id")),
    )
    with op.batch_alter_table("household_link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_household_link_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_link_decided_by_id"), ["decided_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_household_link_other_child_id"), ["other_child_id"], unique=False)

    op.create_table(
        "note",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "general",
                "other-agency",
                "management-oversight",
                "plan",
                name="notekind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("about_on", sa.Date(), nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("restricted", sa.Boolean(), nullable=False),
        sa.Column("struck_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_out_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("struck_out_why", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_note_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_note_child_id")),
        sa.ForeignKeyConstraint(["struck_out_by_id"], ["account.id"], name=op.f("fk_note_struck_out_by_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_note_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
        sa.UniqueConstraint("reference", name=op.f("uq_note_reference")),
    )
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_note_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_note_child_id", ["child_id", "about_on", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_struck_out_by_id"), ["struck_out_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_note_written_by_id"), ["written_by_id"], unique=False)

    op.create_table(
        "detail_change",
        sa.Column("authority_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("child_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column(
            "subject",
            sa.Enum(
                "child",
                "address",
                "parent",
                "protection",
                name="subject",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "nature",
            sa.Enum(
                "correction", "change", "ending", name="nature", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("address_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("changed_on", sa.Date(), nullable=True),
        sa.Column("why", sa.String(), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["address_id"], ["address.id"], name=op.f("fk_detail_change_address_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_detail_change_authority_id")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_detail_change_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_detail_change_child_id")),
        sa.ForeignKeyConstraint(["parent_id"], ["parent.id"], name=op.f("fk_detail_change_parent_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_detail_change")),
    )
    with op.batch_alter_table("detail_change", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_detail_change_address_id"), ["address_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_detail_change_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_detail_change_by_id"), ["by_id"], unique=False)
        batch_op.create_index("ix_detail_change_child_id", ["child_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_detail_change_parent_id"), ["parent_id"], unique=False)

    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("confirmed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("reference", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
        batch_op.create_index(batch_op.f("ix_address_confirmed_by_id"), ["confirmed_by_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_address_confirmed_by_id"), "account", ["confirmed_by_id"], ["id"])

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("keyed_in_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(
            sa.Column(
                "came_by",
                sa.Enum(
                    "post",
                    "email",
                    "by-hand",
                    "other",
                    name="cameby",
                    native_enum=False,
                    create_constraint=True,
                    length=40,
                ),
                nullable=True,
            )
        )
        batch_op.add_column(sa.Column("from_whom", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("parent_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True))
        batch_op.create_index(batch_op.f("ix_evidence_keyed_in_by_id"), ["keyed_in_by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_parent_id"), ["parent_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_evidence_keyed_in_by_id"), "account", ["keyed_in_by_id"], ["id"])
        batch_op.create_foreign_key(batch_op.f("fk_evidence_parent_id"), "parent", ["parent_id"], ["id"])

    with op.batch_alter_table("parent", schema=None) as batch_op:
        batch_op.add_column(sa.Column("from_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("until_on", sa.Date(), nullable=True))
        batch_op.add_column(
            sa.Column("former_account_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True)
        )
        batch_op.add_column(sa.Column("reference", sa.String(), nullable=True))
        batch_op.create_index("ix_parent_authority_phone", ["authority_id", "phone"], unique=False)
        batch_op.create_index(batch_op.f("ix_parent_former_account_id"), ["former_account_id"], unique=False)
        batch_op.create_foreign_key(batch_op.f("fk_parent_former_account_id"), "account", ["former_account_id"], ["id"])
    for name in ("address", "parent"):
        give_references(name)
        with op.batch_alter_table(name, schema=None) as batch_op:
            batch_op.alter_column("reference", existing_type=sa.String(), nullable=False)
            batch_op.create_unique_constraint(batch_op.f(f"uq_{name}_reference"), ["reference"])
    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.alter_column("version", existing_type=sa.Integer(), server_default=None)


def downgrade() -> None:
    with op.batch_alter_table("parent", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_parent_former_account_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_parent_reference"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_parent_former_account_id"))
        batch_op.drop_index("ix_parent_authority_phone")
        batch_op.drop_column("reference")
        batch_op.drop_column("former_account_id")
        batch_op.drop_column("until_on")
        batch_op.drop_column("from_on")

    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_evidence_parent_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("fk_evidence_keyed_in_by_id"), type_="foreignkey")
        batch_op.drop_index(batch_op.f("ix_evidence_parent_id"))
        batch_op.drop_index(batch_op.f("ix_evidence_keyed_in_by_id"))
        batch_op.drop_column("parent_id")
        batch_op.drop_column("from_whom")
        batch_op.drop_constraint(batch_op.f("ck_evidence_cameby"), type_="check")
        batch_op.drop_column("came_by")
        batch_op.drop_column("keyed_in_by_id")

    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("fk_address_confirmed_by_id"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("uq_address_reference"), type_="unique")
        batch_op.drop_index(batch_op.f("ix_address_confirmed_by_id"))
        batch_op.drop_column("version")
        batch_op.drop_column("reference")
        batch_op.drop_column("confirmed_by_id")

    with op.batch_alter_table("detail_change", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_detail_change_parent_id"))
        batch_op.drop_index("ix_detail_change_child_id")
        batch_op.drop_index(batch_op.f("ix_detail_change_by_id"))
        batch_op.drop_index(batch_op.f("ix_detail_change_authority_id"))
        batch_op.drop_index(batch_op.f("ix_detail_change_address_id"))

    op.drop_table("detail_change")
    with op.batch_alter_table("note", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_note_written_by_id"))
        batch_op.drop_index(batch_op.f("ix_note_struck_out_by_id"))
        batch_op.drop_index("ix_note_child_id")
        batch_op.drop_index(batch_op.f("ix_note_authority_id"))

    op.drop_table("note")
    with op.batch_alter_table("household_link", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_household_link_other_child_id"))
        batch_op.drop_index(batch_op.f("ix_household_link_decided_by_id"))
        batch_op.drop_index(batch_op.f("ix_household_link_authority_id"))

    op.drop_table("household_link")
