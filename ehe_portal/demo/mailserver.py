"""A small mail server on this machine, which delivers nothing: it keeps every message as a file, as it came."""

import asyncio
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Final

from aiosmtpd.smtp import SMTP, Envelope, Session

from ehe_portal.demo.mailbox import file_of, last_number

HOST: Final = "127.0.0.1"
READY_SECONDS: Final = 10


class Keeper:
    """Keeps messages in a folder, numbered in the order in which they came."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self.folder = folder
        self.lock = threading.Lock()
        self.number = last_number(folder)

    def keep(self, content: bytes) -> None:
        """Keep one message, whole or not at all."""
        with self.lock:
            self.number += 1
            arriving = self.folder / "arriving"
            with arriving.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            arriving.rename(file_of(self.folder, self.number))

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:
        """Keep one message, with a line on top that says for whom it came."""
        content = envelope.content or b""
        if isinstance(content, str):
            content = content.encode("utf-8", "surrogateescape")
        head = "".join(f"X-Envelope-To: {recipient}\r\n" for recipient in envelope.rcpt_tos)
        self.keep(head.encode("utf-8", "replace") + content)
        return "250 OK"


@contextmanager
def mail_server(keeper: Keeper) -> Iterator[int]:
    """Run the server, in a thread of its own, on a free port of this machine; gives the port."""
    with socket.socket() as listening:
        listening.bind((HOST, 0))
        loop = asyncio.new_event_loop()
        ready = threading.Event()
        thread = threading.Thread(target=serve, args=(loop, listening, keeper, ready), daemon=True)
        thread.start()
        try:
            if not ready.wait(READY_SECONDS):
                raise TimeoutError("the mail server did not start")
            yield listening.getsockname()[1]
        finally:
            loop.call_soon_threadsafe(loop.stop)
            thread.join(READY_SECONDS)


def serve(loop: asyncio.AbstractEventLoop, listening: socket.socket, keeper: Keeper, ready: threading.Event) -> None:
    """Take messages until the loop is stopped."""
    protocol = partial(SMTP, keeper, hostname="localhost", ident="The demonstration's mailbox", loop=loop)
    server = loop.run_until_complete(loop.create_server(protocol, sock=listening))
    ready.set()
    loop.run_forever()
    server.close()
    loop.run_until_complete(loop.shutdown_asyncgens())
    loop.close()
