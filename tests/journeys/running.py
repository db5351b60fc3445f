"""The portal's own processes, run by a test as a council runs them: database, web server, jobs; and a mail server."""

import base64
import contextlib
import email
import email.policy
import json
import os
import random
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

from ehe_portal.core.settings import ROOT
from tests.nursery import Nursery

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
    """A port that nobody listens on, and that no connection from here is given either before somebody does."""
    while True:
        port = random.randrange(15_000, 32_000)
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", port))
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

    def all_to(self, address: str, about: str = "") -> list[EmailMessage]:
        """Every message to one address whose subject has these words, the oldest first."""
        return [
            letter
            for letter in list(self.letters)
            if letter["To"] and address in letter["To"] and about.lower() in str(letter["Subject"]).lower()
        ]

    def to(self, address: str, about: str = "", patience: float = PATIENCE) -> EmailMessage:
        """Wait for such a message; the latest."""
        found = until(lambda: self.all_to(address, about), f"mail to {address} about {about}", patience)
        letter: EmailMessage = found[-1]
        return letter


def words_of(letter: EmailMessage) -> str:
    """What a message says."""
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
    nursery: Nursery

    def flask(self, *words: str, expect: int = 0, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
        """Run a `flask` command on this portal."""
        done = self.nursery.run(words, self.environment, stdin or "")
        assert done.returncode == expect, (words, done.returncode, done.stdout[-2000:], done.stderr[-2000:])
        return done

    def spawn(self, *command: str) -> subprocess.Popen[bytes]:
        """Start one of this portal's processes."""
        return subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=subprocess.DEVNULL, stderr=None)

    def posts(self, address: str, about: str) -> EmailMessage:
        """The message of that subject to that address, sent now instead of within the minute."""
        self.flask("jobs", "run", "send-messages")
        return self.mailbox.to(address, about)

    def link_mailed(self, address: str, about: str) -> str:
        """The one-time link of such a message."""
        return link_in(self.posts(address, about), "/link/")

    def escalations(self) -> list[dict[str, Any]]:
        """Every escalation, as the command lists them."""
        listed: list[dict[str, Any]] = json.loads(self.flask("escalation", "list", "--json").stdout)
        return listed

    @contextlib.contextmanager
    def jobs(self) -> Iterator[subprocess.Popen[bytes]]:
        """The process that does what happens by itself."""
        process = self.spawn(str(BIN / "flask"), "jobs", "serve")
        try:
            yield process
        finally:
            stop(process)


def environment_for(database_url: str, folder: Path, mail_port: int, port: int) -> dict[str, str]:
    """Settings of a portal of its own, as a council would give them."""
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


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process as an operator would, and by force if it does not listen."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    try:
        process.wait(20)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def answers(url: str) -> bool:
    """Whether a page is there."""
    try:
        with urllib.request.urlopen(url, timeout=5) as response:  # noqa: S310
            return bool(response.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False
