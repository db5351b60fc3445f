"""Deciding about a child's education, in a browser: beside what was shown, criterion by criterion."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries as contact_queries
from ehe_portal.core.work import Work
from ehe_portal.evidence import service
from ehe_portal.evidence.models import Assessment, Outcome
from tests.evidence.conftest import NewWork
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
SATISFIED: dict[str, str] = {
    **dict.fromkeys(("efficient", "full_time", "fitting"), "satisfied"),
    "special_needs": "does-not-apply",
}


def test_an_adviser_records_an_outcome(client_as: ClientAs, village: Village, work: Work, new_work: NewWork) -> None:
    sent = service.submit(new_work(village.parents["Ada"]), village["Ada"], "We read.")
    base = f"/children/{village['Ada'].reference}/evidence"
    client = client_as(village.adviser)
    visit = contact_queries.heard(new_work(), village["Ada"].id)[0]
    filled = {**SATISFIED, "efficient_relied": [f"sent-{sent.reference}", f"told-{visit.reference}"],
              "outcome": "suitable-with-advice", "reasons": "Broad & lively.", "advice": "Try it."}  # fmt: skip
    beside = client.get(f"{base}/assess").text
    assert "We read." in beside
    assert "Home visit on 1 December 2025" in beside
    assert client.submit(f"{base}/assess", filled).location == base
    assessment = work.session.scalars(select(Assessment)).one()
    assert (assessment.outcome, assessment.reasons) == (Outcome.ADVICE, "Broad & lively.")
    page = client.get(base).text
    assert "Broad &amp; lively." in page
    assert "Suitable, with advice" in page
    assert village.adviser.name in page
    assert "under the Education Act 1996, values 1" in page
    family = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}").text
    for words in ("Broad &amp; lively.", "Try it.", "What was sent on 12 March 2026",
                  "Home visit on 1 December 2025", "Full-time:"):  # fmt: skip
        assert words in family
    assert village.adviser.name not in family.partition("What we decided, and why")[2].partition("What you sent")[0]


def test_what_we_would_like_to_know_is_told_with_the_familys_choice(client_as: ClientAs, village: Village) -> None:
    base = f"/children/{village['Ada'].reference}/evidence"
    unclear = dict.fromkeys(SATISFIED, "not-enough-information")
    filled = {**unclear, "outcome": "insufficient-information", "reasons": "We cannot tell.", "wanted": "Some sums"}
    assert client_as(village.adviser).submit(f"{base}/assess", filled).location == base
    family = client_as(village.parents["Ada"]).get(f"/family/children/{village['Ada'].reference}").text
    assert "Some sums" in family
    assert "You choose how. Any one of these is enough" in family


@pytest.mark.parametrize(
    ("filled", "says"),
    [
        ({}, "Select an outcome"),
        ({"outcome": "suitable"}, "Enter the reasons"),
        ({"efficient": None}, "Select what you found: efficient"),
        ({"efficient": "does-not-apply"}, "Select one of the answers"),
        ({"outcome": "perfect", "reasons": "Fine."}, "Select one of the answers"),
        ({"outcome": "suitable", "reasons": "Fine."}, "enter what else you relied on"),
        ({"outcome": "appears-unsuitable", "reasons": "No reply."}, "you found no part of the education"),
        (
            {"outcome": "appears-unsuitable", "reasons": "No reply.", "full_time": "not-satisfied",
             "full_time_reasons": "They declined a visit", "full_time_other": "Three letters"},
            "Not hearing from a family, or not being invited in, is no ground",
        ),
        ({"outcome": "insufficient-information", "reasons": "Fine."}, "Enter what you would like to know"),
        ({"outcome": "suitable-with-advice", "reasons": "Fine.", "other_grounds": "A visit"}, "Enter your advice"),
        ({"outcome": "suitable", "reasons": "Fine.", "fitting_relied": "sent-NONE"}, "Select from what the"),
    ],
)  # fmt: skip
def test_what_is_missing_from_an_outcome_is_said_and_words_are_kept(
    client_as: ClientAs, village: Village, new_work: NewWork, work: Work, filled: dict[str, str | None], says: str
) -> None:
    service.submit(new_work(village.parents["Ada"]), village["Ada"], "We read.")
    url = f"/children/{village['Ada'].reference}/evidence/assess"
    page = client_as(village.adviser).submit(url, {**SATISFIED, **filled})
    assert page.status_code == 200
    assert says in page.text
    assert (filled.get("reasons") or "") in page.text
    assert work.session.scalars(select(Assessment)).all() == []


def test_the_page_warns_that_silence_is_no_ground(client_as: ClientAs, village: Village) -> None:
    page = client_as(village.adviser).get(f"/children/{village['Ben'].reference}/evidence/assess").text
    assert "may lawfully choose not to have a visit" in page


def test_only_advisers_and_their_managers_decide(client_as: ClientAs, village: Village) -> None:
    url = f"/children/{village['Ada'].reference}/evidence/assess"
    for role in (Role.CME_OFFICER, Role.HEAD_OF_SERVICE, Role.AUDITOR, Role.ADMINISTRATOR):
        assert client_as(village.staff[role]).get(url).status_code == 403
    assert client_as(village.staff[Role.EHE_MANAGER]).get(url).status_code == 200
