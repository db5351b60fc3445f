"""What is done to the register: use-cases named by verbs."""

from ehe_portal.register.rules.answers import Answers
from ehe_portal.register.rules.names import sort_name
from ehe_portal.register.service.access import (
    answer_invitation,
    end_access,
    invite_parent,
    match_parent,
    verify_parent,
)
from ehe_portal.register.service.changes import (
    NewAddress,
    NewParent,
    report_change,
    set_aside,
    take_up,
    take_up_address,
    take_up_parent,
)
from ehe_portal.register.service.doubles import decide_different
from ehe_portal.register.service.drafts import Draft, draft_answers, forget_drafts, keep_draft
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
from ehe_portal.register.service.joining import addresses_differ, join, join_records
from ehe_portal.register.service.registrations import accept, submit_registration

__all__ = [
    "Answers",
    "Closing",
    "Draft",
    "NewAddress",
    "NewParent",
    "RegisterFile",
    "accept",
    "addresses_differ",
    "answer_invitation",
    "assign",
    "close_episode",
    "close_over_age",
    "decide_different",
    "draft_answers",
    "end_access",
    "export_register",
    "forget_drafts",
    "import_register",
    "invite_parent",
    "join",
    "join_records",
    "keep_draft",
    "match_parent",
    "may_close_as_error",
    "read_register",
    "report_change",
    "return_to_team",
    "set_aside",
    "set_tier",
    "sort_name",
    "submit_registration",
    "take_up",
    "take_up_address",
    "take_up_parent",
    "verify_parent",
]
