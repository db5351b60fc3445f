"""`flask demo`: run the demonstration, or begin it anew."""

import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Final

import click

from ehe_portal.core import db
from ehe_portal.core.commands import REFUSED, command_work, complain
from ehe_portal.core.days import london_date
from ehe_portal.core.errors import Refusal
from ehe_portal.core.govuk.words import long_date
from ehe_portal.core.web import portal
from ehe_portal.demo import cast, running
from ehe_portal.demo.generating import CHILDREN, generate, is_empty

FAILED: Final = 1
OLD_AFTER_DAYS: Final = 3
MADE_ON: Final = "made-on"
MADE_HERE: Final = (MADE_ON, "portal.db", "portal.db-wal", "portal.db-shm", "vault", "mailbox", "anchors")


@click.group("demo")
def demo() -> None:
    """The demonstration: a made-up council with its families."""


PORT = click.option("--port", envvar="PORT", default=5000, show_default=True, type=click.IntRange(1, 65535))
HOW_MANY = click.option("--children", default=CHILDREN, show_default=True, type=click.IntRange(50, 20_000))


@demo.command("run")
@PORT
@HOW_MANY
def run(port: int, children: int) -> None:
    """Start the portal, its jobs and a mail server together; stop them with Ctrl-C.

    The first time, the council is made up; after that it is as it was left.
    """
    settings = portal().settings
    address = f"http://{running.HOST}:{port}"
    with refusing(), running.only_one(settings.var, address):
        running.refuse_taken(port)
        prepare(settings.var, children)
        db.db.engine.dispose()
        running.run(settings.root, settings.var, port, lambda: announce(address, settings.var))
    complain("The demonstration has stopped. What was done in it is kept.")


@demo.command("reset")
@PORT
@HOW_MANY
def reset(port: int, children: int) -> None:
    """Throw away what was done in the demonstration, and make it up anew as of today."""
    settings = portal().settings
    with refusing(), running.only_one(settings.var, f"http://{running.HOST}:{port}"):
        db.db.engine.dispose()
        throw_away(settings.var)
        prepare(settings.var, children)
    complain("The demonstration is as on its first day. Start it with: make demo")


@contextmanager
def refusing() -> Iterator[None]:
    """Say what cannot be done, and end with an exit code that says so too."""
    try:
        yield
    except Refusal as refusal:
        complain(refusal.message)
        sys.exit(REFUSED)
    except running.Died as died:
        complain(died.words)
        sys.exit(FAILED)


def prepare(folder: Path, children: int) -> None:
    """Bring the database to this version's schema, and make up the council where there is none."""
    db.alembic.upgrade()
    with command_work(writing=True) as work:
        wanted = is_empty(work)
        if wanted:
            generate(work, children, complain)
    if wanted:
        (folder / MADE_ON).write_text(work.today.isoformat(), encoding="ascii")


def throw_away(folder: Path) -> None:
    """Remove the database, the vault and the mailbox; the keys stay, for nothing is left that they open."""
    for name in MADE_HERE:
        path = folder / name
        if path.is_dir():
            shutil.rmtree(path)
        else:
            path.unlink(missing_ok=True)


def announce(address: str, folder: Path) -> None:
    """Say, on standard output, where the portal is and who can sign in."""
    widest = max(len(person.email) for person in cast.EVERYONE)
    lines = [
        "",
        f"{cast.COUNCIL}, a demonstration, is running at {address}",
        "",
        f"  Sign in with one press:       {address}/demo/accounts",
        f"  Every message that was sent:  {address}/demo/mailbox",
        "",
        f"These people can sign in, all with the password: {cast.SIGN_IN_WORDS}",
        "",
        *(f"  {person.email:{widest}}  {person.role.label}" for person in cast.EVERYONE),
        "",
        *aged(folder),
        "Stop everything with Ctrl-C.",
    ]
    click.echo("\n".join(lines))


def aged(folder: Path) -> list[str]:
    """What is said of a demonstration that was made some days ago, if it was."""
    try:
        made_on = date.fromisoformat((folder / MADE_ON).read_text(encoding="ascii"))
    except (FileNotFoundError, ValueError):
        return []
    if (london_date(portal().now()) - made_on).days < OLD_AFTER_DAYS:
        return []
    return [
        f"It was made on {long_date(made_on)}, and its families have waited since.",
        "For one as of today, stop it and run: make demo-reset",
        "",
    ]
