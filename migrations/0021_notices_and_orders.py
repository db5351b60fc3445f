"""orders: notices and school attendance orders, step by step, and how each was served"""

from collections.abc import Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision: str = "0021"
down_revision: str | None = "0020"
branch_labels: Sequence[str] = ()
depends_on: str | None = None

KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
MOMENT = sa.DateTime(timezone=True)
CODE = sa.String(length=40)
ROUTES = "route IN ('attendance', 'consent', 'information')"
STEPS = (
    "code IN ('notice', 'satisfied', 'not-satisfied', 'expedient', 'not-expedient', 'plan-names-school', 'consult', "
    "'tell-school', 'intention', 'preliminary', 'conditions-met', 'conditions-not-met', 'school-decision', "
    "'nomination', 'determined', 'order', 'amend', 'revoke', 'refuse-revocation', 'breach', 'supervision', "
    "'prosecute', 'no-prosecution', 'application', 'consent', 'refuse-consent', 'request', 'given', 'not-given')"
)
STANDING = """
    INSERT INTO order_finding (authority_id, child_id, assessment_id, found_on)
    SELECT authority_id, child_id, id, {day} FROM assessment
    WHERE state = 'stands' AND outcome = 'appears-unsuitable' AND NOT EXISTS (
        SELECT 1 FROM assessment later
        WHERE later.child_id = assessment.child_id AND later.state = 'stands' AND (
            later.decided_at > assessment.decided_at
            OR (later.decided_at = assessment.decided_at AND later.id > assessment.id)
        )
    )
"""


def column(name: str, kind: Any, *, empty: bool = False) -> sa.Column[Any]:
    """One column; most must be filled."""
    return sa.Column(name, kind, nullable=empty)


def keys(table: str, **to: str) -> list[sa.ForeignKeyConstraint]:
    """Foreign keys, each by its column and the table that it points to."""
    return [
        sa.ForeignKeyConstraint([name], [f"{other}.id"], name=op.f(f"fk_{table}_{name}")) for name, other in to.items()
    ]


def check(table: str, name: str, what: str) -> sa.CheckConstraint:
    """One check constraint."""
    return sa.CheckConstraint(what, name=op.f(f"ck_{table}_{name}"))


def indexes(table: str, *names: str, **more: tuple[list[str], bool, str | None]) -> None:
    """Indexes of one column each; and others by their names: the columns, whether unique, and where."""
    with op.batch_alter_table(table, schema=None) as batch_op:
        for name in names:
            batch_op.create_index(batch_op.f(f"ix_{table}_{name}"), [name], unique=False)
        for name, (columns, unique, where) in more.items():
            only = {} if where is None else {"sqlite_where": sa.text(where), "postgresql_where": sa.text(where)}
            batch_op.create_index(name, columns, unique=unique, **only)


def upgrade() -> None:
    findings()
    cases()
    steps()
    consents()
    sendings()


def findings() -> None:
    """The decisions on which a notice can rest: those that stand today are taken up."""
    table = "order_finding"
    op.create_table(
        table,
        column("id", KEY),
        column("authority_id", KEY),
        column("child_id", KEY),
        column("assessment_id", KEY),
        column("found_on", sa.Date()),
        *keys(table, authority_id="authority", child_id="child", assessment_id="assessment"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_finding")),
        sa.UniqueConstraint("child_id", name=op.f("uq_order_finding_child_id")),
    )
    indexes(table, "authority_id", "assessment_id")
    on_sqlite = op.get_bind().dialect.name == "sqlite"
    # The London day of a moment; SQLite knows no time zones, and is an hour off after 23:00 in summer at most.
    day = "date(stands_since)" if on_sqlite else "CAST(stands_since AT TIME ZONE 'Europe/London' AS date)"
    op.execute(STANDING.format(day=day))


def cases() -> None:
    """One case about one child, under the law of the day on which it was begun."""
    table = "order_case"
    op.create_table(
        table,
        column("id", KEY),
        column("reference", sa.String()),
        column("version", sa.Integer()),
        column("authority_id", KEY),
        column("child_id", KEY),
        column("route", CODE),
        column("profile", sa.String()),
        column("begun_under_id", KEY),
        column("begun_at", MOMENT),
        column("begun_by_id", KEY, empty=True),
        column("assessment_id", KEY, empty=True),
        column("clock_on", sa.Date(), empty=True),
        column("clock_whose", CODE, empty=True),
        column("ended_at", MOMENT, empty=True),
        column("ended_by_id", KEY, empty=True),
        column("closing", CODE, empty=True),
        column("ended_why", sa.String(), empty=True),
        check(table, "route", ROUTES),
        check(table, "whose", "clock_whose IN ('parent', 'school', 'council')"),
        check(table, "closing", "closing IN ('done', 'withdrawn')"),
        check(table, "ended_somehow", "(ended_at IS NULL) = (closing IS NULL)"),
        check(table, "someones_clock", "(clock_on IS NULL) = (clock_whose IS NULL)"),
        *keys(
            table,
            authority_id="authority",
            child_id="child",
            begun_under_id="policy_version",
            begun_by_id="account",
            assessment_id="assessment",
            ended_by_id="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_case")),
        sa.UniqueConstraint("reference", name=op.f("uq_order_case_reference")),
    )
    indexes(
        table,
        "begun_under_id",
        "begun_by_id",
        "assessment_id",
        "ended_by_id",
        uq_order_case_open=(["child_id", "route"], True, "ended_at IS NULL"),
        ix_order_case_child_id=(["child_id", "id"], False, None),
        ix_order_case_clock=(["authority_id", "clock_on", "id"], False, "clock_on IS NOT NULL"),
    )


def steps() -> None:
    """The steps of a case: put forward, returned, taken."""
    table = "order_step"
    op.create_table(
        table,
        column("id", KEY),
        column("reference", sa.String()),
        column("authority_id", KEY),
        column("case_id", KEY),
        column("code", CODE),
        column("state", CODE),
        column("reasons", sa.String()),
        column("said", sa.JSON()),
        column("parents", sa.JSON()),
        column("written_at", MOMENT),
        column("written_by_id", KEY, empty=True),
        column("taken_at", MOMENT, empty=True),
        column("taken_on", sa.Date(), empty=True),
        column("taken_by_id", KEY, empty=True),
        column("answer", sa.String(), empty=True),
        check(table, "stepcode", STEPS),
        check(table, "stepstate", "state IN ('proposed', 'returned', 'taken')"),
        check(table, "taken_at_a_moment", "(state = 'taken') = (taken_at IS NOT NULL AND taken_on IS NOT NULL)"),
        *keys(table, authority_id="authority", case_id="order_case", written_by_id="account", taken_by_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_step")),
        sa.UniqueConstraint("reference", name=op.f("uq_order_step_reference")),
    )
    indexes(
        table,
        "authority_id",
        "written_by_id",
        "taken_by_id",
        ix_order_step_case_id=(["case_id", "id"], False, None),
        uq_order_step_proposed=(["case_id"], True, "state = 'proposed'"),
        ix_order_step_waiting=(["authority_id", "written_at"], False, "state = 'proposed'"),
    )


def consents() -> None:
    """Parents' written consents to electronic service."""
    table = "service_consent"
    op.create_table(
        table,
        column("id", KEY),
        column("reference", sa.String()),
        column("authority_id", KEY),
        column("parent_id", KEY),
        column("document", CODE),
        column("address", sa.String()),
        column("given_on", sa.Date()),
        column("recorded_at", MOMENT),
        column("recorded_by_id", KEY, empty=True),
        column("withdrawn_on", sa.Date(), empty=True),
        column("withdrawn_by_id", KEY, empty=True),
        check(table, "document", "document IN ('notice', 'order', 'request', 'school')"),
        check(table, "served_on_a_parent", "document <> 'school'"),
        check(table, "withdrawn_later", "withdrawn_on IS NULL OR withdrawn_on >= given_on"),
        *keys(table, authority_id="authority", parent_id="parent", recorded_by_id="account", withdrawn_by_id="account"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_service_consent")),
        sa.UniqueConstraint("reference", name=op.f("uq_service_consent_reference")),
    )
    indexes(
        table,
        "authority_id",
        "recorded_by_id",
        "withdrawn_by_id",
        ix_service_consent_parent_id=(["parent_id", "document"], False, None),
    )


def sendings() -> None:
    """The document of a step to one parent or the school, and how it was served."""
    table = "order_sending"
    served = "(method IS NULL) = (served_on IS NULL) AND (served_on IS NULL) = (sent_on IS NULL)"
    op.create_table(
        table,
        column("id", KEY),
        column("reference", sa.String()),
        column("authority_id", KEY),
        column("step_id", KEY),
        column("parent_id", KEY, empty=True),
        column("method", CODE, empty=True),
        column("sent_on", sa.Date(), empty=True),
        column("served_on", sa.Date(), empty=True),
        column("note", sa.String(), empty=True),
        column("letter_id", KEY, empty=True),
        column("recorded_at", MOMENT, empty=True),
        column("recorded_by_id", KEY, empty=True),
        column("consent_id", KEY, empty=True),
        column("struck_out_at", MOMENT, empty=True),
        column("struck_out_by_id", KEY, empty=True),
        column("struck_out_why", sa.String(), empty=True),
        check(table, "method", "method IN ('by-hand', 'left', 'post', 'electronic', 'other')"),
        check(table, "served_somehow", served),
        check(table, "served_after_sending", "served_on IS NULL OR served_on >= sent_on"),
        *keys(
            table,
            authority_id="authority",
            step_id="order_step",
            parent_id="parent",
            letter_id="letter",
            recorded_by_id="account",
            consent_id="service_consent",
            struck_out_by_id="account",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_order_sending")),
        sa.UniqueConstraint("reference", name=op.f("uq_order_sending_reference")),
    )
    indexes(
        table,
        "authority_id",
        "parent_id",
        "letter_id",
        "recorded_by_id",
        "consent_id",
        "struck_out_by_id",
        ix_order_sending_step_id=(["step_id", "id"], False, None),
    )


def downgrade() -> None:
    for table in ("order_sending", "service_consent", "order_step", "order_case", "order_finding"):
        op.drop_table(table)
