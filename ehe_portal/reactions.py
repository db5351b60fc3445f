"""What follows from what: the one page where slices meet.

A reaction gets all events of one kind at once, in the transaction of the deed; its errors propagate.
"""

from ehe_portal.accounts.events import (
    AccountOpened,
    AuthorityAdded,
    LinkAsked,
    PasswordChosen,
    SignedIn,
    SignedOut,
    SignUpOfKnownAddress,
    StaffChanged,
)
from ehe_portal.audit import service as audit
from ehe_portal.casefile.events import OutOfSightFound, RegisterExported
from ehe_portal.contact import service as contact
from ehe_portal.contact.events import (
    ContactLapsed,
    ContactRecorded,
    ContactsImported,
    ContactStruckOut,
    LapseAnswered,
    LapseMoved,
    PolicyFollowed,
    VisitOffered,
    WritingConfirmed,
)
from ehe_portal.core.work import Event, Reactions
from ehe_portal.escalation import service as escalation
from ehe_portal.escalation.events import (
    EscalationAcknowledged,
    EscalationClosed,
    EscalationDueMoved,
    EscalationRaised,
    EscalationTriaged,
    NextContactSet,
)
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.events import EducationAssessed, EvidenceSubmitted, UnsentFileThrownAway
from ehe_portal.notices import service as notices
from ehe_portal.policy import service as policy
from ehe_portal.policy.events import PolicySet
from ehe_portal.register import service as register
from ehe_portal.register.events import (
    ChildRegistered,
    DoubleDecided,
    DoublesFound,
    EpisodeAssigned,
    EpisodeClosed,
    EpisodeOpened,
    RecordsJoined,
    RegistrationAccepted,
    TierChanged,
)

REACTIONS: Reactions = {
    Event: [audit.record],
    # people
    AuthorityAdded: [policy.begin],
    LinkAsked: [notices.send_link],
    SignUpOfKnownAddress: [notices.tell_known_address],
    PasswordChosen: [notices.tell_password_chosen],
    StaffChanged: [register.return_to_team],
    # the register
    ChildRegistered: [notices.acknowledge_registration],
    RegistrationAccepted: [notices.tell_registration_accepted],
    RecordsJoined: [contact.move_to_joined, evidence.move_to_joined, notices.tell_registration_accepted],
    EpisodeOpened: [contact.start_clocks],
    EpisodeAssigned: [contact.follow_advisers],
    TierChanged: [contact.follow_changes],
    EpisodeClosed: [contact.stop_clocks, escalation.close_with_destination],
    # contact
    VisitOffered: [notices.tell_visit_offered],
    ContactLapsed: [escalation.raise_lapses],
    LapseAnswered: [escalation.close_answered],
    LapseMoved: [escalation.note_moved_due],
    # evidence
    EvidenceSubmitted: [contact.record_writing_sent_here, notices.acknowledge_evidence],
    EducationAssessed: [notices.tell_education_assessed],
    # escalation
    EscalationRaised: [notices.alert_officers],
    NextContactSet: [contact.plan_next],
}

# Nothing follows from these but their audit entry; said aloud, so that a forgotten reaction is noticed (see tests).
ONLY_RECORDED = frozenset(
    {
        AccountOpened,
        SignedIn,
        SignedOut,
        PolicySet,
        DoublesFound,
        DoubleDecided,
        ContactRecorded,
        ContactsImported,
        WritingConfirmed,
        ContactStruckOut,
        PolicyFollowed,
        UnsentFileThrownAway,
        EscalationDueMoved,
        EscalationAcknowledged,
        EscalationTriaged,
        EscalationClosed,
        OutOfSightFound,
        RegisterExported,
    }
)
