"""The database's history: one head, equal to the models, up and down and up again on the database of this run."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from flask import Flask
from sqlalchemy import inspect

from ehe_portal.app import create_app
from ehe_portal.core import db
from tests.conftest import settings_for


@pytest.fixture
def empty(new_database: Callable[[], str], tmp_path: Path) -> Iterator[Flask]:
    app = create_app(settings_for(new_database(), tmp_path))
    with app.app_context():
        yield app
        db.db.engine.dispose()


def tables() -> dict[str, list[str]]:
    seen = inspect(db.db.engine)
    return {
        name: sorted(column["name"] for column in seen.get_columns(name))
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def differences() -> list[object]:
    with db.db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        found: list[object] = compare_metadata(context, db.Base.metadata)
        return found


def test_there_is_one_head(app: Flask) -> None:
    assert len(db.alembic.script_directory.get_heads()) == 1


def test_the_migrations_make_what_the_models_say(empty: Flask) -> None:
    db.alembic.upgrade()
    assert differences() == [], "write a migration for what changed in models.py"


def rules_held() -> dict[str, set[str]]:
    """The names of what the database itself holds rows to: checks, unique constraints, and indexes with conditions."""
    seen = inspect(db.db.engine)
    return {
        name: {str(one["name"]) for one in (*seen.get_check_constraints(name), *seen.get_unique_constraints(name))}
        | {str(one["name"]) for one in seen.get_indexes(name)}
        for name in seen.get_table_names()
        if name != "alembic_version"
    }


def test_no_rule_is_lost_on_the_way(empty: Flask, new_database: Callable[[], str], tmp_path: Path) -> None:
    """SQLite copies a table to change it: its checks must come along."""
    db.alembic.upgrade()
    migrated = rules_held()
    app = create_app(settings_for(new_database(), tmp_path))
    with app.app_context():
        db.Base.metadata.create_all(db.db.engine)
        made = rules_held()
        db.db.engine.dispose()
    assert {name: made[name] ^ migrated[name] for name in made if made[name] != migrated[name]} == {}


def test_up_down_and_up_again(empty: Flask) -> None:
    db.alembic.upgrade()
    first = tables()
    assert first
    db.alembic.downgrade("base")
    assert tables() == {}
    db.alembic.upgrade()
    assert tables() == first


def test_an_empty_database_is_not_current_and_a_migrated_one_is(empty: Flask) -> None:
    assert not db.alembic.is_current(db.db.engine)
    db.alembic.upgrade()
    assert db.alembic.is_current(db.db.engine)
