"""Vaults for the tests, on a folder and on a server that speaks S3, each with a way round it to the bytes it keeps."""

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import boto3

from ehe_portal.core.vault import StoredObject, Vault, VaultDamaged

KEY = bytes(range(32))
NAME = "E09000001/7K2MXQ0R4T"
OTHER = "E09000001/1AZZ8P3WVN"
CANARY = b"Nell Ashworth, 14 Cinder Lane, was seen at home on Tuesday. "


class Place(Protocol):
    """A vault whose kept bytes can be looked at and changed behind its back."""

    vault: Vault

    def get(self, identity: str) -> bytes: ...
    def put(self, identity: str, data: bytes) -> None: ...


class InFolder:
    """A vault in `vault` under a folder."""

    def __init__(self, root: Path) -> None:
        self.vault = Vault.from_url("file:vault", KEY, root)
        self._objects = root / "vault" / "objects"

    def get(self, identity: str) -> bytes:
        return (self._objects / f"{identity}.sealed").read_bytes()

    def put(self, identity: str, data: bytes) -> None:
        path = self._objects / f"{identity}.sealed"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


class InBucket:
    """A vault in a new bucket of the server that boto3's settings name."""

    def __init__(self, root: Path) -> None:
        self._client = boto3.client("s3")
        self._bucket = f"evidence-{secrets.token_hex(6)}"
        self._client.create_bucket(Bucket=self._bucket, CreateBucketConfiguration={"LocationConstraint": "eu-west-2"})
        self.vault = Vault.from_url(f"s3://{self._bucket}/portal", KEY, root)

    def get(self, identity: str) -> bytes:
        return self._client.get_object(Bucket=self._bucket, Key=f"portal/{identity}.sealed")["Body"].read()

    def put(self, identity: str, data: bytes) -> None:
        self._client.put_object(Bucket=self._bucket, Key=f"portal/{identity}.sealed", Body=data)


@dataclass
class Outcome:
    """What came out of the vault before damage was noticed, and whether it was noticed."""

    out: bytes
    noticed: bool


def keep(place: Place, size: int, identity: str = NAME) -> tuple[bytes, StoredObject]:
    """Keep random content; the content and what is known of it."""
    content = secrets.token_bytes(size)
    return content, place.vault.store(identity, [content])


def read(place: Place, identity: str = NAME, expected: StoredObject | None = None) -> Outcome:
    """Read until the end or until damage is noticed."""
    outcome = Outcome(b"", noticed=False)
    try:
        for frame in place.vault.read(identity, expected):
            outcome.out += frame
    except VaultDamaged:
        outcome.noticed = True
    return outcome


def files_of(folder: Path) -> Iterator[bytes]:
    """The content of every file under `folder`, and of those that this process has open there without a name."""
    for path in folder.rglob("*"):
        if path.is_file():
            yield path.read_bytes()
    for handle in Path("/proc/self/fd").iterdir():
        try:
            name = str(handle.readlink())
        except FileNotFoundError:
            continue
        if name.startswith(str(folder)) and name.endswith("(deleted)"):
            yield handle.read_bytes()
