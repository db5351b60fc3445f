"""What anyone may read: true, dated, in short sentences; links that leave the service say so."""

import re
from collections.abc import Callable
from pathlib import Path
from statistics import mean

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.core.govuk.words import long_date
from ehe_portal.policy import queries as policy
from ehe_portal.policy.queries import Confidence
from ehe_portal.policy.queries.sources import read as read_list
from tests.pages import XHTML, LintingClient, tree_of, words_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
PAGES = ("/", "/what-the-law-asks", "/privacy", "/help", "/complaints", "/laws-and-help", "/accessibility")
SHORT = 14  # words in a sentence, on average
LONGEST = 30


@pytest.fixture
def visitor(village: Village, client_as: ClientAs) -> LintingClient:
    return client_as(None)


def read(client: LintingClient, url: str) -> str:
    response = client.get(url)
    assert response.status_code == 200
    return words_of(tree_of(response.text))


@pytest.mark.parametrize("url", PAGES)
def test_sentences_are_short(visitor: LintingClient, url: str) -> None:
    """An honest measure of no more than what it measures: long sentences are what makes these pages hard to read."""
    main = next(tree_of(visitor.get(url).text).iter(f"{XHTML}main"))
    said = [words_of(part) for kind in ("p", "li") for part in main.iter(f"{XHTML}{kind}")]
    sentences = [one for part in said for one in re.split(r"(?<=[.?!])\s+|:\s", part) if one.strip()]
    lengths = [len(one.split()) for one in sentences]
    assert max(lengths) <= LONGEST, max(sentences, key=lambda one: len(one.split()))
    assert mean(lengths) <= SHORT


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("/", ["Registering is voluntary today", "It takes about 10 minutes", "paper form",
               "You may say no to a visit"]),
        ("/what-the-law-asks", ["It is not in force yet", "To let anyone into your home", "at least 15 days",
                                "Silence alone is never put down as a bad education"]),
        ("/privacy", ["public task", "It does not rest on your consent", "No single law says how long",
                      "for a copy of what we keep about you"]),
        ("/complaints", ["Local Government and Social Care Ombudsman", "Information Commissioner’s Office",
                         "Complain to the council", "not held against you"]),
        ("/help", ["Call 999", "on paper or by phone"]),
    ],
)  # fmt: skip
def test_what_families_are_told_before_anything(visitor: LintingClient, url: str, said: list[str]) -> None:
    words = read(visitor, url)
    for each in said:
        assert each in words, each


def test_the_paper_form_is_one_press_away(visitor: LintingClient) -> None:
    for page in ("/", "/help"):
        assert 'href="/registration-form.pdf"' in visitor.get(page).text, page


def test_the_list_of_laws_is_data_and_every_entry_says_how_well_it_is_known(visitor: LintingClient) -> None:
    told = policy.sources()
    assert told.version >= 1
    entries = [source for section in told.sections for source in section.sources]
    assert {"law", "guidance", "help", "complaints"} <= {section.key for section in told.sections}
    page = visitor.get("/laws-and-help").text
    words = words_of(tree_of(page))
    assert f"as at {long_date(told.as_at)}" in words
    for source in entries:
        assert source.title in words
        assert long_date(source.seen_on) in words
        assert source.seen_on <= told.as_at
        assert source.confidence in Confidence
        assert source.address or source.phone, source.title
    assert words.count("We have not checked this") == sum(one.confidence is Confidence.UNCHECKED for one in entries)


@pytest.mark.parametrize("url", PAGES)
def test_every_link_out_says_that_it_leaves(visitor: LintingClient, url: str) -> None:
    response = visitor.get(url)
    assert response.headers["Referrer-Policy"] == "no-referrer"
    for link in tree_of(response.get_data(as_text=True)).iter(f"{XHTML}a"):
        if (link.get("href") or "").startswith("http"):
            assert "(leaves this service)" in words_of(link)
            assert link.get("target") is None


WHOLE = """
version = 1
as_at = 2026-11-23
[[section]]
key = "law"
heading = "The law"
[[section.source]]
title = "An Act"
about = "What it says"
confidence = "read"
seen_on = 2026-11-23
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("version = 1", "lacks"),
        (WHOLE.replace("about", "said"), "lacks"),
        (WHOLE.replace('"read"', '"certain"'), "certain"),
        (WHOLE + 'address = "http://example.org"', "https"),
    ],
)
def test_a_list_that_is_not_whole_is_refused(tmp_path: Path, text: str, problem: str) -> None:
    file = tmp_path / "sources.toml"
    file.write_text(WHOLE, encoding="utf-8")
    assert [one.title for one in read_list(file).of("law")] == ["An Act"]
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=problem):
        read_list(file)
