"""What is asked when a visit is offered, a contact recorded and completed, writing judged or a contact struck out."""

from ehe_portal.contact.forms.recording import ConfirmForm, FirstForm, OfferForm, SignForm, StrikeOutForm, form_for
from ehe_portal.contact.forms.welfare import ObservationForm, SectionForm, known_answers, observation_of

__all__ = [
    "ConfirmForm",
    "FirstForm",
    "ObservationForm",
    "OfferForm",
    "SectionForm",
    "SignForm",
    "StrikeOutForm",
    "form_for",
    "known_answers",
    "observation_of",
]
