"""Row 11, and row 10 on PostgreSQL: connections ended under load, the server restarted, crashed, unable to sync."""

import signal
import subprocess
import time
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from ehe_portal.app import create_app
from ehe_portal.core import db
from tests import postgres
from tests.conftest import settings_for
from tests.faults.conftest import FEW, MANY, Open, prepare_silent
from tests.faults.stage import SWEEP, Council
from tests.faults.tools import strace
from tests.journeys.running import until
from tests.pages import LintingClient

END_ALL = """
SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid()
"""


def test_row_11_connections_ended_under_load(new_council: Open, on_sqlite: bool) -> None:
    if on_sqlite:
        pytest.skip("SQLite has no server that could end a connection")
    council = new_council(MANY)
    council.serve()
    ended = 0
    until(lambda: council.raised() > 0, "the first batch")
    for _ in range(12):
        ended += int(str(council.ask(END_ALL)[0][0]))
        time.sleep(0.2)
    assert ended > 0
    council.waits_for_the_sweep(120)
    council.all_raised_once(MANY)
    council.tally.add("connections ended", ended)


def on_own_server(server: postgres.OwnServer, open_council: Open, folder: Path, silent: int) -> Council:
    database = postgres.create_database(server.url, "portal")
    return open_council(prepare_silent(database, folder, silent))


def web_over(council: Council, folder: Path) -> Flask:
    app = create_app(settings_for(council.database, folder))
    app.test_client_class = LintingClient
    return app


def test_row_11_the_server_goes_and_comes_back(
    own_server: postgres.OwnServer, open_council: Open, tmp_path: Path
) -> None:
    """A request fails once, in words; five seconds later pages are served; the sweep goes on where it was."""
    council = on_own_server(own_server, open_council, tmp_path, MANY)
    app = web_over(council, tmp_path)
    council.serve()
    for how in (signal.SIGINT, signal.SIGQUIT):  # restarted by an operator; crashed
        before = council.raised()
        assert app.test_client().get("/account/new").status_code == 200
        until(partial(goes_on, council, before), "a batch")
        own_server.stop(how)
        assert app.test_client().get("/account/new").status_code == 503
        code, said = council.watch()
        assert code == 1, "it cannot look"
        assert said.startswith("The database does not answer")
        own_server.start()
        until(partial(opens, app), "the pages to come back", 5)
        council.tally.add("servers restarted")
    council.waits_for_the_sweep(120)
    council.all_raised_once(MANY)
    with app.app_context():
        db.db.engine.dispose()
    council.end()


def goes_on(council: Council, before: int) -> bool:
    return council.raised() > before or council.is_swept()


def opens(app: Flask) -> bool:
    return app.test_client().get("/account/new").status_code == 200


def test_row_10_the_server_cannot_sync(own_server: postgres.OwnServer, open_council: Open, tmp_path: Path) -> None:
    """It gives up rather than say that something was kept; when its disk works again, so does the sweep."""
    council = on_own_server(own_server, open_council, tmp_path, FEW)
    errors = tmp_path / "errors"
    command = strace("fsync,fdatasync", "error=EIO", errors=errors)
    tracer = subprocess.Popen([*command, "-p", str(own_server.process.pid)])
    until(lambda: traced(own_server.process.pid), "the server to be traced", 10)
    code, _ = council.flask("jobs", "run", SWEEP, expect=None)
    assert "(INJECTED)" in errors.read_text()
    assert code != 0
    tracer.terminate()
    tracer.wait(20)
    assert "PANIC" in own_server.log()
    if own_server.process.poll() is not None:
        own_server.start()
    until(lambda: answers(council), "the server to recover")
    assert council.raised() in (0, FEW)
    council.flask("jobs", "run", SWEEP)
    council.all_raised_once(FEW)
    council.tally.add("failed syncs survived", errors.read_text().count("(INJECTED)"))
    council.end()


def traced(pid: int) -> bool:
    status = Path(f"/proc/{pid}/status").read_text()
    return "TracerPid:\t0" not in status


def answers(council: Council) -> bool:
    code, _ = council.flask("ready", expect=None)
    return code == 0
