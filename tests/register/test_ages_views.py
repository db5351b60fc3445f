"""The pages on which an officer says when school age ends, and looks at what ended by itself."""

from collections.abc import Callable
from datetime import date

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child
from tests.pages import LintingClient
from tests.register.test_ages import EARLIER, WHY, born_on_the_edge, ended
from tests.village import Village, a_child

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def lia(work: Work, village: Village) -> Child:
    """Sixteen on 3 September 2025."""
    return born_on_the_edge(work, village)


def test_an_adviser_says_which_day_it_is(lia: Child, village: Village, client_as: ClientAs, work: Work) -> None:
    client, url = client_as(village.adviser), f"/children/{lia.reference}/episode/school-age"
    overview = client.get(f"/children/{lia.reference}").text
    assert url in overview
    assert "27 June 2025 or on 26 June 2026" in " ".join(overview.split())
    page = " ".join(client.get(url).text.split())
    assert "Your settings have no autumn term of 2025" in page
    assert "Until someone says otherwise the portal goes by 1 September: 26 June 2026." in page
    assert "which is past, it ends tomorrow morning" in page
    refused = client.submit(url, {}).text
    assert "Select the last day of compulsory school age" in refused
    assert "Enter your reasons" in refused
    assert client.submit(url, {"ends_on": EARLIER.isoformat(), "why": WHY}).status_code == 302
    overview = client.get(f"/children/{lia.reference}").text
    assert "The last day of compulsory school age is 27 June 2025" in overview
    assert "Say which day it is" not in overview
    people = " ".join(client.get(f"/children/{lia.reference}/people").text.split())
    assert "27 June 2025, as an officer said on 12 March 2026" in people
    said = f"End of school age said on 12 March 2026, by {village.adviser.name}. Until then it said: "
    assert f"{said}compulsory school age until “26 June 2026”. {WHY}" in people
    assert "that it is 27 June 2025" in " ".join(client.get(url).text.split())


def test_whoever_may_not_close_episodes_may_not_say(lia: Child, village: Village, client_as: ClientAs) -> None:
    url = f"/children/{lia.reference}/episode/school-age"
    for role in (Role.CME_OFFICER, Role.AUDITOR, Role.ADMINISTRATOR):
        assert client_as(village.staff[role]).get(url).status_code == 403, role
    assert client_as(village.stranger[Role.ADVISER]).get(url).status_code == 404
    reader = client_as(village.staff[Role.CME_OFFICER]).get(f"/children/{lia.reference}").text
    assert "Compulsory school age ends on" in reader
    assert url not in reader


def test_of_most_children_there_is_no_such_page(village: Village, client_as: ClientAs) -> None:
    client = client_as(village.adviser)
    for name in ("Ada", "Finn", "Hana"):
        assert client.get(f"/children/{village[name].reference}/episode/school-age").status_code == 404
        assert client.get(f"/children/{village[name].reference}/episode/ended").status_code == 404
        assert "first days of September" not in client.get(f"/children/{village[name].reference}").text


def test_long_before_nobody_is_asked_but_the_page_of_people_tells(
    work: Work, village: Village, client_as: ClientAs
) -> None:
    young = a_child(
        work, village.authority, "Pip", "Quinn", date(2015, 9, 2), date(2024, 1, 10), adviser=village.adviser
    )
    client = client_as(village.adviser)
    assert "first days of September" not in client.get(f"/children/{young.reference}").text
    people = " ".join(client.get(f"/children/{young.reference}/people").text.split())
    assert "to 25 June 2032, or to 27 June 2031 if an officer says so" in people


def test_an_officer_looks_at_what_ended(work: Work, village: Village, client_as: ClientAs) -> None:
    finn = village["Finn"]
    ended(work, finn)
    client, url = client_as(village.adviser), f"/children/{finn.reference}/episode/ended"
    assert url in client.get(f"/children/{finn.reference}").text
    assert "27 June 2025" in client.get(url).text
    assert "Enter what you looked at" in client.submit(url, {}).text
    assert client.submit(url, {"found": "Nothing is open"}).status_code == 302
    assert client.get(url).status_code == 404
    overview = client.get(f"/children/{finn.reference}").text
    assert "Nobody has looked at that yet" not in overview
    assert "Past compulsory school age" in overview
    assert "Nothing is open" in overview
