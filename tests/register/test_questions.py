"""Which questions are asked and which must be answered, how far a task is, and how answers are kept and read back."""

from datetime import date
from typing import Any

import pytest

from ehe_portal.core.codes import (
    ContactWay,
    EducationStyle,
    Ethnicity,
    PreviousSchoolType,
    PrimaryReason,
    Responsibility,
    SenStatus,
    Sex,
)
from ehe_portal.policy.rules.profiles import PROFILES
from ehe_portal.register.forms import ASKED, IF_MISSING
from ehe_portal.register.rules.answers import (
    Answers,
    OtherParent,
    SchoolSuggested,
    read_kept,
    typed_answers,
)
from ehe_portal.register.rules.questions import (
    ASKED_IF,
    CHILD_PAGES,
    CHILD_TASKS,
    FAMILY_PAGES,
    FAMILY_TASKS,
    ONLY_IF_REQUIRED,
    QUESTIONS,
    Status,
    asked_pages,
    first_missing,
    is_asked,
    missing_questions,
    next_page,
    page_before,
    status,
    where_to_go_on,
)
from ehe_portal.register.rules.reading import (
    LABELS,
    TOGETHER,
    as_officers_read,
    child_sections,
    named,
    read_back,
)

NOW = PROFILES["ea1996"].required
LATER = PROFILES["cnis2026"].required

TOLD = Answers(
    legal_forename="Ada", legal_surname="Byrne", date_of_birth=date(2014, 3, 5), has_address=True,
    address_line_1="1 Mill Lane", town="Leeds", postcode="LS1 4AP", parent_name="Robin Byrne", relationship="Mother",
    responsibility=Responsibility.YES, ehe_started_on=date(2026, 1, 5),
)  # fmt: skip

EVERYTHING: dict[str, Any] = {
    "legal_forename": "Ada", "legal_surname": "Byrne", "preferred_name": "Addie", "date_of_birth": date(2014, 3, 5),
    "sex": Sex.FEMALE, "has_address": True, "address_line_1": "1 Mill Lane", "address_line_2": "Headingley",
    "town": "Leeds", "county": "West Yorkshire", "postcode": "LS1 4AP", "ehe_started_on": date(2026, 1, 5),
    "previous_school_type": PreviousSchoolType.ACADEMY, "previous_school": "Hillside",
    "school_suggested": SchoolSuggested.YES, "reason": PrimaryReason.NO_REASON_GIVEN,
    "styles": (EducationStyle.PROJECT, EducationStyle.OTHER), "others_teach": True, "other_teachers": "A tutor",
    "hours_from_parents": 15, "hours_from_others": 0, "sen_status": SenStatus.SUPPORT, "languages": "Polish",
    "ethnicity": Ethnicity.IRISH, "parent_name": "Robin Byrne", "relationship": "Mother",
    "responsibility": Responsibility.YES, "parent_email": "r@b.example", "phone": "01632 960 001",
    "lives_with_child": False, "parent_address": "2 Hill Road", "has_other": OtherParent.YES, "other_name": "Sam",
    "other_relationship": "Father", "other_responsibility": Responsibility.UNKNOWN, "other_email": "s@b.example",
    "other_phone": "01632 960 002", "other_address": "3 Low Street", "ways": (ContactWay.WRITING, ContactWay.VIDEO),
    "interpreter": True, "interpreter_language": "British Sign Language", "access_needs": "Large print",
    "support": "Where to take exams",
}  # fmt: skip


def test_pages_forms_and_answers_have_the_same_questions() -> None:
    """A question cannot be on a page and not be kept, read back or put into words, or the other way round."""
    assert set(ASKED) == {*CHILD_PAGES, *FAMILY_PAGES}
    for name, page in {**CHILD_PAGES, **FAMILY_PAGES}.items():
        fields = [field for field, made in vars(ASKED[name].form).items() if hasattr(made, "field_class")]
        assert fields == list(page.questions), name
    assert set(QUESTIONS) == set(Answers.__dataclass_fields__) == set(IF_MISSING) == set(EVERYTHING)
    assert {TOGETHER.get(question, question) for question in QUESTIONS} - {None} == set(LABELS)
    assert {*ASKED_IF, *(of for of, _ in ASKED_IF.values()), *ONLY_IF_REQUIRED} <= set(QUESTIONS)


@pytest.mark.parametrize("profile", PROFILES.values(), ids=PROFILES)
def test_a_profile_names_questions_that_there_are(profile: Any) -> None:
    assert profile.required <= set(QUESTIONS)


def test_answers_are_kept_and_read_back() -> None:
    assert read_kept(TOLD.kept()) == TOLD
    whole = Answers(**EVERYTHING)
    assert read_kept(whole.kept()) == whole
    assert read_kept({}) is None
    assert read_kept({**TOLD.kept(), "responsibility": "perhaps"}) is None
    assert TOLD.address == "1 Mill Lane, Leeds"
    assert typed_answers({"gone": 1, "date_of_birth": "2014-03-05", "sex": "?"}) == {"date_of_birth": date(2014, 3, 5)}
    said = {row.question: row.answer for section in read_back(TOLD) for row in section.rows}
    assert said["Date of birth"] == "5 March 2014"
    assert said["Main reason for home education"] == ""
    assert "Their name" not in said
    assert "Hours a week from parents" not in said


def test_everything_that_was_told_is_read_back() -> None:
    said = {row.question: row.answer for section in read_back(Answers(**EVERYTHING)) for row in section.rows}
    assert "" not in said.values()
    assert set(said) == set(LABELS.values())
    assert said["Legal name"] == "Ada Byrne"
    assert said["Address"] == "1 Mill Lane, Headingley, Leeds, West Yorkshire, LS1 4AP"
    assert said["How the education is arranged"] == "Through projects and topics, Another way"
    assert said["Main reason for home education"] == "I would rather not say"
    assert said["Hours a week from other people"] == "0"
    assert said["Ways to be in contact"] == "In writing, By video call"


def test_rather_not_say_and_not_known_stay_apart() -> None:
    for reason, words in (
        (PrimaryReason.NO_REASON_GIVEN, "I would rather not say"),
        (PrimaryReason.UNKNOWN, "I don’t know"),
        (None, ""),
    ):
        sections = child_sections(Answers(**{**EVERYTHING, "reason": reason}))
        said = {row.question: row.answer for section in sections for row in section.rows}
        assert said["Main reason for home education"] == words


def test_registrations_from_before_name_another_parent_or_nobody() -> None:
    kept = {**TOLD.kept(), "other_name": "Sam Byrne"}
    old = read_kept({name: answer for name, answer in kept.items() if name not in ("has_other", "ways", "styles")})
    assert old is not None
    said = {row.question: row.answer for section in read_back(old) for row in section.rows}
    assert (said["Another parent or carer"], said["Their name"]) == ("Yes", "Sam Byrne")


# What must be answered


def test_today_only_what_makes_a_registration_must_be_answered() -> None:
    assert missing_questions(TOLD.kept(), NOW) == []
    assert missing_questions({}, NOW) == [
        "legal_forename", "legal_surname", "date_of_birth", "has_address", "ehe_started_on", "parent_name",
        "relationship", "responsibility",
    ]  # fmt: skip
    nowhere = {**TOLD.kept(), "has_address": False, "address_line_1": "", "town": "", "postcode": ""}
    assert missing_questions(nowhere, NOW) == []
    assert named(["legal_forename", "legal_surname", "town", "reason"]) == (
        "legal name, address, main reason for home education"
    )


def test_the_law_to_come_requires_more_without_a_page_being_edited() -> None:
    """Section 436C(1): each parent's name and address, time taught by parents and by others."""
    assert missing_questions(TOLD.kept(), LATER) == [
        "others_teach", "hours_from_parents", "hours_from_others", "lives_with_child", "has_other"
    ]  # fmt: skip
    assert missing_questions(Answers(**EVERYTHING).kept(), LATER) == []  # no hours from others is an answer
    other = {**TOLD.kept(), "has_other": "yes", "lives_with_child": False}
    assert {"other_name", "other_address", "parent_address"} <= set(missing_questions(other, LATER))


def test_nobody_is_asked_to_count_hours_before_a_law_asks_it() -> None:
    assert not is_asked("hours_from_parents", {}, NOW)
    assert is_asked("hours_from_parents", {}, LATER)
    learning = next(task for task in CHILD_TASKS if task.name == "learning")
    assert [page.name for page in asked_pages(learning, {}, NOW)] == ["style", "teachers"]
    assert [page.name for page in asked_pages(learning, {}, LATER)] == ["style", "teachers", "hours"]


# The task list


def test_a_task_is_not_started_in_progress_and_completed() -> None:
    task = CHILD_TASKS[0]
    kept: dict[str, dict[str, Any]] = {}
    assert status(task, kept, NOW) is Status.NOT_STARTED
    assert where_to_go_on(task, kept, NOW).name == "name"
    kept["name"] = {"legal_forename": "Ada", "legal_surname": "Byrne"}
    assert status(task, kept, NOW) is Status.IN_PROGRESS
    assert where_to_go_on(task, kept, NOW).name == "born"
    kept["born"] = {"date_of_birth": "2014-03-05"}
    assert status(task, kept, NOW) is Status.IN_PROGRESS
    assert first_missing([task], kept, NOW) is None  # what is left is optional
    kept["sex"] = {"sex": None}
    assert status(task, kept, NOW) is Status.COMPLETED
    assert where_to_go_on(task, kept, NOW).name == "name"
    assert status(task, kept, NOW | {"sex"}) is Status.IN_PROGRESS  # a law that asks more opens it again
    assert where_to_go_on(task, kept, NOW | {"sex"}).name == "sex"


def test_what_may_be_left_out_whole_says_so() -> None:
    assert [status(task, {}, NOW).value for task in CHILD_TASKS] == [
        "Not yet started", "Not yet started", "Not yet started", "Optional", "Optional"
    ]  # fmt: skip
    assert [status(task, {}, NOW).value for task in FAMILY_TASKS] == ["Not yet started", "Optional", "Optional"]


def test_pages_lead_on_and_back_past_what_is_not_asked() -> None:
    task = next(task for task in FAMILY_TASKS if task.name == "other-parent")
    other, reach = task.pages
    nobody, somebody = {"other": {"has_other": "no"}}, {"other": {"has_other": "yes"}}
    assert next_page(task, other, nobody, NOW) is None
    assert next_page(task, other, somebody, NOW) == reach
    assert page_before(task, reach, somebody, NOW) == other
    assert page_before(task, other, somebody, NOW) is None


def test_an_officer_reads_about_a_parent_not_as_one() -> None:
    headings = [section.heading for section in read_back(TOLD)]
    questions = [row.question for section in read_back(Answers(**EVERYTHING)) for row in section.rows]
    for words in (*headings, *questions):
        assert not {"you", "your"} & set(as_officers_read(words).casefold().split()), words
    assert as_officers_read("Your relationship to the child") == "Parent’s relationship to the child"
