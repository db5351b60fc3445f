"""A family's own account: another address, confirmed by a link and the password; and an end, after which much stays."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import event, select

from ehe_portal.accounts import rules, service
from ehe_portal.accounts.models import Account, MailLink, Purpose
from ehe_portal.accounts.policy import STAFF_ROLES
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import db
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.settings import NotifySettings
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child, Parent, RegistrationDraft
from tests.accounts.conftest import PASSWORD
from tests.accounts.test_views import NEW, is_signed_in, sign_in
from tests.conftest import Clock
from tests.pages import LintingClient
from tests.village import Village

Links = Callable[[str], list[str]]
NEW_EMAIL = "new.home@example.org"


@pytest.fixture
def parent(with_password: Village) -> Account:
    """Ada's parent."""
    return with_password.parents["Ada"]


@pytest.fixture
def signed_in(browser: LintingClient, parent: Account) -> LintingClient:
    """Their browser."""
    sign_in(browser, parent.email)
    return browser


def ask(browser: LintingClient, email: str = NEW_EMAIL, password: str = PASSWORD) -> str:
    """Where asking for another address leads."""
    answer = browser.submit("/account/email", {"email": email, "current_password": password})
    assert answer.status_code == 302
    return str(answer.location)


def confirming(links_to: Links, email: str = NEW_EMAIL) -> str:
    """The page that the latest link to an address leads to."""
    return links_to(email)[0].replace("/link/", "/account/email/confirm/")


def email_of(work: Work, account: Account) -> str:
    """The address that an account has now."""
    return work.session.scalars(select(Account.email).where(Account.id == account.id)).one()


def mails(work: Work) -> list[tuple[str, str]]:
    """Every message but those of signing in: to whom, and which."""
    found = select(OutgoingMessage.to_address, OutgoingMessage.template).order_by(OutgoingMessage.id)
    return [(to, template) for to, template in work.session.execute(found)]


# Another address


def test_another_address_is_confirmed_by_a_link_and_the_password(
    signed_in: LintingClient, parent: Account, links_to: Links, work: Work, with_password: Village
) -> None:
    old = parent.email
    assert ask(signed_in, f" {NEW_EMAIL.upper()} ") == "/account/email/check-your-email"
    assert NEW_EMAIL in signed_in.get("/account/email/check-your-email").text.lower().replace("<wbr>", "")
    assert mails(work) == [(NEW_EMAIL, "link-new-email"), (old, "new-email-asked")]
    assert email_of(work, parent) == old, "until it is confirmed the old one can be used"
    link = links_to(NEW_EMAIL)[0]
    assert signed_in.head(link).status_code == 302
    assert signed_in.get(link).location == link.replace("/link/", "/account/email/confirm/")
    assert signed_in.get(confirming(links_to)).status_code == 200
    assert email_of(work, parent) == old, "opening a link does nothing: scanners open links too"
    done = signed_in.submit(confirming(links_to), {"current_password": PASSWORD})
    assert done.location == "/account"
    assert NEW_EMAIL in signed_in.get("/account").text.replace("<wbr>", "")
    assert email_of(work, parent) == NEW_EMAIL
    assert mails(work)[2:] == [(old, "email-changed"), (NEW_EMAIL, "email-changed")]
    (known,) = with_password["Ada"].parents
    work.session.refresh(known)
    assert known.email == NEW_EMAIL, "the way to reach them on the child's record goes with it"
    assert "This link has been used already" in signed_in.get(confirming(links_to)).text


def test_another_way_to_reach_a_parent_stays_as_they_gave_it(
    signed_in: LintingClient, links_to: Links, work: Work, with_password: Village
) -> None:
    (known,) = with_password["Ada"].parents
    known.email = "at.work@example.org"
    work.session.flush()
    ask(signed_in)
    signed_in.submit(confirming(links_to), {"current_password": PASSWORD})
    work.session.refresh(known)
    assert known.email == "at.work@example.org"


def test_whoever_gets_the_link_by_a_slip_of_the_pen_gets_nothing(
    signed_in: LintingClient, new_browser: Callable[[], LintingClient], parent: Account, links_to: Links, work: Work
) -> None:
    """Without the password the account keeps its address; guessing is slowed as anywhere."""
    old = parent.email
    ask(signed_in)
    stranger, page_of_link = new_browser(), confirming(links_to)
    page = stranger.get(page_of_link).text
    assert parent.name not in page
    assert old not in page
    for _ in range(rules.FREE_FAILURES):
        wrong = stranger.submit(page_of_link, {"current_password": "not the password"})
        assert wrong.location == page_of_link
        assert "Enter your current password" in stranger.get(wrong.location).text
    stranger.submit(page_of_link, {"current_password": PASSWORD})
    assert "Enter your password again in 1 minute" in stranger.get(page_of_link).text
    assert email_of(work, parent) == old


def test_on_another_device_one_signs_in_with_the_new_address(
    signed_in: LintingClient, new_browser: Callable[[], LintingClient], links_to: Links
) -> None:
    ask(signed_in)
    elsewhere = new_browser()
    done = elsewhere.submit(confirming(links_to), {"current_password": PASSWORD})
    assert done.location == "/sign-in"
    assert not is_signed_in(elsewhere), "a link from a mail signs nobody in"
    assert sign_in(elsewhere, NEW_EMAIL) == "/family"


def test_a_known_address_and_an_unknown_one_look_and_cost_the_same(
    signed_in: LintingClient, with_password: Village, work: Work
) -> None:
    """Same answer, byte for byte; same statements, same rows, same hashing: only the mail to the address differs."""
    seen, asked = [], []
    for email in (NEW_EMAIL, with_password.adviser.email, with_password.parents["Zoe"].email):
        statements: list[str] = []

        def note(_c: object, _cursor: object, said: str, *_: object, into: list[str] = statements) -> None:
            into.append(re.sub(r"\d+", "", said))

        event.listen(db.db.engine, "before_cursor_execute", note)
        try:
            answer = signed_in.submit("/account/email", {"email": email, "current_password": PASSWORD})
        finally:
            event.remove(db.db.engine, "before_cursor_execute", note)
        page = signed_in.get(answer.location)
        headers = [(name, value) for name, value in answer.headers if name != "Set-Cookie"]
        shown = re.sub(r'name="csrf_token" value="[^"]+"', "", page.text.replace("<wbr>", "")).replace(email, "")
        seen.append((answer.status_code, headers, answer.data, page.status_code, shown))
        asked.append(statements)
    assert seen[0] == seen[1] == seen[2]
    assert asked[0] == asked[1] == asked[2]
    assert [template for _, template in mails(work)] == [
        *("link-new-email", "new-email-asked"),
        *("new-email-taken", "new-email-asked"),
        *("new-email-taken", "new-email-asked"),
    ]
    details = {str(sorted(one)) for one in audited(work, "NewEmailAsked")}
    assert len(details) == 1, "nor does the trail say it"


def audited(work: Work, kind: str) -> list[dict[str, object]]:
    found = select(AuditEntry.details).where(AuditEntry.kind == kind).order_by(AuditEntry.id)
    return list(work.session.scalars(found))


def test_an_address_that_has_an_account_by_the_time_is_not_taken(
    signed_in: LintingClient, parent: Account, links_to: Links, with_password: Village, work: Work
) -> None:
    old = parent.email
    ask(signed_in)
    with_password.parents["Zoe"].email = NEW_EMAIL
    work.session.flush()
    assert "has been used already" in signed_in.submit(confirming(links_to), {"current_password": PASSWORD}).text
    assert email_of(work, parent) == old


def test_a_link_that_lies_in_the_old_mailbox_opens_nothing_any_more(
    signed_in: LintingClient, new_browser: Callable[[], LintingClient], parent: Account, links_to: Links
) -> None:
    old = parent.email
    elsewhere = new_browser()
    elsewhere.submit("/account/forgotten-password", {"email": old, "council": "838"})
    ask(signed_in)
    signed_in.submit(confirming(links_to), {"current_password": PASSWORD})
    assert "This link has been used already" in elsewhere.get(links_to(old)[0]).text


def test_a_link_runs_out_and_a_link_for_something_else_confirms_nothing(
    signed_in: LintingClient, parent: Account, links_to: Links, clock: Clock
) -> None:
    ask(signed_in)
    signed_in.submit("/account/forgotten-password", {"email": parent.email, "council": "838"})
    other = confirming(links_to, parent.email)
    assert "This link does not work" in signed_in.get(other).text
    assert "This link does not work" in signed_in.get("/account/email/confirm/abc").text
    clock.at += timedelta(hours=24)
    assert "This link has run out" in signed_in.get(confirming(links_to)).text


@pytest.mark.parametrize(
    ("email", "password", "says"),
    [
        ("", PASSWORD, "Enter your new email address"),
        ("noor", PASSWORD, "Enter an email address in the correct format"),
        (NEW_EMAIL, "", "Enter your current password"),
    ],
)
def test_what_is_missing_is_said_and_what_was_typed_is_kept(
    signed_in: LintingClient, email: str, password: str, says: str
) -> None:
    page = signed_in.submit("/account/email", {"email": email, "current_password": password}).text
    assert says in page
    assert not email or f'value="{email}"' in page


def test_a_wrong_password_and_ones_own_address_are_told_on_the_page(
    signed_in: LintingClient, parent: Account, work: Work
) -> None:
    assert ask(signed_in, password="wrong") == "/account/email"
    page = signed_in.get("/account/email").text
    assert "Enter your current password" in page
    assert f'value="{NEW_EMAIL}"' in page
    assert ask(signed_in, email=parent.email) == "/account/email"
    assert "Enter another email address: this is the one you have" in signed_in.get("/account/email").text
    assert mails(work) == []


def test_asking_again_and_again_sends_no_more_than_a_few(signed_in: LintingClient, work: Work) -> None:
    for _ in range(rules.MOST_LINKS_WAITING + 2):
        assert ask(signed_in) == "/account/email/check-your-email"
    found = work.session.scalars(select(MailLink).where(MailLink.purpose == Purpose.NEW_EMAIL)).all()
    assert len(found) == rules.MOST_LINKS_WAITING


@pytest.mark.parametrize("role", sorted(STAFF_ROLES))
@pytest.mark.parametrize("url", ["/account/email", "/account/close"])
def test_staff_neither_change_their_address_nor_close_their_account(
    browser: LintingClient, with_password: Village, role: str, url: str
) -> None:
    account = next(one for one in with_password.staff.values() if one.role == role)
    sign_in(browser, account.email)
    assert browser.get(url).status_code == 403
    assert "Close your account" not in browser.get("/account").text


# An end


def test_a_parent_closes_their_account_and_the_record_stays(
    signed_in: LintingClient,
    new_browser: Callable[[], LintingClient],
    parent: Account,
    work: Work,
    with_password: Village,
) -> None:
    email, ada = parent.email, with_password["Ada"]
    elsewhere = new_browser()
    sign_in(elsewhere, email)
    work.session.add_all(
        [
            RegistrationDraft(account_id=parent.id, sealed=b"", saved_at=work.at),
            OutgoingMessage(
                authority_id=ada.authority_id, to_address=email, template="visit-offered", context={},
                idempotency_key="still waits", message_id="<m@x>", created_at=work.at, next_try_at=work.at,
                account_id=parent.id,
            ),
        ]
    )  # fmt: skip
    work.session.flush()
    done = signed_in.submit("/account/close", {"current_password": PASSWORD})
    assert done.location == "/"
    assert "Your account has been closed" in signed_in.get("/").text
    assert not is_signed_in(signed_in)
    assert not is_signed_in(elsewhere), "every sitting ends"
    assert mails(work) == [(email, "account-closed")], "what still waited does not leave; one goodbye does"
    (known,) = work.session.scalars(select(Parent).where(Parent.child_id == ada.id).execution_options(
        populate_existing=True)).all()  # fmt: skip
    assert (known.name, known.email) == (parent.name, email), "who they are and how to reach them stays"
    assert (known.account_id, known.verified_at, known.verified_by_id) == (None, None, None)
    assert work.session.scalar(select(Child.id).where(Child.id == ada.id)) == ada.id
    assert ada.episode is not None
    assert ada.episode.is_open
    assert work.session.scalars(select(RegistrationDraft)).all() == []
    kinds = set(work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))
    assert {"AccountClosed", "ParentLetGo"} <= kinds


def test_a_closed_account_cannot_be_told_from_none_and_its_address_can_begin_anew(
    signed_in: LintingClient, parent: Account, links_to: Links, with_password: Village
) -> None:
    email = parent.email
    signed_in.submit("/account/close", {"current_password": PASSWORD})
    assert sign_in(signed_in, email) == "/sign-in"
    assert "Enter the email address and password that you use to sign in" in signed_in.get("/sign-in").text
    signed_in.submit("/account/new", {"email": email, "council": "838"})
    assert signed_in.submit(links_to(email)[0], {"name": "Hal Again", "password": NEW}).location == "/family"
    child = f"/family/children/{with_password['Ada'].reference}"
    assert signed_in.get(child).status_code == 404, "an officer has to be satisfied anew who that is"


def test_closing_asks_for_the_password(signed_in: LintingClient, parent: Account, work: Work) -> None:
    assert "Enter your current password" in signed_in.submit("/account/close").text
    assert signed_in.submit("/account/close", {"current_password": "wrong"}).location == "/account/close"
    assert "Enter your current password" in signed_in.get("/account/close").text
    assert work.session.scalars(select(Account.is_active).where(Account.id == parent.id)).one()


def test_no_member_of_staff_closes_their_account_by_any_way(work: Work, with_password: Village) -> None:
    with pytest.raises(Refusal, match="administrator"):
        service.close_account(work, with_password.adviser, PASSWORD, "key")


# Texts


@pytest.fixture
def sends_texts(house: Portal, monkeypatch: pytest.MonkeyPatch) -> None:
    """A council that sends texts."""
    monkeypatch.setattr(house, "settings", replace(house.settings, notify=NotifySettings(text_template="t")))


def test_a_parent_asks_for_texts_changes_the_number_and_wants_none(
    signed_in: LintingClient, parent: Account, sends_texts: None, work: Work
) -> None:
    assert "/account/texts" in signed_in.get("/account").text
    assert signed_in.submit("/account/texts", {"wanted": "yes", "number": "07700 900 982"}).location == "/account"
    assert "+447700900982" in signed_in.get("/account").text
    signed_in.submit("/account/texts", {"wanted": "yes", "number": "07700 900 983"})
    signed_in.submit("/account/texts", {"wanted": "no"})
    work.session.expire_all()
    assert parent.text_to is None
    details = work.session.scalars(select(AuditEntry.details).where(AuditEntry.kind == "TextsChosen")).all()
    assert [one["wanted"] for one in details] == [True, True, False]
    assert "900" not in str(details), "the number is nobody else's"


@pytest.mark.parametrize(
    ("number", "said"),
    [("", "Enter your mobile number"), ("01632 960 001", "Enter a mobile number of the UK"), ("x", "Enter a phone")],
)
def test_texts_need_a_mobile_number(
    signed_in: LintingClient, parent: Account, sends_texts: None, work: Work, number: str, said: str
) -> None:
    answer = signed_in.submit("/account/texts", {"wanted": "yes", "number": number})
    assert answer.status_code == 200
    assert said in answer.text
    work.session.expire_all()
    assert parent.text_to is None


def test_where_no_texts_are_sent_nothing_offers_them_but_they_can_be_ended(
    signed_in: LintingClient, parent: Account, work: Work
) -> None:
    assert "/account/texts" not in signed_in.get("/account").text
    assert "does not send texts at the moment" in signed_in.get("/account/texts").text
    parent.text_to = "+447700900982"
    work.session.commit()
    assert "/account/texts" in signed_in.get("/account").text
    signed_in.submit("/account/texts", {"wanted": "no"})
    work.session.expire_all()
    assert parent.text_to is None


def test_a_closed_account_keeps_no_number(signed_in: LintingClient, parent: Account, work: Work) -> None:
    parent.text_to = "+447700900982"
    work.session.commit()
    signed_in.submit("/account/close", {"current_password": PASSWORD})
    work.session.expire_all()
    assert email_of(work, parent).endswith(".invalid")
    assert work.session.scalar(select(Account.text_to).where(Account.id == parent.id)) is None


def test_staff_get_no_texts(work: Work, with_password: Village) -> None:
    with pytest.raises(Refusal, match="staff get no texts"):
        service.choose_texts(work, with_password.adviser, "07700 900 982")
