"""The welfare check: what is asked of which contact, one section at a time, signed; and what the family may read."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest
from sqlalchemy import JSON, Boolean, Enum, Integer, String, Time, inspect

from ehe_portal.accounts.policy import Role
from ehe_portal.contact import queries, rules, service
from ehe_portal.contact.events import ObservationNoted, WelfareCheckChanged, WelfareCheckSigned
from ehe_portal.contact.models import Contact, SafeguardingObservation, WelfareCheck
from ehe_portal.contact.rules import FAMILY_READS, FIELDS, LABELS, ON_CONTACT, Alone, Section, Told
from ehe_portal.core.codes import ChildSeen, ContactKind, ContactOutcome, EducationStyle, PrimaryReason
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register.models import Child
from tests.contact.stories import ClockOf, d, only, visit
from tests.contact.stories import Told as Heard
from tests.village import Village

NewWork = Callable[..., Work]
NOT_SAID = {"id", "authority_id", "contact_id", "version", "signed_at", "signed_by_id"}
WHOLE = service.Check(
    persons_present="Ada and her father", childs_words="I like the river", education_seen="Maps",
    address_confirmed=True, at_time=time(14, 30), minutes=45, place="At home", first_visit=True, spoken_to=True,
    alone=Alone.TOGETHER, styles=(EducationStyle.PROJECT.value,), environment="A table", progress="Reads well",
    aspirations="More maps", social="Swimming", conclusion="A full week", recommendations="The library",
    discussed_with_school=Told.YES, school_suggested=Told.NO, otherwise_considered=Told.UNSURE,
    reasons=(PrimaryReason.LIFESTYLE.value, PrimaryReason.OTHER.value), main_reason=PrimaryReason.LIFESTYLE,
    sen="None", health="Asthma", support="A list", exams="Later", next_kind=ContactKind.VIDEO_CALL,
    referrals="Speech and language",
)  # fmt: skip


def record(work: Work, village: Village, **more: Any) -> Contact:
    """A home visit to Ada."""
    return service.record_contact(work, village["Ada"], visit("2026-03-11", **{"check": WHOLE, **more}))


def mark(contact: Contact, section: Section) -> str:
    """The mark of what a section says, as a form carries it."""
    return rules.as_read(service.said_in(contact, FIELDS[section]))


# What belongs where


def test_every_column_of_a_check_belongs_to_one_section_and_has_a_label() -> None:
    named = [name for names in FIELDS.values() for name in names]
    assert len(named) == len(set(named))
    columns = {column.key for column in inspect(WelfareCheck).columns} - NOT_SAID
    assert set(named) - ON_CONTACT == columns
    assert set(LABELS) == set(named)
    assert set(WHOLE.values) == columns


@pytest.mark.parametrize(
    ("kind", "outcome", "asked", "not_asked"),
    [
        (ContactKind.HOME_VISIT, ContactOutcome.HELD, {"place", "child_seen", "referrals"}, set()),
        (ContactKind.PHONE_CALL, ContactOutcome.HELD, {"child_seen", "childs_words", "progress"}, {"place"}),
        (ContactKind.HOME_VISIT, ContactOutcome.NO_ACCESS, {"persons_present", "address_confirmed", "at_time"},
         {"child_seen", "childs_words", "progress", "main_reason", "agreed_next_on"}),
        (ContactKind.HOME_VISIT, ContactOutcome.NO_ANSWER, set(), {"persons_present", "summary"}),
        (ContactKind.LETTER, ContactOutcome.RECEIVED, set(), {"persons_present"}),
        (ContactKind.HOME_VISIT, ContactOutcome.CANCELLED_BY_FAMILY, set(), {"persons_present"}),
    ],
)  # fmt: skip
def test_what_is_asked_fits_what_happened(
    kind: ContactKind, outcome: ContactOutcome, asked: set[str], not_asked: set[str]
) -> None:
    found = set(rules.asked_of(kind, outcome))
    assert asked <= found
    assert not not_asked & found


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("address_confirmed", True, "Yes"),
        ("address_confirmed", False, "No, or not certain"),
        ("address_confirmed", None, None),
        ("minutes", 1, "1 minute"),
        ("at_time", time(14, 30), "2:30pm"),
        ("agreed_next_on", date(2026, 6, 1), "1 June 2026"),
        ("child_seen", ChildSeen.DECLINED, "Not seen: parent chose another way"),
        ("alone", Alone.TOGETHER, "No, they preferred to stay together"),
        ("styles", ["project", "other"], "Projects and topics; Another way"),
        ("reasons", ["lifestyle"], "Lifestyle"),
        ("styles", [], None),
        ("spoken_to", False, "No"),
        ("progress", "", None),
        ("progress", "Well", "Well"),
    ],
)
def test_answers_in_words(name: str, value: object, words: str | None) -> None:
    assert rules.answer_in_words(name, value) == words


def test_no_word_of_it_blames_a_family() -> None:
    for words in (*LABELS.values(), *(one.label for one in (*ChildSeen, *Alone, *Told, *Section))):
        assert not {"refus", "fail", "deni", "non-compl"} & {part for part in words.lower().split() if part}
        assert "refus" not in words.lower()


# Recording


def test_the_whole_of_it_is_kept(village: Village, work: Work) -> None:
    contact = record(work, village, agreed_next_on=d("2026-06-01"), summary="We talked")
    kept = contact.welfare_check
    assert kept is not None
    assert {name: getattr(kept, name) for name in WHOLE.values} == WHOLE.values
    assert (kept.signed_at, kept.signed_by_id) == (None, None)


def test_it_may_be_signed_as_it_is_recorded(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    kept = record(work, village, signed=True).welfare_check
    assert kept is not None
    assert (kept.signed_at, kept.signed_by_id) == (work.at, village.adviser.id)


def test_a_door_where_nobody_came_in_has_a_short_check(village: Village, work: Work) -> None:
    """Who lives there is known from a door too: a new tenant may answer it."""
    happened = service.Happened(
        kind=ContactKind.HOME_VISIT, outcome=ContactOutcome.NO_ACCESS, happened_on=d("2026-03-11"),
        check=service.Check(persons_present="A new tenant", address_confirmed=False, at_time=time(10)),
    )  # fmt: skip
    kept = service.record_contact(work, village["Ben"], happened).welfare_check
    assert kept is not None
    assert (kept.persons_present, kept.address_confirmed) == ("A new tenant", False)


def test_declining_is_lawful_and_stays_neutral(village: Village, work: Work, clock_of: ClockOf, told: Heard) -> None:
    record(work, village, child_seen=ChildSeen.DECLINED, check=service.Check(persons_present="Her father"))
    assert clock_of(village["Ada"]).last_contact_on == d("2026-03-11")
    assert {type(event).__name__ for event in told} == {"ContactRecorded"}, "and nothing else follows from it"


def test_a_child_who_was_not_spoken_to_was_not_spoken_to_alone(village: Village, work: Work) -> None:
    check = service.Check(persons_present="Ada", spoken_to=False, alone=Alone.YES)
    with pytest.raises(Refusal) as refused:
        record(work, village, check=check)
    assert refused.value.field == "alone"


# Section by section


def test_a_section_is_saved_by_itself(village: Village, work: Work, told: Heard) -> None:
    contact = record(work, village)
    told.clear()
    values = {**service.said_in(contact, FIELDS[Section.EDUCATION]), "progress": "Very well", "styles": ("exams",)}
    service.save_section(work, contact, Section.EDUCATION, values, as_read=mark(contact, Section.EDUCATION))
    kept = contact.welfare_check
    assert kept is not None
    assert (kept.progress, kept.styles, kept.environment) == ("Very well", ["exams"], "A table")
    event = only(told, WelfareCheckChanged)
    assert (event.section, event.child_id, event.contact_id) == (Section.EDUCATION, village["Ada"].id, contact.id)


def test_who_comes_second_is_told_and_nothing_is_overwritten(village: Village, work: Work) -> None:
    contact = record(work, village)
    as_read = mark(contact, Section.NEEDS)
    said = service.said_in(contact, FIELDS[Section.NEEDS])
    service.save_section(work, contact, Section.NEEDS, {**said, "health": "First"}, as_read=as_read)
    with pytest.raises(ChangedMeanwhile):
        service.save_section(work, contact, Section.NEEDS, {**said, "health": "Second"}, as_read=as_read)
    assert contact.welfare_check is not None
    assert contact.welfare_check.health == "First"


def test_two_people_in_different_sections_do_not_disturb_each_other(village: Village, work: Work) -> None:
    contact = record(work, village)
    needs, origin = mark(contact, Section.NEEDS), mark(contact, Section.ORIGIN)
    said = service.said_in(contact, FIELDS[Section.NEEDS])
    service.save_section(work, contact, Section.NEEDS, {**said, "health": "Well"}, as_read=needs)
    service.save_section(work, contact, Section.ORIGIN, {"reasons": ("other",)}, as_read=origin)
    assert contact.welfare_check is not None
    assert (contact.welfare_check.health, contact.welfare_check.reasons) == ("Well", ["other"])


def test_a_date_agreed_and_a_child_seen_move_the_clock(village: Village, work: Work, clock_of: ClockOf) -> None:
    contact = record(work, village, child_seen=ChildSeen.NO)
    assert clock_of(village["Ada"]).last_seen_on is None
    child = {"child_seen": ChildSeen.YES, "childs_words": "Hello"}
    service.save_section(work, contact, Section.CHILD, child, as_read=mark(contact, Section.CHILD))
    assert clock_of(village["Ada"]).last_seen_on == d("2026-03-11")
    after = {"agreed_next_on": d("2026-06-01"), "summary": "Until then"}
    service.save_section(work, contact, Section.NEXT, after, as_read=mark(contact, Section.NEXT))
    assert clock_of(village["Ada"]).due_on == d("2026-06-01")


@pytest.mark.parametrize(
    ("section", "values", "field"),
    [
        (Section.VISIT, {"persons_present": ""}, "persons_present"),
        (Section.CHILD, {"child_seen": None}, "child_seen"),
        (Section.NEXT, {"agreed_next_on": d("2026-03-11")}, "agreed_next_on"),
    ],
)
def test_a_section_that_cannot_be(village: Village, work: Work, section: Section, values: Any, field: str) -> None:
    contact = record(work, village)
    with pytest.raises(Refusal) as refused:
        service.save_section(work, contact, section, values, as_read=mark(contact, section))
    assert refused.value.field == field


def test_a_signed_check_confirms_the_address_on_the_register(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    home = work.session.get_one(Child, village["Ada"].id).address
    assert home is not None
    unsigned = record(work, village)
    confirmed = [(home.confirmed_on, home.confirmed_by_id)]
    assert unsigned.welfare_check is not None
    service.sign(work, unsigned, version=unsigned.welfare_check.version)
    confirmed.append((home.confirmed_on, home.confirmed_by_id))
    assert confirmed == [(None, None), (d("2026-03-11"), village.adviser.id)], "not before it is signed"
    for day in ("2026-03-10", "2026-03-12", "2026-03-11"):
        service.record_contact(work, home.child, visit(day, check=WHOLE, signed=True))
    assert home.confirmed_on == d("2026-03-12"), "what is older says nothing new"


@pytest.mark.parametrize(("confirmed", "moved_on"), [(False, None), (None, None), (True, "2026-03-12")])
def test_a_check_that_does_not_say_so_of_where_they_live_now_confirms_nothing(
    village: Village, new_work: NewWork, confirmed: bool | None, moved_on: str | None
) -> None:
    work = new_work(village.adviser)
    home = work.session.get_one(Child, village["Ada"].id).address
    assert home is not None
    if moved_on:
        home.from_on = d(moved_on)
    record(work, village, signed=True, check=replace(WHOLE, address_confirmed=confirmed))
    assert home.confirmed_on is None


def test_what_was_struck_out_is_not_completed_or_signed(village: Village, work: Work) -> None:
    contact = record(work, village)
    service.strike_out(work, contact, "Another child", version=contact.version)
    with pytest.raises(Refusal, match="struck out"):
        service.save_section(work, contact, Section.NEEDS, {}, as_read=mark(contact, Section.NEEDS))
    assert contact.welfare_check is not None
    with pytest.raises(Refusal, match="struck out"):
        service.sign(work, contact, version=contact.welfare_check.version)


# Signing


def test_what_is_signed_is_not_changed_any_more(village: Village, new_work: NewWork, told: Heard) -> None:
    work = new_work(village.adviser)
    contact = record(work, village)
    check = contact.welfare_check
    assert check is not None
    service.sign(work, contact, version=check.version)
    assert (check.signed_at, check.signed_by_id) == (work.at, village.adviser.id)
    with pytest.raises(Refusal, match="signed already"):
        service.sign(work, contact, version=check.version)
    with pytest.raises(Refusal, match="signed, and says for good"):
        service.save_section(work, contact, Section.NEEDS, {}, as_read=mark(contact, Section.NEEDS))
    assert (check.signed_at, check.signed_by_id) == (work.at, village.adviser.id)
    assert service.family_copy(check) is not None


def test_nobody_signs_what_they_have_not_read(village: Village, work: Work, told: Heard) -> None:
    contact = record(work, village)
    check = contact.welfare_check
    assert check is not None
    read = check.version
    service.save_section(work, contact, Section.NEEDS, {"health": "New"}, as_read=mark(contact, Section.NEEDS))
    with pytest.raises(ChangedMeanwhile):
        service.sign(work, contact, version=read)
    service.sign(work, contact, version=check.version)
    assert only(told, WelfareCheckSigned).contact_id == contact.id


# The family's copy


def canary(column: Any) -> Any:
    """A value that can be found again, for a column of any kind."""
    if isinstance(column.type, Enum) and column.type.enum_class is not None:
        return next(iter(column.type.enum_class))
    for kind, value in ((JSON, ["other"]), (Boolean, True), (Integer, 77), (Time, time(3, 33))):
        if isinstance(column.type, kind):
            return value
    assert isinstance(column.type, String), column.key
    return f"CANARY {column.key}"


def test_the_familys_copy_holds_what_is_listed_and_nothing_else(village: Village, work: Work) -> None:
    """A column that is added and not listed is restricted: its canary would be found here."""
    contact = record(
        work, village, signed=True, summary="CANARY summary", agreed_next_on=d("2026-06-01"),
        observation=service.Observation(
            fact="CANARY fact", opinion="CANARY opinion", source="CANARY source", consulted="CANARY consulted",
            action="CANARY action", done_time=time(4, 44),
        ),
    )  # fmt: skip
    check = contact.welfare_check
    assert check is not None
    for column in inspect(WelfareCheck).columns:
        if column.key not in NOT_SAID:
            setattr(check, column.key, canary(column))
    contact.struck_out_why = "CANARY why"
    copy = service.family_copy(check)
    assert copy is not None
    readable = {name for names in FAMILY_READS.values() for name in names}
    told = " ".join(words for _, rows in copy.sections for _, words in rows)
    said = [column for column in inspect(WelfareCheck).columns if column.key not in NOT_SAID]
    texts = {column.key for column in said if str(canary(column)).startswith("CANARY")}
    assert {name for name in texts | {"summary"} if f"CANARY {name}" in told} == (texts | {"summary"}) & readable
    labels = {label for _, rows in copy.sections for label, _ in rows}
    assert labels == {LABELS[name] for name in readable}
    for secret in ("fact", "opinion", "source", "consulted", "action", "why", "place", "childs_words", "health",
                   "sen", "referrals"):  # fmt: skip
        assert f"CANARY {secret}" not in str(copy)
    assert "4:44" not in str(copy)


def test_what_a_family_never_reads_is_not_listed() -> None:
    readable = {name for names in FAMILY_READS.values() for name in names}
    assert not readable & {"childs_words", "place", "address_confirmed", "sen", "health", "referrals", "reasons",
                           "main_reason", "school_suggested"}  # fmt: skip
    assert not readable & {column.key for column in inspect(SafeguardingObservation).columns} - {"id"}


def test_there_is_no_copy_before_it_is_signed_or_after_it_is_struck_out(village: Village, work: Work) -> None:
    contact = record(work, village)
    check = contact.welfare_check
    assert check is not None
    assert service.family_copy(check) is None
    service.sign(work, contact, version=check.version)
    copy = service.family_copy(check)
    assert copy is not None
    assert isinstance(copy.signed_at, datetime)
    assert (copy.kind, copy.happened_on) == (ContactKind.HOME_VISIT, d("2026-03-11"))
    assert copy.sections[0] == (
        "Who, when and where",
        (("Who was there", "Ada and her father"), ("Time", "2:30pm"), ("How long it took", "45 minutes"),
         ("First visit", "Yes")),
    )  # fmt: skip
    service.strike_out(work, contact, "Another child", version=contact.version)
    assert service.family_copy(check) is None


# Safeguarding


def test_a_note_is_added_and_never_changed(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    first = service.Observation(fact="A bruise", source="Seen by me")
    heard: list[Any] = []
    work.reactions = {ObservationNoted: [lambda _, events: heard.extend(events)]}
    contact = record(work, village, observation=first)
    second = service.Observation(fact="A fall, she said", consulted="My manager", action="Rang", done_time=time(16, 5))
    service.note_observation(work, contact, second)
    noted = queries.observations(work, contact)
    assert [(one.fact, one.consulted, one.done_time) for one in noted] == [
        ("A bruise", None, None),
        ("A fall, she said", "My manager", time(16, 5)),
    ]
    assert noted[1].recorded_by_id == village.adviser.id
    assert [one.contact_id for one in heard] == [contact.id] * 2
    with pytest.raises(Refusal) as refused:
        service.note_observation(work, contact, service.Observation(fact="", opinion="Odd"))
    assert refused.value.field == "fact"


def test_checks_of_another_authority_are_not_found(village: Village, work: Work, new_work: NewWork) -> None:
    contact, ada = record(work, village), village["Ada"]
    assert queries.visible_check(new_work(village.adviser), ada.reference, contact.reference) is not None
    stranger = new_work(village.stranger[Role.ADVISER])
    assert queries.visible_check(stranger, ada.reference, contact.reference) is None
