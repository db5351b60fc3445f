"""The law's profiles are dated data, and an authority works under one that is in force."""

from datetime import date
from pathlib import Path

import pytest

from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries, service
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.rules.profiles import PROFILES, Profile, read_profile
from tests.conftest import NOON
from tests.village import Village

TODAY = NOON.date()


def test_the_law_in_force_is_voluntary_and_asks_no_more_than_a_registration_is() -> None:
    now = PROFILES["ea1996"]
    assert (now.is_voluntary, now.is_in_force(TODAY)) == (True, True)
    assert now.required == {
        "legal_forename", "legal_surname", "date_of_birth", "has_address", "address_line_1", "town", "postcode",
        "ehe_started_on", "parent_name", "relationship", "responsibility",
    }  # fmt: skip


def test_the_law_to_come_is_written_down_and_not_in_force() -> None:
    later = PROFILES["cnis2026"]
    assert not later.is_voluntary
    assert later.commenced_on is None
    assert not later.is_in_force(date(2100, 1, 1))
    assert PROFILES["ea1996"].required < later.required


def test_an_authority_begins_under_the_law_in_force(work: Work, village: Village) -> None:
    assert queries.profile_in_force(work, village.authority.id, TODAY) is PROFILES["ea1996"]
    assert queries.profile_in_force(work, None, TODAY) is PROFILES["ea1996"]


@pytest.mark.parametrize("law", ["cnis2026", "no such law"])
def test_no_authority_works_under_a_law_that_is_not_in_force(work: Work, village: Village, law: str) -> None:
    with pytest.raises(Refusal, match="Select a law that is in force"):
        service.set_values(work, village.authority.id, PolicyValues(), TODAY, law)


def test_a_law_that_has_commenced_holds_from_the_day_that_an_authority_says(
    work: Work, village: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    commences, begins = date(2026, 4, 1), date(2026, 5, 1)
    law = Profile("new", "A new law", "statutory", frozenset({"sex"}), commenced_on=commences)
    monkeypatch.setitem(PROFILES, "new", law)
    with pytest.raises(Refusal, match="Select a law"):
        service.set_values(work, village.authority.id, PolicyValues(), date(2026, 3, 31), "new")
    service.set_values(work, village.authority.id, PolicyValues(), begins, "new")
    assert queries.profile_in_force(work, village.authority.id, date(2026, 4, 30)).code == "ea1996"
    assert queries.profile_in_force(work, village.authority.id, begins) is law
    service.set_values(work, village.authority.id, PolicyValues(interval_months_annual=11), date(2026, 6, 1))
    assert queries.profile_in_force(work, village.authority.id, date(2026, 6, 1)) is law  # values alone change no law


def test_a_file_that_is_no_profile_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "odd.toml"
    for text in (
        'code = "x"\nname = "X"\nregistration = "perhaps"\nrequired = []\n',
        'code = "x"\nname = "X"\nregistration = "voluntary"\nrequired = ["sex", "sex"]\n',
    ):
        file.write_text(text, encoding="utf-8")
        with pytest.raises(ValueError, match=r"odd\.toml"):
            read_profile(file)
