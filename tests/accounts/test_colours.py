"""Colours: what contrast is, which pairs pass, and the nearest shade that does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.accounts import rules

COLOURS = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the best known grey that just fails
        ("#767676", "#ffffff", 4.54),  # and the one that just passes
        ("#0000ff", "#ffffff", 8.59),
        ("#1d70b8", "#ffffff", 5.17),
    ],
)
def test_contrast_is_what_wcag_says(one: str, other: str, ratio: float) -> None:
    assert rules.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert rules.contrast(other, one) == rules.contrast(one, other)


@given(COLOURS, COLOURS)
def test_the_nearest_shade_passes_and_what_passes_stays(colour: str, text: str) -> None:
    shade = rules.nearest_passing(colour, text)
    assert rules.contrast(shade, text) >= rules.ENOUGH_CONTRAST
    assert (shade == colour) == (rules.contrast(colour, text) >= rules.ENOUGH_CONTRAST)


def test_the_nearest_shade_is_near() -> None:
    assert rules.nearest_passing("#777777", "#ffffff") in {"#767676", "#757575"}


@given(COLOURS)
def test_the_line_under_the_header_can_be_told_from_it(colour: str) -> None:
    assert rules.contrast(rules.edge_of(colour), colour) > 1.2


@pytest.mark.parametrize(
    ("typed", "colour"),
    [
        ("#1D4A4F", "#1d4a4f"),
        ("1d4a4f", "#1d4a4f"),
        (" #fff ", "#ffffff"),
        ("red", None),
        ("#12345", None),
        ("#1d4a4f;}", None),
        ("url(x)", None),
        ("#１d4a4f", None),
        ("", None),
    ],
)
def test_a_colour_is_six_figures_and_nothing_else(typed: str, colour: str | None) -> None:
    assert rules.tidy_colour(typed) == colour
