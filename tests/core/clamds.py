"""A stand-in for clamd that speaks its protocol and can be told to fail in each of the ways that clamd fails."""

import io
import socket
import struct
import threading
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta

# As published by EICAR, put together here so that no scanner takes this file for it.
EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def holds(content: bytes) -> bool:
    """Whether the test virus is in a content, or in a member of an archive."""
    if EICAR in content:
        return True
    with suppress(zipfile.BadZipFile), zipfile.ZipFile(io.BytesIO(content)) as archive:
        return any(EICAR in archive.read(name) for name in archive.namelist())
    return False


class StandIn:
    """Listens on a port of this machine. `mode` is how it behaves; `seen` is each file that it was given, in order."""

    def __init__(self, now: datetime) -> None:
        self.mode = "well"
        self.seen: list[bytes] = []
        self.most = 100_000_000
        self.signatures = now - timedelta(days=1)
        self.thawed = threading.Event()
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        threading.Thread(target=self.serve, daemon=True).start()

    @property
    def address(self) -> str:
        return f"tcp://127.0.0.1:{self.port}"

    def serve(self) -> None:
        with suppress(OSError):
            while True:
                line, _ = self.listening.accept()
                threading.Thread(target=self.talk, args=(line,), daemon=True).start()

    def talk(self, line: socket.socket) -> None:
        with line, suppress(OSError, struct.error):
            if self.mode == "hung":
                self.thawed.wait()
                return
            asked = b""
            while not asked.endswith(b"\0"):
                asked += line.recv(1)
            if asked == b"zVERSION\0":
                made = self.signatures - timedelta(days=30 if self.mode == "stale" else 0)
                line.sendall(f"ClamAV 1.4.6/27823/{made:%a %b %d %H:%M:%S %Y}\0".encode())
            else:
                line.sendall(self.answer(line).encode() + b"\0")

    def answer(self, line: socket.socket) -> str:
        content = b""
        while length := struct.unpack(">I", line.recv(4, socket.MSG_WAITALL))[0]:
            content += line.recv(length, socket.MSG_WAITALL)
            if len(content) > self.most:
                return "INSTREAM size limit exceeded. ERROR"
        self.seen.append(content)
        if self.mode == "hangs-up":
            raise OSError
        if self.mode == "error":
            return "INSTREAM: Can't write to temporary file. ERROR"
        if self.mode == "limits":
            return "stream: Heuristics.Limits.Exceeded.MaxFiles FOUND"
        return "stream: Eicar-Test-Signature FOUND" if holds(content) else "stream: OK"

    def close(self) -> None:
        self.thawed.set()
        self.listening.close()


@contextmanager
def stand_in(now: datetime) -> Iterator[StandIn]:
    one = StandIn(now)
    try:
        yield one
    finally:
        one.close()
