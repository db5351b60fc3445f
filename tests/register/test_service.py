"""Registering, accepting, joining, assigning, tiers, closing."""

from ehe_portal.core.work import Work
from tests.village import Village


def test_x(work: Work, village: Village) -> None:
    assert village["Ada"].sort_name == "byrne  ada"
