"""How a letter reaches a parent, and when it can have been posted."""

from datetime import date

from ehe_portal.core.codes import Code


class Goes(Code):
    """How a letter reaches the parent."""

    POST = "post", "By post"
    PORTAL = "portal", "On the parent’s own page"
    HAND = "hand", "By hand"


def way(*, statutory: bool, has_account: bool, by_post: bool, has_address: bool) -> Goes:
    """How a letter goes if nobody says otherwise.

    A notice under the Act goes on paper: section 572 has it served electronically only where the parent agreed to that
    in writing. One that cannot be posted is handed over.
    """
    if has_account and not statutory and not (by_post and has_address):
        return Goes.PORTAL
    return Goes.POST if has_address else Goes.HAND


NOBODY, WITHOUT_ACCOUNT, EVERYONE = 1, 2, 3
"""To whom letters on paper go by themselves, as the authority's value `letters_by_itself` says it."""


def goes_by_itself(whom: int, *, has_account: bool, by_post: bool) -> bool:
    """Whether a parent gets a letter on paper without anybody writing it."""
    return whom == EVERYONE or (whom == WITHOUT_ACCOUNT and (by_post or not has_account))


def posting_problem(posted_on: date, made_on: date, today: date) -> str | None:
    """What keeps a letter from having been posted on a day, as what to do; None where nothing does."""
    if posted_on > today:
        return "Enter a date that is not in the future"
    if posted_on < made_on:
        return "Enter a date that is not before a letter was made"
    return None
