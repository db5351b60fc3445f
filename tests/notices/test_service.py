"""Who is written to when something happens, and what the message says. The village is that of 12 March 2026."""

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from email.message import EmailMessage
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import event as events_of
from sqlalchemy import insert, update

from ehe_portal.accounts.events import LinkAsked, PasswordChosen, SignUpOfKnownAddress
from ehe_portal.accounts.models import Account, MailLink, Purpose
from ehe_portal.accounts.policy import Role
from ehe_portal.core.links import read_link
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.escalation.events import EscalationRaised
from ehe_portal.escalation.models import Reason
from ehe_portal.notices import service
from ehe_portal.register.events import ChildRegistered, RecordsJoined, RegistrationAccepted
from ehe_portal.register.models import Child, Registration
from tests.notices.mailserver import MailServer
from tests.notices.test_answers import in_calendars
from tests.village import Village, an_account

Messages = Callable[[], Sequence[OutgoingMessage]]
Raise = Callable[..., None]


@pytest.fixture
def post(mail_server: MailServer, work: Work, send: Callable[[], Any]) -> Callable[[], list[EmailMessage]]:
    """Sends what waits, and gives what has arrived since the last time. Nobody's name is in any of it."""

    def collect() -> list[EmailMessage]:
        work.session.commit()
        mail_server.letters.clear()
        send()
        for letter in mail_server.letters:
            said = str(letter["Subject"]) + "".join(
                str(part.get_content()) for part in letter.walk() if not part.is_multipart()
            )
            assert not any(name in said for name in ("Ada", "Byrne", "Ben", "Carter", "Mill Lane"))
        return list(mail_server.letters)

    return collect


def words(letter: EmailMessage) -> str:
    return " ".join(letter.get_content().split())


def to(letters: Sequence[EmailMessage]) -> list[str]:
    return sorted(str(letter["To"]) for letter in letters)


# To people who sign in


@pytest.mark.parametrize(
    ("purpose", "subject"),
    [
        (Purpose.SIGN_UP, "Confirm your email address"),
        (Purpose.INVITATION, "Your account on the home education portal"),
        (Purpose.RESET, "Choose a new password"),
    ],
)
def test_a_link_is_signed_as_it_leaves(
    work: Work, village: Village, post: Callable[[], list[EmailMessage]], messages: Messages, purpose: Purpose,
    subject: str, house: Any,
) -> None:  # fmt: skip
    link = MailLink(
        authority_id=village.authority.id,
        email="new.parent@home.example",
        purpose=purpose,
        expires_at=work.at + timedelta(hours=24),
    )
    work.session.add(link)
    work.session.flush()
    asked = LinkAsked(authority_id=village.authority.id, link_id=link.id, purpose=purpose.value)
    service.send_link(work, [asked])
    work.session.commit()
    (row,) = messages()
    assert row.context == {"link_id": link.id, "expires_at": link.expires_at.isoformat()}
    (letter,) = post()
    assert (letter["To"], letter["Subject"]) == ("new.parent@home.example", subject)
    token = words(letter).partition("http://127.0.0.1:5000/link/")[2].partition(" ")[0]
    assert read_link(house.settings.secret_key, token) == link.id
    assert "until 13 March 2026, midday" in words(letter)


def test_a_token_from_elsewhere_is_none(house: Any) -> None:
    from ehe_portal.core.links import sign_link

    assert read_link(house.settings.secret_key, sign_link("another portal's secret", 1)) is None
    assert read_link(house.settings.secret_key, "not a token") is None


def test_the_owner_of_a_known_address_is_told(work: Work, village: Village, post: Callable[[], Any]) -> None:
    event = SignUpOfKnownAddress(authority_id=village.authority.id, account_id=village.parents["Ada"].id)
    service.tell_known_address(work, [event])
    service.tell_known_address(work, [event])
    letters = post()
    assert to(letters) == ["parent@wessex.example"] * 2
    assert "http://127.0.0.1:5000/account/forgotten-password" in words(letters[0])


def test_a_changed_password_is_told_and_a_first_one_is_not(
    work: Work, village: Village, post: Callable[[], Any]
) -> None:
    whose = {"authority_id": village.authority.id, "account_id": village.adviser.id}
    service.tell_password_chosen(work, [PasswordChosen(**whose, first=True)])
    assert post() == []
    service.tell_password_chosen(work, [PasswordChosen(**whose, first=False)])
    assert to(post()) == [village.adviser.email]


# To families


@pytest.fixture
def registration(work: Work, village: Village) -> Registration:
    made = Registration(
        authority_id=village.authority.id,
        account_id=village.parents["Ada"].id,
        child_id=village["Ada"].id,
        answers={},
        submitted_at=work.at,
    )
    work.session.add(made)
    work.session.flush()
    return made


def about(child: Child, **more: Any) -> dict[str, Any]:
    return {"authority_id": child.authority_id, "child_id": child.id, **more}


def test_a_registration_is_acknowledged_with_a_reference_and_a_date(
    work: Work, village: Village, registration: Registration, post: Callable[[], Any]
) -> None:
    keys = about(village["Ada"], registration_id=registration.id, account_id=registration.account_id)
    service.acknowledge_registration(work, [ChildRegistered(**keys)])
    (letter,) = post()
    assert letter["Subject"] == f"We have received your registration: {registration.reference}"
    assert "in touch with you by 26 March 2026" in words(letter)  # ten working days
    assert "http://127.0.0.1:5000/family" in words(letter)


def test_a_parent_is_told_that_the_registration_was_checked(
    work: Work, village: Village, registration: Registration, post: Callable[[], Any]
) -> None:
    keys = about(village["Ada"], registration_id=registration.id, account_id=registration.account_id)
    service.tell_registration_accepted(work, [RegistrationAccepted(**keys)])
    (letter,) = post()
    assert letter["Subject"] == f"We have checked your registration: {registration.reference}"


def test_joining_records_tells_a_parent_if_there_is_one(
    work: Work, village: Village, registration: Registration, post: Callable[[], Any]
) -> None:
    without = RecordsJoined(
        **about(village["Ada"], registration_id=None, account_id=None, duplicate_child_id=village["Ben"].id)
    )
    service.tell_registration_accepted(work, [without])
    assert post() == []


def test_a_visit_is_an_invitation_to_verified_parents(work: Work, village: Village, post: Callable[[], Any]) -> None:
    offered = [
        SimpleNamespace(**in_calendars(**about(village[name])) | {"visit_id": number, "on_date": date(2026, 4, 3)})
        for number, name in enumerate(("Ada", "Ben"))  # nobody of Ben's has an account
    ]
    service.tell_visit_offered(work, offered)
    (letter,) = post()
    assert letter["To"] == "parent@wessex.example"
    assert letter["Subject"] == "An invitation for 3 April 2026"
    said = words(letter.get_body(("plain",)))
    assert f"http://127.0.0.1:5000/family/children/{village['Ada'].reference}" in said
    assert "It is an invitation." in said


def test_a_parent_who_has_not_been_verified_is_told_nothing_about_a_child(
    work: Work, village: Village, post: Callable[[], Any]
) -> None:
    village["Ada"].parents[0].verified_at = None
    work.session.flush()
    service.tell_education_assessed(work, [SimpleNamespace(**about(village["Ada"]), assessment_id=1)])
    assert post() == []


def test_what_was_decided_is_on_the_page_and_not_in_the_mail(
    work: Work, village: Village, post: Callable[[], Any]
) -> None:
    service.tell_education_assessed(work, [SimpleNamespace(**about(village["Ada"]), assessment_id=1)])
    (letter,) = post()
    assert letter["Subject"] == "There is something new on your page"
    assert "suitable" not in words(letter).lower()


def test_evidence_is_acknowledged_to_whoever_sent_it(work: Work, village: Village, post: Callable[[], Any]) -> None:
    sent = [
        SimpleNamespace(**about(village["Ada"]), evidence_id=1, account_id=village.parents["Ada"].id, at_once=False),
        SimpleNamespace(**about(village["Ada"]), evidence_id=2, account_id=None, at_once=False),  # keyed in
        SimpleNamespace(**about(village["Ada"]), evidence_id=3, account_id=village.parents["Ada"].id, at_once=True),
    ]
    service.acknowledge_evidence(work, sent)
    (letter,) = post()
    assert letter["To"] == "parent@wessex.example"
    assert "sent on 12 March 2026 has arrived" in words(letter)
    assert "by 19 March 2026" in words(letter)  # five working days


# Alerts


@pytest.fixture
def alert(work: Work, village: Village) -> Raise:
    """Raises an escalation about a child."""

    def publish(child: Child, number: int = 1, *, reason: Reason = Reason.CONTACT_LAPSE, **more: Any) -> None:
        keys = about(child, escalation_id=number, reference=f"REF{number}", reason=reason)
        service.alert_officers(work, [EscalationRaised(**keys, **{"alert": 1, "no_attempt": False, **more})])

    return publish


def staff(work: Work, village: Village, role: Role, **values: Any) -> None:
    work.session.execute(
        update(Account).where(Account.authority_id == village.authority.id, Account.role == role).values(**values)
    )
    work.session.expire_all()


def test_each_officer_and_the_adviser_has_an_alert_of_their_own(
    work: Work, village: Village, alert: Raise, post: Callable[[], Any], messages: Messages
) -> None:
    an_account(work, village.authority, Role.CME_OFFICER, "second@wessex.example", "Second Officer")
    alert(village["Ben"])
    letters = post()
    assert to(letters) == ["adviser@wessex.example", "cme-officer@wessex.example", "second@wessex.example"]
    assert {(row.topic, row.topic_id) for row in messages()} == {("escalation", 1)}
    officer = next(letter for letter in letters if "cme-officer" in letter["To"])
    assert officer["Subject"] == "Contact lapse: REF1"
    assert "No concern is recorded with this: silence alone is not one." in words(officer)
    assert "http://127.0.0.1:5000/escalations/REF1" in words(officer)
    adviser = next(letter for letter in letters if "adviser" in letter["To"])
    assert "because you are the adviser" in words(adviser)


def test_that_nobody_had_tried_is_said_first_and_told_to_the_manager(
    village: Village, alert: Raise, post: Callable[[], Any]
) -> None:
    alert(village["Ben"], no_attempt=True)
    letters = post()
    assert to(letters) == ["adviser@wessex.example", "cme-officer@wessex.example", "ehe-manager@wessex.example"]
    assert all(
        words(letter).startswith("The authority itself has made no attempt since the date came near.")
        for letter in letters
    )


def test_a_fresh_alert_says_that_it_is_one(village: Village, alert: Raise, post: Callable[[], Any]) -> None:
    alert(village["Ben"], alert=1)
    alert(village["Ben"], alert=2)
    letters = post()
    assert Counter(to(letters)) == {"adviser@wessex.example": 2, "cme-officer@wessex.example": 2}
    assert "Contact lapse: REF1 (raised again)" in [letter["Subject"] for letter in letters]


def test_a_concern_says_so(village: Village, alert: Raise, post: Callable[[], Any]) -> None:
    alert(village["Ben"], reason=Reason.CONCERN)
    letters = post()
    assert {letter["Subject"] for letter in letters} == {"Concern raised: REF1"}
    assert "Someone has raised a concern about a child." in words(letters[0])


def test_an_adviser_who_raises_a_concern_is_not_alerted_to_it(
    work: Work, new_work: Callable[..., Work], village: Village, post: Callable[[], Any]
) -> None:
    event = EscalationRaised(
        **about(village["Ben"], escalation_id=1, reference="REF1", reason=Reason.CONCERN, alert=1, no_attempt=False)
    )
    work.session.commit()
    acting = new_work(village.adviser)
    service.alert_officers(acting, [event])
    acting.session.commit()
    assert to(post()) == ["cme-officer@wessex.example"]


AWAY = {"away_from": date(2026, 3, 1), "away_until": date(2026, 3, 12)}
GONE = {"is_active": False}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "cme-officer"),
        ({Role.CME_OFFICER: AWAY}, "cme-manager"),
        ({Role.CME_OFFICER: {**AWAY, "away_until": date(2026, 3, 11)}}, "cme-officer"),
        ({Role.CME_OFFICER: {**AWAY, "away_from": date(2026, 3, 13), "away_until": None}}, "cme-officer"),
        ({Role.CME_OFFICER: GONE}, "cme-manager"),
        ({Role.CME_OFFICER: AWAY, Role.CME_MANAGER: AWAY}, "head-of-service"),
        ({Role.CME_OFFICER: AWAY, Role.CME_MANAGER: AWAY, Role.HEAD_OF_SERVICE: AWAY}, "cme-officer"),
        ({Role.CME_OFFICER: GONE, Role.CME_MANAGER: AWAY, Role.HEAD_OF_SERVICE: GONE}, "cme-manager"),
    ],
)
def test_the_next_on_the_ladder_is_alerted_where_nobody_is_here(
    work: Work, village: Village, alert: Raise, post: Callable[[], Any], changes: Any, told: str
) -> None:
    for role, values in changes.items():
        staff(work, village, role, **values)
    alert(village["Ben"])
    assert to(post()) == ["adviser@wessex.example", f"{told}@wessex.example"]


def test_where_there_is_nobody_at_all_it_is_raised_all_the_same(
    work: Work, village: Village, alert: Raise, messages: Messages
) -> None:
    for role in (*service.LADDER, Role.ADVISER):
        staff(work, village, role, **GONE)
    alert(village["Ben"], no_attempt=False)
    work.session.commit()
    assert messages() == []


def test_officers_of_another_authority_hear_nothing(village: Village, alert: Raise, post: Callable[[], Any]) -> None:
    alert(village["Zoe"])
    assert to(post()) == ["cme-officer@mercia.example"]


def test_two_thousand_alerts_are_written_in_well_under_a_second(work: Work, village: Village) -> None:
    for number in range(2):
        an_account(work, village.authority, Role.CME_OFFICER, f"officer{number}@wessex.example", "Officer")
    children = [
        {
            "authority_id": village.authority.id,
            "reference": new_reference(),
            "version": 1,
            "legal_forename": "A",
            "legal_surname": "B",
            "sort_name": "b a",
            "date_of_birth": date(2014, 1, 1),
            "sex": "U",
            "sen_status": "unknown",
            "protected": False,
            "language": "en",
            "age_starts": date(2019, 1, 1),
            "age_ends": date(2030, 6, 28),
            "created_at": work.at,
        }
        for _ in range(2000)
    ]
    ids = work.session.scalars(insert(Child).returning(Child.id), children).all()
    events = [
        EscalationRaised(
            authority_id=village.authority.id,
            child_id=child_id,
            escalation_id=number,
            reference=new_reference(),
            reason=Reason.CONTACT_LAPSE,
            alert=1,
            no_attempt=False,
        )
        for number, child_id in enumerate(ids)
    ]
    statements: list[str] = []
    engine = work.session.get_bind()
    events_of.listen(engine, "before_cursor_execute", lambda *call: statements.append(call[2]))
    service.alert_officers(work, events)
    assert len(statements) < 60, "a handful of queries and one bulk insert, however many there are"


# Children out of sight


def test_managers_are_told_how_many_children_are_out_of_sight(
    work: Work, village: Village, post: Callable[[], Any]
) -> None:
    from ehe_portal.casefile.service import report_out_of_sight

    report_out_of_sight(work, [village["Ben"].id, village["Cleo"].id])
    (letter,) = post()
    assert letter["Subject"] == "Children out of sight: 2"
    assert "flask register doctor" in words(letter)
