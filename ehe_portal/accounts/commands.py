"""`flask authority` and `flask accounts`."""

import sys

import click
from flask.cli import AppGroup

from ehe_portal.accounts import queries, service
from ehe_portal.accounts.policy import Role
from ehe_portal.core.commands import command_work, complain

authority_group = AppGroup("authority", help="Local authorities.")
accounts_group = AppGroup("accounts", help="People who sign in.")
GROUPS = (authority_group, accounts_group)


@authority_group.command("add")
@click.argument("code")
@click.argument("name")
def add_authority(code: str, name: str) -> None:
    """Let an authority use the portal.

    CODE is the Department's three-digit or nine-character code, or any short code for a trial.
    """
    with command_work(writing=True) as work:
        authority, is_new = service.add_authority(work, code, name)
    complain(f"Added {authority.name} ({authority.code})." if is_new else f"{authority.name} is here already.")


@accounts_group.command("add")
@click.argument("email")
@click.option("--name", required=True, help="Their full name.")
@click.option("--role", required=True, type=click.Choice([role.value for role in Role]), help="What they are here as.")
@click.option("--authority", "code", help="The authority's code; may be left out where there is only one.")
@click.option("--password-stdin", is_flag=True, help="Read their password from standard input, instead of inviting.")
def add_account(email: str, name: str, role: str, code: str | None, password_stdin: bool) -> None:
    """Open an account. Without --password-stdin an invitation is mailed, by which they choose their password."""
    password = typed_password() if password_stdin else None
    with command_work(writing=True) as work:
        authority = queries.authority_named(work, code)
        account = service.add_account(work, authority, email, name, Role(role), password)
    invited = " An invitation is on its way." if password is None else ""
    complain(f"Added {account.email} as {account.role.label} of {authority.name}.{invited}")


def typed_password() -> str:
    """The first line of standard input. Raises a usage error, exit code 2, where there is none."""
    try:
        password = sys.stdin.readline().rstrip("\r\n")
    except UnicodeDecodeError:
        raise click.UsageError("the password on standard input must be UTF-8") from None
    if not password:
        raise click.UsageError("a password was expected on standard input")
    return password
