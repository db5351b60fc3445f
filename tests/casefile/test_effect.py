"""What other policy values would mean: counted by the rules, shown before they are set, withdrawn before they hold."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries as policy
from ehe_portal.policy import service
from ehe_portal.policy.models import PolicyValues, PolicyVersion
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
APRIL = {"in_force_from-day": "1", "in_force_from-month": "4", "in_force_from-year": "2026"}


def d(day: str) -> date:
    return date.fromisoformat(day)


def effect(work: Work, village: Village, since: str, **changes: int) -> contact.Effect:
    return contact.foresee(work, village.authority.id, PolicyValues(**changes), d(since), 50)


def test_the_same_values_change_nothing(work: Work, village: Village) -> None:
    found = effect(work, village, "2026-04-01")
    assert found.clocks == 6  # Ada, Ben, Cleo, Esi, Finn, Ivo
    assert (found.overdue, found.lapse, found.sooner, found.later, found.affected) == (0, 0, 0, 0, [])
    for standing in found.standings:
        assert (standing.overdue_now, standing.lapsed_now) == (standing.overdue_then, standing.lapsed_then)


def test_less_grace_lapses_at_once(work: Work, village: Village) -> None:
    """Cleo was due on 5 March and has ten working days of grace; with two she has lapsed by 16 March."""
    found = effect(work, village, "2026-03-16", grace_days_annual=2)
    assert (found.overdue, found.lapse) == (0, 1)
    assert village["Cleo"].id in [one.child_id for one in found.affected]
    assert found.standings[0].lapsed_then == found.standings[0].lapsed_now + 1


def test_shorter_intervals_make_nobody_late_overnight(work: Work, village: Village) -> None:
    """Ada was seen on 1 December 2025: with an interval of two months she would be due, and has ten working days."""
    found = effect(work, village, "2026-04-01", interval_months_annual=2)
    (ada,) = [one for one in found.affected if one.child_id == village["Ada"].id]
    assert (ada.due_now, ada.due_then) == (d("2026-12-01"), d("2026-04-17"))
    assert found.overdue == 0
    assert found.standings[1].overdue_then == found.standings[1].overdue_now + 1  # four weeks later


def test_the_preview_says_what_then_happens(work: Work, village: Village, clock: Clock) -> None:
    since = "2026-04-01"
    changes = {"interval_months_annual": 2, "grace_days_annual": 3, "first_contact_days": 4}
    foreseen = {one.child_id: one.due_then for one in effect(work, village, since, **changes).affected}
    service.set_values(work, village.authority.id, PolicyValues(**changes), d(since))
    work.at = work.at.replace(month=4, day=1)
    contact.follow_policy(work, list(work.session.scalars(contact_queries.under_older_policy(work))))
    for child_id, due_on in foreseen.items():
        kept = work.session.scalars(select(ContactClock).where(ContactClock.child_id == child_id)).one()
        assert kept.due_on == due_on


def test_longer_intervals_move_dates_back(work: Work, village: Village) -> None:
    found = effect(work, village, "2026-04-01", interval_months_annual=14)
    assert found.later >= 2
    assert found.sooner == 0


def test_only_so_many_are_named(work: Work, village: Village) -> None:
    found = contact.foresee(work, village.authority.id, PolicyValues(grace_days_annual=1), d("2026-03-16"), 1)
    assert found.sooner > 1
    assert len(found.affected) == 1


def test_the_numbers_stand_before_the_button(village: Village, client_as: ClientAs, work: Work) -> None:
    admin = client_as(village.staff[Role.ADMINISTRATOR])
    march = APRIL | {"in_force_from-day": "16", "in_force_from-month": "3"}
    filled = admin.submit("/settings/values/new", march | {"grace_days_annual": "2"}, "See what would change")
    assert filled.status_code == 302
    text = " ".join(admin.get(filled.location).text.split())
    assert "With these values, 0 children would become overdue on 16 March 2026, and 1 would lapse." in text
    assert "Cleo" not in text, "an administrator does not read the register"
    assert len(policy.versions(work, village.authority.id)) == 1, "nothing is set before it is confirmed"
    assert admin.submit(filled.location).status_code == 302
    assert len(policy.versions(work, village.authority.id)) == 2


@pytest.mark.parametrize(
    "query", ["", "?since=soon", "?since=2026-04-01&reply_days=0", "?since=2026-04-01&reply_days=x"]
)
def test_an_address_that_says_no_values_leads_back_to_the_form(
    village: Village, client_as: ClientAs, query: str
) -> None:
    admin = client_as(village.staff[Role.ADMINISTRATOR])
    assert admin.get(f"/settings/values/new/effect{query}").location == "/settings/values/new"


def test_a_manager_sees_by_name_whom_coming_values_affect(work: Work, village: Village, client_as: ClientAs) -> None:
    service.set_values(work, village.authority.id, PolicyValues(grace_days_annual=2), d("2026-03-16"))
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert "/settings/values/2026-03-16/effect" in manager.get("/team").text
    text = manager.get("/settings/values/2026-03-16/effect").text
    assert "Cleo Dunn" in text
    assert f"/children/{village['Cleo'].reference}" in text
    assert client_as(village.adviser).get("/settings/values/2026-03-16/effect").status_code == 403
    assert client_as(village.stranger[Role.EHE_MANAGER]).get("/settings/values/2026-03-16/effect").status_code == 404
    assert manager.get("/settings/values/soon/effect").status_code == 404


def test_a_coming_version_is_withdrawn_and_never_holds(work: Work, village: Village, client_as: ClientAs) -> None:
    here = village.authority.id
    service.set_values(work, here, PolicyValues(reply_days=9), d("2026-04-01"))
    admin = client_as(village.staff[Role.ADMINISTRATOR])
    assert "/settings/values/2026-04-01/withdraw" in admin.get("/settings/values").text
    assert admin.submit("/settings/values/2026-04-01/withdraw").status_code == 302
    assert policy.in_force(work, here, d("2026-05-01")).values.reply_days == 20
    page = admin.get("/settings/values").text
    assert "Version 2, which was to hold from 1 April 2026: withdrawn" in page
    assert admin.get("/settings/values/2026-04-01/withdraw").status_code == 404
    assert "PolicyWithdrawn" in [entry.kind for entry in work.session.scalars(select(AuditEntry))]
    # Another may hold from the same day, under a number of its own.
    again = service.set_values(work, here, PolicyValues(reply_days=8), d("2026-04-01"))
    assert again.number == 3
    assert policy.in_force(work, here, d("2026-05-01")).values.reply_days == 8


def test_what_holds_already_is_not_withdrawn(work: Work, village: Village, client_as: ClientAs) -> None:
    version = service.set_values(work, village.authority.id, PolicyValues(reply_days=9), work.today)
    with pytest.raises(Refusal, match="hold already"):
        service.withdraw(work, version)
    admin = client_as(village.staff[Role.ADMINISTRATOR])
    assert admin.get("/settings/values/2026-03-12/withdraw").status_code == 404
    assert work.session.scalars(select(PolicyVersion).where(PolicyVersion.withdrawn_at.is_not(None))).all() == []
