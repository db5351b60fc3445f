"""Filling tables quickly: their indexes are made when the rows are there, and keys are not looked up row by row."""

import contextlib
from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, text

# All indexes but those that hold a primary key, to which foreign keys point; and the statement that makes each.
INDEXES = """
SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid), conname, pg_get_constraintdef(pg_constraint.oid),
    indrelid::regclass::text
FROM pg_index LEFT JOIN pg_constraint ON conindid = indexrelid AND contype = 'u'
WHERE indrelid = ANY (CAST(:tables AS regclass[])) AND NOT indisprimary
ORDER BY indexrelid
"""


@contextlib.contextmanager
def bare_tables(connection: Connection, tables: Sequence[str]) -> Iterator[None]:
    """Within the connection's transaction, these tables without indexes and checks of keys; afterwards with them."""
    for setting in ("session_replication_role = replica", "work_mem = '128MB'", "maintenance_work_mem = '512MB'"):
        connection.execute(text(f"SET LOCAL {setting}"))
    known = connection.execute(text(INDEXES), {"tables": list(tables)}).all()
    for name, _, constraint, _, table in known:
        drop = f"ALTER TABLE {table} DROP CONSTRAINT {constraint}" if constraint else f"DROP INDEX {name}"
        connection.execute(text(drop))
    yield
    for _, definition, constraint, rule, table in known:
        make = f"ALTER TABLE {table} ADD CONSTRAINT {constraint} {rule}" if constraint else definition
        connection.execute(text(make.replace(":", "\\:")))
