"""Tables: scoped, indexed, constrained."""

import enum

import pytest
from sqlalchemy import Date, DateTime, Enum, Table, UniqueConstraint

from ehe_portal.app import PAGES
from ehe_portal.core.db import Base, Moment
from ehe_portal.core.transaction import housekeeping_tables

assert PAGES, "building the portal is what imports every table"
TABLES = sorted(Base.metadata.tables.values(), key=lambda table: table.name)
NAMES = [table.name for table in TABLES]
UNSCOPED = {
    "authority": "is the scope itself",
    "assessment_evidence": "joins two rows that are each scoped",
    "job_leader": "is about the deployment",
    "job_run": "is about the deployment",
    "handled_form": "holds nothing but a fingerprint",
    "form_draft": "is one account's, and sealed",
    "registration_draft": "is one account's, and sealed",
    "sign_in_attempt": "holds keyed hashes, before anyone is known",
}


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_every_table_is_scoped_to_an_authority_or_says_why_not(table: Table) -> None:
    assert ("authority_id" in table.c) != (table.name in UNSCOPED), f"{table.name}: add authority_id, or a reason here"


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_every_foreign_key_is_indexed(table: Table) -> None:
    unique = {next(iter(one.columns)).name for one in table.constraints if isinstance(one, UniqueConstraint)}
    indexed = (
        {next(iter(index.columns)).name for index in table.indexes} | unique | {next(iter(table.primary_key)).name}
    )
    bare = [key.parent.name for key in table.foreign_keys if key.parent.name not in indexed]
    assert sorted(set(bare)) == [], (
        f"{table.name}: a foreign key that no index begins with makes deletes and joins slow"
    )


@pytest.mark.parametrize("table", TABLES, ids=NAMES)
def test_moments_are_aware_and_codes_are_constrained(table: Table) -> None:
    for column in table.c:
        assert not (isinstance(column.type, DateTime) and not isinstance(column.type, Date)), f"{column}: use Moment"
        if isinstance(column.type, Enum):
            assert column.type.create_constraint, f"{column}: use coded()"
        if column.name.endswith("_at"):
            assert isinstance(column.type, Moment), f"{column}: an _at is a moment"
        if column.name.endswith("_on"):
            assert isinstance(column.type, Date), f"{column}: an _on is a London date"


def test_housekeeping_tables_say_why() -> None:
    for mapper in Base.registry.mappers:
        if mapper.local_table in housekeeping_tables():
            assert len(mapper.class_.__housekeeping__) > 10


def test_references_are_random_and_unique() -> None:
    for table in TABLES:
        if "reference" in table.c:
            assert table.c.reference.unique, table.name


def test_enums_hold_their_values_not_their_names() -> None:
    for table in TABLES:
        for column in table.c:
            if isinstance(column.type, Enum) and column.type.enum_class is not None:
                codes = column.type.enum_class
                assert issubclass(codes, enum.StrEnum)
                assert column.type.enums == [code.value for code in codes]
