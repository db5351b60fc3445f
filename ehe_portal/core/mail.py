"""One mail: made from a text template, sent through Flask-Mail over SMTP, its failures told by kind and code only.

A template's first line is the subject; the rest, after an empty line, is the message. It is rendered when it is sent,
outside any request, so that nothing secret waits in the outbox.
"""

import contextlib
import re
import smtplib
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from datetime import time as time_of_day
from email.charset import QP, Charset
from email.mime.base import MIMEBase
from email.mime.text import MIMEText
from email.utils import formataddr, parseaddr
from functools import cache
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Flask, current_app
from flask_mail import BadHeaderError, Connection, Mail, Message
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from ehe_portal.core.govuk import words
from ehe_portal.core.invitations import Entry, Method, invitation, method_of, published
from ehe_portal.core.links import sign_link, sign_visitor_link
from ehe_portal.core.settings import Settings
from ehe_portal.core.web import portal

STEP_SECONDS = 10
"""How long any one step with the server may take."""

PATIENCE_SECONDS = 200
"""After so long a postman takes no further message: what is left is tried again, by whoever comes next."""

FAILURES_IN_A_ROW = 3
"""So many messages in a row must meet a server that does not answer before the rest of the round is put off.

One is not enough: a message at which the server hangs up each time must not hold up those behind it.
"""

CALENDAR = "text/calendar"
PRINTABLE = Charset("utf-8")
PRINTABLE.body_encoding = QP

mail = Mail()


def init_app(app: Flask) -> None:
    """Take the mail settings from the application's configuration."""
    mail.init_app(app)


class Letter(Message):
    """A mail that may carry an entry for its reader's calendar beside the words, as calendars expect to find it."""

    method: str | None = None

    def _mimetext(self, text: str | None, subtype: str = "plain") -> MIMEText:
        """Words as quoted-printable: a paragraph is one line, and no server takes lines of more than 998 (RFC 5322)."""
        return MIMEText(text or "", subtype, PRINTABLE)  # type: ignore[arg-type] # it takes either

    def _message(self) -> MIMEBase:
        whole = super()._message()
        for part in whole.walk():
            if part.get_content_type() == CALENDAR and self.method is not None:
                part.set_param("method", self.method)
        return whole


class PatientConnection(Connection):
    """Flask-Mail's connection to the server, with a time limit on every step and the server's certificate checked."""

    def configure_host(self) -> smtplib.SMTP:
        """Connect, and sign in where there is a name and a password."""
        host = smtplib.SMTP(self.mail.server, self.mail.port, timeout=STEP_SECONDS)
        try:
            if self.mail.use_tls:
                host.starttls(context=ssl.create_default_context())
            if self.mail.username and self.mail.password:
                host.login(self.mail.username, self.mail.password)
        except BaseException:
            host.close()
            raise
        return host


class Postman:
    """Sends messages one after another over one connection, which is made anew when it breaks."""

    def __init__(self) -> None:
        self.connection: PatientConnection | None = None
        self.began = time.monotonic()
        self.failures = 0

    @property
    def elapsed(self) -> float:
        """Seconds since this round began."""
        return time.monotonic() - self.began

    @property
    def gives_up(self) -> bool:
        """Whether the rest of the round is better put off."""
        return self.elapsed > PATIENCE_SECONDS or self.failures >= FAILURES_IN_A_ROW

    def send(self, message: Message) -> str | None:
        """Hand a message to the server. None once it was taken, otherwise what went wrong: a class, and a code."""
        try:
            connection = self.connect()
        except OSError as trouble:
            self.failures += 1
            return in_short(trouble)
        try:
            connection.send(message)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refusal:
            self.close()
            self.failures = 0
            return in_short(refusal)
        except (BadHeaderError, ValueError) as unfit:
            return type(unfit).__name__
        except OSError as trouble:  # no answer in time, or the line went dead
            self.close()
            self.failures += 1
            return in_short(trouble)
        self.failures = 0
        return None

    def connect(self) -> PatientConnection:
        """The connection that is open, or a new one."""
        if self.connection is None:
            self.connection = PatientConnection(current_app.extensions["mail"]).__enter__()
        return self.connection

    def close(self) -> None:
        """Say goodbye. What the server answers, if anything, changes nothing about what it has taken."""
        if self.connection is None or self.connection.host is None:
            return
        host, self.connection = self.connection.host, None
        with contextlib.suppress(OSError):
            host.quit()
        host.close()


def in_short(trouble: OSError) -> str:
    """A failure's class, and the server's code where it gave one; its words may quote the address, so they go."""
    code: int | str = ""
    if isinstance(trouble, smtplib.SMTPRecipientsRefused):
        code = next((code for code, _ in trouble.recipients.values()), "")
    elif isinstance(trouble, smtplib.SMTPResponseException):
        code = trouble.smtp_code
    return f"{type(trouble).__name__} {code}".strip()


def compose(
    *,
    to: str,
    template: str,
    context: Mapping[str, Any],
    message_id: str,
    at: datetime,
    sender_name: str,
    text: str | None = None,
    entries: Sequence[Entry] = (),
) -> Message:
    """A message as every try sends it: same words, same date, same Message-ID. ValueError for what is no address.

    `text` takes the place of the template's where the words are an authority's own; `entries` go into the reader's
    own calendar: one is an invitation, several are published together, for an invitation is of one thing only.
    """
    if "@" not in to:
        raise ValueError("an address has an @")
    sender = sender_of(sender_name)
    subject, _, body = (render(template, context) if text is None else text).partition("\n")
    message = Letter(
        subject=" ".join(subject.split()),
        recipients=[to],
        body=body.strip("\n") + "\n",
        sender=sender,
        date=at.timestamp(),
        extra_headers={"Auto-Submitted": "auto-generated"},
    )
    message.msgId = message_id
    organiser = parseaddr(sender)[1]
    if len(entries) == 1:
        written = invitation(entries[0], organiser=organiser, attendee=to)
        message.alts, message.method = {"calendar": written.decode()}, method_of(entries[0].status).value
    elif entries:
        written = published(entries, organiser=organiser)
        message.alts, message.method = {"calendar": written.decode()}, Method.PUBLISH.value
    return message


def sender_of(name: str) -> str:
    """Who a mail is from: the address of the settings, or one made of a name and the portal's own host."""
    settings = portal().settings
    return settings.mail.default_sender or formataddr((plain_name(name), fallback_sender(settings)))


def render(template: str, context: Mapping[str, Any]) -> str:
    """A text template with its context, and with `page(endpoint, ...)`, `link(link_id)` and `visitor_link(id, mails)`
    for addresses."""
    settings = portal().settings
    made = environment(settings.root / "templates").get_template(template)
    addressed = {"page": addresses(settings), "link": signed_links(settings), "visitor_link": visitor_link_address}
    return made.render(**context, **addressed)


def original_text(template: str, known: Mapping[str, Any]) -> str:
    """A text template as it is worded, with what `known` names (by context or endpoint) in the place of each value."""
    made = environment(portal().settings.root / "templates").overlay()
    made.filters = {**made.filters, **dict.fromkeys(SAYING, lambda told, *_: told)}
    return made.get_template(template).render(
        **{name: told for name, told in known.items() if name.isidentifier()},
        authority=None,
        page=lambda endpoint, **_: known.get(endpoint, endpoint),
        link=lambda told: told,
        visitor_link=lambda told, _mails: told,
    )


def page_address(endpoint: str, **values: Any) -> str:
    """The whole address of a page, for a message."""
    return addresses(portal().settings)(endpoint, **values)


def link_address(link_id: int) -> str:
    """The whole address that uses a link of accounts, for a message."""
    return signed_links(portal().settings)(link_id)


def visitor_link_address(row_id: int, mails: int) -> str:
    """The whole address by which somebody without an account says what they were asked for, for a message."""
    return page_address("statements.begin", token=sign_visitor_link(portal().settings.secret_key, row_id, mails))


@cache
def environment(folder: Path) -> Environment:
    """Plain text: nothing is escaped, and a name that is missing is an error."""
    made = Environment(
        loader=FileSystemLoader(folder),
        autoescape=select_autoescape(enabled_extensions=("html",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters.update(SAYING)
    return made


SAYING: Final[Mapping[str, Callable[..., str]]] = {
    "counted": words.counted,
    "long_date": lambda iso: words.long_date(date.fromisoformat(iso)),
    "london_time": lambda iso: words.london_time(datetime.fromisoformat(iso)),
    "clock_time": lambda iso: words.clock_time(time_of_day.fromisoformat(iso)),
}
"""The filters by which a text says a value."""


def addresses(settings: Settings) -> Callable[..., str]:
    """Makes whole addresses of pages from their endpoints, under the portal's public address."""
    public = urlsplit(settings.portal_url)
    adapter = current_app.url_map.bind(public.netloc, script_name=public.path or "/", url_scheme=public.scheme)

    def page(endpoint: str, **values: Any) -> str:
        return adapter.build(endpoint, values, force_external=True)

    return page


def signed_links(settings: Settings) -> Callable[[int], str]:
    """Makes the address that uses a link of accounts."""
    page = addresses(settings)

    def link(link_id: int) -> str:
        return page("accounts.use_link", token=sign_link(settings.secret_key, link_id))

    return link


def plain_name(name: str) -> str:
    """A name without anything that means something in a header."""
    return " ".join(re.sub(r"[^\w &'’-]", " ", name).split())


def fallback_sender(settings: Settings) -> str:
    """An address to send from where the settings name none."""
    host = urlsplit(settings.portal_url).hostname or ""
    named = any(letter.isalpha() for letter in host) and ":" not in host
    return f"no-reply@{host if named else 'localhost'}"
