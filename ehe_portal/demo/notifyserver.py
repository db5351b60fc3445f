"""A small GOV.UK Notify on this machine, which delivers nothing: it speaks Notify's REST API, v2, and keeps what it is
given. With moods, it fails in the ways in which such a service fails.

What it is asked and answers follows Notify's public documentation: keys, errors, statuses, and for letters the layout
that it prints (demo/printable.py).
"""

import base64
import binascii
import json
import re
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from email.utils import format_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from notifications_python_client.authentication import decode_jwt_token
from notifications_python_client.errors import TokenError

from ehe_portal.demo.printable import letter_problem

HOST: Final = "127.0.0.1"
SERVICE, SECRET = "26785a09-ab16-4eb0-8407-a37497a57506", "3d844edf-8d35-48ac-975b-e847b4f122b0"
KEY: Final = f"demonstration-{SERVICE}-{SECRET}"
EMAIL_TEMPLATE, TEXT_TEMPLATE = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3", "2b5a2f3c-6a3e-4d2c-9f0b-0d3b5c7b1d11"
NEEDED: Final = {EMAIL_TEMPLATE: ("subject", "body"), TEXT_TEMPLATE: ("body",)}
RECIPIENT: Final = {"email": "email_address", "sms": "phone_number"}
HELD_SECONDS: Final = 30


class Mood(StrEnum):
    """How the server behaves towards one message."""

    KIND = "kind"
    REFUSES = "refuses"
    TRIAL = "trial"
    NO_TEMPLATE = "no template"
    LIMITED = "limited"
    FAILS = "fails"
    HANGS = "hangs"  # takes nothing and says nothing
    TAKES_AND_HANGS = "takes and hangs"
    TAKES_AND_CLOSES = "takes and closes"


REFUSALS: Final = {
    Mood.REFUSES: (400, "ValidationError", "email_address Not a valid email address"),
    Mood.TRIAL: (400, "BadRequestError", "Can’t send to this recipient when service is in trial mode"),
    Mood.NO_TEMPLATE: (400, "BadRequestError", "Template not found"),
    Mood.LIMITED: (429, "RateLimitError", "Exceeded rate limit for key type LIVE of 3000 requests per 60 seconds"),
    Mood.FAILS: (500, "Exception", "Internal server error"),
}


@dataclass
class Taken:
    """One message that the server took: `kind` is email, sms or letter."""

    id: str
    kind: str
    to: str
    subject: str
    body: str
    reference: str
    pdf: bytes
    postage: str
    at: datetime
    status: str
    completed_at: datetime | None = None

    def told(self) -> dict[str, Any]:
        """As Notify tells of it; a letter that was made elsewhere has no address of its own there."""
        return {
            "id": self.id,
            "reference": self.reference,
            "type": self.kind,
            "status": self.status,
            "created_at": stamp(self.at),
            "completed_at": stamp(self.completed_at) if self.completed_at else None,
            "postage": self.postage or None,
            **({RECIPIENT[self.kind]: self.to} if self.kind in RECIPIENT else {}),
        }


TITLES: Final = {"sms": "Text message", "letter": "Letter by post"}


def as_mail(one: Taken) -> bytes:
    """What was taken as a mail, so that the demonstration's mailbox shows it: a letter is attached."""
    made = EmailMessage()
    made["From"] = "GOV.UK Notify <notify@demo.invalid>"
    made["To"] = one.to or "Post"
    made["Subject"] = one.subject or TITLES[one.kind]
    made["Date"] = format_datetime(one.at)
    made["Message-ID"] = f"<{one.id}@notify.demo.invalid>"
    made.set_content(one.body or f"Printed and posted by GOV.UK Notify, {one.postage} class.\n")
    if one.pdf:
        made.add_attachment(one.pdf, maintype="application", subtype="pdf", filename="letter.pdf")
    return bytes(made)


def stamp(moment: datetime) -> str:
    """A moment as Notify writes it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


@dataclass
class Store:
    """What the server was given, and how it behaves. `keep` is called with each message once it was taken.

    Letters are with the printer `posted_after` their arrival.
    """

    keep: Callable[[Taken], None] = lambda _taken: None
    mood: Callable[[str], Mood] = lambda _to: Mood.KIND
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    posted_after: timedelta = timedelta(0)
    taken: list[Taken] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def behaves(self, mood: Mood) -> None:
        """From now on, towards everyone."""
        self.mood = lambda _to: mood

    def follow(self, one: Taken) -> Taken:
        """Let time go on for a letter: it is looked at, then printed, then posted."""
        if one.kind == "letter" and one.status == "pending-virus-check":
            one.status = "validation-failed" if letter_problem(one.pdf) else "accepted"
        elif one.kind == "letter" and one.status == "accepted" and self.now() >= one.at + self.posted_after:
            one.status, one.completed_at = "received", self.now()
        return one


class Problem(Exception):
    """What is answered in Notify's form of errors."""

    def __init__(self, code: int, error: str, message: str) -> None:
        super().__init__(message)
        self.code, self.error, self.message = code, error, message


class Talk(BaseHTTPRequestHandler):
    """One connection."""

    server: "NotifyServer"
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # the library's name
        """One message by its id, or those with a reference."""
        self.answered(self.found)

    def do_POST(self) -> None:  # the library's name
        """A mail, a text or a letter."""
        self.answered(self.accepted)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""

    def answered(self, find: Callable[[], tuple[int, Any] | None]) -> None:
        """Answer, in Notify's form where something is wrong; nothing at all where the connection is to break."""
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.given = json.loads(content) if content else {}
        self.server.store.asked.append(f"{self.command} {self.path}")
        try:
            self.check_token()
            found = find()
        except Problem as problem:
            error = {"error": problem.error, "message": problem.message}
            found = problem.code, {"status_code": problem.code, "errors": [error]}
        if found is None:
            self.close_connection = True
            return
        code, told = found
        said = json.dumps(told).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def check_token(self) -> None:
        """Whether the bearer's token is signed with the key's secret, of this service, and fresh."""
        token = self.headers.get("Authorization", "").removeprefix("Bearer ")
        try:
            decode_jwt_token(token, SECRET)
        except TokenError as error:
            raise Problem(403, "AuthError", f"Invalid token: {type(error).__name__}") from None
        claims = token.split(".")[1]
        if json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["iss"] != SERVICE:
            raise Problem(403, "AuthError", "Invalid token: service not found")

    def found(self) -> tuple[int, Any]:
        """What is known."""
        parts = urlsplit(self.path)
        store = self.server.store
        with store.lock:
            if parts.path == "/v2/notifications":
                wanted = parse_qs(parts.query).get("reference", [""])[0]
                same = [store.follow(one).told() for one in store.taken if one.reference == wanted]
                return 200, {"notifications": same, "links": {"current": self.path}}
            wanted = parts.path.removeprefix("/v2/notifications/")
            for one in store.taken:
                if one.id == wanted:
                    return 200, store.follow(one).told()
        raise Problem(404, "NoResultFound", "No result found")

    def accepted(self) -> tuple[int, Any] | None:
        """Take a message, or seem to."""
        kind = self.path.removeprefix("/v2/notifications/")
        to = str(self.given.get(RECIPIENT.get(kind, ""), ""))
        store = self.server.store
        mood = store.mood(to)
        if mood in REFUSALS:
            raise Problem(*REFUSALS[mood])
        if mood is Mood.HANGS:
            store.released.wait(HELD_SECONDS)
            return None
        one = self.read(kind, to)
        with store.lock:
            store.taken.append(one)
            store.keep(one)
        if mood is Mood.TAKES_AND_HANGS:
            store.released.wait(HELD_SECONDS)
        if mood in (Mood.TAKES_AND_HANGS, Mood.TAKES_AND_CLOSES):
            return None
        return 201, {"id": one.id, "reference": one.reference, "uri": f"/v2/notifications/{one.id}"}

    def read(self, kind: str, to: str) -> Taken:
        """What is asked for. Raises `Problem`."""
        said, pdf, postage, status = {}, b"", "", "sending"
        if kind == "letter":
            pdf, postage, status = self.read_letter(), self.given.get("postage", "second"), "pending-virus-check"
        elif kind in RECIPIENT:
            said = self.read_words(kind, to)
        else:
            raise Problem(404, "NoResultFound", "No result found")
        return Taken(
            id=str(uuid.uuid4()),
            kind=kind,
            to=to,
            subject=said.get("subject", ""),
            body=said.get("body", ""),
            reference=str(self.given.get("reference", "")),
            pdf=pdf,
            postage=postage,
            at=self.server.store.now(),
            status=status,
        )

    def read_words(self, kind: str, to: str) -> dict[str, str]:
        """The words of a mail or text. Raises `Problem`."""
        fits = r"[^@\s]+@[^@\s]+\.[^@\s]+" if kind == "email" else r"\+?[0-9 ]{10,16}"
        if not re.fullmatch(fits, to):
            raise Problem(400, "ValidationError", f"{RECIPIENT[kind]} is not valid")
        template = self.given.get("template_id")
        if template != (EMAIL_TEMPLATE if kind == "email" else TEXT_TEMPLATE):
            raise Problem(400, "BadRequestError", "Template not found")
        said: dict[str, str] = self.given.get("personalisation", {})
        if missing := [name for name in NEEDED[template] if name not in said]:
            raise Problem(400, "BadRequestError", f"Missing personalisation: {', '.join(missing)}")
        return said

    def read_letter(self) -> bytes:
        """The PDF of a letter. Raises `Problem`."""
        if not self.given.get("reference"):
            raise Problem(400, "ValidationError", "reference is a required property")
        if self.given.get("postage", "second") not in ("first", "second", "economy"):
            raise Problem(400, "ValidationError", "postage invalid. It must be either first, second or economy.")
        try:
            content = base64.b64decode(self.given.get("content", ""), validate=True)
        except binascii.Error:
            content = b""
        if not content.startswith(b"%PDF-"):
            raise Problem(400, "BadRequestError", "Letter content is not a valid PDF")
        return content


class NotifyServer(ThreadingHTTPServer):
    """Listens on a free port of this machine."""

    daemon_threads = True

    def __init__(self, store: Store) -> None:
        super().__init__((HOST, 0), Talk)
        self.store = store

    @property
    def url(self) -> str:
        """Where it answers."""
        return f"http://{HOST}:{self.server_address[1]}"


@contextmanager
def notify_server(store: Store) -> Iterator[str]:
    """Run the server in a thread of its own; gives its address."""
    server = NotifyServer(store)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server.url
    finally:
        store.released.set()
        server.shutdown()
        server.server_close()
        thread.join()
