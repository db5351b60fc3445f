"""What an administrator does with staff, and who is found."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import func, select

from ehe_portal.accounts import queries, service
from ehe_portal.accounts.models import Account, Purpose
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import StaffChange
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from tests.accounts.test_service import KEY, NEW, links, mails, recorded
from tests.village import Village


def test_staff_are_invited_by_a_link(work: Work, village: Village) -> None:
    account = service.add_account(work, village.authority, "Kit@Example.org", "Kit Example", Role.ADVISER)
    assert (account.email, account.password_hash) == ("kit@example.org", None)
    assert mails(work, "kit@example.org") == ["link-invitation"]
    link = links(work, "kit@example.org")[0]
    assert link.purpose is Purpose.INVITATION
    service.use_link(work, link, "Somebody Else", NEW, KEY)
    assert account.name == "Kit Example"
    with pytest.raises(Refusal):
        service.invite(work, account)


def test_an_account_may_come_with_a_password(work: Work, village: Village) -> None:
    account = service.add_account(work, village.authority, "kit@example.org", "Kit", Role.AUDITOR, NEW)
    assert mails(work, "kit@example.org") == []
    assert service.sign_in(work, "kit@example.org", NEW, KEY) is account


@pytest.mark.parametrize(
    ("email", "name", "password", "field"),
    [
        ("not an address", "Kit", None, "email"),
        ("adviser@wessex.example", "Kit", None, "email"),
        ("kit@example.org", " ", None, "name"),
        ("kit@example.org", "Kit", "short", "password"),
    ],
)
def test_a_bad_account_is_refused(
    work: Work, village: Village, email: str, name: str, password: str | None, field: str
) -> None:
    before = work.session.scalar(select(func.count(Account.id)))
    with pytest.raises(Refusal) as refused:
        service.add_account(work, village.authority, email, name, Role.ADVISER, password)
    assert refused.value.field == field
    assert work.session.scalar(select(func.count(Account.id))) == before


def changed(account: Account, **fields: Any) -> StaffChange:
    known = {field: getattr(account, field) for field in ("role", "is_active", "away_from", "away_until")}
    return StaffChange(**{**known, **fields})


def test_an_administrator_changes_role_days_away_and_access(work: Work, village: Village) -> None:
    account = village.adviser
    monday, friday = date(2026, 3, 9), date(2026, 3, 13)
    service.change_staff(
        work, account, changed(account, role=Role.EHE_MANAGER, away_from=monday, away_until=friday), account.version
    )
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "StaffChanged")).one()
    assert entry.details["fields"] == ["role", "away_from", "away_until"]
    assert not account.is_away(date(2026, 3, 8))
    assert account.is_away(monday)
    assert account.is_away(friday)
    assert not account.is_away(date(2026, 3, 14))


def test_a_change_of_nothing_says_nothing(work: Work, village: Village) -> None:
    before = len(recorded(work))
    service.change_staff(work, village.adviser, changed(village.adviser), village.adviser.version)
    assert len(recorded(work)) == before


def test_deactivation_ends_every_sitting(work: Work, village: Village) -> None:
    account, epoch = village.adviser, village.adviser.epoch
    service.change_staff(work, account, changed(account, is_active=False), account.version)
    assert account.epoch == epoch + 1


def test_two_administrators_do_not_overwrite_each_other(work: Work, village: Village) -> None:
    account, seen = village.adviser, village.adviser.version
    service.change_staff(work, account, changed(account, role=Role.CME_OFFICER), seen)
    for version in (seen, None):
        with pytest.raises(ChangedMeanwhile):
            service.change_staff(work, account, changed(account, role=Role.AUDITOR), version)


@pytest.mark.parametrize(("fields", "field"), [({"is_active": False}, "is_active"), ({"role": Role.ADVISER}, "role")])
def test_the_last_administrator_stays(work: Work, with_password: Village, fields: dict[str, Any], field: str) -> None:
    admin = with_password.staff[Role.ADMINISTRATOR]
    with pytest.raises(Refusal) as refused:
        service.change_staff(work, admin, changed(admin, **fields), admin.version)
    assert refused.value.field == field
    other = service.add_account(work, with_password.authority, "kit@example.org", "Kit", Role.ADMINISTRATOR)
    with pytest.raises(Refusal):  # an invitation not yet taken up lets nobody in
        service.change_staff(work, admin, changed(admin, **fields), admin.version)
    service.give_password(work, other, service.hash_of(NEW, ()))
    service.change_staff(work, admin, changed(admin, **fields), admin.version)


def test_a_parent_is_no_staff(work: Work, village: Village) -> None:
    parent = village.parents["Ada"]
    with pytest.raises(Refusal):
        service.change_staff(work, parent, changed(parent, role=Role.ADVISER), parent.version)
    with pytest.raises(Refusal):
        service.change_staff(work, village.adviser, changed(village.adviser, role=Role.PARENT), village.adviser.version)


# Questions


def test_who_is_there(work: Work, village: Village, new_work: Callable[..., Work]) -> None:
    as_admin = new_work(village.staff[Role.ADMINISTRATOR])
    assert {one.authority_id for one in queries.staff(as_admin)} == {village.authority.id}
    assert Role.PARENT not in {one.role for one in queries.staff(as_admin)}
    assert [one.id for one in queries.advisers(as_admin)] == [village.adviser.id]
    assert queries.staff_by_reference(as_admin, village.stranger[Role.ADVISER].reference) is None
    assert queries.staff_by_reference(as_admin, village.parents["Ada"].reference) is None
    assert queries.account_by_reference(as_admin, village.adviser.reference) is not None


def test_who_can_be_alerted(work: Work, village: Village) -> None:
    officer = village.cme_officer
    officer.away_from, officer.away_until = date(2026, 3, 9), date(2026, 3, 13)
    work.session.flush()

    def here(day: date) -> list[int]:
        found = queries.active_staff(work, village.authority.id, Role.CME_OFFICER, here_on=day)
        return [one.id for one in found]

    assert here(date(2026, 3, 8)) == here(date(2026, 3, 14)) == [officer.id]
    assert here(date(2026, 3, 9)) == here(date(2026, 3, 13)) == []
    officer.away_until = None
    work.session.flush()
    assert here(date(2027, 1, 1)) == []
    assert [one.id for one in queries.active_staff(work, village.authority.id, Role.CME_OFFICER)] == [officer.id]
