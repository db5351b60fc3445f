"""GOV.UK Notify: texts to parents, what it refused, letters that it prints and posts"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0024"
down_revision: str | None = "0023"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
OPEN = sa.text("ended_at IS NULL")
GIVEN = "given_at IS NULL OR (goes = 'post' AND posted_on IS NULL AND withdrawn_at IS NULL)"


def upgrade() -> None:
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.add_column(sa.Column("text_to", sa.String(), nullable=True))
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.add_column(sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("given_up_at", sa.DateTime(timezone=True), nullable=True))
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.add_column(sa.Column("given_at", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_check_constraint(op.f("ck_letter_given_to_post"), GIVEN)
    sendings()


def sendings() -> None:
    """Letters that were given to GOV.UK Notify."""
    op.create_table(
        "letter_sending",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("letter_id", KEY, nullable=False),
        sa.Column("first_class", sa.Boolean(), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("given_by_id", KEY, nullable=True),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("stored_as", sa.String(), nullable=True),
        sa.Column("size", KEY, nullable=True),
        sa.Column("sha256", sa.String(), nullable=True),
        sa.Column("notify_id", sa.String(), nullable=True),
        sa.Column("status", sa.String(), nullable=True),
        sa.Column("status_on", sa.Date(), nullable=True),
        sa.Column("last_problem", sa.String(), nullable=True),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_letter_sending_authority_id")),
        sa.ForeignKeyConstraint(["letter_id"], ["letter.id"], name=op.f("fk_letter_sending_letter_id")),
        sa.ForeignKeyConstraint(["given_by_id"], ["account.id"], name=op.f("fk_letter_sending_given_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter_sending")),
        sa.UniqueConstraint("reference", name=op.f("uq_letter_sending_reference")),
        sa.UniqueConstraint("stored_as", name=op.f("uq_letter_sending_stored_as")),
    )
    with op.batch_alter_table("letter_sending", schema=None) as batch_op:
        for name in ("authority_id", "given_by_id"):
            batch_op.create_index(op.f(f"ix_letter_sending_{name}"), [name], unique=False)
        batch_op.create_index("ix_letter_sending_letter_id", ["letter_id", "id"], unique=False)
        batch_op.create_index(
            "uq_letter_sending_open", ["letter_id"], unique=True, sqlite_where=OPEN, postgresql_where=OPEN
        )
        batch_op.create_index(
            "ix_letter_sending_due", ["next_try_at"], unique=False, sqlite_where=OPEN, postgresql_where=OPEN
        )


def downgrade() -> None:
    op.drop_table("letter_sending")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_constraint(op.f("ck_letter_given_to_post"), type_="check")
        batch_op.drop_column("given_at")
    with op.batch_alter_table("outgoing_message", schema=None) as batch_op:
        batch_op.drop_column("given_up_at")
        batch_op.drop_column("refused_at")
    with op.batch_alter_table("account", schema=None) as batch_op:
        batch_op.drop_column("text_to")
