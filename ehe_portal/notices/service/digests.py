"""Many alerts to one person in one sweep become one digest, without references: an imported backlog is one message.

Each alert stays a row of its own, carried by the digest, so that for every escalation it can be seen who was told of
it and whether that has left. A sweep works in batches: a digest waits a little for those still to come, and takes up
what the same sweep had written before there were too many.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import insert, update

from ehe_portal.core import outbox
from ehe_portal.core.outbox import OutgoingMessage
from ehe_portal.core.reference import new_reference
from ehe_portal.core.work import Work
from ehe_portal.notices import queries
from ehe_portal.policy import queries as policy

GATHERING: Final = timedelta(minutes=3)
"""How long a digest waits for the next batch of the same sweep."""

DIGEST: Final = "escalation-digest"

AT_ONCE: Final = {"at_once": True}
"""What the context of an alert says that somebody's own deed led to."""


def put_alerts(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Let alerts to people who sign in leave after the commit: as a digest where one of them gets too many at once.

    What a person has just done is never gathered, nor taken up by a sweep that comes after it: a concern is told at
    once.
    """
    if work.actor.account_id is not None:
        rows = [row | {"context": row["context"] | AT_ONCE} for row in rows]
    elif rows:
        gather(work, rows)
    outbox.put(work, rows)


def gather(work: Work, rows: Sequence[dict[str, Any]]) -> None:
    """Say of each row by which digest it is carried, if by any."""
    theirs: dict[int, list[dict[str, Any]]] = {}
    for row in rows:
        theirs.setdefault(row["account_id"], []).append(row)
    limits = {
        authority_id: policy.in_force(work, authority_id, work.today).values.backlog_digest_over
        for authority_id in sorted({row["authority_id"] for row in rows})
    }
    before = queries.lately_written(work, theirs, work.at - GATHERING)
    for account_id, new in theirs.items():
        earlier = before.get(account_id, [])
        digest = next((one for one in earlier if one.template == DIGEST), None)
        alone = [one for one in earlier if one.template != DIGEST and not AT_ONCE.items() <= one.context.items()]
        if digest is None and len(new) + len(alone) > limits[new[0]["authority_id"]]:
            digest_id = begin_digest(work, new[0], counted([*new, *map(as_row, alone)]))
            work.session.execute(
                update(OutgoingMessage)
                .where(OutgoingMessage.id.in_([one.id for one in alone]))
                .values(carried_by_id=digest_id),
                execution_options={"synchronize_session": False},
            )
        elif digest is not None:
            digest_id = digest.id
            extend(work, digest, counted(new))
        else:
            continue
        for row in new:
            row["carried_by_id"] = digest_id


def as_row(message: OutgoingMessage) -> dict[str, Any]:
    """What is counted of an alert that was written before."""
    return {"context": message.context}


def counted(rows: Sequence[dict[str, Any]]) -> Counter[str]:
    """How many alerts there are of each rung."""
    return Counter(row["context"].get("rung", "raised") for row in rows)


def begin_digest(work: Work, like: dict[str, Any], counts: Counter[str]) -> int:
    """Write a new digest to the recipient of an alert."""
    row = outbox.row(
        work,
        authority_id=like["authority_id"],
        account_id=like["account_id"],
        to=like["to_address"],
        template=DIGEST,
        context={"counts": dict(sorted(counts.items()))},
        key=f"{DIGEST}-{new_reference()}",
        topic=DIGEST,
    )
    row["next_try_at"] = work.at + GATHERING
    found: int = work.session.execute(insert(OutgoingMessage).values(row).returning(OutgoingMessage.id)).scalar_one()
    return found


def extend(work: Work, digest: OutgoingMessage, counts: Counter[str]) -> None:
    """Let a digest that waits carry more, and wait for what may still come."""
    added = counts + Counter(digest.context["counts"])
    work.session.execute(
        update(OutgoingMessage)
        .where(OutgoingMessage.id == digest.id)
        .values(context={"counts": dict(sorted(added.items()))}, next_try_at=work.at + GATHERING),
        execution_options={"synchronize_session": False},
    )
