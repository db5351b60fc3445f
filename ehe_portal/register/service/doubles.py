"""Finding records that may be one child, and what an officer decides about them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import insert

from ehe_portal.core.codes import Destination
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.events import DoubleDecided, DoublesFound
from ehe_portal.register.models import Child, DoubleVerdict, PossibleDouble
from ehe_portal.register.rules.doubles import doubles


def find_doubles(work: Work, child: Child) -> list[DoublesFound]:
    """Write down the records that a child looks like, new or put right; gives the events to publish.

    A pair that was found before stands as it was found or decided.
    """
    postcode = child.address.postcode if child.address else None
    found = doubles(queries.records_near(work, child, postcode), {child.id})
    known = queries.pairs_with(work, child.id)
    return note_doubles(work, child.authority_id, [one for one in found if {*one[:2]} not in known])


def find_doubles_of_many(work: Work, authority_id: int, new: set[int]) -> list[DoublesFound]:
    """Write down what many new children look like, in one pass over the authority's register."""
    return note_doubles(work, authority_id, doubles(queries.known_records(work, authority_id), new))


def note_doubles(work: Work, authority_id: int, found: Iterable[tuple[int, int, int]]) -> list[DoublesFound]:
    """Keep pairs for an officer to decide."""
    rows: list[dict[str, Any]] = [
        {
            "authority_id": authority_id,
            "child_id": later,
            "other_child_id": earlier,
            "score": score,
            "found_on": work.today,
            "verdict": DoubleVerdict.UNDECIDED,
        }
        for later, earlier, score in found
    ]
    if rows:
        work.session.execute(insert(PossibleDouble), rows)
    return [
        DoublesFound(authority_id=authority_id, child_id=row["child_id"], other_child_id=row["other_child_id"])
        for row in rows
    ]


def decide_different(work: Work, child: Child, other: Child) -> None:
    """Say that two records are two children; what was decided before stands."""
    pair = queries.pair_of(work, (child.id, other.id))
    if pair is None or pair.verdict is DoubleVerdict.UNDECIDED:
        work.publish(decided(work, child, other, DoubleVerdict.DIFFERENT))


def decided(work: Work, child: Child, other: Child, verdict: DoubleVerdict) -> DoubleDecided:
    """Write down a verdict, whether or not the two were found to be alike; gives the event to publish."""
    pair = queries.pair_of(work, (child.id, other.id))
    if pair is None:
        pair = PossibleDouble(
            authority_id=child.authority_id, child_id=child.id, other_child_id=other.id, score=0, found_on=work.today
        )
        work.session.add(pair)
    pair.verdict = verdict
    pair.decided_by_id = work.actor.account_id
    pair.decided_at = work.at
    work.session.flush()
    return DoubleDecided(
        authority_id=child.authority_id, child_id=child.id, other_child_id=other.id, verdict=verdict.value
    )


def is_duplicate(child: Child) -> bool:
    """Whether this record was found to be another's duplicate."""
    return child.episode is not None and child.episode.destination is Destination.DUPLICATE
