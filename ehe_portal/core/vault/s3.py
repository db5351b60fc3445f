"""Kept files in a bucket that speaks S3.

Region, address and credentials are boto3's own settings (`AWS_REGION`, `AWS_ENDPOINT_URL_S3`, a role of the machine
and so on). What is being written waits, sealed, in a nameless local file and is sent as one object: an object is there
whole or not at all.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, HTTPClientError

from ehe_portal.core.vault.errors import VaultMissing, VaultTaken, VaultUnavailable
from ehe_portal.core.vault.folder import SMALL, SUFFIX, disk_failures, make_folder, nameless_file, write_fully

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client

MISSING = {"404", "NoSuchKey", "NotFound"}
TAKEN = {"412", "PreconditionFailed", "ConditionalRequestConflict"}
PATIENCE = Config(connect_timeout=5, read_timeout=30, retries={"mode": "standard", "max_attempts": 4})


@contextmanager
def bucket_failures() -> Iterator[None]:
    """Turns the bucket's errors, and those of the local disk, into the vault's."""
    try:
        with disk_failures():
            yield
    except ClientError as failure:
        code = code_of(failure)
        if code in MISSING:
            raise VaultMissing("nothing is kept there") from None
        if code in TAKEN:
            raise VaultTaken("something is kept there already") from None
        raise VaultUnavailable(f"the bucket answered {code}") from None
    except (BotoCoreError, HTTPClientError) as failure:
        raise VaultUnavailable(f"the bucket did not answer: {type(failure).__name__}") from None


def code_of(failure: ClientError) -> str:
    """What the bucket called the failure."""
    return str(failure.response.get("Error", {}).get("Code", ""))


class Draft:
    """An object being written, sealed, on this machine until it is sent."""

    def __init__(self, client: "S3Client", bucket: str, key: str, incoming: Path) -> None:
        self._client = client
        self._bucket = bucket
        self._key = key
        self._file = nameless_file(incoming)

    def write(self, data: bytes) -> None:
        """Add to the object."""
        write_fully(self._file, data)

    def keep(self) -> None:
        """Send the object; boto3 sends a checksum with it and tries again if the bucket stumbles."""
        length = self._file.seek(0, os.SEEK_END)
        self._file.seek(0)
        self._client.put_object(
            Bucket=self._bucket, Key=self._key, Body=self._file, ContentLength=length, IfNoneMatch="*"
        )
        self._file.close()

    def discard(self) -> None:
        """Leave nothing behind."""
        self._file.close()


class Bucket:
    """A bucket, and a prefix in it, that keeps files sealed by the vault above it."""

    def __init__(self, bucket: str, prefix: str, incoming: Path) -> None:
        self._client = boto3.client("s3", config=PATIENCE)
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""
        self.incoming = incoming
        make_folder(incoming)

    failures = staticmethod(bucket_failures)

    def draft(self, identity: str) -> Draft:
        """Begin to write."""
        if self.exists(identity):
            raise VaultTaken("something is kept there already")
        return Draft(self._client, self._bucket, self._key(identity), self.incoming)

    def adopt(self, identity: str, sealed: Path, /) -> None:
        """Send a file of the incoming folder as one object, and let go of it here."""
        with sealed.open("rb") as file:
            self._client.put_object(Bucket=self._bucket, Key=self._key(identity), Body=file, IfNoneMatch="*")
        sealed.unlink()

    def open(self, identity: str) -> tuple["StreamingBody", int]:
        """The kept object and its length in bytes."""
        found = self._client.get_object(Bucket=self._bucket, Key=self._key(identity))
        return found["Body"], found["ContentLength"]

    def exists(self, identity: str) -> bool:
        """Whether anything is kept under `identity`."""
        try:
            self._client.head_object(Bucket=self._bucket, Key=self._key(identity))
        except ClientError as failure:
            if code_of(failure) in MISSING:
                return False
            raise
        return True

    def delete(self, identity: str) -> None:
        """Remove what is kept; nothing there is no error."""
        self._client.delete_object(Bucket=self._bucket, Key=self._key(identity))

    def stored_before(self, moment: datetime, under: str = "") -> Iterator[str]:
        """Identities, beginning with the part `under` if it is given, of what was kept before `moment`."""
        for name in self._listed(f"{self._prefix}{under}/" if under else self._prefix, SUFFIX, moment):
            yield f"{under}/{name}" if under else name

    def clear_incoming(self, _before: datetime, /) -> int:
        """Nothing: what is being written here has no name and goes with its process."""
        return 0

    # Small things

    def small(self, name: str) -> bytes | None:
        """A small thing; None where there is none."""
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._small(name))
        except ClientError as failure:
            if code_of(failure) in MISSING:
                return None
            raise
        return found["Body"].read()

    def add_small(self, name: str, data: bytes) -> None:
        """Keep a small thing, if nothing has its name yet."""
        self._client.put_object(Bucket=self._bucket, Key=self._small(name), Body=data, IfNoneMatch="*")

    def replace_small(self, name: str, data: bytes) -> None:
        """Keep a small thing, in place of what had its name: at every moment one of the two is there, whole."""
        self._client.put_object(Bucket=self._bucket, Key=self._small(name), Body=data)

    def remove_small(self, name: str) -> None:
        """Remove a small thing; nothing there is no error."""
        self._client.delete_object(Bucket=self._bucket, Key=self._small(name))

    def smalls(self, folder: str, before: datetime) -> Iterator[str]:
        """Names, within `folder`, of the small things kept before a moment."""
        yield from self._listed(f"{self._prefix}{folder}/", SMALL, before)

    def _listed(self, prefix: str, suffix: str, before: datetime) -> Iterator[str]:
        pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=self._bucket, Prefix=prefix)
        for page in pages:
            for kept in page.get("Contents", []):
                if kept["Key"].endswith(suffix) and kept["LastModified"] < before:
                    yield kept["Key"].removeprefix(prefix).removesuffix(suffix)

    def _small(self, name: str) -> str:
        return f"{self._prefix}{name}{SMALL}"

    def _key(self, identity: str) -> str:
        return f"{self._prefix}{identity}{SUFFIX}"
