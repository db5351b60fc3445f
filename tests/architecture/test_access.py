"""Permissions, held by crawling the URL map: each role opens exactly its grants, and a stranger finds nothing."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.routing import Rule

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, STAFF_ROLES, Permission, Role
from ehe_portal.core.web import Access, Anyone, Pages, SignedIn
from ehe_portal.core.work import Work
from tests.architecture.things import Things, things_of
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
METHODS = {"GET", "POST", "PUT", "PATCH", "DELETE"}


def rules_of(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def access_of(app: Flask, rule: Rule) -> Access:
    found: Access = app.view_functions[rule.endpoint].__dict__["access"]
    return found


def addresses(app: Flask, things: Things) -> Iterator[tuple[Rule, str]]:
    """Every route with an address of a thing that the village has."""
    for rule in rules_of(app):
        with app.test_request_context():
            yield rule, app.url_for(rule.endpoint, **things.arguments(rule))


@pytest.fixture
def things(app: Flask, work: Work, village: Village) -> Things:
    return things_of(app, work, village)


def test_every_route_says_who_may_open_it(app: Flask) -> None:
    silent = [rule.rule for rule in rules_of(app) if "access" not in app.view_functions[rule.endpoint].__dict__]
    assert silent == [], "declare the route with pages.page(..., needs=...)"


def test_a_page_cannot_be_declared_without_saying_who() -> None:
    page: Any = Pages("x", __name__).page
    with pytest.raises(TypeError):
        page("/x")


def test_a_route_registered_behind_our_back_is_closed(app: Flask) -> None:
    from ehe_portal.core.doors import refuse_undeclared

    with app.test_request_context("/sign-in") as context:
        context.request.url_rule = Rule("/sneaky", endpoint="sneaky")
        app.view_functions["sneaky"] = lambda: "hello"
        try:
            with pytest.raises(Exception, match="403"):
                refuse_undeclared()
        finally:
            del app.view_functions["sneaky"]


def test_every_permission_is_granted_to_someone_and_needed_somewhere(app: Flask) -> None:
    granted = frozenset[Permission]().union(*GRANTS.values())
    assert granted == frozenset(Permission), "a permission that nobody has is a door that nobody can open"


def test_what_is_open_to_everyone_is_listed_here(app: Flask) -> None:
    """Public is said aloud twice: where the page is declared, and here."""
    public = {rule.endpoint for rule in rules_of(app) if access_of(app, rule).needs is Anyone}
    assert public == {
        "public.start",
        "public.what_the_law_asks",
        "public.privacy",
        "public.accessibility",
        "public.help_",
        "paper.registration_form",
        "public.laws_and_help",
        "public.complaints",
        "health.healthz",
        "look.brand",
        "look.logo",
        "calendar.feed",
        "accounts.sign_in",
        "accounts.sign_up",
        "accounts.check_your_email",
        "accounts.use_link",
        "accounts.forgotten_password",
        "accounts.confirm_email",
    }


def is_on_a_thing(rule: Rule) -> bool:
    """Whether an address names a thing of one authority; messages and kinds of letters have the same names
    in all of them."""
    return bool(rule.arguments - {"message", "letter_kind"})


@pytest.mark.parametrize("role", sorted(Role))
def test_each_role_opens_exactly_what_it_is_granted(
    app: Flask, client_as: ClientAs, village: Village, things: Things, role: Role
) -> None:
    account = village.parents["Ada"] if role is Role.PARENT else village.staff[role]
    client = client_as(account)
    wrong = []
    for rule, url in addresses(app, things):
        needs = access_of(app, rule).needs
        granted = needs in (Anyone, SignedIn) or needs in GRANTS[role]
        if "GET" not in (rule.methods or ()):
            continue
        status = client.get(url).status_code
        opened = status in (200, 302, 503)
        if opened != granted:
            wrong.append(f"{role} {rule.endpoint}: {status}, granted: {granted}")
    assert wrong == []


@pytest.mark.parametrize("role", sorted(Role))
def test_a_stranger_finds_nothing(
    app: Flask, client_as: ClientAs, village: Village, things: Things, role: Role
) -> None:
    """Someone of another authority or family gets 403 or 404 on every route and method that is on a thing."""
    client = client_as(village.stranger[role])
    app.config["WTF_CSRF_ENABLED"] = False  # a refusal must not hide behind a missing token
    open_doors = []
    try:
        for rule, url in addresses(app, things):
            if not is_on_a_thing(rule) or access_of(app, rule).needs in (Anyone, SignedIn):
                continue
            for method in sorted(METHODS & (rule.methods or set())):
                response = client.open(url, method=method)
                if response.status_code not in (403, 404):
                    open_doors.append(f"{method} {rule.rule} as {role}: {response.status_code}")
                if village["Ada"].legal_surname in response.get_data(as_text=True):
                    open_doors.append(f"{method} {rule.rule} as {role} shows a name")
    finally:
        app.config["WTF_CSRF_ENABLED"] = True
    assert open_doors == []


def test_a_visitor_is_sent_to_sign_in(app: Flask, client_as: ClientAs, things: Things) -> None:
    client = client_as(None)
    for rule, url in addresses(app, things):
        if access_of(app, rule).needs is Anyone or "GET" not in (rule.methods or ()):
            continue
        response = client.get(url)
        assert response.status_code == 302, rule.rule
        assert response.location.startswith("/sign-in"), rule.rule


def test_every_route_on_a_thing_says_what_finds_it(app: Flask) -> None:
    lost = [
        rule.rule
        for rule in rules_of(app)
        if is_on_a_thing(rule) and access_of(app, rule).on is None and access_of(app, rule).needs is not Anyone
    ]
    assert lost == [], "a route with a reference needs on=..., so that it is found within the actor's scope"


def test_no_parent_has_a_permission_of_staff() -> None:
    staff: set[Any] = set().union(*(GRANTS[role] for role in STAFF_ROLES))
    assert GRANTS[Role.PARENT] & staff == {Permission.ACCOUNT_OWN}


def test_the_child_s_header_is_on_every_page_about_one(
    app: Flask, things: Things, village: Village, client_as: ClientAs
) -> None:
    """But where someone who goes alone says that they are back: that page is about them."""
    client, without = client_as(village.staff[Role.EHE_MANAGER]), set()
    for rule, path in addresses(app, things):
        if path.startswith("/children/") and "GET" in (rule.methods or ()) and rule.endpoint != "going.one":
            answer = client.get(path)
            if answer.status_code == 200 and b"<h1" in answer.data and b"child-header__name" not in answer.data:
                without.add(rule.endpoint)
    assert without == set()
