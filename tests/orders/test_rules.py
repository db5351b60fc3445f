"""What may follow what in notices and orders, from when and by when; whose time runs; what a step needs."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from ehe_portal.orders import rules
from ehe_portal.orders.rules import Method, Plan, Route, Sending, StepCode, Story, Taken, Whose
from ehe_portal.orders.rules.law import FOLDER
from ehe_portal.policy.rules.profiles import PROFILES
from tests.orders.test_counting import LATER, NOW, SCHOOLS, step


def test_every_profile_of_the_law_says_what_it_has_of_notices_and_orders() -> None:
    assert set(rules.LAWS) == set(PROFILES)
    assert set(NOW.ways) == {Route.ATTENDANCE}
    assert set(LATER.ways) == set(Route)


# What may follow, and from when

WAY = NOW.ways[Route.ATTENDANCE]
SERVED = date(2026, 11, 23)


def told(*taken: Taken, way: rules.Way = WAY) -> Story:
    return Story(way, taken, SCHOOLS)


def notice(*served_on: date | None) -> Taken:
    return Taken(StepCode.NOTICE, date(2026, 11, 20), {}, tuple(Sending(False, day) for day in served_on))


def ways(story: Story, today: date) -> dict[StepCode, str]:
    return {one.step.code: one.why for one in rules.possible(story, today)}


def test_a_case_begins_with_its_first_step_and_nothing_else() -> None:
    assert list(ways(told(), SERVED)) == [StepCode.NOTICE]
    assert list(ways(told(way=LATER.ways[Route.CONSENT]), SERVED)) == [StepCode.APPLICATION]


def test_a_step_a_day_early_is_refused_and_says_which_section() -> None:
    story = told(notice(SERVED))
    on_the_last_day = ways(story, date(2026, 12, 7))
    assert on_the_last_day[StepCode.SATISFIED] == ""
    assert on_the_last_day[StepCode.NOT_SATISFIED] == (
        "Choose this step from 8 December 2026 on: section 437(2) gives the family until the end of 7 December 2026"
    )
    assert ways(story, date(2026, 12, 8))[StepCode.NOT_SATISFIED] == ""


def test_each_parent_is_served_and_the_latest_day_holds() -> None:
    story = told(notice(SERVED, date(2026, 11, 26)))
    assert rules.answer_by(story, story.taken[0]) == date(2026, 12, 10)
    assert "11 December 2026" in ways(story, date(2026, 12, 10))[StepCode.NOT_SATISFIED]
    assert ways(story, date(2026, 12, 11))[StepCode.NOT_SATISFIED] == ""


def test_nothing_runs_before_everyone_is_served() -> None:
    story = told(notice(SERVED, None))
    assert rules.answer_by(story, story.taken[0]) is None
    assert "how “Notice to satisfy the council” was served" in ways(story, date(2027, 1, 1))[StepCode.NOT_SATISFIED]
    assert ways(story, SERVED)[StepCode.SATISFIED] == ""  # to be satisfied needs no waiting


def test_nobody_failed_to_give_what_they_were_not_asked_for_yet() -> None:
    way = LATER.ways[Route.INFORMATION]
    asked = told(Taken(StepCode.REQUEST, SERVED, {}, (Sending(False, None),)), way=way)
    assert "how “Information asked for” was served" in ways(asked, SERVED)[StepCode.NOT_GIVEN]
    assert ways(asked, SERVED)[StepCode.GIVEN] == ""


def test_only_where_there_is_an_order_a_court_is_named() -> None:
    named = {(law.code, route) for law in (NOW, LATER) for route, way in law.ways.items() if way.penalty}
    assert named == {("ea1996", Route.ATTENDANCE), ("cnis2026", Route.ATTENDANCE)}


def decided(plan: Plan) -> tuple[Taken, ...]:
    day = date(2026, 12, 8)
    return notice(SERVED), Taken(StepCode.NOT_SATISFIED, day), Taken(StepCode.EXPEDIENT, day, {"plan": plan.value})


@pytest.mark.parametrize(
    ("plan", "following"),
    [(Plan.NONE, StepCode.CONSULT), (Plan.NAMED, StepCode.ORDER), (Plan.UNNAMED, StepCode.PLAN_NAMES_SCHOOL)],
)
def test_the_route_follows_the_plan(plan: Plan, following: StepCode) -> None:
    """Sections 438 and 439 without a plan, section 441 with one."""
    assert list(ways(told(*decided(plan)), date(2026, 12, 9))) == [following]


def test_an_order_that_a_plan_names_a_school_for_is_not_revoked_on_request() -> None:
    """Section 442(2) to (4) does not apply where the plan names a school."""
    ordered = Taken(StepCode.ORDER, date(2026, 12, 9), {"school": "Elm"}, (Sending(False, date(2026, 12, 9)),))
    assert StepCode.REVOKE in ways(told(*decided(Plan.NONE), ordered), date(2026, 12, 10))
    assert StepCode.REVOKE not in ways(told(*decided(Plan.NAMED), ordered), date(2026, 12, 10))
    named = Taken(StepCode.PLAN_NAMES_SCHOOL, date(2026, 12, 9))
    assert StepCode.REVOKE not in ways(told(*decided(Plan.UNNAMED), named, ordered), date(2026, 12, 10))


def test_a_supervision_order_is_considered_before_anyone_prosecutes() -> None:
    """Section 447(1)."""
    for law in (NOW, LATER):
        way = law.ways[Route.ATTENDANCE]
        leading = {one.code for one in way.steps.values() for edge in one.next if edge.step is StepCode.PROSECUTE}
        assert leading == {StepCode.SUPERVISION}


def test_the_school_and_then_the_parent_have_their_time_before_an_order() -> None:
    told_school = Taken(StepCode.TELL_SCHOOL, date(2026, 12, 10), {}, (Sending(True, date(2026, 12, 10)),))
    story = told(*decided(Plan.NONE), Taken(StepCode.CONSULT, date(2026, 12, 9)), told_school)
    assert (
        "section 439 gives the school until the end of 24 December 2026"
        in (ways(story, date(2026, 12, 24))[StepCode.INTENTION])
    )
    intention = Taken(StepCode.INTENTION, date(2026, 12, 28), {}, (Sending(False, date(2026, 12, 28)),))
    later = told(*story.taken, intention)
    assert (
        "section 438 gives the family until the end of 11 January 2027"
        in (ways(later, date(2027, 1, 11))[StepCode.ORDER])
    )
    assert ways(later, date(2027, 1, 12))[StepCode.ORDER] == ""


def to_come() -> tuple[Taken, ...]:
    return (
        Taken(StepCode.PRELIMINARY, SERVED, {"appeared_on": "2026-11-21"}, (Sending(False, SERVED),)),
        Taken(StepCode.CONDITIONS_NOT_MET, date(2026, 12, 8)),
        Taken(StepCode.EXPEDIENT, date(2026, 12, 8), {"plan": "none"}),
    )


def test_the_clocks_of_the_law_to_come() -> None:
    way = LATER.ways[Route.ATTENDANCE]
    (consult,) = rules.possible(told(*to_come(), way=way), date(2026, 12, 9))
    assert (consult.step.code, consult.last_on) == (StepCode.CONSULT, date(2026, 12, 22))
    consulted = Taken(StepCode.CONSULT, date(2026, 12, 10), {"school": "Elm"})
    (decision,) = rules.possible(told(*to_come(), consulted, way=way), date(2026, 12, 11))
    assert (decision.step.code, decision.last_on) == (StepCode.SCHOOL_DECISION, date(2026, 12, 22))
    school = Taken(StepCode.SCHOOL_DECISION, date(2026, 12, 14), {}, (Sending(True, date(2026, 12, 14)),))
    story = told(*to_come(), school, way=way)
    (nomination,) = rules.possible(story, date(2027, 1, 8))
    assert nomination.why == (
        "Choose this step from 9 January 2027 on: section 436N(5) gives the school until the end of 8 January 2027"
    )
    assert nomination.last_on == date(2027, 1, 13)
    determined = Taken(StepCode.DETERMINED, date(2027, 2, 1), {"determined_on": "2027-02-01"})
    (order,) = rules.possible(told(*to_come(), school, determined, way=way), date(2027, 2, 2))
    assert order.last_on == date(2027, 2, 5)


def test_a_calendar_that_does_not_reach_is_said_and_not_guessed() -> None:
    school = Taken(StepCode.SCHOOL_DECISION, date(2027, 2, 8), {}, (Sending(True, date(2027, 2, 8)),))
    (nomination,) = rules.possible(told(*to_come(), school, way=LATER.ways[Route.ATTENDANCE]), date(2027, 6, 1))
    assert nomination.why.startswith("Enter the school terms first")
    assert "section 436N(5)" in nomination.why


# Whose time runs


def test_whose_time_runs() -> None:
    assert rules.running(told(notice(None)), ended=False) == rules.Running(Whose.COUNCIL, date(2026, 11, 20))
    assert rules.running(told(notice(SERVED)), ended=False) == rules.Running(Whose.PARENT, date(2026, 12, 7))
    assert rules.running(told(*decided(Plan.NONE)), ended=False) == rules.Running(Whose.COUNCIL, date(2026, 12, 8))
    assert rules.running(told(*to_come(), way=LATER.ways[Route.ATTENDANCE]), ended=False) == rules.Running(
        Whose.COUNCIL, date(2026, 12, 22)
    )
    ordered = Taken(StepCode.ORDER, date(2026, 12, 9), {}, (Sending(False, date(2026, 12, 9)),))
    assert rules.running(told(*decided(Plan.NAMED), ordered), ended=False) is None
    assert rules.running(told(), ended=False) is None
    revoked = Taken(StepCode.REVOKE, date(2026, 12, 10), {}, (Sending(False, None),))
    assert rules.running(told(ordered, revoked), ended=True) == rules.Running(Whose.COUNCIL, date(2026, 12, 10))
    assert rules.running(told(notice(SERVED)), ended=True) is None


# What a step needs

KNOWN = rules.Known(unsuitable=True, has_plan=False)
SEEN = "settings,home"  # s.436H(8)(a)


def wanted(code: StepCode, reasons: str = "Because.", parents: tuple[str, ...] = ("P",), **said: str) -> rules.Wanted:
    return rules.Wanted(code, reasons, said, parents)


def field_of(problem: tuple[str, str] | None) -> str | None:
    return None if problem is None else problem[0]


@pytest.mark.parametrize(
    ("law", "what", "field"),
    [
        (NOW, wanted(StepCode.NOTICE), None),
        (NOW, wanted(StepCode.NOTICE, reasons=" "), "reasons"),
        (NOW, wanted(StepCode.NOTICE, reasons="x" * 5001), "reasons"),
        (NOW, wanted(StepCode.NOTICE, parents=()), "parents"),
        (NOW, wanted(StepCode.EXPEDIENT), "plan"),
        (NOW, wanted(StepCode.EXPEDIENT, plan="none"), None),
        (NOW, wanted(StepCode.INTENTION, school="Elm", excluded="no"), None),
        (NOW, wanted(StepCode.INTENTION, school="", excluded="no"), "school"),
        (NOW, wanted(StepCode.INTENTION, school="Elm"), "excluded"),
        (NOW, wanted(StepCode.INTENTION, school="Elm", excluded="yes"), "school"),
        (LATER, wanted(StepCode.PRELIMINARY, grounds="a", appeared_on="2026-11-23", considered=SEEN), None),
        (LATER, wanted(StepCode.PRELIMINARY, appeared_on="2026-11-23"), "grounds"),
        (LATER, wanted(StepCode.PRELIMINARY, grounds="a"), "appeared_on"),
        (LATER, wanted(StepCode.PRELIMINARY, grounds="a", appeared_on="2026-11-24"), "appeared_on"),
        (LATER, wanted(StepCode.PRELIMINARY, grounds="a", appeared_on="2025-11-22", considered=SEEN), "appeared_on"),
        (LATER, wanted(StepCode.PRELIMINARY, grounds="a", appeared_on="2026-11-23", considered="home"), "considered"),
        (LATER, wanted(StepCode.EXPEDIENT, plan="none"), "considered"),
        (LATER, wanted(StepCode.EXPEDIENT, plan="none", considered=SEEN), "considered"),
        (LATER, wanted(StepCode.EXPEDIENT, plan="none", considered=f"{SEEN},learning"), None),
    ],
)
def test_what_a_step_needs(law: rules.Law, what: rules.Wanted, field: str | None) -> None:
    assert field_of(rules.step_problem(step(law, what.code), what, KNOWN, SERVED)) == field


def test_ground_a_needs_a_decision_that_stands_and_the_others_do_not() -> None:
    unfounded = replace(KNOWN, unsuitable=False)
    preliminary = step(LATER, StepCode.PRELIMINARY)
    for grounds, field in (("a", "grounds"), ("a,c", "grounds"), ("b", None), ("c", None), ("d", None)):
        what = wanted(StepCode.PRELIMINARY, grounds=grounds, appeared_on="2026-11-23", considered=SEEN)
        assert field_of(rules.step_problem(preliminary, what, unfounded, SERVED)) == field, grounds


def test_no_school_was_determined_before_the_case_began() -> None:
    what = wanted(StepCode.DETERMINED, school="Elm", excluded="no", determined_on="2026-11-22")
    for begun_on, field in ((date(2026, 11, 23), "determined_on"), (date(2026, 11, 22), None)):
        known = replace(KNOWN, begun_on=begun_on)
        assert field_of(rules.step_problem(step(LATER, what.code), what, known, SERVED)) == field


def test_a_plan_on_record_is_not_overlooked() -> None:
    what = wanted(StepCode.EXPEDIENT, plan="none")
    assert field_of(rules.step_problem(step(NOW, what.code), what, replace(KNOWN, has_plan=True), SERVED)) == "plan"


# Section 572
WAYS = [
    (NOW, StepCode.NOTICE, Method.POST, False, False, None),
    (NOW, StepCode.NOTICE, Method.ELECTRONIC, False, False, "method"),
    (NOW, StepCode.NOTICE, Method.ELECTRONIC, False, True, None),
    (NOW, StepCode.NOTICE, Method.OTHER, False, True, "method"),
    (NOW, StepCode.TELL_SCHOOL, Method.ELECTRONIC, True, False, None),
    (LATER, StepCode.PRELIMINARY, Method.ELECTRONIC, False, False, None),
    (LATER, StepCode.PRELIMINARY, Method.OTHER, False, False, None),
]


@pytest.mark.parametrize(("law", "code", "method", "to_school", "consented", "field"), WAYS)
def test_how_a_document_may_be_served(
    law: rules.Law, code: StepCode, method: Method, to_school: bool, consented: bool, field: str | None
) -> None:
    way = law.ways[Route.ATTENDANCE]
    problem = rules.serving_problem(
        way, way.steps[code], method, SERVED, SERVED, SERVED, to_school=to_school, consented=consented
    )
    assert field_of(problem) == field


def test_a_request_of_section_436d_is_not_among_what_may_be_served_in_any_way() -> None:
    way = LATER.ways[Route.INFORMATION]
    problem = rules.serving_problem(
        way,
        way.steps[StepCode.REQUEST],
        Method.ELECTRONIC,
        SERVED,
        SERVED,
        SERVED,
        to_school=False,
        consented=False,
    )
    assert field_of(problem) == "method"


@pytest.mark.parametrize("on", [SERVED - timedelta(days=1), SERVED + timedelta(days=1)])
def test_a_document_is_served_from_the_day_of_its_step_until_today(on: date) -> None:
    problem = rules.serving_problem(
        WAY, WAY.steps[StepCode.NOTICE], Method.POST, on, SERVED, SERVED, to_school=False, consented=False
    )
    assert field_of(problem) == "on"


# The picture


def test_the_picture_has_what_was_done_and_what_usually_follows() -> None:
    story = told(notice(SERVED))
    picture = rules.drawn(story, rules.possible(story, SERVED), ended=False)
    assert [one.step.code for one in picture.points] == list(WAY.line)
    assert [one.mark.value for one in picture.points[:3]] == ["here", "waits", "later"]
    assert picture.points[1].when == "from 8 December 2026"
    assert "1: Notice to satisfy the council, we are here" in picture.description
    with_plan = told(*decided(Plan.NAMED))
    drawn = rules.drawn(with_plan, rules.possible(with_plan, date(2026, 12, 9)), ended=False)
    assert [one.step.code.value for one in drawn.points] == ["notice", "not-satisfied", "expedient", "order"]
    over = rules.drawn(told(notice(SERVED), Taken(StepCode.SATISFIED, date(2026, 12, 1))), [], ended=True)
    assert [one.mark.value for one in over.points] == ["done", "here"]


# The files


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('unit = "days"', 'unit = "moons"'),
        ('asks = ["plan"]', 'asks = ["a timetable"]'),
        ('electronic = "consent"', 'electronic = "perhaps"'),
        ('{ step = "consult", plan = "none" }', '{ step = "grant", plan = "none" }'),
        ('begins = "notice"', 'begins = "request"'),
    ],
)
def test_a_file_that_is_no_law_is_refused(tmp_path: Path, old: str, new: str) -> None:
    text = (FOLDER / "ea1996.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "odd.toml").write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(ValueError, match=r"odd\.toml|not a valid"):
        rules.read_law(tmp_path / "odd.toml")
