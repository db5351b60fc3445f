"""The words of the demonstration: what parents write, what children say, what officers note (`words/*.toml`)."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

FOLDER: Final = Path(__file__).parent / "words"
BANDS: Final = ((2, "infant"), (6, "junior"), (9, "middle"))
"""The last school year of each age band; those above are `senior`."""


def band(year_group: int) -> str:
    """The age band of a school year."""
    return next((name for last, name in BANDS if year_group <= last), "senior")


@cache
def words(name: str) -> dict[str, Any]:
    """One file of words."""
    with (FOLDER / f"{name}.toml").open("rb") as file:
        return tomllib.load(file)
