"""`flask vault ...` and `flask ready`: keys that take over, keys that are missing, and everything opened whole."""

import os
import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import LargeBinary, select, update

from ehe_portal import app as portal_app_module
from ehe_portal import schedule
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import drafts, jobs
from ehe_portal.core.db import Base
from ehe_portal.core.drafts import FormDraft, Place, Typed
from ehe_portal.core.vault import Vault, VaultUnavailable
from ehe_portal.core.vault.keys import Keyring, MasterKey, fingerprint_of
from ehe_portal.core.vault_rows import Resealed, reseal_some
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence.models import EvidenceFile, WaitingFile
from ehe_portal.register.models import RegistrationDraft
from ehe_portal.register.service import drafts as registration_drafts
from tests.conftest import Clock, leave_stray
from tests.core.vaults import CANARY
from tests.evidence.conftest import arrive, sent_file
from tests.pages import LintingClient
from tests.village import Village

__all__ = ["arrive", "sent_file"]

Run = Callable[..., Result]
Send = Callable[..., EvidenceFile]
OLD, NEW = b"k" * 32, b"n" * 32
OLD_PRINT, NEW_PRINT = MasterKey(OLD).fingerprint.hex(), MasterKey(NEW).fingerprint.hex()


@pytest.fixture
def flask(app: Flask, clock: Clock) -> Run:
    """Runs a `flask` command; what it says goes to two streams."""

    def run(*words: str) -> Result:
        return app.test_cli_runner().invoke(args=list(words))

    return run


@pytest.fixture(autouse=True)
def vault_folder(house: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A vault of this test alone."""
    monkeypatch.setattr(house, "vault", Vault.from_url("file:vault", OLD, tmp_path))
    return tmp_path / "vault"


@pytest.fixture
def keys(house: Portal, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Vault]:
    """Starts the portal anew with these master keys."""

    def start(current: bytes, *others: bytes) -> Vault:
        vault = Vault.from_url("file:vault", current, tmp_path, others)
        monkeypatch.setattr(house, "vault", vault)
        return vault

    return start


@pytest.fixture
def begun(work: Work, house: Portal, village: Village) -> tuple[FormDraft, RegistrationDraft]:
    """Words that two people have typed and not sent."""
    parent = village.parents["Ada"].id
    drafts.keep(work.session, house.vault, parent, work.at, Place("/somewhere"), Typed((("notes", CANARY.decode()),)))
    sealed = house.vault.seal(b"{}", registration_drafts.purpose(parent))
    work.session.add(RegistrationDraft(account_id=parent, sealed=sealed, saved_at=work.at))
    work.session.commit()
    return work.session.scalars(select(FormDraft)).one(), work.session.scalars(select(RegistrationDraft)).one()


# Which tables know of the vault


def test_every_sealed_column_is_re_sealed_by_a_rotation() -> None:
    listed = {one.table.__tablename__ for one in portal_app_module.SEALED}
    pictures = {"authority_logo"}
    binary = {table.name for table in Base.metadata.tables.values() for c in table.c if isinstance(c.type, LargeBinary)}
    assert binary - pictures == listed, "a column of bytes is sealed, and is listed in app.SEALED"


def test_every_row_that_names_a_file_is_known_to_the_vault() -> None:
    listed = {one.table.__tablename__ for one in schedule.KEPT}
    naming = {mapper.class_.__tablename__ for mapper in Base.registry.mappers if hasattr(mapper.class_, "stored_as")}
    assert naming == listed, "list it in schedule.KEPT, or its files are removed as strays"


# flask ready


def test_ready_where_every_key_is_here(flask: Run, keys: Callable[..., Vault], sent_file: Send) -> None:
    assert flask("ready").exit_code == 0
    sent_file(b"leaves", "leaf.pdf", "application/pdf")
    keys(NEW, OLD)
    assert flask("ready").exit_code == 0


def test_ready_refuses_where_the_key_of_a_file_is_missing(
    flask: Run, keys: Callable[..., Vault], sent_file: Send
) -> None:
    sent_file(b"leaves", "leaf.pdf", "application/pdf")
    keys(NEW)
    result = flask("ready")
    assert (result.exit_code, result.stdout) == (2, "")
    assert f"The master key {OLD_PRINT} is missing" in result.stderr
    assert flask("vault", "keys").stdout.splitlines() == sorted(
        [f"{OLD_PRINT}  MISSING, in use", f"{NEW_PRINT}  current, not in use"]
    )


def test_ready_refuses_where_the_key_of_a_draft_is_missing(
    flask: Run, keys: Callable[..., Vault], begun: object
) -> None:
    keys(NEW)
    result = flask("ready")
    assert result.exit_code == 2
    assert OLD_PRINT in result.stderr


def test_ready_lets_a_portal_start_whose_vault_does_not_answer(
    flask: Run, house: Portal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_vault: Vault) -> list[bytes]:
        raise VaultUnavailable("the bucket answered 503")

    monkeypatch.setattr(Vault, "keys_in_use", silent)
    result = flask("ready")
    assert result.exit_code == 0
    assert result.stderr.startswith("The vault does not answer (the bucket answered 503)")


# flask vault rotate


def test_rotate_seals_everything_with_the_current_key(
    flask: Run, keys: Callable[..., Vault], sent_file: Send, arrive: Callable[..., str],
    begun: tuple[FormDraft, RegistrationDraft], work: Work,
) -> None:  # fmt: skip
    file = sent_file(CANARY, "leaf.pdf", "application/pdf")
    arrive(b"waiting")
    keys(NEW, OLD)
    result = flask("vault", "rotate")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == (
        f"Sealed with the master key {NEW_PRINT}: 2 files, 2 drafts\nNothing is sealed under another key any more\n"
    )
    again = flask("vault", "rotate")
    assert f"{NEW_PRINT}: 0 files, 0 drafts" in again.stdout
    alone = keys(NEW)
    assert flask("ready").exit_code == 0
    assert flask("vault", "verify").exit_code == 0
    assert b"".join(alone.read(file.stored_as)) == CANARY
    for draft in begun:
        work.session.refresh(draft)
        assert fingerprint_of(draft.sealed).hex() == NEW_PRINT
    copy = drafts.opened(begun[0], alone)
    assert copy is not None
    assert copy.words["notes"] == CANARY.decode()
    assert alone.open_sealed(begun[1].sealed, registration_drafts.purpose(begun[1].account_id)) == b"{}"


def test_a_rotation_is_in_the_audit_trail_from_its_beginning(
    flask: Run, keys: Callable[..., Vault], sent_file: Send, begun: object, work: Work, village: Village, house: Portal,
    client_as: Callable[..., LintingClient], monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Who asked for it, when, from which key to which, and how many; also of one that was broken off."""
    monkeypatch.setattr(os, "getlogin", lambda: "kim")
    file = sent_file(CANARY, "leaf.pdf", "application/pdf")
    both = keys(NEW, OLD)
    with monkeypatch.context() as patch:
        patch.setattr(both, "reseal_file", lambda _identity: 1 / 0)
        assert flask("vault", "rotate").exit_code == 1
    assert flask("vault", "rotate").exit_code == 0
    assert flask("vault", "rotate").exit_code == 0, "there is nothing to do and nothing to tell"
    told = {"from_keys": [OLD_PRINT], "to_key": NEW_PRINT, "login": "kim"}
    entries = work.session.scalars(
        select(AuditEntry).where(AuditEntry.kind.startswith("KeyChange"), AuditEntry.authority_id == file.authority_id)
    ).all()
    assert [(one.kind, one.details) for one in entries] == [
        ("KeyChangeBegun", told),
        ("KeyChangeBegun", told),
        ("KeyChangeEnded", told | {"files": 1, "drafts": 0, "failed": 0}),
    ]
    assert {(one.actor, one.at) for one in entries} == {("command", house.now())}
    page = client_as(village.staff[Role.AUDITOR]).get("/audit").text
    assert f"From: {OLD_PRINT}; to: {NEW_PRINT}; by, on the server: kim; files: 1" in page


def test_rotate_names_what_it_could_not_open_and_keeps_the_earlier_key_in_use(
    flask: Run, keys: Callable[..., Vault], sent_file: Send, vault_folder: Path
) -> None:
    spoilt, whole = (sent_file(CANARY, f"{name}.pdf", "application/pdf") for name in ("one", "two"))
    secret = vault_folder / "keys" / f"{spoilt.stored_as}.key"
    kept = secret.read_bytes()
    secret.write_bytes(kept[:-1] + bytes([kept[-1] ^ 1]))
    both = keys(NEW, OLD)
    result = flask("vault", "rotate")
    assert result.exit_code == 1
    assert f"{spoilt.stored_as}: a sealed value was changed" in result.stderr
    assert "1 could not be" in result.stderr
    assert "one.pdf" not in result.output
    assert b"".join(both.read(whole.stored_as)) == CANARY
    keys(NEW)
    assert flask("ready").exit_code == 2, "the earlier key is still needed"


def test_a_draft_saved_meanwhile_is_left_as_it_was_saved(
    keys: Callable[..., Vault], begun: tuple[FormDraft, RegistrationDraft], work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Read by the rotation, then saved anew by its owner, then written by the rotation: the owner's words stay."""
    both, draft = keys(NEW, OLD), begun[0]
    reseal, told = both.reseal, MasterKey(OLD).seal(b"newer words", "value/whatever")

    def too_late(sealed: bytes, purpose: str) -> bytes:
        work.session.execute(update(FormDraft).where(FormDraft.id == draft.id).values(sealed=told))
        return reseal(sealed, purpose)

    monkeypatch.setattr(both, "reseal", too_late)
    so_far = Resealed()
    reseal_some(work.session, both, drafts.SEALED, so_far)
    work.session.refresh(draft)
    assert (draft.sealed, so_far.done, so_far.failed) == (told, 0, 0)


def test_a_vault_that_does_not_answer_breaks_a_rotation_off(
    flask: Run, keys: Callable[..., Vault], sent_file: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_file(CANARY, "one.pdf", "application/pdf")
    both = keys(NEW, OLD)

    def silent(_identity: str) -> bool:
        raise VaultUnavailable("the bucket answered 503")

    with monkeypatch.context() as patch:
        patch.setattr(both, "reseal_file", silent)
        result = flask("vault", "rotate")
        assert result.exit_code == 1
        assert "What was done before it stands. Run it again" in result.stderr
    assert flask("vault", "rotate").exit_code == 0


# flask vault give-up


def test_a_key_that_is_lost_may_be_given_up(
    flask: Run, keys: Callable[..., Vault], sent_file: Send, begun: object, work: Work
) -> None:
    file = sent_file(CANARY, "one.pdf", "application/pdf")
    keys(NEW, OLD)
    assert flask("vault", "give-up", OLD_PRINT, "--yes").exit_code == 2, "a key that is here is not lost"
    keys(NEW)
    assert flask("vault", "give-up", "0" * 16, "--yes").exit_code == 2
    assert flask("vault", "give-up", OLD_PRINT).exit_code == 1, "asks first"
    assert flask("ready").exit_code == 2
    result = flask("vault", "give-up", OLD_PRINT, "--yes")
    assert (result.exit_code, result.stdout[:26]) == (0, "Given up: 2 drafts are rem")
    assert work.session.scalars(select(FormDraft)).all() == []
    assert flask("ready").exit_code == 0
    assert f"{file.stored_as}: sealed under another master key" in flask("vault", "verify").stdout


# flask vault verify


def test_verify_is_content_when_all_is_whole(flask: Run, sent_file: Send, arrive: Callable[..., str]) -> None:
    sent_file(CANARY, "leaf.pdf", "application/pdf")
    arrive(b"waiting")
    result = flask("vault", "verify")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == f"2 files are whole, {len(CANARY) + 7} bytes; 0 are not as they should be\n"


def test_verify_names_damage_by_reference_alone(
    flask: Run, house: Portal, sent_file: Send, vault_folder: Path, clock: Clock, village: Village, work: Work
) -> None:
    files = {name: sent_file(CANARY, f"{name}.pdf", "application/pdf") for name in ("flip", "gone", "key", "cut", "ok")}
    place = {name: vault_folder / "objects" / f"{file.stored_as}.sealed" for name, file in files.items()}
    raw = place["flip"].read_bytes()
    place["flip"].write_bytes(raw[:-1] + bytes([raw[-1] ^ 1]))
    place["gone"].unlink()
    (vault_folder / "keys" / f"{files['key'].stored_as}.key").unlink()
    place["cut"].write_bytes(place["cut"].read_bytes()[:-20])
    stray, new = (f"{village.authority.id}/{name}" for name in ("STRAYFILE", "NEWFILE"))
    leave_stray(house, stray, clock.at - timedelta(days=3))
    leave_stray(house, new, clock.at - timedelta(hours=3))
    result = flask("vault", "verify")
    assert result.exit_code == 1
    assert sorted(result.stdout.splitlines()) == sorted(
        [
            f"{files['flip'].stored_as}: frame 0 is not what was written there",
            f"{files['gone'].stored_as}: nothing is kept there",
            f"{files['key'].stored_as}: the key of this file is gone",
            f"{files['cut'].stored_as}: the file is not as long as it was when it was kept",
            f"{stray}: a file that no row knows of",
            f"1 files are whole, {len(CANARY)} bytes; 5 are not as they should be",
        ]
    )
    assert not re.search("pdf|Ada|Nell", result.output)


def test_verify_says_nothing_of_a_file_that_was_deleted_meanwhile(
    flask: Run, house: Portal, arrive: Callable[..., str], work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrive(b"waiting")
    read = house.vault.read

    def too_late(identity: str, *more: object) -> object:
        house.vault.delete(identity)
        for file in work.session.scalars(select(WaitingFile)):
            work.session.delete(file)
        work.session.commit()
        return read(identity)

    monkeypatch.setattr(house.vault, "read", too_late)
    assert flask("vault", "verify").exit_code == 0


# Strays


def test_the_job_removes_what_no_row_knows_of_and_nothing_else(
    house: Portal, sent_file: Send, arrive: Callable[..., str], clock: Clock, village: Village, work: Work
) -> None:
    (job,) = [one for one in schedule.JOBS if one.name == "remove-stray-files"]
    known = sent_file(CANARY, "leaf.pdf", "application/pdf").stored_as
    waiting = f"{village.authority.id}/{arrive(b'waiting')}"
    stray, new = (f"{village.authority.id}/{name}" for name in ("STRAYFILE", "NEWFILE"))
    leave_stray(house, stray, clock.at - timedelta(days=2))
    leave_stray(house, new, clock.at - timedelta(hours=3))
    for path in house.vault.incoming.parent.rglob("*"):
        if "NEWFILE" not in path.name:
            os.utime(path, (0, 0))
    left_behind = house.vault.incoming / "begun.part"
    left_behind.write_bytes(b"")
    os.utime(left_behind, (0, 0))
    assert jobs.run(job, house).failed == 0
    assert [house.vault.exists(name) for name in (known, waiting, stray, new)] == [True, True, False, True]
    assert not left_behind.exists()
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "StrayFilesRemoved")).one()
    assert entry.authority_id == village.authority.id


def test_keys_that_only_open_are_told_from_the_current_one() -> None:
    ring = Keyring(NEW, [OLD, NEW])
    assert [key.hex() for key in ring] == [OLD_PRINT, NEW_PRINT]
    assert ring.current.hex() == NEW_PRINT
