"""What is done to the register: use-cases named by verbs."""

from ehe_portal.register.rules.answers import Answers
from ehe_portal.register.rules.names import sort_name
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
from ehe_portal.register.service.holders import follow_email, let_go
from ehe_portal.register.service.joining import addresses_differ, join, join_records
from ehe_portal.register.service.registrations import accept, submit_registration

__all__ = [
    "Answers",
    "Closing",
    "Draft",
    "RegisterFile",
    "accept",
    "addresses_differ",
    "assign",
    "close_episode",
    "close_over_age",
    "decide_different",
    "draft_answers",
    "export_register",
    "follow_email",
    "forget_drafts",
    "import_register",
    "join",
    "join_records",
    "keep_draft",
    "let_go",
    "may_close_as_error",
    "read_register",
    "return_to_team",
    "set_tier",
    "sort_name",
    "submit_registration",
]
