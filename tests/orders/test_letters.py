"""The letter of each step: its section, its reasons and the last day, in plain words, to each parent on whom it is
served."""

from datetime import date

import pytest

from ehe_portal.accounts.models import Account
from ehe_portal.core.errors import Refusal
from ehe_portal.core.work import Work
from ehe_portal.letters import service as letters
from ehe_portal.letters.models import Goes, Letter
from ehe_portal.letters.rules import KINDS
from ehe_portal.letters.service.wordings import original
from ehe_portal.orders import service as orders
from ehe_portal.orders.models import Method, OrderStep, Route, StepCode
from ehe_portal.orders.rules import LAWS
from ehe_portal.orders.service import Wanted, put_down, strike_out
from tests.letters.conftest import text_of
from tests.orders.conftest import Acting, Decide
from tests.orders.test_service import NOON, begin, everyone, second_parent, serve, take
from tests.village import Village


def words_of(work: Work, step: OrderStep) -> str:
    letter = step.sendings[0].letter_id
    assert letter is not None
    return text_of(letters.pdf_of(work, work.session.get_one(Letter, letter), large=False))


def test_every_letter_that_the_law_names_is_there_and_has_what_it_needs() -> None:
    for law in LAWS.values():
        for way in law.ways.values():
            for step in way.steps.values():
                if not step.letter:
                    assert "parents" not in step.served, step.code  # what is served on a parent has a letter
                    continue
                kind = KINDS[step.letter]
                asked = {one.name for one in kind.placeholders if one.required}
                assert ("last day" in asked) == (step.answer is not None), step.code
                assert "school" not in asked or "school" in step.asks, step.code
                assert kind.statutory == bool(step.served), step.code
                assert not kind.by_hand, step.code


def test_a_notice_quotes_its_section_and_the_last_day(
    village: Village, acting: Acting, manager: Account, decide: Decide
) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    words = words_of(acting(manager), case.taken[0])
    for said in (
        "This is a notice under section 437(1) of the Education Act 1996",
        "What we saw.",
        "You have 15 days, beginning with the day on which this letter is served on you",
        "(section 437(2)). If we posted it on 12 March 2026",
        "posted it on 12 March 2026, it counts as served on 16 March 2026, and the last day is 30 March 2026",
        "The law does not ask for them",
    ):
        assert said in words, said


def test_each_parent_gets_a_letter_of_their_own(
    village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    second_parent(work, village["Ada"])
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    ids = [one.letter_id for one in case.taken[0].sendings]
    assert len(set(ids)) == 2
    assert None not in ids
    known = [work.session.get_one(Letter, one) for one in ids if one is not None]
    assert [one.parent_id for one in known] == [one.parent_id for one in case.taken[0].sendings]
    assert Goes.PORTAL not in {one.goes for one in known}  # on paper: a page here is no service


def test_a_letter_that_was_served_no_longer_waits_for_the_post(
    village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    letter = case.taken[0].sendings[0].letter
    assert letter is not None
    assert letter.is_to_post
    serve(acting(manager, date(2026, 3, 14)), case.taken[0], Method.POST, date(2026, 3, 13))
    assert letter.posted_on == date(2026, 3, 13)
    strike_out(acting(manager), case.taken[0].sendings[0], "A day earlier.")
    serve(acting(manager), case.taken[0], Method.POST, NOON)
    assert letter.posted_on == NOON


@pytest.mark.parametrize(
    ("method", "standing"),
    [(Method.POST, "Posted"), (Method.BY_HAND, "Handed over"), (Method.LEFT, "Handed over")],
)
def test_a_letter_says_how_it_was_served(
    village: Village, acting: Acting, manager: Account, decide: Decide, method: Method, standing: str
) -> None:
    """Two records of one letter that say different things would not stand in court."""
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    letter = case.taken[0].sendings[0].letter
    assert letter is not None
    assert letter.standing == "To be posted"
    serve(acting(manager), case.taken[0], method, NOON)
    assert letter.standing == standing


def test_to_be_satisfied_is_told_to_those_who_had_the_notice(
    village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[0], Method.BY_HAND, NOON)
    take(acting(manager, date(2026, 3, 20)), case, StepCode.SATISFIED)
    latest = work.session.query(Letter).order_by(Letter.id.desc()).limit(1).one()
    assert (latest.kind, latest.child_id) == ("order-satisfied", village["Ada"].id)
    assert "It ends here" in text_of(letters.pdf_of(work, latest, large=False))


def test_an_intention_names_the_schools(village: Village, acting: Acting, manager: Account, decide: Decide) -> None:
    child = village["Ada"]
    decide(child)
    case = begin(acting(manager), child)
    serve(acting(manager), case.taken[-1], Method.BY_HAND, NOON)
    take(acting(manager, date(2026, 3, 27)), case, StepCode.NOT_SATISFIED)
    take(acting(manager), case, StepCode.EXPEDIENT, plan="none")
    take(acting(manager), case, StepCode.CONSULT, school="Elm School", excluded="no")
    told = take(acting(manager), case, StepCode.TELL_SCHOOL, school="Elm School", excluded="no")
    serve(acting(manager), told, Method.BY_HAND, date(2026, 3, 27))
    step = take(
        acting(manager, date(2026, 4, 11)), case, StepCode.INTENTION, school="Elm School", excluded="no",
        alternatives="Oak School\nAsh School",
    )  # fmt: skip
    words = words_of(acting(manager), step)
    for said in ("names this school: Elm School", "Oak School", "Ash School", "section 438 of the Education Act 1996"):
        assert said in words, said


@pytest.mark.usefixtures("work")
def test_an_intention_states_what_follows_from_what_the_parent_does() -> None:
    """Sections 438(2)(c) and 436L(2)(c): the notice states the effect of subsections (3) to (6)."""
    for kind in ("order-intention", "order-nomination"):
        words = original(KINDS[kind]).body
        assert words.count("order must name") == 4, kind
        chosen, *_ = [line for line in words.splitlines() if "order must name the school that you choose" in line]
        assert "((other schools))" in chosen, kind  # left out where no other school may be chosen


@pytest.mark.usefixtures("law_to_come")
@pytest.mark.parametrize(
    ("grounds", "says", "not_said"),
    [
        ("c", "satisfy us that Ada is receiving a suitable education. ", "best interests"),
        ("b", "satisfy us that Ada is receiving education that is in Ada’s best interests. ", "a suitable education"),
        ("b,d", "a suitable education, and that Ada is receiving education that is in Ada’s best interests", "tion C:"),
    ],
)
def test_a_preliminary_notice_states_its_conditions_and_what_to_show(
    village: Village, acting: Acting, manager: Account, grounds: str, says: str, not_said: str
) -> None:
    """Section 436H(3) and (10)(a)."""
    child = village["Ada"]
    said = {"grounds": grounds, "appeared_on": "2026-03-11", "considered": "settings,home"}
    wanted = Wanted(StepCode.PRELIMINARY, "Why.", said, everyone(child))
    case = orders.begin(acting(manager), child, Route.ATTENDANCE, wanted)
    words = " ".join(words_of(acting(manager), case.taken[0]).split())
    assert says.strip() in words
    assert not_said not in words
    for ground in grounds.split(","):
        assert f"Condition {ground.upper()}: " in words


def test_under_either_law_the_school_is_told_of_an_order() -> None:
    """Sections 437(5) and 436I(8) and (9)."""
    for law in LAWS.values():
        steps = law.ways[Route.ATTENDANCE].steps
        assert all("school" in steps[code].served for code in (StepCode.ORDER, StepCode.AMEND)), law.code


def test_nothing_is_sent_to_a_family_whose_messages_are_stopped(
    village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    decide(village["Ada"])
    village["Ada"].messages_stopped_at = acting(manager).at
    with pytest.raises(Refusal, match="Messages to this family are stopped"):
        begin(acting(manager), village["Ada"])


def test_what_is_put_forward_has_no_letter_yet(
    village: Village, acting: Acting, manager: Account, decide: Decide, work: Work
) -> None:
    decide(village["Ada"])
    case = begin(acting(manager), village["Ada"])
    serve(acting(manager), case.taken[0], Method.BY_HAND, NOON)
    before = work.session.query(Letter).count()
    wanted = Wanted(StepCode.SATISFIED, "What was sent shows it.", {}, everyone(village["Ada"]))
    put_down(acting(village.adviser), case, wanted, case.version)
    assert work.session.query(Letter).count() == before
