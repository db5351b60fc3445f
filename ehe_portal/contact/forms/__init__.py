"""What is asked when a visit is offered, a contact recorded and completed, writing judged or a contact struck out."""

from ehe_portal.contact.forms.offers import (
    AnswerForm,
    ChangeOfferForm,
    CommentForm,
    OfferForm,
    ReadForm,
    WithdrawForm,
)
from ehe_portal.contact.forms.recording import ConfirmForm, FirstForm, SignForm, StrikeOutForm, form_for
from ehe_portal.contact.forms.welfare import ObservationForm, SectionForm, known_answers, observation_of

__all__ = [
    "AnswerForm",
    "ChangeOfferForm",
    "CommentForm",
    "ConfirmForm",
    "FirstForm",
    "ObservationForm",
    "OfferForm",
    "ReadForm",
    "SectionForm",
    "SignForm",
    "StrikeOutForm",
    "WithdrawForm",
    "form_for",
    "known_answers",
    "observation_of",
]
