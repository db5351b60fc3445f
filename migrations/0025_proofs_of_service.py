"""notices and orders: files that show how a document was served"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op

revision: str = "0025"
down_revision: str | None = "0024"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
ONE = "(evidence_id IS NULL) <> (proof_id IS NULL)"
REASONS = "(struck_out_at IS NULL) = (struck_out_why IS NULL)"
NAMES = {
    "authority_id": "authority",
    "child_id": "child",
    "sending_id": "order_sending",
    "added_by_id": "account",
    "struck_out_by_id": "account",
}


def upgrade() -> None:
    op.create_table(
        "service_proof",
        sa.Column("id", KEY, nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("child_id", KEY, nullable=False),
        sa.Column("sending_id", KEY, nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("added_by_id", KEY, nullable=True),
        sa.Column("struck_out_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("struck_out_by_id", KEY, nullable=True),
        sa.Column("struck_out_why", sa.String(), nullable=True),
        sa.CheckConstraint(REASONS, name=op.f("ck_service_proof_struck_out_with_reasons")),
        *(
            sa.ForeignKeyConstraint([name], [f"{table}.id"], name=op.f(f"fk_service_proof_{name}"))
            for name, table in NAMES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_proof")),
        sa.UniqueConstraint("reference", name=op.f("uq_service_proof_reference")),
    )
    with op.batch_alter_table("service_proof", schema=None) as batch_op:
        for name in NAMES:
            batch_op.create_index(batch_op.f(f"ix_service_proof_{name}"), [name], unique=False)
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.alter_column("evidence_id", existing_type=KEY, nullable=True)
        batch_op.add_column(sa.Column("proof_id", KEY, nullable=True))
        batch_op.create_foreign_key(batch_op.f("fk_evidence_file_proof_id"), "service_proof", ["proof_id"], ["id"])
        batch_op.create_unique_constraint(batch_op.f("uq_evidence_file_proof_id"), ["proof_id"])
        batch_op.create_check_constraint(batch_op.f("ck_evidence_file_sent_or_proof"), sa.text(ONE))


def downgrade() -> None:
    # What was added as a proof has nowhere to be; its file in the vault is then nobody's, and is swept away.
    op.execute(
        sa.text("DELETE FROM scan_try WHERE file_id IN (SELECT id FROM evidence_file WHERE proof_id IS NOT NULL)")
    )
    op.execute(sa.text("DELETE FROM evidence_file WHERE proof_id IS NOT NULL"))
    with op.batch_alter_table("evidence_file", schema=None) as batch_op:
        batch_op.drop_constraint(batch_op.f("ck_evidence_file_sent_or_proof"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_evidence_file_proof_id"), type_="unique")
        batch_op.drop_constraint(batch_op.f("fk_evidence_file_proof_id"), type_="foreignkey")
        batch_op.drop_column("proof_id")
        batch_op.alter_column("evidence_id", existing_type=KEY, nullable=False)
    op.drop_table("service_proof")
