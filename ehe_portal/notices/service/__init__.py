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
    tell_decision_commented,
    tell_invitation_answered,
    tell_parent_verified,
    tell_visit_agreed,
    tell_visit_answered,
    tell_visit_changed,
    tell_visit_left,
    tell_visit_offered,
    tell_visit_parted,
    tell_visit_place,
    tell_visit_recorded,
    tell_visit_withdrawn,
)
from ehe_portal.notices.service.complaints import (
    tell_complaint_late,
    tell_complaint_made,
    tell_complaint_news,
    tell_complaint_received,
    tell_complaint_shared,
)
from ehe_portal.notices.service.invitations import (
    STAFF_PAGE,
    summary_of,
    uid_of,
)
from ehe_portal.notices.service.ladder import LADDER, alert_officers, tell_rung
from ehe_portal.notices.service.makers import (
    move_to_other_calendars,
    tell_maker_agreed,
    tell_maker_changed,
    tell_maker_left,
    tell_maker_offered,
    tell_maker_parted,
    tell_maker_place,
    tell_maker_withdrawn,
)
from ehe_portal.notices.service.reminders import hold_back, remind
from ehe_portal.notices.service.reviews import tell_plan_reviews_late, tell_reviews_late
from ehe_portal.notices.service.safety import tell_check_in_missed
from ehe_portal.notices.service.scanning import tell_file_damaged, tell_file_sealed, tell_scanning_delayed
from ehe_portal.notices.service.sending import deliver
from ehe_portal.notices.service.statements import tell_statement_written
from ehe_portal.notices.service.threads import tell_letter_written, tell_message_received, tell_message_sent
from ehe_portal.notices.service.wordings import original, previewed, set_wording
from ehe_portal.notices.service.writing import (
    acknowledge_evidence,
    acknowledge_registration,
    send_link,
    tell_children_handed_over,
    tell_education_assessed,
    tell_known_address,
    tell_password_chosen,
    tell_registration_accepted,
)

__all__ = [
    "LADDER",
    "MESSAGES",
    "STAFF_PAGE",
    "Words",
    "acknowledge_evidence",
    "acknowledge_registration",
    "alert_officers",
    "ask_new_address",
    "deliver",
    "hold_back",
    "invite_parent",
    "move_to_other_calendars",
    "original",
    "previewed",
    "remind",
    "say_goodbye",
    "send_link",
    "set_wording",
    "summary_of",
    "tell_access_ended",
    "tell_answered",
    "tell_change_decided",
    "tell_change_reported",
    "tell_check_in_missed",
    "tell_children_handed_over",
    "tell_commented",
    "tell_complaint_late",
    "tell_complaint_made",
    "tell_complaint_news",
    "tell_complaint_received",
    "tell_complaint_shared",
    "tell_decision_commented",
    "tell_education_assessed",
    "tell_email_changed",
    "tell_file_damaged",
    "tell_file_sealed",
    "tell_invitation_answered",
    "tell_known_address",
    "tell_letter_written",
    "tell_maker_agreed",
    "tell_maker_changed",
    "tell_maker_left",
    "tell_maker_offered",
    "tell_maker_parted",
    "tell_maker_place",
    "tell_maker_withdrawn",
    "tell_message_received",
    "tell_message_sent",
    "tell_parent_verified",
    "tell_password_chosen",
    "tell_plan_reviews_late",
    "tell_registration_accepted",
    "tell_reviews_late",
    "tell_rung",
    "tell_scanning_delayed",
    "tell_statement_written",
    "tell_visit_agreed",
    "tell_visit_answered",
    "tell_visit_changed",
    "tell_visit_left",
    "tell_visit_offered",
    "tell_visit_parted",
    "tell_visit_place",
    "tell_visit_recorded",
    "tell_visit_withdrawn",
    "uid_of",
]
