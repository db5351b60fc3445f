"""Sending and assessing: nothing without its file, no file without its row, and only a person decides."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.audit.models import AuditEntry
from ehe_portal.contact import queries as contact_queries
from ehe_portal.contact.models import Contact
from ehe_portal.core.codes import ContactKind, ContactOutcome
from ehe_portal.core.errors import Refusal
from ehe_portal.core.transaction import UnrecordedChange, transaction
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Work
from ehe_portal.evidence import queries, rules, service
from ehe_portal.evidence.models import Assessment, Evidence, EvidenceFile, Outcome
from ehe_portal.evidence.service import Criterion, Finding, Judged, Standing, all_satisfied
from ehe_portal.policy.models import PolicyVersion
from ehe_portal.register.events import RecordsJoined
from tests.evidence.conftest import Arrive, NewWork, waiting_files
from tests.village import Village


def as_parent(new_work: NewWork, village: Village) -> Work:
    return new_work(village.parents["Ada"])


def suitable(*evidence: str) -> Finding:
    return Finding(Outcome.SUITABLE, "Fine.", criteria=all_satisfied(evidence=evidence))


def kinds(work: Work) -> list[str]:
    return list(work.session.scalars(select(AuditEntry.kind).order_by(AuditEntry.id)))


# Sending


def test_a_written_account_is_sent(village: Village, new_work: NewWork) -> None:
    work = as_parent(new_work, village)
    evidence = service.submit(work, village["Ada"], "We read every day.")
    assert (evidence.child_id, evidence.account_id) == (village["Ada"].id, village.parents["Ada"].id)
    assert (evidence.sent_at, evidence.sent_on) == (work.at, date(2026, 3, 12))
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "EvidenceSubmitted")).one()
    assert entry.child_id == village["Ada"].id
    assert "read" not in str(entry.details)


def test_it_is_sent_on_the_london_date(village: Village, new_work: NewWork) -> None:
    work = as_parent(new_work, village)
    work.at = datetime(2026, 6, 1, 23, 30, tzinfo=UTC)
    assert service.submit(work, village["Ada"], "We read every day.").sent_on == date(2026, 6, 2)


def test_files_that_arrived_are_sent(house: Portal, village: Village, new_work: NewWork, arrive: Arrive) -> None:
    references = [arrive(b"first", "a.pdf"), arrive(b"second", "b.pdf")]
    work = as_parent(new_work, village)
    evidence = service.submit(work, village["Ada"], "", references)
    assert [(file.reference, file.filename, file.size) for file in evidence.files] == [
        (references[0], "a.pdf", 5),
        (references[1], "b.pdf", 6),
    ]
    assert [b"".join(house.vault.read(file.stored_as)) for file in evidence.files] == [b"first", b"second"]
    assert evidence.files[0].stored_as == f"{village.authority.id}/{references[0]}"
    assert waiting_files(work) == []


def test_nothing_at_all_is_not_sent(village: Village, new_work: NewWork) -> None:
    with pytest.raises(Refusal, match="Enter something"):
        service.submit(as_parent(new_work, village), village["Ada"], "")


def test_files_of_others_of_long_ago_or_not_whole_are_not_sent(
    village: Village, new_work: NewWork, arrive: Arrive, other_parent: Account
) -> None:
    reference = arrive()
    work = as_parent(new_work, village)
    half = service.expect_file(work, village["Ada"], "half.pdf", "application/pdf", 1)
    for sender, child, wanted, later in (
        (other_parent, village["Ada"], reference, timedelta()),
        (village.parents["Ada"], village["Ben"], reference, timedelta()),
        (village.parents["Ada"], village["Ada"], reference, rules.WAITING_FILES_KEPT),
        (village.parents["Ada"], village["Ada"], half.reference, timedelta()),
        (village.parents["Ada"], village["Ada"], "NEVERTHERE", timedelta()),
    ):
        attempt = new_work(sender)
        attempt.at += later
        with pytest.raises(Refusal, match="Choose your files again"):
            service.submit(attempt, child, "We read.", [wanted])


def test_a_file_is_sent_once(village: Village, new_work: NewWork, arrive: Arrive) -> None:
    reference = arrive()
    work = as_parent(new_work, village)
    service.submit(work, village["Ada"], "", [reference])
    with pytest.raises(Refusal):
        service.submit(work, village["Ada"], "", [reference])


def test_nobody_fills_the_councils_disk(village: Village, new_work: NewWork, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rules, "MOST_FILES_A_DAY", 2)
    work = as_parent(new_work, village)
    for number in range(2):
        service.expect_file(work, village["Ada"], f"{number}.pdf", "application/pdf", 1)
    with pytest.raises(Refusal, match=r"‘more\.pdf’ was left out"):
        service.expect_file(work, village["Ada"], "more.pdf", "application/pdf", 1)
    work.at += rules.A_DAY
    service.expect_file(work, village["Ada"], "more.pdf", "application/pdf", 1)


# When something breaks in between


class Power(Exception):
    """The machine stopped here."""


def test_a_crash_before_the_vault_leaves_a_row_that_is_thrown_away(
    house: Portal, village: Village, new_work: NewWork
) -> None:
    with transaction(as_parent(new_work, village), may_write=True) as work:
        service.expect_file(work, village["Ada"], "leaf.pdf", "application/pdf", 1)
    later = new_work()
    assert list(later.session.scalars(queries.never_sent(later))) == []
    later.at += rules.WAITING_FILES_KEPT
    service.throw_away(later, house.vault, list(later.session.scalars(queries.never_sent(later))))
    assert waiting_files(later) == []


def test_a_crash_between_vault_and_commit_leaves_no_evidence_and_the_file_is_thrown_away(
    house: Portal, village: Village, new_work: NewWork, arrive: Arrive
) -> None:
    reference = arrive(b"leaves")
    stored_as = f"{village.authority.id}/{reference}"
    with pytest.raises(Power), transaction(as_parent(new_work, village), may_write=True) as work:
        service.submit(work, village["Ada"], "We read.", [reference])
        raise Power
    after = new_work()
    assert after.session.scalars(select(Evidence)).all() == []
    assert after.session.scalars(select(EvidenceFile)).all() == []
    assert house.vault.exists(stored_as)
    after.at += rules.WAITING_FILES_KEPT
    ids = list(after.session.scalars(queries.never_sent(after)))
    assert len(ids) == 1
    service.throw_away(after, house.vault, ids)
    assert not house.vault.exists(stored_as)
    assert kinds(after)[-1] == "UnsentFileThrownAway"
    assert list(after.session.scalars(queries.never_sent(after))) == []


def test_what_was_sent_or_is_recent_is_not_thrown_away(
    house: Portal, village: Village, new_work: NewWork, arrive: Arrive
) -> None:
    kept, recent = arrive(b"sent"), arrive(b"recent")
    work = as_parent(new_work, village)
    file = service.submit(work, village["Ada"], "", [kept]).files[0]
    jobs = new_work()
    service.throw_away(jobs, house.vault, [one.id for one in waiting_files(jobs)])
    assert [one.reference for one in waiting_files(jobs)] == [recent]
    jobs.at += timedelta(days=2)
    service.throw_away(jobs, house.vault, list(jobs.session.scalars(queries.never_sent(jobs))))
    assert b"".join(house.vault.read(file.stored_as)) == b"sent"


def test_the_job_takes_the_portals_own_vault(
    house: Portal, village: Village, new_work: NewWork, arrive: Arrive
) -> None:
    stored_as = f"{village.authority.id}/{arrive()}"
    jobs = new_work()
    jobs.at += rules.WAITING_FILES_KEPT
    service.throw_away_unsent(jobs, list(jobs.session.scalars(queries.never_sent(jobs))))
    assert not house.vault.exists(stored_as)


def test_evidence_cannot_be_kept_without_saying_so(village: Village, new_work: NewWork) -> None:
    with pytest.raises(UnrecordedChange), transaction(new_work(), may_write=True) as work:
        work.session.add(
            Evidence(
                authority_id=village.authority.id, child_id=village["Ada"].id, account_id=None, sent_at=work.at,
                sent_on=work.today,
            )
        )  # fmt: skip


# Assessing


def test_an_officer_decides_with_reasons(village: Village, new_work: NewWork) -> None:
    sent = service.submit(as_parent(new_work, village), village["Ada"], "We read.")
    work = new_work(village.adviser)
    heard = contact_queries.heard(work, village["Ada"].id)
    criteria = all_satisfied(evidence=[sent.reference], contacts=[heard[0].reference], other="A tutor")
    finding = Finding(Outcome.ADVICE, "Broad and lively.", "Try the library.", criteria, "A visit.")
    assessment = service.assess(work, village["Ada"], finding, heard)
    assert (assessment.decided_by_id, assessment.decided_at) == (village.adviser.id, work.at)
    assert [one.id for one in queries.assessments(work, village["Ada"].id)] == [assessment.id]
    found = queries.latest_assessment(work, village["Ada"].id)
    assert found is not None
    assert [one.reference for one in found.evidence] == [sent.reference]
    assert [(one.criterion, one.standing, one.other) for one in found.criteria] == [
        (Criterion.EFFICIENT, Standing.SATISFIED, "A tutor"),
        (Criterion.FULL_TIME, Standing.SATISFIED, "A tutor"),
        (Criterion.FITTING, Standing.SATISFIED, "A tutor"),
        (Criterion.NEEDS, Standing.NONE, None),
    ]
    grounds = found.criteria[0].grounds
    assert [(one.evidence_id, one.contact_id, one.kind, one.happened_on) for one in grounds] == [
        (sent.id, None, None, date(2026, 3, 12)),
        (None, heard[0].id, ContactKind.HOME_VISIT, date(2025, 12, 1)),
    ]
    assert found.criteria[3].grounds == []
    version = work.session.get_one(PolicyVersion, found.decided_under_id)
    assert (version.authority_id, version.profile) == (village.authority.id, "ea1996")
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "EducationAssessed")).one()
    assert entry.details["outcome"] == "suitable-with-advice"
    assert "lively" not in str(entry.details)


def test_evidence_about_another_child_is_no_ground(village: Village, new_work: NewWork) -> None:
    sent = service.submit(as_parent(new_work, village), village["Ada"], "We read.")
    with pytest.raises(Refusal) as refused:
        service.assess(new_work(village.adviser), village["Ben"], suitable(sent.reference))
    assert refused.value.field == "efficient_relied"


def test_a_contact_about_another_child_is_no_ground(village: Village, new_work: NewWork) -> None:
    work = new_work(village.adviser)
    theirs = contact_queries.heard(work, village["Ada"].id)[0]
    finding = Finding(Outcome.SUITABLE, "Fine.", criteria=all_satisfied(contacts=[theirs.reference]))
    with pytest.raises(Refusal) as refused:
        service.assess(work, village["Ben"], finding, contact_queries.heard(work, village["Ben"].id))
    assert refused.value.field == "efficient_relied"


@pytest.mark.parametrize(
    ("outcome", "substantive", "struck", "counts"),
    [
        (ContactOutcome.HELD, None, False, True),
        (ContactOutcome.HELD, None, True, False),
        (ContactOutcome.RECEIVED, True, False, True),
        (ContactOutcome.RECEIVED, False, False, False),
        (ContactOutcome.RECEIVED, None, False, False),
        (ContactOutcome.NO_ANSWER, None, False, False),
        (ContactOutcome.NO_ACCESS, None, False, False),
        (ContactOutcome.CANCELLED_BY_FAMILY, None, False, False),
        (ContactOutcome.SENT, None, False, False),
    ],
)
def test_only_what_was_shown_or_told_can_be_relied_on(
    village: Village, new_work: NewWork, outcome: ContactOutcome, substantive: bool | None, struck: bool, counts: bool
) -> None:
    """A declined visit, an unanswered call, a reply that asks for another way: none is offered as a ground."""
    work = new_work()
    kind = ContactKind.LETTER if outcome in (ContactOutcome.RECEIVED, ContactOutcome.SENT) else ContactKind.HOME_VISIT
    contact = Contact(
        authority_id=village.authority.id, child_id=village["Ivo"].id, happened_on=date(2026, 3, 2), kind=kind,
        outcome=outcome, substantive=substantive, recorded_at=work.at, struck_out_at=work.at if struck else None,
    )  # fmt: skip
    work.session.add(contact)
    work.session.flush()
    assert [one.id for one in contact_queries.heard(new_work(village.adviser), village["Ivo"].id)] == (
        [contact.id] if counts else []
    )
    assert contact_queries.heard(new_work(next(iter(village.stranger.values()))), village["Ivo"].id) == []


def test_silence_is_no_ground(village: Village, new_work: NewWork) -> None:
    silent = tuple(Judged(one, Standing.NOT_SATISFIED, "They have not replied.", other="Silence") for one in Criterion)
    finding = Finding(Outcome.UNSUITABLE, "They declined a visit.", criteria=silent, other_grounds="Three letters")
    with pytest.raises(Refusal, match="Not hearing from a family") as refused:
        service.assess(new_work(village.adviser), village["Ben"], finding)
    assert refused.value.field == "efficient_relied"


def test_nothing_is_suitable_out_of_nothing(village: Village, new_work: NewWork) -> None:
    with pytest.raises(Refusal) as refused:
        service.assess(
            new_work(village.adviser), village["Ben"], Finding(Outcome.SUITABLE, "Fine.", criteria=all_satisfied())
        )
    assert refused.value.field == "other_grounds"


def test_a_decision_judges_every_criterion(village: Village, new_work: NewWork) -> None:
    with pytest.raises(Refusal) as refused:
        service.assess(new_work(village.adviser), village["Ben"], Finding(Outcome.SUITABLE, "Fine."))
    assert refused.value.field == "efficient"


def test_nothing_is_decided_after_an_episode_has_closed(village: Village, new_work: NewWork) -> None:
    with pytest.raises(Refusal, match="open episode"):
        service.assess(new_work(village.adviser), village["Hana"], Finding(Outcome.INSUFFICIENT, "Tell us more."))


# Who may see what


def test_the_outcome_is_told_to_verified_parents_only(
    village: Village, new_work: NewWork, other_parent: Account
) -> None:
    sent = service.submit(as_parent(new_work, village), village["Ada"], "We read.")
    service.assess(new_work(village.adviser), village["Ada"], suitable(sent.reference))
    ada = village["Ada"].id
    assert len(queries.assessments(as_parent(new_work, village), ada)) == 1
    assert queries.assessments(new_work(other_parent), ada) == []
    assert queries.latest_assessment(new_work(other_parent), ada) is None
    assert queries.assessments(new_work(village.parents["Zoe"]), ada) == []


def test_each_account_sees_what_it_sent_itself(village: Village, new_work: NewWork, other_parent: Account) -> None:
    service.submit(as_parent(new_work, village), village["Ada"], "We read.")
    theirs = service.submit(new_work(other_parent), village["Ada"], "We sing.")
    ada = village["Ada"].id
    assert [one.written_account for one in queries.sent(as_parent(new_work, village), ada)] == ["We read."]
    assert [one.written_account for one in queries.sent(new_work(other_parent), ada)] == ["We sing."]
    assert len(queries.sent(new_work(village.adviser), ada)) == 2
    stranger = next(iter(village.stranger.values()))
    assert queries.sent(new_work(stranger), ada) == []
    reference = village["Ada"].reference
    assert queries.family_sending(as_parent(new_work, village), reference, theirs.reference) is None
    assert queries.family_sending(new_work(other_parent), reference, theirs.reference) is not None


def test_a_visitor_sees_nothing(village: Village, work: Work, new_work: NewWork, house: Portal) -> None:
    from ehe_portal.core.work import VISITOR, Scope

    service.submit(as_parent(new_work, village), village["Ada"], "We read.")
    visitor = house.work(VISITOR, Scope(), writing=False)
    assert queries.sent(visitor, village["Ada"].id) == []
    assert queries.assessments(visitor, village["Ada"].id) == []


# Joining


def test_evidence_moves_with_the_family_to_the_record_that_stays(
    village: Village, new_work: NewWork, arrive: Arrive, work: Work
) -> None:
    sent = service.submit(as_parent(new_work, village), village["Ada"], "We read.")
    arrive()
    service.assess(new_work(village.adviser), village["Ada"], suitable(sent.reference))
    joined = RecordsJoined(
        authority_id=village.authority.id,
        child_id=village["Ben"].id,
        registration_id=1,
        account_id=village.parents["Ada"].id,
        duplicate_child_id=village["Ada"].id,
    )
    service.move_to_joined(work, [joined])
    work.session.expire_all()
    rows = [*work.session.scalars(select(Evidence)), *work.session.scalars(select(Assessment)), *waiting_files(work)]
    assert {one.child_id for one in rows} == {village["Ben"].id}
    assert len(rows) == 3
