"""A mail server with moods: it takes mail as it should, or fails in one of the ways that mail servers fail."""

import email
import email.policy
import socketserver
import threading
from collections.abc import Callable
from email.message import EmailMessage
from enum import StrEnum


class Mood(StrEnum):
    """How the server behaves towards one message."""

    KIND = "kind"
    REFUSES = "refuses"  # the recipient is unknown
    LATER = "later"  # come back later
    BUSY = "busy"  # not even a greeting
    HANGS = "hangs"  # no greeting, and no end
    HANGS_LATE = "hangs late"  # takes the message and says nothing
    DIES_BEFORE_250 = "dies before 250"
    DIES_AFTER_250 = "dies after 250"


class Talk(socketserver.StreamRequestHandler):
    """One connection."""

    server: "MailServer"

    def say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        self.server.connections += 1
        mood = self.server.mood("")
        if mood is Mood.HANGS:
            self.server.released.wait(30)
            return
        if mood is Mood.BUSY:
            self.say("421 too busy")
            return
        self.say("220 ready")
        self.recipient = ""
        while True:
            line = self.rfile.readline().decode().strip()
            if not line or not self.answer(line):
                return

    def answer(self, line: str) -> bool:
        """Answer one command; whether to go on."""
        command = line.partition(" ")[0].upper()
        if command == "RCPT":
            self.recipient = line.partition("<")[2].partition(">")[0]
            refusal = {Mood.REFUSES: f"550 no such person as {self.recipient}", Mood.LATER: "451 later"}
            self.say(refusal.get(self.server.mood(self.recipient), "250 go on"))
            return True
        if command == "DATA":
            return self.take()
        self.say("221 bye" if command == "QUIT" else "250 ok")
        return command != "QUIT"

    def take(self) -> bool:
        """Take a message, or seem to."""
        self.say("354 go on")
        lines = []
        while (line := self.rfile.readline()) not in (b".\r\n", b""):
            lines.append(line[1:] if line.startswith(b".") else line)
        mood = self.server.mood(self.recipient)
        if mood is not Mood.DIES_BEFORE_250 or self.server.keeps_what_it_dies_on:
            letter = email.message_from_bytes(b"".join(lines), policy=email.policy.default)
            assert isinstance(letter, EmailMessage)
            self.server.letters.append(letter)
        if mood is Mood.HANGS_LATE:
            self.server.released.wait(30)
        if mood in (Mood.HANGS_LATE, Mood.DIES_BEFORE_250):
            return False
        self.say("250 taken")
        return mood is not Mood.DIES_AFTER_250


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on a port of its own. `letters` is what it took; `mood` says how to treat whom."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Talk)
        self.letters: list[EmailMessage] = []
        self.mood: Callable[[str], Mood] = lambda _: Mood.KIND
        self.keeps_what_it_dies_on = False
        self.connections = 0
        self.released = threading.Event()

    @property
    def port(self) -> int:
        return int(self.server_address[1])

    def behaves(self, mood: Mood) -> None:
        """The same towards everyone."""
        self.mood = lambda _: mood
