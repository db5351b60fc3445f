"""Starts the child process that looks into a file, feeds it, and lives on whatever becomes of it."""

import json
import logging
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import chain
from pathlib import Path
from typing import Protocol

from ehe_portal.core.files import videos
from ehe_portal.core.files.formats import FORMATS, LARGEST_FILE, LARGEST_PICTURE, Format, Problem

log = logging.getLogger(__name__)

CHECKOUT = Path(__file__).resolve().parents[3]
PIECE = 256 * 1024
MOST_ANSWER = 64 * 1024 * 1024
AT_ONCE = threading.BoundedSemaphore(2)


@dataclass(frozen=True)
class Limits:
    """What one look into a file may cost: bytes, pixels, bytes of address space, seconds of processor and of waiting.

    `longest_side`, in pixels, is of a picture made for viewing.
    """

    file: int = LARGEST_FILE
    pixels: int = LARGEST_PICTURE
    longest_side: int = 2000
    memory: int = 1280 * 1024 * 1024
    processor: int = 20
    waiting: float = 40.0


@dataclass(frozen=True)
class Answer:
    """What the child found: the format, or why not, and a picture if one was asked for."""

    form: Format | None
    problem: Problem | None
    width: int | None = None
    height: int | None = None
    pages: int | None = None
    made: bytes = b""


class Readable(Protocol):
    """A stream, such as an upload."""

    def read(self, size: int, /) -> bytes: ...


Content = Path | Readable | Iterable[bytes]


def pieces(content: Content) -> Iterator[bytes]:
    """The content bit by bit, from a path, a stream (from where it stands) or an iterable of bytes."""
    if isinstance(content, Path):
        with content.open("rb") as file:
            yield from iter(lambda: file.read(PIECE), b"")
    elif isinstance(content, Iterable) and not hasattr(content, "read"):
        yield from content
    else:
        yield from iter(lambda: content.read(PIECE), b"")


def ask(task: str, content: Content, limits: Limits, page: int = 1) -> Answer:
    """Have a child do `task` with the content; `page` is the one to be drawn."""
    coming = (piece for piece in pieces(content) if piece)
    first = b""
    while len(first) < videos.OPENING and (piece := next(coming, b"")):
        first += piece
    if not first:
        return Answer(None, Problem.EMPTY)
    if task == "inspect" and (form := videos.form_of(first)):
        return of_video(form, chain([first], coming), limits.file)
    with AT_ONCE, start(task, {**asdict(limits), "page": page}) as child:
        overdue = threading.Timer(limits.waiting, end, [child])
        overdue.start()
        try:
            if feed(child, chain([first], coming), limits.file):
                said = b"" if child.stdout is None else child.stdout.read(MOST_ANSWER)
                return understood(said, child.wait())
            return Answer(None, Problem.TOO_LARGE)
        finally:
            overdue.cancel()
            end(child)


def of_video(form: str, content: Iterable[bytes], most: int) -> Answer:
    """What a video is. It may be larger than all the memory that a child has, and nothing in it is unpacked."""
    come = videos.Coming(content)
    problem = videos.look_at(come)
    return Answer(FORMATS[form], Problem.TOO_LARGE if come.passed > most else problem)


def start(task: str, wanted: dict[str, float]) -> subprocess.Popen[bytes]:
    """A child that knows none of the portal's secrets: it gets an environment of its own."""
    return subprocess.Popen(
        [sys.executable, "-E", "-s", "-m", "ehe_portal.core.files.child", task, json.dumps(wanted)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        cwd=CHECKOUT,
        process_group=0,
        # Each thread takes address space of its own, of which there is a limit.
        env={"PATH": os.defpath, "LANG": "C.UTF-8", "RAYON_NUM_THREADS": "1", "MALLOC_ARENA_MAX": "1"},
    )


def end(child: subprocess.Popen[bytes]) -> None:
    """End a child that has not ended, and what it has started."""
    if child.poll() is None:
        with suppress(ProcessLookupError):
            os.killpg(child.pid, signal.SIGKILL)


def feed(child: subprocess.Popen[bytes], content: Iterable[bytes], most: int) -> bool:
    """Give the child the content; False if there is more than `most` bytes of it."""
    if child.stdin is None:
        return True
    fed = 0
    # A child that died says so by how it ended, not by its broken pipe.
    with suppress(BrokenPipeError), child.stdin as pipe:
        for piece in content:
            fed += len(piece)
            if fed > most:
                return False
            pipe.write(piece)
    return True


def understood(said: bytes, status: int) -> Answer:
    """What the child said, or what its end says."""
    if status:
        log.warning("looking into a file ended with status %s", status)
        return Answer(None, Problem.UNPACKS_TOO_LARGE if status < 0 else Problem.DAMAGED)
    line, _, made = said.partition(b"\n")
    answer = json.loads(line)
    problem = answer.get("problem")
    return Answer(
        form=FORMATS.get(answer.get("form", "")),
        problem=None if problem is None else Problem[problem],
        width=answer.get("width"),
        height=answer.get("height"),
        pages=answer.get("pages"),
        made=made,
    )
