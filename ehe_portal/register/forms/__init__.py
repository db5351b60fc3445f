"""What people are asked: parents when they register, officers about registrations and episodes."""

from ehe_portal.register.forms.access import ClaimForm, EndAccessForm, InviteForm, MatchForm, VerifyForm
from ehe_portal.register.forms.asked import ASKED, Asked, KeyedChildForm, KeyedFamilyForm
from ehe_portal.register.forms.asking import IF_MISSING, AskedForm
from ehe_portal.register.forms.changes import (
    CHANGE_FORMS,
    SetAsideForm,
    TakeUpAddressForm,
    TakeUpForm,
    TakeUpParentForm,
    ToldForm,
)
from ehe_portal.register.forms.officers import (
    ADVISERS_TEAM,
    AcceptForm,
    AssignForm,
    ButtonForm,
    CloseForm,
    GiveUpForm,
    JoinForm,
    LookUpForm,
    PendingForm,
    ReviewEndForm,
    SchoolAgeForm,
    SourceForm,
    SubmitForm,
    TierForm,
)

__all__ = [
    "ADVISERS_TEAM",
    "ASKED",
    "CHANGE_FORMS",
    "IF_MISSING",
    "AcceptForm",
    "Asked",
    "AskedForm",
    "AssignForm",
    "ButtonForm",
    "ClaimForm",
    "CloseForm",
    "EndAccessForm",
    "GiveUpForm",
    "InviteForm",
    "JoinForm",
    "KeyedChildForm",
    "KeyedFamilyForm",
    "LookUpForm",
    "MatchForm",
    "PendingForm",
    "ReviewEndForm",
    "SchoolAgeForm",
    "SetAsideForm",
    "SourceForm",
    "SubmitForm",
    "TakeUpAddressForm",
    "TakeUpForm",
    "TakeUpParentForm",
    "TierForm",
    "ToldForm",
    "VerifyForm",
]
