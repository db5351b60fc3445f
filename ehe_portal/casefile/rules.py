"""What an officer should be reminded of at the door, and where a child stands, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ehe_portal.core.codes import (
    Arrangement,
    ContactKind,
    ContactOutcome,
    Destination,
    PrimaryReason,
    Responsibility,
    SocialCare,
    Tier,
)
from ehe_portal.core.days import working_days_between
from ehe_portal.core.govuk.words import long_date


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


def waited(since: date, today: date) -> str:
    """How long something has waited, in working days."""
    days = working_days_between(since, today)
    if days < 1:
        return "since today"
    return f"{days} working day" + ("" if days == 1 else "s")


# What each event is called on a child's chronology; one that is missing is shown by its own name, in words.
TITLES = {
    "ChildRegistered": "Registered by a parent",
    "EpisodeOpened": "Episode opened",
    "RegistrationAccepted": "Registration checked and accepted",
    "RecordsJoined": "Two records joined",
    "DoublesFound": "Looks like another record",
    "DoubleDecided": "Likeness to another record decided",
    "EpisodeAssigned": "Adviser changed",
    "TierChanged": "Tier or social care status changed",
    "EpisodeClosed": "Episode closed",
    "VisitOffered": "Visit or call offered",
    "VisitHandedOver": "Visit or call handed over",
    "ContactRecorded": "Contact recorded",
    "ContactsImported": "Earlier contacts imported",
    "WritingConfirmed": "Writing read",
    "ContactStruckOut": "Contact struck out",
    "ContactLapsed": "Contact lapsed",
    "LapseAnswered": "Lapse answered",
    "LapseMoved": "Due date moved while lapsed",
    "EvidenceSubmitted": "Evidence sent",
    "EducationAssessed": "Decision about the education",
    "EscalationRaised": "Escalation raised",
    "EscalationDueMoved": "Escalation: due date moved",
    "EscalationAcknowledged": "Escalation acknowledged",
    "EscalationTriaged": "Escalation: decision recorded",
    "EscalationHandedOver": "Escalation handed over",
    "EscalationClosed": "Escalation closed",
    "NextContactSet": "Next contact set",
}
CODES = (ContactKind, ContactOutcome, Destination, Tier, SocialCare)


def title_of(kind: str) -> str:
    """What happened, in words."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip()
    return TITLES.get(kind, words.capitalize())


def in_words(value: object) -> str:
    """A code as people read it; a date as a long one."""
    text = str(value)
    for codes in CODES:
        if text in {code.value for code in codes}:
            return codes(text).label.lower()
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text.replace("-", " ")


# Row numbers of accounts that are told by name.
NAMED_PEOPLE = {"adviser_id": "adviser", "owner_id": "owner"}


def detail_of(details: Mapping[str, object], names: Mapping[int, str] | None = None) -> str:
    """The codes and dates of an event in words, and of its row numbers who has something now; others say nothing."""
    said = [
        f"{name.removesuffix('_on').replace('_', ' ')}: {in_words(value)}"
        for name, value in details.items()
        if value is not None
        and not name.endswith("_id")
        and not isinstance(value, bool | int | list)
        and name != "reference"
    ]
    for role, word in NAMED_PEOPLE.items():
        account_id = details.get(role)
        if isinstance(account_id, int) and account_id in (names or {}):
            said.append(f"{word}: {(names or {})[account_id]}")
        elif role == "adviser_id" and role in details and account_id is None:
            said.append("with the team")
    told = "; ".join(said)
    return told[:1].upper() + told[1:]


# What a parent typed when registering, in the order in which it is shown back: the name of the answer and its words.
ANSWERS = {
    "legal_forename": "First name",
    "legal_surname": "Last name",
    "preferred_name": "Known as",
    "date_of_birth": "Date of birth",
    "address_line_1": "Address",
    "town": "Town or village",
    "postcode": "Postcode",
    "parent_name": "Your name",
    "relationship": "Your relationship",
    "responsibility": "Parental responsibility",
    "phone": "Your phone",
    "other_name": "Other parent",
    "ehe_started_on": "Home education began",
    "previous_school": "Previous school",
    "reason": "Reason",
}


def told(answers: Mapping[str, object]) -> list[tuple[str, str | None]]:
    """A registration's answers as rows for its sender."""
    return [(words, answer_in_words(name, answers.get(name))) for name, words in ANSWERS.items()]


def answer_in_words(name: str, value: object) -> str | None:
    """An answer as it was typed, but for codes and dates; None where nothing was said."""
    if value in (None, ""):
        return None
    if name == "reason":
        return PrimaryReason(str(value)).label
    if name == "responsibility":
        return Responsibility(str(value)).label
    if name in ("date_of_birth", "ehe_started_on"):
        return long_date(date.fromisoformat(str(value)))
    return str(value)
