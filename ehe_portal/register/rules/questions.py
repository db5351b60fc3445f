"""Which questions a registration asks, on which page, in which task. Their words are in forms; nothing else lists them.

Which of them must be answered is not said here: that is the policy profile's to say.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

MOST_CHILDREN: Final = 12
"""More than a family has to register in one go; a mistake of a script is not kept for ever."""


@dataclass(frozen=True, slots=True)
class AskedPage:
    """One page: a question, or a tight group of them such as an address."""

    name: str
    questions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Task:
    """A few pages that belong together: a line of the task list."""

    name: str
    title: str
    pages: tuple[AskedPage, ...]


CHILD_TASKS: Final = (
    Task(
        "child",
        "Name and date of birth",
        (
            AskedPage("name", ("legal_forename", "legal_surname", "preferred_name")),
            AskedPage("born", ("date_of_birth",)),
            AskedPage("sex", ("sex",)),
        ),
    ),
    Task(
        "address",
        "Where your child lives",
        (AskedPage("address", ("has_address", "address_line_1", "address_line_2", "town", "county", "postcode")),),
    ),
    Task(
        "education",
        "Home education",
        (
            AskedPage("began", ("ehe_started_on",)),
            AskedPage("school", ("previous_school_type", "previous_school")),
            AskedPage("suggested", ("school_suggested",)),
            AskedPage("reason", ("reason",)),
        ),
    ),
    Task(
        "learning",
        "How your child learns",
        (
            AskedPage("style", ("styles",)),
            AskedPage("teachers", ("others_teach", "other_teachers")),
            AskedPage("hours", ("hours_from_parents", "hours_from_others")),
        ),
    ),
    Task(
        "needs",
        "More about your child",
        (
            AskedPage("sen", ("sen_status",)),
            AskedPage("languages", ("languages",)),
            AskedPage("ethnicity", ("ethnicity",)),
        ),
    ),
)
"""Asked of each child."""

FAMILY_TASKS: Final = (
    Task(
        "you",
        "About you",
        (
            AskedPage("you", ("parent_name",)),
            AskedPage("relationship", ("relationship", "responsibility")),
            AskedPage("reach", ("phone", "parent_email")),
            AskedPage("home", ("lives_with_child", "parent_address")),
        ),
    ),
    Task(
        "other-parent",
        "Another parent or carer",
        (
            AskedPage("other", ("has_other", "other_name", "other_relationship", "other_responsibility")),
            AskedPage("other-reach", ("other_email", "other_phone", "other_address")),
        ),
    ),
    Task(
        "wishes",
        "How you would like to be in contact",
        (
            AskedPage("ways", ("ways",)),
            AskedPage("interpreter", ("interpreter", "interpreter_language")),
            AskedPage("access", ("access_needs",)),
            AskedPage("support", ("support",)),
        ),
    ),
)
"""Asked once for all children of a registration."""

ASKED_IF: Final[dict[str, tuple[str, Any]]] = {
    **dict.fromkeys(("address_line_1", "address_line_2", "town", "county", "postcode"), ("has_address", True)),
    **dict.fromkeys(
        ("other_name", "other_relationship", "other_responsibility", "other_email", "other_phone", "other_address"),
        ("has_other", "yes"),
    ),
    "other_teachers": ("others_teach", True),
    "parent_address": ("lives_with_child", False),
    "interpreter_language": ("interpreter", True),
}
"""Questions that are asked only where another was answered so (as answers are kept)."""

ONLY_IF_REQUIRED: Final = frozenset({"hours_from_parents", "hours_from_others"})
"""What nobody is asked until a law asks it: no law in force wants a parent to count hours."""

NOT_ONLINE: Final = frozenset({"parent_email"})
"""What an account has told already: asked on paper, and of an officer who keys it in."""


def pages_of(tasks: Collection[Task]) -> list[AskedPage]:
    """All pages of some tasks, in their order."""
    return [page for task in tasks for page in task.pages]


CHILD_PAGES: Final = {page.name: page for page in pages_of(CHILD_TASKS)}
FAMILY_PAGES: Final = {page.name: page for page in pages_of(FAMILY_TASKS)}
QUESTIONS: Final = tuple(
    question for page in (*CHILD_PAGES.values(), *FAMILY_PAGES.values()) for question in page.questions
)
"""Every question, in the order in which it is asked."""

Kept = Mapping[str, Mapping[str, Any]]
"""Answers by page, then by question, as they are kept."""


def together(kept: Kept) -> dict[str, Any]:
    """The answers of all pages, by question."""
    return {question: answer for answers in kept.values() for question, answer in answers.items()}


def is_asked(question: str, answers: Mapping[str, Any], required: Collection[str]) -> bool:
    """Whether a question is asked, with what has been answered so far."""
    if question in ONLY_IF_REQUIRED and question not in required:
        return False
    condition = ASKED_IF.get(question)
    return condition is None or answers.get(condition[0]) == condition[1]


def is_missing(question: str, answers: Mapping[str, Any], required: Collection[str]) -> bool:
    """Whether a question must be answered and has not been."""
    return (
        question in required and is_asked(question, answers, required) and answers.get(question) in (None, "", [], ())
    )


def missing_questions(answers: Mapping[str, Any], required: Collection[str]) -> list[str]:
    """What must be answered and has not been, in the order of the pages."""
    return [question for question in QUESTIONS if is_missing(question, answers, required)]


def asked_pages(task: Task, kept: Kept, required: Collection[str]) -> Iterator[AskedPage]:
    """The pages of a task that are asked, with what has been answered so far."""
    answers = together(kept)
    for page in task.pages:
        if any(is_asked(question, answers, required) for question in page.questions):
            yield page


def next_page(task: Task, page: AskedPage, kept: Kept, required: Collection[str]) -> AskedPage | None:
    """The page of a task that is asked after this one; None after its last."""
    asked = list(asked_pages(task, kept, required))
    later = task.pages[task.pages.index(page) + 1 :]
    return next((one for one in later if one in asked), None)


def page_before(task: Task, page: AskedPage, kept: Kept, required: Collection[str]) -> AskedPage | None:
    """The page of a task that is asked before this one; None before its first."""
    asked = list(asked_pages(task, kept, required))
    earlier = task.pages[: task.pages.index(page)]
    return next((one for one in reversed(earlier) if one in asked), None)


class Status(StrEnum):
    """How far a task is."""

    COMPLETED = "Completed"
    IN_PROGRESS = "In progress"
    NOT_STARTED = "Not yet started"
    OPTIONAL = "Optional"


def status(task: Task, kept: Kept, required: Collection[str]) -> Status:
    """How far a task is; one that may be left out whole says so until it is begun."""
    answers = together(kept)
    asked = list(asked_pages(task, kept, required))
    begun = [page for page in asked if page.name in kept]
    wanted = any(question in required for page in asked for question in page.questions)
    if not begun:
        return Status.NOT_STARTED if wanted else Status.OPTIONAL
    lacking = any(is_missing(question, answers, required) for page in asked for question in page.questions)
    return Status.COMPLETED if len(begun) == len(asked) and not lacking else Status.IN_PROGRESS


def where_to_go_on(task: Task, kept: Kept, required: Collection[str]) -> AskedPage:
    """The page to open from the task list: the first that was not answered; the first of all where all were."""
    answers = together(kept)
    asked = list(asked_pages(task, kept, required))
    unanswered = (
        page
        for page in asked
        if page.name not in kept or any(is_missing(question, answers, required) for question in page.questions)
    )
    return next(unanswered, asked[0])


def first_missing(tasks: Collection[Task], kept: Kept, required: Collection[str]) -> AskedPage | None:
    """The first page with a question that must be answered and has not been; None where it may be sent."""
    answers = together(kept)
    return next(
        (
            page
            for page in pages_of(tasks)
            if any(is_missing(question, answers, required) for question in page.questions)
        ),
        None,
    )
