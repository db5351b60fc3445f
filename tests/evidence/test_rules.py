"""Decisions about evidence, as tables."""

from dataclasses import replace

import pytest

from ehe_portal.evidence import rules
from ehe_portal.evidence.models import Outcome
from ehe_portal.evidence.rules import Criterion, Judged, Standing

FINE = rules.all_satisfied(evidence=["7K2M"])
TOLD = rules.all_satisfied(contacts=["9QXR"])
NOTHING = rules.all_satisfied()


def but(judged: tuple[Judged, ...], standing: Standing | None, reasons: str = "") -> tuple[Judged, ...]:
    """The same, but for what was found about the first criterion."""
    return (replace(judged[0], standing=standing, reasons=reasons), *judged[1:])


@pytest.mark.parametrize(
    ("words", "files", "field"),
    [
        ("We read every day.", 0, None),
        ("", 1, None),
        ("We read every day.", 3, None),
        ("", 0, "written_account"),
        ("x" * rules.LONGEST_ACCOUNT, 0, None),
        ("x" * (rules.LONGEST_ACCOUNT + 1), 1, "written_account"),
    ],
)
def test_what_makes_a_sending(words: str, files: int, field: str | None) -> None:
    problem = rules.sending_problem(words, files)
    assert (problem[0] if problem else None) == field


@pytest.mark.parametrize(
    ("outcome", "words", "judged", "field"),
    [
        (Outcome.SUITABLE, {}, FINE, None),
        (Outcome.SUITABLE, {}, TOLD, None),
        (Outcome.SUITABLE, {}, rules.all_satisfied(other="A tutor’s report"), None),
        (Outcome.SUITABLE, {}, NOTHING, "other_grounds"),
        (Outcome.SUITABLE, {"other_grounds": "A school’s record"}, NOTHING, None),
        (Outcome.SUITABLE, {"reasons": ""}, FINE, "reasons"),
        (Outcome.SUITABLE, {}, but(FINE, Standing.UNCLEAR), "outcome"),
        (Outcome.SUITABLE, {}, FINE[:3], "special_needs"),
        (Outcome.SUITABLE, {}, but(FINE, Standing.NONE), "efficient"),
        (Outcome.SUITABLE, {}, but(FINE, None), "efficient"),
        (Outcome.ADVICE, {}, FINE, "advice"),
        (Outcome.ADVICE, {"advice": "Try the library"}, FINE, None),
        (Outcome.INSUFFICIENT, {}, but(NOTHING, Standing.UNCLEAR), "wanted"),
        (Outcome.INSUFFICIENT, {"wanted": "Some mathematics"}, but(NOTHING, Standing.UNCLEAR), None),
        (Outcome.INSUFFICIENT, {"wanted": "Some mathematics"}, FINE, "outcome"),
        (Outcome.INSUFFICIENT, {"wanted": "Some"}, but(FINE, Standing.NOT_SATISFIED, "Little of it"), "outcome"),
        (Outcome.UNSUITABLE, {}, FINE, "outcome"),
        (Outcome.UNSUITABLE, {}, but(FINE, Standing.UNCLEAR), "outcome"),
        (Outcome.UNSUITABLE, {}, but(FINE, Standing.NOT_SATISFIED), "efficient_reasons"),
        (Outcome.UNSUITABLE, {}, but(FINE, Standing.NOT_SATISFIED, "Far below age"), None),
        (Outcome.UNSUITABLE, {}, but(TOLD, Standing.NOT_SATISFIED, "Nothing is done, they said"), None),
    ],
)
def test_what_makes_an_assessment(
    outcome: Outcome, words: dict[str, str], judged: tuple[Judged, ...], field: str | None
) -> None:
    said = {"reasons": "Broad and lively", "advice": "", "wanted": "", "other_grounds": "", **words}
    problem = rules.assessment_problem(outcome, judged=judged, **said)
    assert (problem[0] if problem else None) == field


@pytest.mark.parametrize("criterion", Criterion)
@pytest.mark.parametrize("other", ["", "They never replied", "They declined a visit"])
@pytest.mark.parametrize("outcome", Outcome)
def test_silence_and_a_visit_declined_satisfy_nobody_of_anything(
    criterion: Criterion, other: str, outcome: Outcome
) -> None:
    """Whatever is written, what is not satisfied rests on something that was shown or told."""
    alone = Judged(criterion, Standing.NOT_SATISFIED, "No reply to three letters", other=other)
    judged = tuple(alone if one.criterion is criterion else one for one in FINE)
    problem = rules.assessment_problem(outcome, "Reasons", "Advice", "More", judged, "They were silent")
    assert problem is not None
    assert problem == (f"{criterion.field}_relied", rules.NO_GROUND)


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "1 KB"), (812, "1 KB"), (812_400, "812 KB"), (3_400_000, "3.4 MB"), (52_428_799, "52.4 MB")],
)
def test_sizes_in_words(size: int, words: str) -> None:
    assert rules.in_words(size) == words
