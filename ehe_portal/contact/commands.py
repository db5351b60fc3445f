"""`flask contact`: contacts in and out, and the forecast."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import click

from ehe_portal.accounts.queries import authority_named
from ehe_portal.contact import service
from ehe_portal.core.commands import command_work, complain
from ehe_portal.core.csvfiles import Unexpected, a_date, write_sheet
from ehe_portal.core.govuk.words import counted


@click.group("contact")
def contact() -> None:
    """Contacts with families: files and forecast."""


FILE = click.Path(path_type=Path, dir_okay=False)


def authority_option(command: Callable[..., Any]) -> Callable[..., Any]:
    """The option that may be left out where there is only one authority."""
    return click.option("--authority", metavar="CODE", help="Which authority, by its code.")(command)


class Day(click.ParamType[date]):
    """A date as files have it."""

    name = "date"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> date:
        """The date that was typed; a usage error where there is none."""
        try:
            return value if isinstance(value, date) else a_date(str(value).strip())
        except Unexpected as unexpected:
            self.fail(f"{value!r}: expected {unexpected}", param, ctx)


@contact.command("import")
@click.argument("file", type=FILE)
@authority_option
@click.option("--dry-run", is_flag=True, help="Check the file and keep nothing.")
def import_(file: Path, authority: str | None, dry_run: bool) -> None:
    """Add the contacts of FILE that are not here yet."""
    with command_work(writing=False):  # nobody waits for the database while a long file is read
        contacts = service.read_contacts(file)
    with command_work(writing=not dry_run) as work:
        imported = service.import_contacts(work, authority_named(work, authority).id, contacts, keep=not dry_run)
    if imported.taken_as_yes or imported.taken_as_no:
        complain(
            f"substantive was left out: {counted(imported.taken_as_yes, 'written report')} taken as yes, "
            f"{counted(imported.taken_as_no, 'letter or email', 'letters and emails')} taken as no."
        )
    new, here = counted(imported.new, "contact"), imported.rows - imported.new
    if dry_run:
        complain(f"{new} would be added; {here:,} here already. Nothing was kept.")
    elif imported.new:
        complain(f"{new} added; {here:,} here already.")
    else:
        complain(f"Nothing changed: {counted(here, 'contact')} in the file, all here already.")


@contact.command("export")
@click.argument("file", type=FILE)
@authority_option
def export(file: Path, authority: str | None) -> None:
    """Write all contacts to FILE, as import takes them."""
    with command_work(writing=False) as work:
        authority_id = authority_named(work, authority).id
        count = write_sheet(file, (*service.MUST, *service.MAY), service.exported_contacts(work, authority_id))
    complain(f"{counted(count, 'contact')} written.")


@contact.command("forecast")
@click.option("--until", type=Day(), required=True, help="The last day asked about.")
@click.option("--from", "since", type=Day(), help="The first day asked about; by default the day of --as-of.")
@click.option("--as-of", type=Day(), help="The day whose knowledge counts; by default today.")
@authority_option
@click.option("--csv", "file", type=FILE, required=True, help="The file to write.")
def forecast(until: date, since: date | None, as_of: date | None, authority: str | None, file: Path) -> None:
    """Who lapses by a day, if nobody is in contact from now on?"""
    if since is not None and since > until:
        raise click.BadOptionUsage("--from", "--from must not be later than --until.")
    with command_work(writing=False) as work:
        authority_id = authority_named(work, authority).id
        known_on = as_of or work.today
        foreseen = service.forecast(work, authority_id, as_of=known_on, since=since or known_on, until=until)
        write_sheet(file, service.FORECAST, (one.cells() for one in foreseen))
    complain(f"{counted(len(foreseen), 'contact')} would lapse.")


GROUPS = (contact,)
