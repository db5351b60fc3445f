"""`flask authority add` and `flask accounts add`: exact words in, plain answers and exit codes out."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select

from ehe_portal.accounts.models import Account, Authority
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import HASHER
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work

Run = Callable[..., Result]
NEW = "otter harbour violin"


@pytest.fixture
def run(app: Flask) -> Run:
    """Runs a command; standard input is `given`."""

    def invoke(*words: str, given: str | None = None) -> Result:
        return app.test_cli_runner().invoke(args=list(words), input=given)

    return invoke


def test_an_authority_is_added_and_adding_it_again_says_so(run: Run, work: Work) -> None:
    first, again = run("authority", "add", "838", "Dorset Council"), run("authority", "add", "838", "Dorset Council")
    assert (first.exit_code, again.exit_code) == (0, 0)
    assert "Added Dorset Council (838)" in first.stderr
    assert "here already" in again.stderr
    assert work.session.scalars(select(Authority.name)).all() == ["Dorset Council"]


@pytest.mark.parametrize(
    "words",
    [
        ("authority", "add", "8 38", "Dorset Council"),
        ("authority", "add", "838", ""),
        ("authority", "add", "838"),
        ("accounts", "add", "ann@example.org", "--name", "Ann", "--role", "adviser"),
        ("accounts", "add", "ann@example.org", "--name", "Ann", "--role", "king"),
        ("accounts", "add", "ann@example.org", "--role", "adviser"),
    ],
)
def test_bad_words_are_refused(run: Run, words: tuple[str, ...]) -> None:
    result = run(*words)
    assert result.exit_code == 2
    assert result.stderr
    assert result.stdout == ""


def test_an_account_is_invited_or_has_its_password(run: Run, work: Work) -> None:
    run("authority", "add", "838", "Dorset Council")
    invited = run("accounts", "add", "Ann@Example.org", "--name", "Ann", "--role", "head-of-service")
    assert invited.exit_code == 0, invited.stderr
    assert "invitation" in invited.stderr
    given = run(
        "accounts", "add", "bob@example.org", "--name", "Bob", "--role", "cme-officer", "--password-stdin",
        given=f"{NEW}\n",
    )  # fmt: skip
    assert given.exit_code == 0, given.stderr
    ann, bob = work.session.scalars(select(Account).order_by(Account.id)).all()
    assert (ann.email, ann.role, ann.password_hash) == ("ann@example.org", Role.HEAD_OF_SERVICE, None)
    assert HASHER.verify(str(bob.password_hash), NEW)
    assert work.session.scalars(select(OutgoingMessage.to_address)).all() == ["ann@example.org"]


@pytest.mark.parametrize(
    ("words", "given", "says"),
    [
        (("ann@example", "--authority", "838"), None, "email address in the correct format"),
        (("ann@example.org",), None, "more than one authority"),
        (("ann@example.org", "--authority", "999"), None, "no authority with the code 999"),
        (("ann@example.org", "--authority", "838", "--password-stdin"), "", "a password was expected"),
        (("ann@example.org", "--authority", "838", "--password-stdin"), "short\n", "12 characters or more"),
        (("bob@example.org", "--authority", "838"), None, "has an account already"),
    ],
)
def test_a_bad_account_is_refused_and_nothing_is_kept(
    run: Run, work: Work, words: tuple[str, ...], given: str | None, says: str
) -> None:
    run("authority", "add", "838", "Dorset Council")
    run("accounts", "add", "bob@example.org", "--name", "Bob", "--role", "adviser")
    run("authority", "add", "839", "Devon Council")
    result = run("accounts", "add", *words, "--name", "Ann", "--role", "adviser", given=given)
    assert result.exit_code == 2
    assert says in result.stderr
    assert work.session.scalars(select(Account.email)).all() == ["bob@example.org"]
