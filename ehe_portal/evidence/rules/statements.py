"""Decisions about statements by others: whom a parent may ask, how often, and until when a link works. Pure."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from ehe_portal.core.codes import Code
from ehe_portal.core.govuk.words import counted


class StatementState(Code):
    """Where a statement stands, as the parent who asked for it reads it."""

    ASKED = "asked", "Not written yet"
    TAKEN_BACK = "taken-back", "Taken back by you"
    WRITTEN = "written", "Written: for you to read"
    SENT_ON = "sent-on", "Sent to the council"
    KEPT_BACK = "kept-back", "Not sent: you kept it back"


class LinkState(StrEnum):
    """What a link still opens."""

    FRESH = "fresh"
    DONE = "done"
    OVER = "over"


LINK_HOLDS: Final = timedelta(days=30)
"""As long as a draft is kept: who is asked may be away, and the parent can send it again."""

AGAIN_AFTER: Final = timedelta(hours=24)
MOST_MAILS: Final = 3
MOST_OPEN: Final = 5
MOST_ASKED_A_DAY: Final = 5
"""One parent may have so many asked and unanswered about a child, ask so many a day, and remind each so often: enough
for everyone who teaches a child, too few to pester anyone."""

MOST_FILES: Final = 5
LARGEST_SENDING: Final = 100 * 1024 * 1024
"""Files that somebody without an account may attach, and bytes of all that they send at once."""

LONGEST_STATEMENT: Final = 20_000

Problem = tuple[str, str] | None


def asking_problem(email: str, own_email: str, waiting: int, asked_today: int) -> Problem:
    """Why a parent may not ask somebody, as (field, message); None if they may."""
    if email.strip().lower() == own_email.strip().lower():
        return "email", "Enter the email address of somebody else: what you say yourself you can send without a link"
    if waiting >= MOST_OPEN:
        return (
            "email",
            (
                f"Choose somebody later: {counted(MOST_OPEN, 'person', 'people')} have not answered yet. "
                "You can take one of those back"
            ),
        )
    if asked_today >= MOST_ASKED_A_DAY:
        return "email", f"Choose somebody tomorrow: you can ask {MOST_ASKED_A_DAY} people a day"
    return None


def again_problem(state: StatementState, mails: int, last_sent_at: datetime, now: datetime) -> str | None:
    """Why a link may not be sent again; None if it may."""
    if state is not StatementState.ASKED:
        return "Choose another: this one is not waiting for an answer any more"
    if mails >= MOST_MAILS:
        return f"Choose another way to reach them: we have written {MOST_MAILS} times"
    if now < last_sent_at + AGAIN_AFTER:
        return "Choose another time: we wrote to them less than a day ago"
    return None


def link_state(state: StatementState, ends_at: datetime, now: datetime, *, still_asked: bool) -> LinkState:
    """What a link opens: nothing where it has run out, was taken back, or its parent is none of the child's now."""
    if state in (StatementState.WRITTEN, StatementState.SENT_ON, StatementState.KEPT_BACK):
        return LinkState.DONE
    if state is StatementState.TAKEN_BACK or now >= ends_at or not still_asked:
        return LinkState.OVER
    return LinkState.FRESH


def statement_problem(name: str, how_known: str, words: str, files: int) -> Problem:
    """What is missing from a statement, as (field, message); None if nothing is."""
    if not name:
        return "name", "Enter your name"
    if not how_known:
        return "how_known", "Enter how you know the child"
    if not words and not files:
        return "words", "Enter what you would like to say, or upload a file that says it"
    if files > MOST_FILES:
        return "files", f"Choose up to {MOST_FILES} files"
    return None
