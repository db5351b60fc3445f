"""`flask demo run` as a council's visitor meets it: real processes, started, stopped, killed."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ehe_portal.core.settings import ROOT
from ehe_portal.demo import mailbox
from tests.journeys.running import free_port, until

CHILDREN = "50"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the checkout, with a folder `var` of its own."""
    copy = tmp_path_factory.mktemp("checkout")
    for name in ("ehe_portal", "templates", "migrations"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("config.py", "wsgi.py"):
        shutil.copy(ROOT / name, copy / name)
    (copy / "static").symlink_to(ROOT / "static")
    made = command_of_its_own(copy, "reset")
    assert made.returncode == 0, made.stderr
    assert f"Making up {CHILDREN} children" in made.stderr
    return copy


def command(checkout: Path, port: int) -> subprocess.Popen[str]:
    """`flask demo run` as make starts it, in a process group of its own, with settings about that are not its own."""
    inherited = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG", "TZ")}
    with (checkout / "said").open("w") as said, (checkout / "complained").open("w") as complained:
        return subprocess.Popen(
            [sys.executable, "-m", "flask", "demo", "run", "--children", CHILDREN],
            cwd=checkout,
            env={**inherited, "DEMO": "on", "PORT": str(port), "MAIL_USE_TLS": "on", "MAIL_SERVER": "mail.invalid"},
            stdout=said,
            stderr=complained,
            text=True,
            process_group=0,
        )


def command_of_its_own(checkout: Path, deed: str = "run", port: int | None = None) -> subprocess.CompletedProcess[str]:
    """`flask demo ...` where it ends by itself."""
    return subprocess.run(
        [sys.executable, "-m", "flask", "demo", deed, "--children", CHILDREN],
        cwd=checkout,
        env={"PATH": os.environ["PATH"], "DEMO": "on", "PORT": str(port or free_port())},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


@dataclass
class Running:
    """A demonstration that answers."""

    checkout: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def said(self) -> str:
        return (self.checkout / "said").read_text()

    @property
    def complained(self) -> str:
        return (self.checkout / "complained").read_text()

    def get(self, path: str) -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=20) as answer:
            return str(answer.read().decode())

    def others(self) -> dict[int, str]:
        """The processes that the demonstration started, by number, with their command lines."""
        found = {}
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if (folder / "cwd").readlink() == self.checkout:
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        found.pop(self.process.pid, None)
        return found


@contextmanager
def started(checkout: Path) -> Iterator[Running]:
    """Start the demonstration and wait until it says that it runs; nothing of it is left behind."""
    port = free_port()
    running = Running(checkout, port, command(checkout, port))
    try:
        until(lambda: "Ctrl-C" in running.said or running.process.poll() is not None, "the announcement")
        assert running.process.poll() is None, running.complained
        yield running
    finally:
        running.process.kill()
        running.process.wait()
        until(lambda: not running.others(), "the other processes to end")


def test_it_runs_sends_mail_refuses_a_second_and_stops_cleanly(checkout: Path) -> None:
    with started(checkout) as running:
        assert f"http://127.0.0.1:{running.port}/demo/accounts" in running.said
        assert "priya.nair@aldermere.example" in running.said
        assert "orchard kettle lantern" in running.said
        assert "Sign in as Priya Nair" in running.get("/demo/accounts")
        folder = checkout / "var" / "demo" / "mailbox"
        until(lambda: mailbox.numbers(folder), "the first messages")
        shown, _ = mailbox.listed(folder, None)
        links = [words for one in shown for words, is_link in one.parts if is_link]
        assert any(link.startswith(f"http://127.0.0.1:{running.port}/") for link in links)
        second = command_of_its_own(checkout)
        assert second.returncode == 2
        assert f"running already at http://127.0.0.1:{running.port}" in second.stderr
        running.process.send_signal(signal.SIGTERM)
        assert running.process.wait(30) == 0
        assert running.others() == {}
        assert "has stopped" in running.complained


def test_ctrl_c_stops_it_and_starting_again_keeps_everything(checkout: Path) -> None:
    with started(checkout) as running:
        assert "Making up" not in running.complained
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(30) == 0
        assert running.others() == {}


def test_the_others_end_when_it_is_killed(checkout: Path) -> None:
    with started(checkout) as running:
        assert len(running.others()) >= 2
        running.process.kill()
        until(lambda: not running.others(), "the web server and the jobs process to end", 30)


@pytest.mark.parametrize("who", ["jobs", "granian"])
def test_all_stop_when_one_of_them_dies(checkout: Path, who: str) -> None:
    with started(checkout) as running:
        os.kill(next(number for number, line in running.others().items() if f" {who} " in line), signal.SIGKILL)
        assert running.process.wait(30) == 1
        assert "was ended by signal 9, so everything was stopped" in running.complained
        assert running.others() == {}


def test_a_port_in_use_is_said_before_anything_is_made(checkout: Path, tmp_path: Path) -> None:
    shutil.copytree(checkout, tmp_path / "fresh", symlinks=True, ignore=shutil.ignore_patterns("var"))
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        refused = command_of_its_own(tmp_path / "fresh", port=port)
    assert refused.returncode == 2
    assert f"Port {port} of this machine cannot be used" in refused.stderr
    assert refused.stdout == ""
    assert not (tmp_path / "fresh" / "var" / "demo" / "portal.db").exists()


def test_reset_begins_anew(checkout: Path) -> None:
    folder = checkout / "var" / "demo"
    (folder / "mailbox").mkdir(parents=True, exist_ok=True)
    mailbox.file_of(folder / "mailbox", 999_999).write_bytes(b"Subject: Old\r\n\r\n")
    anew = command_of_its_own(checkout, "reset")
    assert anew.returncode == 0, anew.stderr
    assert f"Making up {CHILDREN} children" in anew.stderr
    assert not (folder / "mailbox").exists()
    assert (folder / "portal.db").exists()
