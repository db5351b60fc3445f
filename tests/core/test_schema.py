"""Upgrading: all of the way or not at all, on a database and with migrations of its own."""

import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import inspect, text

from ehe_portal.core import db
from ehe_portal.core.commands import schema_is_current
from ehe_portal.core.migrations import BrokenReferences
from tests.conftest import settings_for

FIRST = """
    op.create_table("parent", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "child",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("parent_id", sa.Integer, sa.ForeignKey("parent.id"), nullable=False),
    )
    op.execute("INSERT INTO parent VALUES (1)")
    op.execute("INSERT INTO child VALUES (1, 1)")
"""
SECOND = """
    with op.batch_alter_table("parent", recreate="always" if op.get_bind().dialect.name == "sqlite" else "auto") as one:
        one.add_column(sa.Column("age", sa.Integer))
"""
FAILS = (
    SECOND
    + """
    raise LookupError
"""
)
BREAKS = (
    SECOND
    + """
    op.execute("DELETE FROM parent")
"""
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A checkout with one migration."""
    made = tmp_path / "migrations"
    made.mkdir()
    write(made, "one", None, FIRST)
    return made


def write(folder: Path, name: str, after: str | None, steps: str) -> None:
    (folder / f"{name}.py").write_text(
        "import sqlalchemy as sa\nfrom alembic import op\n"
        f"revision = {name!r}\ndown_revision = {after!r}\nbranch_labels = depends_on = None\n"
        f"def upgrade():\n{textwrap.indent(textwrap.dedent(steps), '    ')}\n",
        encoding="utf-8",
    )


class Bare:
    """A portal with nothing but its database. Each deed is a new process's, for one reads its migrations once."""

    def __init__(self, database_url: str, folder: Path) -> None:
        self.settings = settings_for(database_url, folder, root=folder)

    @contextmanager
    def running(self) -> Iterator[Flask]:
        app = Flask("bare")
        db.init_app(app, self.settings)
        with app.app_context():
            yield app
            db.db.engine.dispose()

    def upgrade(self) -> Result:
        with self.running() as app:
            return app.test_cli_runner().invoke(args=["db", "upgrade"])

    def columns(self) -> set[str]:
        with self.running():
            return {column["name"] for column in inspect(db.db.engine).get_columns("parent")}

    def is_current(self) -> bool:
        with self.running():
            return schema_is_current(db.db.engine)


@pytest.fixture
def bare(new_database: Callable[[], str], folder: Path) -> Bare:
    return Bare(new_database(), folder.parent)


def test_an_empty_database_and_an_older_one_come_to_the_head(bare: Bare, folder: Path) -> None:
    assert not bare.is_current()
    assert bare.upgrade().exit_code == 0
    assert bare.is_current()
    write(folder, "two", "one", SECOND)
    assert not bare.is_current()
    assert bare.upgrade().exit_code == 0
    assert bare.is_current()
    assert bare.columns() == {"id", "age"}
    assert bare.upgrade().exit_code == 0


def test_an_upgrade_that_fails_leaves_the_schema_it_found(bare: Bare, folder: Path) -> None:
    bare.upgrade()
    write(folder, "two", "one", SECOND)
    write(folder, "three", "two", FAILS.replace("age", "height"))
    assert isinstance(bare.upgrade().exception, LookupError)
    assert bare.columns() == {"id"}, "the second migration had gone well, and is gone too"
    (folder / "three.py").unlink()
    assert bare.upgrade().exit_code == 0


def test_rows_that_would_point_at_nothing_are_refused(bare: Bare, folder: Path, request: pytest.FixtureRequest) -> None:
    bare.upgrade()
    write(folder, "two", "one", BREAKS)
    failure = bare.upgrade().exception
    expected = BrokenReferences if request.config.getoption("--database") == "sqlite" else Exception
    assert isinstance(failure, expected)
    assert bare.columns() == {"id"}


def test_foreign_keys_hold_again_after_an_upgrade(bare: Bare) -> None:
    bare.upgrade()
    with bare.running(), db.db.engine.begin() as connection, pytest.raises(Exception, match=r"(?i)foreign key"):
        connection.execute(text("INSERT INTO child VALUES (2, 99)"))
