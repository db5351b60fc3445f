"""Names as people type them: O Brien is O'Brien."""

import pytest

from ehe_portal.register.rules.names import search_words, spellings


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("", ()),
        ("carter", (("carter",),)),
        ("o brien", (("o", "brien"), ("obrien",))),
        ("saoirse o'brien", (("saoirse", "obrien"),)),
        ("de la cruz maria", (("de", "la", "cruz", "maria"), ("delacruz", "maria"))),
        ("carter jo", (("carter", "jo"),)),
    ],
)
def test_particles_are_read_apart_and_joined(typed: str, read: tuple[tuple[str, ...], ...]) -> None:
    assert spellings(search_words(typed)) == read
