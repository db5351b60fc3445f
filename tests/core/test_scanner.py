"""The virus scanner's protocol: every answer, and every way in which it may fail to give one."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from ehe_portal.core import scanner as core_scanner
from ehe_portal.core.scanner import (
    ASKED_ANEW_AFTER,
    SIGNATURES_FRESH,
    Answer,
    Scanned,
    Scanner,
    ScannerTrouble,
    Trouble,
)
from tests.conftest import NOON
from tests.core.clamds import EICAR, StandIn, stand_in
from tests.core.made_files import docx, pdf, zipped


@pytest.fixture
def clamd() -> Iterator[StandIn]:
    with stand_in(NOON) as one:
        yield one


@pytest.fixture
def scanner(clamd: StandIn, monkeypatch: pytest.MonkeyPatch) -> Scanner:
    monkeypatch.setattr(core_scanner, "STEP_SECONDS", 0.3)
    monkeypatch.setattr(core_scanner, "SCAN_SECONDS", 0.3)
    return Scanner(clamd.address)


def test_a_file_is_given_whole_and_the_answer_understood(scanner: Scanner, clamd: StandIn) -> None:
    long = b"leaf" * 200_000
    assert scanner.scan([long, b"", b"end"]) == Scanned(Answer.CLEAN)
    assert scanner.scan([b"before ", EICAR]) == Scanned(Answer.INFECTED, "Eicar-Test-Signature")
    assert clamd.seen == [long + b"end", b"before " + EICAR]


def test_what_it_only_looked_at_in_part_is_not_clean(scanner: Scanner, clamd: StandIn) -> None:
    clamd.mode = "limits"
    assert scanner.scan([b"bomb"]) == Scanned(Answer.NOT_SCANNED, "Heuristics.Limits.Exceeded.MaxFiles")


def test_a_file_larger_than_it_takes_is_not_scanned(scanner: Scanner, clamd: StandIn) -> None:
    clamd.most = 1000
    assert scanner.scan([b"x" * 100_000] * 100).answer is Answer.NOT_SCANNED


@pytest.mark.parametrize(
    ("mode", "trouble"),
    [("hung", Trouble.SILENT), ("hangs-up", Trouble.SILENT), ("error", Trouble.STUMBLED)],
)
def test_without_an_answer_nothing_is_said_of_the_file(
    scanner: Scanner, clamd: StandIn, mode: str, trouble: Trouble
) -> None:
    clamd.mode = mode
    with pytest.raises(ScannerTrouble) as met:
        scanner.scan([b"leaf" * 1000])
    assert met.value.trouble is trouble


def test_one_that_is_down_says_nothing(scanner: Scanner, clamd: StandIn) -> None:
    clamd.close()
    with pytest.raises(ScannerTrouble):
        Scanner("unix:/nowhere/clamd.ctl").scan([b"leaf"])
    assert Scanner("unix:/nowhere/clamd.ctl").trouble(NOON) is Trouble.SILENT


@pytest.mark.parametrize(("mode", "trouble"), [("well", None), ("hung", Trouble.SILENT), ("stale", Trouble.STALE)])
def test_its_standing(scanner: Scanner, clamd: StandIn, mode: str, trouble: Trouble | None) -> None:
    clamd.mode = mode
    assert scanner.trouble(NOON) is trouble


def test_signatures_are_fresh_for_a_week(scanner: Scanner, clamd: StandIn) -> None:
    clamd.signatures = NOON - SIGNATURES_FRESH
    assert scanner.trouble(NOON) is None
    assert scanner.trouble(NOON + timedelta(seconds=1)) is Trouble.STALE


def test_pages_that_anyone_may_open_ask_once_a_minute(scanner: Scanner, clamd: StandIn) -> None:
    assert scanner.lately(NOON) is None
    clamd.mode = "stale"
    assert scanner.lately(NOON + ASKED_ANEW_AFTER / 2) is None
    assert scanner.lately(NOON + ASKED_ANEW_AFTER) is Trouble.STALE
    clamd.mode = "well"
    assert scanner.lately(NOON) is None, "asked anew when the clock was put back"


# A real one


CLAMD = shutil.which("clamd") or ("/usr/sbin/clamd" if Path("/usr/sbin/clamd").exists() else None)
EICAR_SIGNATURE = f"Eicar-Test-Signature:0:*:{EICAR.hex()}"


@pytest.fixture(scope="module")
def real_clamd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """A clamd that knows one virus, EICAR's, and takes files of up to a megabyte; and its address."""
    if CLAMD is None:
        pytest.skip("no clamd on this machine (Debian: clamav-daemon)")
    place = tmp_path_factory.mktemp("clamd")
    (place / "db").mkdir()
    (place / "db" / "eicar.ndb").write_text(EICAR_SIGNATURE + "\n", encoding="ascii")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    (place / "clamd.conf").write_text(
        f"TCPSocket {port}\nTCPAddr 127.0.0.1\nDatabaseDirectory {place / 'db'}\nForeground yes\n"
        f"TemporaryDirectory {place}\nStreamMaxLength 1M\nAlertExceedsMax yes\nAlertEncrypted yes\n",
        encoding="ascii",
    )
    process = subprocess.Popen(
        ["nice", "-n", "19", CLAMD, "-c", str(place / "clamd.conf")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    address = f"tcp://127.0.0.1:{port}"
    until = time.monotonic() + 60
    while Scanner(address).trouble(NOON) is Trouble.SILENT and time.monotonic() < until:
        time.sleep(0.2)
    yield process, address
    process.send_signal(signal.SIGCONT)
    process.kill()
    process.wait()


def test_a_real_one_finds_what_it_knows(real_clamd: tuple[subprocess.Popen[bytes], str]) -> None:
    scanner = Scanner(real_clamd[1])
    assert scanner.scan([pdf()]) == Scanned(Answer.CLEAN)
    assert scanner.scan([EICAR]).answer is Answer.INFECTED
    hidden = scanner.scan([docx({"word/media/image1.bin": EICAR})])
    assert (hidden.answer, "Eicar" in (hidden.found or "")) == (Answer.INFECTED, True)
    nested = zipped({"inner.zip": zipped({"deeper.zip": zipped({"eicar.com": EICAR})})})
    assert scanner.scan([nested]).answer is Answer.INFECTED


def test_a_real_one_does_not_pass_what_it_cannot_take(real_clamd: tuple[subprocess.Popen[bytes], str]) -> None:
    random = os.urandom(4_000_000)
    assert Scanner(real_clamd[1]).scan([random]).answer is Answer.NOT_SCANNED
    locked = Scanner(real_clamd[1]).scan([pdf(password="secret")])
    assert locked.answer is Answer.NOT_SCANNED


def test_a_real_one_without_dated_signatures_is_not_trusted(real_clamd: tuple[subprocess.Popen[bytes], str]) -> None:
    assert Scanner(real_clamd[1]).trouble(NOON) is Trouble.STALE, "it has one signature, and no date of its list"


def test_a_real_one_that_is_stopped_is_noticed(
    real_clamd: tuple[subprocess.Popen[bytes], str], monkeypatch: pytest.MonkeyPatch
) -> None:
    process, address = real_clamd
    monkeypatch.setattr(core_scanner, "STEP_SECONDS", 1)
    monkeypatch.setattr(core_scanner, "SCAN_SECONDS", 1)
    process.send_signal(signal.SIGSTOP)
    try:
        assert Scanner(address).trouble(NOON) is Trouble.SILENT
        with pytest.raises(ScannerTrouble):
            Scanner(address).scan([pdf()])
    finally:
        process.send_signal(signal.SIGCONT)
    assert Scanner(address).scan([pdf()]) == Scanned(Answer.CLEAN)
