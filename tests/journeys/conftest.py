"""A whole portal of real processes: database, web server, jobs, a mail server; and a browser to walk it with."""

import base64
import contextlib
import email
import email.policy
import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from ehe_portal.core.settings import ROOT
from tests import browser as chromium

BIN = Path(sys.executable).parent
PATIENCE = 60.0  # seconds, on a busy machine


def until(true: Callable[[], Any], what: str, patience: float = PATIENCE) -> Any:
    """Wait for something to become true, and give what it became."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = true()
        if found:
            return found
        time.sleep(0.1)
    raise AssertionError(f"waited {patience} s in vain for {what}")


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port: int = one.getsockname()[1]
        return port


@dataclass
class Mailbox:
    """A real SMTP server's memory: every message as it arrived."""

    letters: list[EmailMessage] = field(default_factory=list)

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        letter = email.message_from_bytes(envelope.content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        self.letters.append(letter)
        return "250 taken"

    def to(self, address: str, about: str = "") -> EmailMessage:
        """Wait for a message to one address whose subject has these words; the latest."""

        def found() -> EmailMessage | None:
            for letter in reversed(self.letters):
                if letter["To"] and address in letter["To"] and about.lower() in str(letter["Subject"]).lower():
                    return letter
            return None

        letter: EmailMessage = until(found, f"mail to {address} about {about}")
        return letter


def words_of(letter: EmailMessage) -> str:
    body = letter.get_body(preferencelist=("plain",))
    assert body is not None
    return str(body.get_content())


def link_in(letter: EmailMessage, part: str) -> str:
    """The link of a message whose address has `part` in it."""
    found = re.search(rf"https?://\S*{re.escape(part)}\S*", words_of(letter))
    assert found, f"no link with {part} in the message"
    return found.group(0).rstrip(".")


@dataclass
class RunningPortal:
    """The processes, and what a test needs to speak with them."""

    url: str
    mailbox: Mailbox
    environment: dict[str, str]

    def flask(self, *words: str, expect: int = 0, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a `flask` command on this portal."""
        done = subprocess.run(
            [str(BIN / "flask"), *words], cwd=ROOT, env=self.environment, input=stdin, capture_output=True, text=True,
            timeout=180, check=False,
        )  # fmt: skip
        assert done.returncode == expect, (words, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done

    def spawn(self, *command: str) -> subprocess.Popen[bytes]:
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=None)


@pytest.fixture(scope="session")
def mailbox() -> Iterator[tuple[Mailbox, int]]:
    box, port = Mailbox(), free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, port
    controller.stop()


def environment_for(database_url: str, folder: Path, mail_port: int, port: int) -> dict[str, str]:
    own = {name: value for name, value in os.environ.items() if not name.startswith(("MAIL_", "DEMO"))}
    return own | {
        "DATABASE_URL": database_url,
        "SECRET_KEY": "a secret for journeys, and long enough",
        "VAULT_KEY": base64.b64encode(b"v" * 32).decode(),
        "VAULT_URL": f"file:{folder / 'vault'}",
        "PORTAL_URL": f"http://127.0.0.1:{port}",
        "MAIL_SERVER": "127.0.0.1",
        "MAIL_PORT": str(mail_port),
        "MAIL_DEFAULT_SENDER": "home.education@wessex.example",
        "PYTHONUNBUFFERED": "1",
    }


@pytest.fixture(scope="session")
def portal(
    new_database: Callable[[], str], mailbox: tuple[Mailbox, int], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[RunningPortal]:
    """Web server and mail server, over a migrated database with one authority. Jobs are started by who needs them."""
    box, mail_port = mailbox
    port = free_port()
    environment = environment_for(new_database(), tmp_path_factory.mktemp("journey"), mail_port, port)
    running = RunningPortal(f"http://127.0.0.1:{port}", box, environment)
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


@contextlib.contextmanager
def jobs_process(running: RunningPortal) -> Iterator[subprocess.Popen[bytes]]:
    """The process that does what happens by itself."""
    process = running.spawn(str(BIN / "flask"), "jobs", "serve")
    try:
        yield process
    finally:
        stop(process)


def stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = chromium.launch(playwright)
        yield browser
        browser.close()


@dataclass
class Walker:
    """Someone with a browser. Every page they come to is looked at by axe and must not be wider than the screen."""

    page: Page
    home: str
    seen: set[str] = field(default_factory=set)

    def goes_to(self, path: str) -> None:
        self.page.goto(path if path.startswith("http") else self.home + path)
        self.looks()

    def follows(self, words: str, *, exact: bool = False) -> None:
        self.page.get_by_role("link", name=words, exact=exact).first.click()
        self.page.wait_for_load_state()
        self.looks()

    def fills(self, label: str, words: str) -> None:
        self.page.get_by_label(label, exact=False).first.fill(words)

    def chooses(self, label: str) -> None:
        self.page.get_by_label(label, exact=False).first.check()

    def enters_date(self, group: str, day: int, month: int, year: int) -> None:
        asked = self.page.get_by_role("group", name=group)
        for part, number in (("Day", day), ("Month", month), ("Year", year)):
            asked.get_by_label(part).fill(str(number))

    def presses(self, button: str) -> None:
        self.page.get_by_role("button", name=button, exact=False).first.click()
        self.page.wait_for_load_state()
        self.looks()

    def sees(self, words: str) -> None:
        assert words in self.page.locator("body").inner_text(), (words, self.page.url, self.page.inner_text("main"))

    def does_not_see(self, words: str) -> None:
        assert words not in self.page.locator("body").inner_text(), (words, self.page.url)

    def looks(self) -> None:
        """What is wrong with this page, for eyes, ears and fingers; each kind of page once."""
        self.sees_no_fault()
        kind = re.sub(r"[0-9A-HJKMNP-TV-Z]{10}", "REF", self.page.url.partition("?")[0])
        if kind in self.seen:
            return
        self.seen.add(kind)
        assert chromium.axe_violations(self.page) == [], self.page.url
        wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        assert wide <= 0, f"{self.page.url} is {wide} px wider than the screen"

    def sees_no_fault(self) -> None:
        assert "there is a problem with the service" not in self.page.title(), self.page.url

    def signs_in(self, address: str, password: str) -> None:
        self.goes_to("/sign-in")
        self.fills("Email address", address)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.presses("Sign in")


@pytest.fixture
def walkers(chrome: Browser, portal: RunningPortal) -> Iterator[Callable[..., Walker]]:
    """Makes people with a browser of their own: a phone of 320 px or a screen of 1280, with JavaScript or without."""
    contexts: list[BrowserContext] = []

    def make(*, width: int = 1280, javascript: bool = True) -> Walker:
        context = chrome.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=javascript, locale="en-GB"
        )
        context.set_default_timeout(15_000)
        contexts.append(context)
        return Walker(context.new_page(), portal.url)

    yield make
    for context in contexts:
        context.close()
