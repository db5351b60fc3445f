"""Videos: told by content, whole or not, without ever being held."""

import struct

import pytest

from ehe_portal.core.files import Kind, Limits, Problem, inspect
from tests.core.made_files import video

MB = 1024 * 1024


@pytest.mark.parametrize(
    ("brand", "name", "media_type"),
    [
        (b"isom", "pond.mp4", "video/mp4"),
        (b"mp42", "pond.MP4", "video/mp4"),
        (b"qt  ", "IMG_0012.MOV", "video/quicktime"),
        (b"3gp4", "pond.3gp", "video/3gpp"),
    ],
)
def test_a_phones_video_is_taken(brand: bytes, name: str, media_type: str) -> None:
    for long in (False, True):
        verdict = inspect([video(brand, long=long)], name)
        assert (verdict.kind, verdict.media_type, verdict.problems) == (Kind.VIDEO, media_type, ())


def test_an_old_quicktime_video_has_no_brand() -> None:
    assert inspect([video(b"qt  ")[20:]], "old.mov").media_type == "video/quicktime"


@pytest.mark.parametrize(
    "content",
    [
        video()[:-1],
        video()[:3000],
        video()[:-108],
        video() + b"more",
        struct.pack(">I4s4sI4s", 20, b"ftyp", b"isom", 0, b"isom") + struct.pack(">I4s", 3, b"mdat"),
    ],
)
def test_one_that_is_not_whole_is_said_to_be_damaged(content: bytes) -> None:
    assert inspect([content], "pond.mp4").problems == (Problem.DAMAGED.value,)


def test_a_name_that_promises_something_else_is_put_right() -> None:
    assert inspect([video()], "pond.pdf").safe_filename == "pond.mp4"


def test_a_video_larger_than_the_memory_it_may_use() -> None:
    """Its length is more than the child may hold at all."""
    pieces = [video()[:20], struct.pack(">I4s", 120 * MB + 8, b"mdat")]
    content = (piece for piece in [*pieces, *[bytes(MB)] * 120, video()[-108:]])
    assert inspect(content, "pond.mp4", Limits(memory=200 * MB)).problems == ()
