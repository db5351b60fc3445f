"""What an officer should be reminded of at the door, and where a child stands, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from ehe_portal.casefile.rules.said import in_words
from ehe_portal.core.codes import Arrangement, Code, ContactKind, Destination, SocialCare, Tier
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


def held_now(held_until: date | None, today: date) -> date | None:
    """The last day of a hold, while it runs."""
    return held_until if held_until is not None and held_until >= today else None


def seen_words(on: date, kind: Code, by: str | None) -> str:
    """When, how and by whom a child was last seen: "3 March 2027, home visit by Ann Head".

    By whom of other professionals the code itself says: "3 March 2027, by a school or college".
    """
    if not isinstance(kind, ContactKind):
        return f"{long_date(on)}, by {kind.label[:1].lower()}{kind.label[1:]}"
    return f"{long_date(on)}, {kind.label.lower()}" + (f" by {by}" if by else "")


def warnings(
    *,
    protected: bool,
    social_care: SocialCare,
    open_escalations: int,
    nobody_knows_where: bool = False,
    social_worker: str | None = None,
    messages_stopped: bool = False,
) -> list[str]:
    """What matters at the door. None of it is a judgement of the family."""
    found = []
    if messages_stopped:
        found.append("Messages to the family are stopped: do not write, ring or visit without asking a manager")
    if protected:
        found.append("Protected address: do not share where this child lives")
    if social_care in (SocialCare.CP, SocialCare.CIN, SocialCare.LAC):
        whom = f"the social worker, {social_worker}," if social_worker else "the social worker"
        found.append(f"Social care: {social_care.label.lower()}. Speak to {whom} before a visit")
    if nobody_knows_where:
        found.append("Nobody knows where this child lives now")
    if open_escalations:
        found.append("An escalation is open")
    return found


def order_words(*, ordered: bool, familys_until: date | None, today: date) -> str | None:
    """What the header says of a case towards a school attendance order: that one is in force, or until when the family
    has to answer a notice; None while neither is so. A day that passes says nothing about the family."""
    if ordered:
        return "A school attendance order is in force"
    if familys_until is not None and familys_until >= today:
        return f"A notice is running: the family has until the end of {long_date(familys_until)}"
    return None


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
    "SocialWorkerNamed": "Social worker written down or changed",
    "EpisodeClosed": "Episode closed",
    "EpisodeReopened": "Episode open again: school age is not over",
    "SchoolAgeEndSaid": "End of school age said by an officer",
    "SchoolAgeEndReviewed": "End of school age looked at",
    "PlanRecorded": "EHC plan written down, or its dates put right",
    "PlanReviewHeld": "Annual review of the EHC plan held",
    "PlanReviewLate": "Annual review of the EHC plan is late: managers told",
    "PlanEnded": "EHC plan not kept any longer",
    "DestinationAwaited": "Destination to be confirmed",
    "DestinationHandedOver": "Destination: somebody else finds out more",
    "DestinationSettled": "Destination no longer awaited",
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
    "LetterWritten": "Letter written",
    "LetterWithdrawn": "Letter not to be sent",
    "LetterGiven": "Letter given to GOV.UK Notify to post",
    "LetterReturned": "Letter not posted by GOV.UK Notify",
    "LetterPosted": "Letter posted",
    "LetterPostingStruckOut": "Letter: not posted as confirmed",
    "LetterWishesSet": "How a parent would like letters set",
    "NoteWritten": "Note written",
    "NoteStruckOut": "Note struck out",
    "VisitOffered": "Visit or call offered",
    "VisitHandedOver": "Visit or call handed over",
    "VisitChanged": "Offer changed",
    "VisitAgreed": "Visit confirmed: a time that the family suggested",
    "VisitWithdrawn": "Visit or offer cancelled by the council",
    "VisitRecorded": "What came of a visit recorded",
    "VisitPlaceDoubted": "Address changed: the place of a visit has to be confirmed",
    "VisitPlaceConfirmed": "Place of a visit confirmed",
    "VisitParted": "A visit of this child’s own, apart from others’",
    "VisitLeft": "No longer part of a visit or call",
    "FamilyToldOtherwise": "Family told by other means than mail",
    "CheckInSet": "Coming and going: expected back",
    "CheckInExtended": "Coming and going: more time",
    "ArrivedAtVisit": "Coming and going: arrived",
    "BackFromVisit": "Coming and going: back",
    "CheckInMissed": "Coming and going: not back in time",
    "ConcernMarked": "Concern noted that cannot wait",
    "RecordAddedTo": "Added to a signed record",
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
    "ContactReminded": "Reminded of the next contact",
    "ClockHeld": "Contact clock held",
    "HoldEnded": "Hold of the contact clock ended",
    "SightingRecorded": "Seen by another professional",
    "SightingStruckOut": "Sighting struck out",
    "SeenReviewed": "Not seen: looked into",
    "MessagesStopped": "Messages to the family stopped",
    "MessagesLetGo": "Messages to the family no longer stopped",
    "LapseAnswered": "Lapse answered",
    "LapseMoved": "Due date moved while lapsed",
    "MessageReceived": "Message from a parent",
    "MessageSent": "Message to a parent",
    "AnswerNotNeeded": "Message needs no answer",
    "ParentMoved": "A parent’s email address changed",
    "ParentLetGo": "A parent closed their account",
    "EvidenceSubmitted": "Evidence sent",
    "EducationAssessed": "Decision about the education",
    "EducationPutForward": "Decision about the education waits for a second person",
    "EducationApproved": "Decision about the education approved by a second person",
    "EducationReturned": "Decision about the education returned by a second person",
    "EducationReviewDue": "Education to be looked at again",
    "EducationReviewLate": "Looking again at the education is late: managers told",
    "EvidencePageNoted": "Note written against a page",
    "DecisionCommented": "Parent commented on a decision",
    "InformationAsked": "Family asked for more information",
    "InformationAnswered": "Family answered the request for information",
    "InformationTimeGiven": "Request for information: more time",
    "InformationWithdrawn": "Request for information withdrawn",
    "FileScanned": "File scanned for viruses",
    "OrderCaseBegun": "Notices and orders: case begun",
    "OrderStepProposed": "Notices and orders: step put forward",
    "OrderStepReturned": "Notices and orders: step returned",
    "OrderStepTaken": "Notices and orders: step taken",
    "DocumentServed": "Notices and orders: served",
    "DocumentServedStruckOut": "Notices and orders: how it was served struck out",
    "ServiceProofAdded": "Notices and orders: proof of service added",
    "ServiceProofStruckOut": "Notices and orders: proof of service struck out",
    "OrderCaseEnded": "Notices and orders: case over",
    "ServiceConsentRecorded": "Consent to electronic service written down",
    "ServiceConsentWithdrawn": "Consent to electronic service withdrawn",
    "EscalationRaised": "Escalation raised",
    "EscalationRungReached": "Escalation: the next people told, as nobody had acted",
    "EscalationLadderReckoned": "Escalation: the day of the next step worked out anew",
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


def title_of(kind: str) -> str:
    """What happened, in words."""
    words = "".join(f" {letter.lower()}" if letter.isupper() else letter for letter in kind).strip()
    return TITLES.get(kind, words.capitalize())


# What some details are called, where their own name says little.
CALLED = {"on_date": "for", "at_time": "at", "rung": "told", "seen_by": "seen by"}
# Said without a name, for the words that follow say enough.
UNNAMED = {"kind", "verdict", "way"}
# For other programs, or of no use to a reader.
UNSAID = {"reference", "status", "round"}
# Row numbers of accounts that are told by name.
NAMED_PEOPLE = {"adviser_id": "adviser", "owner_id": "owner"}


def called(name: str) -> str:
    """What a detail is called."""
    return CALLED.get(name, name.removesuffix("_on").replace("_", " "))


def detail_of(details: Mapping[str, object], names: Mapping[int, str] | None = None) -> str:
    """The codes and dates of an event in words, and of its row numbers who has something now; others say nothing."""
    said = [
        in_words(value, name) if name in UNNAMED else f"{called(name)}: {in_words(value, name)}"
        for name, value in details.items()
        if value is not None
        and not name.endswith("_id")
        and not isinstance(value, bool | int | list)
        and name not in UNSAID
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
    "accepted": "Confirmed",
    "another-time": "Another time asked for",
    "another-way": "Another way asked for",
    "declined": "Not this time",
    "cancelled": "Cancelled by you",
    "recorded": "Over: see our record",
    "withdrawn": "Cancelled by us",
}
"""Where an offer stands, as the family reads it."""
