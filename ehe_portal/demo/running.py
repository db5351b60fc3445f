"""Runs the demonstration: web server, jobs and mail server together, all of them or none."""

import fcntl
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from types import FrameType
from typing import IO, Final

from ehe_portal.core.errors import Refusal
from ehe_portal.demo.mailserver import Keeper, mail_server
from ehe_portal.demo.notifyserver import EMAIL_TEMPLATE, KEY, TEXT_TEMPLATE, Store, as_mail, notify_server

HOST: Final = "127.0.0.1"
LOOKS_EVERY_SECONDS: Final = 0.2
READY_SECONDS: Final = 60
STOP_SECONDS: Final = 15
POSTED_AFTER: Final = timedelta(minutes=1)
"""How soon the demonstration's GOV.UK Notify posts a letter."""

NOT_OURS: Final = ("MAIL_", "NOTIFY_", "GRANIAN_", "FLASK_")
"""Settings of the surroundings that are not for the demonstration's processes."""


class Died(Exception):
    """One of the processes ended by itself; `words` are for the person at the terminal."""

    def __init__(self, words: str) -> None:
        super().__init__(words)
        self.words = words


@dataclass(frozen=True)
class Process:
    """One of the processes, with a name for people. It leads a process group of its own."""

    name: str
    running: subprocess.Popen[bytes]


@contextmanager
def only_one(folder: Path, address: str) -> Iterator[None]:
    """Hold the demonstration's folder. Raises `Refusal` where another demonstration does."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "running").open("a+", encoding="ascii") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Refusal(running_already(held)) from None
        held.truncate(0)
        held.write(address)
        held.flush()
        try:
            yield
        finally:
            held.truncate(0)


def running_already(held: IO[str]) -> str:
    """What is said where the folder is held."""
    held.seek(0)
    where = held.read()
    at = f" at {where}" if where else ""
    return (
        f"The demonstration of this checkout is running already{at}. Stop it first, with Ctrl-C where it was started."
    )


def refuse_taken(port: int) -> None:
    """Raises `Refusal` where something else listens on the port, or nobody may."""
    with socket.socket() as trying:
        trying.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trying.bind((HOST, port))
        except OSError as problem:
            raise Refusal(
                f"Port {port} of this machine cannot be used ({problem.strerror}). "
                f"Choose another, for example: make demo PORT={port + 1 if port < 65535 else 5001}"
            ) from None


def run(root: Path, var: Path, port: int, announce: Callable[[], None]) -> None:
    """Run everything, a mail server and a GOV.UK Notify of its own among it, until somebody asks for the end (Ctrl-C,
    TERM). Raises `Died` where a process ends by itself.

    `root` is the checkout, `var` the demonstration's folder. `announce` is called once the portal answers.
    """
    asked_to_stop: list[int] = []

    def ask(number: int, _frame: FrameType | None) -> None:
        asked_to_stop.append(number)

    signals = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    before = [signal.signal(number, ask) for number in signals]
    started: list[Process] = []
    try:
        keeper = Keeper(var / "mailbox")
        store = Store(keep=lambda taken: keeper.keep(as_mail(taken)), posted_after=POSTED_AFTER)
        with mail_server(keeper) as mail_port, notify_server(store) as notify_url, leash() as pipe:
            environment = surroundings(port, mail_port, notify_url)
            for name, command in commands(port).items():
                started.append(start(name, command, root, environment, pipe))
            watch(started, lambda: bool(asked_to_stop), port, announce)
            stop(started)
    finally:
        kill(started)
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)


def commands(port: int) -> dict[str, list[str]]:
    """What is run beside the mail server."""
    return {
        "web server": [
            "granian", "--interface", "wsgi", "--host", HOST, "--port", str(port), "--no-ws", "--log-level", "warning",
            "--workers", "1", "--blocking-threads", "4", "--backpressure", "16", "--workers-kill-timeout", "10s",
            "wsgi:app",
        ],
        "jobs process": ["flask", "jobs", "serve"],
    }  # fmt: skip


def surroundings(port: int, mail_port: int, notify_url: str) -> dict[str, str]:
    """The environment of the processes: this one's, with the demonstration's own settings."""
    passed_on = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return passed_on | {
        "DEMO": "on",
        "PORTAL_URL": f"http://{HOST}:{port}",
        "MAIL_SERVER": HOST,
        "MAIL_PORT": str(mail_port),
        "NOTIFY_KEY": KEY,
        "NOTIFY_URL": notify_url,
        "NOTIFY_EMAIL_TEMPLATE": EMAIL_TEMPLATE,
        "NOTIFY_TEXT_TEMPLATE": TEXT_TEMPLATE,
        "PYTHONUNBUFFERED": "1",
    }


@contextmanager
def leash() -> Iterator[int]:
    """A pipe that ends with this process, however it ends; gives the reading end."""
    reading, writing = os.pipe()
    try:
        yield reading
    finally:
        os.close(reading)
        os.close(writing)


def start(name: str, command: list[str], root: Path, environment: dict[str, str], pipe: int) -> Process:
    """Start one process on the leash. What it says goes to standard error: standard output is for the announcement."""
    running = subprocess.Popen(
        [sys.executable, "-m", "ehe_portal.demo.leash", str(pipe), *command],
        cwd=root,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr.fileno(),
        pass_fds=(pipe,),
        process_group=0,
    )
    return Process(name, running)


def watch(started: list[Process], stopping: Callable[[], bool], port: int, announce: Callable[[], None]) -> None:
    """Look after the processes until the end is asked for. Raises `Died`."""
    announced = False
    patience = time.monotonic() + READY_SECONDS
    while not stopping():
        for process in started:
            code = process.running.poll()
            if code is not None:
                raise Died(f"The {process.name} {ending(code)}, so everything was stopped. Its messages are above.")
        if not announced and answers(port):
            announced = True
            announce()
        if not announced and time.monotonic() > patience:
            raise Died(f"The web server did not answer within {READY_SECONDS} seconds, so everything was stopped.")
        time.sleep(LOOKS_EVERY_SECONDS)


def ending(code: int) -> str:
    """How a process ended."""
    return f"was ended by signal {-code}" if code < 0 else f"ended by itself with code {code}"


def answers(port: int) -> bool:
    """Whether the portal answers; what it says of its own health is not asked here."""
    try:
        with urllib.request.urlopen(f"http://{HOST}:{port}/sign-in", timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False


def stop(started: list[Process]) -> None:
    """Ask all processes to end, and wait until they have."""
    for process in started:
        signal_group(process, signal.SIGTERM)
    until = time.monotonic() + STOP_SECONDS
    for process in started:
        try:
            process.running.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            signal_group(process, signal.SIGKILL)


def kill(started: list[Process]) -> None:
    """Leave nothing behind: ask first, then end whatever is left of each process group."""
    if any(process.running.poll() is None for process in started):
        stop(started)
    for process in started:
        signal_group(process, signal.SIGKILL)
        process.running.wait()


def signal_group(process: Process, number: signal.Signals) -> None:
    """Send a signal to a process and to those that it started."""
    try:
        os.killpg(process.running.pid, number)
    except ProcessLookupError:
        return
