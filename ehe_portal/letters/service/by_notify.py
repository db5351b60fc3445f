"""Letters that GOV.UK Notify prints and posts: giving them, following them, and what comes of it.

What goes is set anew from the same words, as Notify prints letters, and kept before it leaves. Each question to Notify
is asked after the commit; what it answered is written down by itself, and acted upon by the next round, in whose
transaction the letter's events are.
"""

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final

from pypdf import PdfReader
from sqlalchemy import Select, false, update
from sqlalchemy.orm import Session

from ehe_portal.core.caught import Caught
from ehe_portal.core.days import london_date
from ehe_portal.core.errors import Refusal
from ehe_portal.core.notify import Notify, Refused, Unanswered, Unknown
from ehe_portal.core.outbox import LEASE, back_off
from ehe_portal.core.vault import StoredObject, VaultDamaged, VaultMissing
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.letters import queries
from ehe_portal.letters.events import LetterGiven, LetterReturned
from ehe_portal.letters.models import Goes, Letter, LetterSending
from ehe_portal.letters.rules import printing
from ehe_portal.letters.service.keeping import said_in, typeset
from ehe_portal.letters.service.posting import confirm_posted

ASKED_EVERY: Final = timedelta(minutes=15)


def give_to_notify(work: Work, letters: Sequence[Letter], *, first_class: bool) -> None:
    """Let GOV.UK Notify print and post these letters. Raises `Refusal`.

    Each of them has to be waiting still: of two people who give it at once, the second is told so.
    """
    if not portal().settings.notify.key:
        raise Refusal("Choose another way: letters do not go by GOV.UK Notify here", "letters")
    give(work, letters, first_class=first_class)


def give(work: Work, letters: Sequence[Letter], *, first_class: bool) -> None:
    """Put these letters down as given; they leave once there is a key. Raises `Refusal`."""
    if not letters:
        raise Refusal("Select the letters to post", "letters")
    if any(not one.is_to_post or one.goes is not Goes.POST for one in letters):
        raise Refusal("Choose again: some of these letters no longer wait to be posted", "letters")
    for letter in letters:
        letter.given_at = work.at
        work.session.add(
            LetterSending(
                authority_id=letter.authority_id,
                letter_id=letter.id,
                first_class=first_class,
                given_at=work.at,
                given_by_id=work.actor.account_id,
                next_try_at=work.at,
            )
        )
    work.session.flush()
    work.publish(
        *(
            LetterGiven(authority_id=one.authority_id, child_id=one.child_id, letter_id=one.id, kind=one.kind)
            for one in letters
        )
    )


def to_post_by_notify(work: Work) -> Select[int]:
    """Which letters are to be gone on with now: none while there is no key."""
    found = queries.sendings_due(work)
    return found if portal().settings.notify.key else found.where(false())


def post_by_notify(work: Work, sending_ids: Sequence[int]) -> None:
    """Go on with letters that were given to Notify: hand them over, ask how far they are, act on what it said."""
    settings = portal().settings.notify
    if not settings.key:
        return
    posted: dict[date, list[Letter]] = {}
    notify = Notify(settings)
    for one in queries.lease_sendings(work, sending_ids, LEASE):
        if one.status == printing.POSTED:
            take_as_posted(work, one, posted)
        elif one.status in printing.PROBLEMS:
            take_back(work, one)
        elif one.notify_id is not None:
            work.afterwards(partial(ask, notify, one.id, one.notify_id, one.attempts, work.at))
        elif problem := made_ready(work, one):
            one.status = problem
            take_back(work, one)
        else:
            work.afterwards(partial(hand_over, notify, one, work.at))
    for day, letters in posted.items():
        confirm_posted(work, letters, day)
    work.afterwards(lambda _: notify.close())


def made_ready(work: Work, sending: LetterSending) -> str | None:
    """Set and keep what goes to Notify, once; why that would not print it, as a key of `PROBLEMS`."""
    if sending.stored_as is not None:
        return None
    letter = sending.letter
    try:
        said = said_in(letter)
    except (VaultDamaged, VaultMissing):
        return printing.DAMAGED
    said = replace(said, to=printing.window_lines(said.to))
    pdf = typeset(work, letter.authority_id, said, large=letter.large_print, notify=True)
    if problem := printing.printing_problem(said.to, len(PdfReader(io.BytesIO(pdf)).pages)):
        return problem
    kept = portal().vault.store(f"{letter.authority_id}/letters/{sending.reference}", [pdf])
    sending.stored_as, sending.size, sending.sha256 = kept.identity, kept.size, kept.sha256
    return None


def hand_over(notify: Notify, sending: LetterSending, at: datetime, session: Session) -> None:
    """Hand a letter to Notify, unless it has it: an earlier try may have been cut off after Notify took it."""
    if notify.gives_up:
        note(session, sending.id, at, attempts=sending.attempts - 1, next_try_at=at + back_off(1))
        return
    found: dict[str, Any] = {}
    with Caught() as caught:
        try:
            known = notify.known(sending.reference) if sending.attempts > 1 else None
            notify_id = known or notify.send_letter(
                content_of(sending), sending.reference, first_class=sending.first_class
            )
            found = {"notify_id": notify_id, "attempts": 0, "last_problem": None, "next_try_at": at + back_off(1)}
        except Refused as refused:
            why = printing.TRIAL if refused.words.startswith(printing.TRIAL_WORDS) else printing.REFUSED
            found = {"status": why, "last_problem": refused.problem, "next_try_at": at}
        except Unanswered as unanswered:
            found = again(sending.attempts, unanswered.problem, at)
    if caught.problem:
        found = again(sending.attempts, caught.problem, at)
    note(session, sending.id, at, **found)


def content_of(sending: LetterSending) -> bytes:
    """The PDF that goes to Notify. Raises `VaultError`."""
    kept = StoredObject(sending.stored_as or "", sending.size or 0, sending.sha256 or "")
    return b"".join(portal().vault.read(kept.identity, kept))


def ask(notify: Notify, sending_id: int, notify_id: str, attempts: int, at: datetime, session: Session) -> None:
    """Ask Notify how far a letter has come."""
    if notify.gives_up:
        note(session, sending_id, at, attempts=attempts - 1, next_try_at=at + back_off(1))
        return
    try:
        standing = notify.standing(notify_id)
    except Unknown as unknown:
        found: dict[str, Any] = {"status": printing.UNKNOWN, "last_problem": unknown.problem, "next_try_at": at}
    except Unanswered as unanswered:
        found = again(attempts, unanswered.problem, at)
    else:
        is_final = standing.status == printing.POSTED or standing.status in printing.PROBLEMS
        found = {
            "status": standing.status,
            "status_on": london_date(standing.completed_at) if standing.completed_at else None,
            "attempts": 0,
            "last_problem": None,
            "next_try_at": at if is_final else at + ASKED_EVERY,
        }
    note(session, sending_id, at, **found)


def again(attempts: int, problem: str, at: datetime) -> dict[str, Any]:
    """It is tried again, at growing distances, for as long as it takes."""
    return {"last_problem": problem, "next_try_at": at + back_off(attempts)}


def note(session: Session, sending_id: int, leased_at: datetime, **values: Any) -> None:
    """Write down what came of it, unless the lease of that moment is over and somebody else has taken it."""
    session.execute(
        update(LetterSending)
        .where(
            LetterSending.id == sending_id,
            LetterSending.ended_at.is_(None),
            LetterSending.next_try_at == leased_at + LEASE,
        )
        .values(**values)
    )


def take_as_posted(work: Work, sending: LetterSending, posted: dict[date, list[Letter]]) -> None:
    """Put a letter to those that were posted on a day. What it said then is from now on the letter as it was sent."""
    letter = sending.letter
    day = max(printing.day_posted(sending.status_on, london_date(sending.given_at)), london_date(letter.made_at))
    if day > work.today:
        sending.next_try_at = work.at + ASKED_EVERY
        return
    letter.given_at = None
    if sending.stored_as is not None and sending.size is not None and sending.sha256 is not None:
        letter.stored_as, letter.size, letter.sha256 = sending.stored_as, sending.size, sending.sha256
    end(work, sending)
    posted.setdefault(day, []).append(letter)


def take_back(work: Work, sending: LetterSending) -> None:
    """Put a letter that Notify does not post back on the pile."""
    letter = sending.letter
    letter.given_at = None
    end(work, sending)
    work.session.flush()
    work.publish(
        LetterReturned(
            authority_id=letter.authority_id,
            child_id=letter.child_id,
            letter_id=letter.id,
            kind=letter.kind,
            problem=sending.status or printing.REFUSED,
        )
    )


def end(work: Work, sending: LetterSending) -> None:
    """Nothing more is awaited; the file is the letter's, or nobody's, and then swept away."""
    sending.stored_as = sending.size = sending.sha256 = None
    sending.ended_at = work.at


def why_back(sending: LetterSending) -> str:
    """Why a letter came back, in plain words."""
    return printing.PROBLEMS.get(sending.status or "", printing.PROBLEMS[printing.REFUSED])
