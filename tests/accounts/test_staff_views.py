"""Pages about staff: adding, inviting, changing; two administrators at once; hostile values; other authorities."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core.work import Work
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
Links = Callable[[str], list[str]]


def test_an_administrator_adds_someone(client_as: ClientAs, village: Village, links_to: Links, work: Work) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    filled = {"name": "Kit Example", "email": "Kit@example.org", "role": "adviser"}
    assert client.submit("/staff/new", filled).location == "/staff"
    assert "Kit Example" in client.get("/staff").text
    kit = work.session.scalars(select(Account).where(Account.email == "kit@example.org")).one()
    assert (kit.role, kit.authority_id) == (Role.ADVISER, village.authority.id)
    assert client.submit(f"/staff/{kit.reference}", button="Send another invitation").location == "/staff"
    assert len(links_to("kit@example.org")) == 2


def test_what_was_typed_about_someone_is_kept(client_as: ClientAs, village: Village) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    page = client.submit("/staff/new", {"name": "Kit <b>", "email": village.adviser.email, "role": "adviser"}).text
    assert "this one has an account already" in page
    assert "Kit &lt;b&gt;" in page
    assert village.adviser.email in page


def test_an_administrator_changes_someone(client_as: ClientAs, village: Village, work: Work) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    url = f"/staff/{village.adviser.reference}"
    filled = {"role": "ehe-manager", "is_active": "yes", "away_from-day": "9", "away_from-month": "3",
              "away_from-year": "2026"}  # fmt: skip
    assert client.submit(url, filled, "Save changes").location == "/staff"
    work.session.expire_all()
    assert (village.adviser.role, village.adviser.away_from) == (Role.EHE_MANAGER, date(2026, 3, 9))
    assert "Away" in client.get("/staff").text


def test_two_administrators_at_once_see_each_other(client_as: ClientAs, village: Village, work: Work) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    url = f"/staff/{village.adviser.reference}"
    old = form_of(client.get(url).text, "Save changes")[1]
    client.submit(url, {"role": "auditor"}, "Save changes")
    page = client.post(url, data={**old, "role": "cme-officer"}).text
    assert "was changed by someone else" in page
    assert "Auditor" in page
    work.session.expire_all()
    assert village.adviser.role is Role.AUDITOR


@pytest.mark.parametrize("field", ["version", "role", "is_active"])
@pytest.mark.parametrize("value", ["", "0", "999999999999", "parent", "\x00", "nobody"])
def test_hostile_values_are_answered(client_as: ClientAs, village: Village, field: str, value: str) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    response = client.submit(f"/staff/{village.adviser.reference}", {field: value}, "Save changes")
    assert response.status_code == 200
    assert "There is a problem" in response.text


def test_others_may_look_but_not_touch(client_as: ClientAs, village: Village) -> None:
    client = client_as(village.staff[Role.EHE_MANAGER])
    page = client.get("/staff").text
    assert village.adviser.name in page
    assert "Add someone" not in page
    assert client.get("/staff/new").status_code == 403
    assert client.get(f"/staff/{village.adviser.reference}").status_code == 403
    assert client_as(village.adviser).get("/staff").status_code == 403


def test_another_authoritys_staff_are_not_there(client_as: ClientAs, village: Village) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    stranger = village.stranger[Role.ADVISER]
    assert stranger.name not in client.get("/staff").text
    assert client.get(f"/staff/{stranger.reference}").status_code == 404
    assert client.get(f"/staff/{village.parents['Ada'].reference}").status_code == 404
