"""What is done to the register: use-cases named by verbs."""

from ehe_portal.register.rules.answers import Answers, OtherParent, SchoolSuggested
from ehe_portal.register.rules.handing_over import postcode_prefixes
from ehe_portal.register.rules.names import sort_name
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
    assign,
    close_episode,
    close_over_age,
    may_close_as_error,
    return_to_team,
    set_tier,
)
from ehe_portal.register.service.files import RegisterFile, export_register, import_register, read_register
from ehe_portal.register.service.handing_over import Given, hand_over, share_out
from ehe_portal.register.service.holders import follow_email, let_go
from ehe_portal.register.service.joining import addresses_differ, join, join_records
from ehe_portal.register.service.registrations import (
    KEYED_MUST,
    Source,
    accept,
    key_in_registrations,
    submit_registration,
    submit_registrations,
    told_rows,
)

__all__ = [
    "KEYED_MUST",
    "Answers",
    "Closing",
    "Draft",
    "Given",
    "OtherParent",
    "RegisterFile",
    "SchoolSuggested",
    "Source",
    "accept",
    "add_child",
    "addresses_differ",
    "assign",
    "close_episode",
    "close_over_age",
    "decide_different",
    "discard_draft",
    "export_register",
    "follow_email",
    "forget_drafts",
    "hand_over",
    "import_register",
    "join",
    "join_records",
    "keep_page",
    "keep_pages",
    "keep_source",
    "key_in_registrations",
    "let_go",
    "may_close_as_error",
    "open_draft",
    "plain_answers",
    "postcode_prefixes",
    "read_register",
    "remove_child",
    "return_to_team",
    "set_tier",
    "share_out",
    "sort_name",
    "submit_registration",
    "submit_registrations",
    "told_rows",
]
