"""Messages to a family stopped: whatever happens, nothing leaves for it, and nothing that waited leaves either."""

import enum
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date, datetime, time
from itertools import product
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from sqlalchemy import select, update

from ehe_portal.core import outbox
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.settings import ROOT
from ehe_portal.core.work import Event, Work
from ehe_portal.evidence.models import Scan
from ehe_portal.notices import service
from ehe_portal.reactions import REACTIONS
from ehe_portal.register import service as register
from ehe_portal.register.events import ChildRegistered, MessagesStopped
from ehe_portal.register.models import AccessState, Parent, ParentAccess, Registration, RegistrationState
from tests.conftest import NOON
from tests.notices.mailserver import MailServer
from tests.village import Village

WHY = "The aunt says that a wedding is planned in Mirpur"
TO_FAMILIES = {
    "access-ended",
    "change-decided",
    "complaint-news",
    "complaint-received",
    "contact-passed",
    "contact-soon",
    "education-assessed",
    "evidence-received",
    "file-not-opened",
    "letter-written",
    "message-sent",
    "parent-invited",
    "parent-verified",
    "registration-accepted",
    "registration-received",
    "statement-written",
    "visit-agreed",
    "visit-answered",
    "visit-cancelled",
    "visit-changed",
    "visit-confirmed",
    "visit-offered",
    "visit-parted",
    "visit-place",
    "visit-recorded",
    "visit-times",
    "visit-withdrawn",
}
"""Every message about a child that goes to its family. A new one belongs here, and is then tried by the crawl below."""
TO_STAFF = {
    "adviser-contact-passed",
    "adviser-contact-soon",
    "check-in-missed",
    "children-handed-over",
    "complaint-late",
    "complaint-made",
    "complaint-shared",
    "contacts-due",
    "escalation-digest",
    "escalation-raised",
    "escalation-rung",
    "escalation-social-worker",
    "file-sealed",
    "from-family",
    "message-received",
    "out-of-sight",
    "remind-by-phone",
    "plan-reviews-late",
    "remind-in-person",
    "reviews-late",
    "scanning-delayed",
    "file-damaged",
    "visit-entry",
    "visit-of-yours",
    "visits-of-yours",
}
ABOUT_AN_ACCOUNT = {
    "account-closed",
    "email-changed",
    "known-address",
    "link-invitation",
    "link-new-email",
    "link-reset",
    "link-sign-up",
    "new-email-asked",
    "new-email-taken",
    "password-chosen",
}
TO_OTHERS = {"statement-asked"}
TO_PHONES = {"text-to-read"}
"""Beside messages to families; that they stop too is shown in test_notify.py."""
"""What goes to somebody whom a parent named: it is the parent's doing, and names nobody."""
VARIED: dict[str, tuple[Any, ...]] = {
    "choice": (True, False),
    "answer": ("accepted", "declined", "cancelled"),
    "scan": (Scan.CLEAN, Scan.INFECTED),
    "at_once": (True, False),
    "keyed_in": (True, False),
    "goes": ("portal", "post"),
}
"""What is told of events depends on these too."""
MADE_UP = {int: 1, str: "1", bool: True, date: date(2026, 3, 20), time: time(10), datetime: NOON}


@pytest.fixture
def rows(work: Work, village: Village) -> dict[str, Any]:
    """What events speak of: a registration and an invitation of Ada's parent, and whose account it is."""
    ada: dict[str, Any] = {"authority_id": village.authority.id, "child_id": village["Ada"].id}
    account = village.parents["Ada"]
    registration = Registration(
        **ada,
        account_id=account.id,
        answers={},
        state=RegistrationState.ACCEPTED,
        submitted_at=work.at,
    )
    parent = work.session.scalars(select(Parent).where(Parent.account_id == account.id)).one()
    access = ParentAccess(
        authority_id=village.authority.id,
        parent_id=parent.id,
        email=account.email,
        state=AccessState.INVITED,
        begun_at=work.at,
        begun_by_id=village.adviser.id,
    )
    work.session.add_all([registration, access])
    work.session.flush()
    return {
        **ada,
        "account_id": account.id,
        "of_child_id": village["Ada"].id,
        "registration_id": registration.id,
        "access_id": access.id,
        "link_id": None,
        "adviser_id": village.adviser.id,
    }


def made_up(kind: type[Event], rows: dict[str, Any]) -> Iterator[Event]:
    """Events of a kind about Ada, of each code that its `kind` may have, and of each of what else is varied."""
    hints = get_type_hints(kind)
    values: dict[str, Any] = {}
    for named in fields(kind):
        types = [one for one in (get_args(hints[named.name]) or (hints[named.name],)) if one is not type(None)]
        if named.name in rows:
            values[named.name] = rows[named.name]
        elif get_origin(hints[named.name]) is tuple:
            values[named.name] = ()
        elif issubclass(types[0], enum.Enum):
            values[named.name] = None if get_args(hints[named.name]) else next(iter(types[0]))
        else:
            values[named.name] = MADE_UP.get(types[0])
    varied = {name: several for name, several in VARIED.items() if name in hints}
    codes = hints.get("kind")
    if codes is not None and issubclass(codes, enum.Enum):
        varied["kind"] = tuple(codes)
    for chosen in product(*varied.values()):
        yield kind(**{**values, **dict(zip(varied, chosen, strict=True))})


def crawl(work: Work, rows: dict[str, Any]) -> None:
    """Let everything happen about Ada of which anybody is written to."""
    for kind, reactions in REACTIONS.items():
        if kind in (Event, MessagesStopped) or "accounts" in kind.__module__:
            continue
        for reaction, event in product(reactions, made_up(kind, rows)):
            if reaction.__module__.startswith("ehe_portal.notices"):
                reaction(work, [event])
                # Of several events about one thing a key lets one message leave: here each is to be seen.
                work.session.execute(update(OutgoingMessage).values(idempotency_key=OutgoingMessage.message_id))


def sent(work: Work, village: Village) -> set[str]:
    """What went to Ada's parent, but for messages to staff: made-up events name the parent's account for theirs."""
    found = select(OutgoingMessage.template).where(OutgoingMessage.to_address == village.parents["Ada"].email)
    return set(work.session.scalars(found.order_by(OutgoingMessage.id))) - TO_STAFF


def test_every_message_is_known_here() -> None:
    made = {path.stem for path in (ROOT / "templates" / "notices").glob("*.txt")} - {"_end"}
    assert made == TO_FAMILIES | TO_STAFF | ABOUT_AN_ACCOUNT | TO_OTHERS | TO_PHONES, (
        "say of a new message to whom it goes"
    )


def test_without_a_stop_the_crawl_makes_every_message_to_families(
    work: Work, village: Village, rows: dict[str, Any]
) -> None:
    crawl(work, rows)
    assert sent(work, village) == TO_FAMILIES


def test_while_stopped_nothing_at_all_leaves_for_the_family(work: Work, village: Village, rows: dict[str, Any]) -> None:
    register.stop_messages(work, [(village["Ada"], {})], WHY)
    crawl(work, rows)
    assert sent(work, village) == set()
    to_staff = set(work.session.scalars(select(OutgoingMessage.template)))
    assert {"from-family", "message-received", "escalation-raised", "adviser-contact-soon"} <= to_staff


def test_what_waited_is_thrown_away_in_the_same_transaction(work: Work, village: Village, rows: dict[str, Any]) -> None:
    crawl(work, rows)
    assert sent(work, village) == TO_FAMILIES
    register.stop_messages(work, [(village["Ada"], {})], WHY)
    assert sent(work, village) == set()


def test_what_waits_about_several_children_goes_without_those_who_are_stopped(
    work: Work, village: Village, rows: dict[str, Any]
) -> None:
    """Two children registered in one go: one receipt, which a stop leaves with the other's reference only."""
    ben: dict[str, Any] = {"authority_id": village.authority.id, "child_id": village["Ben"].id}
    account_id = village.parents["Ada"].id
    other = Registration(
        **ben, account_id=account_id, answers={}, state=RegistrationState.WAITING, submitted_at=work.at
    )
    work.session.add(other)
    work.session.flush()
    registered = [
        ChildRegistered(**about, account_id=account_id, registration_id=number)
        for about, number in ((ben, other.id), ({name: rows[name] for name in ben}, rows["registration_id"]))
    ]
    service.acknowledge_registration(work, registered)
    (receipt,) = work.session.scalars(
        select(OutgoingMessage).where(OutgoingMessage.template == "registration-received")
    )
    first, second = receipt.context["references"]
    assert first == other.reference
    register.stop_messages(work, [(village["Ada"], {})], WHY)
    work.session.refresh(receipt)
    assert receipt.context["references"] == [first]
    assert second not in str(receipt.context)
    register.stop_messages(work, [(village["Ben"], {})], WHY)
    assert sent(work, village) == set()


def test_what_was_being_written_at_that_very_moment_is_held_back_when_it_would_leave(
    work: Work, village: Village, mail_server: MailServer, send: Callable[[], Any]
) -> None:
    register.stop_messages(work, [(village["Ada"], {})], WHY)
    ada = village["Ada"]
    row = outbox.row(
        work,
        authority_id=ada.authority_id,
        to=village.parents["Ada"].email,
        template="education-assessed",
        context={"child_reference": ada.reference},
        key="raced",
        topic="family",
        topic_id=ada.id,
    )
    outbox.put(work, [row])
    work.session.commit()
    send()
    assert mail_server.letters == []
    assert sent(work, village) == set()


def test_other_families_go_on_being_told(work: Work, village: Village, rows: dict[str, Any]) -> None:
    crawl(work, rows)
    service.hold_back(work, [MessagesStopped(authority_id=village.authority.id, child_id=village["Ben"].id, stop_id=1)])
    assert sent(work, village) == TO_FAMILIES
