"""Authorities: letting one use the portal, its name and how to reach it, its colours and its logo."""

import hashlib
from dataclasses import asdict, dataclass

from sqlalchemy import delete

from ehe_portal.accounts import queries, rules
from ehe_portal.accounts.events import AuthorityAdded, AuthorityChanged
from ehe_portal.accounts.models import Authority, AuthorityLogo
from ehe_portal.core.errors import ChangedMeanwhile, Refusal
from ehe_portal.core.files import Limits, Picture
from ehe_portal.core.work import Work

LARGEST_LOGO = 2 * 1024 * 1024
LOGO_LIMITS = Limits(file=LARGEST_LOGO, pixels=16_000_000, longest_side=480)
"""What a logo may be: 2 MB and 16 million pixels as it comes, 480 pixels along its longer side as it is shown."""


@dataclass(frozen=True)
class Contact:
    """What the authority is called and how it is reached; everything but the name may be empty."""

    name: str
    contact_email: str
    contact_phone: str
    contact_address: str
    opening_hours: str


def add_authority(work: Work, code: str, name: str) -> tuple[Authority, bool]:
    """Let an authority use the portal; the authority, and whether it is new. Raises `Refusal`."""
    code, name = code.strip().upper(), rules.tidy_name(name)
    if not rules.is_authority_code(code):
        raise Refusal(
            "Enter the Department's three-digit or nine-character code, "
            "or a short code of up to 12 letters, digits and hyphens",
            "code",
        )
    if not 0 < len(name) <= rules.LONGEST_NAME:
        raise Refusal(f"Enter a name of 1 to {rules.LONGEST_NAME} characters", "name")
    known = queries.authority_by_code(work, code)
    if known is not None:
        if known.name != name:
            raise Refusal(f"Enter another code: {code} is {known.name}", "code")
        return known, False
    authority = Authority(code=code, name=name, created_at=work.at)
    work.session.add(authority)
    work.session.flush()
    work.publish(AuthorityAdded(authority_id=authority.id))
    return authority, True


def set_contact(work: Work, authority: Authority, wanted: Contact, version: int | None) -> None:
    """Change what the authority is called and how it is reached. Raises `Refusal`.

    `version` is the one that the administrator had before their eyes.
    """
    name = rules.tidy_name(wanted.name)
    if not 0 < len(name) <= rules.LONGEST_NAME:
        raise Refusal(f"Enter a name of 1 to {rules.LONGEST_NAME} characters", "name")
    if wanted.contact_email and not rules.is_email(wanted.contact_email):
        raise Refusal("Enter an email address in the correct format, like name@example.com", "contact_email")
    change(work, authority, version, **{**asdict(wanted), "name": name})


def set_colours(work: Work, authority: Authority, brand: str, text: str, version: int | None) -> None:
    """Give the authority colours in which its header can be read by everyone. Raises `Refusal`, with a shade that can.

    WCAG 2.2, success criterion 1.4.3: 4.5 to 1. Without either colour it has those that everyone has.
    """
    if not brand and not text:
        change(work, authority, version, brand_colour=None, brand_text_colour=None)
        return
    ground, words = rules.tidy_colour(brand), rules.tidy_colour(text)
    if ground is None:
        raise Refusal("Enter the colour as six digits, like #1d4a4f", "brand_colour")
    if words is None:
        raise Refusal("Enter the colour of the text as six digits, like #ffffff", "brand_text_colour")
    ratio = rules.contrast(ground, words)
    if ratio < rules.ENOUGH_CONTRAST:
        # Cut, not rounded: 4.499 must not read as enough.
        raise Refusal(
            f"Enter another colour: {words} on {ground} has a contrast of {int(ratio * 100) / 100:.2f} to 1, and 4.5 "
            f"to 1 is the least that everyone can read. The nearest shade that passes is "
            f"{rules.nearest_passing(ground, words)}",
            "brand_colour",
        )
    change(work, authority, version, brand_colour=ground, brand_text_colour=words)


def set_logo(work: Work, authority: Authority, picture: Picture, version: int | None) -> None:
    """Give the authority a logo, made anew by core.files. Raises `Refusal`."""
    mark = hashlib.sha256(picture.jpeg).hexdigest()[:16]
    change(work, authority, version, logo_mark=mark)
    work.session.execute(delete(AuthorityLogo).where(AuthorityLogo.authority_id == authority.id))
    work.session.add(
        AuthorityLogo(
            authority_id=authority.id,
            jpeg=picture.jpeg,
            mark=mark,
            width=picture.width,
            height=picture.height,
            set_at=work.at,
            set_by_id=work.actor.account_id,
        )
    )
    work.session.flush()


def remove_logo(work: Work, authority: Authority, version: int | None) -> None:
    """Take the logo away. Raises `Refusal`."""
    change(work, authority, version, logo_mark=None)
    work.session.execute(delete(AuthorityLogo).where(AuthorityLogo.authority_id == authority.id))


def change(work: Work, authority: Authority, version: int | None, **wanted: str | None) -> None:
    """Change an authority's fields, empty ones to None, and say which. Raises `Refusal`."""
    if version != authority.version:
        raise ChangedMeanwhile("The settings")
    told = {field: value or None for field, value in wanted.items()}
    changed = tuple(field for field, value in told.items() if getattr(authority, field) != value)
    for field in changed:
        setattr(authority, field, told[field])
    if changed:
        work.session.flush()
        work.publish(AuthorityChanged(authority_id=authority.id, fields=changed))
