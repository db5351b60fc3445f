"""Fields of one input: text in its kinds, whole numbers, a tick, files, hidden values, buttons."""

import re
from collections.abc import Sequence
from typing import Any, Final

from markupsafe import Markup, escape
from typing_extensions import override
from werkzeug.datastructures import FileStorage

from ehe_portal.core.govuk import typed_text
from ehe_portal.core.govuk.components import draw
from ehe_portal.core.govuk.field import Check, Field
from ehe_portal.core.govuk.validators import EmailAddress

LONGEST_LINE: Final = 200
LONGEST_TEXT: Final = 10_000
LONGEST_EMAIL: Final = 254
LONGEST_PASSWORD: Final = 256
LARGEST_VERSION: Final = 2**31 - 1

_PHONE: Final = re.compile(r"\+?[0-9 ().-]+(?:\s*(?:x|ext\.?)\s*[0-9]{1,6})?", re.IGNORECASE)


class Input(Field):
    """Anything answered by typing into one box. `width` is a number of characters or a fraction as "two-thirds"."""

    kind = "text"
    inputmode: str | None = None
    spellcheck: bool | None = None

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Check] = (),
        *,
        max_length: int = LONGEST_LINE,
        width: str = "",
        autocomplete: str | None = None,
        **rest: Any,
    ) -> None:
        super().__init__(label, validators, **rest)
        self.max_length = max_length
        self.autocomplete = autocomplete
        self.typed: str | None = None
        if width:
            self.classes = f"{self.classes} govuk-{'input--width' if width.isdigit() else '!-width'}-{width}".strip()

    def tidy(self, typed: str) -> str:
        """What was typed, without what nobody means."""
        return typed_text.line(typed)

    def read(self, text: str) -> Any:
        """The answer that tidy text is. Raises ValueError with words for the page where it is none."""
        return text

    def show(self, answer: Any) -> str:
        """How an answer known already stands in the box."""
        return "" if answer is None else str(answer)

    @property
    def value(self) -> str:
        """What stands in the box: exactly what was typed, or else the answer that the page was opened with."""
        return self.show(self.data) if self.typed is None else typed_text.shown_in_line(self.typed)

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        self.typed = typed_text.first_text(valuelist)
        self.clear()
        text = self.tidy(self.typed)
        if typed_text.HIDDEN.search(text):
            raise ValueError(typed_text.HIDDEN_MESSAGE)
        if len(text) > self.max_length:
            raise ValueError(f"Enter {self.max_length:,} characters or fewer")
        self.data = self.read(text)

    @override
    def __call__(self, **options: Any) -> Markup:
        params = self._group(options)
        params.update(type=self.kind, value=self.value or None, autocomplete=self.autocomplete)
        params.update(inputmode=self.inputmode, spellcheck=self.spellcheck)
        return draw("input", params)


class TextField(Input):
    """One line of text; `data` is "" where nothing was typed."""

    data: str

    @override
    def clear(self) -> None:
        self.data = ""

    @override
    def process_data(self, value: Any) -> None:
        self.data = "" if value is None else str(value)


class EmailField(TextField):
    """An email address, as typed but for blanks around it."""

    kind = "email"
    spellcheck = False

    def __init__(self, label: str = "", validators: Sequence[Check] = (), **rest: Any) -> None:
        rest.setdefault("max_length", LONGEST_EMAIL)
        super().__init__(label, (*validators, EmailAddress()), **rest)


class PhoneField(TextField):
    """A telephone number, as typed but for blanks around it."""

    kind = "tel"

    def __init__(self, label: str = "", validators: Sequence[Check] = (), **rest: Any) -> None:
        rest.setdefault("width", "20")
        super().__init__(label, validators, **rest)

    @override
    def read(self, text: str) -> str:
        digits = sum(character.isdigit() for character in text)
        if text and not (_PHONE.fullmatch(text) and 6 <= digits <= 20):
            raise ValueError("Enter a phone number, like 01632 960 001 or +44 7700 900 982")
        return text


class PasswordField(TextField):
    """A password, kept to the character and never shown again. `new=True` where one is chosen."""

    says_optional = False

    def __init__(
        self, label: str = "Password", validators: Sequence[Check] = (), *, new: bool = False, **rest: Any
    ) -> None:
        rest.setdefault("max_length", LONGEST_PASSWORD)
        rest.setdefault("width", "20")
        super().__init__(label, validators, autocomplete="new-password" if new else "current-password", **rest)

    @override
    def tidy(self, typed: str) -> str:
        return typed

    @override
    def __call__(self, **options: Any) -> Markup:
        return draw("password-input", {**self._group(options), "autocomplete": self.autocomplete})


class TextAreaField(TextField):
    """Text of several lines. With `count=True` it says how many characters are left."""

    def __init__(
        self, label: str = "", validators: Sequence[Check] = (), *, rows: int = 5, count: bool = False, **rest: Any
    ) -> None:
        rest.setdefault("max_length", LONGEST_TEXT)
        super().__init__(label, validators, **rest)
        self.rows = rows
        self.count = count

    @override
    def tidy(self, typed: str) -> str:
        return typed_text.block(typed)

    @property
    @override
    def value(self) -> str:
        return self.data if self.typed is None else typed_text.shown_again(self.typed)

    @override
    def __call__(self, **options: Any) -> Markup:
        # The macros indent what stands inside a fieldset, line by line, text too; a reference they leave alone.
        value = escape(self.value).replace("\n", Markup("&#10;"))
        params = {**self._group(options), "rows": self.rows, "value": value}
        if self.count:
            return draw("character-count", {**params, "maxlength": self.max_length})
        return draw("textarea", params)


class NumberField(Input):
    """A whole number from `least` to `most`; `data` is None where nothing was typed.

    `what` is what it is the number of, for a page that asks several.
    """

    data: int | None
    inputmode = "numeric"

    def __init__(
        self,
        label: str = "",
        validators: Sequence[Check] = (),
        *,
        least: int = 0,
        most: int = 999_999,
        what: str = "",
        **rest: Any,
    ) -> None:
        rest.setdefault("width", "5")
        super().__init__(label, validators, **rest)
        self.least = least
        self.most = most
        self.what = what

    @override
    def read(self, text: str) -> int | None:
        digits = text.replace(",", "").replace(" ", "")
        if not digits:
            return None
        if not (digits.isdecimal() and len(digits) <= 9 and self.least <= int(digits) <= self.most):
            about = f" for {self.what}" if self.what else ""
            raise ValueError(f"Enter a whole number from {self.least:,} to {self.most:,}{about}")
        return int(digits)


class CheckboxField(Field):
    """A single tick; `data` says whether it is there."""

    data: bool
    says_optional = False

    @property
    @override
    def is_empty(self) -> bool:
        return not self.data

    @override
    def clear(self) -> None:
        self.data = False

    @override
    def process_data(self, value: Any) -> None:
        self.data = bool(value)

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = bool(valuelist)

    @override
    def __call__(self, **options: Any) -> Markup:
        params = self._group(options)
        label = params.pop("label")
        item = {"value": "yes", "text": label["text"], "checked": self.data, "hint": params.pop("hint", None)}
        return draw("checkboxes", {**params, "idPrefix": self.id, "items": [item]})


class MultiFileField(Field):
    """Several files; `data` is the list of those chosen. `accept` tells the browser which to offer: ".pdf,.jpg".

    `in_parts_at` is the address to which they may be sent in parts, while the form is filled in.
    """

    data: list[FileStorage]
    takes_files = True
    several = True
    in_parts_at = ""

    def __init__(self, label: str = "", validators: Sequence[Check] = (), *, accept: str = "", **rest: Any) -> None:
        super().__init__(label, validators, **rest)
        self.accept = accept

    @override
    def clear(self) -> None:
        self.data = []

    @override
    def process_data(self, value: Any) -> None:
        self.clear()

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = [file for file in valuelist if isinstance(file, FileStorage) and file.filename]

    @override
    def __call__(self, **options: Any) -> Markup:
        params = {**self._group(options), "multiple": self.several}
        said = {"accept": self.accept, "data-uploads": self.in_parts_at}
        params["attributes"] = {name: value for name, value in said.items() if value}
        return draw("file-upload", params)


class FileField(MultiFileField):
    """One file: `file` is it, or None. Of several sent under its name the first counts."""

    several = False

    @property
    def file(self) -> FileStorage | None:
        """The file that was chosen."""
        return self.data[0] if self.data else None

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist)
        self.data = self.data[:1]


class HiddenField(TextField):
    """A value that the page carries without showing it. A message about it stands in the summary alone."""

    shown = False

    @override
    def __call__(self, **options: Any) -> Markup:
        return hidden_input(self.name, self.value)


class VersionField(Input):
    """The version of the record that a page shows: `TierForm(version=episode.version)`.

    `data` is what came back, None where that is no version. After the answer that someone changed the record
    meanwhile, the page shows the record as it is now and carries its version of now: saving again is then meant.
    """

    data: int | None
    shown = False

    @override
    def read(self, text: str) -> int | None:
        fit = text.isascii() and text.isdigit() and len(text) <= 10 and int(text) <= LARGEST_VERSION
        return int(text) if fit else None

    @override
    def __call__(self, **options: Any) -> Markup:
        seen = self.object_data if self.form.changed_meanwhile or self.data is None else self.data
        return hidden_input(self.name, self.show(seen))


class SubmitField(Field):
    """A button, where a form has more than one; `data` says whether it was the one pressed."""

    data: bool
    shown = False
    is_button = True

    @override
    def process_data(self, value: Any) -> None:
        self.data = False

    @override
    def process_formdata(self, valuelist: list[Any]) -> None:
        self.data = bool(valuelist)

    @override
    def __call__(self, **options: Any) -> Markup:
        params = {"text": self.label.text, "name": self.name, "value": "yes", "classes": self.classes}
        return draw("button", {**params, "preventDoubleClick": True})


def hidden_input(name: str, value: str) -> Markup:
    """A hidden input, without an id: two forms on a page may carry the same name."""
    return Markup('<input type="hidden" name="{}" value="{}">').format(name, value)
