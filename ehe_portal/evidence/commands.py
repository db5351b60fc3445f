"""`flask evidence scan-again`: files that could not be scanned for viruses wait for the scanner once more."""

import click

from ehe_portal.core.commands import command_work
from ehe_portal.core.govuk.words import counted
from ehe_portal.evidence import service


@click.group("evidence")
def group() -> None:
    """What families send."""


@group.command("scan-again")
def scan_again() -> None:
    """Let what could not be scanned for viruses be scanned once more, say after clamd's limits were raised."""
    with command_work(writing=True) as work:
        again = service.scan_again(work)
    click.echo(f"{counted(again, 'file waits', 'files wait')} to be scanned again.")


GROUPS = (group,)
