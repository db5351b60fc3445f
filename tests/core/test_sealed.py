"""Words in addresses: opened for their own purpose alone, and unreadable on the way."""

import pytest
from flask import Flask

from ehe_portal.core.sealed import LONGEST, opened, sealed


def test_words_come_back_for_the_same_purpose(app: Flask) -> None:
    token = sealed("search:1", "Zoë O’Byrne")
    assert opened("search:1", token) == "Zoë O’Byrne"
    assert opened("search:2", token) is None
    assert "Byrne" not in token
    assert sealed("search:1", "Zoë O’Byrne") != token, "two that are alike do not look alike"


@pytest.mark.parametrize("token", [None, "", "x", "é", "A" * 40, "=" * 9, "A" * (LONGEST + 1)])
def test_nothing_else_opens(app: Flask, token: str | None) -> None:
    assert opened("search:1", token) is None
