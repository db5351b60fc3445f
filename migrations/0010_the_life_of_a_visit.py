"""the life of a visit"""

from collections.abc import Sequence

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision: str = "0010"
down_revision: str | None = "0009"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

OLD_STATES = ("offered", "accepted", "another-time", "another-way", "declined", "recorded", "withdrawn")
NEW_STATES = (*OLD_STATES, "cancelled")
OLD_ANSWERS = ("accepted", "another-time", "another-way", "declined")
NEW_ANSWERS = (*OLD_ANSWERS, "cancelled")
OLD_WAYS = ("writing", "phone", "video", "elsewhere")
NEW_WAYS = (*OLD_WAYS, "paper")

# Every visit has the child it was offered for, with what was recorded of it; and a history of what is known of it.
KNOWN_BEFORE = (
    """
    INSERT INTO visit_child (authority_id, visit_id, child_id, contact_id)
    SELECT authority_id, id, child_id, (
        SELECT max(contact.id) FROM contact
        WHERE contact.visit_id = visit.id AND contact.child_id = visit.child_id AND contact.struck_out_at IS NULL
    ) FROM visit ORDER BY id
    """,
    """
    INSERT INTO visit_step (authority_id, visit_id, step, done_at, by_id, kind, on_date, at_time)
    SELECT authority_id, id, 'offered', offered_at, adviser_id, kind, on_date, at_time FROM visit ORDER BY id
    """,
    """
    INSERT INTO visit_step (authority_id, visit_id, step, done_at, by_id, kind, on_date, at_time)
    SELECT authority_id, visit_id, answer, answered_at, account_id, kind, on_date, at_time FROM visit_answer ORDER BY id
    """,
    """
    INSERT INTO visit_step (authority_id, visit_id, step, done_at, by_id, kind, on_date, at_time, child_id, outcome)
    SELECT visit.authority_id, visit.id, 'recorded', contact.recorded_at, contact.recorded_by_id, visit.kind,
        visit.on_date, visit.at_time, contact.child_id, contact.outcome
    FROM visit JOIN contact ON contact.visit_id = visit.id ORDER BY contact.id
    """,
)
# What an older version of the portal has no word for becomes what comes nearest.
FORGOTTEN = (
    "UPDATE visit SET state = 'withdrawn' WHERE state = 'cancelled'",
    "UPDATE visit_answer SET answer = 'declined' WHERE answer = 'cancelled'",
    "UPDATE visit_answer SET way = 'writing' WHERE way = 'paper'",
)


def allow(batch_op: BatchOperations, table: str, column: str, codes: str, values: tuple[str, ...]) -> None:
    """Let a column be one of these."""
    name, listed = batch_op.f(f"ck_{table}_{codes}"), ", ".join(f"'{value}'" for value in values)
    batch_op.drop_constraint(name, type_="check")
    batch_op.create_check_constraint(name, sa.text(f"{column} IN ({listed})"))


def upgrade() -> None:
    op.create_table(
        "check_in",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("colleague_id", KEY, nullable=False),
        sa.Column("back_by_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_alarm_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("back_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("reference", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_check_in_authority_id")),
        sa.ForeignKeyConstraint(["colleague_id"], ["account.id"], name=op.f("fk_check_in_colleague_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_check_in_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in")),
        sa.UniqueConstraint("reference", name=op.f("uq_check_in_reference")),
        sa.UniqueConstraint("visit_id", name=op.f("uq_check_in_visit_id")),
    )
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_colleague_id"), ["colleague_id"], unique=False)
        batch_op.create_index(
            "ix_check_in_due",
            ["next_alarm_at", "id"],
            unique=False,
            sqlite_where=sa.text("next_alarm_at IS NOT NULL"),
            postgresql_where=sa.text("next_alarm_at IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_check_in_not_back",
            ["authority_id", "back_by_at"],
            unique=False,
            sqlite_where=sa.text("back_at IS NULL"),
            postgresql_where=sa.text("back_at IS NULL"),
        )

    op.create_table(
        "visit_step",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "accepted",
                "another-time",
                "another-way",
                "declined",
                "cancelled",
                "offered",
                "times-offered",
                "agreed",
                "changed",
                "withdrawn",
                "handed-over",
                "place-doubtful",
                "place-confirmed",
                "parted",
                "told",
                "recorded",
                "reopened",
                name="stepkind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("by_id", KEY, nullable=True),
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
        sa.Column("child_id", KEY, nullable=True),
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
            nullable=True,
        ),
        sa.Column("words", sa.String(), nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_visit_step_authority_id")),
        sa.ForeignKeyConstraint(["by_id"], ["account.id"], name=op.f("fk_visit_step_by_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_visit_step_child_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_step_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_step")),
    )
    with op.batch_alter_table("visit_step", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_step_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_step_by_id"), ["by_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_step_child_id"), ["child_id"], unique=False)
        batch_op.create_index("ix_visit_step_visit_id", ["visit_id", "id"], unique=False)

    op.create_table(
        "check_in_alarm",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("check_in_id", KEY, nullable=False),
        sa.Column("account_id", KEY, nullable=False),
        sa.Column("round", sa.Integer(), nullable=False),
        sa.Column("rung", sa.Integer(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_check_in_alarm_account_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_check_in_alarm_authority_id")),
        sa.ForeignKeyConstraint(["check_in_id"], ["check_in.id"], name=op.f("fk_check_in_alarm_check_in_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_check_in_alarm")),
        sa.UniqueConstraint(
            "check_in_id", "round", "account_id", name=op.f("uq_check_in_alarm_check_in_id_round_account_id")
        ),
    )
    with op.batch_alter_table("check_in_alarm", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_check_in_alarm_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_check_in_alarm_authority_id"), ["authority_id"], unique=False)

    op.create_table(
        "contact_addendum",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("contact_id", KEY, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("for_family", sa.Boolean(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("written_by_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_contact_addendum_authority_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_contact_addendum_contact_id")),
        sa.ForeignKeyConstraint(["written_by_id"], ["account.id"], name=op.f("fk_contact_addendum_written_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact_addendum")),
    )
    with op.batch_alter_table("contact_addendum", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_contact_addendum_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_contact_addendum_contact_id", ["contact_id", "id"], unique=False)
        batch_op.create_index(batch_op.f("ix_contact_addendum_written_by_id"), ["written_by_id"], unique=False)

    op.create_table(
        "visit_child",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("child_id", KEY, nullable=False),
        sa.Column("contact_id", KEY, nullable=True),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_visit_child_authority_id")),
        sa.ForeignKeyConstraint(["child_id"], ["child.id"], name=op.f("fk_visit_child_child_id")),
        sa.ForeignKeyConstraint(["contact_id"], ["contact.id"], name=op.f("fk_visit_child_contact_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_child_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_child")),
        sa.UniqueConstraint("visit_id", "child_id", name=op.f("uq_visit_child_visit_id_child_id")),
    )
    with op.batch_alter_table("visit_child", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_child_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_visit_child_child_id", ["child_id", "visit_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_child_contact_id"), ["contact_id"], unique=False)
        batch_op.create_index(
            "ix_visit_child_unrecorded",
            ["child_id", "visit_id"],
            unique=False,
            sqlite_where=sa.text("contact_id IS NULL"),
            postgresql_where=sa.text("contact_id IS NULL"),
        )

    op.create_table(
        "visit_slot",
        sa.Column("authority_id", KEY, nullable=False),
        sa.Column("visit_id", KEY, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("at_time", sa.Time(), nullable=True),
        sa.Column("answer_id", KEY, nullable=True),
        sa.Column(
            "state",
            sa.Enum(
                "open", "picked", "fell-away", name="slotstate", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("id", KEY, nullable=False),
        sa.ForeignKeyConstraint(["answer_id"], ["visit_answer.id"], name=op.f("fk_visit_slot_answer_id")),
        sa.ForeignKeyConstraint(["authority_id"], ["authority.id"], name=op.f("fk_visit_slot_authority_id")),
        sa.ForeignKeyConstraint(["visit_id"], ["visit.id"], name=op.f("fk_visit_slot_visit_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_visit_slot")),
    )
    with op.batch_alter_table("visit_slot", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_visit_slot_answer_id"), ["answer_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_visit_slot_authority_id"), ["authority_id"], unique=False)
        batch_op.create_index("ix_visit_slot_visit_id", ["visit_id", "on_date"], unique=False)

    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.add_column(sa.Column("outside", sa.Boolean(), server_default=sa.false(), nullable=False))
        batch_op.create_index(
            "ix_address_outside",
            ["authority_id", "from_on"],
            unique=False,
            sqlite_where=sa.text("outside = 1 AND until_on IS NULL"),
            postgresql_where=sa.text("outside AND until_on IS NULL"),
        )

    with op.batch_alter_table("safeguarding_observation", schema=None) as batch_op:
        batch_op.add_column(sa.Column("cannot_wait", sa.Boolean(), server_default=sa.false(), nullable=False))

    with op.batch_alter_table("visit", schema=None) as batch_op:
        batch_op.add_column(sa.Column("choice", sa.Boolean(), server_default=sa.false(), nullable=False))
        allow(batch_op, "visit", "state", "visitstate", NEW_STATES)
        batch_op.add_column(sa.Column("place_was", sa.String(), nullable=True))
        batch_op.add_column(sa.Column("place_doubtful_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.add_column(sa.Column("tell_since", sa.DateTime(timezone=True), nullable=True))
        batch_op.create_index(
            "ix_visit_place_doubtful",
            ["authority_id", "adviser_id", "on_date"],
            unique=False,
            sqlite_where=sa.text("place_doubtful_since IS NOT NULL"),
            postgresql_where=sa.text("place_doubtful_since IS NOT NULL"),
        )
        batch_op.create_index(
            "ix_visit_to_tell",
            ["authority_id", "adviser_id", "tell_since"],
            unique=False,
            sqlite_where=sa.text("tell_since IS NOT NULL"),
            postgresql_where=sa.text("tell_since IS NOT NULL"),
        )

    for table, column in (("visit", "choice"), ("safeguarding_observation", "cannot_wait"), ("address", "outside")):
        with op.batch_alter_table(table, schema=None) as batch_op:
            batch_op.alter_column(column, existing_type=sa.Boolean(), existing_nullable=False, server_default=None)
    with op.batch_alter_table("visit_answer", schema=None) as batch_op:
        allow(batch_op, "visit_answer", "answer", "visitreply", NEW_ANSWERS)
        allow(batch_op, "visit_answer", "way", "otherway", NEW_WAYS)
    for said in KNOWN_BEFORE:
        op.execute(said)


def downgrade() -> None:
    for said in FORGOTTEN:
        op.execute(said)
    with op.batch_alter_table("visit_answer", schema=None) as batch_op:
        allow(batch_op, "visit_answer", "way", "otherway", OLD_WAYS)
        allow(batch_op, "visit_answer", "answer", "visitreply", OLD_ANSWERS)
    with op.batch_alter_table("visit", schema=None) as batch_op:
        allow(batch_op, "visit", "state", "visitstate", OLD_STATES)
        batch_op.drop_index(
            "ix_visit_to_tell",
            sqlite_where=sa.text("tell_since IS NOT NULL"),
            postgresql_where=sa.text("tell_since IS NOT NULL"),
        )
        batch_op.drop_index(
            "ix_visit_place_doubtful",
            sqlite_where=sa.text("place_doubtful_since IS NOT NULL"),
            postgresql_where=sa.text("place_doubtful_since IS NOT NULL"),
        )
        batch_op.drop_column("tell_since")
        batch_op.drop_column("place_doubtful_since")
        batch_op.drop_column("place_was")
        batch_op.drop_column("choice")

    with op.batch_alter_table("safeguarding_observation", schema=None) as batch_op:
        batch_op.drop_column("cannot_wait")

    with op.batch_alter_table("address", schema=None) as batch_op:
        batch_op.drop_index("ix_address_outside")
        batch_op.drop_column("outside")

    with op.batch_alter_table("visit_slot", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_slot_visit_id")
        batch_op.drop_index(batch_op.f("ix_visit_slot_authority_id"))
        batch_op.drop_index(batch_op.f("ix_visit_slot_answer_id"))

    op.drop_table("visit_slot")
    with op.batch_alter_table("visit_child", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_visit_child_unrecorded",
            sqlite_where=sa.text("contact_id IS NULL"),
            postgresql_where=sa.text("contact_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_visit_child_contact_id"))
        batch_op.drop_index("ix_visit_child_child_id")
        batch_op.drop_index(batch_op.f("ix_visit_child_authority_id"))

    op.drop_table("visit_child")
    with op.batch_alter_table("contact_addendum", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_contact_addendum_written_by_id"))
        batch_op.drop_index("ix_contact_addendum_contact_id")
        batch_op.drop_index(batch_op.f("ix_contact_addendum_authority_id"))

    op.drop_table("contact_addendum")
    with op.batch_alter_table("check_in_alarm", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_check_in_alarm_authority_id"))
        batch_op.drop_index(batch_op.f("ix_check_in_alarm_account_id"))

    op.drop_table("check_in_alarm")
    with op.batch_alter_table("visit_step", schema=None) as batch_op:
        batch_op.drop_index("ix_visit_step_visit_id")
        batch_op.drop_index(batch_op.f("ix_visit_step_child_id"))
        batch_op.drop_index(batch_op.f("ix_visit_step_by_id"))
        batch_op.drop_index(batch_op.f("ix_visit_step_authority_id"))

    op.drop_table("visit_step")
    with op.batch_alter_table("check_in", schema=None) as batch_op:
        batch_op.drop_index("ix_check_in_not_back")
        batch_op.drop_index(
            "ix_check_in_due",
            sqlite_where=sa.text("next_alarm_at IS NOT NULL"),
            postgresql_where=sa.text("next_alarm_at IS NOT NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_check_in_colleague_id"))
        batch_op.drop_index(batch_op.f("ix_check_in_authority_id"))

    op.drop_table("check_in")
