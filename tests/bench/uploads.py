"""A video in parts: against copying it sealed, against bare Flask's `save()`, in memory, beside other pages."""

import base64
import hashlib
import http.client
import os
import statistics
import struct
import threading
import time
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.bench.browsing import ADVISER, Browser, served
from tests.bench.figures import Case, Different, Figure, compare, timed
from tests.bench.pages import a_child, adviser_at
from tests.bench.portals import Ground, Site
from tests.bench.served import FOLDER

MB = 1024 * 1024
LARGE, VERY_LARGE, ROUNDS = 100, 500, 7
FRAME, PIECE = 256 * 1024, 1024 * 1024
PART = 16 * MB  # as the page sends them
CHILDREN = 1200
PHONES, PHONE_SPEED, TURNS = 10, 500_000, 200
VERSION = {"Tus-Resumable": "1.0.0"}


def a_film(folder: Path, megabytes: int) -> Path:
    """A video of exactly so many megabytes, of random bytes; made once."""
    path = folder / f"film-{megabytes}.mp4"
    opening = struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 0, b"isom")
    index = struct.pack(">I4s", 108, b"moov") + bytes(100)
    pictures = megabytes * MB - len(opening) - len(index)
    if not path.exists():
        with path.open("wb") as film:
            film.write(opening + struct.pack(">I4s", pictures, b"mdat"))
            for start in range(8, pictures, MB):
                film.write(os.urandom(min(MB, pictures - start)))
            film.write(index)
    return path


class Sender:
    """The adviser, who adds a film to a child's evidence in parts."""

    def __init__(self, adviser: Browser, child: str) -> None:
        self.browser, self.place = adviser, f"/children/{child}/evidence/uploads"
        page = adviser.get(f"/children/{child}/evidence/key-in").decode()
        token = page.partition('name="csrf_token"')[2].partition('value="')[2].partition('"')[0]
        self.headers = {**VERSION, **adviser.sent_along, "X-CSRFToken": token}

    def ask(
        self, method: str, path: str, expected: int, body: bytes | None = None, **more: str
    ) -> http.client.HTTPMessage:
        headers = {**self.headers, **{name.replace("_", "-"): value for name, value in more.items()}}
        self.browser.connection.request(method, path, body, headers)
        response = self.browser.connection.getresponse()
        said = response.read()
        if response.status != expected:
            raise Different(f"{method} answered {response.status}, not {expected}: {said[:200]!r}")
        return response.headers

    def begin(self, size: int) -> str:
        name = base64.b64encode(b"film.mp4").decode()
        began = self.ask("POST", self.place, 201, Upload_Length=str(size), Upload_Metadata=f"filename {name}")
        return str(began["Location"])

    def part(self, path: str, offset: int, body: bytes) -> None:
        told = {"Content_Type": "application/offset+octet-stream", "Upload_Offset": str(offset)}
        said = self.ask("PATCH", path, 204, body, **told)
        if said["Upload-Offset"] != str(offset + len(body)):
            raise Different("not all of a part was kept")

    def send(self, film: Path) -> str:
        """The whole film; the address at which it is kept."""
        path, offset = self.begin(film.stat().st_size), 0
        with film.open("rb") as content:
            while part := content.read(PART):
                self.part(path, offset, part)
                offset += len(part)
        return path

    def drop(self, path: str) -> None:
        """Make room for the next round."""
        self.ask("DELETE", path, 204)


def sent_and_dropped(sender: Sender, film: Path) -> float:
    """Milliseconds of sending a film, its dropping not among them."""
    kept: list[str] = []
    took = timed(lambda: kept.append(sender.send(film)))
    sender.drop(kept[0])
    return took


def copied_sealed(film: Path, copy: Path) -> float:
    """Milliseconds of reading a film, hashing it, and writing it sealed, frame by frame, onto the disk."""

    def copying() -> None:
        cipher, digest = AESGCM(AESGCM.generate_key(bit_length=256)), hashlib.sha256()
        with film.open("rb") as source, copy.open("wb") as target:
            for number, frame in enumerate(iter(lambda: source.read(FRAME), b"")):
                digest.update(frame)
                target.write(cipher.encrypt(number.to_bytes(12), frame, b""))
            target.flush()
            os.fsync(target.fileno())

    took = timed(copying)
    if copy.stat().st_size < film.stat().st_size:
        raise Different("the copy is not whole")
    copy.unlink()
    return took


def upload_copy(ground: Ground) -> Figure:
    """100 MB in parts, until they are kept, against a sealed copy of the same file."""
    site, film = ground.site(CHILDREN), a_film(ground.folder, LARGE)
    what = (
        f"A video of {LARGE} MB sent in parts of {PART // MB} MB by HTTP to granian with one worker, sealed, looked "
        "into and put in the vault, against reading, hashing and sealing the same file into another in this process"
    )
    with adviser_at(ground, site) as adviser:
        sender = Sender(adviser, a_child(site))
        return compare(
            Case("upload-copy", 4, 6.67, what),
            lambda: sent_and_dropped(sender, film),
            lambda: copied_sealed(film, ground.folder / "copy"),
            ROUNDS,
        )


def multipart(film: Path) -> Iterator[bytes]:
    """The body of a form with one file."""
    yield b'--film\r\nContent-Disposition: form-data; name="file"; filename="film.mp4"\r\n\r\n'
    with film.open("rb") as content:
        yield from iter(lambda: content.read(PIECE), b"")
    yield b"\r\n--film--\r\n"


def upload_save(ground: Ground) -> Figure:
    """100 MB in parts against bare Flask's `save()` of a form with the same file."""
    site, film = ground.site(CHILDREN), a_film(ground.folder, LARGE)
    size = sum(len(piece) for piece in multipart(film))
    headers = {"Content-Type": "multipart/form-data; boundary=film", "Content-Length": str(size)}
    what = (
        f"A video of {LARGE} MB sent in parts of {PART // MB} MB, sealed, looked into and put in the vault, against a "
        "form with the same file and Flask's save(), neither sealed nor looked into; both by granian with one worker"
    )
    with (
        adviser_at(ground, site) as adviser,
        served("bare_save", {FOLDER: str(ground.folder)}) as visitor,
    ):
        sender = Sender(adviser, a_child(site))

        def saving() -> None:
            visitor.connection.request("POST", "/", multipart(film), headers)
            if visitor.answer(200, "/") != str(film.stat().st_size).encode():
                raise Different("not all was saved")

        return compare(
            Case("upload-save", 1.11, 1.67, what),
            lambda: sent_and_dropped(sender, film),
            lambda: timed(saving),
            ROUNDS,
        )


def upload_memory(ground: Ground) -> Figure:
    """What one upload of 500 MB adds to the web server's memory, at its highest."""
    site, film = ground.site(CHILDREN), a_film(ground.folder, VERY_LARGE)
    with adviser_at(ground, site) as adviser:
        sender = Sender(adviser, a_child(site))
        sender.drop(sender.send(a_film(ground.folder, 1)))  # what is loaded once is no part of it
        workers = descendants(adviser.server)
        before = sum(resident(worker, "VmRSS") for worker in workers)
        for worker in workers:
            Path(f"/proc/{worker}/clear_refs").write_text("5", encoding="ascii")  # the highest is counted anew
        sender.drop(sender.send(film))
        added = (sum(resident(worker, "VmHWM") for worker in workers) - before) / 1024
    most = 32.0
    return Figure(
        name="upload-memory",
        ours=round(added, 1),
        baseline=most,
        unit="MiB",
        ratio=round(added / most, 3),
        better="lower",
        goal=1,
        floor=1,
        what=f"Memory that one upload of {VERY_LARGE} MB adds at its highest to granian with one worker, against "
        f"{most:g} MiB; the process that looks into the file, which ends with it, is not counted",
    )


def descendants(pid: int) -> list[int]:
    """A process and all that it has started."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()
    return [pid, *(one for child in children for one in descendants(int(child)))]


def resident(pid: int, what: str) -> int:
    """Kibibytes of a process's memory: now (`VmRSS`) or at its highest (`VmHWM`)."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    return next(int(line.split()[1]) for line in status if line.startswith(f"{what}:"))


def upload_phones(ground: Ground) -> Figure:
    """A page's slowest twentieth while ten phones send, against the same while nobody does."""
    site = ground.site(CHILDREN)
    path = f"/children/{a_child(site)}"
    with adviser_at(ground, site) as adviser:
        adviser.get(path)
        idle = slowest_twentieth(adviser, path)
        stop = threading.Event()
        phones = [threading.Thread(target=a_phone, args=(adviser.port, site, stop)) for _ in range(PHONES)]
        for phone in phones:
            phone.start()
        time.sleep(3)
        busy = slowest_twentieth(adviser, path)
        sending = sum(phone.is_alive() for phone in phones)
        stop.set()
        for phone in phones:
            phone.join()
    if sending < PHONES:
        raise Different(f"only {sending} of {PHONES} phones were sending")
    return Figure(
        name="upload-phones",
        ours=round(busy, 3),
        baseline=round(idle, 3),
        unit="ms",
        ratio=round(busy / idle, 3),
        better="lower",
        goal=2,
        floor=2,
        what=f"The 95th of 100 answers ({TURNS} requests) of a child's page from granian with one worker while "
        f"{PHONES} phones send {PHONE_SPEED // 1000} kB a second each, against the same while nobody sends",
    )


def slowest_twentieth(browser: Browser, path: str) -> float:
    """Milliseconds within which 95 of 100 requests are answered."""
    return statistics.quantiles([timed(lambda: browser.get(path)) for _ in range(TURNS)], n=20)[-1]


def a_phone(port: int, site: Site, stop: threading.Event) -> None:
    """Sends a film slowly, in one part, until it is to stop."""
    browser = Browser(port)
    browser.sign_in(ADVISER)
    sender = Sender(browser, a_child(site))
    size = 200 * MB
    path = sender.begin(size)
    connection = browser.connection
    connection.putrequest("PATCH", path)
    told = {"Content-Type": "application/offset+octet-stream", "Upload-Offset": "0", "Content-Length": str(size)}
    for name, value in {**sender.headers, **told}.items():
        connection.putheader(name, value)
    connection.endheaders()
    step = PHONE_SPEED // 10
    for _ in range(size // step):
        if stop.wait(0.1):
            break
        connection.send(bytes(step))
    connection.close()
