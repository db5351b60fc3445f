"""Values set from a day on; terms and holidays; two administrators at once; other authorities."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.days import school_days_between
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.policy import queries, service
from ehe_portal.policy.models import PolicyValues, TermDate, TermKind
from ehe_portal.policy.service import TermWanted
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
APRIL = {"in_force_from-day": "1", "in_force_from-month": "4", "in_force_from-year": "2026"}


def d(text: str) -> date:
    return date.fromisoformat(text)


@pytest.fixture
def admin(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.staff[Role.ADMINISTRATOR])


def set_values(client: LintingClient, **changes: str) -> Any:
    """Fills in the values, and where they are fit lets them hold from the page that says what they would mean."""
    filled = client.submit("/settings/values/new", {**APRIL, **changes}, "See what would change")
    if filled.status_code != 302:
        return filled
    return client.submit(filled.location, button="Let these values hold from 1 April 2026")


def test_values_hold_from_their_day_on_and_the_page_says_who_set_them(
    admin: LintingClient, village: Village, work: Work
) -> None:
    assert set_values(admin, interval_months_annual="9").location == "/settings/values"
    page = admin.get("/settings/values").text
    assert "How often to be in contact: annual tier: 9 months instead of 12" in page
    assert "To come" in page
    assert f"by {village.staff[Role.ADMINISTRATOR].name}" in page
    here = village.authority.id
    assert queries.in_force(work, here, d("2026-03-31")).values.interval_months_annual == 12
    assert queries.in_force(work, here, d("2026-04-01")).values.interval_months_annual == 9
    assert queries.in_force(work, village.elsewhere.id, d("2026-04-01")).values == PolicyValues()


@pytest.mark.parametrize(
    ("filled", "message"),
    [
        ({"reply_days": ""}, "Enter a number from 1 to 366 for “A reply moves the due date by at most (working days)”"),
        ({"reply_days": "0"}, "Enter a whole number from 1 to 366 for “A reply moves the due date by at most"),
        ({"reply_days": "367"}, "Enter a whole number from 1 to 366"),
        ({"team_queue_days": "6"}, "Enter a whole number from 1 to 5"),
        ({"reply_days": "ten"}, "Enter a whole number from 1 to 366"),
        ({"in_force_from-day": "11", "in_force_from-month": "3"}, "Enter a date that is today or later"),
        ({"in_force_from-day": "31", "in_force_from-month": "2"}, "as a real date"),
    ],
)
def test_bad_values_are_refused_and_kept(admin: LintingClient, filled: dict[str, str], message: str) -> None:
    page = set_values(admin, interval_months_annual="9", **filled).text
    assert message in page
    assert 'value="9"' in page


def test_the_team_may_not_be_given_longer_than_a_child_may_be_without_a_name(
    admin: LintingClient, village: Village, work: Work
) -> None:
    with pytest.raises(Refusal, match="from 1 to 5"):
        service.set_values(work, village.authority.id, PolicyValues(team_queue_days=6), d("2026-04-01"))
    asked = "/settings/values/new/effect?since=2026-04-01&seen=1&team_queue_days=6"
    assert "Enter a number from 1 to 5" in admin.submit(asked, button="Let these values hold from 1 April 2026").text
    assert len(queries.versions(work, village.authority.id)) == 1


def test_versions_follow_one_another(admin: LintingClient) -> None:
    set_values(admin, reply_days="15")
    assert "Enter a date after the latest version" in set_values(admin, reply_days="10").text


def test_two_administrators_at_once_do_not_both_set(admin: LintingClient, village: Village, work: Work) -> None:
    old = form_of(admin.get("/settings/values/new").text, "See what would change")[1]
    set_values(admin, reply_days="15")
    later = {"in_force_from-day": "1", "in_force_from-month": "5", "in_force_from-year": "2026"}
    page = admin.post("/settings/values/new", data={**old, **later, "reply_days": "10"}).text
    assert "changed by someone else" in page
    assert len(queries.versions(work, village.authority.id)) == 2
    with pytest.raises(ChangedMeanwhile):
        service.set_values(work, village.authority.id, PolicyValues(), d("2026-06-01"), seen=1)


# Terms


def autumn(**changes: Any) -> TermWanted:
    known: dict[str, Any] = {
        "kind": TermKind.TERM, "name": "Autumn term", "first_on": d("2026-09-02"), "last_on": d("2026-12-18"),
    }  # fmt: skip
    return TermWanted(**{**known, **changes})


def boxes(name: str, on: str) -> dict[str, str]:
    year, month, day = on.split("-")
    return {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}


def term(kind: str, name: str, first: str, last: str) -> dict[str, str]:
    return {"kind": kind, "name": name, **boxes("first_on", first), **boxes("last_on", last)}


def test_terms_and_holidays_make_a_calendar(admin: LintingClient, village: Village, work: Work) -> None:
    assert "will be listed here" in admin.get("/settings/terms").text
    admin.submit("/settings/terms/new", term("term", "Autumn term", "2026-09-02", "2026-12-18"), "Add")
    admin.submit("/settings/terms/new", term("holiday", "Half term", "2026-10-24", "2026-11-01"), "Add")
    admin.submit("/settings/terms/new", term("holiday", "Inset day", "2026-11-27", "2026-11-27"), "Add")
    assert "School year 2026 to 2027: 72 school days" in " ".join(admin.get("/settings/terms").text.split())
    calendar = queries.calendar(work, village.authority.id)
    assert school_days_between(d("2026-10-22"), d("2026-11-03"), *calendar) == 3
    assert queries.calendar(work, village.elsewhere.id) == ([], frozenset())


def test_what_overlaps_is_refused_and_what_was_typed_is_kept(admin: LintingClient, work: Work) -> None:
    admin.submit("/settings/terms/new", term("term", "Autumn term", "2026-09-02", "2026-12-18"), "Add")
    page = admin.submit("/settings/terms/new", term("term", "Winter term", "2026-12-18", "2027-02-12"), "Add").text
    assert "another term covers some of these" in page
    assert "Winter term" in page
    page = admin.submit("/settings/terms/new", term("term", "Long term", "2027-01-05", "2027-09-03"), "Add").text
    assert "Enter days of one school year" in page
    assert len(work.session.scalars(select(TermDate)).all()) == 1


def test_a_term_is_changed_and_removed(admin: LintingClient, village: Village, work: Work) -> None:
    known = service.add_term_date(work, village.authority.id, autumn())
    work.session.commit()
    url = f"/settings/terms/{known.reference}"
    assert admin.submit(url, boxes("last_on", "2026-12-17"), "Save changes").location == "/settings/terms"
    work.session.expire_all()
    assert known.last_on == d("2026-12-17")
    assert admin.submit(url, {}, "Remove it from the calendar").location == "/settings/terms"
    assert work.session.scalars(select(TermDate)).all() == []
    kinds = work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)).all()
    assert [kind for kind in kinds if kind.startswith("TermDate")] == ["TermDateSet", "TermDateSet", "TermDateRemoved"]


def test_an_older_page_changes_no_term(work: Work, village: Village) -> None:
    known = service.add_term_date(work, village.authority.id, autumn())
    with pytest.raises(ChangedMeanwhile):
        service.change_term_date(work, known, autumn(name="Other"), 99)
    with pytest.raises(ChangedMeanwhile):
        service.remove_term_date(work, known, 99)
    with pytest.raises(Refusal):
        service.change_term_date(work, known, autumn(name=" "), known.version)


def test_a_term_is_no_obstacle_to_itself(work: Work, village: Village) -> None:
    known = service.add_term_date(work, village.authority.id, autumn())
    service.change_term_date(work, known, autumn(first_on=d("2026-09-03")), known.version)
    assert known.first_on == d("2026-09-03")


def test_another_authoritys_terms_are_not_there(client_as: ClientAs, village: Village, work: Work) -> None:
    known = service.add_term_date(work, village.authority.id, autumn())
    work.session.commit()
    client = client_as(village.stranger[Role.ADMINISTRATOR])
    assert "Autumn term" not in client.get("/settings/terms").text
    assert client.get(f"/settings/terms/{known.reference}").status_code == 404
    assert client.post(f"/settings/terms/{known.reference}/remove").status_code in (400, 404)
    assert client_as(village.staff[Role.AUDITOR]).get(f"/settings/terms/{known.reference}").status_code == 403
