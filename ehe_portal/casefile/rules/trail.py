"""What the audit trail holds, in words: each kind of event, its details, and who did it. Pure."""

from calendar import day_name
from collections.abc import Mapping
from typing import Any, Final

from ehe_portal.casefile.rules import CALLED as SHARED
from ehe_portal.casefile.rules import PARTS, title_of
from ehe_portal.casefile.rules.said import in_words

OF_NO_CHILD: Final = {
    "AuthorityAdded": "Authority set up",
    "AuthorityChanged": "Council’s details changed",
    "AccountOpened": "Account opened",
    "AccountClosed": "Account closed by its holder",
    "StaffChanged": "Member of staff changed",
    "SignedIn": "Signed in",
    "SignedOut": "Signed out",
    "LinkAsked": "Link sent by email",
    "SignUpOfKnownAddress": "New account asked for with an address that has one",
    "PasswordChosen": "Password chosen",
    "NewEmailAsked": "Change of email address asked for",
    "EmailChanged": "Email address changed",
    "TextsChosen": "Text messages asked for, or not wanted any more",
    "WorkingHoursSet": "Working hours set",
    "LeaveAdded": "Leave added",
    "LeaveRemoved": "Leave removed",
    "CalendarFeedMade": "Private calendar address made",
    "CalendarFeedRevoked": "Private calendar address revoked",
    "ChildrenHandedOver": "Children handed over to another adviser",
    "RegisterExported": "List of the register taken away as a file",
    "OutOfSightFound": "Children out of sight found",
    "PolicyFollowed": "Clocks recounted after policy values changed",
    "RemindersPassedOver": "Reminders left out, as their time had passed",
    "PolicySet": "Policy values set",
    "PolicyWithdrawn": "Policy values withdrawn before they held",
    "StrayFilesRemoved": "Files in store that belonged to nobody removed",
    "TermDateSet": "Term or holiday set",
    "TermDateRemoved": "Term or holiday removed",
    "WordingSet": "Wording of a message set",
    "LetterWordingSet": "Wording of a letter set",
    "UnsentFileThrownAway": "File that was never sent thrown away",
    "ComplaintMade": "Complaint made by a parent",
    "ComplaintAcknowledged": "Complaint acknowledged",
    "ComplaintAnswered": "Complaint answered",
    "ComplaintPassedOn": "Complaint passed on to somebody whom it is not about",
    "ComplaintShared": "Complaint shared with somebody whom it is about",
    "ComplaintLate": "Day of a complaint passed: the next person told",
    "StatementAsked": "Statement about the education asked for by a parent",
    "StatementTakenBack": "Statement no longer asked for",
    "StatementOpened": "Link to write a statement opened",
    "StatementWritten": "Statement about the education written",
    "StatementSentOn": "Statement about the education sent to the council",
    "StatementKeptBack": "Statement kept back by the parent",
    "FilesScannedAgain": "Files that could not be scanned for viruses to be scanned again",
    "FileFoundDamaged": "File that is kept found damaged",
    "FilesFoundWhole": "Files that were found damaged whole again",
    "KeyChangeBegun": "Change to another master key begun",
    "KeyChangeEnded": "Change to another master key ended",
    "ScanningDelayed": "Virus scanner not doing its part: people told",
}
"""What is never about one child; what may be is in `TITLES`."""

BY_ITSELF: Final = {"jobs": "The portal, by itself", "command": "A command on the server", "visitor": "Not signed in"}
"""Who did something without an account, by the name that the trail has for them."""

CALLED: Final = SHARED | {
    "is_active": "can sign in",
    "how_many": "how many",
    "in_force_from": "from",
    "status": "in calendars",
    "stood": "stood in calendars before",
    "choice": "several times to pick from",
    "round": "version",
    "from_keys": "from",
    "to_key": "to",
    "login": "by, on the server",
    "drafts": "drafts, of everyone",
    "failed": "could not be",
}


def title(kind: str) -> str:
    """What happened, in words."""
    return OF_NO_CHILD.get(kind) or title_of(kind)


def by(name: str | None, actor: str, roles: Mapping[str, str]) -> str:
    """Who did it: by name where they have an account; `roles` are roles in words."""
    return name or roles.get(actor) or BY_ITSELF.get(actor, actor.capitalize())


def details(told: Mapping[str, Any], roles: Mapping[str, str]) -> str:
    """All that the entry holds, in words; row numbers are said as numbers, so that an entry can be followed up."""
    said = [
        f"role: {roles.get(value, value)}" if name == "role" else one_detail(name, value)
        for name, value in told.items()
        if value not in (None, [], "")
    ]
    words = "; ".join(said)
    return words[:1].upper() + words[1:]


def one_detail(name: str, value: Any) -> str:
    """One detail with its name."""
    if name.endswith("_id"):
        return f"{spaced(name.removesuffix('_id'))} number {value}"
    if name.endswith("_ids"):
        return f"{spaced(name.removesuffix('_ids'))} numbers {', '.join(map(str, value))}"
    called = CALLED.get(name) or spaced(name.removesuffix("_on"))
    if name == "weekdays":
        return f"{called}: {', '.join(day_name[day] for day in value)}"
    return f"{called}: {plain(value, name)}"


def plain(value: Any, name: str = "") -> str:
    """A value as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    if isinstance(value, list):
        return ", ".join(PARTS.get(str(part)) or spaced(plain(part)) for part in value)
    return in_words(value, name).lower() if name == "status" else in_words(value, name)


def spaced(name: str) -> str:
    """The name of a field as words."""
    return name.replace("_", " ")
