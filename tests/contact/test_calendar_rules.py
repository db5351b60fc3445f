"""What is to be thought of before a visit is offered, and rounds laid out over a day: as tables."""

from datetime import date, time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ehe_portal.contact.rules import (
    Attendance,
    Caution,
    Gaps,
    Near,
    RoundPlan,
    Slot,
    in_order,
    lay_out,
    warnings,
)
from ehe_portal.contact.rules.calendar import district_of, sector_of
from ehe_portal.core.codes import ContactKind
from ehe_portal.core.hours import USUAL_HOURS, DayPart, DaysOff, minutes_of

VISIT, CALL, MEETING = ContactKind.HOME_VISIT, ContactKind.PHONE_CALL, ContactKind.MEETING
MONDAY, FRIDAY, SATURDAY = date(2027, 3, 15), date(2027, 3, 26), date(2027, 3, 20)  # the 26th is Good Friday
PART_TIME = {0: (time(9, 30), time(13))}


def at(hour: int, minute: int = 0, minutes: int = 60, kind: ContactKind = VISIT, district: str | None = "BH16") -> Slot:
    return Slot(time(hour, minute), minutes, kind, district)


def off(part: DayPart = DayPart.WHOLE) -> Attendance:
    return Attendance(USUAL_HOURS, [DaysOff(MONDAY, MONDAY, part)])


HERE = Attendance(USUAL_HOURS)


@pytest.mark.parametrize(
    ("on", "wanted", "officer", "others", "cautions"),
    [
        (MONDAY, at(10), HERE, [], []),
        (MONDAY, at(9), HERE, [], []),
        (MONDAY, at(16), HERE, [], []),
        # Working hours
        (MONDAY, at(8, 30), HERE, [], [Caution.OUTSIDE_HOURS]),
        (MONDAY, at(16, 15), HERE, [], [Caution.OUTSIDE_HOURS]),
        (MONDAY, at(12, 30), Attendance(PART_TIME), [], [Caution.OUTSIDE_HOURS]),
        (date(2027, 3, 16), at(10), Attendance(PART_TIME), [], [Caution.OUTSIDE_HOURS]),
        # Days
        (SATURDAY, at(10), HERE, [], [Caution.WEEKEND]),
        (FRIDAY, at(10), HERE, [], [Caution.BANK_HOLIDAY]),
        (date(2027, 12, 27), at(10), HERE, [], [Caution.BANK_HOLIDAY]),  # in place of Christmas, a Saturday
        (MONDAY, at(10), Attendance(USUAL_HOURS, away=True), [], [Caution.AWAY]),
        # Leave
        (MONDAY, at(10), off(), [], [Caution.LEAVE]),
        (MONDAY, at(10), off(DayPart.MORNING), [], [Caution.LEAVE]),
        (MONDAY, at(12), off(DayPart.MORNING), [], []),
        (MONDAY, at(11), off(DayPart.AFTERNOON), [], []),
        (MONDAY, at(11, 30), off(DayPart.AFTERNOON), [], [Caution.LEAVE]),
        (date(2027, 3, 16), at(10), off(), [], []),
        # Clashes
        (MONDAY, at(10), HERE, [at(10, 30)], [Caution.CLASH]),
        (MONDAY, at(10), HERE, [at(9, 30)], [Caution.CLASH]),
        (MONDAY, at(10, minutes=180), HERE, [at(11, minutes=15)], [Caution.CLASH]),
        (MONDAY, at(10, kind=CALL), HERE, [at(10, kind=CALL)], [Caution.CLASH]),
        (MONDAY, at(10), HERE, [at(9, 30), at(10, 30)], [Caution.CLASH, Caution.CLASH]),
        # The way from one to the other
        (MONDAY, at(10), HERE, [at(11)], [Caution.TRAVEL]),
        (MONDAY, at(10), HERE, [at(11, 15)], []),
        (MONDAY, at(10), HERE, [at(11, 14)], [Caution.TRAVEL]),
        (MONDAY, at(10), HERE, [at(8, 45)], []),
        (MONDAY, at(10), HERE, [at(11, 15, district="BH1")], [Caution.TRAVEL]),
        (MONDAY, at(10), HERE, [at(11, 30, district="BH1")], []),
        (MONDAY, at(10), HERE, [at(11, 15, district=None)], [Caution.TRAVEL]),
        (MONDAY, at(10, district=None), HERE, [at(11, 15, district=None)], [Caution.TRAVEL]),
        (MONDAY, at(10), HERE, [at(11, 15, kind=MEETING, district=None)], [Caution.TRAVEL]),
        (MONDAY, at(10), HERE, [at(11, kind=CALL)], []),
        (MONDAY, at(10, kind=CALL), HERE, [at(11)], []),
        # All at once
        (SATURDAY, at(7), Attendance(USUAL_HOURS, [DaysOff(SATURDAY, SATURDAY)], away=True), [at(7)],
         [Caution.AWAY, Caution.LEAVE, Caution.WEEKEND, Caution.CLASH]),
    ],
)  # fmt: skip
def test_what_to_think_of(
    on: date, wanted: Slot, officer: Attendance, others: list[Slot], cautions: list[Caution]
) -> None:
    found = warnings(on, wanted, officer, others, Gaps(near=15, far=30))
    assert [one.caution for one in found] == cautions
    assert all(one.words and not one.words.endswith(".") for one in found)


def test_the_gaps_are_the_authoritys_own() -> None:
    (told,) = warnings(MONDAY, at(10), HERE, [at(11, 30)], Gaps(near=40, far=60))
    assert told.words == "There are 30 minutes between this and the visit at 11:30am: the way may take 40"


@pytest.mark.parametrize(
    ("postcode", "district", "sector"),
    [("BH16 6AA", "BH16", "BH16 6"), ("M1 1AE", "M1", "M1 1"), (None, None, None), ("BH16", None, None)],
)
def test_districts_and_sectors(postcode: str | None, district: str | None, sector: str | None) -> None:
    assert (district_of(postcode), sector_of(postcode)) == (district, sector)


LUNCH = (time(12, 30), time(13, 15))


@pytest.mark.parametrize(
    ("plan", "times"),
    [
        (RoundPlan(time(9, 30), 60, 15, time(17)), ["09:30", "10:45", "12:00", "13:15", "14:30", "15:45"]),
        (RoundPlan(time(9, 30), 60, 15, time(17), LUNCH), ["09:30", "10:45", "13:15", "14:30", "15:45"]),
        (RoundPlan(time(9, 30), 60, 0, time(12), LUNCH), ["09:30", "10:30"]),
        (RoundPlan(time(9), 60, 15, time(12, 30), None, (at(10),)), ["11:15"]),
        (RoundPlan(time(9), 45, 15, time(12), None, (at(10),)), ["09:00", "11:15"]),
        (RoundPlan(time(12, 45), 60, 15, time(15), LUNCH), ["13:15"]),
        (RoundPlan(time(16, 30), 60, 15, time(17)), []),
    ],
)
def test_a_round_goes_round_lunch_and_what_stands_already(plan: RoundPlan, times: list[str]) -> None:
    assert [f"{one:%H:%M}" for one in lay_out(plan, 30)] == times


STANDING = st.builds(at, st.integers(8, 18), st.integers(0, 59), st.integers(5, 120))


@given(
    st.builds(
        RoundPlan,
        begins=st.times(time(7), time(16)),
        minutes=st.integers(5, 120),
        gap=st.integers(0, 60),
        ends=st.times(time(12), time(20)),
        lunch=st.sampled_from([None, LUNCH]),
        busy=st.lists(STANDING, max_size=4).map(tuple),
    ),
    st.integers(0, 30),
)
def test_nothing_in_a_round_overlaps_anything(plan: RoundPlan, how_many: int) -> None:
    slots = [Slot(one, plan.minutes, VISIT) for one in lay_out(plan, how_many)]
    assert len(slots) <= how_many
    for earlier, later in pairwise(slots):
        assert later.begins - earlier.ends >= plan.gap
    for slot in slots:
        assert minutes_of(plan.begins) <= slot.begins
        assert slot.ends <= minutes_of(plan.ends)
        for other in plan.busy:
            assert slot.ends + plan.gap <= other.begins or other.ends + plan.gap <= slot.begins
        if plan.lunch:
            assert slot.ends <= minutes_of(plan.lunch[0]) or minutes_of(plan.lunch[1]) <= slot.begins


def test_neighbours_follow_each_other_and_the_fullest_district_comes_first() -> None:
    due = date(2027, 3, 1)
    listed = ["BH1 1AA", "BH16 6AB", "BH16 5ZZ", "BH16 6AA", "BH1 2AA", "BH16 6AA", "DT1 1AA"]
    order = in_order(Near(key, postcode, due) for key, postcode in enumerate(listed))
    assert [listed[key] for key in order] == [
        "BH16 5ZZ", "BH16 6AA", "BH16 6AA", "BH16 6AB", "BH1 1AA", "BH1 2AA", "DT1 1AA"
    ]  # fmt: skip
