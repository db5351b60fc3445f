"""Fixtures of the core's tests."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from moto.server import ThreadedMotoServer
from sqlalchemy import update

from ehe_portal import schedule
from ehe_portal.accounts.policy import Role
from ehe_portal.core import db, jobs, outbox
from ehe_portal.core.jobs.leader import Leadership
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from tests.conftest import Clock
from tests.core.vaults import InBucket, InFolder, Place
from tests.village import Village


@pytest.fixture(scope="session")
def bucket_address() -> Iterator[str]:
    """The address of a server that speaks S3."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def in_bucket(bucket_address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InBucket:
    """An empty vault in a bucket."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", bucket_address)
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "made-up")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "made-up")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-2")
    return InBucket(tmp_path)


@pytest.fixture
def in_folder(tmp_path: Path) -> InFolder:
    """An empty vault in a folder."""
    return InFolder(tmp_path)


@pytest.fixture(params=["in_folder", "in_bucket"])
def place(request: pytest.FixtureRequest) -> Place:
    """An empty vault of each sort in turn."""
    found: Place = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def all_seen(village: Village, work: Work) -> None:
    """Zoe has been with the team for long; now she has an adviser, and nobody is out of sight."""
    zoe = village["Zoe"].episodes[0]
    zoe.adviser_id = village.stranger[Role.ADVISER].id
    work.session.commit()


@pytest.fixture
def leads(house: Portal) -> Callable[[], None]:
    """Lets a process lead at this moment, as `flask jobs serve` does."""
    leadership = Leadership()

    def renew() -> None:
        leadership.keep(house.now())

    return renew


@pytest.fixture
def well(house: Portal, village: Village, clock: Clock, all_seen: None, leads: Callable[[], None]) -> None:
    """A process leads, every job has just run, and everything that was written has left."""
    for job in schedule.JOBS:
        if job.name != "send-messages":
            jobs.run(job, house)
    with db.new_session(writing=True) as session:
        session.execute(update(OutgoingMessage).values(sent_at=clock.at))
        session.commit()
    jobs.run(next(job for job in schedule.JOBS if job.name == "send-messages"), house)
    leads()


@pytest.fixture
def late_message(well: None, work: Work, village: Village) -> None:
    """A message that has not left, written just now."""
    address: dict[str, Any] = {"to": "a@wessex.example", "template": "known-address", "context": {}, "key": "late"}
    outbox.put(work, [outbox.row(work, authority_id=village.authority.id, **address)])
    work.session.commit()
