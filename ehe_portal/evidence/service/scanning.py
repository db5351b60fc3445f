"""Having files looked into by the virus scanner, one after another, in the order in which they came.

A file is taken first, so that no other process takes it, and looked into after that is committed: looking takes
seconds, for which no transaction should wait. While the scanner does not do its part files wait, and nothing is let
through; once the oldest has waited for a quarter of an hour, people are told, once.
"""

import logging
import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy import Select, delete, false, select, update
from sqlalchemy.orm import Session

from ehe_portal.audit.service.damage import note_damaged_now
from ehe_portal.core.govuk.words import counted, london_time
from ehe_portal.core.health import Check
from ehe_portal.core.scanner import Answer, Scanned, Scanner, ScannerTrouble, Trouble
from ehe_portal.core.vault import StoredObject, VaultDamaged, VaultMissing, VaultUnavailable
from ehe_portal.core.web import portal
from ehe_portal.core.work import JOBS, Scope, Work
from ehe_portal.evidence import queries, rules
from ehe_portal.evidence.events import FileScanned, FilesScannedAgain, ScanningDelayed
from ehe_portal.evidence.models import EvidenceFile, Scan, ScanTry

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 200
"""After so long a round takes no further file: what is left is taken by the next one."""

SAID = {Answer.CLEAN: Scan.CLEAN, Answer.INFECTED: Scan.INFECTED, Answer.NOT_SCANNED: Scan.UNSCANNED}


@dataclass(frozen=True)
class Taken:
    """A file that this round has taken, for the `tries`-th time; its family sent it at `sent_at`."""

    file_id: int
    authority_id: int
    kept: StoredObject
    sent_at: datetime
    tries: int


@dataclass
class Round:
    """One round of scanning. With a `trouble` the rest of it is put off."""

    scanner: Scanner
    trouble: Trouble | None
    began: float = field(default_factory=time.monotonic)

    @property
    def elapsed(self) -> timedelta:
        """How long it has been going on."""
        return timedelta(seconds=time.monotonic() - self.began)


def to_scan(work: Work) -> Select[int]:
    """Which files are to be scanned now: none where there is no scanner."""
    found = queries.to_scan(work)
    return found if portal().scanner is not None else found.where(false())


def scan(work: Work, ids: Sequence[int]) -> None:
    """Take files for scanning; each is looked into after the commit, and what came of it is noted by itself."""
    scanner = portal().scanner
    if scanner is None:
        return
    held = queries.held_to_scan(work, ids)
    tries = queries.scan_tries(work, [file.id for file in held])
    taken = [take(work, file, tries.get(file.id)) for file in held]
    going = Round(scanner, None)
    # Asked once a round, and after the commit too, for the scanner may not answer for a while.
    work.afterwards(lambda _: setattr(going, "trouble", scanner.trouble(work.at)))
    for file in taken:
        work.afterwards(partial(look_into, going, file, work.at))


def take(work: Work, file: EvidenceFile, known: ScanTry | None) -> Taken:
    """Put down that a file is being scanned: nobody else takes it for a while."""
    if known is None:
        known = ScanTry(authority_id=file.authority_id, file_id=file.id, next_try_at=work.at)
        work.session.add(known)
    known.next_try_at = work.at + rules.SCAN_LEASE
    known.tries += 1
    kept = StoredObject(file.stored_as, file.size, file.sha256)
    return Taken(file.id, file.authority_id, kept, file.sent_at, known.tries)


def look_into(going: Round, file: Taken, at: datetime, session: Session) -> None:
    """Have one file scanned and note what came of it."""
    if going.trouble is not None or going.elapsed.total_seconds() > PATIENCE_SECONDS:
        put_off(going, file, at, session, file.tries - 1)
        return
    try:
        with closing(portal().vault.read(file.kept.identity, file.kept)) as content:
            scanned = going.scanner.scan(content)
    except (VaultDamaged, VaultMissing) as problem:
        log.error("a file to be scanned cannot be read: %s", type(problem).__name__)
        note_damaged_now(file.kept.identity, file.authority_id)
        scanned = Scanned(Answer.NOT_SCANNED)
    except VaultUnavailable:
        put_off(going, file, at, session, file.tries)
        return
    except ScannerTrouble as stumbled:
        if file.tries < rules.SCAN_TRIES:
            going.trouble = stumbled.trouble
            put_off(going, file, at, session, file.tries)
            return
        scanned = Scanned(Answer.NOT_SCANNED)
    note_scanned(file, scanned, at + going.elapsed, session)


def note_scanned(file: Taken, scanned: Scanned, at: datetime, session: Session) -> None:
    """Put down what the scanner said. The first statement writes, so that SQLite gives this its turn."""
    said = SAID[scanned.answer]
    written = session.scalar(
        update(EvidenceFile)
        .where(EvidenceFile.id == file.file_id, EvidenceFile.scan == Scan.WAITING)
        .values(scan=said, scanned_at=at, found=scanned.found)
        .returning(EvidenceFile.id)
    )
    session.execute(delete(ScanTry).where(ScanTry.file_id == file.file_id))
    if written is None:
        return
    looked = session.scalars(
        select(EvidenceFile).where(EvidenceFile.id == written).execution_options(populate_existing=True)
    ).one()
    following(session, at).publish(scanned_of(looked, said))


def scanned_of(file: EvidenceFile, said: Scan) -> FileScanned:
    """What is said of a file that was looked into."""
    sent, proof = file.evidence, file.proof
    by_staff = proof.added_by_id if proof is not None else sent.keyed_in_by_id if sent is not None else None
    by_family = sent.account_id if sent is not None else None
    return FileScanned(
        authority_id=file.authority_id,
        # A child's own story tells of what was sealed, not of each file that was fine.
        child_id=file.child.id if said in rules.SEALED else None,
        file_id=file.id,
        account_id=by_family or by_staff,
        keyed_in=by_family is None,
        scan=said,
    )


def put_off(going: Round, file: Taken, at: datetime, session: Session, tries: int) -> None:
    """Let a file wait, and tell people if it has waited for too long and they do not know yet."""
    now = at + going.elapsed
    session.execute(
        update(ScanTry)
        .where(ScanTry.file_id == file.file_id, ScanTry.tries == file.tries)
        .values(
            tries=tries,
            next_try_at=now + rules.scan_again_after(tries),
            trouble=None if going.trouble is None else going.trouble.value,
        )
    )
    if going.trouble is None or now - file.sent_at < rules.TOLD_OF_SCANNER_AFTER:
        return
    work = following(session, now)
    if not queries.people_told(work, file.authority_id):
        session.execute(update(ScanTry).where(ScanTry.file_id == file.file_id).values(told_at=now))
        work.publish(ScanningDelayed(authority_id=file.authority_id, since=file.sent_at, trouble=going.trouble.value))


def following(session: Session, at: datetime) -> Work:
    """A piece of work of the jobs, in a transaction that is there already."""
    house = portal()
    return Work(session, JOBS, at, Scope(everything=True), house.reactions)


def scan_again(work: Work) -> int:
    """Let every file that could not be scanned wait to be scanned once more; how many those are."""
    again = work.session.scalars(
        update(EvidenceFile)
        .where(EvidenceFile.scan == Scan.UNSCANNED)
        .values(scan=Scan.WAITING, scanned_at=None, found=None)
        .returning(EvidenceFile.authority_id),
        execution_options={"synchronize_session": False},
    ).all()
    for authority_id in sorted(set(again)):
        work.publish(FilesScannedAgain(authority_id=authority_id, how_many=again.count(authority_id)))
    return len(again)


def scanner_check(work: Work) -> Check:
    """Whether what families send is scanned for viruses, as one of the checks of `core.health`."""
    title, scanner = "Virus scanner", portal().scanner
    if scanner is None:
        return Check("scanner", title, "No virus scanner is set up: files are shown without being scanned")
    waiting, since = queries.scanning_held_up(work)
    said = "The virus scanner answers, and its signatures are up to date"
    if (trouble := scanner.lately(work.at)) is not None:
        said = f"The virus scanner {trouble.value}"
    if waiting and since is not None:
        said = f"{said}; {counted(waiting, 'file waits', 'files wait')} for it, the oldest since {london_time(since)}"
    remedy = (
        "See that clamd runs where CLAMD says and that freshclam keeps it up to date. Until then files wait, unseen"
    )
    return Check("scanner", title, said, trouble is not None or waiting > 0, remedy)
