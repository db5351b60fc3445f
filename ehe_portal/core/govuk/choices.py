"""Fields answered by choosing: radios, checkboxes, a list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

from markupsafe import Markup
from typing_extensions import override
from wtforms.form import BaseForm
from wtforms.validators import StopValidation

from ehe_portal.core.govuk.components import draw
from ehe_portal.core.govuk.field import Check, Field, in_our_words


@dataclass(frozen=True)
class Choice:
    """One thing to choose. `reveals` names fields of the same form that belong to it and stand right under it."""

    value: Any
    label: str
    hint: str = ""
    reveals: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        """How the value travels."""
        return key_of(self.value)


YES_NO = (Choice(True, "Yes"), Choice(False, "No"))

Choosable = Iterable[Choice | Enum | tuple[Any, str] | tuple[Any, str, str]]


def key_of(value: Any) -> str:
    """A value as it travels in a form: an enum's value, "yes" and "no", "" for None, else its text."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value.value if isinstance(value, Enum) else value)


def as_choice(offered: Any) -> Choice:
    """A choice, whichever way it was written; the label of an enum's member is its `label` where it has one."""
    if isinstance(offered, Choice):
        return offered
    if isinstance(offered, Enum):
        return Choice(offered, str(getattr(offered, "label", offered.value)))
    return Choice(*offered)


class Choosing(Field):
    """What fields of choices share.

    `choices` may be given anew before the form is checked or shown, and takes an enum, its members, `Choice`s or
    tuples of a value, a label and perhaps a hint. `data` holds the values themselves, not their text. What was posted
    and is not among the choices is answered with `message`.
    """

    data: Any
    several = False

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Check] = (),
        *,
        choices: Choosable = (),
        message: str = "Select one of the answers on the page",
        **rest: Any,
    ) -> None:
        super().__init__(label, validators, **rest)
        self.posted: list[str] | None = None
        self.message = in_our_words(message)
        self._choices = [as_choice(one) for one in choices]

    @property
    def choices(self) -> list[Choice]:
        """What may be chosen, in the order of the page."""
        return self._choices

    @choices.setter
    def choices(self, offered: Choosable) -> None:
        self._choices = [as_choice(one) for one in offered]
        self._resolve()

    @property
    def keys(self) -> list[str]:
        """What is chosen, as it travels."""
        if self.posted is not None:
            return self.posted
        known = (self.data or []) if self.several else [self.data]
        return [key_of(value) for value in known if value is not None]

    @property
    def revealed(self) -> dict[str, bool]:
        """The names of the fields that choices reveal, each with whether its choice is made."""
        return {name: choice.key in self.keys for choice in self.choices for name in choice.reveals}

    @override
    def in_words(self, posted: Any) -> str:
        labels = {choice.key: choice.label for choice in self.choices}
        return ", ".join(labels[key] for key in posted.getlist(self.name) if key in labels)

    @override
    def clear(self) -> None:
        self.data = [] if self.several else None

    @override
    def process_data(self, value: Any) -> None:
        self.data = list(value or ()) if self.several else value

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        texts = [value for value in valuelist if isinstance(value, str)]
        self.posted = list(dict.fromkeys(texts)) if self.several else texts[:1]
        self._resolve()

    @override
    def pre_validate(self, form: BaseForm) -> None:
        offered = {choice.key for choice in self.choices}
        if self.posted and any(key and key not in offered for key in self.posted):
            raise StopValidation(self.message)

    def _resolve(self) -> None:
        """Turn what was posted into values."""
        if self.posted is not None:
            values = [choice.value for choice in self.choices if choice.key in self.posted]
            self.data = values if self.several else next(iter(values), None)

    def _items(self) -> list[dict[str, Any]]:
        """The choices as the macros take them."""
        items: list[dict[str, Any]] = []
        for choice in self.choices:
            item: dict[str, Any] = {"value": choice.key, "text": choice.label, "checked": choice.key in self.keys}
            if choice.hint:
                item["hint"] = {"text": choice.hint}
            if choice.reveals:
                item["conditional"] = {"html": Markup("\n").join(self.form[name]() for name in choice.reveals)}
            items.append(item)
        return items


class RadiosField(Choosing):
    """One of a few; `data` is the chosen value or None. `inline` puts two short ones side by side."""

    component = "radios"
    says_optional = False

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Check] = (),
        *,
        inline: bool = False,
        small: bool = False,
        **rest: Any,
    ) -> None:
        super().__init__(label, validators, **rest)
        self.modifiers = [name for name, wanted in (("inline", inline), ("small", small)) if wanted]

    @override
    def __call__(self, **options: Any) -> Markup:
        params = self._group(options, fieldset=True)
        classes = [f"govuk-{self.component}--{name}" for name in self.modifiers]
        params.update(idPrefix=self.id, items=self._items(), classes=" ".join([*classes, self.classes]).strip())
        drawn = draw(self.component, params)
        # What a choice reveals is shown by the stylesheet. The package's script would do it through aria-expanded,
        # which radios do not have.
        return drawn.replace(Markup(" data-aria-controls="), Markup(" data-reveals="))


class CheckboxesField(RadiosField):
    """Any number of a few; `data` is the list of chosen values, in the order of the page."""

    component = "checkboxes"
    several = True


class SelectField(Choosing):
    """One of many, in a list that opens; `data` is the chosen value or None. `blank` is its first, empty line."""

    def __init__(
        self, label: str = "", validators: Sequence[Check] = (), *, blank: str | None = "Select one", **rest: Any
    ) -> None:
        super().__init__(label, validators, **rest)
        self.blank = blank

    @override
    def __call__(self, **options: Any) -> Markup:
        lines = [Choice(None, self.blank), *self.choices] if self.blank is not None else self.choices
        items = [{"value": line.key, "text": line.label, "selected": line.key in self.keys} for line in lines]
        return draw("select", {**self._group(options), "items": items})
