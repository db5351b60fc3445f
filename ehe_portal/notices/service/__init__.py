"""What is written to people when something happens, and sending it."""

from ehe_portal.notices.service.addresses import ask_new_address, say_goodbye, tell_email_changed
from ehe_portal.notices.service.sending import deliver
from ehe_portal.notices.service.threads import tell_message_received, tell_message_sent
from ehe_portal.notices.service.writing import (
    LADDER,
    acknowledge_evidence,
    acknowledge_registration,
    alert_officers,
    send_link,
    tell_education_assessed,
    tell_known_address,
    tell_password_chosen,
    tell_registration_accepted,
    tell_visit_offered,
)

__all__ = [
    "LADDER",
    "acknowledge_evidence",
    "acknowledge_registration",
    "alert_officers",
    "ask_new_address",
    "deliver",
    "say_goodbye",
    "send_link",
    "tell_education_assessed",
    "tell_email_changed",
    "tell_known_address",
    "tell_message_received",
    "tell_message_sent",
    "tell_password_chosen",
    "tell_registration_accepted",
    "tell_visit_offered",
]
