"""Decisions about accounts: passwords, guessing, sittings, where to go next. Plain values in, answers out."""

import hashlib
import hmac
import re
import unicodedata
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from typing import Final
from urllib.parse import urlsplit

from zxcvbn import zxcvbn

from ehe_portal.core.hours import WEEKDAYS, DayPart, DaysOff, Hours


class Purpose(StrEnum):
    """What a link in a mail is for."""

    SIGN_UP = "sign-up"
    INVITATION = "invitation"
    RESET = "reset"
    NEW_EMAIL = "new-email"


SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 200
LEAST_OF_ONES_OWN = 6  # characters that are left when name and address are taken away
# zxcvbn counts guesses on its scale of 0 to 4; 3 stands for more than 100 million, out of reach of throttled guessing.
STRONG_ENOUGH = 3
MOST_ESTIMATED = 72  # characters that zxcvbn takes; what comes after only makes guessing harder

LINK_LASTS = {
    Purpose.SIGN_UP: timedelta(hours=24),
    Purpose.INVITATION: timedelta(days=7),
    Purpose.RESET: timedelta(minutes=30),
    Purpose.NEW_EMAIL: timedelta(hours=24),
}
MOST_LINKS_WAITING = 5  # for one address; asking more often sends nothing more

IDLE = timedelta(minutes=60)
LONGEST_SITTING = timedelta(hours=12)

FREE_FAILURES = 5
LONGEST_WAIT = timedelta(minutes=15)
FAILURES_FORGOTTEN_AFTER = timedelta(hours=1)

AUTHORITY_CODE = re.compile(r"[0-9]{3}|E[0-9]{8}|[A-Za-z0-9-]{1,12}", re.ASCII)
EMAIL = re.compile(
    r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]{2,63}",
    re.ASCII,
)
LONGEST_EMAIL = 254
UK_MOBILE = re.compile(r"7([1-57-9][0-9]{2}|624)[0-9]{6}", re.ASCII)
LONGEST_LOCAL_PART = 64
LONGEST_NAME = 100


def tidy_email(typed: str) -> str:
    """An address as it is kept: without blanks around it, in lower case."""
    return unicodedata.normalize("NFC", typed).strip().lower()


def is_email(typed: str) -> bool:
    """Whether this looks like an email address; only a mail that arrives proves that it is one."""
    return len(typed) <= LONGEST_EMAIL and typed.find("@") <= LONGEST_LOCAL_PART and bool(EMAIL.fullmatch(typed))


def mobile(typed: str) -> str | None:
    """A mobile number of the United Kingdom in international form, `+447700900982`; None for any other number.

    Numbers beginning 070 ("follow me" numbers) and 076 (pagers, but for 07624) are none.
    """
    digits = re.sub(r"[\s().-]", "", typed)
    national = re.sub(r"^(\+44|0044|44)0?|^0", "", digits)
    return f"+44{national}" if UK_MOBILE.fullmatch(national) else None


def tidy_name(typed: str) -> str:
    """A name without blanks around it and with single ones inside."""
    return " ".join(unicodedata.normalize("NFC", typed).split())


def closed_email(reference: str) -> str:
    """What stands in the place of a closed account's address, so that its holder can open another account with it."""
    return f"closed.{reference.lower()}@account.invalid"


def is_authority_code(code: str) -> bool:
    """Three digits, nine characters beginning with E, or up to twelve letters, digits and hyphens for a trial."""
    return AUTHORITY_CODE.fullmatch(code) is not None


def tidy_password(typed: str) -> str:
    """A password in one form, however a keyboard composes its letters; nothing is trimmed, cut or put in one case."""
    return unicodedata.normalize("NFKC", typed)


def password_problem(password: str, about: tuple[str, ...]) -> str | None:
    """Why this cannot be a password; None if it can.

    Length counts, not the mixture of characters; common and easily derived passwords are refused (NCSC). `about` is
    what anyone would try first: the person's name and address.
    """
    if len(password) < SHORTEST_PASSWORD:
        return f"Enter a password of {SHORTEST_PASSWORD} characters or more. Three random words work well"
    if len(password) > LONGEST_PASSWORD:
        return f"Enter a password of {LONGEST_PASSWORD} characters or fewer"
    known = [part for said in about for part in (said, *re.split(r"[^\w]+", said)) if len(part) > 2]
    rest = password.lower()
    for part in sorted(known, key=len, reverse=True):
        rest = rest.replace(part.lower(), "")
    if len(rest) < LEAST_OF_ONES_OWN:
        return "Enter a password that is not made from your name or email address. Three random words work well"
    if zxcvbn(password[:MOST_ESTIMATED], user_inputs=known)["score"] < STRONG_ENOUGH:
        return "Enter a password that is harder to guess. Three random words work well"
    return None


class LinkState(Enum):
    """What a link in a mail can still do."""

    FRESH = "fresh"
    USED = "used"
    EXPIRED = "expired"


def link_state(used_at: datetime | None, expires_at: datetime, at: datetime) -> LinkState:
    """What a link can still do at a moment."""
    if used_at is not None:
        return LinkState.USED
    return LinkState.EXPIRED if expires_at <= at else LinkState.FRESH


def hashed_address(email: str, key: str) -> str:
    """An address as failed attempts are kept under it: nobody without the portal's key can tell whose it is."""
    return hmac.new(key.encode(), b"sign-in:" + tidy_email(email).encode(), hashlib.sha256).hexdigest()


def wait_after(failures: int) -> timedelta:
    """How long to wait after so many failures in a row: nothing at first, then twice as long each time, to a limit."""
    if failures < FREE_FAILURES:
        return timedelta(0)
    return min(LONGEST_WAIT, timedelta(minutes=1 << min(failures - FREE_FAILURES, 10)))


def still_to_wait(failures: int, last_at: datetime, at: datetime) -> timedelta:
    """How much of the wait is left at a moment; none if the clock went back.

    Of attempts at the same moment, one counted later may have begun earlier: by a hair that is no clock gone back.
    """
    passed = at - last_at
    if passed < -LONGEST_WAIT:
        return timedelta(0)
    return max(timedelta(0), wait_after(failures) - max(timedelta(0), passed))


def sitting_is_over(since: datetime, seen: datetime, at: datetime) -> bool:
    """Whether a sitting has ended by itself: too long without a page, or too long altogether."""
    return at - seen > IDLE or at - since > LONGEST_SITTING


def safe_next(target: str | None) -> str | None:
    """Where to go after signing in, if it is a page of this portal; None for anything else."""
    if not target or not target.startswith("/") or target.startswith("//") or "\\" in target:
        return None
    if any(character.isspace() or unicodedata.category(character).startswith("C") for character in target):
        return None
    try:
        parts = urlsplit(target)
    except ValueError:
        return None
    if parts.scheme or parts.netloc or parts.path.startswith(("//", "/sign-in", "/sign-out", "/link/")):
        return None
    return target


def away_problem(away_from: date | None, away_until: date | None) -> tuple[str, str] | None:
    """What is wrong with days away, as (field, message); None if nothing is."""
    if away_until is not None and away_from is None:
        return "away_from", "Enter the first day away"
    if away_from is not None and away_until is not None and away_until < away_from:
        return "away_until", "Enter a last day away that is not before the first"
    return None


def away_words(away_from: date | None, away_until: date | None, on: date) -> str:
    """How days away are said on a day to whoever gives someone work; nothing where none are to come."""
    if away_from is None or (away_until is not None and away_until < on):
        return ""
    until = f" until {spoken(away_until)}" if away_until else ""
    return f"Away{until}" if away_from <= on else f"Away from {spoken(away_from)}{until}"


def spoken(day: date) -> str:
    """A date as pages say it."""
    return f"{day.day} {day:%B %Y}"


class Invitation(Enum):
    """What became of the latest invitation that someone was sent."""

    NONE = "none"
    WAITING = "waiting"
    EXPIRED = "expired"
    ACCEPTED = "accepted"


def invitation_state(sent: bool, has_password: bool, expires_at: datetime | None, at: datetime) -> Invitation:
    """Where an invitation stands: whoever has a password has accepted, if there was one."""
    if not sent or expires_at is None:
        return Invitation.NONE
    if has_password:
        return Invitation.ACCEPTED
    return Invitation.EXPIRED if expires_at <= at else Invitation.WAITING


# Colours. Contrast as WCAG 2.2 computes it (success criterion 1.4.3: 4.5 to 1 for text).

COLOUR = re.compile(r"#?([0-9a-fA-F]{6}|[0-9a-fA-F]{3})", re.ASCII)
ENOUGH_CONTRAST = 4.5
STEPS = 255
RGB = tuple[int, int, int]


def tidy_colour(typed: str) -> str | None:
    """A colour as `#rrggbb`, from that or `rgb`, with the sign or without; None for anything else."""
    found = COLOUR.fullmatch(typed.strip())
    if found is None:
        return None
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


def rgb(colour: str) -> RGB:
    """The parts of `#rrggbb`, 0 to 255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def luminance(colour: str) -> float:
    """Relative luminance: 0 for black, 1 for white."""
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4
        for part in (each / 255 for each in rgb(colour))
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The ratio of two colours: 1 where they are the same, 21 for black and white."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: str, ground: str, part: float) -> str:
    """A colour with so much of another one in it."""
    parts = (round(own + (to - own) * part) for own, to in zip(rgb(colour), rgb(ground), strict=True))
    return "#" + "".join(f"{each:02x}" for each in parts)


def nearest_passing(colour: str, text: str) -> str:
    """The shade of a colour, darker or lighter, that is nearest to it and lets a text colour be read on it."""
    for step in range(STEPS + 1):
        for ground in ("#000000", "#ffffff"):
            shade = mixed(colour, ground, step / STEPS)
            if contrast(shade, text) >= ENOUGH_CONTRAST:
                return shade
    raise ValueError("black or white can be read beside any colour")


def edge_of(colour: str) -> str:
    """The line under the header: between the colour and white, or where that is hardly seen, between it and black."""
    lighter = mixed(colour, "#ffffff", 0.55)
    return lighter if contrast(lighter, colour) >= 1.5 else mixed(colour, "#000000", 0.45)


# Working hours and leave


MOST_LEAVE_DAYS: Final = 366
LONGEST_REASON: Final = 200


def hours_problem(hours: Hours) -> tuple[int | None, str] | None:
    """What is wrong with weekly hours, as (weekday or None, message); None if nothing is."""
    if not hours:
        return None, "Enter the hours of at least one day"
    for weekday, (begins, ends) in sorted(hours.items()):
        if ends <= begins:
            return weekday, f"Enter an end on {WEEKDAYS[weekday]} that is later than the beginning"
    return None


def leave_problem(wanted: DaysOff) -> tuple[str, str] | None:
    """What is wrong with leave, as (field, message); None if nothing is."""
    if wanted.last_on < wanted.first_on:
        return "last_on", "Enter a last day that is not before the first"
    if (wanted.last_on - wanted.first_on).days >= MOST_LEAVE_DAYS:
        return "last_on", f"Enter {MOST_LEAVE_DAYS} days or fewer"
    if wanted.part is not DayPart.WHOLE and wanted.first_on != wanted.last_on:
        return "part", "Select the whole day, or enter one day only"
    return None


# The private address of a calendar

FEED_READS_AN_HOUR: Final = 60
"""How often an hour one address may be read; calendars ask every quarter of an hour at most."""


def hashed_token(token: str) -> str:
    """What is kept of the secret part of a calendar's address: from it nobody can make the address."""
    return hashlib.sha256(token.encode()).hexdigest()
