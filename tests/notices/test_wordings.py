"""An authority's own words: what fits, what is put in, what never can be, and that what leaves says them."""

from collections.abc import Callable, Sequence
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import wordings as core_wordings
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.settings import ROOT
from ehe_portal.core.work import Work
from ehe_portal.notices import rules, service
from ehe_portal.notices.models import NoticeWording
from ehe_portal.notices.rules import MESSAGES, Words
from ehe_portal.notices.service import wordings
from tests.notices.mailserver import MailServer
from tests.pages import LintingClient, form_of
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
VISIT = MESSAGES["visit-offered"]
OWN = Words("Would ((date)) suit you?", "Hello,\n\nPlease look here:\n((link))\n\nThank you for ((date)).")
FIXED = {
    "check-in-missed",
    "escalation-digest",
    "escalation-raised",
    "escalation-rung",
    "escalation-social-worker",
    "from-family",
    "out-of-sight",
    "parent-invited",
    "scanning-delayed",
    "file-damaged",
    "text-to-read",
    "visit-entry",
    "visit-of-yours",
    "visits-of-yours",
}


@pytest.fixture
def admin(client_as: ClientAs, village: Village) -> LintingClient:
    return client_as(village.staff[Role.ADMINISTRATOR])


def test_every_message_may_be_worded_but_the_alerts(app: Any) -> None:
    made = {path.stem for path in (ROOT / "templates" / "notices").glob("*.txt")} - {"_end"}
    assert set(MESSAGES) == made - FIXED, "list the new message in notices/rules.py, or say why its words are fixed"


@pytest.mark.parametrize("key", sorted(MESSAGES))
def test_the_original_wording_fits_its_own_rules(app: Any, key: str) -> None:
    words = service.original(MESSAGES[key])
    assert rules.problem(MESSAGES[key], words) is None, words
    used = core_wordings.used(words.subject + words.body)
    assert used == {one.name for one in MESSAGES[key].placeholders}, "each placeholder is one that the original has"
    assert "sent automatically" not in words.body
    assert "{" not in words.body + words.subject


@pytest.mark.parametrize(
    ("subject", "body", "field"),
    [
        ("", "((link))", "subject"),
        ("x" * 151, "((link))", "subject"),
        ("one\ntwo", "((link))", "subject"),
        ("See ((link))", "((link))", "subject"),
        ("Hello", "no way to go", "body"),
        ("Hello", "((link)) ((child name))", "body"),
        ("Hello ((name))", "((link))", "subject"),
        ("Hello", "((link)) ((date)", "body"),
        ("Hello", "((link)) (( ))", "body"),
        ("Hello", "((link))" + "x" * 4000, "body"),
        ("Hello ((date))", "((link)) and (brackets) {{ 7 * 7 }}", None),
        ("Hello", "(( Link ))", None),
    ],
)
def test_what_fits(subject: str, body: str, field: str | None) -> None:
    problem = rules.problem(VISIT, Words(subject, body))
    assert (problem[0] if problem else None) == field
    assert problem is None or problem[1].startswith("Enter ")


def test_no_placeholder_says_anything_about_a_child() -> None:
    sources = {one.source for message in MESSAGES.values() for one in message.placeholders}
    assert sources == {
        "reference", "references", "answer_by", "on_date", "sent_on", "link_id", "expires_at", "how_many",
        "statement_id", "ends_at", "family_statements.list_statements",
        "family_complaints.one", "complaints.one",
        "family.home", "family.child", "family.offers", "family.records",
        "family_messages.conversation", "family_letters.list_letters", "messages.find", "my_day.today",
        "child.overview", "evidence.list_evidence",
        "accounts.sign_in", "accounts.forgotten_password",
    }  # fmt: skip


def test_values_are_put_in_once_and_never_looked_at_again() -> None:
    assert core_wordings.filled("((date)) ((x))", {"date": "((link))", "link": "no"}) == "((link)) ((x))"


def set_own(work: Work, village: Village, words: Words | None = OWN, seen: int = 0) -> None:
    service.set_wording(work, village.authority.id, VISIT, words, seen)


Put = Callable[..., None]


def offered(put: Put, to: str = "pat@home.example") -> None:
    put(to, template="visit-offered", child_reference="7K2MXQ0R4T", on_date="2026-03-17")


def sent(mail_server: MailServer, send: Callable[[], Any]) -> EmailMessage:
    mail_server.letters.clear()
    send()
    (letter,) = mail_server.letters
    return letter


def words_of(letter: EmailMessage) -> str:
    return str(letter.get_content()).replace("\r\n", "\n")


def test_what_leaves_is_in_the_authoritys_words(
    mail_server: MailServer, put: Put, send: Callable[[], Any], work: Work, village: Village
) -> None:
    set_own(work, village)
    work.session.commit()
    offered(put)
    letter = sent(mail_server, send)
    assert letter["Subject"] == "Would 17 March 2026 suit you?"
    said = words_of(letter)
    assert said.startswith("Hello,\n\nPlease look here:\nhttp://127.0.0.1:5000/family/children/7K2MXQ0R4T\n")
    assert "Thank you for 17 March 2026." in said
    assert "\nWessex Council\n" in said
    assert "sent automatically" in said


def test_jinja_in_a_wording_is_only_words(
    mail_server: MailServer, put: Put, send: Callable[[], Any], work: Work, village: Village
) -> None:
    set_own(work, village, Words("{{ 7 * 7 }}", "((link)) {{ authority.contact_phone }} {% include 'x' %}"))
    work.session.commit()
    offered(put)
    letter = sent(mail_server, send)
    assert letter["Subject"] == "{{ 7 * 7 }}"
    assert "{{ authority.contact_phone }} {% include 'x' %}" in words_of(letter)


def test_a_registration_of_several_children_is_answered_in_own_words_too(
    mail_server: MailServer, put: Put, send: Callable[[], Any], work: Work, village: Village
) -> None:
    message = MESSAGES["registration-received"]
    original = service.original(message)
    assert original.subject == "We have received your registration: ((reference))"
    assert "Your reference is ((reference))." in original.body
    service.set_wording(work, village.authority.id, message, Words("Thank you: ((reference))", original.body), 0)
    work.session.commit()
    references = ["7K2MXQ0R4T", "8M3NYR1S5V"]
    put("pat@home.example", template=message.key, references=references, answer_by="2026-03-26")
    letter = sent(mail_server, send)
    assert letter["Subject"] == "Thank you: 7K2MXQ0R4T, 8M3NYR1S5V"
    assert "Your reference is 7K2MXQ0R4T, 8M3NYR1S5V." in words_of(letter)


def test_a_long_paragraph_arrives_whole(
    mail_server: MailServer, put: Put, send: Callable[[], Any], work: Work, village: Village
) -> None:
    long = "We would be glad to hear how things are going, whenever that suits you. " * 40
    set_own(work, village, Words(OWN.subject, f"{long}\n\n((link))"))
    work.session.commit()
    offered(put)
    letter = sent(mail_server, send)
    assert max(map(len, letter.as_bytes().splitlines())) <= 80
    assert long.strip() in words_of(letter)


def test_another_authoritys_words_stay_theirs_and_the_original_comes_back(
    mail_server: MailServer, put: Put, send: Callable[[], Any], work: Work, village: Village
) -> None:
    service.set_wording(work, village.elsewhere.id, VISIT, OWN, 0)
    work.session.commit()
    offered(put)
    assert sent(mail_server, send)["Subject"] == "An invitation for 17 March 2026"
    set_own(work, village)
    set_own(work, village, None, 1)
    work.session.commit()
    offered(put, "other@home.example")
    assert sent(mail_server, send)["Subject"] == "An invitation for 17 March 2026"


def test_a_message_from_before_a_wording_leaves_all_the_same(
    mail_server: MailServer, put: Put, send: Callable[[], Any], work: Work, village: Village
) -> None:
    words = Words("New password", "((password page))")
    service.set_wording(
        work, village.authority.id, MESSAGES["known-address"], Words("x", "((sign-in page)) ((password page))"), 0
    )
    service.set_wording(work, village.authority.id, MESSAGES["password-chosen"], words, 0)
    work.session.commit()
    put("pat@home.example", template="password-chosen")
    assert sent(mail_server, send)["Subject"] == "New password"
    assert wordings.text_in_own_words("visit-offered", None, {}) is None
    stale = NoticeWording(
        authority_id=village.authority.id, template="visit-offered", number=1, subject="((date))", body="((link))",
        set_at=work.at, set_by_id=None,
    )  # fmt: skip
    assert wordings.text_in_own_words("visit-offered", stale, {"child_reference": "7K2MXQ0R4T"}) is None


def test_every_version_is_kept_with_who_and_when(work: Work, village: Village, new_work: Callable[..., Work]) -> None:
    as_admin = new_work(village.staff[Role.ADMINISTRATOR])
    set_own(as_admin, village)
    set_own(as_admin, village, Words("Other", "((link))"), 1)
    set_own(as_admin, village, None, 2)
    set_own(as_admin, village, None, 3)  # nothing changed: nothing said
    kept = work.session.scalars(select(NoticeWording).order_by(NoticeWording.number)).all()
    assert [(one.number, one.subject) for one in kept] == [(1, OWN.subject), (2, "Other"), (3, None)]
    assert {one.set_by_id for one in kept} == {village.staff[Role.ADMINISTRATOR].id}
    entries = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "WordingSet")).all()
    assert [entry.details["original"] for entry in entries] == [False, False, True]
    assert "suit you" not in str([entry.details for entry in entries])


def test_two_administrators_at_once_do_not_overwrite_each_other(work: Work, village: Village) -> None:
    set_own(work, village)
    with pytest.raises(ChangedMeanwhile):
        set_own(work, village, Words("Other", "((link))"), 0)
    with pytest.raises(Refusal):
        set_own(work, village, Words("Other", "nothing"), 1)


# Pages


def fields(words: Words) -> dict[str, str]:
    return {"subject": words.subject, "body": words.body}


def press(client: LintingClient, button: str, words: Words) -> Any:
    url = "/settings/messages/visit-offered/change"
    known = form_of(client.get(url).text, "Save wording")[1]
    return client.post(url, data={**known, **fields(words), button: "yes"})


def test_a_preview_shows_made_up_values_and_saves_nothing(admin: LintingClient, work: Work) -> None:
    page = press(admin, "preview", OWN).text
    assert "Nothing has been saved yet" in page
    assert "Would 17 March 2027 suit you?" in page
    assert "http://127.0.0.1:5000/family/children/7K2MXQ0R4T" in page
    assert work.session.scalars(select(NoticeWording)).all() == []
    assert "is not one of them" in press(admin, "preview", Words("Hi", "((link)) ((child))")).text


def test_a_wording_is_saved_shown_and_taken_back(admin: LintingClient, village: Village) -> None:
    assert press(admin, "save", OWN).location == "/settings/messages/visit-offered"
    page = admin.get("/settings/messages/visit-offered").text
    assert "The council’s own wording is in use" in page
    assert village.staff[Role.ADMINISTRATOR].name in page
    assert "The council’s own" in admin.get("/settings/messages").text
    admin.submit("/settings/messages/visit-offered", {}, "Go back to the original")
    assert "The council’s own" not in admin.get("/settings/messages").text
    assert "The original wording is in use" in admin.get("/settings/messages/visit-offered").text


def test_markup_in_a_wording_is_shown_as_typed(admin: LintingClient) -> None:
    press(admin, "save", Words("<b>Hi</b>", "<script>alert(1)</script> ((link))"))
    page = admin.get("/settings/messages/visit-offered").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize("key", ["escalation-raised", "_end", "..", "nobody"])
def test_other_messages_are_not_there(admin: LintingClient, key: str) -> None:
    assert admin.get(f"/settings/messages/{key}").status_code == 404


def test_each_administrator_sees_their_own_authoritys_words(
    client_as: ClientAs, village: Village, work: Work, messages: Callable[[], Sequence[Any]]
) -> None:
    set_own(work, village)
    work.session.commit()
    theirs = client_as(village.stranger[Role.ADMINISTRATOR])
    page = theirs.get("/settings/messages/visit-offered").text
    assert "Please look here" not in page
    assert "The original wording is in use" in page
    theirs.submit("/settings/messages/visit-offered/change", fields(Words("Ours", "((link))")), "Save wording")
    assert "Please look here" in client_as(village.staff[Role.AUDITOR]).get("/settings/messages/visit-offered").text
