"""registration made whole"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0002"
down_revision: str | None = "0001"
branch_labels: Sequence[str] | None = None
depends_on: str | None = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

ETHNICITY = (
    "white-british",
    "white-irish",
    "white-gypsy-or-irish-traveller",
    "white-roma",
    "white-other",
    "mixed-white-black-caribbean",
    "mixed-white-black-african",
    "mixed-white-asian",
    "mixed-other",
    "asian-indian",
    "asian-pakistani",
    "asian-bangladeshi",
    "asian-chinese",
    "asian-other",
    "black-african",
    "black-caribbean",
    "black-other",
    "arab",
    "other",
    "not-said",
)
SCHOOL_SUGGESTED = (
    "yes",
    "no",
    "not-sure",
    "not-said",
)
STATES = ("waiting", "accepted", "joined")


def among(column: str, codes: Sequence[str]) -> str:
    """The check that holds a column to its codes."""
    listed = ", ".join(f"'{code}'" for code in codes)
    return f"{column} IN ({listed})"


def add_coded(table: str, column: str, name: str, codes: Sequence[str]) -> None:
    """Add a column that may be empty, with its check: in one statement that both databases have.

    Alembic leaves the check of a type out of an added column, and SQLite would have to copy the table to add one.
    """
    constraint = f"CONSTRAINT ck_{table}_{name} CHECK ({among(column, codes)})"
    op.execute(sa.text(f"ALTER TABLE {table} ADD COLUMN {column} VARCHAR(40) {constraint}"))


def upgrade() -> None:
    op.create_table(
        "submission",
        sa.Column("authority_id", BIG, nullable=False),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("entered_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "via",
            sa.Enum(
                "portal",
                "paper",
                "phone",
                "letter",
                "school-notice",
                name="via",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", BIG, nullable=True),
        sa.Column("keyed_by_id", BIG, nullable=True),
        sa.Column("said_by", sa.String(), nullable=True),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.CheckConstraint(
            "(account_id IS NULL) = (keyed_by_id IS NOT NULL)", name=op.f("ck_submission_from_account_or_keyed")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_submission_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_submission_authority_id")),
        sa.ForeignKeyConstraint(["keyed_by_id"], ["account.id"], name=op.f("fk_submission_keyed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_submission")),
        sa.UniqueConstraint("reference", name=op.f("uq_submission_reference")),
    )
    op.create_index("ix_submission_account_id", "submission", ["account_id"])
    op.create_index(op.f("ix_submission_authority_id"), "submission", ["authority_id"])
    op.create_index(op.f("ix_submission_keyed_by_id"), "submission", ["keyed_by_id"])
    op.create_table(
        "family_wishes",
        sa.Column("authority_id", BIG, nullable=False),
        sa.Column("child_id", BIG, nullable=False),
        sa.Column("said_on", sa.Date(), nullable=False),
        sa.Column("ways", sa.JSON(), nullable=False),
        sa.Column("interpreter", sa.Boolean(), nullable=True),
        sa.Column("interpreter_language", sa.String(), nullable=True),
        sa.Column("access_needs", sa.String(), nullable=True),
        sa.Column("support", sa.String(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", BIG, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_family_wishes_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_family_wishes_child_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family_wishes")),
        sa.UniqueConstraint("child_id", name=op.f("uq_family_wishes_child_id")),
    )
    op.create_index(op.f("ix_family_wishes_authority_id"), "family_wishes", ["authority_id"])
    op.add_column("child", sa.Column("languages", sa.String(), nullable=True))
    add_coded("child", "ethnicity", "ethnicity", ETHNICITY)
    add_coded("episode", "school_suggested", "schoolsuggested", SCHOOL_SUGGESTED)
    op.add_column("episode", sa.Column("styles", sa.JSON(), nullable=True))
    op.add_column("episode", sa.Column("other_teachers", sa.String(), nullable=True))
    op.add_column("episode", sa.Column("hours_from_parents", sa.Integer(), nullable=True))
    op.add_column("episode", sa.Column("hours_from_others", sa.Integer(), nullable=True))
    with op.batch_alter_table("registration", table_args=checks_again()) as batch_op:
        batch_op.alter_column("account_id", existing_type=BIG, nullable=True)
        batch_op.add_column(sa.Column("submission_id", BIG, nullable=True))
        batch_op.create_foreign_key(
            batch_op.f("fk_registration_submission_id"), "submission", ["submission_id"], ["id"]
        )
        batch_op.create_index(batch_op.f("ix_registration_submission_id"), ["submission_id"])


def downgrade() -> None:
    # What an officer keyed in has no account, which the older schema cannot hold; its child and episode stay.
    op.execute(sa.text("DELETE FROM registration WHERE account_id IS NULL"))
    with op.batch_alter_table("registration", table_args=checks_again()) as batch_op:
        batch_op.drop_index(batch_op.f("ix_registration_submission_id"))
        batch_op.drop_constraint(batch_op.f("fk_registration_submission_id"), type_="foreignkey")
        batch_op.drop_column("submission_id")
        batch_op.alter_column("account_id", existing_type=BIG, nullable=False)
    with op.batch_alter_table("episode") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_episode_schoolsuggested"), type_="check")
        for column in ("hours_from_others", "hours_from_parents", "other_teachers", "styles", "school_suggested"):
            batch_op.drop_column(column)
    with op.batch_alter_table("child") as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_child_ethnicity"), type_="check")
        for column in ("ethnicity", "languages"):
            batch_op.drop_column(column)
    op.drop_table("family_wishes")
    op.drop_table("submission")


def checks_again() -> tuple[sa.CheckConstraint, ...]:
    """What SQLite forgets of a table when it is copied."""
    if op.get_bind().dialect.name != "sqlite":
        return ()
    return (sa.CheckConstraint(among("state", STATES), name=op.f("ck_registration_registrationstate")),)
