"""Contacts, visits offered and how families answered, welfare checks, and each episode's clock."""

from ehe_portal.contact.models.addenda import ContactAddendum, ContactComment, SafeguardingObservation
from ehe_portal.contact.models.clocks import (
    ClockHold,
    ContactClock,
    ContactReminder,
    PlannedContact,
    SeenReview,
    Sighting,
)
from ehe_portal.contact.models.contacts import (
    ANSWERABLE,
    STANDING,
    WITH_ANSWERS,
    Contact,
    OtherWay,
    Visit,
    VisitAnswer,
    VisitChild,
    VisitReply,
    VisitState,
    WelfareCheck,
    status_of,
)
from ehe_portal.contact.models.visits import (
    CheckIn,
    CheckInAlarm,
    SlotState,
    StepKind,
    VisitSlot,
    VisitStep,
)

__all__ = [
    "ANSWERABLE",
    "STANDING",
    "WITH_ANSWERS",
    "CheckIn",
    "CheckInAlarm",
    "ClockHold",
    "Contact",
    "ContactAddendum",
    "ContactClock",
    "ContactComment",
    "ContactReminder",
    "OtherWay",
    "PlannedContact",
    "SafeguardingObservation",
    "SeenReview",
    "Sighting",
    "SlotState",
    "StepKind",
    "Visit",
    "VisitAnswer",
    "VisitChild",
    "VisitReply",
    "VisitSlot",
    "VisitState",
    "VisitStep",
    "WelfareCheck",
    "status_of",
]
