"""Signing up, in and out in a browser; links; one's own account; staff."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from ehe_portal.accounts import rules
from ehe_portal.accounts.models import Account, MailLink
from ehe_portal.accounts.policy import Role
from ehe_portal.core.drafts import FormDraft
from ehe_portal.core.work import Work
from tests.accounts.conftest import PASSWORD
from tests.conftest import Clock
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
Links = Callable[[str], list[str]]
NEW = "otter harbour violin"


def sign_in(browser: LintingClient, email: str, password: str = PASSWORD, url: str = "/sign-in") -> str:
    """Where signing in leads."""
    response = browser.submit(url, {"email": email, "password": password})
    assert response.status_code == 302
    return str(response.location)


def is_signed_in(browser: LintingClient) -> bool:
    return browser.get("/account").status_code == 200


# Links in mails


def test_a_link_is_opened_by_scanners_and_used_by_its_button(
    browser: LintingClient, village: Village, links_to: Links, work: Work
) -> None:
    assert (
        browser.submit("/account/new", {"email": "noor@example.org", "council": "838"}).location
        == "/account/check-your-email"
    )
    link = links_to("noor@example.org")[0]
    assert browser.head(link).status_code == 200
    assert browser.get(link).status_code == 200
    assert browser.get(link).status_code == 200
    assert work.session.scalars(select(MailLink.used_at)).all() == [None]
    page = browser.get(link).text
    assert "noor@example.org" in page.replace("<wbr>", "")
    filled = {**form_of(page)[1], "name": "Noor Example", "password": NEW}
    before = browser.get_cookie("portal")
    assert before is not None
    assert browser.post(link, data=filled).location == "/family"
    assert is_signed_in(browser)
    browser.set_cookie("portal", before.value)  # as in a window that was opened before
    assert browser.post(link, data=filled).location == "/family", "a second press leads where the first one led"
    other = {**filled, "once": "0123456789abcdefghij", "password": "somebody else entirely"}
    assert "has been used already" in browser.post(link, data=other).text
    assert "has been used already" in browser.get(link).text


def test_a_scanner_that_presses_buttons_uses_nothing_up(
    browser: LintingClient, village: Village, links_to: Links
) -> None:
    browser.submit("/account/new", {"email": "noor@example.org", "council": "838"})
    link = links_to("noor@example.org")[0]
    response = browser.submit(link)
    assert response.status_code == 200
    assert "Enter your full name" in response.text
    assert browser.submit(link, {"name": "Noor Example", "password": NEW}).location == "/family"


def test_a_bad_password_keeps_the_name(browser: LintingClient, village: Village, links_to: Links) -> None:
    browser.submit("/account/new", {"email": "noor@example.org", "council": "838"})
    page = browser.submit(links_to("noor@example.org")[0], {"name": "Noor Example", "password": "password1234"}).text
    assert "Enter a password that is harder to guess" in page
    assert 'value="Noor Example"' in page
    assert "password1234" not in page


@pytest.mark.parametrize(
    ("url", "lasts", "way_on"),
    [
        ("/account/new", timedelta(hours=24), "/account/new"),
        ("/account/forgotten-password", timedelta(minutes=30), "/account/forgotten-password"),
    ],
)
def test_an_old_link_shows_the_way_on(
    browser: LintingClient,
    with_password: Village,
    links_to: Links,
    clock: Clock,
    url: str,
    lasts: timedelta,
    way_on: str,
) -> None:
    email = "noor@example.org" if url.endswith("new") else with_password.adviser.email
    browser.submit(url, {"email": email, "council": "838"})
    clock.at += lasts
    page = browser.get(links_to(email)[0]).text
    assert "This link has run out" in page
    assert f'href="{way_on}"' in page


def test_a_mangled_link_shows_the_way_on(browser: LintingClient, village: Village, links_to: Links) -> None:
    browser.submit("/account/new", {"email": "noor@example.org", "council": "838"})
    whole = links_to("noor@example.org")[0]
    for link in (whole[:-3], "/link/abc", whole + "x"):
        assert "This link does not work" in browser.get(link).text
    assert browser.get("/link/%00").status_code == 404


def test_a_closed_account_is_not_opened_by_a_link(
    browser: LintingClient, with_password: Village, links_to: Links, work: Work
) -> None:
    account = with_password.adviser
    browser.submit("/account/forgotten-password", {"email": account.email, "council": "838"})
    account.is_active = False
    work.session.flush()
    link = links_to(account.email)[0]
    assert "This account is closed" in browser.get(link).text


def test_a_new_password_signs_in_and_ends_other_sittings(
    new_browser: Callable[[], LintingClient], browser: LintingClient, with_password: Village, links_to: Links
) -> None:
    elsewhere = new_browser()
    sign_in(elsewhere, with_password.adviser.email)
    assert is_signed_in(elsewhere)
    browser.submit("/account/forgotten-password", {"email": with_password.adviser.email, "council": "838"})
    assert browser.submit(links_to(with_password.adviser.email)[0], {"password": NEW}).location == "/my-day"
    assert is_signed_in(browser)
    assert not is_signed_in(elsewhere)


@pytest.mark.parametrize("url", ["/account/new", "/account/forgotten-password"])
def test_known_and_unknown_addresses_look_the_same(browser: LintingClient, village: Village, url: str) -> None:
    seen = []
    for email in (village.parents["Ada"].email, "nobody-at-all@example.org", village.adviser.email):
        answer = browser.submit(url, {"email": email, "council": "838"})
        page = browser.get(answer.location)
        shown = page.text.replace("<wbr>", "").replace(email, "")
        headers = [(name, value) for name, value in answer.headers if name != "Set-Cookie"]
        cookies = [value.split("=")[0] for name, value in answer.headers if name == "Set-Cookie"]
        seen.append((answer.status_code, headers, cookies, answer.data, page.status_code, shown))
    assert seen[0] == seen[1] == seen[2]


@pytest.mark.parametrize(
    ("email", "says"),
    [("", "Enter your email address"), ("noor", "Enter an email address in the correct format"),
     ("x" * 300 + "@example.org", "Enter 254 characters or fewer")],
)  # fmt: skip
def test_a_bad_address_is_answered_beside_the_field(
    browser: LintingClient, village: Village, email: str, says: str
) -> None:
    page = browser.submit("/account/new", {"email": email, "council": "838"}).text
    assert f'href="#email">{says}' in page
    assert "Error: " in page
    assert email in page


def test_the_council_is_asked_for_where_there_is_more_than_one(
    browser: LintingClient, village: Village, work: Work
) -> None:
    page = browser.submit("/account/new", {"email": "noor@example.org"}).text
    assert "Select your council" in page
    browser.submit("/account/new", {"email": "noor@example.org", "council": village.elsewhere.code})
    found = work.session.scalars(select(MailLink).where(MailLink.email == "noor@example.org")).one()
    assert found.authority_id == village.elsewhere.id


# Signing in


@pytest.mark.parametrize(
    ("role", "home"),
    [
        (Role.ADVISER, "/my-day"),
        (Role.CME_OFFICER, "/escalations"),
        (Role.HEAD_OF_SERVICE, "/my-day"),
        (Role.ADMINISTRATOR, "/staff"),
        (Role.AUDITOR, "/audit"),
        (Role.PARENT, "/family"),
    ],
)
def test_everyone_begins_at_their_own_page(
    browser: LintingClient, with_password: Village, role: Role, home: str
) -> None:
    account = with_password.parents["Ada"] if role is Role.PARENT else with_password.staff[role]
    assert sign_in(browser, f"  {account.email.upper()}") == home
    assert browser.get("/sign-in").location == home


def test_a_wrong_password_keeps_the_address_and_counts(
    browser: LintingClient, with_password: Village, clock: Clock
) -> None:
    email = with_password.adviser.email
    assert sign_in(browser, email, "wrong") == "/sign-in"
    page = browser.get("/sign-in").text
    assert "Enter the email address and password that you use to sign in" in page
    assert f'value="{email}"' in page
    assert "There is a problem" not in browser.get("/sign-in").text
    for _ in range(rules.FREE_FAILURES - 1):
        sign_in(browser, email, "wrong")
    assert sign_in(browser, email) == "/sign-in"
    assert "Enter your password again in 1 minute" in browser.get("/sign-in").text
    clock.at += timedelta(minutes=1)
    assert sign_in(browser, email) == "/my-day"


def test_an_unknown_address_gets_the_very_same_page(browser: LintingClient, with_password: Village) -> None:
    pages = []
    for email in (with_password.adviser.email, "nobody@example.org"):
        sign_in(browser, email, "wrong")
        pages.append(re.sub(r'name="csrf_token" value="[^"]+"', "", browser.get("/sign-in").text).replace(email, ""))
    assert pages[0] == pages[1]


@pytest.mark.parametrize(
    ("target", "leads_to"),
    [
        ("/account", "/account"),
        ("/account?x=1", "/account?x=1"),
        ("//evil.example", "/my-day"),
        ("https://evil.example/", "/my-day"),
        ("/\\evil.example", "/my-day"),
        ("/%09/evil.example", "/%09/evil.example"),
        ("/\t/evil.example", "/my-day"),
        ("javascript:alert(1)", "/my-day"),
        ("", "/my-day"),
    ],
)
def test_signing_in_leads_nowhere_else(
    app: Flask, browser: LintingClient, with_password: Village, target: str, leads_to: str
) -> None:
    with app.test_request_context():
        url = app.url_for("accounts.sign_in", next=target)
    assert sign_in(browser, with_password.adviser.email, url=url) == leads_to


def test_a_visitor_is_led_back_to_where_they_were_going(browser: LintingClient, with_password: Village) -> None:
    away = browser.get("/account/password?from=mail")
    assert away.status_code == 302
    assert sign_in(browser, with_password.adviser.email, url=away.location) == "/account/password?from=mail"


def test_a_sitting_is_a_new_one(browser: LintingClient, with_password: Village) -> None:
    """What a visitor's cookie held, planted or not, is gone once they have signed in."""
    browser.get("/sign-in")
    with browser.session_transaction() as cookie:
        cookie["planted"] = "by somebody else"
        token = cookie["csrf_token"]
    sign_in(browser, with_password.adviser.email)
    with browser.session_transaction() as cookie:
        assert "planted" not in cookie
        assert cookie.get("csrf_token") != token


def test_a_tampered_cookie_is_nobody(browser: LintingClient, with_password: Village) -> None:
    sign_in(browser, with_password.adviser.email)
    cookie = browser.get_cookie("portal")
    assert cookie is not None
    browser.set_cookie("portal", f"{cookie.value[:-2]}xx")
    assert not is_signed_in(browser)


def test_signing_out_makes_a_copied_cookie_worthless(browser: LintingClient, with_password: Village) -> None:
    sign_in(browser, with_password.adviser.email)
    copied = browser.get_cookie("portal")
    assert copied is not None
    assert browser.get("/sign-out").status_code == 405
    action, fields = form_of(browser.get("/account").text, "Sign out")
    assert browser.post(action, data=fields).location == "/"
    assert not is_signed_in(browser)
    browser.set_cookie("portal", copied.value)
    assert not is_signed_in(browser)


def test_an_idle_sitting_ends_and_a_busy_one_goes_on(
    browser: LintingClient, with_password: Village, clock: Clock
) -> None:
    sign_in(browser, with_password.adviser.email)
    for _ in range(3):
        clock.at += timedelta(minutes=59)
        assert is_signed_in(browser)
    clock.at += timedelta(minutes=61)
    assert not is_signed_in(browser)


def test_no_sitting_lasts_longer_than_half_a_day(browser: LintingClient, with_password: Village, clock: Clock) -> None:
    sign_in(browser, with_password.adviser.email)
    for _ in range(14):
        clock.at += timedelta(minutes=50)
        assert is_signed_in(browser)
    clock.at += timedelta(minutes=50)
    assert not is_signed_in(browser)


def test_a_deactivated_account_is_out_at_once(browser: LintingClient, with_password: Village, work: Work) -> None:
    sign_in(browser, with_password.adviser.email)
    with_password.adviser.is_active = False
    work.session.flush()
    assert not is_signed_in(browser)


def test_a_change_of_role_holds_at_once(browser: LintingClient, with_password: Village, work: Work) -> None:
    sign_in(browser, with_password.staff[Role.ADMINISTRATOR].email)
    assert browser.get("/staff").status_code == 200
    with_password.staff[Role.ADMINISTRATOR].role = Role.CME_OFFICER
    work.session.flush()
    assert browser.get("/staff").status_code == 403


def test_words_typed_in_a_sitting_that_ended_are_kept_for_their_owner(
    browser: LintingClient, with_password: Village, work: Work, clock: Clock
) -> None:
    admin = with_password.staff[Role.ADMINISTRATOR]
    sign_in(browser, admin.email)
    filled = {**form_of(browser.get("/staff/new").text)[1], "name": "Kit Example", "email": "kit@example.org"}
    clock.at += timedelta(minutes=61)
    away = browser.post("/staff/new", data=filled)
    assert away.location == "/sign-in?next=/staff/new"
    assert "what you typed has been kept" in browser.get(away.location).text
    parked = work.session.scalars(select(FormDraft)).one()
    assert parked.account_id == admin.id
    assert b"Kit" not in parked.sealed
    assert sign_in(browser, admin.email, url=away.location) == "/staff/new"
    for _ in range(2):
        page = browser.get("/staff/new").text
        assert 'value="Kit Example"' in page, "as often as the page is opened, until it is sent"
    assert browser.submit("/staff/new", {"role": "adviser"}, button="Add and invite").status_code == 302
    assert work.session.scalars(select(FormDraft)).all() == []
    assert 'value="Kit Example"' not in browser.get("/staff/new").text


def test_a_stranger_without_a_sitting_leaves_nothing_behind(
    browser: LintingClient, with_password: Village, work: Work
) -> None:
    token = form_of(browser.get("/sign-in").text)[1]["csrf_token"]
    away = browser.post("/staff/new", data={"csrf_token": token, "name": "Kit"})
    assert away.location == "/sign-in?next=/staff/new"
    assert work.session.scalars(select(FormDraft)).all() == []


# One's own account


def test_changing_ones_password_keeps_this_sitting_and_ends_the_others(
    new_browser: Callable[[], LintingClient], browser: LintingClient, with_password: Village
) -> None:
    elsewhere = new_browser()
    email = with_password.parents["Ada"].email
    sign_in(elsewhere, email)
    sign_in(browser, email)
    wrong = browser.submit("/account/password", {"current_password": "wrong", "password": NEW})
    assert wrong.location == "/account/password"
    assert "Enter your current password" in browser.get("/account/password").text
    weak = browser.submit("/account/password", {"current_password": PASSWORD, "password": "password1234"})
    assert "harder to guess" in weak.text
    done = browser.submit("/account/password", {"current_password": PASSWORD, "password": NEW})
    assert done.location == "/account"
    assert "Your password has been changed" in browser.get("/account").text
    assert not is_signed_in(elsewhere)


def test_guessing_ones_current_password_is_slowed(browser: LintingClient, with_password: Village) -> None:
    sign_in(browser, with_password.adviser.email)
    for _ in range(rules.FREE_FAILURES):
        browser.submit("/account/password", {"current_password": "wrong", "password": NEW})
    browser.submit("/account/password", {"current_password": PASSWORD, "password": NEW})
    assert "Enter your password again in 1 minute" in browser.get("/account/password").text
