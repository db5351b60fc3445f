"""Use-cases of accounts: the same for known and unknown, slow for those who guess, safe for the last administrator."""

import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from sqlalchemy import event, select

from ehe_portal.accounts import queries, rules, service
from ehe_portal.accounts.models import MailLink, SignInAttempt
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import LinkSpent, TooSoon
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import db
from ehe_portal.core.errors import Refusal
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Portal
from ehe_portal.core.work import VISITOR, Scope, Work
from tests.accounts.conftest import PASSWORD
from tests.village import Village

KEY = "the portal's secret"
NEW = "otter harbour violin"


def links(work: Work, email: str) -> list[MailLink]:
    return list(work.session.scalars(select(MailLink).where(MailLink.email == email).order_by(MailLink.id)))


def mails(work: Work, email: str) -> list[str]:
    found = select(OutgoingMessage.template).where(OutgoingMessage.to_address == email)
    return list(work.session.scalars(found.order_by(OutgoingMessage.id)))


def recorded(work: Work) -> list[str]:
    return list(work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))


def wrong(work: Work, email: str, times: int = 1) -> None:
    for _ in range(times):
        with pytest.raises(Refusal):
            service.sign_in(work, email, "not the password", KEY)


# Authorities


def test_an_authority_is_added_once(work: Work) -> None:
    authority, is_new = service.add_authority(work, " e10000009 ", "  Dorset   Council ")
    assert (authority.code, authority.name, is_new) == ("E10000009", "Dorset Council", True)
    assert service.add_authority(work, "E10000009", "Dorset Council") == (authority, False)
    with pytest.raises(Refusal, match="E10000009 is Dorset Council"):
        service.add_authority(work, "e10000009", "Devon Council")


@pytest.mark.parametrize(("code", "name"), [("", "Dorset"), ("83 8", "Dorset"), ("838", ""), ("838", "x" * 101)])
def test_a_bad_authority_is_refused(work: Work, code: str, name: str) -> None:
    with pytest.raises(Refusal):
        service.add_authority(work, code, name)


def test_commands_find_the_authority_that_is_meant(work: Work) -> None:
    with pytest.raises(Refusal, match="no authority yet"):
        queries.authority_named(work, None)
    dorset, _ = service.add_authority(work, "838", "Dorset Council")
    assert queries.authority_named(work, None) is dorset
    service.add_authority(work, "trial", "A trial")
    assert queries.authority_named(work, "Trial").name == "A trial"
    with pytest.raises(Refusal, match="TRIAL, 838"):
        queries.authority_named(work, None)
    with pytest.raises(Refusal, match="no authority with the code nowhere"):
        queries.authority_named(work, "nowhere")


# Links


def test_signing_up_sends_a_link_to_a_new_address_and_a_word_to_a_known_one(work: Work, village: Village) -> None:
    known = village.parents["Ada"].email
    service.ask_to_sign_up(work, " New@Example.org", village.authority)
    service.ask_to_sign_up(work, known.upper(), village.authority)
    assert mails(work, "new@example.org") == ["link-sign-up"]
    assert mails(work, known) == ["known-address"]


def test_a_forgotten_password_sends_a_link_either_way(work: Work, village: Village) -> None:
    known = village.adviser.email
    service.ask_for_new_password(work, known, village.elsewhere)
    service.ask_for_new_password(work, "new@example.org", village.authority)
    assert mails(work, known) == ["link-reset"]
    assert mails(work, "new@example.org") == ["link-sign-up"]
    assert links(work, known)[0].authority_id == village.authority.id


@pytest.mark.parametrize("ask", [service.ask_to_sign_up, service.ask_for_new_password])
def test_the_same_statements_run_for_known_and_unknown(work: Work, village: Village, ask: Callable[..., None]) -> None:
    run: list[str] = []

    def listen(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        run.append(" ".join(statement.split()[:3]).removesuffix("("))

    def statements(email: str) -> list[str]:
        run.clear()
        ask(work, email, village.authority)
        return [one for one in run if one.startswith("INSERT")]

    event.listen(db.db.engine, "before_cursor_execute", listen)
    try:
        assert statements(village.parents["Ada"].email) == statements("new@example.org") != []
    finally:
        event.remove(db.db.engine, "before_cursor_execute", listen)


@pytest.mark.parametrize("ask", [service.ask_to_sign_up, service.ask_for_new_password])
def test_nobody_is_flooded_with_links(work: Work, village: Village, ask: Callable[..., None]) -> None:
    for email in (village.parents["Ada"].email, "new@example.org"):
        for _ in range(rules.MOST_LINKS_WAITING + 3):
            ask(work, email, village.authority)
        assert len(mails(work, email)) == rules.MOST_LINKS_WAITING


def test_a_parent_opens_an_account_by_a_link_once(work: Work, village: Village) -> None:
    service.ask_to_sign_up(work, "new@example.org", village.authority)
    service.ask_to_sign_up(work, "new@example.org", village.authority)
    first, second = links(work, "new@example.org")
    account = service.use_link(work, second, " Noor   Example ", NEW, KEY)
    assert (account.name, account.role, account.authority_id) == ("Noor Example", Role.PARENT, village.authority.id)
    assert recorded(work)[-3:] == ["AccountOpened", "PasswordChosen", "SignedIn"]
    for spent in (first, second):
        with pytest.raises(LinkSpent):
            service.use_link(work, spent, "Noor Example", NEW, KEY)
    assert service.sign_in(work, "NEW@example.org", NEW, KEY) is account


def test_two_links_to_one_address_open_one_account(work: Work, village: Village) -> None:
    service.ask_to_sign_up(work, "new@example.org", village.authority)
    link = links(work, "new@example.org")[0]
    service.open_account(work, village.authority.id, "new@example.org", "Noor", Role.PARENT)
    with pytest.raises(LinkSpent):
        service.use_link(work, link, "Noor", NEW, KEY)


@pytest.mark.parametrize(
    ("name", "password", "field"), [("", NEW, "name"), ("x" * 101, NEW, "name"), ("Noor", "short", "password"),
                                    ("Noor", "password1234", "password"), ("Noor", "new@example.org", "password")]
)  # fmt: skip
def test_a_bad_name_or_password_does_not_spend_the_link(
    work: Work, village: Village, name: str, password: str, field: str
) -> None:
    service.ask_to_sign_up(work, "new@example.org", village.authority)
    link = links(work, "new@example.org")[0]
    with pytest.raises(Refusal) as refused:
        service.use_link(work, link, name, password, KEY)
    assert refused.value.field == field
    assert link.used_at is None


def test_a_new_password_ends_every_sitting_and_every_other_link(work: Work, with_password: Village) -> None:
    account = with_password.adviser
    epoch = account.epoch
    service.ask_for_new_password(work, account.email, with_password.authority)
    service.ask_for_new_password(work, account.email, with_password.authority)
    older, newer = links(work, account.email)
    service.use_link(work, newer, "", NEW, KEY)
    assert account.epoch == epoch + 1
    with pytest.raises(LinkSpent):
        service.use_link(work, older, "", NEW, KEY)
    wrong(work, account.email)
    assert service.sign_in(work, account.email, NEW, KEY) is account


# Signing in


def test_the_wrong_password_an_unknown_address_and_a_closed_account_are_one_answer(
    work: Work, with_password: Village, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = with_password.staff[Role.AUDITOR]
    closed.is_active = False
    invited = with_password.staff[Role.CME_MANAGER]
    invited.password_hash = None
    work.session.flush()
    verified: list[str] = []
    real = service.HASHER

    class Counting:
        def verify(self, hashed: str, password: str) -> bool:
            verified.append(hashed)
            return real.verify(hashed, password)

    monkeypatch.setattr("ehe_portal.accounts.service.accounts.HASHER", Counting())
    said = set()
    for email, password in (
        (with_password.adviser.email, "not the password"),
        ("nobody@example.org", PASSWORD),
        (closed.email, PASSWORD),
        (invited.email, PASSWORD),
    ):
        with pytest.raises(Refusal) as refused:
            service.sign_in(work, email, password, KEY)
        said.add((refused.value.message, refused.value.field))
    assert len(said) == 1
    assert len(verified) == 4, "one verification each, so that all take as long"


def test_nobodys_hash_costs_what_every_hash_costs() -> None:
    assert not service.HASHER.check_needs_rehash(service.NOBODYS_HASH)


def test_an_old_hash_is_made_anew_when_its_owner_signs_in(work: Work, village: Village) -> None:
    account = village.adviser
    account.password_hash = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    work.session.flush()
    service.sign_in(work, account.email, PASSWORD, KEY)
    assert not service.HASHER.check_needs_rehash(account.password_hash)
    assert service.sign_in(work, account.email, PASSWORD, KEY) is account


def test_a_damaged_hash_fits_nothing(work: Work, village: Village) -> None:
    village.adviser.password_hash = "not a hash"
    work.session.flush()
    wrong(work, village.adviser.email)


def test_guessing_is_slowed_for_one_account_and_nobody_else(work: Work, with_password: Village) -> None:
    adviser, other = with_password.adviser, with_password.cme_officer
    wrong(work, adviser.email, rules.FREE_FAILURES)
    with pytest.raises(TooSoon, match="in 1 minute:"):
        service.sign_in(work, adviser.email, PASSWORD, KEY)
    assert service.sign_in(work, other.email, PASSWORD, KEY) is other
    work.at += timedelta(minutes=1)
    assert service.sign_in(work, adviser.email, PASSWORD, KEY) is adviser
    wrong(work, adviser.email, rules.FREE_FAILURES)  # counted anew


def test_an_unknown_address_is_slowed_just_the_same(work: Work, village: Village) -> None:
    wrong(work, "nobody@example.org", rules.FREE_FAILURES)
    with pytest.raises(TooSoon):
        service.sign_in(work, " Nobody@example.org", PASSWORD, KEY)


def test_guessing_while_waiting_does_not_lengthen_the_wait(work: Work, with_password: Village) -> None:
    adviser = with_password.adviser
    wrong(work, adviser.email, rules.FREE_FAILURES)
    for _ in range(20):
        with pytest.raises(TooSoon):
            service.sign_in(work, adviser.email, "guess", KEY)
    work.at += timedelta(minutes=1)
    assert service.sign_in(work, adviser.email, PASSWORD, KEY) is adviser


def test_failures_are_forgotten_after_an_hour(work: Work, with_password: Village) -> None:
    adviser = with_password.adviser
    wrong(work, adviser.email, rules.FREE_FAILURES)
    work.at += timedelta(minutes=61)
    wrong(work, adviser.email, rules.FREE_FAILURES - 1)
    assert service.sign_in(work, adviser.email, PASSWORD, KEY) is adviser


def test_a_new_password_by_mail_is_the_way_round_the_wait(work: Work, with_password: Village) -> None:
    adviser = with_password.adviser
    wrong(work, adviser.email, rules.FREE_FAILURES)
    service.ask_for_new_password(work, adviser.email, with_password.authority)
    service.use_link(work, links(work, adviser.email)[0], "", NEW, KEY)
    assert service.sign_in(work, adviser.email, NEW, KEY) is adviser


def test_guesses_at_the_same_moment_gain_nothing(portal_app: Flask) -> None:
    """Real transactions side by side: of twenty guesses at once no more are tried than of twenty in a row."""
    house: Portal = portal_app.extensions["portal"]
    tried: list[int] = []
    start = threading.Barrier(20)

    def guess(number: int) -> None:
        with portal_app.app_context():
            start.wait()
            work = house.work(VISITOR, Scope(), writing=True)
            try:
                service.count_attempt(work, "everyone at once")
                tried.append(number)
                work.session.commit()
            except TooSoon:
                work.session.rollback()
            finally:
                work.session.close()

    guessers = [threading.Thread(target=guess, args=(number,)) for number in range(20)]
    for guesser in guessers:
        guesser.start()
    for guesser in guessers:
        guesser.join()
    try:
        assert len(tried) == rules.FREE_FAILURES
    finally:
        with portal_app.app_context(), db.new_session(writing=True) as tidying:
            tidying.query(SignInAttempt).delete()
            tidying.commit()


def test_signing_out_ends_every_sitting_without_changing_the_record(work: Work, village: Village) -> None:
    account = village.adviser
    epoch, version = account.epoch, account.version
    service.sign_out(work, account.id)
    work.session.refresh(account)
    assert (account.epoch, account.version) == (epoch + 1, version)
    assert recorded(work)[-1] == "SignedOut"


def test_changing_ones_password_asks_for_the_current_one(work: Work, with_password: Village) -> None:
    account = with_password.adviser
    with pytest.raises(Refusal) as refused:
        service.change_password(work, account, "not the password", NEW, KEY)
    assert refused.value.field == "current_password"
    with pytest.raises(Refusal) as refused:
        service.change_password(work, account, PASSWORD, "password1234", KEY)
    assert refused.value.field == "password"
    epoch = account.epoch
    service.change_password(work, account, PASSWORD, NEW, KEY)
    assert account.epoch == epoch + 1
    assert service.sign_in(work, account.email, NEW, KEY) is account
