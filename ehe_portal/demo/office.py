"""The council's own settings: colours and logo, term dates, one message in its own words; who is invited or away."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from io import BytesIO
from typing import Final

from PIL import Image, ImageDraw

from ehe_portal.accounts import service as accounts
from ehe_portal.accounts.models import Account
from ehe_portal.accounts.policy import Role
from ehe_portal.accounts.service import Contact, StaffChange
from ehe_portal.core.files import picture_for_viewing
from ehe_portal.core.work import Work
from ehe_portal.demo import cast, timing
from ehe_portal.demo.casework import Casework
from ehe_portal.demo.council import Council
from ehe_portal.notices import service as notices
from ehe_portal.policy import service as policy
from ehe_portal.policy.models import TermKind
from ehe_portal.policy.service import TermWanted

BRAND, BRAND_TEXT = "#2f3e66", "#ffffff"
ADDRESS = "Home Education Team, Aldermere County Council, Weir House, Aldermere AL1 2ZZ"
HOURS = "Monday to Friday, 9am to 4:30pm"
INVITED = ("Grace Okonedo", "grace.okonedo@aldermere.example")

OWN_SUBJECT: Final = "Would ((date)) suit you?"
OWN_BODY: Final = """\
Hello,

We would like to hear how home education is going, and suggest ((date)).

How, at what time and where is on your own page:
((link))

You need not see us at home. A call, a video call or something in writing does
just as well. If you would like that, or another day, please tell us there."""


@dataclass(frozen=True)
class Stretch:
    """A term or holiday of every school year, as (month, day); the year begins in September."""

    kind: TermKind
    name: str
    first: tuple[int, int]
    last: tuple[int, int]

    def of_year(self, year: int) -> TermWanted:
        """Its days in one school year."""
        first, last = (date(year if month >= 9 else year + 1, month, day) for month, day in (self.first, self.last))
        return TermWanted(self.kind, self.name, first, last)


YEAR: Final = (
    Stretch(TermKind.TERM, "Autumn term, first half", (9, 2), (10, 23)),
    Stretch(TermKind.HOLIDAY, "Autumn half term", (10, 24), (11, 1)),
    Stretch(TermKind.TERM, "Autumn term, second half", (11, 2), (12, 18)),
    Stretch(TermKind.HOLIDAY, "Inset days", (11, 26), (11, 29)),
    Stretch(TermKind.HOLIDAY, "Christmas holiday", (12, 19), (1, 4)),
    Stretch(TermKind.TERM, "Spring term, first half", (1, 5), (2, 12)),
    Stretch(TermKind.HOLIDAY, "Spring half term", (2, 13), (2, 21)),
    Stretch(TermKind.TERM, "Spring term, second half", (2, 22), (3, 25)),
    Stretch(TermKind.HOLIDAY, "Easter holiday", (3, 26), (4, 11)),
    Stretch(TermKind.TERM, "Summer term, first half", (4, 12), (5, 28)),
    Stretch(TermKind.HOLIDAY, "Summer half term", (5, 29), (6, 6)),
    Stretch(TermKind.TERM, "Summer term, second half", (6, 7), (7, 21)),
)


def plan(council: Council, casework: Casework) -> None:
    """Plan what the administrator has done in the last weeks."""
    days_ago = partial(timing.working_days_before, casework.last)
    council.plan(casework.hour(days_ago(30)), partial(furnish, council))
    council.plan(casework.hour(days_ago(2)), partial(invite, council))
    council.plan(casework.hour(days_ago(1)), partial(send_adviser_away, council))


def administrator(council: Council) -> Account:
    """Who does this."""
    return council.of_role(Role.ADMINISTRATOR)[0]


def furnish(council: Council, at: datetime) -> None:
    """Give the council its look, its terms, and its own words for an invitation."""
    work, authority = council.acting(administrator(council), at), council.authority
    known = Contact(authority.name, cast.CONTACT_EMAIL, cast.CONTACT_PHONE, ADDRESS, HOURS)
    accounts.set_contact(work, authority, known, authority.version)
    accounts.set_colours(work, authority, BRAND, BRAND_TEXT, authority.version)
    logo = picture_for_viewing(iter([drawn_logo()]), accounts.LOGO_LIMITS)
    accounts.set_logo(work, authority, logo, authority.version)
    for term in terms(work):
        policy.add_term_date(work, authority.id, term)
    words = notices.Words(OWN_SUBJECT, OWN_BODY)
    notices.set_wording(work, authority.id, notices.MESSAGES["visit-offered"], words, 0)


def terms(work: Work) -> Iterator[TermWanted]:
    """The terms and holidays of this school year and the next."""
    this_year = work.today.year if work.today.month >= 9 else work.today.year - 1
    for year in (this_year, this_year + 1):
        yield from (stretch.of_year(year) for stretch in YEAR)


def invite(council: Council, at: datetime) -> None:
    """Someone new has been invited, and has not answered yet."""
    name, email = INVITED
    accounts.add_account(council.acting(administrator(council), at), council.authority, email, name, Role.ADVISER)


def send_adviser_away(council: Council, at: datetime) -> None:
    """One adviser is away this week."""
    work = council.acting(administrator(council), at)
    adviser = council.of_role(Role.ADVISER)[-1]
    until = council.work.today + timedelta(days=6)
    accounts.change_staff(work, adviser, StaffChange(adviser.role, True, council.work.today, until), adviser.version)


def drawn_logo() -> bytes:
    """A weir under a hill: three waves and an arc."""
    scale = 4
    page = Image.new("RGB", (480 * scale, 160 * scale), "white")
    pen = ImageDraw.Draw(page)
    ink, leaf = (47, 62, 102), (70, 120, 96)
    pen.pieslice((20 * scale, 20 * scale, 240 * scale, 240 * scale), 180, 360, fill=leaf)
    for row in range(3):
        top = (78 + row * 24) * scale
        for wave in range(4):
            left = (20 + wave * 55) * scale
            pen.arc((left, top, left + 55 * scale, top + 34 * scale), 180, 360, fill=ink, width=9 * scale)
    for number, height in enumerate((60, 88, 60)):
        left = (290 + number * 52) * scale
        pen.rectangle((left, (130 - height) * scale, left + 34 * scale, 130 * scale), fill=ink)
    pen.rectangle((278 * scale, 132 * scale, 440 * scale, 142 * scale), fill=ink)
    small = page.resize((480, 160), Image.Resampling.LANCZOS)
    out = BytesIO()
    small.save(out, "PNG")
    return out.getvalue()
