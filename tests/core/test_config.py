"""The environment: what is missing or malformed is named, with what was expected, and nothing starts."""

import base64
from pathlib import Path

import pytest

import config
from ehe_portal.core.settings import BadSettings

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
    ],
)
def test_what_is_malformed_is_named(name: str, value: str) -> None:
    (problem,) = problems(**{name: value})
    assert problem.startswith(f"{name}: ")
    assert problem.endswith("expected")


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
