"""What is done to the register: use-cases named by verbs."""

from ehe_portal.register.rules.answers import Answers
from ehe_portal.register.rules.names import sort_name
from ehe_portal.register.rules.people import Place, Whereabouts
from ehe_portal.register.service.addresses import confirm_address, correct_address, move, place_of, version_of
from ehe_portal.register.service.carers import Carer, Turn, add_parent, change_parent, end_parent
from ehe_portal.register.service.details import Details, change_details, set_protection
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
from ehe_portal.register.service.households import decide_household
from ehe_portal.register.service.joining import addresses_differ, join, join_records
from ehe_portal.register.service.registrations import accept, submit_registration

__all__ = [
    "Answers",
    "Carer",
    "Closing",
    "Details",
    "Draft",
    "Place",
    "RegisterFile",
    "Turn",
    "Whereabouts",
    "accept",
    "add_parent",
    "addresses_differ",
    "assign",
    "change_details",
    "change_parent",
    "close_episode",
    "close_over_age",
    "confirm_address",
    "correct_address",
    "decide_different",
    "decide_household",
    "draft_answers",
    "end_parent",
    "export_register",
    "forget_drafts",
    "import_register",
    "join",
    "join_records",
    "keep_draft",
    "may_close_as_error",
    "move",
    "place_of",
    "read_register",
    "return_to_team",
    "set_protection",
    "set_tier",
    "sort_name",
    "submit_registration",
    "version_of",
]
