"""The tables of the register."""

from ehe_portal.register.models.changes import (
    AccessState,
    ChangeKind,
    ChangeState,
    DetailChange,
    HouseholdLink,
    HouseholdVerdict,
    Nature,
    ParentAccess,
    ReportedChange,
    Subject,
)
from ehe_portal.register.models.endings import PendingDestination
from ehe_portal.register.models.people import Address, Child, Episode, EpisodeChange, FamilyWishes, Parent
from ehe_portal.register.models.plans import EhcPlan
from ehe_portal.register.models.registrations import (
    DoubleVerdict,
    PossibleDouble,
    Registration,
    RegistrationDraft,
    RegistrationState,
    Submission,
    Via,
)
from ehe_portal.register.models.stops import MessageStop

__all__ = [
    "AccessState",
    "Address",
    "ChangeKind",
    "ChangeState",
    "Child",
    "DetailChange",
    "DoubleVerdict",
    "EhcPlan",
    "Episode",
    "EpisodeChange",
    "FamilyWishes",
    "HouseholdLink",
    "HouseholdVerdict",
    "MessageStop",
    "Nature",
    "Parent",
    "ParentAccess",
    "PendingDestination",
    "PossibleDouble",
    "Registration",
    "RegistrationDraft",
    "RegistrationState",
    "ReportedChange",
    "Subject",
    "Submission",
    "Via",
]
