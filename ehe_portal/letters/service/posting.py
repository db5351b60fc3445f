"""Letters that go by post: which were posted when, as someone confirmed it; and putting that right."""

from collections.abc import Sequence
from datetime import date

from ehe_portal.core.days import london_date
from ehe_portal.core.errors import Refusal
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, rules
from ehe_portal.letters.events import LetterPosted, LetterPostingStruckOut
from ehe_portal.letters.models import Letter, LetterPosting


def confirm_posted(work: Work, letters: Sequence[Letter], posted_on: date) -> str:
    """Put down that these letters were posted on a day; the reference of the confirmation. Raises `Refusal`.

    Each of them has to be waiting still: of two people who confirm at once, the second is told so.
    """
    if not letters:
        raise Refusal("Select the letters that were posted", "letters")
    for letter in letters:
        if not letter.is_to_post:
            raise Refusal("Choose again: some of these letters no longer wait to be posted", "letters")
        if wrong := rules.posting_problem(posted_on, london_date(letter.made_at), work.today):
            raise Refusal(wrong, "posted_on")
    batch = new_reference()
    for letter in letters:
        letter.posted_on = posted_on
        work.session.add(
            LetterPosting(
                authority_id=letter.authority_id,
                letter_id=letter.id,
                batch=batch,
                posted_on=posted_on,
                confirmed_at=work.at,
                confirmed_by_id=work.actor.account_id,
            )
        )
    work.session.flush()
    work.publish(
        *(
            LetterPosted(
                authority_id=one.authority_id,
                child_id=one.child_id,
                letter_id=one.id,
                kind=one.kind,
                posted_on=posted_on,
            )
            for one in letters
        )
    )
    return batch


def correct_posting(work: Work, letters: Sequence[Letter], posted_on: date | None) -> None:
    """Put right a confirmation that was a mistake: these were posted on another day, or with None not at all.

    What was confirmed before stays, struck out. Those not posted wait again. Raises `Refusal`.
    """
    if not letters:
        raise Refusal("Select the letters for which it is wrong", "letters")
    standing = {one.letter_id: one for one in queries.standing_postings(work, [letter.id for letter in letters])}
    for letter in letters:
        if letter.id in standing and standing[letter.id].confirmed_by_id is None:
            raise Refusal(
                "Choose others: GOV.UK Notify says that it posted these. If one was lost, write it again", "letters"
            )
        if letter.id not in standing:
            raise Refusal("Choose again: some of these letters are not down as posted any more", "letters")
        if posted_on == letter.posted_on:
            raise Refusal("Enter another date: this one is down already", "posted_on")
        if posted_on and (wrong := rules.posting_problem(posted_on, london_date(letter.made_at), work.today)):
            raise Refusal(wrong, "posted_on")
    for letter in letters:
        mistaken = standing[letter.id]
        mistaken.struck_out_at, mistaken.struck_out_by_id = work.at, work.actor.account_id
        letter.posted_on = None
    work.session.flush()
    work.publish(
        *(
            LetterPostingStruckOut(
                authority_id=one.authority_id,
                child_id=one.child_id,
                letter_id=one.id,
                kind=one.kind,
                posted_on=standing[one.id].posted_on,
            )
            for one in letters
        )
    )
    if posted_on is not None:
        confirm_posted(work, letters, posted_on)
