"""A whole portal of real processes: database, web server, jobs, a mail server; and a browser to walk it with."""

from collections.abc import Callable, Iterator

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests import browser as chromium
from tests.journeys.cast import Cast
from tests.journeys.running import BIN, Mailbox, RunningPortal, answers, environment_for, free_port, stop, until
from tests.journeys.stage import Stage, set_stage
from tests.journeys.walker import SCREEN, Walker
from tests.nursery import Nursery


@pytest.fixture(scope="module")
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


@pytest.fixture(scope="module")
def portal(
    new_database: Callable[[], str],
    mailbox: tuple[Mailbox, int],
    nursery: Nursery,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[RunningPortal]:
    """For each file of stories: web server and mail server, over a migrated database with one authority.

    Jobs are started by who needs them.
    """
    box, mail_port = mailbox
    port = free_port()
    environment = environment_for(new_database(), tmp_path_factory.mktemp("journey"), mail_port, port)
    running = RunningPortal(f"http://127.0.0.1:{port}", box, environment, nursery)
    running.flask("db", "upgrade")
    running.flask("authority", "add", "838", "Wessex Council")
    web = running.spawn(
        str(BIN / "granian"), "--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--no-ws", "wsgi:app"
    )
    try:
        until(lambda: answers(f"{running.url}/sign-in"), "the web server")
        yield running
    finally:
        stop(web)


@pytest.fixture(scope="module")
def cast(portal: RunningPortal) -> Cast:
    """Who plays in these stories."""
    return Cast(portal)


@pytest.fixture(scope="module")
def stage(portal: RunningPortal) -> Iterator[Stage]:
    """A council at work: staff of every role, families at every stage."""
    with set_stage(portal) as stage:
        yield stage


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def walkers(request: pytest.FixtureRequest, chrome: Browser, portal: RunningPortal) -> Iterator[Callable[..., Walker]]:
    """Makes people with a browser of their own: a phone of 320 px or a screen of 1280, with JavaScript or without."""
    contexts: list[BrowserContext] = []
    examines_pages = request.config.getoption("--database") == "sqlite"

    def make(*, width: int = SCREEN, javascript: bool = True) -> Walker:
        context = chrome.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=javascript, locale="en-GB"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Walker(context.new_page(), portal.url, javascript, examines_pages)

    yield make
    for context in contexts:
        context.close()
