"""What every `flask` command shares: a piece of work of its own, plain complaints on standard error, exit codes."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

import click
from sqlalchemy import Engine
from sqlalchemy.exc import OperationalError, ProgrammingError

from ehe_portal.core import db
from ehe_portal.core.errors import Refusal
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import portal
from ehe_portal.core.work import COMMAND, Scope, Work

REFUSED = 2


@contextmanager
def command_work(*, writing: bool) -> Iterator[Work]:
    """The work of one command, over every authority, in one transaction; nothing is kept if it fails.

    A `Refusal` becomes its message on standard error and exit code 2. For use inside an application context, which
    Flask gives to every command.
    """
    try:
        work = portal().work(COMMAND, Scope(everything=True), writing=writing)
        with transaction(work, may_write=writing):
            yield work
    except Refusal as refusal:
        complain(refusal.message)
        sys.exit(REFUSED)
    except (OperationalError, ProgrammingError):
        if schema_is_current(db.db.engine):
            raise
        complain("The database does not have the schema of this version. Run: flask db upgrade")
        sys.exit(REFUSED)


def complain(message: str) -> None:
    """A line for people on standard error."""
    click.echo(message, err=True)


def schema_is_current(engine: Engine) -> bool:
    """Whether the database has the schema that this version of the portal needs."""
    return db.alembic.is_current(engine)
