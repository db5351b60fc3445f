"""Numbers and codes that name a child or a place: tidied, then checked for form. None of them proves existence.

Every function takes what somebody typed and gives it as it is kept, or None where it cannot be what it should be.
"""

import re
from typing import Final

from nhs_number.validate import calculate_checksum

_CHECK_LETTERS: Final = "ABCDEFGHJKLMNPQRTUVWXYZ"  # no I, O or S
_UPN: Final = re.compile(rf"[{_CHECK_LETTERS}][0-9]{{11}}[0-9{_CHECK_LETTERS}]")
_POSTCODE: Final = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]? [0-9][A-Z]{2}")
_GIROBANK: Final = "GIR 0AA"
_BLANKS: Final = re.compile(r"\s+")
_BLANKS_AND_DASHES: Final = re.compile(r"[\s\-\u2010-\u2015]+")
_LANGUAGE: Final = re.compile(
    r"[a-z]{2,3}(-[a-z]{3}){0,3}(-[a-z]{4})?(-([a-z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*"
    r"(-[a-wyz0-9](-[a-z0-9]{2,8})+)*(-x(-[a-z0-9]{1,8})+)?",
    re.IGNORECASE | re.ASCII,
)
_EMAIL: Final = re.compile(r"[^\s@]+@[^\s@]+")


def upn(typed: str) -> str | None:
    """A unique pupil number: a check letter, authority (3), school (4), year (2) and serial (3).

    The last place of a temporary number is a letter. The check letter is the sum of each character's value times its
    place (the first after the check letter is place 2) modulo 23; a letter's value is its place in the alphabet of
    check letters, from 0.
    """
    number = _BLANKS.sub("", typed).upper()
    if not _UPN.fullmatch(number):
        return None
    return number if number[0] == upn_check_letter(number[1:]) else None


def upn_check_letter(rest: str) -> str:
    """The check letter that goes before the other twelve characters."""
    values = (int(char) if char.isdigit() else _CHECK_LETTERS.index(char) for char in rest)
    return _CHECK_LETTERS[sum(place * value for place, value in enumerate(values, 2)) % len(_CHECK_LETTERS)]


def nhs_number(typed: str) -> str | None:
    """An NHS number: ten digits, the last of which checks the others (modulus 11)."""
    number = _BLANKS_AND_DASHES.sub("", typed)
    if not re.fullmatch(r"[0-9]{10}", number):
        return None
    return number if calculate_checksum(number[:9]) == int(number[9]) else None


def postcode(typed: str) -> str | None:
    """A postcode in upper case with one space, if it has the form of one."""
    squeezed = _BLANKS.sub("", typed).upper()
    tidied = f"{squeezed[:-3]} {squeezed[-3:]}"
    return tidied if tidied == _GIROBANK or _POSTCODE.fullmatch(tidied) else None


def uprn(typed: str) -> str | None:
    """A unique property reference number: 1 to 12 digits, kept as they are written."""
    return typed if re.fullmatch(r"[0-9]{1,12}", typed) else None


def language(typed: str) -> str | None:
    """A language tag as BCP 47 writes it, such as `en`, `cy` or `zh-Hant`."""
    return typed if len(typed) <= 35 and _LANGUAGE.fullmatch(typed) else None


def email(typed: str) -> str | None:
    """An email address, as far as its form goes: something before and after one `@`, no blanks."""
    return typed if len(typed) <= 254 and _EMAIL.fullmatch(typed) else None
