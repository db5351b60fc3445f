"""Pages about staff: adding, inviting, changing; two administrators at once; hostile values; other authorities."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from ehe_portal.accounts import service
from ehe_portal.accounts.models import Account, MailLink
from ehe_portal.accounts.policy import Role
from ehe_portal.core.work import Work
from tests.conftest import Clock
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
    auditor = village.staff[Role.AUDITOR]
    filled = {"role": "adviser", "is_active": "yes", "away_from-day": "9", "away_from-month": "3",
              "away_from-year": "2026"}  # fmt: skip
    assert client.submit(f"/staff/{auditor.reference}", filled, "Save changes").location == "/staff"
    work.session.expire_all()
    assert (auditor.role, auditor.away_from) == (Role.ADVISER, date(2026, 3, 9))
    assert "Away" in client.get("/staff").text


@pytest.mark.parametrize(
    ("role", "wanted", "hands_over"),
    [
        (Role.ADVISER, {"is_active": "no"}, True),
        (Role.ADVISER, {"role": "ehe-manager"}, True),
        (Role.ADVISER, {"away_from-day": "9", "away_from-month": "3", "away_from-year": "2026"}, False),
        (Role.CME_OFFICER, {"role": "auditor"}, True),
        (Role.CME_OFFICER, {"role": "cme-manager"}, False),
        (Role.CME_MANAGER, {"role": "cme-officer"}, True),
        (Role.AUDITOR, {"role": "adviser"}, False),
        (Role.AUDITOR, {"is_active": "no"}, True),
    ],
)
def test_whoever_stops_their_work_hands_it_over_first(
    client_as: ClientAs, village: Village, work: Work, role: Role, wanted: dict[str, str], hands_over: bool
) -> None:
    client, account = client_as(village.staff[Role.ADMINISTRATOR]), village.staff[role]
    url = f"/staff/{account.reference}"
    known = {"role": role.value, "is_active": "yes"}
    location = client.submit(url, {**known, **wanted}, "Save changes").location
    assert location.startswith(f"{url}/hand-over?") == hands_over
    work.session.expire_all()
    assert (account.role is role and account.is_active) or not hands_over, "nothing is changed before the hand-over"


def test_two_administrators_at_once_see_each_other(client_as: ClientAs, village: Village, work: Work) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    auditor = village.staff[Role.AUDITOR]
    url = f"/staff/{auditor.reference}"
    old = form_of(client.get(url).text, "Save changes")[1]
    client.submit(url, {"role": "cme-officer"}, "Save changes")
    page = client.post(url, data={**old, "role": "adviser"}).text
    assert "was changed by someone else" in page
    assert "CME officer" in page
    work.session.expire_all()
    assert auditor.role is Role.CME_OFFICER


def test_the_list_says_what_became_of_each_invitation(
    client_as: ClientAs, village: Village, work: Work, clock: Clock, links_to: Links
) -> None:
    client = client_as(village.staff[Role.ADMINISTRATOR])
    client.submit("/staff/new", {"name": "Kit Example", "email": "kit@example.org", "role": "adviser"})
    assert "good until 19 March 2026" in client.get("/staff").text
    clock.at += timedelta(days=8)
    page = client.get("/staff").text
    assert "Invitation expired" in page
    assert "Invited 12 March 2026" in page
    kit = work.session.scalars(select(Account).where(Account.email == "kit@example.org")).one()
    assert client.submit("/staff", button="Send again to Kit Example").location == "/staff"
    assert len(links_to("kit@example.org")) == 2
    assert "good until 27 March 2026" in client.get("/staff").text
    latest = work.session.scalars(select(MailLink).order_by(MailLink.id.desc())).first()
    assert latest is not None
    service.use_link(new_work_of(work, clock), latest, "", "kettle lantern otter", "key")
    assert kit.password_hash is not None
    assert "Accepted the invitation 20 March 2026" in client.get("/staff").text


def new_work_of(work: Work, clock: Clock) -> Work:
    """The same piece of work, as of now."""
    return replace(work, at=clock.at)


def test_only_an_administrator_may_send_an_invitation_again(client_as: ClientAs, village: Village) -> None:
    assert "Send again" not in client_as(village.staff[Role.AUDITOR]).get("/staff").text
    assert "Send again" in client_as(village.staff[Role.ADMINISTRATOR]).get("/staff").text


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
