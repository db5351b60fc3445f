"""What follows from what: the one page where slices meet.

A reaction gets all events of one kind at once, in the transaction of the deed; its errors propagate.
"""

from ehe_portal.accounts.events import (
    AccountClosed,
    AccountOpened,
    AuthorityAdded,
    AuthorityChanged,
    EmailChanged,
    LinkAsked,
    NewEmailAsked,
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
    AnswersRead,
    ContactLapsed,
    ContactRecorded,
    ContactsImported,
    ContactStruckOut,
    LapseAnswered,
    LapseMoved,
    ObservationNoted,
    PolicyFollowed,
    RecordCommented,
    VisitAnswered,
    VisitChanged,
    VisitHandedOver,
    VisitOffered,
    VisitWithdrawn,
    WelfareCheckChanged,
    WelfareCheckSigned,
    WritingConfirmed,
)
from ehe_portal.core.work import Event, Reactions
from ehe_portal.escalation import service as escalation
from ehe_portal.escalation.events import (
    EscalationAcknowledged,
    EscalationClosed,
    EscalationDueMoved,
    EscalationHandedOver,
    EscalationRaised,
    EscalationTriaged,
    NextContactSet,
)
from ehe_portal.evidence import service as evidence
from ehe_portal.evidence.events import EducationAssessed, EvidenceSubmitted, UnsentFileThrownAway
from ehe_portal.messages import service as messages
from ehe_portal.messages.events import AnswerNotNeeded, MessageReceived, MessageSent
from ehe_portal.notes import service as notes
from ehe_portal.notes.events import NoteStruckOut, NoteWritten
from ehe_portal.notices import service as notices
from ehe_portal.notices.events import WordingSet
from ehe_portal.policy import service as policy
from ehe_portal.policy.events import PolicySet, TermDateRemoved, TermDateSet
from ehe_portal.register import service as register
from ehe_portal.register.events import (
    AddressConfirmed,
    AddressCorrected,
    ChangeDecided,
    ChangeReported,
    ChildDetailsChanged,
    ChildMoved,
    ChildRegistered,
    ChildrenHandedOver,
    DoubleDecided,
    DoublesFound,
    EpisodeAssigned,
    EpisodeClosed,
    EpisodeOpened,
    HouseholdDecided,
    InvitationAnswered,
    ParentAccessEnded,
    ParentAdded,
    ParentChanged,
    ParentEnded,
    ParentInvited,
    ParentLetGo,
    ParentMoved,
    ParentVerified,
    ProtectionLifted,
    ProtectionSet,
    RecordsJoined,
    RegistrationAccepted,
    RegistrationKeyedIn,
    TierChanged,
)

REACTIONS: Reactions = {
    Event: [audit.record],
    # people
    AuthorityAdded: [policy.begin],
    LinkAsked: [notices.send_link],
    SignUpOfKnownAddress: [notices.tell_known_address],
    PasswordChosen: [notices.tell_password_chosen],
    NewEmailAsked: [notices.ask_new_address],
    EmailChanged: [register.follow_email, notices.tell_email_changed],
    AccountClosed: [register.let_go, notices.say_goodbye],
    StaffChanged: [register.return_to_team],
    # the register
    ChildRegistered: [notices.acknowledge_registration],
    RegistrationAccepted: [notices.tell_registration_accepted],
    ChildrenHandedOver: [notices.tell_children_handed_over],
    RecordsJoined: [
        contact.move_to_joined,
        evidence.move_to_joined,
        messages.move_to_joined,
        notes.move_to_joined,
        notices.tell_registration_accepted,
    ],
    EpisodeOpened: [contact.start_clocks],
    EpisodeAssigned: [contact.follow_advisers],
    TierChanged: [contact.follow_changes],
    ChildDetailsChanged: [contact.follow_details],
    EpisodeClosed: [contact.stop_clocks, escalation.close_with_destination],
    ChangeReported: [contact.record_change_told, notices.tell_change_reported],
    ChangeDecided: [notices.tell_change_decided],
    ParentInvited: [notices.invite_parent],
    InvitationAnswered: [notices.tell_invitation_answered],
    ParentVerified: [notices.tell_parent_verified],
    ParentAccessEnded: [notices.tell_access_ended],
    # contact
    VisitOffered: [notices.tell_visit_offered],
    VisitChanged: [notices.tell_visit_changed],
    VisitWithdrawn: [notices.tell_visit_withdrawn],
    VisitAnswered: [notices.tell_answered],
    RecordCommented: [notices.tell_commented],
    ContactLapsed: [escalation.raise_lapses],
    LapseAnswered: [escalation.close_answered],
    LapseMoved: [escalation.note_moved_due],
    WritingConfirmed: [messages.note_said_of_writing],
    # messages
    MessageReceived: [contact.record_messages_received, notices.tell_message_received],
    MessageSent: [contact.record_messages_sent, notices.tell_message_sent],
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
        AuthorityChanged,
        AccountOpened,
        SignedIn,
        SignedOut,
        PolicySet,
        RegistrationKeyedIn,
        TermDateSet,
        TermDateRemoved,
        WordingSet,
        DoublesFound,
        DoubleDecided,
        ChildMoved,
        AddressCorrected,
        AddressConfirmed,
        ParentAdded,
        ParentChanged,
        ParentEnded,
        ProtectionSet,
        ProtectionLifted,
        HouseholdDecided,
        NoteWritten,
        NoteStruckOut,
        AnswersRead,
        ContactRecorded,
        ContactsImported,
        WelfareCheckChanged,
        WelfareCheckSigned,
        ObservationNoted,
        ContactStruckOut,
        AnswerNotNeeded,
        ParentMoved,
        ParentLetGo,
        PolicyFollowed,
        VisitHandedOver,
        UnsentFileThrownAway,
        EscalationDueMoved,
        EscalationAcknowledged,
        EscalationTriaged,
        EscalationHandedOver,
        EscalationClosed,
        OutOfSightFound,
        RegisterExported,
    }
)
