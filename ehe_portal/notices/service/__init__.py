"""Messages to people: what leads to one, how it is worded, how it leaves."""

from ehe_portal.notices.rules import MESSAGES, Words
from ehe_portal.notices.service.messages import (
    acknowledge_evidence,
    acknowledge_registration,
    alert_officers,
    deliver,
    send_link,
    tell_children_handed_over,
    tell_education_assessed,
    tell_known_address,
    tell_password_chosen,
    tell_registration_accepted,
    tell_visit_offered,
)
from ehe_portal.notices.service.wordings import original, previewed, set_wording

__all__ = [
    "MESSAGES",
    "Words",
    "acknowledge_evidence",
    "acknowledge_registration",
    "alert_officers",
    "deliver",
    "original",
    "previewed",
    "send_link",
    "set_wording",
    "tell_children_handed_over",
    "tell_education_assessed",
    "tell_known_address",
    "tell_password_chosen",
    "tell_registration_accepted",
    "tell_visit_offered",
]
