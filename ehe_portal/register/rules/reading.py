"""Answers in the words of the page: as a family reads them back, and as an officer reads what a family told us."""

from collections.abc import Callable, Collection
from datetime import date
from typing import Any, Final, NamedTuple

from ehe_portal.core.codes import EducationStyle, PrimaryReason, Responsibility, SenStatus
from ehe_portal.core.govuk.words import long_date
from ehe_portal.register.rules.answers import Answers, OtherParent
from ehe_portal.register.rules.questions import (
    ASKED_IF,
    CHILD_TASKS,
    FAMILY_TASKS,
    NOT_ONLINE,
    ONLY_IF_REQUIRED,
    AskedPage,
    Task,
)

REASON_WORDS: Final = {
    PrimaryReason.NO_REASON_GIVEN: "I would rather not say",
    PrimaryReason.UNKNOWN: "I don’t know",
    PrimaryReason.DISSATISFACTION_GENERAL: "I was not happy with school",
    PrimaryReason.DISSATISFACTION_SEND: "I was not happy with how school met my child’s special educational needs",
    PrimaryReason.DISSATISFACTION_BULLYING: "My child was bullied at school",
    PrimaryReason.PHILOSOPHICAL_OR_PREFERENTIAL: "It is how I prefer, or believe, children should learn",
    PrimaryReason.LIFESTYLE: "It suits our family’s way of life",
    PrimaryReason.MENTAL_HEALTH: "My child’s mental health",
    PrimaryReason.PHYSICAL_HEALTH: "My child’s physical health",
    PrimaryReason.COVID_19_CONCERNS: "Health worries related to COVID-19",
    PrimaryReason.RELIGIOUS: "Religious reasons",
    PrimaryReason.RISK_OF_EXCLUSION: "My child might have been excluded from school",
    PrimaryReason.PERMANENT_EXCLUSION: "My child was permanently excluded from school",
    PrimaryReason.NOT_PREFERRED_SCHOOL: "We were not offered the school we wanted",
    PrimaryReason.DIFFICULTY_ACCESSING_PLACE: "We could not get a suitable school place",
    PrimaryReason.OFFERED_PLACE_NOT_ACCEPTED: "We were offered a school place and have not accepted it yet",
    PrimaryReason.DID_NOT_APPLY: "We did not apply for a school place",
    PrimaryReason.SCHOOL_SUGGESTION: "The school suggested it",
    PrimaryReason.OTHER: "Another reason",
}
"""The reasons as a parent would say them."""

RESPONSIBILITY_WORDS: Final = {
    Responsibility.YES: "Yes",
    Responsibility.NO: "No",
    Responsibility.UNKNOWN: "Not sure",
}
"""What a parent said of parental responsibility."""

SEN_WORDS: Final = {
    SenStatus.NONE: "No",
    SenStatus.SUPPORT: "Yes, without an education, health and care plan",
    SenStatus.EHCP: "Yes, with an education, health and care plan",
    SenStatus.UNKNOWN: "Not sure",
}
"""What a parent said of special educational needs."""

STYLE_WORDS: Final = {
    EducationStyle.AUTONOMOUS: "My child leads, and we follow their interests",
    EducationStyle.STRUCTURED: "We have lessons, a bit like school",
    EducationStyle.ONLINE: "Online or by distance learning",
    EducationStyle.PROJECT: "Through projects and topics",
    EducationStyle.EXAMS: "Working towards exams",
    EducationStyle.CAREER: "Working towards a trade or career",
    EducationStyle.RELIGION: "Based on our religion or beliefs",
    EducationStyle.WORKBOOK: "With workbooks, or a programme that we bought",
    EducationStyle.OTHER: "Another way",
}
"""The styles as a parent would say them."""

LABELS: Final = {
    "name": "Legal name",
    "preferred_name": "Name they like to be called",
    "date_of_birth": "Date of birth",
    "sex": "Sex",
    "address": "Address",
    "ehe_started_on": "Home education began or will begin",
    "previous_school_type": "Where your child was taught before",
    "previous_school": "Name of the last school",
    "school_suggested": "Whether the school suggested it",
    "reason": "Main reason for home education",
    "styles": "How the education is arranged",
    "others_teach": "Other people who teach",
    "other_teachers": "Who else teaches, and what",
    "hours_from_parents": "Hours a week from parents",
    "hours_from_others": "Hours a week from other people",
    "sen_status": "Special educational needs",
    "languages": "Languages at home",
    "ethnicity": "Ethnic group",
    "parent_name": "Your name",
    "relationship": "Your relationship to the child",
    "responsibility": "Parental responsibility",
    "parent_email": "Email",
    "phone": "Phone number",
    "lives_with_child": "Whether you live with your child",
    "parent_address": "Your address",
    "has_other": "Another parent or carer",
    "other_name": "Their name",
    "other_relationship": "Their relationship to the child",
    "other_responsibility": "Their parental responsibility",
    "other_email": "Their email",
    "other_phone": "Their phone number",
    "other_address": "Their address",
    "ways": "Ways to be in contact",
    "interpreter": "Interpreter",
    "interpreter_language": "Language of the interpreter",
    "access_needs": "What makes contact easier",
    "support": "Support you would like",
}
"""What each answer is called where it is read back; the parts of a name or an address are read together."""

TOGETHER: Final = {
    "legal_forename": "name",
    "legal_surname": None,
    "has_address": "address",
    **dict.fromkeys(("address_line_1", "address_line_2", "town", "county", "postcode")),
}
"""Questions whose answers are one line, under the first of them."""

WORDS_OF: Final[dict[str, dict[Any, str]]] = {
    "reason": REASON_WORDS,
    "responsibility": RESPONSIBILITY_WORDS,
    "other_responsibility": RESPONSIBILITY_WORDS,
    "sen_status": SEN_WORDS,
    "styles": STYLE_WORDS,
}
"""Codes that a parent says otherwise than an officer."""


class Row(NamedTuple):
    """One answer as it is read back; `page` is where it is changed, `answer` empty where nothing was said."""

    page: str
    question: str
    answer: str


class Section(NamedTuple):
    """A task's answers as they are read back."""

    task: str
    heading: str
    rows: list[Row]


def child_sections(answers: Answers) -> list[Section]:
    """What was told about one child, in the order of the pages."""
    return [section(task, answers) for task in CHILD_TASKS]


def family_sections(answers: Answers) -> list[Section]:
    """What was told about the family, in the order of the pages."""
    return [section(task, answers) for task in FAMILY_TASKS]


def read_back(answers: Answers) -> list[Section]:
    """Everything that was told about a child."""
    return [*child_sections(answers), *family_sections(answers)]


def section(task: Task, answers: Answers) -> Section:
    """One task's answers."""
    rows = [row for page in task.pages for row in rows_of(page, answers)]
    return Section(task.name, task.title, rows)


def rows_of(page: AskedPage, answers: Answers) -> list[Row]:
    """One page's answers: of what was asked, and what was told though nobody asks it now."""
    names = [TOGETHER.get(question, question) for question in page.questions]
    return [Row(page.name, LABELS[name], answer_of(answers, name)) for name in names if name and reads(answers, name)]


def reads(answers: Answers, name: str) -> bool:
    """Whether an answer has a line of its own: where it was not asked, only if there is one all the same."""
    condition = ASKED_IF.get(name)
    if name in ONLY_IF_REQUIRED | NOT_ONLINE or (
        condition is not None and getattr(answers, condition[0]) != condition[1]
    ):
        return bool(answer_of(answers, name))
    return True


def answer_of(answers: Answers, name: str) -> str:
    """One answer in words; empty where nothing was said."""
    whole: dict[str, Callable[[], str]] = {
        "name": lambda: f"{answers.legal_forename} {answers.legal_surname}",
        "address": lambda: ", ".join(part for part in (answers.address, answers.postcode) if part),
        # Registrations of before this was asked name another parent or nobody.
        "has_other": lambda: in_words(name, OtherParent.YES if answers.other_name else answers.has_other),
    }
    return whole[name]() if name in whole else in_words(name, getattr(answers, name))


def in_words(name: str, value: Any) -> str:
    """A value in words; empty where there is none."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, tuple):
        return ", ".join(in_words(name, one) for one in value)
    return WORDS_OF.get(name, {}).get(value) or str(getattr(value, "label", value))


def named(questions: Collection[str]) -> str:
    """Questions by what their answers are called."""
    lines = [TOGETHER.get(question, question) or "address" for question in questions]
    return ", ".join(dict.fromkeys(LABELS[line].lower() for line in lines))


OFFICERS_SAY: Final = (
    ("About you", "The parent who told us"),
    ("Your child", "The child"),
    ("your child", "the child"),
    ("Your ", "Parent’s "),
    ("you live", "the parent lives"),
    ("you would like", "they would like"),
)
"""What is said to a parent, and how it is said about one."""


def as_officers_read(words: str) -> str:
    """A heading or question in an officer's words."""
    for to_parent, about_parent in OFFICERS_SAY:
        words = words.replace(to_parent, about_parent)
    return words
