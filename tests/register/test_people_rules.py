"""What can be so of addresses, dates and families."""

from datetime import date

import pytest

from ehe_portal.register.rules.answers import NO_FIXED_ADDRESS
from ehe_portal.register.rules.households import Gathered, Reachable, Tie, ties
from ehe_portal.register.rules.people import (
    NOT_KNOWN,
    Place,
    Whereabouts,
    birth_problem,
    differing,
    moving_problem,
    one_line,
    same_place,
    span_problem,
    start_problem,
)

TODAY = date(2026, 3, 12)
HOME = ("3 Mill Lane, Sturminster", "BH16 6AA")


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("3 Mill Lane, Sturminster", "3 Mill Lane, Sturminster"),
        ("3 Mill  Lane ,Sturminster,", "3 Mill Lane, Sturminster"),
        ("3 Mill Lane\nSturminster\n\nDorset", "3 Mill Lane, Sturminster, Dorset"),
        (" , ", ""),
    ],
)
def test_an_address_is_one_line(typed: str, kept: str) -> None:
    assert one_line(typed) == kept


def test_nothing_is_kept_of_an_address_where_there_is_none() -> None:
    for whereabouts, line in ((Whereabouts.NO_FIXED_ADDRESS, NO_FIXED_ADDRESS), (Whereabouts.NOT_KNOWN, NOT_KNOWN)):
        place = Place.of(whereabouts, "3 Mill Lane", "BH16 6AA", "100")
        assert (place, place.whereabouts) == (Place(line), whereabouts)
    assert Place.of(Whereabouts.ADDRESS, "3 Mill Lane").whereabouts is Whereabouts.ADDRESS


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        (HOME, HOME, True),
        (HOME, ("3, mill lane Sturminster", "BH16 6AA"), True),
        (HOME, ("4 Mill Lane, Sturminster", "BH16 6AA"), False),
        (HOME, (HOME[0], "BH16 6AB"), False),
        ((HOME[0], None), (HOME[0], None), False),
        ((NO_FIXED_ADDRESS, None), (NO_FIXED_ADDRESS, None), False),
        ((NO_FIXED_ADDRESS, "BH16 6AA"), (NO_FIXED_ADDRESS, "BH16 6AA"), False),
    ],
)
def test_a_shared_address_is_a_real_one(one: tuple[str, str | None], other: tuple[str, str | None], same: bool) -> None:
    assert same_place(one, other) is same
    assert same_place(other, one) is same


@pytest.mark.parametrize(
    ("from_on", "lived_from", "fine"),
    [
        (TODAY, date(2024, 1, 1), True),
        (TODAY, None, True),
        (date(2026, 3, 13), date(2024, 1, 1), False),
        (date(2024, 1, 1), date(2024, 1, 1), False),
        (date(2024, 1, 2), date(2024, 1, 1), True),
    ],
)
def test_a_move_is_after_the_last_and_not_ahead(from_on: date, lived_from: date | None, fine: bool) -> None:
    assert (moving_problem(from_on, lived_from, TODAY) is None) is fine


@pytest.mark.parametrize(
    ("on", "began", "fine"),
    [(TODAY, None, True), (date(2026, 3, 13), None, False), (date(2025, 1, 1), date(2025, 1, 2), False),
     (date(2025, 1, 2), date(2025, 1, 2), True)],
)  # fmt: skip
def test_a_day_lies_between_beginning_and_today(on: date, began: date | None, fine: bool) -> None:
    assert (span_problem("on", on, began, TODAY) is None) is fine


@pytest.mark.parametrize(
    ("from_on", "until_on", "next_to", "fine"),
    [
        (date(2025, 5, 1), None, (date(2024, 1, 1), None), True),
        (date(2024, 1, 1), None, (date(2024, 1, 1), None), False),
        (date(2025, 6, 1), date(2025, 6, 1), (None, date(2025, 6, 1)), False),
        (date(2025, 5, 31), date(2025, 6, 1), (None, date(2025, 6, 1)), True),
        (date(2026, 3, 13), None, (None, None), False),
    ],
)
def test_a_corrected_beginning_stays_in_its_place(
    from_on: date, until_on: date | None, next_to: tuple[date | None, date | None], fine: bool
) -> None:
    assert (start_problem(from_on, until_on, next_to, TODAY) is None) is fine


def test_a_child_was_born_within_25_years() -> None:
    assert birth_problem(date(2015, 5, 4), TODAY) is None
    assert birth_problem(date(2026, 3, 13), TODAY) is not None
    assert birth_problem(date(2001, 3, 11), TODAY) is not None
    assert birth_problem(date(2001, 3, 12), TODAY) is None


def test_what_differs_is_told_as_it_was() -> None:
    assert differing({"name": "Rob", "phone": None}, {"name": "Robin", "phone": None}) == {"name": "Rob"}


def test_what_two_children_have_in_common() -> None:
    one = Gathered(home=HOME)
    one.add(7, "Pat@Home.example", "01632 960 001")
    one.add(None, None, "")
    other = Gathered(home=("3 mill lane, sturminster", "BH16 6AA"))
    other.add(7, "pat@home.example", "01632960001")
    assert ties(one.reachable(), other.reachable()) == [Tie.ACCOUNT, Tie.EMAIL, Tie.PHONE, Tie.ADDRESS]
    assert ties(one.reachable(), Reachable()) == []
    assert ties(Reachable(), Reachable()) == [], "having nothing is nothing in common"
    assert all(tie.label for tie in Tie)
