"""Fixtures of the core's tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from moto.server import ThreadedMotoServer

from tests.core.vaults import InBucket, InFolder, Place


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
