"""Row 16: a byte of what is kept was changed, or two files were exchanged. Nothing of it is served, and it is said."""

from pathlib import Path

from tests.core.made_files import MB
from tests.faults.showing import officer, opened, sent
from tests.faults.stage import ran
from tests.faults.tally import Tally
from tests.faults.test_row_02_uploads import Served, served
from tests.nursery import Nursery

__all__ = ["served"]

CANARY = b"We went to the pond. "


def test_row_16_what_was_altered_on_the_disk_is_not_served(
    served: Served, nursery: Nursery, tmp_path: Path, tally: Tally
) -> None:
    contents = [CANARY * 10, CANARY * (MB // len(CANARY)), CANARY * 11, CANARY * 12, CANARY * 13]
    small, large, one, other, whole = sent(served, tmp_path, contents)
    code, said = ran(nursery, served.environment, "vault", "verify")
    assert (code, "5 files are whole" in said) == (0, True)

    as_sent = {file: file.lies_in(tmp_path).read_bytes() for file in (small, large, one, other)}
    for file, place in ((small, -1), (large, -5)):
        lying = file.lies_in(tmp_path)
        kept = bytearray(lying.read_bytes())
        kept[place] ^= 1
        lying.write_bytes(kept)
    one_lies, other_lies = one.lies_in(tmp_path), other.lies_in(tmp_path)
    kept_one = one_lies.read_bytes()
    one_lies.write_bytes(other_lies.read_bytes())
    other_lies.write_bytes(kept_one)

    with officer(served) as adviser:
        for file in (small, one, other):
            status, body = opened(adviser, file.url)
            assert (status, CANARY in body) == (410, False)
            assert b"is not exactly what was sent" in body
        status, body = opened(adviser, large.url)
        assert status == 0, "the answer is broken off: a browser keeps nothing of it"
        assert len(body) < len(large.content)
        assert opened(adviser, whole.url) == (200, whole.content)
        status, body = opened(adviser, "/healthz")
        assert (status, b"4 files that are kept cannot be opened" in body) == (503, True)

    code, said = ran(nursery, served.environment, "vault", "verify")
    assert code == 1
    named = {line.partition(":")[0] for line in said.splitlines() if ":" in line}
    assert {file.identity for file in (small, large, one, other)} <= named
    assert "1 files are whole" in said
    assert "leaf.pdf" not in said

    for file, content in as_sent.items():
        file.lies_in(tmp_path).write_bytes(content)
    assert ran(nursery, served.environment, "vault", "verify")[0] == 0
    with officer(served) as adviser:
        assert b"cannot be opened" not in opened(adviser, "/healthz")[1]
        assert all(opened(adviser, file.url) == (200, file.content) for file in as_sent)
    tally.add("altered files found", 4)
