"""The tools that inject faults, and small disks. Where one is missing the test says which, and is skipped or fails.

`.ci/run` installs them and sets `FAULT_TOOLS=required`, so that nothing is skipped there for want of a tool.
"""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn

import pytest

REQUIRED = os.environ.get("FAULT_TOOLS") == "required"


def missing(tool: str, package: str) -> NoReturn:
    """Say plainly what is not here."""
    said = f"{tool} is not installed (Debian package {package})"
    if REQUIRED:
        pytest.fail(said)
    pytest.skip(said)


def strace(calls: str, fault: str, *, errors: Path) -> list[str]:
    """What goes before a command so that these system calls go wrong. `fault`: as after strace's `:`."""
    program = shutil.which("strace") or missing("strace", "strace")
    # Without `-e trace=` naming the calls nothing is injected.
    return [program, "-f", "-qq", "-o", str(errors), "-e", f"trace={calls}", "-e", f"inject={calls}:{fault}"]


def faked_clock(says: str | Path) -> dict[str, str]:
    """Environment of a process whose clock says so: `@2026-12-23 05:01:00`, `+2h`, or what a file says at each look."""
    (library, *_) = [*Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")] or [missing("faketime", "faketime")]
    told = {"FAKETIME_TIMESTAMP_FILE": str(says)} if isinstance(says, Path) else {"FAKETIME": says}
    return told | {
        "LD_PRELOAD": str(library),
        "FAKETIME_NO_CACHE": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # a clock that is set leaves timeouts alone
        "TZ": "UTC",
    }


@contextlib.contextmanager
def small_disk(folder: Path, megabytes: int, owner: str | None = None) -> Iterator[Path]:
    """A file system of so many megabytes under `folder`; a skip where mounting is not permitted."""
    folder.mkdir(parents=True)
    mount = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "tmpfs", str(folder)]
    done = subprocess.run(mount, check=False, capture_output=True, text=True)
    if done.returncode:
        pytest.skip(f"mounting a small disk is not permitted here: {done.stderr.strip()}")
    try:
        if owner is not None:
            shutil.chown(folder, owner)
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)
