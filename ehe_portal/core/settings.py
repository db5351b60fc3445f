"""Every setting of the portal, typed. `config.py` alone reads them from the environment."""

from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class BadSettings(Exception):
    """One or more settings are missing or malformed; `problems` names each and says what was expected."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("The portal cannot start:\n" + "\n".join(f"- {problem}" for problem in problems))
        self.problems = problems


@dataclass(frozen=True)
class Mail:
    """The SMTP server that messages leave by."""

    server: str = "localhost"
    port: int = 25
    use_tls: bool = False
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    default_sender: str | None = None


@dataclass(frozen=True)
class NotifySettings:
    """GOV.UK Notify as a second channel, where there is a `key` (`name-service-secret`, two UUIDs at its end).

    `email_template` and `text_template` are the ids of templates there, whose whole text is placeholders: ((subject))
    and ((body)), and ((body)). Without one, that kind of message does not go by Notify. `after` is how often the mail
    server is tried with a message before Notify is; 0 sends all mail by Notify.
    """

    key: str = field(default="", repr=False)
    url: str = "https://api.notifications.service.gov.uk"
    email_template: str = ""
    text_template: str = ""
    after: int = 3


@dataclass(frozen=True)
class Settings:
    """How this deployment runs.

    `secret_key` signs sessions and links; `vault_key` is 32 bytes that wrap the keys of evidence files, and
    `vault_other_keys` are such as wrapped them before, or will; `clamd` is the address of a virus scanner, or empty:
    then files are not scanned for viruses.
    """

    database_url: str
    secret_key: str = field(repr=False)
    vault_key: bytes = field(repr=False)
    vault_other_keys: tuple[bytes, ...] = field(default=(), repr=False)
    vault_url: str = "file:var/vault"
    portal_url: str = "http://127.0.0.1:5000"
    mail: Mail = Mail()
    notify: NotifySettings = NotifySettings()
    audit_anchors: str = "file:var/anchors"
    clamd: str = ""
    trusted_proxies: int = 0
    demo: bool = False
    testing: bool = False
    root: Path = ROOT

    @property
    def secure(self) -> bool:
        """Whether cookies may only travel over TLS."""
        return self.portal_url.startswith("https://")

    @property
    def var(self) -> Path:
        """The folder for what the portal keeps beside its database."""
        return self.root / "var" / "demo" if self.demo else self.root / "var"
