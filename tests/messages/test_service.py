"""Writing to each other: who is told, what the clock makes of it, and what waits for an officer."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.casefile.queries.today import Item
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact import service as contact
from ehe_portal.contact.models import ContactClock
from ehe_portal.core.codes import ContactKind, ContactOutcome, Destination
from ehe_portal.core.days import london_date
from ehe_portal.core.errors import Refusal
from ehe_portal.core.transaction import transaction
from ehe_portal.core.work import Work
from ehe_portal.messages import queries, service
from ehe_portal.messages.models import Message, MessageReading, MessageThread
from ehe_portal.messages.rules import MOST_A_DAY
from ehe_portal.register import service as register
from ehe_portal.register.events import RecordsJoined
from ehe_portal.register.models import Parent
from tests.conftest import Clock
from tests.desks import waits
from tests.messages.conftest import (
    CANARY,
    NewWork,
    Write,
    contact_of,
    mails,
    of_council,
    of_family,
    thread_of,
)
from tests.village import Village

# Writing


def test_a_parent_writes_and_the_adviser_is_told(work: Work, village: Village, family_writes: Write) -> None:
    message = family_writes()
    parent = village.parents["Ada"]
    assert (message.words, message.author_id, message.from_family) == (CANARY, parent.id, True)
    assert [(one.to_address, one.template, one.idempotency_key) for one in mails(work)] == [
        (village.adviser.email, "message-received", f"message-received-{message.id}-{village.adviser.id}")
    ]
    assert thread_of(work, parent).waiting_since == message.written_at


def test_the_council_writes_and_that_parent_alone_is_told(
    work: Work, village: Village, other_parent: Account, council_writes: Write
) -> None:
    message = council_writes(to=other_parent)
    assert [(one.to_address, one.template, one.idempotency_key) for one in mails(work)] == [
        (other_parent.email, "message-sent", f"message-sent-{message.id}-{other_parent.id}")
    ]
    assert thread_of(work, other_parent).waiting_since is None


def test_with_the_team_nobody_is_mailed_but_it_waits(work: Work, village: Village, family_writes: Write) -> None:
    episode = village["Ada"].episode
    assert episode is not None
    register.assign(work, episode, None)
    family_writes()
    assert mails(work) == []
    assert [one.child_name for one in waits(as_officer(work, village), "message")] == ["Ada Byrne"]


def as_officer(work: Work, village: Village) -> Work:
    """The same transaction, as the adviser sees it."""
    from dataclasses import replace

    from tests.conftest import signed_in

    actor, scope = signed_in(village.adviser)
    return replace(work, actor=actor, scope=scope)


def test_nothing_of_a_message_stands_anywhere_but_in_it(
    work: Work, village: Village, family_writes: Write, council_writes: Write
) -> None:
    family_writes()
    council_writes()
    for said in (
        [str(one.context) + one.idempotency_key for one in mails(work)],
        [str(entry.details) for entry in work.session.scalars(select(AuditEntry).order_by(AuditEntry.id))],
        [str(one.summary) for one in contact_queries.history(as_officer(work, village), village["Ada"].id)],
    ):
        assert said
        assert not any(word in text for text in said for word in ("heron", "kayak", "Ada", "Byrne"))
    kinds = set(work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))
    assert {"MessageReceived", "MessageSent", "ContactRecorded"} <= kinds


def test_an_empty_message_is_not_sent(village: Village, family_writes: Write) -> None:
    with pytest.raises(Refusal, match="Enter your message"):
        family_writes("")


def test_a_family_can_send_so_many_within_a_day(
    work: Work, village: Village, family_writes: Write, council_writes: Write, other_parent: Account, clock: Clock
) -> None:
    for _ in range(MOST_A_DAY):
        family_writes()
    with pytest.raises(Refusal, match="Choose another time"):
        family_writes()
    council_writes()  # the team is not held up by that
    family_writes(by=other_parent)  # nor is the other parent
    clock.at += timedelta(hours=24, minutes=1)
    family_writes()


def test_an_episode_that_ended_is_read_and_no_more(
    work: Work, village: Village, new_work: NewWork, family_writes: Write
) -> None:
    family_writes()
    episode = village["Ada"].episode
    assert episode is not None
    episode.closed_on, episode.destination = work.today, Destination.SCHOOL
    work.session.flush()
    for make, write in (
        (village.parents["Ada"], service.write_to_council),
        (village.adviser, service.write_to_family),
    ):
        acting = new_work(make)
        theirs = (
            of_family(acting, village)
            if make is village.parents["Ada"]
            else of_council(acting, village, village.parents["Ada"])
        )
        assert theirs.closed
        assert [one.message.words for one in queries.page_of(acting, theirs.thread, None)[0]] == [CANARY]
        with pytest.raises(Refusal, match="nothing more can be written"):
            write(acting, theirs, "And then?")
    assert waits(as_officer(work, village), "message") == []


def test_a_parent_who_let_go_of_the_account_can_only_be_read(
    work: Work, village: Village, new_work: NewWork, family_writes: Write
) -> None:
    family_writes()
    parent = work.session.scalars(select(Parent).where(Parent.account_id == village.parents["Ada"].id)).one()
    parent.account_id = None
    work.session.flush()
    assert queries.family_conversation(new_work(village.parents["Ada"]), village["Ada"].reference) is None
    assert of_council(new_work(village.adviser), village, village.parents["Ada"]).closed


# What the clock makes of it


def clock_of(work: Work, village: Village) -> ContactClock:
    found = select(ContactClock).where(ContactClock.child_id == village["Ada"].id)
    return work.session.scalars(found.execution_options(populate_existing=True)).one()


def test_a_parents_message_is_a_reply_until_an_officer_says_that_it_tells_about_the_education(
    work: Work, village: Village, family_writes: Write
) -> None:
    before = clock_of(work, village).due_on
    message = family_writes()
    written = contact_of(work, message)
    assert (written.kind, written.outcome, written.happened_on) == (
        ContactKind.EMAIL,
        ContactOutcome.RECEIVED,
        date(2026, 3, 12),
    )
    assert written.waits_to_be_confirmed
    assert written.reference == message.reference
    clock = clock_of(work, village)
    assert (clock.last_contact_on, clock.last_reply_on) == (date(2025, 12, 1), date(2026, 3, 12))
    contact.confirm_writing(as_officer(work, village), written, True, version=written.version)
    assert clock_of(work, village).last_contact_on == date(2026, 3, 12)
    assert clock_of(work, village).due_on == date(2027, 3, 12) > before
    said = select(Message.told_of_education).where(Message.id == message.id)
    assert work.session.scalars(said).one() is True


def test_the_councils_message_is_something_it_tried_and_moves_no_date(
    work: Work, village: Village, council_writes: Write
) -> None:
    before = clock_of(work, village).due_on
    sent = contact_of(work, council_writes())
    assert (sent.kind, sent.outcome, sent.adviser_id) == (ContactKind.EMAIL, ContactOutcome.SENT, village.adviser.id)
    assert clock_of(work, village).due_on == before
    assert contact_queries.last_attempts(work, [village["Ada"].id]) == {village["Ada"].id: date(2026, 3, 12)}


# What waits


def waiting(work: Work, village: Village, whose: int | None = None) -> Sequence[Item]:
    return waits(as_officer(work, village), "message", whose)


def test_what_a_parent_wrote_waits_until_it_is_answered(
    work: Work, village: Village, family_writes: Write, council_writes: Write, clock: Clock
) -> None:
    first = family_writes().written_at
    clock.at += timedelta(hours=1)
    family_writes("And another thing")
    (one,) = waiting(work, village)
    assert (one.child_reference, one.address["account_reference"], one.detail, one.by, one.adviser) == (
        village["Ada"].reference,
        village.parents["Ada"].reference,
        f"From {village.parents['Ada'].name}",
        london_date(first),
        village.adviser.name,
    )
    council_writes("Here you are")
    assert waiting(work, village) == []


def test_what_came_while_an_officer_was_writing_goes_on_waiting(
    work: Work, village: Village, new_work: NewWork, family_writes: Write, clock: Clock
) -> None:
    seen = family_writes().reference
    clock.at += timedelta(minutes=5)
    later = family_writes("Oh, and it is urgent")
    for what_was_seen in (seen, "NEVERTHERE"):
        with transaction(new_work(village.adviser), may_write=True) as acting:
            theirs = of_council(acting, village, village.parents["Ada"])
            service.write_to_family(acting, theirs, "Here you are", what_was_seen)
        assert work.session.scalars(select(MessageThread.waiting_since)).all() == [later.written_at]


def test_an_officer_may_find_that_no_answer_is_needed(
    work: Work, village: Village, new_work: NewWork, family_writes: Write, clock: Clock
) -> None:
    seen = family_writes("Thank you!").reference
    clock.at += timedelta(minutes=5)
    later = family_writes("But when?").reference
    acting = new_work(village.adviser)
    theirs = of_council(acting, village, village.parents["Ada"])
    with pytest.raises(Refusal, match="something new was written"):
        service.need_no_answer(acting, theirs, seen)
    with transaction(new_work(village.adviser), may_write=True) as acting:
        service.need_no_answer(acting, of_council(acting, village, village.parents["Ada"]), later)
    assert waiting(work, village) == []
    kinds = list(work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))
    assert kinds[-1] == "AnswerNotNeeded"


def test_each_sees_what_waits_for_them_and_no_other_authority_anything(
    work: Work, village: Village, new_work: NewWork, family_writes: Write
) -> None:
    family_writes()
    assert len(waiting(work, village, village.adviser.id)) == 1
    assert waiting(work, village, village.cme_officer.id) == []
    for stranger in (one for role, one in village.stranger.items() if role is not Role.PARENT):
        assert waits(new_work(stranger), "message") == []


def test_the_longest_waiting_comes_first(
    work: Work, village: Village, family_writes: Write, other_parent: Account, clock: Clock
) -> None:
    family_writes(by=other_parent)
    clock.at += timedelta(hours=1)
    family_writes()
    found = waits(as_officer(work, village), "message")
    assert [one.detail for one in found] == ["From Ola Byrne", f"From {village.parents['Ada'].name}"]


# Two parents, two records


def test_each_parent_has_a_thread_of_their_own(
    work: Work, village: Village, new_work: NewWork, other_parent: Account, family_writes: Write, council_writes: Write
) -> None:
    family_writes("From the first parent")
    family_writes("From the second parent", by=other_parent)
    council_writes("To the first parent")
    for account, said in (
        (village.parents["Ada"], ["From the first parent", "To the first parent"]),
        (other_parent, ["From the second parent"]),
    ):
        acting = new_work(account)
        shown, _ = queries.page_of(acting, of_family(acting, village).thread, None)
        assert [one.message.words for one in shown] == said


def test_threads_of_a_duplicate_go_to_the_record_that_stays(
    work: Work, village: Village, other_parent: Account, family_writes: Write, clock: Clock
) -> None:
    ada, ben = village["Ada"], village["Ben"]
    first = family_writes("About the record that stays")
    clock.at += timedelta(hours=1)
    keys = {"authority_id": village.authority.id, "child_id": ben.id}
    for account in (village.parents["Ada"], other_parent):
        work.session.add(MessageThread(**keys, account_id=account.id, last_at=clock.at, waiting_since=clock.at))
    work.session.flush()
    strays = work.session.scalars(select(MessageThread).where(MessageThread.child_id == ben.id)).all()
    for thread in strays:
        work.session.add(
            Message(
                authority_id=village.authority.id, thread_id=thread.id, author_id=thread.account_id, from_family=True,
                words="About the duplicate", written_at=clock.at,
            )
        )  # fmt: skip
    work.session.flush()
    joined = RecordsJoined(
        authority_id=village.authority.id,
        child_id=ada.id,
        registration_id=None,
        account_id=None,
        duplicate_child_id=ben.id,
    )
    service.move_to_joined(work, [joined])
    assert queries.threads_about(work, ben.id) == []
    merged = thread_of(work, village.parents["Ada"])
    assert (merged.waiting_since, merged.last_at) == (first.written_at, clock.at)
    assert work.session.scalar(select(func.count(Message.id)).where(Message.thread_id == merged.id)) == 2
    assert thread_of(work, other_parent).child_id == ada.id


# Reading


def test_reading_is_put_down_once_for_each_reader_and_only_of_the_other_side(
    work: Work, village: Village, new_work: NewWork, family_writes: Write, council_writes: Write, clock: Clock
) -> None:
    theirs, ours = family_writes(), council_writes()
    read_at = clock.at
    for _ in range(2):
        with transaction(new_work(village.adviser, writing=False), may_write=False) as acting:
            conversation = of_council(acting, village, village.parents["Ada"])
            shown, _ = queries.page_of(acting, conversation.thread, None)
            service.mark_read(acting, shown, by_family=False)
        clock.at += timedelta(hours=1)
    found = work.session.execute(
        select(MessageReading.message_id, MessageReading.account_id, MessageReading.read_at)
    ).all()
    assert [tuple(one) for one in found] == [(theirs.id, village.adviser.id, read_at)]
    assert queries.readings(work, [theirs.id, ours.id]) == {theirs.id: [(village.adviser.name, read_at)]}


def test_two_windows_of_one_reader_mark_a_message_once(
    work: Work, village: Village, family_writes: Write
) -> None:  # fmt: skip
    message = family_writes()
    row = {
        "authority_id": village.authority.id,
        "message_id": message.id,
        "account_id": village.adviser.id,
        "read_at": work.at,
    }
    service.put_readings([row], work.session)
    service.put_readings([{**row, "read_at": work.at + timedelta(hours=1)}], work.session)
    assert queries.readings(work, [message.id]) == {message.id: [(village.adviser.name, work.at)]}


def test_a_long_thread_comes_page_by_page_in_its_order(
    work: Work, village: Village, new_work: NewWork, council_writes: Write
) -> None:
    references = [council_writes(f"Number {number}").reference for number in range(queries.PAGE + 3)]
    acting = new_work(village.adviser)
    thread = of_council(acting, village, village.parents["Ada"]).thread
    latest, more = queries.page_of(acting, thread, None)
    earlier, none = queries.page_of(acting, thread, more)
    assert [one.message.words for one in earlier + latest] == [f"Number {number}" for number in range(queries.PAGE + 3)]
    assert (len(latest), none) == (queries.PAGE, None)
    for reference, is_latest in ((references[-1], True), (references[3], True), (references[2], False)):
        place = queries.place_of(acting, village["Ada"].reference, reference)
        assert place is not None
        assert (place.before is None) is is_latest
        page, _ = queries.page_of(acting, thread, place.before)
        assert reference in [one.message.reference for one in page]
