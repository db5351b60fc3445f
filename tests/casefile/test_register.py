"""The register as a list: columns, filters, orders, kept lists, and the file of what is shown."""

import csv
import io
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile import service
from ehe_portal.casefile.models import SavedList
from ehe_portal.casefile.queries import register as queries
from ehe_portal.casefile.views import register as views
from ehe_portal.core.codes import ContactKind, ContactOutcome, SenStatus
from ehe_portal.core.school_age import year_born, year_group
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason
from ehe_portal.register.models import Child, PossibleDouble, Registration
from tests.casefile.test_my_day import asked_by, names_on
from tests.pages import LintingClient, form_of, tree_of, words_of
from tests.village import Village, a_child

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def officer(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.adviser)


def read(client: LintingClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return words_of(tree_of(response.get_data(as_text=True)))


def listed(client: LintingClient, url: str) -> list[str]:
    """The surnames on a page, in their order."""
    return [name.partition(",")[0] for name in names_on(client, url)]


def found_by(client: LintingClient, typed: str) -> list[str]:
    led = client.submit("/register", {"find-words": typed}, button="Search")
    assert led.status_code == 302
    return listed(client, led.location)


# Columns and filters


def test_columns_are_those_that_were_chosen(officer: LintingClient) -> None:
    usual = read(officer, "/register")
    assert "Next contact due" in usual
    page = officer.get("/register?columns=year&columns=sen&columns=reference&columns=postcode&columns=last-seen")
    headings = re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', page.get_data(as_text=True))
    assert headings == ["Name", "School year", "Last seen", "SEN", "Reference", "Postcode"]
    words = words_of(tree_of(page.get_data(as_text=True)))
    assert "Byrne, Ada Year 6 None yet Not known W-Ada BH16 6AA" in words


def test_every_column_says_something(officer: LintingClient) -> None:
    every = "&".join(f"columns={key}" for key in queries.COLUMNS)
    words = read(officer, f"/register?{every}&state=all")
    for said in ("Child protection plan", "Close", "Flexi-schooling", "Closed: on roll at a school", "With the team",
                 "1 December 2026", "in 264 days", "24 February 2026"):  # fmt: skip
        assert said in words, said


@pytest.mark.parametrize(
    ("asked", "names"),
    [
        ("social_care=cp", ["Fraser"]),
        ("sen=ehcp", ["Dunn"]),
        ("year=6", ["Byrne"]),
        ("due=overdue", ["Carter", "Dunn"]),
        ("due=4-weeks", ["Fraser"]),
        ("due=none", ["Hart"]),
        ("seen=never", ["Gray", "Hart", "Jones"]),
        ("double=yes", ["Carter", "Fraser"]),
        ("due=lapsed", []),
        ("tier=close&due=overdue", []),
        ("adviser=team", ["Jones"]),
    ],
)
def test_the_list_is_narrowed(
    officer: LintingClient, work: Work, village: Village, asked: str, names: list[str]
) -> None:
    work.session.get_one(Child, village["Cleo"].id).sen_status = SenStatus.EHCP
    pair: dict[str, Any] = {"child_id": village["Esi"].id, "other_child_id": village["Ben"].id}
    work.session.add(PossibleDouble(authority_id=village.authority.id, **pair, score=90, found_on=work.today))
    visit = (date(2026, 3, 1), ContactKind.HOME_VISIT, ContactOutcome.HELD, {"child_seen": "yes"})
    a_child(work, village.authority, "Kit", "Lane", date(2013, 3, 3), date(2025, 11, 3), contacts=(visit,))
    work.session.flush()
    shown = [name for name in listed(officer, f"/register?{asked}") if name != "Lane"]
    seen = {"Byrne", "Carter", "Dunn", "Fraser"} if asked == "seen=never" else set()
    assert [name for name in shown if name not in seen] == names


def test_a_year_group_is_a_range_of_birthdays() -> None:
    for on in (date(2026, 3, 12), date(2026, 8, 31), date(2026, 9, 1), date(2026, 12, 31)):
        for group in range(12):
            first, last = year_born(group, on)
            assert year_group(first, on) == year_group(last, on) == group
            assert (last - first).days in (364, 365)


def test_orders(officer: LintingClient) -> None:
    by_due = listed(officer, "/register?sort=due")
    assert by_due[:3] == ["Gray", "Carter", "Dunn"]
    assert set(by_due) == set(listed(officer, "/register")), "those without a clock come last, but they come"
    assert by_due[-1] == "Hart"
    opened = listed(officer, "/register?sort=opened")
    assert opened[0] == "Fraser"
    assert set(opened) == set(by_due)


@pytest.mark.parametrize("sort", ["name", "due", "opened"])
def test_every_order_is_turned_to_its_end_and_back(
    officer: LintingClient, work: Work, village: Village, sort: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(4):
        a_child(work, village.authority, f"Kit{number}", "Hart", date(2014, 4, 4), date(2025, 11, 3))
    everyone = listed(officer, f"/register?sort={sort}")
    lines = queries.lines
    monkeypatch.setattr(queries, "lines", lambda work, wanted, key: lines(work, wanted, key, size=3))

    def turn(page: str, which: str) -> str | None:
        found = re.search(rf'govuk-pagination__{which}">\s*<a[^>]*href="([^"]+)"', page)
        return found[1].replace("&amp;", "&") if found else None

    seen: list[str] = []
    urls = [f"/register?sort={sort}"]
    while True:
        page = officer.get(urls[-1]).get_data(as_text=True)
        seen += listed(officer, urls[-1])
        following = turn(page, "next")
        if following is None:
            break
        assert re.search(r"Kit\d|Hart", following) is None
        urls.append(following)
    assert seen == everyone
    back = turn(officer.get(urls[-1]).get_data(as_text=True), "prev")
    assert back is not None
    assert listed(officer, back) == listed(officer, urls[-2])


def test_the_list_asks_few_questions(officer: LintingClient, work: Work, village: Village) -> None:
    every = "&".join(f"columns={key}" for key in queries.COLUMNS)
    for url in ("/register", f"/register?{every}&sort=due&seen=never&double=yes"):
        few = len(asked_by(work, officer, url))
        for number in range(12):
            a_child(work, village.authority, f"Kit{number}{len(url)}", "Lane", date(2014, 4, 4), date(2025, 11, 3))
        assert len(asked_by(work, officer, url)) == few <= 6


# Search


@pytest.mark.parametrize(
    ("typed", "surname"),
    [
        ("o brien", "O’Brien"),
        ("O'BRIEN", "O’Brien"),
        ("obrien saoirse", "O’Brien"),
        ("saoirse o'bri", "O’Brien"),
        ("alhassan", "Al-Hassan"),
        ("al hassan", "Al-Hassan"),
        ("annemarie", "Al-Hassan"),
        ("zielinski", "Zieliński"),
        ("w-kit", "Al-Hassan"),
        ("W-KIT", "Al-Hassan"),
    ],
)
def test_names_are_found_as_people_type_them(
    officer: LintingClient, work: Work, village: Village, typed: str, surname: str
) -> None:
    from ehe_portal.register.service import sort_name

    for ref, forename, family in (("Ada", "Saoirse", "O’Brien"), ("Ben", "Jan", "Zieliński")):
        child = work.session.get_one(Child, village[ref].id)
        child.legal_forename, child.legal_surname = forename, family
        child.sort_name = sort_name(forename, family)
    kit = a_child(work, village.authority, "Kit", "Lane", date(2014, 4, 4), date(2025, 11, 3))
    kit.legal_forename, kit.legal_surname = "Anne-Marie", "Al-Hassan"
    kit.sort_name = sort_name(kit.legal_forename, kit.legal_surname)
    kit.authority_ref = "W-KIT"
    work.session.flush()
    assert found_by(officer, typed) == [surname]


def test_a_child_is_found_by_the_reference_of_anything_about_it(
    officer: LintingClient, work: Work, village: Village
) -> None:
    keys: dict[str, Any] = {"authority_id": village.authority.id, "child_id": village["Ada"].id}
    registration = Registration(**keys, account_id=village.parents["Ada"].id, answers={}, submitted_at=work.at)
    raised: dict[str, Any] = {"raised_on": work.today, "raised_at": work.at, "words": "A worry"}
    escalation = Escalation(**keys, episode_id=None, reason=Reason.CONCERN, **raised)
    work.session.add_all([registration, escalation])
    work.session.flush()
    for reference in (village["Ada"].reference, registration.reference, escalation.reference):
        assert found_by(officer, reference.lower()) == ["Byrne"]
    assert found_by(officer, village["Zoe"].reference) == []


def test_a_protected_address_finds_nobody_and_is_not_listed(
    officer: LintingClient, work: Work, village: Village
) -> None:
    assert "Byrne" in found_by(officer, "BH16 6AA")
    work.session.get_one(Child, village["Ada"].id).protected = True
    work.session.flush()
    assert "Byrne" not in found_by(officer, "BH16 6AA")
    assert "Byrne, Ada Not shown" in read(officer, "/register?columns=postcode")
    assert ["Byrne", "Ada", "Not shown"] in taken(officer, "/register/export?columns=postcode")


# Lists that are kept


def test_a_list_is_kept_opened_and_deleted(
    officer: LintingClient, work: Work, client_as: ClientAs, village: Village
) -> None:
    page = officer.get("/register?due=overdue&sort=due&columns=due&columns=year").get_data(as_text=True)
    keep = re.search(r'href="(/register/lists/new[^"]+)"', page)
    assert keep is not None
    address = keep[1].replace("&amp;", "&")
    assert "Enter a name for the list" in words_of(tree_of(officer.submit(address).get_data(as_text=True)))
    kept = officer.submit(address, {"name": "Late ones"})
    assert kept.status_code == 302
    assert listed(officer, kept.location) == ["Carter", "Dunn"]
    again = officer.submit(address, {"name": "late ONES"})
    assert "you have a list of this name" in words_of(tree_of(again.get_data(as_text=True)))
    mine = officer.get("/register").get_data(as_text=True)
    link = re.search(r'href="([^"]+)">Late ones</a>', mine)
    assert link is not None
    opened = link[1].replace("&amp;", "&")
    assert listed(officer, opened) == ["Carter", "Dunn"]
    assert re.findall(r'<th scope="col"[^>]*>([^<]+)</th>', officer.get(opened).get_data(as_text=True)) == [
        "Name",
        "School year",
        "Next contact due",
    ]
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert "Late ones" not in read(manager, "/register")
    reference = work.session.scalars(select(SavedList.reference)).one()
    assert manager.post(f"/register/lists/{reference}/delete", data=token(manager)).status_code == 404
    own = client_as(village.adviser)
    assert own.submit("/register/lists", button="Delete Late ones").location == "/register/lists"
    assert work.session.scalars(select(SavedList)).all() == []


def test_words_of_a_search_are_never_kept(officer: LintingClient, work: Work) -> None:
    led = officer.submit("/register", {"find-words": "carter"}, button="Search")
    address = led.location.replace("/register?", "/register/lists/new?")
    officer.submit(address, {"name": "Found"})
    assert work.session.scalars(select(SavedList)).one().asked == {"state": "all"}


def test_lists_have_an_end(officer: LintingClient, work: Work, village: Village) -> None:
    for number in range(30):
        work.session.add(
            SavedList(authority_id=village.authority.id, account_id=village.adviser.id, name=f"List {number}", asked={})
        )
    work.session.flush()
    shown = officer.submit("/register/lists/new?due=overdue", {"name": "One more"})
    assert "can have no more" in words_of(tree_of(shown.get_data(as_text=True)))


def token(client: LintingClient) -> dict[str, str]:
    _, fields = form_of(client.get("/register").get_data(as_text=True))
    return {"csrf_token": fields["csrf_token"]}


# The file


def taken(client: LintingClient, url: str) -> list[list[str]]:
    """The rows of the file that a list is taken away as, without its head."""
    answer = client.post(url, data=token(client))
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    assert "attachment" in answer.headers["Content-Disposition"]
    assert answer.headers["Cache-Control"] == "no-store"
    return list(csv.reader(io.StringIO(answer.get_data(as_text=True))))[1:]


def test_the_file_has_what_is_shown_on_all_pages(
    officer: LintingClient, work: Work, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(views, "PORTION", 2)
    page = officer.get("/register?due=overdue&columns=due&columns=tier").get_data(as_text=True)
    form = re.search(r'action="(/register/export[^"]*)"', page)
    assert form is not None
    rows = taken(officer, form[1].replace("&amp;", "&"))
    assert rows == [["Carter", "Ben", "Annual", "2026-01-15"], ["Dunn", "Cleo", "Annual", "2026-03-05"]]
    assert len(taken(officer, "/register/export?sort=due")) == len(listed(officer, "/register"))


def test_a_cell_is_never_a_formula(officer: LintingClient, work: Work, village: Village) -> None:
    for name, typed in (("Ada", "=HYPERLINK(1)"), ("Ben", "+44"), ("Cleo", "-1"), ("Esi", "@x"), ("Finn", "\tx")):
        work.session.get_one(Child, village[name].id).legal_forename = typed
    work.session.flush()
    firsts = {row[1] for row in taken(officer, "/register/export")}
    assert {"'=HYPERLINK(1)", "'+44", "'-1", "'@x", "'\tx"} <= firsts


def test_it_is_noted_who_took_what_and_never_whom_it_named(
    officer: LintingClient, work: Work, village: Village
) -> None:
    led = officer.submit("/register", {"find-words": "carter"}, button="Search")
    taken(officer, led.location.replace("/register?", "/register/export?") + "&columns=postcode")
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "RegisterExported")).one()
    assert entry.actor_id == village.adviser.id
    assert entry.authority_id == village.authority.id
    assert entry.details == {"rows": 1, "filters": ["state=all", "search"], "columns": ["postcode"]}
    assert "arter" not in str(entry.details)


def test_it_is_noted_before_anything_leaves(officer: LintingClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(service, "note_export", fail)
    answer = officer.post("/register/export", data=token(officer))
    assert answer.status_code == 500
    assert "Byrne" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.CME_OFFICER, Role.HEAD_OF_SERVICE])
def test_only_some_may_take_a_file(client_as: ClientAs, village: Village, role: Role) -> None:
    client = client_as(village.staff[role])
    may = Permission.REGISTER_EXPORT in GRANTS[role]
    assert ("Download as a CSV file" in read(client, "/register")) is may
    assert client.post("/register/export", data=token(client)).status_code == (200 if may else 403)


def test_a_file_is_of_this_authority_alone(client_as: ClientAs, village: Village) -> None:
    stranger = client_as(village.stranger[Role.EHE_MANAGER])
    assert [row[0] for row in taken(stranger, "/register/export?state=all")] == ["Young"]
