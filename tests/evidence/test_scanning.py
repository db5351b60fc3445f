"""Scanning what families send for viruses: only what was found clean is shown, and while nothing can be scanned files
wait and someone knows."""

import io
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from ehe_portal import schedule
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.audit.models import AuditEntry
from ehe_portal.core import jobs
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.scanner import Scanner
from ehe_portal.core.transaction import transaction
from ehe_portal.core.vault import VaultUnavailable
from ehe_portal.core.web import Portal
from ehe_portal.core.work import Scope, Work
from ehe_portal.evidence import rules, service
from ehe_portal.evidence.models import CameBy, EvidenceFile, Scan, ScanTry
from tests.conftest import Clock
from tests.core.clamds import EICAR, StandIn
from tests.core.made_files import pdf
from tests.evidence.conftest import Arrive, NewWork
from tests.pages import LintingClient
from tests.village import Village

ClientAs = Callable[[Account | None], LintingClient]
Sent = Callable[..., EvidenceFile]
JOB = next(job for job in schedule.JOBS if job.name == "scan-files")
MARKED = pdf() + EICAR


def states(work: Work) -> list[Scan]:
    work.session.expire_all()
    return list(work.session.scalars(select(EvidenceFile.scan).order_by(EvidenceFile.id)))


def mails(work: Work, template: str) -> list[str]:
    found = select(OutgoingMessage.to_address).where(OutgoingMessage.template == template)
    return list(work.session.scalars(found.order_by(OutgoingMessage.id)))


def opened(client: LintingClient, village: Village, file: EvidenceFile, more: str = "") -> int:
    url = f"/children/{village['Ada'].reference}/evidence/files/{file.reference}{more}"
    return client.get(url, follow_redirects=True).status_code


def told(work: Work, kind: str) -> list[dict[str, Any]]:
    return list(work.session.scalars(select(AuditEntry.details).where(AuditEntry.kind == kind).order_by(AuditEntry.id)))


# Clean and infected


def test_what_waits_is_scanned_in_order_and_only_then_shown(
    house: Portal, client_as: ClientAs, village: Village, work: Work, clamd: StandIn, sent_file: Sent
) -> None:
    first, second = (sent_file(pdf(pages=n), f"{n}.pdf", "application/pdf") for n in (1, 2))
    adviser = client_as(village.adviser)
    for more in ("", "/picture", "/look"):
        assert opened(adviser, village, first, more) == 423
    listed = adviser.get(f"/children/{village['Ada'].reference}/evidence").text
    assert listed.count("Waiting to be scanned for viruses") == 2
    assert "/files/" not in listed, "nothing to press that would not open"
    assert jobs.run(JOB, house).done == 2
    assert clamd.seen == [pdf(pages=1), pdf(pages=2)]
    assert states(work) == [Scan.CLEAN, Scan.CLEAN]
    for more in ("", "/picture", "/look"):
        assert opened(adviser, village, second, more) == 200
    assert "Waiting to be scanned" not in adviser.get(f"/children/{village['Ada'].reference}/evidence").text
    assert work.session.scalars(select(ScanTry)).all() == []
    assert [one["scan"] for one in told(work, "FileScanned")] == ["clean", "clean"]
    assert jobs.run(JOB, house).done == 0


def test_what_is_infected_is_sealed_and_both_sides_are_told_without_blame(
    house: Portal, client_as: ClientAs, village: Village, work: Work, clamd: StandIn, sent_file: Sent
) -> None:
    file = sent_file(MARKED, "a.pdf", "application/pdf")
    jobs.run(JOB, house)
    assert states(work) == [Scan.INFECTED]
    kept = work.session.scalars(select(EvidenceFile)).one()
    assert kept.found == "Eicar-Test-Signature"
    assert kept.scanned_at is not None
    staff, family = client_as(village.adviser), f"/family/children/{village['Ada'].reference}/evidence"
    for more in ("", "/picture", "/look"):
        assert opened(staff, village, file, more) == 423
    page = client_as(village.parents["Ada"]).get(f"{family}/files/{file.reference}")
    assert page.status_code == 423
    assert "nobody’s fault" in page.text
    for url in (f"{family}/{file.sending.reference}/sent",):
        assert "did not pass the virus check" in client_as(village.parents["Ada"]).get(url).text
    assert mails(work, "file-not-opened") == [village.parents["Ada"].email]
    assert mails(work, "file-sealed") == [village.adviser.email]
    entry = work.session.scalars(select(AuditEntry).where(AuditEntry.kind == "FileScanned")).one()
    assert (entry.child_id, entry.details["scan"]) == (village["Ada"].id, "infected")


def test_sealed_it_stays_without_a_scanner_too(
    house: Portal, client_as: ClientAs, village: Village, clamd: StandIn, sent_file: Sent,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    infected = sent_file(MARKED, "a.pdf", "application/pdf")
    jobs.run(JOB, house)
    waiting = sent_file(pdf(), "b.pdf", "application/pdf")
    monkeypatch.setattr(house, "scanner", None)
    adviser = client_as(village.adviser)
    assert opened(adviser, village, infected) == 423
    assert opened(adviser, village, waiting) == 200


def test_without_a_scanner_files_are_shown_and_the_page_says_so(
    house: Portal, client_as: ClientAs, village: Village, work: Work, sent_file: Sent
) -> None:
    file = sent_file(pdf(), "a.pdf", "application/pdf")
    adviser = client_as(village.adviser)
    assert opened(adviser, village, file) == 200
    assert "not scanned for viruses" in adviser.get(f"/children/{village['Ada'].reference}/evidence").text
    assert jobs.run(JOB, house).done == 0
    assert states(work) == [Scan.WAITING]
    assert not service.scanner_check(work).wrong


def test_whoever_added_what_came_on_paper_is_told_and_not_the_family(
    house: Portal, village: Village, work: Work, new_work: NewWork, clamd: StandIn
) -> None:
    manager = village.staff[Role.EHE_MANAGER]
    with transaction(new_work(manager), may_write=True) as adding:
        waiting = service.expect_file(adding, village["Ada"], "scan.pdf", "application/pdf", len(MARKED))
        service.note_kept(adding, [house.vault.store(waiting.stored_as, [MARKED])])
        receipt = service.Receipt(adding.today, CameBy.POST, from_whom="Her tutor")
        service.key_in(adding, village["Ada"], receipt, "", [waiting.reference])
    jobs.run(JOB, house)
    assert mails(work, "file-sealed") == [manager.email]
    assert mails(work, "file-not-opened") == []


# What could not be scanned


@pytest.mark.parametrize("mode", ["limits", "too-large"])
def test_what_it_cannot_look_into_is_never_shown_until_it_is_scanned_again(
    house: Portal, client_as: ClientAs, village: Village, work: Work, clamd: StandIn, sent_file: Sent, mode: str,
    portal_app: Any,
) -> None:  # fmt: skip
    file = sent_file(pdf() + b"%" * 600_000, "a.pdf", "application/pdf")
    clamd.mode, clamd.most = ("limits", clamd.most) if mode == "limits" else ("well", 1000)
    jobs.run(JOB, house)
    assert states(work) == [Scan.UNSCANNED]
    assert opened(client_as(village.adviser), village, file) == 423
    assert mails(work, "file-not-opened") == [village.parents["Ada"].email]
    clamd.mode, clamd.most = "well", 100_000_000
    again = portal_app.test_cli_runner().invoke(args=["evidence", "scan-again"])
    assert "1 file" in again.output
    assert states(work) == [Scan.WAITING]
    jobs.run(JOB, house)
    assert states(work) == [Scan.CLEAN]


def test_a_file_that_the_vault_cannot_give_is_not_scanned(
    house: Portal, work: Work, clamd: StandIn, sent_file: Sent
) -> None:
    file = sent_file(pdf(), "a.pdf", "application/pdf")
    house.vault.delete(file.stored_as)
    jobs.run(JOB, house)
    assert states(work) == [Scan.UNSCANNED]


def test_a_vault_out_of_reach_is_waited_for(
    house: Portal, work: Work, clock: Clock, clamd: StandIn, sent_file: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_file(pdf(), "a.pdf", "application/pdf")

    def gone(*_: object) -> None:
        raise VaultUnavailable("no bucket")

    with monkeypatch.context() as patched:
        patched.setattr(house.vault, "read", gone)
        jobs.run(JOB, house)
    assert states(work) == [Scan.WAITING]
    clock.at += timedelta(minutes=2)
    jobs.run(JOB, house)
    assert states(work) == [Scan.CLEAN]


# Fault 14: down, hung, stale, in error


@pytest.mark.parametrize("fault", ["down", "hung", "stale", "error", "hangs-up"])
def test_while_nothing_can_be_scanned_files_wait_and_someone_is_told_once(
    house: Portal, client_as: ClientAs, village: Village, work: Work, clock: Clock, clamd: StandIn, sent_file: Sent,
    fault: str, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    files = [sent_file(pdf(pages=n), f"{n}.pdf", "application/pdf") for n in (1, 2)]
    clamd.mode = fault
    good = house.scanner
    if fault == "down":
        monkeypatch.setattr(house, "scanner", Scanner("unix:/nowhere/clamd.ctl"))
    for _ in range(25):
        jobs.run(JOB, house)
        clock.at += timedelta(minutes=1)
    assert states(work) == [Scan.WAITING] * 2, "never let through"
    for file in files:
        assert opened(client_as(village.adviser), village, file) == 423
    people = [village.staff[Role.ADMINISTRATOR].email, village.staff[Role.EHE_MANAGER].email]
    assert sorted(mails(work, "scanning-delayed")) == sorted(people)
    health = client_as(None).get("/healthz")
    assert health.status_code == 503
    assert any("virus scanner" in line for line in health.get_json()["problems"])
    listed = client_as(village.staff[Role.ADMINISTRATOR]).get("/health").text
    assert "2 files wait" in listed
    clamd.mode = "well"
    monkeypatch.setattr(house, "scanner", good)
    clock.at += timedelta(hours=1)
    clamd.seen.clear()
    jobs.run(JOB, house)
    assert clamd.seen == [pdf(pages=1), pdf(pages=2)], "in order"
    assert states(work) == [Scan.CLEAN] * 2
    assert not service.scanner_check(work).wrong
    assert len(mails(work, "scanning-delayed")) == len(people)


def test_a_short_silence_is_nobodys_alarm(
    house: Portal, work: Work, clock: Clock, clamd: StandIn, sent_file: Sent
) -> None:
    sent_file(pdf(), "a.pdf", "application/pdf")
    clamd.mode = "stale"
    for _ in range(14):
        jobs.run(JOB, house)
        clock.at += timedelta(minutes=1)
    assert mails(work, "scanning-delayed") == []


def test_one_file_at_which_it_always_fails_does_not_hold_up_the_rest(
    house: Portal, work: Work, clock: Clock, clamd: StandIn, sent_file: Sent, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent_file(pdf() + b"%poison", "poison.pdf", "application/pdf")
    sent_file(pdf(), "b.pdf", "application/pdf")
    answer = StandIn.answer

    def fails_at_poison(one: StandIn, line: Any) -> str:
        said = answer(one, line)
        return "INSTREAM: crashed. ERROR" if one.seen[-1].endswith(b"%poison") else said

    monkeypatch.setattr(StandIn, "answer", fails_at_poison)
    jobs.run(JOB, house)
    assert states(work) == [Scan.WAITING, Scan.WAITING]
    for _ in range(6):
        clock.at += timedelta(minutes=1)
        jobs.run(JOB, house)
    assert states(work) == [Scan.WAITING, Scan.CLEAN]
    for _ in range(rules.SCAN_TRIES):
        clock.at += timedelta(hours=1)
        jobs.run(JOB, house)
    assert states(work)[0] is Scan.UNSCANNED


def test_a_file_that_another_process_has_taken_is_left_alone(
    house: Portal, work: Work, new_work: NewWork, clock: Clock, clamd: StandIn, sent_file: Sent
) -> None:
    file = sent_file(pdf(), "a.pdf", "application/pdf")
    first = new_work()
    service.scan(first, [file.id])
    first.session.flush()
    assert jobs.run(JOB, house).done == 0
    assert clamd.seen == []
    clock.at += rules.SCAN_LEASE
    assert jobs.run(JOB, house).done == 1, "whoever took it has died"


def test_an_authority_counts_its_own_files_only(
    house: Portal, village: Village, work: Work, new_work: NewWork, clamd: StandIn, sent_file: Sent
) -> None:
    sent_file(pdf(), "a.pdf", "application/pdf")
    clamd.mode = "stale"
    jobs.run(JOB, house)
    own, other = new_work(village.adviser), new_work(village.stranger[Role.ADVISER])
    assert own.scope != other.scope != Scope(everything=True)
    assert "1 file waits" in service.scanner_check(own).found
    assert "file" not in service.scanner_check(other).found


@pytest.mark.parametrize("scan", list(Scan))
def test_only_what_is_clean_may_be_opened_where_there_is_a_scanner(scan: Scan) -> None:
    assert rules.may_be_opened(scan, scanning=True) is (scan is Scan.CLEAN)
    assert rules.may_be_opened(scan, scanning=False) is (scan in (Scan.CLEAN, Scan.WAITING))


def test_a_form_with_an_infected_file_is_received_as_always(
    house: Portal, client_as: ClientAs, village: Village, work: Work, clamd: StandIn, arrive: Arrive
) -> None:
    parent = client_as(village.parents["Ada"])
    url = f"/family/children/{village['Ada'].reference}/evidence/new"
    files = [(io.BytesIO(MARKED), "a.pdf")]
    assert parent.submit(url, {"written_account": "We read.", "files": files}).status_code == 302
    jobs.run(JOB, house)
    assert states(work) == [Scan.INFECTED]
    assert "We read." in client_as(village.adviser).get(f"/children/{village['Ada'].reference}/evidence").text
