"""The team's load, and moving children in bulk: what managers see, what is checked before it is done."""

from collections.abc import Callable
from datetime import date, time, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.casefile.queries import team
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import ContactClock, Visit
from ehe_portal.core.codes import ContactKind, Tier
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.work import Work
from ehe_portal.escalation.models import Escalation, Reason, State
from ehe_portal.register import service as register
from ehe_portal.register.models import Episode
from tests.pages import LintingClient, form_of, tree_of, words_of
from tests.village import Village, an_account

ClientAs = Callable[[Account | None], LintingClient]


@pytest.fixture
def ida(work: Work, village: Village) -> Account:
    """One more adviser."""
    return an_account(work, village.authority, Role.ADVISER, "ida@wessex.example", "Ida Wessex")


@pytest.fixture
def manager(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.staff[Role.EHE_MANAGER])


def read(page: str) -> str:
    return words_of(tree_of(page))


def a_visit(work: Work, village: Village, name: str, adviser: Account | None, days: int = 3) -> Visit:
    """A visit on offer."""
    visit = Visit(
        authority_id=village.authority.id,
        child_id=village[name].id,
        kind=ContactKind.HOME_VISIT,
        on_date=work.today + timedelta(days=days),
        at_time=time(10, 30),
        adviser_id=adviser.id if adviser else None,
        offered_at=work.at,
    )
    work.session.add(visit)
    work.session.flush()
    return visit


def test_who_has_how_many_and_what_needs_them(
    work: Work, village: Village, ida: Account, new_work: Callable[..., Work]
) -> None:
    lapsed = work.session.scalars(select(ContactClock).where(ContactClock.child_id == village["Ben"].id)).one()
    contact.lapse(work, [lapsed.id])
    ida.away_from = work.today
    work.session.flush()
    loads = {one.name: one for one in team.team_load(new_work(village.staff[Role.EHE_MANAGER]))}
    own = loads[village.adviser.name]
    assert (own.children, own.annual, own.half_yearly, own.close) == (6, 5, 0, 1)
    # Ben has lapsed, Cleo is overdue, Esi is due soon; Finn is past compulsory school age, so nothing is due for him.
    assert (own.lapsed, own.overdue, own.due_soon, own.rest) == (1, 1, 1, 3)
    assert (loads[ida.name].children, loads[ida.name].away) == (0, "Away")
    assert (loads["With the team"].children, loads["With the team"].reference) == (1, None)
    elsewhere = team.team_load(new_work(village.stranger[Role.EHE_MANAGER]))
    assert [(one.name, one.children) for one in elsewhere] == [("Ann Mercia", 0), ("With the team", 1)]


def test_the_picture_says_in_words_what_it_shows(manager: LintingClient, village: Village, ida: Account) -> None:
    page = manager.get("/team").text
    assert f'aria-label="{village.adviser.name}: 2 overdue, 1 due in four weeks, 3 nothing due"' in page
    assert f'aria-label="{ida.name}: no children"' in page
    assert "Due in 4 weeks" in read(page)


def test_what_nobody_can_keep_is_flagged(manager: LintingClient, village: Village, ida: Account, work: Work) -> None:
    assert "nobody is named for" not in manager.get("/team").text
    a_visit(work, village, "Ada", None)
    a_visit(work, village, "Ben", village.adviser)
    ida.is_active = False
    owned = Escalation(
        authority_id=village.authority.id, child_id=village["Cleo"].id, episode_id=None, reason=Reason.CONCERN,
        raised_on=work.today, raised_at=work.at, state=State.TRIAGED, owner_id=ida.id, next_on=work.today,
    )  # fmt: skip
    acknowledged = Escalation(
        authority_id=village.authority.id, child_id=village["Esi"].id, episode_id=None, reason=Reason.CONCERN,
        raised_on=work.today, raised_at=work.at, state=State.ACKNOWLEDGED, acknowledged_at=work.at,
        acknowledged_by_id=ida.id,
    )  # fmt: skip
    work.session.add_all([owned, acknowledged])
    work.session.commit()
    words = read(manager.get("/team").text)
    assert "Visits that nobody is named for" in words
    assert "Ada Byrne" in words
    assert "Ben Carter" not in words
    assert "Escalations whose owner has left" in words
    assert "Cleo Dunn" in words
    assert "Esi Fraser" in words


# Moving


def pick(client: LintingClient, url: str = "/team/move", **filled: Any) -> Any:
    return client.submit(url, {f"pick-{name}": value for name, value in filled.items()}, "Continue")


def test_a_manager_moves_all_of_an_advisers_children(
    manager: LintingClient, village: Village, ida: Account, work: Work
) -> None:
    visit = a_visit(work, village, "Ada", village.adviser)
    other = a_visit(work, village, "Ben", village.staff[Role.EHE_MANAGER])
    url = f"/team/move?adviser={village.adviser.reference}"
    assert "6 children match" in read(manager.get(url).text)
    check = pick(manager, url, which="all", how="one", adviser=ida.reference).location
    words = read(manager.get(check).text)
    assert "6 children move. 1 visit or call that is offered goes along." in words
    assert "Ida Wessex 0 6 6" in words
    assert manager.submit(check, {}, "Move 6 children").location == "/team"
    assert "6 children have been moved" in read(manager.get("/team").text)
    work.session.expire_all()
    held = work.session.scalars(select(Episode).where(Episode.adviser_id == ida.id)).all()
    assert len(held) == 6
    assert visit.adviser_id == ida.id
    assert other.adviser_id == village.staff[Role.EHE_MANAGER].id, "what somebody else offered stays theirs"
    (mail,) = work.session.scalars(
        select(OutgoingMessage).where(OutgoingMessage.template == "children-handed-over")
    ).all()
    assert (mail.to_address, mail.context) == (ida.email, {"how_many": 6})
    chronology = read(manager.get(f"/children/{village['Ada'].reference}/chronology").text)
    assert "Adviser changed" in chronology
    assert "Adviser: Ida Wessex" in chronology
    assert "Visit or call handed over" in chronology


def test_only_those_ticked_are_moved(manager: LintingClient, village: Village, ida: Account, work: Work) -> None:
    ticked = [village["Ada"].reference, village["Esi"].reference]
    check = pick(manager, which="ticked", child=ticked, how="evenly", advisers=[ida.reference]).location
    assert sorted(parse_qs(urlsplit(check).query)["child"]) == sorted(ticked)
    manager.submit(check, {}, "Move 2 children")
    work.session.expire_all()
    held = work.session.scalars(select(Episode.child_id).where(Episode.adviser_id == ida.id)).all()
    assert sorted(held) == sorted([village["Ada"].id, village["Esi"].id])


def test_days_away_and_the_teams_are_warned_of(
    manager: LintingClient, village: Village, ida: Account, work: Work
) -> None:
    check = pick(manager, which="all", how="one", adviser=ida.reference).location
    assert "Ida Wessex has not accepted the invitation yet" in read(manager.get(check).text)
    ida.away_from, ida.away_until, ida.password_hash = work.today, date(2026, 3, 20), "chosen"
    work.session.commit()
    assert "away until 20 March 2026" in manager.get("/team/move").text
    check = pick(manager, which="all", how="one", adviser=ida.reference).location
    assert "Ida Wessex: away until 20 March 2026" in read(manager.get(check).text)
    team_check = pick(manager, which="all", how="team").location
    assert "The team may have a child for 5 working days at most" in read(manager.get(team_check).text)


def test_whoever_is_away_is_marked_wherever_work_is_given(
    manager: LintingClient, village: Village, ida: Account, work: Work
) -> None:
    officer = village.cme_officer
    for account in (ida, officer):
        account.away_from, account.away_until = work.today, date(2026, 3, 20)
    raised = Escalation(
        authority_id=village.authority.id, child_id=village["Cleo"].id, episode_id=None, reason=Reason.CONCERN,
        raised_on=work.today, raised_at=work.at,
    )  # fmt: skip
    work.session.add(raised)
    work.session.commit()
    assign = f"/children/{village['Ada'].reference}/episode/assign"
    assert "Away until 20 March 2026" in read(manager.get(assign).text)
    manager.submit(assign, {"adviser": ida.reference})
    assert "Ida Wessex now has this child. Away until 20 March 2026." in read(
        manager.get(f"/children/{village['Ada'].reference}").text
    )
    triage = read(manager.get(f"/escalations/{raised.reference}/triage").text)
    assert f"{officer.name}, CME officer, Away until 20 March 2026" in triage


def test_a_protected_childs_postcode_is_not_shown(manager: LintingClient, village: Village, work: Work) -> None:
    assert manager.get("/team/move").text.count("BH16 6AA") == 7
    village["Ada"].protected = True
    work.session.commit()
    page = manager.get("/team/move").text
    assert "Ada Byrne" in page
    assert page.count("BH16 6AA") == 6


@pytest.mark.parametrize(
    ("filled", "message"),
    [
        ({"how": "team"}, "Select which children to move"),
        ({"which": "all"}, "Select who should have these children"),
        ({"which": "ticked", "how": "team"}, "Select the children to move"),
        ({"which": "all", "how": "one"}, "Select an adviser"),
        ({"which": "all", "how": "evenly"}, "Select the advisers to share among"),
        ({"which": "all", "how": "one", "adviser": "nobody"}, "Select one of the answers"),
    ],
)
def test_what_is_missing_is_asked_for(manager: LintingClient, filled: dict[str, str], message: str) -> None:
    assert message in pick(manager, **filled).text


def test_children_who_changed_meanwhile_are_looked_at_again(
    manager: LintingClient, village: Village, ida: Account, work: Work
) -> None:
    check = pick(manager, which="all", how="one", adviser=ida.reference).location
    old = form_of(manager.get(check).text, "Move 7 children")[1]
    register.set_tier(work, village["Ada"].episodes[0], Tier.HALF_YEARLY, village["Ada"].episodes[0].social_care)
    work.session.commit()
    page = manager.post(check, data=old).text
    assert "some of these children were changed by someone else" in page
    work.session.expire_all()
    assert work.session.scalars(select(Episode).where(Episode.adviser_id == ida.id)).all() == []
    assert manager.submit(check, {}, "Move 7 children").location == "/team", "the page now shows them as they are"


@pytest.mark.parametrize(
    "asked",
    ["", "how=one", "to=nobody&how=one", "how=team&to=nobody", "how=one&adviser=nobody", "how=team&postcode=%25",
     "how=team&year=99", "how=team&tier=x"],
)  # fmt: skip
def test_half_an_address_leads_back_to_the_choice(manager: LintingClient, ida: Account, asked: str) -> None:
    assert manager.get(f"/team/move/check?{asked}").location.startswith("/team/move")


def test_another_authoritys_people_and_children_cannot_be_meant(
    manager: LintingClient, village: Village, ida: Account, work: Work
) -> None:
    stranger = village.stranger[Role.ADVISER]
    assert stranger.name not in manager.get("/team/move").text
    there = f"/team/move/check?how=one&to={stranger.reference}"
    assert manager.get(there).location.startswith("/team/move")
    zoe = village.children["Zoe"].reference
    assert "/check" not in manager.get(f"/team/move/check?how=one&to={ida.reference}&child={zoe}").location


def test_whoever_may_not_assign_sees_no_load(client_as: ClientAs, village: Village) -> None:
    for role in (Role.ADVISER, Role.CME_OFFICER, Role.ADMINISTRATOR, Role.AUDITOR):
        client = client_as(village.staff[role])
        assert [client.get(url).status_code for url in ("/team", "/team/move", "/team/move/check")] == [403] * 3, role
