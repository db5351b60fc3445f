"""Turning the pages of a list by key: every page costs what the first one costs, however far it is.

A list may have parts, one after the other, each with an order of its own: those that have a date by their date, then
those that have none by name.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Row, Select, SQLColumnExpression, literal, tuple_

from ehe_portal.core.work import Work

AnySelect = Select[*tuple[Any, ...]]
AnyRow = Row[*tuple[Any, ...]]
READERS: Final[Mapping[Any, Callable[[Any], Any]]] = {
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    int: int,
    str: str,
}


class Order(NamedTuple):
    """What a list is ordered by: columns that its rows have under `names`; no two rows are alike in all of them."""

    columns: tuple[SQLColumnExpression[Any], ...]
    names: tuple[str, ...]
    descending: bool = False


@dataclass(frozen=True)
class Key:
    """A place in one part of a list: what comes after it is wanted, or with `backwards` what comes before.

    Without a place it is where the part begins, or backwards where it ends.
    """

    place: tuple[Any, ...]
    backwards: bool = False
    part: int = 0


@dataclass(frozen=True)
class Turned:
    """One page; the places to go back and to go on from, where there is more."""

    rows: Sequence[AnyRow]
    before: Key | None
    after: Key | None


Part = tuple[AnySelect, Order]


def ordered(found: AnySelect, order: Order, key: Key | None = None) -> AnySelect:
    """The rows from a place on, in their order, or the other way round where that goes backwards."""
    downwards = order.descending != (key is not None and key.backwards)
    if key is not None and key.place:
        place, known = tuple_(*order.columns), tuple_(*key.place)
        found = found.where(place < known if downwards else place > known)
    return found.order_by(*(column.desc() if downwards else column for column in order.columns))


def at_most(found: AnySelect, number: int) -> AnySelect:
    """Its first rows. The number is part of the statement: of one that comes as a value PostgreSQL believes that a
    tenth of the rows are wanted, and then it walks a whole authority's in their order to find one adviser's few."""
    return found.limit(literal(number, literal_execute=True))


def turned(
    work: Work, parts: Sequence[Part], key: Key | None, size: int, said: Mapping[str, Any] | None = None
) -> Turned:
    """The page of a list that a key asks for: the first, without one. `said` has the values that its parts speak of."""
    start = key or Key(())
    numbers = range(start.part, -1, -1) if start.backwards else range(start.part, len(parts))
    pairs: list[tuple[int, AnyRow]] = []
    for number in numbers:
        found, order = parts[number]
        begin = start if number == start.part else Key((), start.backwards, number)
        rows = work.session.execute(at_most(ordered(found, order, begin), size + 1 - len(pairs)), said)
        pairs += [(number, row) for row in rows]
        if len(pairs) > size:
            break
    more = len(pairs) > size
    pairs = pairs[:size]
    if start.backwards:
        pairs.reverse()
    if not pairs:
        return Turned([], None, None)
    is_before, is_after = (more, True) if start.backwards else (key is not None, more)
    return Turned(
        [row for _, row in pairs],
        key_at(pairs[0], parts, backwards=True) if is_before else None,
        key_at(pairs[-1], parts, backwards=False) if is_after else None,
    )


def key_at(pair: tuple[int, AnyRow], parts: Sequence[Part], *, backwards: bool) -> Key:
    """Where a row of one part stands."""
    number, row = pair
    return Key(tuple(getattr(row, name) for name in parts[number][1].names), backwards, number)


def written(key: Key) -> str:
    """A key as words. They may hold a child's name: seal them before they go into an address."""
    place = [part.isoformat() if isinstance(part, date) else part for part in key.place]
    return json.dumps([key.part, key.backwards, *place])


def understood(words: str | None, orders: Sequence[Order]) -> Key | None:
    """The key that was written; None where it does not fit the orders of the parts."""
    if words is None:
        return None
    try:
        part, backwards, *place = json.loads(words)
        kinds = [READERS[column.type.python_type] for column in orders[part].columns]
        return Key(tuple(read(one) for read, one in zip(kinds, place, strict=True)), bool(backwards), part)
    except (ValueError, TypeError, KeyError, IndexError):
        return None
