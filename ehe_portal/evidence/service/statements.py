"""What a parent asks somebody else to say about the education: asked by a link, written, sent on or kept back.

The parent chose the person, so the parent decides what becomes of the words. Nothing of it is the council's before it
is sent on.
"""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from ehe_portal.accounts.models import Account
from ehe_portal.core import outbox
from ehe_portal.core.errors import Refusal
from ehe_portal.core.vault import Vault
from ehe_portal.core.work import Work
from ehe_portal.evidence import rules as sizes
from ehe_portal.evidence.events import (
    StatementAsked,
    StatementKeptBack,
    StatementOpened,
    StatementSentOn,
    StatementTakenBack,
    StatementWritten,
)
from ehe_portal.evidence.models import Evidence, Statement, StatementState, WaitingFile
from ehe_portal.evidence.queries import bytes_about
from ehe_portal.evidence.queries import statements as queries
from ehe_portal.evidence.rules import statements as rules
from ehe_portal.evidence.service.sending import empty, keep_whole
from ehe_portal.policy import queries as policy
from ehe_portal.register.models import Child

TOPIC = "statement"
SETTLED = "Choose another: this one has been settled already"


@dataclass(frozen=True)
class Wanted:
    """Whom a parent asks, and whether what they write goes to the council at once."""

    asked_of: str
    email: str
    at_once: bool


@dataclass(frozen=True)
class Said:
    """What somebody wrote: who they are, how they know the child, their words, and which files go with them."""

    name: str
    how_known: str
    words: str
    files: tuple[str, ...] = ()


def ask(work: Work, child: Child, wanted: Wanted) -> Statement:
    """Ask somebody, by a link in a mail. Raises `Refusal`."""
    account = work.session.get(Account, work.actor.account_id or 0)
    if account is None:
        raise Refusal("Sign in again to ask somebody")
    # One at a time of one account: another waits here, and then counts the first.
    work.session.execute(select(Account.id).where(Account.id == account.id).with_for_update())
    waiting, today = queries.unanswered(work, child), queries.asked_since(work, work.at - sizes.A_DAY)
    if problem := rules.asking_problem(wanted.email, account.email, waiting, today):
        field, message = problem
        raise Refusal(message, field)
    statement = Statement(
        authority_id=child.authority_id,
        child_id=child.id,
        account_id=account.id,
        asked_of=wanted.asked_of,
        email=wanted.email,
        at_once=wanted.at_once,
        asked_at=work.at,
        mailed_at=work.at,
        ends_at=work.at + rules.LINK_HOLDS,
    )
    work.session.add(statement)
    work.session.flush()
    send_link(work, statement)
    return statement


def ask_again(work: Work, statement: Statement) -> None:
    """Send a new link in the place of the one before. Raises `Refusal`."""
    held = queries.held(work, statement)
    if problem := rules.again_problem(held.state, held.mails, held.mailed_at, work.at):
        raise Refusal(problem)
    held.mails += 1
    held.mailed_at, held.ends_at = work.at, work.at + rules.LINK_HOLDS
    work.session.flush()
    outbox.withdraw_about(work, TOPIC, [held.id])
    send_link(work, held)


def send_link(work: Work, statement: Statement) -> None:
    """Write to whoever is asked. The mail names nobody; its link is signed as it leaves, and kept nowhere."""
    context = {"statement_id": statement.id, "mails": statement.mails, "ends_at": statement.ends_at.isoformat()}
    mail = outbox.row(
        work,
        authority_id=statement.authority_id,
        to=statement.email,
        template="statement-asked",
        context=context,
        key=f"statement-asked-{statement.id}-{statement.mails}",
        topic=TOPIC,
        topic_id=statement.id,
    )
    outbox.put(work, [mail])
    work.publish(StatementAsked(**whose(statement), of_child_id=statement.child_id, mails=statement.mails))


def take_back(work: Work, vault: Vault, statement: Statement) -> None:
    """Let a link work no longer. Raises `Refusal`."""
    held = queries.held(work, statement)
    if held.state is not StatementState.ASKED:
        raise Refusal(SETTLED)
    held.state, held.settled_at = StatementState.TAKEN_BACK, work.at
    throw_away_files(work, vault, held)
    outbox.withdraw_about(work, TOPIC, [held.id])
    work.publish(StatementTakenBack(**whose(held)))


def note_opened(work: Work, statement: Statement) -> None:
    """Note that whoever was asked has pressed the button behind the link."""
    if statement.opened_at is None:
        statement.opened_at = work.at
        work.session.flush()
        work.publish(StatementOpened(authority_id=statement.authority_id, statement_id=statement.id))


def expect_file(work: Work, statement: Statement, filename: str, media_type: str, size: int) -> WaitingFile:
    """Put down that a file that goes with a statement is about to be kept. Raises `Refusal`."""
    if len(statement.files) >= rules.MOST_FILES:
        raise Refusal(f"Choose up to {rules.MOST_FILES} files: ‘{filename}’ was left out", "files")
    values = policy.in_force(work, statement.authority_id, work.today).values
    kept = bytes_about(work, statement.child)
    if problem := sizes.room_problem(size, kept, values.evidence_file_mb, values.evidence_child_gb):
        raise Refusal(f"{problem}: ‘{filename}’ was left out", "files")
    waiting = WaitingFile(
        authority_id=statement.authority_id,
        child_id=statement.child_id,
        account_id=statement.account_id,
        filename=filename,
        media_type=media_type,
        arrived_at=work.at,
        statement_id=statement.id,
    )
    work.session.add(waiting)
    work.session.flush()
    work.session.expire(statement, ["files"])
    return waiting


def write(work: Work, vault: Vault, statement: Statement, said: Said) -> None:
    """Keep what somebody wrote: for the parent to decide, or for the council at once. Raises `Refusal`."""
    held = queries.held(work, statement)
    fresh = rules.link_state(held.state, held.ends_at, work.at, still_asked=queries.still_asked(work, held))
    if fresh is not rules.LinkState.FRESH:
        raise Refusal("Choose another way to tell them: this link does not work any more")
    arrived = queries.files_of(work, held)
    chosen = [file for file in arrived if file.reference in said.files]
    if problem := rules.statement_problem(said.name, said.how_known, said.words, len(chosen)):
        field, message = problem
        raise Refusal(message, field)
    for file in arrived:
        if file not in chosen:
            empty(vault, file)
            work.session.delete(file)
    held.state, held.written_at = StatementState.WRITTEN, work.at
    held.writer, held.how_known, held.words = said.name, said.how_known, said.words
    work.session.flush()
    outbox.withdraw_about(work, TOPIC, [held.id])
    work.publish(StatementWritten(**whose(held), of_child_id=held.child_id, at_once=held.at_once))
    if held.at_once:
        pass_on(work, held, at_once=True)


def send_on(work: Work, statement: Statement) -> Evidence:
    """Send what somebody wrote to the council, as it was written. Raises `Refusal`."""
    held = queries.held(work, statement)
    if held.state is not StatementState.WRITTEN:
        raise Refusal(SETTLED)
    return pass_on(work, held)


def pass_on(work: Work, statement: Statement, *, at_once: bool = False) -> Evidence:
    """Make evidence of a statement. It is the parent's who asked for it, as what they send themselves is."""
    evidence = Evidence(
        authority_id=statement.authority_id,
        child_id=statement.child_id,
        account_id=statement.account_id,
        sent_at=work.at,
        sent_on=work.today,
        written_account=statement.words or None,
        statement_id=statement.id,
    )
    files = queries.files_of(work, statement)
    statement.state, statement.settled_at = StatementState.SENT_ON, work.at
    work.session.flush()
    keep_whole(work, evidence, files, at_once=at_once)
    work.publish(StatementSentOn(**whose(statement), evidence_id=evidence.id))
    return evidence


def keep_back(work: Work, vault: Vault, statement: Statement) -> None:
    """Send nothing of what somebody wrote: its words and files go, and only that it was asked for stays.

    Raises `Refusal`.
    """
    held = queries.held(work, statement)
    if held.state is not StatementState.WRITTEN:
        raise Refusal(SETTLED)
    throw_away_files(work, vault, held)
    held.state, held.settled_at = StatementState.KEPT_BACK, work.at
    held.writer = held.how_known = held.words = None
    work.session.flush()
    work.publish(StatementKeptBack(**whose(held)))


def throw_away_files(work: Work, vault: Vault, statement: Statement) -> None:
    """Remove what came with a statement, from the vault and from the list."""
    for file in queries.files_of(work, statement):
        empty(vault, file)
        work.session.delete(file)
    work.session.flush()


def whose(statement: Statement) -> dict[str, Any]:
    """What every event about a statement says."""
    return {
        "authority_id": statement.authority_id,
        "statement_id": statement.id,
        "account_id": statement.account_id,
    }
