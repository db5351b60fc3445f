"""What all fields share: a hint, an error in plain words, a place for the error summary to point at."""

from collections.abc import Callable, Sequence
from typing import Any, Final

import wtforms
from markupsafe import Markup
from typing_extensions import override
from wtforms.form import BaseForm

from ehe_portal.core.govuk import typed_text

Check = Callable[[Any, Any], object]

MESSAGES_BEGIN: Final = ("Enter", "Select", "Upload", "Choose")


def in_our_words(message: str) -> str:
    """The message itself. Raises ValueError where it does not tell its reader what to do."""
    if not message.startswith(MESSAGES_BEGIN):
        raise ValueError(f"A message begins with one of {', '.join(MESSAGES_BEGIN)}: {message!r}")
    return message


class Field(wtforms.Field):
    """A question on a page. Without `Required` among its checks an answer may be left out, and the label says so.

    `hint` stands under the label; `classes` are put on the input; `mark_optional=False` leaves the label as it is.
    `unasked` is set on a field that belongs to a choice which was not made: nothing is checked and nothing kept.
    """

    shown = True
    takes_files = False
    is_button = False
    says_optional = True
    unasked = False

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Check] = (),
        *,
        hint: str = "",
        classes: str = "",
        mark_optional: bool = True,
        **bound: Any,
    ) -> None:
        super().__init__(label, list(validators), **bound)
        self.form: Any = bound.get("_form")
        self.hint = hint
        self.classes = classes
        self.mark_optional = mark_optional
        self.required = any(getattr(check, "requires", False) for check in validators)

    @property
    def is_empty(self) -> bool:
        """Whether nothing was answered."""
        return self.data is None or self.data in ("", [])

    @property
    def focus_id(self) -> str:
        """The id of the input that a link in the error summary leads to."""
        return self.id

    @property
    def question(self) -> str:
        """The label as it is shown."""
        optional = self.says_optional and self.mark_optional and not self.required
        return f"{self.label.text} (optional)" if optional and self.form.marks_optional else self.label.text

    def in_words(self, posted: Any) -> str:
        """The answer that a posted form gives here, as its writer would know it again."""
        typed = [text for text in posted.getlist(self.name) if isinstance(text, str)]
        return typed_text.shown_again(", ".join(typed)).strip()

    def clear(self) -> None:
        """Forget the answer; what was typed still shows."""
        self.data = None

    @override
    def validate(self, form: BaseForm, extra_validators: Any = ()) -> bool:
        if self.unasked:
            self.clear()
            self.errors = []
            return True
        if self.process_errors:
            # What cannot be read is not judged further.
            self.errors = list(self.process_errors)
            return False
        return super().validate(form, extra_validators)

    def refuse(self, message: str) -> None:
        """Put a message on this field."""
        self.errors = [*self.errors, message]

    @override
    def __call__(self, **options: Any) -> Markup:
        """The field's whole group as HTML: label, hint, message, input. `page_heading` makes the label the h1."""
        raise NotImplementedError

    def _label(self, options: dict[str, Any]) -> dict[str, Any]:
        """The parameters of a label or legend; its class name depends on which."""
        heading = bool(options.get("page_heading"))
        size = "l" if heading else "s"
        return {"text": options.get("label", self.question), "isPageHeading": heading, "size": size}

    def _group(self, options: dict[str, Any], *, fieldset: bool = False) -> dict[str, Any]:
        """The parameters that every component takes."""
        params: dict[str, Any] = {"id": self.id, "name": self.name, "classes": self.classes}
        label = self._label(options)
        if fieldset:
            label["classes"] = f"govuk-fieldset__legend--{label['size']}"
            params["fieldset"] = {"legend": label}
        else:
            label["classes"] = f"govuk-label--{label['size']}"
            params["label"] = label
        if self.hint:
            params["hint"] = {"text": self.hint}
        if self.errors:
            params["errorMessage"] = {"text": self.errors[0]}
        return params
