"""The upload client of another project (tuspy) as a program of its own, set up as its manual says: where to send, what
shows who is signed in, a file, how often to try again. It remembers the address of what it has begun. Run with JSON.
"""

import json
import sys
from typing import Any

from tusclient.client import TusClient
from tusclient.storage.filestorage import FileStorage

AT_ONCE = 8 * 1024 * 1024


def main() -> None:
    """Send the file, or the rest of it; say how far it had come before."""
    told = json.loads(sys.argv[1])
    storage: Any = FileStorage
    uploader = TusClient(told["place"], headers=told["headers"]).uploader(
        file_path=told["film"], metadata={"filename": "pond.mp4"}, chunk_size=AT_ONCE, retries=told["retries"],
        retry_delay=1, store_url=True, url_storage=storage(told["remembered"]),
    )  # fmt: skip
    print(uploader.offset, flush=True)
    uploader.upload()


if __name__ == "__main__":
    main()
