"""Starts `flask` commands as processes of their own, in a fraction of the time: it has imported the portal and forks.

Each child reads its settings from the environment that it is given, as any process of the portal does, and may be
stopped or killed like one. Run as a program, it takes one JSON request a line and answers with one line.
"""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn, Protocol

from ehe_portal.core.settings import ROOT


@dataclass
class Born:
    """A child of the nursery, with as much of `Popen` as is needed."""

    nursery: "Nursery"
    pid: int
    said: Path
    returncode: int | None = None

    def poll(self) -> int | None:
        """The exit code once it has ended; minus the signal's number where it was killed."""
        if self.returncode is None:
            self.returncode = self.nursery.ask({"poll": self.pid})
        return self.returncode

    def output(self) -> str:
        """What it has said so far, on standard output and standard error."""
        return self.said.read_text(encoding="utf-8", errors="replace")


class Running(Protocol):
    """A process that was started."""

    pid: int

    def poll(self) -> int | None: ...
    def output(self) -> str: ...


def wait_for(process: Running, patience: float) -> int:
    """Wait for a process to end; its exit code."""
    end = time.monotonic() + patience
    while (code := process.poll()) is None:
        assert time.monotonic() < end, process.output()[-3000:]
        time.sleep(0.02)
    return code


class Nursery:
    """The parent of such processes; with more environment (a clock that is not the machine's) for itself and them."""

    def __init__(self, also: dict[str, str] | None = None) -> None:
        self.also = also or {}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.nursery"], cwd=ROOT, env=os.environ | self.also,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip

    def ask(self, request: dict[str, Any]) -> Any:
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def start(
        self,
        words: Sequence[str],
        environment: dict[str, str],
        said: Path,
        complained: Path | None = None,
        typed: Path | None = None,
    ) -> Born:
        """A `flask` command as a process; `typed` holds what it reads, `complained` takes its standard error."""
        files = {"said": str(said), "complained": str(complained or said), "typed": str(typed or os.devnull)}
        request = {"words": words, "environment": environment | self.also, **files}
        return Born(self, self.ask(request), said)

    def run(
        self, words: Sequence[str], environment: dict[str, str], typed: str = "", patience: float = 180
    ) -> subprocess.CompletedProcess[str]:
        """A `flask` command to its end, within so many seconds."""
        with tempfile.TemporaryDirectory() as folder:
            said, complained, read = (Path(folder, name) for name in ("said", "complained", "typed"))
            read.write_text(typed, encoding="utf-8")
            code = wait_for(self.start(words, environment, said, complained, read), patience)
            told = [one.read_text(encoding="utf-8", errors="replace") for one in (said, complained)]
            return subprocess.CompletedProcess(["flask", *words], code, *told)

    def close(self) -> None:
        """The nursery ends with its input."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait(20)


def serve() -> None:
    """Take requests until there are no more."""
    import_module("ehe_portal.app")  # so that the children need not
    for line in sys.stdin:
        request = json.loads(line)
        if "poll" in request:
            pid, status = os.waitpid(request["poll"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                be_born(request)
        print(json.dumps(answer), flush=True)


def be_born(request: dict[str, Any]) -> NoReturn:
    """Become the command."""
    from flask.cli import main

    os.setsid()
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.dup2(os.open(request["typed"], os.O_RDONLY), 0)
    for target, file in ((1, request["said"]), (2, request["complained"])):
        os.dup2(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), target)
    os.environ.clear()
    os.environ.update(request["environment"])
    sys.argv = ["flask", *request["words"]]
    code = 1
    try:
        main()
    except SystemExit as ending:
        code = ending.code if isinstance(ending.code, int) else int(ending.code is not None)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


if __name__ == "__main__":
    serve()
