"""What an officer should be reminded of at the door, and where a child stands, in words."""

from dataclasses import dataclass
from datetime import date

from ehe_portal.core.codes import Arrangement, Destination, SocialCare
from ehe_portal.core.days import working_days_between


@dataclass(frozen=True)
class Badge:
    """A status in a word or two, with the colour of its tag (the word alone says it all)."""

    words: str
    colour: str


def badge(
    *,
    is_open: bool,
    accepted: bool,
    arrangement: Arrangement,
    destination: Destination | None,
    lapsed: bool,
    enquiry: bool,
) -> Badge:
    """Where a child stands: the most pressing thing that is true."""
    if not is_open:
        return Badge(f"Closed: {destination.label.lower()}" if destination else "No episode", "grey")
    if enquiry:
        return Badge("CME enquiry", "red")
    if lapsed:
        return Badge("Contact lapsed", "red")
    if arrangement is not Arrangement.EHE:
        return Badge(arrangement.label, "purple")
    if not accepted:
        return Badge("Waiting to be checked", "yellow")
    return Badge("Home educated", "green")


def warnings(*, protected: bool, social_care: SocialCare, open_escalations: int) -> list[str]:
    """What matters at the door. None of it is a judgement of the family."""
    found = []
    if protected:
        found.append("Protected address: do not share where this child lives")
    if social_care in (SocialCare.CP, SocialCare.CIN, SocialCare.LAC):
        found.append(f"Social care: {social_care.label.lower()}. Speak to the social worker before a visit")
    if open_escalations:
        found.append("An escalation is open")
    return found


def age(born: date, on: date) -> int:
    """Whole years."""
    return on.year - born.year - ((on.month, on.day) < (born.month, born.day))


def distance(day: date, today: date, *, late: str = "overdue") -> str:
    """A date's distance in plain words: "today", "in 12 days", "9 days overdue"."""
    days = (day - today).days
    if days == 0:
        return "today"
    count = f"{abs(days)} day" + ("" if abs(days) == 1 else "s")
    return f"in {count}" if days > 0 else f"{count} {late}"


def waited(since: date, today: date) -> str:
    """How long something has waited, in working days."""
    days = working_days_between(since, today)
    if days < 1:
        return "since today"
    return f"{days} working day" + ("" if days == 1 else "s")
