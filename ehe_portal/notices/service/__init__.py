"""Messages to people: what leads to one, how it is worded, how it leaves."""

from ehe_portal.notices.rules import MESSAGES, Words
from ehe_portal.notices.service.addresses import ask_new_address, say_goodbye, tell_email_changed
from ehe_portal.notices.service.answers import (
    invite_parent,
    tell_access_ended,
    tell_answered,
    tell_change_decided,
    tell_change_reported,
    tell_commented,
    tell_invitation_answered,
    tell_parent_verified,
    tell_visit_changed,
    tell_visit_withdrawn,
)
from ehe_portal.notices.service.sending import deliver
from ehe_portal.notices.service.threads import tell_message_received, tell_message_sent
from ehe_portal.notices.service.wordings import original, previewed, set_wording
from ehe_portal.notices.service.writing import (
    LADDER,
    acknowledge_evidence,
    acknowledge_registration,
    alert_officers,
    send_link,
    tell_children_handed_over,
    tell_education_assessed,
    tell_known_address,
    tell_password_chosen,
    tell_registration_accepted,
    tell_visit_offered,
)

__all__ = [
    "LADDER",
    "MESSAGES",
    "Words",
    "acknowledge_evidence",
    "acknowledge_registration",
    "alert_officers",
    "ask_new_address",
    "deliver",
    "invite_parent",
    "original",
    "previewed",
    "say_goodbye",
    "send_link",
    "set_wording",
    "tell_access_ended",
    "tell_answered",
    "tell_change_decided",
    "tell_change_reported",
    "tell_children_handed_over",
    "tell_commented",
    "tell_education_assessed",
    "tell_email_changed",
    "tell_invitation_answered",
    "tell_known_address",
    "tell_message_received",
    "tell_message_sent",
    "tell_parent_verified",
    "tell_password_chosen",
    "tell_registration_accepted",
    "tell_visit_changed",
    "tell_visit_offered",
    "tell_visit_withdrawn",
]
