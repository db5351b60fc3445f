"""What is being written is kept for its writer: at the press of a button, by itself, from several tabs, for 30 days."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.core import drafts
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.vault import Vault
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.escalation import service as escalation
from ehe_portal.escalation.models import Escalation
from tests.conftest import Clock
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
NewWork = Callable[..., Work]
RAISE, LATER, AWAY = "Raise concern", "Save and finish later", "Throw this away"


@pytest.fixture
def url(village: Village) -> str:
    """A page that keeps drafts: raising a concern about Ada."""
    return f"/children/{village['Ada'].reference}/concerns/new"


@pytest.fixture
def adviser(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.adviser)


class Tab:
    """A page that somebody has open."""

    def __init__(self, client: LintingClient, url: str) -> None:
        self.client, self.url = client, url
        self.page = client.get(url).text
        self.fields = form_of(self.page, RAISE)[1]

    def types(self, words: str) -> "Tab":
        self.fields["words"] = words
        return self

    def saves_itself(self) -> str:
        """As the script does: the words go, and the page goes on from what it is told."""
        answer = self.client.post(f"{self.url.partition('?')[0]}/draft", data=self.fields)
        assert answer.status_code == 200
        self.fields["draft"] = answer.get_json()["draft"]
        return str(self.fields["draft"])

    def presses(self, **more: Any) -> TestResponse:
        return self.client.post(self.url.partition("?")[0], data={**self.fields, **more})


def kept(work: Work) -> list[FormDraft]:
    work.session.expire_all()
    return list(work.session.scalars(select(FormDraft).order_by(FormDraft.id)))


def concerns(work: Work) -> list[str | None]:
    return list(work.session.scalars(select(Escalation.words).order_by(Escalation.id)))


# Saving and coming back


def test_what_is_saved_for_later_is_there_on_any_device(
    client_as: ClientAs, village: Village, url: str, work: Work, clock: Clock
) -> None:
    answer = Tab(client_as(village.adviser), url).types("Alone at\nnight").presses(later="keep")
    assert answer.location == url
    assert concerns(work) == [], "nothing is recorded"
    clock.at += timedelta(days=29)
    page = client_as(village.adviser).get(url).text
    assert "You began this on 12 March 2026, midday" in page
    assert "Saved. You can finish this later" not in page, "said in the browser where it was pressed"
    assert form_of(page, RAISE)[1]["words"] == "Alone at\nnight"


def test_it_is_sealed_and_says_nothing_to_anybody_else(
    client_as: ClientAs, village: Village, url: str, work: Work, adviser: LintingClient
) -> None:
    Tab(adviser, url).types("Alone at night").presses(later="keep")
    draft = kept(work)[0]
    assert (draft.account_id, draft.path, draft.form) == (village.adviser.id, url, "concerns.raise_concern")
    assert (draft.about, draft.title) == (village["Ada"].reference, "Concern")
    assert b"Alone" not in draft.sealed
    manager = client_as(village.staff[Role.EHE_MANAGER])
    assert "Alone at night" not in manager.get(url).text
    assert "Alone at night" not in manager.get(f"{url}?draft={draft.reference}").text


def test_nobody_else_changes_it_or_throws_it_away(
    client_as: ClientAs, village: Village, url: str, work: Work, adviser: LintingClient
) -> None:
    token = Tab(adviser, url).types("Mine").saves_itself()
    other = Tab(client_as(village.staff[Role.EHE_MANAGER]), url).types("Theirs")
    other.fields["draft"] = token
    assert other.saves_itself() != token
    assert [(one.account_id, one.version) for one in kept(work)] == [
        (village.adviser.id, 1),
        (village.staff[Role.EHE_MANAGER].id, 1),
    ]
    other.presses(later="throw-away", draft=token, once="another-page-altogether")
    assert len(kept(work)) == 2


def test_a_page_that_saves_itself_goes_on_from_what_it_saved(url: str, work: Work, adviser: LintingClient) -> None:
    tab = Tab(adviser, url)
    assert tab.fields["draft"] == ""
    first = tab.types("Alone").saves_itself()
    second = tab.types("Alone at night").saves_itself()
    assert first.partition(".")[0] == second.partition(".")[0]
    assert [(one.version, f"{one.reference}.2") for one in kept(work)] == [(2, second)]
    assert Tab(adviser, url).fields["words"] == "Alone at night"


def test_an_answer_that_was_lost_on_the_way_makes_no_second_copy(url: str, work: Work, adviser: LintingClient) -> None:
    tab = Tab(adviser, url).types("Alone")
    tab.saves_itself()
    tab.fields["draft"] = ""
    tab.types("Alone at night").saves_itself()
    assert [one.version for one in kept(work)] == [2]


def test_a_page_that_is_only_opened_keeps_nothing(url: str, work: Work, adviser: LintingClient) -> None:
    Tab(adviser, url).types("Alone").saves_itself()
    before = [(one.id, one.version, one.saved_at) for one in kept(work)]
    for _ in range(2):
        assert adviser.get(url).status_code == 200
    assert [(one.id, one.version, one.saved_at) for one in kept(work)] == before


def test_the_same_press_twice_keeps_one_copy(url: str, work: Work, adviser: LintingClient) -> None:
    tab = Tab(adviser, url).types("Alone")
    assert [tab.presses(later="keep").location for _ in range(2)] == [url, url]
    assert len(kept(work)) == 1


def test_a_page_that_keeps_no_drafts_has_no_button_for_it(village: Village, adviser: LintingClient) -> None:
    page = adviser.get(f"/children/{village['Ada'].reference}/contact/record").text
    assert LATER not in page
    assert "data-autosave" not in page


# Two tabs


def test_the_second_tab_overwrites_nothing_and_the_words_of_both_are_shown(
    url: str, work: Work, adviser: LintingClient, clock: Clock
) -> None:
    one, other = Tab(adviser, url), Tab(adviser, url)
    one.types("First tab").saves_itself()
    clock.at += timedelta(minutes=5)
    other.types("Second tab").saves_itself()
    assert len(kept(work)) == 2
    again = Tab(adviser, url)
    assert again.fields["words"] == "Second tab", "the later one is in the form"
    assert "Another version, saved on 12 March 2026, midday" in again.page
    assert "First tab" in again.page
    first = Tab(adviser, f"{url}?draft={kept(work)[0].reference}")
    assert first.fields["words"] == "First tab"
    assert "Second tab" in first.page


def test_two_tabs_that_go_on_from_the_same_draft_part_ways(url: str, work: Work, adviser: LintingClient) -> None:
    Tab(adviser, url).types("Begun").presses(later="keep")
    one, other = Tab(adviser, url), Tab(adviser, url)
    assert one.fields["draft"] == other.fields["draft"] != ""
    one.types("Begun, and more").saves_itself()
    other.types("Begun, and otherwise").saves_itself()
    one.types("Begun, and much more").saves_itself()
    assert [draft.version for draft in kept(work)] == [3, 1]


def test_copies_of_the_same_words_are_not_shown_twice(url: str, adviser: LintingClient) -> None:
    one, other = Tab(adviser, url), Tab(adviser, url)
    one.types("Alike").saves_itself()
    other.types("Alike").saves_itself()
    assert "Another version" not in Tab(adviser, url).page


def test_somebody_who_opens_a_form_again_and_again_has_the_last_ten(
    url: str, work: Work, adviser: LintingClient, clock: Clock
) -> None:
    for number in range(drafts.MOST_COPIES + 2):
        clock.at += timedelta(minutes=1)
        tab = Tab(adviser, url)
        tab.fields["draft"] = ""
        tab.types(f"Number {number}").saves_itself()
    assert len(kept(work)) == drafts.MOST_COPIES
    assert "Number 0<" not in Tab(adviser, url).page


# Sent, or thrown away


def test_a_draft_goes_with_the_deed(url: str, work: Work, adviser: LintingClient) -> None:
    Tab(adviser, url).types("Alone").presses(later="keep")
    assert Tab(adviser, url).types("Alone at night").presses(danger_now="no").status_code == 302
    assert concerns(work) == ["Alone at night"]
    assert kept(work) == []
    assert Tab(adviser, url).fields["words"] == ""


def test_it_stays_where_the_deed_is_not_done(
    url: str, work: Work, adviser: LintingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    Tab(adviser, url).types("Alone").presses(later="keep")
    tab = Tab(adviser, url)
    refused = tab.presses(danger_now="perhaps")
    assert refused.status_code == 200
    assert form_of(refused.text, RAISE)[1]["draft"] == tab.fields["draft"] != ""
    assert len(kept(work)) == 1

    def breaks(*_: object, **__: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(escalation, "raise_concern", breaks)
    assert Tab(adviser, url).presses(danger_now="no").status_code == 500
    assert len(kept(work)) == 1


def test_newer_words_of_another_tab_outlive_the_deed(url: str, work: Work, adviser: LintingClient) -> None:
    Tab(adviser, url).types("Alone").presses(later="keep")
    sent, other = Tab(adviser, url), Tab(adviser, url)
    other.types("Alone, and something else that matters").saves_itself()
    assert sent.presses(danger_now="no").status_code == 302
    assert Tab(adviser, url).fields["words"] == "Alone, and something else that matters"


def test_a_save_that_crossed_with_the_press_leaves_nothing_behind(url: str, work: Work, adviser: LintingClient) -> None:
    """The page was sent before it heard that it had been saved."""
    tab = Tab(adviser, url).types("Alone")
    tab.saves_itself()
    tab.fields["draft"] = ""
    assert tab.presses(danger_now="no").status_code == 302
    assert kept(work) == []


def test_throwing_away_is_for_one_copy_that_nobody_saved_since(url: str, work: Work, adviser: LintingClient) -> None:
    Tab(adviser, url).types("Alone").presses(later="keep")
    old = Tab(adviser, url)
    Tab(adviser, url).types("Alone at night").saves_itself()
    stale = form_of(old.page, AWAY)[1]
    adviser.post(url, data={**stale, "later": "throw-away"})
    assert "saved again meanwhile" in adviser.get(url).text
    assert len(kept(work)) == 1
    action, fields = form_of(adviser.get(url).text, AWAY)
    assert action == ""
    assert adviser.post(url, data={**fields, "later": "throw-away"}).location == url
    page = adviser.get(url).text
    assert "Thrown away" in page
    assert kept(work) == []


# How long, and how safely


def test_nobody_comes_back_after_30_days(
    url: str, work: Work, new_work: NewWork, adviser: LintingClient, clock: Clock
) -> None:
    Tab(adviser, url).types("Alone").saves_itself()
    clock.at += drafts.KEPT_FOR
    assert Tab(adviser, url).fields["words"] == ""
    jobs = new_work()
    ids = list(jobs.session.scalars(drafts.kept_too_long(jobs)))
    assert ids == [kept(work)[0].id]
    drafts.forget(jobs, ids)
    assert kept(work) == []


def test_what_was_saved_again_is_not_forgotten(
    url: str, work: Work, new_work: NewWork, adviser: LintingClient, clock: Clock
) -> None:
    tab = Tab(adviser, url).types("Alone")
    tab.saves_itself()
    clock.at += drafts.KEPT_FOR - timedelta(days=1)
    tab.types("Alone at night").saves_itself()
    clock.at += timedelta(days=2)
    jobs = new_work()
    drafts.forget(jobs, [kept(work)[0].id])
    assert len(kept(work)) == 1


def test_under_another_key_nothing_comes_back_and_nothing_breaks(
    url: str, house: Portal, adviser: LintingClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    Tab(adviser, url).types("Alone").saves_itself()
    monkeypatch.setattr(house, "vault", Vault.from_url(house.settings.vault_url, b"o" * 32, house.settings.root))
    assert Tab(adviser, url).fields["words"] == ""


def test_passwords_and_tokens_are_never_kept(
    url: str, village: Village, work: Work, house: Portal, adviser: LintingClient
) -> None:
    tab = Tab(adviser, url).types("Alone")
    tab.fields |= {"password": "secret words", "new_password": "secret words"}
    tab.saves_itself()
    sealed = kept(work)[0].sealed
    opened = house.vault.open_sealed(sealed, drafts.purpose(village.adviser.id))
    assert b"Alone" in opened
    for name in (b"secret", b"csrf_token", b"once"):
        assert name not in opened


def test_hostile_words_only_come_back(url: str, adviser: LintingClient) -> None:
    words = "</textarea><script>alert(1)</script>\x00\x1b"
    Tab(adviser, url).types(words).saves_itself()
    other = Tab(adviser, url)
    other.fields["draft"] = "nonsense"
    other.types("Otherwise").saves_itself()
    page = Tab(adviser, url).page
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page
