"""Bringing the database's schema to the one this version needs: all of the way, or not at all."""

from collections.abc import Callable, Iterable
from typing import Any

from alembic.runtime.migration import MigrationContext, MigrationStep
from flask_alembic import Alembic
from sqlalchemy import Connection, Engine, column, inspect, select, table

REACHED = table("alembic_version", column("version_num"))  # Alembic's own note of how far a database has come

Steps = Callable[[Any, MigrationContext], Iterable[MigrationStep]]


class BrokenReferences(Exception):
    """After a migration, rows would point at rows that are not there; nothing was kept."""


class Migrations(Alembic):
    """Flask-Alembic, careful with SQLite.

    There a table is changed by being made anew, so foreign keys are off meanwhile and checked before the commit; and
    all steps share one transaction, as they do on PostgreSQL.
    """

    def run_migrations(self, fn: Any, **kwargs: Any) -> None:
        """Run the steps that `fn` names. Raises `BrokenReferences`."""
        connection = self.migration_context.connection
        if connection is None or connection.dialect.name != "sqlite":
            super().run_migrations(fn, **kwargs)
            return
        connection.rollback()  # what has only been read so far; the switch below does nothing inside a transaction
        connection.execution_options(writing=True)
        switch_foreign_keys(connection, "OFF")
        self.migration_context.impl.transactional_ddl = True
        try:
            super().run_migrations(checked(fn), **kwargs)
        finally:
            switch_foreign_keys(connection, "ON")

    def is_current(self, engine: Engine) -> bool:
        """Whether the database is at the head of the migrations, asked on a connection of its own."""
        with engine.connect() as connection:
            known = inspect(connection).has_table(REACHED.name)
            reached = set(connection.scalars(select(REACHED.c.version_num))) if known else set()
        return reached == set(self.script_directory.get_heads())


def switch_foreign_keys(connection: Connection, state: str) -> None:
    """Turn SQLite's foreign keys on or off; past SQLAlchemy, which would begin a transaction first."""
    driver = connection.connection.driver_connection
    if driver is not None:
        driver.execute(f"PRAGMA foreign_keys = {state}")


def checked(fn: Steps) -> Any:
    """The same steps, and after the last of them a look at every foreign key, in the transaction still open."""

    def steps(revision: Any, context: MigrationContext) -> Iterable[MigrationStep]:
        yield from fn(revision, context)
        if context.connection is not None:
            broken = {row[0] for row in context.connection.exec_driver_sql("PRAGMA foreign_key_check")}
            if broken:
                raise BrokenReferences(", ".join(sorted(broken)))

    return steps
