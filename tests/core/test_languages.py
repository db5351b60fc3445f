"""Languages are named as people say them, and found by their names."""

import pytest

from ehe_portal.core.languages import NAMES, language_name, language_tag


@pytest.mark.parametrize(
    ("tag", "name"),
    [
        ("en", "English"),
        ("cy", "Welsh"),
        ("EN", "English"),
        ("zh-Hant", "Chinese (zh-Hant)"),
        ("mi", "mi"),
        (None, ""),
        ("", ""),
    ],
)
def test_a_tag_is_named(tag: str | None, name: str) -> None:
    assert language_name(tag) == name


@pytest.mark.parametrize("tag", [*NAMES, "zh-Hant", "pa-Arab"])
def test_what_is_shown_can_be_typed(tag: str) -> None:
    assert language_tag(language_name(tag)) == tag


@pytest.mark.parametrize("typed", ["", "en", "Elvish", "Polish (cy-GB)"])
def test_what_is_no_name_has_no_tag(typed: str) -> None:
    assert language_tag(typed) is None


def test_names_are_told_apart() -> None:
    assert len({name.casefold() for name in NAMES.values()}) == len(NAMES)
