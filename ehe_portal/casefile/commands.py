"""`flask register doctor`: is any child out of sight?"""

import json
import sys
from dataclasses import asdict

import click

from ehe_portal.casefile.queries import sight
from ehe_portal.core.commands import command_work
from ehe_portal.register.commands import group


@group.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="One JSON object on standard output and nothing else.")
def doctor(as_json: bool) -> None:
    """Count the children who are in no state of the invariant, or in two. Exits 1 when there is one."""
    with command_work(writing=False) as work:
        found = sight.examine(work)
    if as_json:
        click.echo(json.dumps({"out_of_sight": found.out_of_sight, **asdict(found)}))
    else:
        click.echo(f"{found.children} children of compulsory school age; {found.out_of_sight} out of sight")
        for words, references in (
            ("in no state", found.in_no_state),
            ("in two states", found.in_two_states),
            ("lapsed without an open escalation", found.lapsed_without_escalation),
        ):
            for reference in references:
                click.echo(f"{reference}: {words}")
    if found.bank_holidays_end_soon:
        click.echo("The list of bank holidays ends within 12 months: upgrade the portal.", err=True)
    sys.exit(0 if found.is_well else 1)


GROUPS = ()
