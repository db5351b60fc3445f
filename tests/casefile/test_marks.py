"""The picture of the invariant: every child one mark, in a place of its own."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.casefile.rules.sight import (
    BANDS,
    COLUMN,
    DRAWN,
    LEFT,
    WIDTH,
    Counted,
    Stand,
    band_of,
    by_band,
    by_stand,
    field_of,
)

TODAY = date(2026, 3, 12)


@pytest.mark.parametrize(
    ("days", "key"),
    [
        (0, "4-weeks"), (28, "4-weeks"), (29, "3-months"), (91, "3-months"), (92, "6-months"), (365, "12-months"),
        (366, "15-months"), (545, "18-months"), (546, "longer"), (4000, "longer"),
    ],
)  # fmt: skip
def test_every_number_of_days_has_one_band(days: int, key: str) -> None:
    assert band_of(days).key == key
    holding = [band for band in BANDS if band.since <= days and (band.to is None or days <= band.to)]
    assert holding == [band_of(days)]


COUNTS = st.lists(
    st.builds(
        Counted,
        since_on=st.none() | st.dates(date(2020, 1, 1), date(2026, 3, 20)),
        stand=st.sampled_from(list(Stand)),
        children=st.integers(1, 60),
    ),
    max_size=40,
)


@given(COUNTS)
def test_every_child_has_one_mark_and_one_place_in_the_table(counts: list[Counted]) -> None:
    there = by_stand(counts)
    assert sum(there.values()) == sum(one.children for one in counts)
    bands = by_band(counts, TODAY)
    for stand in DRAWN:
        assert sum(theirs[stand] for theirs in bands.values()) == there[stand]
    outlines = field_of(counts, TODAY).outlines
    # A mark that is a point is written h0; the lines of the youngest go there and back once each.
    assert outlines[Stand.CONTACT].count("h0") == there[Stand.CONTACT]
    assert outlines[Stand.OVERDUE].count("h0") == there[Stand.OVERDUE]
    assert outlines[Stand.YOUNG].count("h") == there[Stand.YOUNG]
    for stand in (Stand.LAPSED, Stand.ENQUIRY, Stand.SOON, Stand.OTHER, Stand.UNANSWERED):
        assert outlines[stand].count("z") == there[stand], stand
    assert outlines[Stand.OUT].count("l") == 2 * there[Stand.OUT]
    assert Stand.CLOSED not in outlines


@given(COUNTS)
def test_no_mark_stands_outside_the_picture_or_on_another(counts: list[Counted]) -> None:
    field = field_of(counts, TODAY)
    places: list[tuple[float, float]] = []
    for outline in (field.outlines[Stand.CONTACT], field.outlines[Stand.OVERDUE]):
        for run in re.finditer(r"M(\d+) (-?\d+)((?:h0(?:m\d+ 0)?)+)", outline):
            x, y = int(run[1]), int(run[2])
            for step in re.findall(r"h0(?:m(\d+) 0)?", run[3]):
                places.append((x, y))
                x += int(step or 0)
    assert len(places) == len(set(places))
    assert all(LEFT <= x <= WIDTH - LEFT and 0 < y < field.height for x, y in places)


def test_marks_shrink_before_the_picture_grows() -> None:
    few = field_of([Counted(TODAY, Stand.CONTACT, 10)], TODAY)
    many = field_of([Counted(TODAY, Stand.CONTACT, 200)], TODAY)
    assert few.size > many.size
    assert many.height <= 260
    assert few.outlines[Stand.CONTACT].startswith(f"M{LEFT + COLUMN // 2 - 2} ")
    assert field_of([Counted(TODAY, Stand.CONTACT, 5000)], TODAY).height > 260
