"""The environment: what is missing or malformed is named, with what was expected, and nothing starts."""

import base64
from pathlib import Path

import pytest

import config
from ehe_portal.core.settings import BadSettings, NotifySettings

NOTIFY_KEY = "live-26785a09-ab16-4eb0-8407-a37497a57506-3d844edf-8d35-48ac-975b-e847b4f122b0"
TEMPLATE = "9d751e0e-f929-4891-82a1-a3e1c3c18ee3"
GOOD = {"SECRET_KEY": "s" * 32, "VAULT_KEY": base64.b64encode(b"v" * 32).decode()}


def problems(**environ: str) -> list[str]:
    """What is said of these settings beside good secrets."""
    with pytest.raises(BadSettings) as bad:
        config.read({**GOOD, **environ})
    return bad.value.problems


def test_good_settings_are_taken() -> None:
    settings = config.read(
        {
            **GOOD,
            "DATABASE_URL": "postgresql://portal@localhost/portal",
            "VAULT_URL": "s3://bucket/prefix",
            "PORTAL_URL": "https://portal.example:8443/",
            "TRUSTED_PROXIES": "1",
        }
    )
    assert settings.database_url == "postgresql://portal@localhost/portal"
    assert settings.vault_url == "s3://bucket/prefix"
    assert settings.portal_url == "https://portal.example:8443"
    assert (settings.vault_key, settings.trusted_proxies, settings.demo) == (b"v" * 32, 1, False)


def test_without_anything_both_secrets_are_asked_for() -> None:
    with pytest.raises(BadSettings) as bad:
        config.read({})
    assert [problem.partition(":")[0] for problem in bad.value.problems] == ["SECRET_KEY", "VAULT_KEY"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://host/portal"),
        ("DATABASE_URL", "portal.db"),
        ("DATABASE_URL", "sqlite:"),
        ("DATABASE_URL", "sqlite+unknown:///portal.db"),
        ("DATABASE_URL", "postgresql+asyncpg://host/portal"),
        ("DATABASE_URL", "postgresql://host:port/portal"),
        ("VAULT_URL", "ftp://host/vault"),
        ("VAULT_URL", "s3://"),
        ("VAULT_URL", "file:"),
        ("VAULT_URL", "file://host/vault"),
        ("AUDIT_ANCHORS", "s3://"),
        ("PORTAL_URL", "portal.example"),
        ("PORTAL_URL", "http://"),
        ("PORTAL_URL", "http://portal.example:port"),
        ("PORTAL_URL", "http://[portal.example"),
        ("SECRET_KEY", "short"),
        ("VAULT_KEY", "no base64"),
        ("VAULT_KEY", base64.b64encode(b"v" * 31).decode()),
        ("MAIL_PORT", "65536"),
        ("MAIL_USE_TLS", "perhaps"),
        ("MAIL_DEFAULT_SENDER", "nobody"),
        ("TRUSTED_PROXIES", "-1"),
        ("NOTIFY_KEY", "a key of something else"),
        ("NOTIFY_KEY", NOTIFY_KEY[:-1]),
        ("NOTIFY_URL", "http://api.notifications.example"),
        ("NOTIFY_URL", "api.notifications.example"),
        ("NOTIFY_EMAIL_TEMPLATE", "mail"),
        ("NOTIFY_TEXT_TEMPLATE", "text"),
        ("NOTIFY_AFTER", "100"),
    ],
)
def test_what_is_malformed_is_named(name: str, value: str) -> None:
    key = {"NOTIFY_KEY": NOTIFY_KEY} if name.startswith("NOTIFY_") else {}
    (problem,) = problems(**{**key, name: value})
    assert problem.startswith(f"{name}: ")
    assert problem.endswith("expected")


def test_notify_is_off_until_there_is_a_key() -> None:
    assert config.read(GOOD).notify == NotifySettings()
    assert not NotifySettings().key
    for name in ("NOTIFY_EMAIL_TEMPLATE", "NOTIFY_TEXT_TEMPLATE"):
        (problem,) = problems(**{name: TEMPLATE})
        assert problem == f"{name}: with it, NOTIFY_KEY was expected"


def test_the_key_of_notify_is_taken_from_a_file_and_never_shown(tmp_path: Path) -> None:
    (tmp_path / "key").write_text(NOTIFY_KEY + "\n")
    settings = config.read(
        {**GOOD, "NOTIFY_KEY_FILE": str(tmp_path / "key"), "NOTIFY_TEXT_TEMPLATE": TEMPLATE, "NOTIFY_AFTER": "0"}
    )
    assert settings.notify == NotifySettings(key=NOTIFY_KEY, text_template=TEMPLATE, after=0)
    assert settings.notify.url == "https://api.notifications.service.gov.uk"
    assert NOTIFY_KEY[-36:] not in repr(settings)
    (problem,) = problems(NOTIFY_KEY=NOTIFY_KEY[:-1])
    assert NOTIFY_KEY[-36:-1] not in problem


def test_the_demonstration_reaches_no_real_notify() -> None:
    with pytest.raises(BadSettings) as bad:
        config.read({"DEMO": "on", "NOTIFY_KEY": NOTIFY_KEY})
    assert bad.value.problems == ["NOTIFY_URL: with DEMO on, an address of this machine was expected"]
    here = config.read({"DEMO": "on", "NOTIFY_KEY": NOTIFY_KEY, "NOTIFY_URL": "http://127.0.0.1:9"})
    assert here.notify.key == NOTIFY_KEY


def test_everything_is_named_at_once() -> None:
    said = problems(DATABASE_URL="sqlite:", MAIL_PORT="x", VAULT_URL="s3://")
    assert sorted(problem.partition(":")[0] for problem in said) == ["DATABASE_URL", "MAIL_PORT", "VAULT_URL"]


def test_a_secret_may_stand_in_a_file(tmp_path: Path) -> None:
    kept = tmp_path / "secret"
    kept.write_text("f" * 40 + "\n", encoding="utf-8")
    assert config.read({"VAULT_KEY": GOOD["VAULT_KEY"], "SECRET_KEY_FILE": str(kept)}).secret_key == "f" * 40
    assert problems(VAULT_KEY_FILE=str(tmp_path / "none"))[0].startswith("VAULT_KEY_FILE: a readable file")


def test_the_demonstrations_database_is_refused_without_it() -> None:
    (problem,) = problems(DATABASE_URL="sqlite:///var/demo/portal.db")
    assert problem.endswith("is opened only with DEMO on")


@pytest.mark.parametrize("address", ["https://portal.example.gov.uk", "http://localhost.example.com", "http://"])
def test_the_demonstration_is_for_this_machine_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setattr(config, "ROOT", tmp_path)
    assert any(problem.startswith("PORTAL_URL: ") for problem in problems(DEMO="on", PORTAL_URL=address))
    settings = config.read({"DEMO": "on", "DATABASE_URL": "postgresql://elsewhere/portal"})
    assert (settings.demo, settings.database_url) == (True, "sqlite:///var/demo/portal.db")
    assert settings == config.read({"DEMO": "on"})


def test_other_master_keys_are_taken() -> None:
    first, second = (base64.b64encode(letter * 32).decode() for letter in (b"a", b"b"))
    settings = config.read({**GOOD, "VAULT_OTHER_KEYS": f" {first}\n{second}, "})
    assert settings.vault_other_keys == (b"a" * 32, b"b" * 32)
    assert config.read(GOOD).vault_other_keys == ()
    for bad in ("no base64", f"{first} {base64.b64encode(b'short').decode()}", "é"):
        (problem,) = problems(VAULT_OTHER_KEYS=bad)
        assert problem.startswith("VAULT_OTHER_KEYS: base64 of 32 bytes each")
