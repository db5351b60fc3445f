"""What the stories about signing in share."""

from collections.abc import Callable

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from ehe_portal.accounts.models import Account, MailLink
from ehe_portal.accounts.service import HASHER
from ehe_portal.core.links import sign_link
from ehe_portal.core.settings import Settings
from ehe_portal.core.work import Work
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village

PASSWORD = "kettle lantern otter"


@pytest.fixture(scope="session")
def hashed() -> str:
    return HASHER.hash(PASSWORD)


@pytest.fixture
def with_password(work: Work, village: Village, hashed: str) -> Village:
    """The village, in which everyone's password is the same."""
    for account in work.session.scalars(select(Account).order_by(Account.id)):
        account.password_hash = hashed
    work.session.flush()
    return village


@pytest.fixture
def new_browser(app: Flask, clock: Clock) -> Callable[[], LintingClient]:
    """Opens browsers in which nobody is signed in, and which sign in by themselves."""
    return lambda: LintingClient(app, TestResponse)


@pytest.fixture
def browser(new_browser: Callable[[], LintingClient]) -> LintingClient:
    """One such browser."""
    return new_browser()


@pytest.fixture
def links_to(work: Work, settings: Settings) -> Callable[[str], list[str]]:
    """The addresses of the links sent to one address, the latest first."""

    def find(email: str) -> list[str]:
        found = work.session.scalars(select(MailLink.id).where(MailLink.email == email).order_by(MailLink.id.desc()))
        return [f"/link/{sign_link(settings.secret_key, link_id)}" for link_id in found]

    return find
