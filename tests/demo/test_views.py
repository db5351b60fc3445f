"""The demonstration's own pages, and that they are nowhere else."""

import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from flask import Flask

from ehe_portal.app import create_app
from ehe_portal.core import db
from ehe_portal.core.settings import ROOT
from ehe_portal.core.transaction import transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import COMMAND, Scope
from ehe_portal.demo import cast, council, mailbox
from tests.conftest import settings_for
from tests.demo.test_mailbox import letter
from tests.pages import LintingClient


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A checkout of which only the folder `var` is its own."""
    root = tmp_path_factory.mktemp("checkout")
    for name in ("templates", "static", "migrations"):
        (root / name).symlink_to(ROOT / name)
    return root


@pytest.fixture(scope="module")
def demo_app(root: Path, new_database: Callable[[], str]) -> Iterator[Flask]:
    """The portal in demonstration mode, with its council but without families."""
    app = create_app(settings_for(new_database(), root, root=root, demo=True))
    app.test_client_class = LintingClient
    with app.app_context():
        db.Base.metadata.create_all(db.db.engine)
        house: Portal = app.extensions["portal"]
        work = house.work(COMMAND, Scope(everything=True), writing=True)
        with transaction(work, may_write=True):
            council.found(work, random.Random(1), datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
    yield app
    with app.app_context():
        db.db.engine.dispose()


@pytest.fixture
def client(demo_app: Flask) -> LintingClient:
    client = demo_app.test_client()
    assert isinstance(client, LintingClient)
    return client


def test_everyone_of_the_cast_is_shown_with_the_password(client: LintingClient) -> None:
    page = client.get("/demo/accounts").get_data(as_text=True)
    assert cast.SIGN_IN_WORDS in page
    for person in cast.EVERYONE:
        assert person.email in page
        assert f"Sign in as {person.name}" in page


def test_one_press_signs_in_and_another_changes_who_one_is(client: LintingClient) -> None:
    first = client.submit("/demo/accounts", button="Sign in as Priya Nair")
    assert first.status_code == 302
    assert first.location == "/my-day"
    assert "Priya Nair" in client.get("/account").get_data(as_text=True)
    second = client.submit("/demo/accounts", button="Sign in as Colin Pearce")
    assert second.location == "/staff"


def test_a_press_without_its_token_does_nothing(client: LintingClient) -> None:
    said = {"email": cast.STAFF[0].email, "password": cast.SIGN_IN_WORDS}
    client.post("/sign-in", data=said)
    assert client.get("/my-day").status_code == 302


def test_messages_are_listed_and_their_links_work(client: LintingClient, root: Path) -> None:
    assert "will appear here" in client.get("/demo/mailbox").get_data(as_text=True)
    folder = root / "var" / "demo" / "mailbox"
    folder.mkdir(parents=True)
    link = "http://127.0.0.1:5000/escalations/7K2MXQ0R4T"
    mailbox.file_of(folder, 1).write_bytes(bytes(letter("Contact lapse", f"Open {link}.\n<b>not bold</b>\n")))
    for number in range(2, mailbox.A_PAGE + 2):
        mailbox.file_of(folder, number).write_bytes(bytes(letter(f"Number {number}")))
    listed = client.get("/demo/mailbox").get_data(as_text=True)
    assert f"Number {mailbox.A_PAGE + 1}" in listed
    assert "Contact lapse" not in listed
    assert "Contact lapse" in client.get("/demo/mailbox?before=2").get_data(as_text=True)
    shown = client.get("/demo/mailbox/1").get_data(as_text=True)
    assert f'href="{link}"' in shown
    assert "&lt;b&gt;not bold&lt;/b&gt;" in shown
    source = client.get("/demo/mailbox/1/source")
    assert source.mimetype == "text/plain"
    assert "Subject: Contact lapse" in source.get_data(as_text=True)


@pytest.mark.parametrize("path", ["/demo/mailbox/999999", "/demo/mailbox/999999/source", "/demo/mailbox/../secret-key"])
def test_a_message_that_is_not_there_is_not_found(client: LintingClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("path", ["/", "/sign-in", "/demo/accounts", "/nowhere"])
def test_every_page_says_that_this_is_a_demonstration(client: LintingClient, path: str) -> None:
    page = client.get(path).get_data(as_text=True)
    assert "Everyone here is made up" in page


def test_without_demonstration_mode_none_of_it_is_there(
    client_as: Callable[[None], LintingClient],
) -> None:
    visitor = client_as(None)
    for path in ("/demo/accounts", "/demo/mailbox", "/demo/mailbox/1"):
        assert visitor.get(path).status_code == 404
    assert "Everyone here is made up" not in visitor.get("/").get_data(as_text=True)


def test_the_commands_are_there_only_in_demonstration_mode(demo_app: Flask, portal_app: Flask) -> None:
    assert "demo" in demo_app.cli.commands
    assert "demo" not in portal_app.cli.commands


def test_stories_are_shown_with_who_may_see_them(client: LintingClient) -> None:
    """Here are no families: what needs none is there."""
    page = client.get("/demo/stories").get_data(as_text=True)
    assert "Policy values of a day to come" in page
    assert "Declined, with another way" not in page
    opened = client.submit("/demo/stories", button="Open as Colin Pearce: Policy values of a day to come")
    assert opened.location == "/settings/values"
    assert client.get("/settings/values").status_code == 200


def test_the_list_of_accounts_leads_to_the_stories(client: LintingClient) -> None:
    assert 'href="/demo/stories"' in client.get("/demo/accounts").get_data(as_text=True)
