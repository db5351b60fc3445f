"""Forms: protected, safe to send twice, keeping what was typed, and able to say why something was refused."""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final

from flask import g, has_request_context, request
from flask_wtf import FlaskForm
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup
from typing_extensions import override
from werkzeug.datastructures import CombinedMultiDict

from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.govuk.choices import Choosing
from ehe_portal.core.govuk.field import Field
from ehe_portal.core.govuk.fields import hidden_input
from ehe_portal.core.reference import PATTERN

CHANGES: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_DRAFT: Final = re.compile(rf"{PATTERN.pattern}\.[0-9]{{1,9}}")
_ONCE: Final = re.compile(r"[A-Za-z0-9_-]{16,64}")
# In the request's own environment: `g` may outlive a request where tests push a context around several.
_TROUBLED: Final = "ehe_portal.troubled_forms"
_BROUGHT_BACK: Final = "ehe_portal.brought_back"


class Form(FlaskForm):
    """A form that changes something. See the top of the package for how one is used.

    Opened with `Form(obj=record)` or `Form(field=value)` it shows what is known; once sent it holds what was typed.
    `once` tells a second press from a first: new on each fresh page, kept while the form comes back with errors.
    Of several forms on one page each takes a `prefix`.
    """

    marks_optional = True

    def __init__(self, *, prefix: str = "", **known: Any) -> None:
        self.changed_meanwhile = False
        self.brought_back = False
        posted = self._posted()
        self.formdata = posted
        FlaskForm.__init__(self, formdata=posted, prefix=prefix, **known)
        typed = request.form.get("once", "") if posted is not None and not self.brought_back else ""
        self.once = typed if _ONCE.fullmatch(typed) else secrets.token_urlsafe(16)

    def _posted(self) -> Any:
        """What was typed: in this request, or in one whose sitting had ended meanwhile; None on a fresh page."""
        if not has_request_context():
            return None
        if request.method in CHANGES:
            return CombinedMultiDict([request.form, request.files])
        kept = g.get("kept_words")
        if kept is None:
            return None
        self.brought_back = True
        request.environ.setdefault(_BROUGHT_BACK, []).append(self)
        return kept.shown.words

    @override
    def validate(self, extra_validators: Any = None) -> bool:
        asked = {name: made for field in self if isinstance(field, Choosing) for name, made in field.revealed.items()}
        for name, field in self._fields.items():
            if isinstance(field, Field):
                field.unasked = not asked.get(name, True)
        fine: bool = super().validate(extra_validators)
        if not fine:
            self._tell_page()
        return fine

    @override
    def validate_on_submit(self, extra_validators: Any = None) -> bool:
        """Whether the form was sent, and nothing is wrong with what it says."""
        return has_request_context() and request.method in CHANGES and self.validate(extra_validators)

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal on the field it names, or on the form."""
        self.changed_meanwhile = isinstance(refusal, ChangedMeanwhile)
        field = self._fields.get(refusal.field or "")
        if isinstance(field, Field):
            field.refuse(refusal.message)
        else:
            self.form_errors.append(refusal.message)
        self._tell_page()

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """What a use-case refuses inside is put on the form, and the view goes on to show it again."""
        try:
            yield
        except Refusal as refusal:
            self.refuse(refusal)

    @property
    def problems(self) -> list[tuple[str, str | None]]:
        """What is wrong, in the order of the page: the words, and the id of the input to mend, if any."""
        found: list[tuple[str, str | None]] = [(message, None) for message in self.form_errors]
        for field in self:
            focus_id = field.focus_id if isinstance(field, Field) and field.shown else None
            found += [(message, focus_id) for message in field.errors[:1]]
        return found

    def questions(self) -> list[Field]:
        """The fields to draw one under the other; those that a choice reveals are drawn with it."""
        revealed = {name for field in self if isinstance(field, Choosing) for name in field.revealed}
        return [
            field
            for name, field in self._fields.items()
            if isinstance(field, Field) and field.shown and name not in revealed
        ]

    def buttons(self) -> list[Field]:
        """The form's own buttons, where it has any."""
        return [field for field in self if isinstance(field, Field) and field.is_button]

    def hidden(self) -> Markup:
        """What every sent form carries: protection, the `once` value and the form's own hidden fields."""
        carried = [hidden_input("csrf_token", generate_csrf()), hidden_input("once", self.once)]
        token = draft_token()
        carried += [hidden_input("draft", token)] if token is not None else []
        return Markup("\n").join([*carried, *self._own_hidden()])

    @property
    def takes_files(self) -> bool:
        """Whether files are sent with it."""
        return any(isinstance(field, Field) and field.takes_files for field in self)

    def _own_hidden(self) -> Sequence[Markup]:
        own = [field for field in self if isinstance(field, Field)]
        return [field() for field in own if not (field.shown or field.is_button)]

    def _tell_page(self) -> None:
        if has_request_context():
            troubled = request.environ.setdefault(_TROUBLED, [])
            if self not in troubled:
                troubled.append(self)


class SearchForm(Form):
    """A form that only asks: it is read from the page's address, on GET. Call `validate()` before using its answers."""

    marks_optional = False

    class Meta(FlaskForm.Meta):
        """Nothing is changed, so there is nothing to protect."""

        csrf = False

    @override
    def _posted(self) -> Any:
        return request.args or None

    @override
    def hidden(self) -> Markup:
        return Markup("\n").join(self._own_hidden())


def page_problems() -> list[dict[str, str]]:
    """Everything wrong with the forms of the page that is being drawn, as the error summary takes it."""
    troubled = request.environ.get(_TROUBLED, []) if has_request_context() else []
    return [
        {"text": words, "href": f"#{focus_id}"} if focus_id else {"text": words}
        for form in troubled
        for words, focus_id in form.problems
    ]


def draft_token() -> str | None:
    """Which draft the page that is being drawn goes on from, "" where it may begin one; None where it keeps none."""
    kept = g.get("kept_words")
    if request.method in CHANGES:
        posted = request.form.get("draft")
        if posted is None and not g.get("keeps_drafts"):
            return None
        return posted if posted and _DRAFT.fullmatch(posted) else ""
    if kept is not None:
        token: str = kept.shown.token
        return token
    return "" if g.get("keeps_drafts") else None


def keeps_drafts() -> bool:
    """Whether the page that is being drawn keeps what is typed into its form until it is sent (see core.drafts)."""
    return has_request_context() and bool(g.get("keeps_drafts"))


def words_brought_back() -> Any | None:
    """What was kept for the page that is being drawn (core.drafts.Kept), where one of its forms shows it."""
    return g.get("kept_words") if has_request_context() and request.environ.get(_BROUGHT_BACK) else None


def other_words(copy: Any) -> list[tuple[str, str]]:
    """What another copy of the page's form says otherwise than the form shown: the questions and the other answers."""
    shown: list[Form] = request.environ.get(_BROUGHT_BACK, [])
    return [
        (field.label.text, field.in_words(copy.words) or "Nothing")
        for form in shown
        for field in form
        if isinstance(field, Field) and field.shown and field.in_words(copy.words) != field.in_words(form.formdata)
    ]
