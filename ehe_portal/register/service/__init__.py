"""What is done to the register: use-cases named by verbs."""

from ehe_portal.register.rules.answers import Answers, OtherParent, SchoolSuggested
from ehe_portal.register.rules.handing_over import postcode_prefixes
from ehe_portal.register.rules.names import sort_name
from ehe_portal.register.rules.people import Place, Whereabouts
from ehe_portal.register.service.access import (
    answer_invitation,
    end_access,
    invite_parent,
    match_parent,
    verify_parent,
)
from ehe_portal.register.service.addresses import (
    confirm_address,
    confirm_as_seen,
    correct_address,
    move,
    place_of,
    version_of,
)
from ehe_portal.register.service.ages import close_over_age, review_end, say_age_ends
from ehe_portal.register.service.carers import Carer, Turn, add_parent, change_parent, end_parent
from ehe_portal.register.service.changes import (
    report_change,
    set_aside,
    take_up,
    take_up_address,
    take_up_parent,
)
from ehe_portal.register.service.details import Details, change_details, set_protection
from ehe_portal.register.service.doubles import decide_different
from ehe_portal.register.service.drafts import (
    Draft,
    add_child,
    discard_draft,
    forget_drafts,
    keep_page,
    keep_pages,
    keep_source,
    open_draft,
    plain_answers,
    remove_child,
)
from ehe_portal.register.service.episodes import (
    Closing,
    SocialWorker,
    assign,
    close_episode,
    may_close_as_error,
    name_social_worker,
    return_to_team,
    set_tier,
)
from ehe_portal.register.service.files import RegisterFile, export_register, import_register, read_register
from ehe_portal.register.service.handing_over import Given, hand_over, share_out
from ehe_portal.register.service.holders import follow_email, let_go
from ehe_portal.register.service.households import decide_household
from ehe_portal.register.service.joining import addresses_differ, join, join_records
from ehe_portal.register.service.pending import (
    Awaited,
    await_destination,
    give_up_destination,
    hand_over_awaited,
    settle_with_closing,
)
from ehe_portal.register.service.plans import end_plan, follow_joined, hold_review, record_plan, report_late_plans
from ehe_portal.register.service.registrations import (
    KEYED_MUST,
    Source,
    accept,
    key_in_registrations,
    submit_registration,
    submit_registrations,
    told_rows,
)
from ehe_portal.register.service.stops import let_messages_go, refuse_if_stopped, stop_messages

__all__ = [
    "KEYED_MUST",
    "Answers",
    "Awaited",
    "Carer",
    "Closing",
    "Details",
    "Draft",
    "Given",
    "OtherParent",
    "Place",
    "RegisterFile",
    "SchoolSuggested",
    "SocialWorker",
    "Source",
    "Turn",
    "Whereabouts",
    "accept",
    "add_child",
    "add_parent",
    "addresses_differ",
    "answer_invitation",
    "assign",
    "await_destination",
    "change_details",
    "change_parent",
    "close_episode",
    "close_over_age",
    "confirm_address",
    "confirm_as_seen",
    "correct_address",
    "decide_different",
    "decide_household",
    "discard_draft",
    "end_access",
    "end_parent",
    "end_plan",
    "export_register",
    "follow_email",
    "follow_joined",
    "forget_drafts",
    "give_up_destination",
    "hand_over",
    "hand_over_awaited",
    "hold_review",
    "import_register",
    "invite_parent",
    "join",
    "join_records",
    "keep_page",
    "keep_pages",
    "keep_source",
    "key_in_registrations",
    "let_go",
    "let_messages_go",
    "match_parent",
    "may_close_as_error",
    "move",
    "name_social_worker",
    "open_draft",
    "place_of",
    "plain_answers",
    "postcode_prefixes",
    "read_register",
    "record_plan",
    "refuse_if_stopped",
    "remove_child",
    "report_change",
    "report_late_plans",
    "return_to_team",
    "review_end",
    "say_age_ends",
    "set_aside",
    "set_protection",
    "set_tier",
    "settle_with_closing",
    "share_out",
    "sort_name",
    "stop_messages",
    "submit_registration",
    "submit_registrations",
    "take_up",
    "take_up_address",
    "take_up_parent",
    "told_rows",
    "verify_parent",
    "version_of",
]
