"""Checks of an answer's presence and shape. Every message tells its reader what to do: Enter, Select, Upload, Choose.

All but `Required` leave an empty answer alone.
"""

import re
from collections.abc import Collection
from typing import Any, Final

from wtforms.validators import StopValidation, ValidationError

from ehe_portal.core.govuk.field import in_our_words

_LABEL: Final = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_EMAIL: Final = re.compile(
    rf"(?=.{{1,64}}@)[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{{|}}~-]+)*@(?:{_LABEL}\.)+{_LABEL}",
)
_POSTCODE: Final = re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?)([0-9][ABD-HJLNP-UW-Z]{2})")


class Required:
    """An answer must be given: `Required("Enter the child's name")`."""

    requires = True

    def __init__(self, message: str) -> None:
        self.message = in_our_words(message)

    def __call__(self, _form: Any, field: Any) -> None:
        """Stop at an empty answer."""
        if field.is_empty:
            raise StopValidation(self.message)


class Length:
    """Text of `least` to `most` characters."""

    def __init__(self, least: int = 0, most: int | None = None, message: str | None = None) -> None:
        self.least = least
        self.most = most
        self.message = in_our_words(message) if message else None

    def __call__(self, _form: Any, field: Any) -> None:
        """Refuse what is too short or too long."""
        if field.is_empty:
            return
        if len(field.data) < self.least:
            raise ValidationError(self.message or f"Enter {self.least:,} characters or more")
        if self.most is not None and len(field.data) > self.most:
            raise ValidationError(self.message or f"Enter {self.most:,} characters or fewer")


class Matches:
    """Text that a regular expression matches whole."""

    def __init__(self, pattern: str | re.Pattern[str], message: str) -> None:
        self.pattern = re.compile(pattern)
        self.message = in_our_words(message)

    def __call__(self, _form: Any, field: Any) -> None:
        """Refuse what does not match."""
        if not field.is_empty and not self.pattern.fullmatch(field.data):
            raise ValidationError(self.message)


class EmailAddress(Matches):
    """An address that mail can be sent to, in the plain letters that mail servers everywhere take."""

    def __init__(self, message: str = "Enter an email address in the correct format, like name@example.com") -> None:
        super().__init__(_EMAIL, message)


class Postcode:
    """A postcode of the United Kingdom, whatever its case and blanks; kept as "AB1 2CD"."""

    def __init__(self, message: str = "Enter a full UK postcode, like CO3 4AB") -> None:
        self.message = in_our_words(message)

    def __call__(self, _form: Any, field: Any) -> None:
        """Refuse what is no postcode, and put what is one in its usual form."""
        if field.is_empty:
            return
        found = _POSTCODE.fullmatch(re.sub(r"[\s.-]", "", field.data).upper())
        if found is None:
            raise ValidationError(self.message)
        field.data = f"{found[1]} {found[2]}"


class OneOf:
    """One of a few values."""

    def __init__(self, values: Collection[Any], message: str) -> None:
        self.values = values
        self.message = in_our_words(message)

    def __call__(self, _form: Any, field: Any) -> None:
        """Refuse any other value."""
        if not field.is_empty and field.data not in self.values:
            raise ValidationError(self.message)


class SameAs:
    """The same as another field, such as a password typed twice."""

    def __init__(self, other: str, message: str) -> None:
        self.other = other
        self.message = in_our_words(message)

    def __call__(self, form: Any, field: Any) -> None:
        """Refuse what differs."""
        if field.data != form[self.other].data:
            raise ValidationError(self.message)
