"""How letters are worded: the original, what an authority put in its place, and going back."""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError

from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.web import portal
from ehe_portal.core.work import Work
from ehe_portal.letters import queries, rules
from ehe_portal.letters.events import LetterWordingSet
from ehe_portal.letters.models import LetterWording
from ehe_portal.letters.rules import Kind, Words

THE_WORDING = "The wording of this letter"


@dataclass(frozen=True)
class Own:
    """One kind of letter as an authority words it now; `number` is of the latest version, 0 where it never had any."""

    kind: Kind
    words: Words
    is_original: bool
    number: int


def original(kind: Kind) -> Words:
    """The wording that everyone has: the title, then the body."""
    path = portal().settings.root / "templates" / "letters" / f"{kind.key}.txt"
    title, _, body = path.read_text(encoding="utf-8").partition("\n")
    return Words(title.strip(), body.strip())


def own_words(work: Work, authority_id: int, kind: Kind) -> Own:
    """A kind of letter as an authority words it now.

    A wording that no longer fits what the kind carries, since the portal has changed, gives way to the original.
    """
    latest = queries.latest_wording(work, authority_id, kind.key)
    number = 0 if latest is None else latest.number
    if latest is not None and latest.title is not None:
        words = Words(latest.title, latest.body or "")
        if rules.problem(kind, words) is None:
            return Own(kind, words, False, number)
    return Own(kind, original(kind), True, number)


def set_wording(work: Work, authority_id: int, kind: Kind, words: Words | None, seen: int | None) -> None:
    """Word a kind of letter anew for an authority; with None, go back to the original. Raises `Refusal`.

    `seen` is the number of the version that the administrator had before their eyes, 0 where there was none.
    """
    own = own_words(work, authority_id, kind)
    if seen != own.number:
        raise ChangedMeanwhile(THE_WORDING)
    if words is not None:
        words = Words(words.title.strip(), words.body.replace("\r\n", "\n").strip())
        if wrong := rules.problem(kind, words):
            field, what_to_do = wrong
            raise Refusal(what_to_do, field)
    if words == (None if own.is_original else own.words):
        return
    version = LetterWording(
        authority_id=authority_id,
        kind=kind.key,
        number=own.number + 1,
        title=None if words is None else words.title,
        body=None if words is None else words.body,
        set_at=work.at,
        set_by_id=work.actor.account_id,
    )
    try:
        with work.session.begin_nested():
            work.session.add(version)
    except IntegrityError:
        raise ChangedMeanwhile(THE_WORDING) from None
    work.publish(
        LetterWordingSet(authority_id=authority_id, kind=kind.key, number=version.number, original=words is None)
    )


def restore_wording(work: Work, authority_id: int, kind: Kind, number: int, seen: int | None) -> None:
    """Put an older version back, as a new one; 0 is the original. Raises `Refusal`."""
    if number == 0:
        return set_wording(work, authority_id, kind, None, seen)
    found = queries.wording_numbered(work, authority_id, kind.key, number)
    if found is None:
        raise Refusal("Select a version that is in the list")
    words = None if found.title is None else Words(found.title, found.body or "")
    return set_wording(work, authority_id, kind, words, seen)
