"""What is asked when a visit is offered, a contact recorded and completed, writing judged or a contact struck out."""

from ehe_portal.contact.forms.clocks import EndHoldForm, HoldForm, ReviewForm, SightingForm, StrikeOutSightingForm
from ehe_portal.contact.forms.offers import (
    AgreeForm,
    AnswerForm,
    ChangeOfferForm,
    CommentForm,
    OfferForm,
    PlaceForm,
    ReadForm,
    ToldForm,
    WithdrawForm,
    on_offer,
    time_key,
)
from ehe_portal.contact.forms.recording import (
    AddendumForm,
    ConfirmForm,
    FirstForm,
    SignForm,
    StrikeOutForm,
    form_for,
)
from ehe_portal.contact.forms.safety import CheckInForm, LongerForm, PressForm
from ehe_portal.contact.forms.welfare import ObservationForm, SectionForm, known_answers, observation_of

__all__ = [
    "AddendumForm",
    "AgreeForm",
    "AnswerForm",
    "ChangeOfferForm",
    "CheckInForm",
    "CommentForm",
    "ConfirmForm",
    "EndHoldForm",
    "FirstForm",
    "HoldForm",
    "LongerForm",
    "ObservationForm",
    "OfferForm",
    "PlaceForm",
    "PressForm",
    "ReadForm",
    "ReviewForm",
    "SectionForm",
    "SightingForm",
    "SignForm",
    "StrikeOutForm",
    "StrikeOutSightingForm",
    "ToldForm",
    "WithdrawForm",
    "form_for",
    "known_answers",
    "observation_of",
    "on_offer",
    "time_key",
]
