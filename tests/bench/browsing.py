"""Web servers on this machine for as long as they are needed, and a browser that keeps its connection and cookies."""

import contextlib
import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.cookies import SimpleCookie
from urllib.parse import urlencode

from ehe_portal.core.settings import ROOT
from tests.bench.figures import Different
from tests.bench.portals import PASSWORD
from tests.journeys.running import free_port
from tests.pages import form_of

START_SECONDS = 60
ADVISER, MANAGER = "adviser@wessex.example", "manager@wessex.example"


class Browser:
    """One visitor of one server, which listens on `port` and whose process is `server`."""

    def __init__(self, port: int, server: int = 0) -> None:
        self.port, self.server = port, server
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self.cookies: dict[str, str] = {}

    def get(self, path: str) -> bytes:
        """A page; `Different` if there is none."""
        return self.read(self.opened(path), 200, path)

    def opened(self, path: str) -> http.client.HTTPResponse:
        """An answer that is not read yet. A connection that was closed while nobody used it is made anew."""
        try:
            self.connection.request("GET", path, headers=self.sent_along)
            return self.connection.getresponse()
        except (ConnectionResetError, BrokenPipeError):
            self.connection.close()
            self.connection.request("GET", path, headers=self.sent_along)
            return self.connection.getresponse()

    def post(self, path: str, fields: dict[str, str]) -> None:
        """Press a button that leads somewhere else; `Different` if it does not."""
        headers = {**self.sent_along, "Content-Type": "application/x-www-form-urlencoded"}
        self.connection.request("POST", path, urlencode(fields, doseq=True), headers)
        self.answer(302, path)

    @property
    def sent_along(self) -> dict[str, str]:
        """The headers of every request."""
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self.cookies.items())}

    def answer(self, expected: int, path: str) -> bytes:
        """The body of the answer to what was asked last."""
        return self.read(self.connection.getresponse(), expected, path)

    def read(self, response: http.client.HTTPResponse, expected: int, path: str) -> bytes:
        """An answer's body to its end, so that the connection can be used again, and its cookies."""
        body = response.read()
        for header in response.headers.get_all("Set-Cookie", []):
            self.cookies.update({name: morsel.value for name, morsel in SimpleCookie(header).items()})
        if response.status != expected:
            raise Different(f"{path} answered {response.status}, not {expected}")
        return body

    def sign_in(self, email: str) -> None:
        """Sign in through the form."""
        _, fields = form_of(self.get("/sign-in").decode())
        self.post("/sign-in", {**fields, "email": email, "password": PASSWORD})


@contextlib.contextmanager
def served(target: str, environment: dict[str, str]) -> Iterator[Browser]:
    """A granian with one worker and the options of `make serve`, and a visitor to it."""
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--factory", f"tests.bench.served:{target}"]
    command += ["--host", "127.0.0.1", "--port", str(port), "--workers", "1", "--no-ws", "--no-access-log"]
    process = subprocess.Popen(
        [*command, "--log-level", "error"], cwd=ROOT, env={**os.environ, **environment}, stdin=subprocess.DEVNULL
    )
    try:
        await_answer(process, port)
        yield Browser(port, process.pid)
    finally:
        process.terminate()
        try:
            process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def await_answer(process: "subprocess.Popen[bytes]", port: int) -> None:
    """Wait until something listens."""
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise Different("the web server did not start")
