"""Where a child lives: moving, putting right what was written down, and confirming that it is so."""

from collections.abc import Sequence
from datetime import date

from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.work import Work
from ehe_portal.register import queries
from ehe_portal.register.events import AddressConfirmed, AddressCorrected, ChildMoved
from ehe_portal.register.models import Address, Child, DetailChange, Nature, Subject
from ehe_portal.register.rules.closing import Problem
from ehe_portal.register.rules.people import Place, Whereabouts, differing, moving_problem, span_problem, start_problem


def move(
    work: Work,
    child: Child,
    place: Place,
    from_on: date,
    version: int | None = None,
    along: Sequence[str] = (),
    *,
    outside: bool = False,
) -> None:
    """Write down that a child lives somewhere else from a day on; the earlier address is kept as such.

    `along` names, by reference, linked children who moved too from the same address. With `outside` the address is in
    another authority's area: a hand-over is to be made, and until then everything goes on. Raises `Refusal`.
    """
    if version is not None and version != version_of(child.address):
        raise ChangedMeanwhile("This child’s address")
    check_place(place)
    queries.hold_child(work, child.id)
    others = [other for other in queries.moving_along(work, child) if other.reference in along]
    if len(others) < len(set(along)):
        raise Refusal("Select children who live at the same address now", "along")
    movers = [child, *others]
    for mover in movers:
        check_move(mover, place, from_on, work.today)
    for mover in movers:
        if mover.address is not None:
            mover.address.until_on = from_on
    work.session.flush()
    new = [
        Address(
            authority_id=mover.authority_id,
            child_id=mover.id,
            line=place.line,
            postcode=place.postcode,
            uprn=place.uprn,
            from_on=from_on,
            outside=outside and place.whereabouts is Whereabouts.ADDRESS,
        )
        for mover in movers
    ]
    work.session.add_all(new)
    work.session.flush()
    for mover in movers:
        work.session.expire(mover, ["addresses"])
    work.publish(
        *(
            ChildMoved(
                authority_id=address.authority_id,
                child_id=address.child_id,
                address_id=address.id,
                from_on=from_on,
                place=place.whereabouts.value,
                outside=address.outside,
            )
            for address in new
        )
    )


def version_of(address: Address | None) -> int:
    """The version of a child's address; 0 where there is none."""
    return address.version if address is not None else 0


def check_place(place: Place) -> None:
    """Raises `Refusal` where nothing says where it is."""
    if not place.line:
        raise Refusal("Enter the address", "line")


def check_move(child: Child, place: Place, from_on: date, today: date) -> None:
    """Raises `Refusal` where a child cannot live there from that day."""
    current = child.address
    refuse(moving_problem(from_on, current.from_on if current else None, today))
    if current is not None and said(current) == kept(place):
        raise Refusal("Enter an address that differs from the present one", "line")


def refuse(problem: Problem | None) -> None:
    """Raises `Refusal` with the problem, if there is one."""
    if problem is not None:
        raise Refusal(problem.message, problem.field)


def kept(place: Place) -> dict[str, str | None]:
    """A place by the names of an address's columns."""
    return {"line": place.line, "postcode": place.postcode, "uprn": place.uprn}


def said(address: Address) -> dict[str, str | None]:
    """What an address says now."""
    return kept(Place(address.line, address.postcode, address.uprn))


def place_of(address: Address) -> tuple[Whereabouts, str]:
    """What kind of place an address is, and its line where it is one."""
    whereabouts = Place(address.line).whereabouts
    return whereabouts, address.line if whereabouts is Whereabouts.ADDRESS else ""


def correct_address(work: Work, address: Address, place: Place, from_on: date, version: int, why: str = "") -> None:
    """Put right what was written down wrongly of an address, of today or of before; what it said is kept.

    Raises `Refusal`.
    """
    refuse_if_changed(address, version)
    check_place(place)
    refuse(start_problem(from_on, address.until_on, neighbours(address), work.today))
    before = differing(
        {**said(address), "from_on": address.from_on.isoformat()}, {**kept(place), "from_on": from_on.isoformat()}
    )
    if not before:
        raise Refusal("Enter what was wrong: nothing differs from what is written down")
    previous = next((one for one in address.child.addresses if one.until_on == address.from_on), None)
    if previous is not None and "from_on" in before:
        previous.until_on = from_on
    address.line, address.postcode, address.uprn, address.from_on = place.line, place.postcode, place.uprn, from_on
    work.session.add(
        DetailChange(
            authority_id=address.authority_id,
            child_id=address.child_id,
            subject=Subject.ADDRESS,
            nature=Nature.CORRECTION,
            address_id=address.id,
            before=before,
            at=work.at,
            by_id=work.actor.account_id,
            why=why or None,
        )
    )
    work.session.flush()
    work.publish(AddressCorrected(authority_id=address.authority_id, child_id=address.child_id, address_id=address.id))


def neighbours(address: Address) -> tuple[date | None, date | None]:
    """When the addresses before and after one began."""
    began = [one.from_on for one in address.child.addresses if one is not address]
    earlier = [on for on in began if on < address.from_on]
    later = [on for on in began if on >= address.from_on]
    return max(earlier, default=None), min(later, default=None)


def confirm_address(work: Work, address: Address, on: date, version: int | None = None) -> None:
    """Write down that one saw, or had it confirmed, that the child lives there. Raises `Refusal`."""
    if version is not None:
        refuse_if_changed(address, version)
    if address.until_on is not None or place_of(address)[0] is not Whereabouts.ADDRESS:
        raise Refusal("Choose the address where the child lives now: only that can be confirmed")
    refuse(span_problem("confirmed_on", on, address.from_on, work.today))
    if address.confirmed_on is not None and on < address.confirmed_on:
        raise Refusal("Enter a date that is not before it was last confirmed", "confirmed_on")
    address.confirmed_on = on
    address.confirmed_by_id = work.actor.account_id
    work.session.flush()
    work.publish(
        AddressConfirmed(
            authority_id=address.authority_id, child_id=address.child_id, address_id=address.id, confirmed_on=on
        )
    )


def confirm_as_seen(work: Work, child: Child, on: date) -> None:
    """Confirm where a child lives, from a record that says so of a day; not an address that came later, nor one that
    was confirmed since.
    """
    address = child.address
    if address is None or not address.is_a_place or on < address.from_on:
        return
    if address.confirmed_on is None or address.confirmed_on < on:
        confirm_address(work, address, on)


def refuse_if_changed(address: Address, version: int) -> None:
    """Raises `ChangedMeanwhile` where an address is no longer as it was read."""
    if address.version != version:
        raise ChangedMeanwhile("This address")
