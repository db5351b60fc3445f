"""What the windows do themselves: the daily look at the invariant, handing work over, lists that people keep."""

from ehe_portal.casefile.service.giving import give
from ehe_portal.casefile.service.handing_over import InHand, in_hand, leave, move, visits_along
from ehe_portal.casefile.service.lists import forget_list, keep_list, note_export
from ehe_portal.casefile.service.sight import report_out_of_sight
from ehe_portal.casefile.service.stopping import stop_messages

__all__ = [
    "InHand",
    "forget_list",
    "give",
    "in_hand",
    "keep_list",
    "leave",
    "move",
    "note_export",
    "report_out_of_sight",
    "stop_messages",
    "visits_along",
]
