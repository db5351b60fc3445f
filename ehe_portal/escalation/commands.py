"""`flask escalation list`: every escalation there is."""

from typing import Any

import click

from ehe_portal.core.commands import JSON, as_json, command_work, complain
from ehe_portal.escalation import queries
from ehe_portal.escalation.queries import Line


@click.group("escalation")
def group() -> None:
    """What was raised, and where it stands."""


@group.command("list")
@JSON
def list_escalations(in_json: bool) -> None:
    """Every escalation, the oldest first."""
    with command_work(writing=False) as work:
        lines = queries.every_one(work)
    if in_json:
        as_json([as_row(line) for line in lines])
        return
    for line in lines:
        row = as_row(line)
        click.echo("  ".join(str(value or "-") for value in row.values()))
    complain(f"{len(lines)} escalations")


def as_row(line: Line) -> dict[str, Any]:
    """One escalation as plain values; dates as YYYY-MM-DD."""
    return {
        "child_ref": line.child_ref,
        "reason": line.reason.value,
        "due_on": None if line.due_on is None else line.due_on.isoformat(),
        "raised_on": line.raised_on.isoformat(),
        "state": line.state.value,
    }


GROUPS = (group,)
