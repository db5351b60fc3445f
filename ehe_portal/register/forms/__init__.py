"""What people are asked: parents when they register, officers about registrations and episodes."""

from ehe_portal.register.forms.asked import ASKED, Asked, KeyedChildForm, KeyedFamilyForm
from ehe_portal.register.forms.asking import IF_MISSING, AskedForm
from ehe_portal.register.forms.officers import (
    ADVISERS_TEAM,
    AcceptForm,
    AssignForm,
    ButtonForm,
    CloseForm,
    FilterForm,
    FindForm,
    JoinForm,
    LookUpForm,
    SourceForm,
    SubmitForm,
    TierForm,
)

__all__ = [
    "ADVISERS_TEAM",
    "ASKED",
    "IF_MISSING",
    "AcceptForm",
    "Asked",
    "AskedForm",
    "AssignForm",
    "ButtonForm",
    "CloseForm",
    "FilterForm",
    "FindForm",
    "JoinForm",
    "KeyedChildForm",
    "KeyedFamilyForm",
    "LookUpForm",
    "SourceForm",
    "SubmitForm",
    "TierForm",
]
