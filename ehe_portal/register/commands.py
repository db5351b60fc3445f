"""`flask register`: an authority's register in from a spreadsheet and out to one."""

from pathlib import Path

import click

from ehe_portal.accounts.queries import authority_named
from ehe_portal.core.commands import command_work, complain
from ehe_portal.core.govuk.words import counted
from ehe_portal.register import service

FILE = click.Path(path_type=Path)
AUTHORITY = click.option("--authority", metavar="CODE", help="Which authority, by its code.")


@click.group("register")
def group() -> None:
    """The register of children: files in and out, and whether any child is out of sight."""


@group.command("import")
@click.argument("file", type=FILE)
@AUTHORITY
@click.option("--dry-run", is_flag=True, help="Check the file and keep nothing.")
def import_(file: Path, authority: str | None, dry_run: bool) -> None:
    """Add the children of FILE who are not on the register yet. Exits 2 where anything is wrong with it."""
    with command_work(writing=False) as work:
        authority_id = authority_named(work, authority).id
        read = service.read_register(work, authority_id, file)
    new, here = counted(len(read.new), "child", "children"), f"{read.known:,}"
    if dry_run:
        complain(f"{new} would be added; {here} here already. Nothing was kept.")
    elif not read.new:
        complain(f"Nothing changed: {counted(read.known, 'child', 'children')} in the file, here already.")
    else:
        with command_work(writing=True) as work:
            doubles = service.import_register(work, authority_id, read.new, complain)
        complain(f"{new} added; {here} here already. Possible doubles to look at: {doubles:,}.")


@group.command("export")
@click.argument("file", type=FILE)
@AUTHORITY
def export(file: Path, authority: str | None) -> None:
    """Write the whole register to FILE, as import takes it."""
    with command_work(writing=False) as work:
        written = service.export_register(work, authority_named(work, authority).id, file)
    complain(f"{counted(written, 'child', 'children')} written.")


GROUPS = (group,)
