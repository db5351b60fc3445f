"""Reads the environment, once, into typed settings. Nothing else reads it, and only wsgi.py imports this."""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError, NoSuchModuleError

from ehe_portal.core.settings import ROOT, BadSettings, Mail, NotifySettings, Settings

TRUE = {"1", "on", "true", "yes"}
FALSE = {"", "0", "off", "false", "no"}
DATABASES = ("sqlite", "postgresql")
THIS_MACHINE = {"127.0.0.1", "localhost", "::1"}
UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"


class Reader:
    """Takes settings one by one and gathers what is wrong with them, so that a start fails once, naming everything."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self.environ = environ
        self.problems: list[str] = []

    def text(self, name: str, default: str = "") -> str:
        """The setting, or the content of the file that NAME_FILE names."""
        from_file = self.environ.get(f"{name}_FILE")
        if from_file:
            try:
                return Path(from_file).read_text(encoding="utf-8").strip()
            except (OSError, UnicodeDecodeError) as failure:
                self.problems.append(f"{name}_FILE: a readable file was expected ({type(failure).__name__})")
                return default
        return self.environ.get(name, "").strip() or default

    def number(self, name: str, default: int, highest: int) -> int:
        """A whole number from 0 to `highest`."""
        typed = self.text(name, str(default))
        if not (typed.isascii() and typed.isdigit() and int(typed) <= highest):
            self.problems.append(f"{name}: a whole number from 0 to {highest} was expected")
            return default
        return int(typed)

    def flag(self, name: str) -> bool:
        """On or off."""
        typed = self.text(name).lower()
        if typed not in TRUE | FALSE:
            self.problems.append(f"{name}: on or off was expected")
        return typed in TRUE

    def database(self) -> str:
        """The address of a database, which SQLAlchemy can open with the drivers that are here."""
        typed = self.text("DATABASE_URL", "sqlite:///var/portal.db")
        try:
            address = make_url(typed)
            address.get_dialect().import_dbapi()
            known = address.get_backend_name() in DATABASES
        except (ArgumentError, NoSuchModuleError, ImportError, ValueError):
            known = False
        if not known:
            self.problems.append(f"DATABASE_URL: an address beginning with {' or '.join(DATABASES)} was expected")
        return typed

    def public_address(self) -> str:
        """The address by which people reach the portal, without a slash at its end."""
        typed = self.text("PORTAL_URL", Settings.portal_url)
        if not (parts := split(typed)) or parts.scheme not in ("http", "https") or not parts.hostname:
            self.problems.append("PORTAL_URL: an address like https://portal.example.gov.uk was expected")
        return typed.rstrip("/")

    def store(self, name: str, default: str) -> str:
        """Where files are kept: a folder, or a bucket."""
        typed = self.text(name, default)
        parts = split(typed)
        a_folder = parts and parts.scheme == "file" and not parts.netloc and parts.path.strip("/")
        a_bucket = parts and parts.scheme == "s3" and parts.netloc
        if not (a_folder or a_bucket):
            self.problems.append(f"{name}: file:FOLDER or s3://BUCKET/PREFIX was expected")
        return typed

    def clamd(self) -> str:
        """Where a virus scanner listens; nothing where there is none."""
        typed = self.text("CLAMD")
        parts = split(typed)
        local = parts and parts.scheme == "unix" and not parts.netloc and parts.path.startswith("/")
        distant = parts and parts.scheme == "tcp" and parts.hostname and parts.port and not parts.path.strip("/")
        if typed and not (local or distant):
            self.problems.append("CLAMD: tcp://HOST:PORT or unix:/PATH was expected")
        return typed

    def secret_key(self) -> str:
        typed = self.text("SECRET_KEY")
        if len(typed) < 32:
            self.problems.append("SECRET_KEY: 32 characters or more were expected")
        return typed

    def vault_key(self) -> bytes:
        key = master_key(self.text("VAULT_KEY"))
        if key is None:
            self.problems.append("VAULT_KEY: base64 of 32 bytes was expected")
        return key or b""

    def vault_other_keys(self) -> tuple[bytes, ...]:
        keys = [master_key(typed) for typed in self.text("VAULT_OTHER_KEYS").replace(",", " ").split()]
        if None in keys:
            self.problems.append("VAULT_OTHER_KEYS: base64 of 32 bytes each, with spaces between, was expected")
        return tuple(key for key in keys if key is not None)

    def mail(self) -> Mail:
        sender = self.text("MAIL_DEFAULT_SENDER") or None
        if sender and "@" not in parseaddr(sender)[1]:
            self.problems.append("MAIL_DEFAULT_SENDER: an email address was expected")
        return Mail(
            server=self.text("MAIL_SERVER", Mail.server),
            port=self.number("MAIL_PORT", Mail.port, 65535),
            use_tls=self.flag("MAIL_USE_TLS"),
            username=self.text("MAIL_USERNAME") or None,
            password=self.text("MAIL_PASSWORD") or None,
            default_sender=sender,
        )

    def notify(self) -> NotifySettings:
        key = self.text("NOTIFY_KEY")
        if key and not re.fullmatch(f"[^\\s]+-{UUID}-{UUID}", key):
            self.problems.append("NOTIFY_KEY: a key of GOV.UK Notify, which ends in two UUIDs, was expected")
        url = self.text("NOTIFY_URL", NotifySettings.url)
        parts = split(url)
        here = parts and parts.scheme == "http" and parts.hostname in THIS_MACHINE
        if not (parts and parts.hostname and (parts.scheme == "https" or here)):
            self.problems.append("NOTIFY_URL: an address beginning with https:// was expected")
        return NotifySettings(
            key=key,
            url=url.rstrip("/"),
            email_template=self.template_id("NOTIFY_EMAIL_TEMPLATE"),
            text_template=self.template_id("NOTIFY_TEXT_TEMPLATE"),
            after=self.number("NOTIFY_AFTER", NotifySettings.after, 99),
        )

    def template_id(self, name: str) -> str:
        """The id of one of the service's templates at GOV.UK Notify; nothing where it has none."""
        typed = self.text(name)
        if typed and not re.fullmatch(UUID, typed):
            self.problems.append(f"{name}: the id of a template of GOV.UK Notify, a UUID, was expected")
        if typed and not self.text("NOTIFY_KEY"):
            self.problems.append(f"{name}: with it, NOTIFY_KEY was expected")
        return typed


def master_key(typed: str) -> bytes | None:
    """The 32 bytes that base64 stands for; None for anything else."""
    try:
        key = base64.b64decode(typed, validate=True)
    except (binascii.Error, ValueError):
        return None
    return key if len(key) == 32 else None


def split(address: str) -> SplitResult | None:
    """The parts of an address; None where it cannot be one."""
    try:
        parts = urlsplit(address)
        return parts if parts.port is None or parts.port > 0 else None
    except ValueError:
        return None


def kept_secret(name: str, make: str) -> str:
    """The demonstration's own secret, made once and kept in var/demo/."""
    kept = ROOT / "var" / "demo" / name
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with os.fdopen(os.open(kept, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="ascii") as file:
            file.write(make)
    return kept.read_text(encoding="ascii")


def demo_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """The demonstration's database, vault and keys, which nothing but PORTAL_URL and the settings for mail and
    GOV.UK Notify, both of this machine, may change."""
    own = {
        "DATABASE_URL": "sqlite:///var/demo/portal.db",
        "VAULT_URL": "file:var/demo/vault",
        "AUDIT_ANCHORS": "file:var/demo/anchors",
        "SECRET_KEY": kept_secret("secret-key", secrets.token_urlsafe(48)),
        "VAULT_KEY": kept_secret("vault-key", base64.b64encode(secrets.token_bytes(32)).decode()),
        "MAIL_DEFAULT_SENDER": "Demonstration council <home.education@demo.invalid>",
    }
    let_in = {
        name: value for name, value in environ.items() if name.startswith(("MAIL_", "NOTIFY_")) or name == "PORTAL_URL"
    }
    return {**own, **let_in, "DEMO": "on"}


def read(environ: Mapping[str, str] | None = None) -> Settings:
    """The settings of this deployment. Raises `BadSettings` naming every one that is missing or malformed."""
    reader = Reader(os.environ if environ is None else environ)
    demo = reader.flag("DEMO")
    if demo:
        reader = Reader(demo_environment(reader.environ))
    portal_url = reader.public_address()
    if demo and (public := split(portal_url)) and public.hostname not in THIS_MACHINE:
        reader.problems.append("PORTAL_URL: with DEMO on, an address of this machine was expected")
    notify = reader.notify()
    if demo and notify.key and (there := split(notify.url)) and there.hostname not in THIS_MACHINE:
        reader.problems.append("NOTIFY_URL: with DEMO on, an address of this machine was expected")
    database_url = reader.database()
    if not demo and "var/demo" in database_url + reader.text("VAULT_URL"):
        reader.problems.append("DATABASE_URL, VAULT_URL: what is in var/demo/ is opened only with DEMO on")
    settings = Settings(
        database_url=database_url,
        secret_key=reader.secret_key(),
        vault_key=reader.vault_key(),
        vault_other_keys=reader.vault_other_keys(),
        vault_url=reader.store("VAULT_URL", Settings.vault_url),
        portal_url=portal_url,
        mail=reader.mail(),
        notify=notify,
        audit_anchors=reader.store("AUDIT_ANCHORS", Settings.audit_anchors),
        clamd=reader.clamd(),
        trusted_proxies=reader.number("TRUSTED_PROXIES", 0, 9),
        demo=demo,
    )
    if reader.problems:
        raise BadSettings(reader.problems)
    return settings
