"""One parent's address, phone and email is never shown to the other, whatever page or message it might be on."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import GRANTS, Permission, Role
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.web import Access
from ehe_portal.core.work import Work
from ehe_portal.register import queries, service
from ehe_portal.register.models import Child
from ehe_portal.register.rules.answers import OtherParent
from tests.register.conftest import As, ClientAs, answers, here
from tests.village import Village, an_account

MELS = {"phone": "01632 960 111", "parent_address": "11 Hidden Hill", "address_line_1": "7 Quay Street"}
SAMS = {"phone": "01632 960 222", "parent_address": "22 Far Field", "address_line_1": "9 Strand"}
HERS = [*MELS.values(), "mel@home.example", "0700 111", "Mel wants nobody to ring"]
HIS = [*SAMS.values(), "sam@away.example", "0700 222", "Sam wants nobody to ring"]


@pytest.fixture
def child(as_account: As, adviser: Work, parent: Account, work: Work, village: Village) -> tuple[Child, Account]:
    """Kit, whom both parents registered, each from their own home; an officer found the two to be one."""
    sam = an_account(work, village.authority, Role.PARENT, "sam@away.example", "Sam Lowe")
    first = service.submit_registration(
        as_account(parent),
        answers(**MELS, lives_with_child=False, has_other=OtherParent.YES, other_name="Sam Lowe",
                other_phone="0700 111", access_needs="Mel wants nobody to ring"),
    )  # fmt: skip
    second = service.submit_registration(
        as_account(sam),
        answers(**SAMS, parent_name="Sam Lowe", relationship="Father", lives_with_child=False,
                has_other=OtherParent.YES, other_name="Mel Lowe", other_phone="0700 222",
                access_needs="Sam wants nobody to ring"),
    )  # fmt: skip
    for pair in queries.undecided_pairs(adviser, first.child_id):
        if pair.other.id != second.child_id:
            service.decide_different(adviser, first.child, pair.other)
    stays = adviser.session.get_one(Child, first.child_id)
    service.join(adviser, here(adviser, second), stays)
    service.accept(adviser, here(adviser, first), village.adviser)
    return stays, sam


@pytest.mark.parametrize("whose", ["hers", "his"])
def test_no_page_of_a_family_shows_how_to_reach_the_other_parent(
    app: Flask, client_as: ClientAs, child: tuple[Child, Account], parent: Account, whose: str
) -> None:
    kit, sam = child
    mine, theirs = (parent, HIS) if whose == "hers" else (sam, HERS)
    client = client_as(mine)
    opened = 0
    for rule in app.url_map.iter_rules():
        access: Access | None = vars(app.view_functions[rule.endpoint]).get("access")
        if access is None or access.needs not in GRANTS[Role.PARENT] or "GET" not in (rule.methods or ()):
            continue
        if rule.arguments - {"reference"}:
            continue
        with app.test_request_context():
            known: dict[str, Any] = {"reference": kit.reference} if rule.arguments else {}
            url = app.url_for(rule.endpoint, **known)
        shown = client.get(url)
        opened += shown.status_code == 200
        text = shown.get_data(as_text=True).replace("<wbr>", "")
        assert [words for words in theirs if words in text] == [], rule.endpoint
    assert opened > 4
    assert Permission.FAMILY_READ in GRANTS[Role.PARENT]


def test_no_message_carries_it_either(child: tuple[Child, Account], work: Work, parent: Account) -> None:
    _, sam = child
    messages = work.session.scalars(select(OutgoingMessage).order_by(OutgoingMessage.id)).all()
    assert {message.to_address for message in messages} == {parent.email, sam.email}
    for message in messages:
        theirs = HIS if message.to_address == parent.email else HERS
        assert [words for words in theirs if words in str(message.context)] == []


def test_an_officer_sees_both(client_as: ClientAs, child: tuple[Child, Account], village: Village) -> None:
    page = (
        client_as(village.adviser)
        .get(f"/children/{child[0].reference}/people")
        .get_data(as_text=True)
        .replace("<wbr>", "")
    )
    for words in ("11 Hidden Hill", "22 Far Field", "mel@home.example", "sam@away.example"):
        assert words in page
