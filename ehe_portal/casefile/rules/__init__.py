"""What an officer should be reminded of at the door, and where a child stands, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ehe_portal.core.codes import (
    Arrangement,
    ContactKind,
    ContactOutcome,
    Destination,
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


class HasEpisode(Protocol):
    """What is read of an episode."""

    @property
    def is_open(self) -> bool: ...
    @property
    def accepted_at(self) -> datetime | None: ...
    @property
    def arrangement(self) -> Arrangement: ...
    @property
    def destination(self) -> Destination | None: ...


def badge_of(episode: HasEpisode | None, *, lapsed: bool, enquiry: bool) -> Badge:
    """Where a child with this latest episode stands."""
    return badge(
        is_open=episode is not None and episode.is_open,
        accepted=episode is not None and episode.accepted_at is not None,
        arrangement=episode.arrangement if episode else Arrangement.EHE,
        destination=episode.destination if episode else None,
        lapsed=lapsed,
        enquiry=enquiry,
    )


def seen_words(on: date, kind: ContactKind, by: str | None) -> str:
    """When, how and by whom a child was last seen: "3 March 2027, home visit by Ann Head"."""
    return f"{long_date(on)}, {kind.label.lower()}" + (f" by {by}" if by else "")


def warnings(
    *, protected: bool, social_care: SocialCare, open_escalations: int, nobody_knows_where: bool = False
) -> list[str]:
    """What matters at the door. None of it is a judgement of the family."""
    found = []
    if protected:
        found.append("Protected address: do not share where this child lives")
    if social_care in (SocialCare.CP, SocialCare.CIN, SocialCare.LAC):
        found.append(f"Social care: {social_care.label.lower()}. Speak to the social worker before a visit")
    if nobody_knows_where:
        found.append("Nobody knows where this child lives now")
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
    "RegistrationKeyedIn": "Registration keyed in",
    "EpisodeOpened": "Episode opened",
    "RegistrationAccepted": "Registration checked and accepted",
    "RecordsJoined": "Two records joined",
    "DoublesFound": "Looks like another record",
    "DoubleDecided": "Likeness to another record decided",
    "EpisodeAssigned": "Adviser changed",
    "TierChanged": "Tier or social care status changed",
    "EpisodeClosed": "Episode closed",
    "ChildMoved": "Lives somewhere else",
    "AddressCorrected": "Address put right",
    "AddressConfirmed": "Address confirmed",
    "ParentAdded": "Parent or carer added",
    "ParentChanged": "Parent or carer: details changed",
    "ParentEnded": "No longer a parent or carer",
    "ChildDetailsChanged": "Details of the child changed",
    "ProtectionSet": "Address and whereabouts hidden",
    "ProtectionLifted": "Address and whereabouts no longer hidden",
    "HouseholdDecided": "Link to another child of the family decided",
    "NoteWritten": "Note written",
    "NoteStruckOut": "Note struck out",
    "VisitOffered": "Visit or call offered",
    "VisitHandedOver": "Visit or call handed over",
    "VisitChanged": "Offer changed",
    "VisitWithdrawn": "Offer withdrawn",
    "VisitAnswered": "Family answered an offer",
    "AnswersRead": "Answer to an offer read",
    "RecordCommented": "Parent commented on a record",
    "ChangeReported": "Parent told us of a change",
    "ChangeDecided": "Reported change decided",
    "ParentInvited": "Parent invited to see the page",
    "InvitationAnswered": "Invitation to a parent answered",
    "ParentVerified": "Parent verified",
    "ParentAccessEnded": "Parent’s access ended",
    "ContactRecorded": "Contact recorded",
    "ContactsImported": "Earlier contacts imported",
    "WelfareCheckChanged": "Record of a contact completed or changed",
    "WelfareCheckSigned": "Record of a contact signed",
    "ObservationNoted": "Safeguarding note added",
    "WritingConfirmed": "Writing read",
    "ContactStruckOut": "Contact struck out",
    "ContactLapsed": "Contact lapsed",
    "LapseAnswered": "Lapse answered",
    "LapseMoved": "Due date moved while lapsed",
    "MessageReceived": "Message from a parent",
    "MessageSent": "Message to a parent",
    "AnswerNotNeeded": "Message needs no answer",
    "ParentMoved": "A parent’s email address changed",
    "ParentLetGo": "A parent closed their account",
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
# What was put right or changed, as people call it.
PARTS = {
    "legal_forename": "legal first name",
    "legal_surname": "legal last name",
    "date_of_birth": "date of birth",
    "preferred_name": "preferred name",
    "sen_status": "special educational needs",
    "upn": "UPN",
    "nhs_number": "NHS number",
    "language": "language of letters",
    "responsibility": "parental responsibility",
    "line": "address",
    "uprn": "UPRN",
    "from_on": "first day",
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
    parts = details.get("parts")
    if isinstance(parts, list):
        said.append(", ".join(PARTS.get(str(part), str(part).replace("_", " ")) for part in parts))
    for role, word in NAMED_PEOPLE.items():
        account_id = details.get(role)
        if isinstance(account_id, int) and account_id in (names or {}):
            said.append(f"{word}: {(names or {})[account_id]}")
        elif role == "adviser_id" and role in details and account_id is None:
            said.append("with the team")
    told = "; ".join(said)
    return told[:1].upper() + told[1:]


# Where a family's next date comes from, in its own words; the basis is that of the contact clock.

RHYTHM = {Tier.ANNUAL: "about once a year", Tier.HALF_YEARLY: "about twice a year", Tier.CLOSE: "every few weeks"}


def why_due(basis: str, tier: Tier, last_contact_on: date | None) -> str:
    """Why a family's next date is what it is."""
    if basis == "agreed" and last_contact_on is not None:
        return f"We agreed this date when we were last in touch, on {long_date(last_contact_on)}."
    if basis == "planned":
        return "An adviser set this date, so that we are in touch again."
    if basis == "interval" and last_contact_on is not None:
        return f"We plan to be in touch {RHYTHM[tier]}, and last were on {long_date(last_contact_on)}."
    return "We try to be in touch with every family soon after we first hear that a child is educated at home."


OFFER_WORDS = {
    "offered": "Waiting for your answer",
    "accepted": "Accepted",
    "another-time": "Another time asked for",
    "another-way": "Another way asked for",
    "declined": "Not this time",
    "recorded": "Over: see our record",
    "withdrawn": "Taken back by us",
}
"""Where an offer stands, as the family reads it."""
