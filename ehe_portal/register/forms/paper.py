"""The questions as they are printed on the paper form: taken from the pages themselves, so that both ask the same."""

from collections.abc import Collection
from datetime import date
from typing import Any

from ehe_portal.core.govuk import CheckboxesField, DateField, Field, RadiosField, SelectField, TextAreaField
from ehe_portal.register.forms.asked import ASKED
from ehe_portal.register.rules.questions import CHILD_TASKS, FAMILY_TASKS, AskedPage, Task

KINDS: tuple[tuple[type[Field], str], ...] = (
    (CheckboxesField, "many"),
    (RadiosField, "one"),
    (SelectField, "one"),
    (DateField, "date"),
    (TextAreaField, "text"),
)


def printed_questions(today: date, required: Collection[str]) -> list[dict[str, Any]]:
    """The form's parts: about each child, then about the family. `required` is what the law in force asks."""
    return [
        {
            "heading": "About your child",
            "words": "Please fill in this part once for each child. You can copy these pages.",
            "tasks": [printed_task(task, today, required) for task in CHILD_TASKS],
        },
        {
            "heading": "About your family",
            "words": "Please fill in this part once.",
            "tasks": [printed_task(task, today, required) for task in FAMILY_TASKS],
        },
    ]


def printed_task(task: Task, today: date, required: Collection[str]) -> dict[str, Any]:
    """A task's questions under its title."""
    pages = [printed_page(page, today, required) for page in task.pages]
    return {"heading": task.title, "pages": [page for page in pages if page["questions"]]}


def printed_page(page: AskedPage, today: date, required: Collection[str]) -> dict[str, Any]:
    """A page's questions with their hints and choices."""
    asked = ASKED[page.name]
    form = asked.form(today, required, online=False)
    return {"words": asked.words, "questions": [printed_question(field, form) for field in form.questions()]}


def printed_question(field: Field, form: Any) -> dict[str, Any]:
    """One question; those that belong to a choice stand with it."""
    kind = next((name for fields, name in KINDS if isinstance(field, fields)), "line")
    choices = [
        {
            "label": choice.label,
            "hint": choice.hint,
            "reveals": [printed_question(form[name], form) for name in choice.reveals],
        }
        for choice in getattr(field, "choices", ())
    ]
    return {"label": field.question, "hint": field.hint, "kind": kind, "choices": choices}
