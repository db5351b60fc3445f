"""A test client that reads every page it fetches as a careful colleague would."""

import re
from functools import lru_cache
from typing import Any
from urllib.parse import urljoin, urlsplit

import html5lib
from flask import g, has_app_context
from flask.testing import FlaskClient
from html5lib.html5parser import ParseError
from werkzeug.test import TestResponse

XHTML = "{http://www.w3.org/1999/xhtml}"


class BadPage(AssertionError):
    """A page is not as every page should be; the message says how."""


class LintingClient(FlaskClient):
    """Follows nothing by itself, parses every HTML answer strictly and checks what every page owes its reader."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        forget_last_request()
        response = super().open(*args, **kwargs)
        if response.mimetype == "text/html" and response.data and not 300 <= response.status_code < 400:
            lint(response.get_data(as_text=True), response.request.path)
        return response

    def submit(self, url: str, data: dict[str, Any] | None = None, button: str | None = None) -> TestResponse:
        """Open a page, fill in its (first POST) form as it stands, change what `data` says, and press the button."""
        page = self.get(url)
        assert page.status_code == 200, (url, page.status_code)
        action, fields = form_of(page.get_data(as_text=True), button)
        values: dict[str, Any] = {**fields, **(data or {})}
        target = urljoin(url, action) if action else url
        return self.post(target, data={name: value for name, value in values.items() if value is not None})


def forget_last_request() -> None:
    """Leave nothing of one request to the next: the tests' own application context, and `g`, stand round them all."""
    if has_app_context():
        for name in list(g):
            g.pop(name)


@lru_cache(maxsize=8)
def tree_of(text: str) -> Any:
    """The page as an element tree, parsed as HTML 5; what is not well-formed raises `BadPage`.

    Parsing takes longer than making the page, and a test that fills in a form needs the tree that lint has read.
    """
    parser = html5lib.HTMLParser(strict=True)
    try:
        return parser.parse(text)
    except ParseError as problem:
        raise BadPage(f"not valid HTML: {problem} near {text[:80]!r}") from problem


def words_of(element: Any) -> str:
    """All the words inside an element, with single spaces."""
    return " ".join("".join(element.itertext()).split())


TYPED = re.compile(r"(?<=>)[^<]*(?=</textarea>)|(?<= value=\")[^\"]*(?=\")")
"""What a person typed, as a form shows it again: it may look like a template and is none."""


def lint(text: str, path: str) -> None:
    """Raise `BadPage` unless the page is whole: one h1 that the title begins with, ids, labels, no inline script."""
    tree = tree_of(text)
    ids = [element.get("id") for element in tree.iter() if element.get("id")]
    problems = [f"id {one!r} is there twice" for one in sorted({one for one in ids if ids.count(one) > 1})]
    problems += heading_problems(tree) + label_problems(tree) + inline_problems(tree) + link_problems(tree, ids)
    for form in tree.iter(f"{XHTML}form"):
        names = {field.get("name") for field in form.iter(f"{XHTML}input")}
        if (form.get("method") or "get").lower() == "post" and "csrf_token" not in names:
            problems.append("a form that posts has no csrf_token")
    if re.search(r"\{\{|\{%|Undefined|>None<", TYPED.sub("", text)):
        problems.append("a template showed its seams")
    if problems:
        raise BadPage(f"{path}: " + "; ".join(problems))


def heading_problems(tree: Any) -> list[str]:
    """One h1, and a title that begins with it."""
    headings = [words_of(h1) for h1 in tree.iter(f"{XHTML}h1")]
    if len(headings) != 1:
        return [f"one h1 expected, found {headings}"]
    title = next((words_of(title) for title in tree.iter(f"{XHTML}title")), "")
    begins = title.removeprefix("Error: ").startswith(headings[0])
    return [] if begins else [f"title {title!r} does not begin with its h1 {headings[0]!r}"]


def label_problems(tree: Any) -> list[str]:
    """Every field has a label."""
    labelled = {label.get("for") for label in tree.iter(f"{XHTML}label")}
    fields = [field for kind in ("input", "select", "textarea") for field in tree.iter(f"{XHTML}{kind}")]
    return [
        f"field {field.get('name')!r} has no label"
        for field in fields
        if field.get("type") not in ("hidden", "submit")
        and field.get("id") not in labelled
        and not (field.get("aria-label") or field.get("aria-labelledby"))
    ]


def inline_problems(tree: Any) -> list[str]:
    """No script or style that a strict policy would refuse."""
    problems = [
        f"inline {name} on {element.tag}"
        for element in tree.iter()
        for name in element.attrib
        if name.startswith("on") or name == "style"
    ]
    return problems + ["inline script" for script in tree.iter(f"{XHTML}script") if not script.get("src")]


def link_problems(tree: Any, ids: list[str]) -> list[str]:
    """Every link has words, and leads to something where it stays on the page."""
    problems = []
    for link in tree.iter(f"{XHTML}a"):
        href = link.get("href") or ""
        if href.startswith("#") and len(href) > 1 and href[1:] not in ids:
            problems.append(f"link to {href}, which is not on the page")
        if not words_of(link) and not link.get("aria-label"):
            problems.append(f"link without words to {urlsplit(href).path}")
    return problems


def form_of(text: str, button: str | None = None) -> tuple[str, dict[str, Any]]:
    """The action and the values of the page's first form that posts (or the one with a button that says `button`)."""
    for form in tree_of(text).iter(f"{XHTML}form"):
        if (form.get("method") or "get").lower() != "post":
            continue
        buttons = [words_of(one) for one in form.iter(f"{XHTML}button")]
        if button is None and "Sign out" in buttons:
            continue
        if button is None or button in buttons:
            return form.get("action") or "", values_of(form)
    raise BadPage(f"no form to press {button or ''}")


def values_of(form: Any) -> dict[str, Any]:
    """What a browser would send for a form that nobody touched."""
    values: dict[str, Any] = {}
    for field in form.iter(f"{XHTML}input"):
        kind, name = field.get("type", "text"), field.get("name")
        if not name or kind in ("submit", "file") or (kind in ("radio", "checkbox") and field.get("checked") is None):
            continue
        values.setdefault(name, []).append(field.get("value") or ("on" if kind == "checkbox" else ""))
    for area in form.iter(f"{XHTML}textarea"):
        values[area.get("name")] = ["".join(area.itertext())]
    for select in form.iter(f"{XHTML}select"):
        options = list(select.iter(f"{XHTML}option"))
        chosen = [option for option in options if option.get("selected") is not None] or options[:1]
        values[select.get("name")] = [option.get("value", words_of(option)) for option in chosen]
    return {name: value[0] if len(value) == 1 else value for name, value in values.items()}
