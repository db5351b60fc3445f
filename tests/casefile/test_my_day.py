"""An officer's day: what waits, why and by when; in which order; and several children given at once."""

import re
from collections.abc import Callable, Sequence
from datetime import date, time, timedelta
from typing import Any

import pytest
from sqlalchemy import event, select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile.queries import today as queries
from ehe_portal.contact.models import Contact, ContactClock, Visit
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.work import Work
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.models import Evidence, Outcome
from ehe_portal.evidence.rules import all_satisfied
from ehe_portal.evidence.service import Finding
from ehe_portal.policy.models import PolicyValues
from ehe_portal.policy.service import set_values
from ehe_portal.register import service as register
from ehe_portal.register.models import Child, Episode, PossibleDouble, Registration
from tests.pages import LintingClient, tree_of, words_of
from tests.village import Village, an_account, move_in, open_episodes

ClientAs = Callable[[Account | None], LintingClient]
HELD = (ContactKind.HOME_VISIT, ContactOutcome.HELD)


def read(client: LintingClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200, (url, response.status_code)
    return words_of(tree_of(response.get_data(as_text=True)))


def names_on(client: LintingClient, url: str) -> list[str]:
    """The names in the rows of a page, in their order."""
    page = tree_of(client.get(url).get_data(as_text=True))
    rows = [row for row in page.iter() if row.tag.endswith("}th") and row.get("scope") == "row"]
    return [words_of(row) for row in rows if any(part.tag.endswith("}a") for part in row.iter())]


@pytest.fixture
def everything(work: Work, village: Village) -> Village:
    """One thing of every kind waits about Ada; Ben and Cleo are overdue."""
    ada, parent = village["Ada"], village.parents["Ada"]
    keys: dict[str, Any] = {"authority_id": village.authority.id, "child_id": ada.id}
    sent: dict[str, Any] = {"sent_at": work.at, "sent_on": work.today}
    work.session.add_all(
        [
            Registration(**keys, account_id=parent.id, answers={}, submitted_at=work.at),
            Evidence(**keys, account_id=parent.id, **sent, written_account="We read."),
            Contact(**keys, happened_on=work.today, kind=ContactKind.LETTER, outcome=ContactOutcome.RECEIVED,
                    recorded_at=work.at),
            Visit(**keys, kind=ContactKind.HOME_VISIT, on_date=work.today, at_time=time(10, 30),
                  adviser_id=village.adviser.id, offered_at=work.at),
            PossibleDouble(authority_id=village.authority.id, child_id=village["Esi"].id,
                           other_child_id=village["Ben"].id, score=90, found_on=work.today),
        ]
    )  # fmt: skip
    work.session.flush()
    register.assign(work, episode_of(work, village["Ivo"]), village.adviser)
    work.session.flush()
    return village


def episode_of(work: Work, child: Child) -> Episode:
    return work.session.scalars(select(Episode).where(Episode.child_id == child.id, Episode.closed_on.is_(None))).one()


def day_of(new_work: Callable[..., Work], account: Account, whose: int | None) -> dict[str, queries.Waiting]:
    work = new_work(account, writing=False)
    desk = queries.desk(work, whose)
    return {one.kind.key: one for one in queries.day(desk, queries.kinds_of(work))}


def test_one_thing_of_every_kind(everything: Village, new_work: Callable[..., Work]) -> None:
    adviser = everything.adviser
    waiting = day_of(new_work, adviser, adviser.id)
    counts = {key: one.count for key, one in waiting.items()}
    assert counts == {"registration": 1, "overdue": 2, "visit": 1, "writing": 1, "evidence": 1, "double": 1,
                      "unseen": 3, "handed": 1, "due": 1}  # fmt: skip
    assert [item.child_name for item in waiting["handed"].items] == ["Ivo Jones"]
    assert [item.child_name for item in waiting["overdue"].items] == ["Ben Carter", "Cleo Dunn"]


def test_another_authority_sees_none_of_it(everything: Village, new_work: Callable[..., Work]) -> None:
    stranger = everything.stranger[Role.EHE_MANAGER]
    seen = {item.child_name for one in day_of(new_work, stranger, None).values() for item in one.items}
    assert seen <= {"Zoe Young"}


def test_a_colleague_sees_only_what_is_everyones(
    everything: Village, work: Work, new_work: Callable[..., Work]
) -> None:
    colleague = an_account(work, everything.authority, Role.ADVISER, "new@wessex.example", "Nia Wessex")
    assert set(day_of(new_work, colleague, colleague.id)) == {"registration", "double"}


@pytest.mark.parametrize(
    ("role", "kinds"),
    [
        (Role.CME_OFFICER, {"not-back", "escalation", "overdue", "going", "visit", "handed", "due", "unfinished",
                            "letters"}),
        (Role.HEAD_OF_SERVICE, {"not-back", "escalation", "overdue", "handed", "due", "unfinished", "destination",
                                "school-age", "ended", "approval", "orders", "order-steps", "complaint"}),
    ],
)  # fmt: skip
def test_only_what_one_may_deal_with_is_offered(
    village: Village, new_work: Callable[..., Work], role: Role, kinds: set[str]
) -> None:
    assert set(queries.kinds_of(new_work(village.staff[role]))) == kinds


def test_by_when_follows_the_values_in_force(
    everything: Village, work: Work, new_work: Callable[..., Work], clock: Any
) -> None:
    adviser = everything.adviser
    before = day_of(new_work, adviser, adviser.id)
    assert before["registration"].items[0].by == date(2026, 3, 19)  # five working days after Thursday the 12th
    set_values(work, everything.authority.id, PolicyValues(acknowledge_days=2, confirm_writing_days=1), clock.at.date())
    after = day_of(new_work, adviser, adviser.id)
    assert after["registration"].items[0].by == date(2026, 3, 16)
    assert after["writing"].items[0].by == date(2026, 3, 13)


def test_a_decision_takes_evidence_from_the_day(everything: Village, new_work: Callable[..., Work], clock: Any) -> None:
    """What is sent after it waits again."""
    adviser, ada = everything.adviser, everything["Ada"]
    evidence.assess(new_work(adviser), ada, Finding(Outcome.SUITABLE, "Maps.", criteria=all_satisfied(other="Maps")))
    assert "evidence" not in day_of(new_work, adviser, adviser.id)
    clock.at += timedelta(days=1)
    evidence.submit(new_work(everything.parents["Ada"]), ada, "We read more.")
    assert day_of(new_work, adviser, adviser.id)["evidence"].count == 1


def test_a_child_handed_long_ago_or_taken_oneself_is_no_news(
    everything: Village, work: Work, new_work: Callable[..., Work], clock: Any
) -> None:
    adviser = everything.adviser
    clock.at += timedelta(days=15)
    assert "handed" not in day_of(new_work, adviser, adviser.id)
    own = new_work(adviser)
    register.assign(own, episode_of(own, everything["Ada"]), None)
    register.assign(own, episode_of(own, everything["Ada"]), adviser)
    own.session.flush()
    assert "handed" not in day_of(new_work, adviser, adviser.id)


def test_the_clock_knows_whose_the_child_is(everything: Village, work: Work) -> None:
    ivo = work.session.scalars(select(ContactClock).where(ContactClock.child_id == everything["Ivo"].id)).one_or_none()
    assert ivo is not None
    assert ivo.adviser_id == everything.adviser.id
    register.assign(work, episode_of(work, everything["Ben"]), None)
    work.session.expire_all()
    ben = work.session.scalars(select(ContactClock).where(ContactClock.child_id == everything["Ben"].id)).one()
    assert ben.adviser_id is None


def test_a_child_with_a_waiting_registration_has_its_doubles_there(
    everything: Village, work: Work, new_work: Callable[..., Work]
) -> None:
    keys: dict[str, Any] = {"authority_id": everything.authority.id, "child_id": everything["Ada"].id}
    other = PossibleDouble(**keys, other_child_id=everything["Ben"].id, score=80, found_on=work.today)
    work.session.add(other)
    work.session.flush()
    shown = day_of(new_work, everything.adviser, None)["double"]
    assert [item.child_name for item in shown.items] == ["Esi Fraser"]


# Pages


def test_orders_and_kinds_stand_in_the_address(everything: Village, client_as: ClientAs) -> None:
    client = client_as(everything.adviser)
    by_urgency = names_on(client, "/my-day")
    assert by_urgency.index("Ben Carter") < by_urgency.index("Ivo Jones")
    by_name = names_on(client, "/my-day?sort=name")
    assert by_name == sorted(by_name, key=lambda name: name.split()[::-1])
    assert set(by_name) == set(by_urgency)
    by_date = names_on(client, "/my-day?sort=date")
    assert by_date[:2] == ["Ben Carter", "Cleo Dunn"]
    one = read(client, "/my-day?kind=overdue&sort=name")
    assert one.startswith("Contact overdue")
    assert names_on(client, "/my-day?kind=overdue&sort=name") == ["Ben Carter", "Cleo Dunn"]
    assert read(client, "/my-day?kind=nonsense&sort=x&whose=y&from=z").startswith("My day")
    assert "No escalation is open" in read(client, "/my-day?kind=escalation")


def test_each_row_leads_to_what_deals_with_it(everything: Village, client_as: ClientAs) -> None:
    client = client_as(everything.adviser)
    page = client.get("/my-day").get_data(as_text=True)
    ada = everything["Ada"].reference
    for address in (r"/registrations/[0-9A-Z]{10}", rf"/children/{ada}/contact/record\?visit=[0-9A-Z]{{10}}",
                    rf"/children/{ada}/contact/[0-9A-Z]{{10}}/confirm", rf"/children/{ada}/evidence",
                    rf"/doubles/{everything['Esi'].reference}"):  # fmt: skip
        found = re.search(rf'<th scope="row"[^>]*><a class="govuk-link" href="({address})"', page)
        assert found, address
        assert client.get(found[1]).status_code == 200


def crowd(work: Work, village: Village, how_many: int, first: int = 0) -> None:
    """Many families of one adviser who have been silent a little too long."""
    open_episodes(
        work,
        [
            move_in(work, village.authority, f"Kit{number:03}", "Lane", date(2014, 4, 4), date(2024, 1, 10),
                    adviser=village.adviser, contacts=((date(2025, 3, 5), *HELD),))
            for number in range(first, first + how_many)
        ],
    )  # fmt: skip


def test_a_kind_is_turned_page_by_page_and_back(village: Village, work: Work, client_as: ClientAs) -> None:
    crowd(work, village, 110)
    client = client_as(village.adviser)
    assert f"Contact overdue ({112})" in read(client, "/my-day")

    def turn(url: str, which: str) -> str:
        page = client.get(url).get_data(as_text=True)
        found = re.search(rf'govuk-pagination__{which}">\s*<a[^>]*href="([^"]+)"', page)
        assert found is not None, which
        assert "Kit" not in found[1]
        return found[1].replace("&amp;", "&")

    for sort in ("date", "name"):
        first = f"/my-day?kind=overdue&sort={sort}"
        second = turn(first, "next")
        third = turn(second, "next")
        names = [name for url in (first, second, third) for name in names_on(client, url)]
        assert len(names) == len(set(names)) == 112
        assert names_on(client, turn(third, "prev")) == names_on(client, second)
        assert names_on(client, turn(turn(third, "prev"), "prev")) == names_on(client, first)


def asked_by(work: Work, client: LintingClient, url: str) -> Sequence[str]:
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if statement.startswith("SELECT"):
            statements.append(statement)

    engine = work.session.get_bind()
    event.listen(engine, "before_cursor_execute", note)
    try:
        assert client.get(url).status_code == 200
    finally:
        event.remove(engine, "before_cursor_execute", note)
    return statements


def test_a_day_asks_few_questions_however_full_it_is(village: Village, work: Work, client_as: ClientAs) -> None:
    client = client_as(village.adviser)
    crowd(work, village, 10)
    urls = ("/my-day", "/my-day?sort=name", "/my-day?kind=overdue")
    few = [len(asked_by(work, client, url)) for url in urls]
    crowd(work, village, 290, first=10)
    assert [len(asked_by(work, client, url)) for url in urls] == few
    assert max(few) <= len(queries.KINDS) + 3


# Several at once


def test_a_manager_gives_several_children_at_once(village: Village, work: Work, client_as: ClientAs) -> None:
    manager = client_as(village.staff[Role.EHE_MANAGER])
    other = an_account(work, village.authority, Role.ADVISER, "new@wessex.example", "Nia Wessex")
    page = manager.get("/my-day?kind=overdue").get_data(as_text=True)
    chosen = re.findall(r'name="child" type="checkbox" value="([0-9A-Z]{10})"', page)
    assert set(chosen) == {village["Ben"].reference, village["Cleo"].reference}
    url = "/my-day/give?" + "&".join(f"child={one}" for one in chosen)
    words = read(manager, url)
    assert "You chose 2 children" in words
    assert f"Ben Carter: now with {village.adviser.name}" in words
    refused = manager.submit(url)
    assert "Select an adviser" in words_of(tree_of(refused.get_data(as_text=True)))
    done = manager.submit(url, {"adviser": other.reference})
    assert done.status_code == 302
    told = read(manager, done.location)
    assert "Given to Nia Wessex: 2" in told
    assert "Left as they are" not in told
    for name in ("Ben", "Cleo"):
        assert episode_of(work, village[name]).adviser_id == other.id
    kinds = work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id.desc()).limit(2)).all()
    assert kinds == ["EpisodeAssigned", "EpisodeAssigned"]


def test_a_row_changed_meanwhile_is_left_and_told(village: Village, work: Work, client_as: ClientAs) -> None:
    manager = client_as(village.staff[Role.EHE_MANAGER])
    other = an_account(work, village.authority, Role.ADVISER, "new@wessex.example", "Nia Wessex")
    third = an_account(work, village.authority, Role.ADVISER, "old@wessex.example", "Ola Wessex")
    ben, cleo = village["Ben"], village["Cleo"]
    url = f"/my-day/give?child={ben.reference}&child={cleo.reference}"
    page = manager.get(url).get_data(as_text=True)
    seen = re.search(r'name="seen" value="([^"]+)"', page)
    assert seen is not None
    register.assign(work, episode_of(work, ben), third)
    work.session.flush()
    done = manager.submit(url, {"adviser": other.reference, "seen": seen[1]})
    told = read(manager, done.location)
    assert "Given to Nia Wessex: 1 Cleo Dunn: now with Nia Wessex" in told
    assert "Left as they are: 1" in told
    assert "Ben Carter: now with Ola Wessex" in told
    assert episode_of(work, ben).adviser_id == third.id


def test_nobody_is_given_to_who_may_not_have_them(village: Village, work: Work, client_as: ClientAs) -> None:
    manager = client_as(village.staff[Role.EHE_MANAGER])
    url = f"/my-day/give?child={village['Ben'].reference}&child={village['Zoe'].reference}"
    assert "Zoe" not in read(manager, url), "a child of another authority cannot be chosen"
    shown = manager.submit(url, {"adviser": village.cme_officer.reference})
    assert shown.status_code == 200
    assert episode_of(work, village["Ben"]).adviser_id == village.adviser.id
    assert "have not chosen a child" in read(manager, "/my-day/give")


def test_an_adviser_has_nothing_to_tick(village: Village, client_as: ClientAs) -> None:
    client = client_as(village.adviser)
    assert 'type="checkbox"' not in client.get("/my-day").get_data(as_text=True)
    assert client.get("/my-day/give").status_code == 403
